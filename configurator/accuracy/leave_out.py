"""The predictions that were made without the source of each row, as the last refit left them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from configurator.accuracy.errors import Prediction, predict_speed_row
from configurator.accuracy.measurements import DATA, speed_rows
from configurator.estimation.estimate import ENGINE_VERSION

FILE = DATA / "leave_out.json"


@dataclass(frozen=True)
class LeaveOut:
    """``predictions`` by constants that never saw their source, made on ``made_on`` with an engine version."""

    made_on: date
    engine_version: str
    predictions: tuple[Prediction, ...]


def left_out() -> LeaveOut:
    """What the last refit left. Rows that have gone since are left out."""
    document = json.loads(FILE.read_text())
    rows = {row.id: row for row in speed_rows()}
    predictions = []
    for id_, predicted, low, high in document["rows"]:
        if id_ in rows:
            now = predict_speed_row(rows[id_])
            predictions.append(Prediction(now.row, now.label, now.measured, predicted, low, high, now.group))
    return LeaveOut(date.fromisoformat(document["made_on"]), document["engine_version"], tuple(predictions))


def left_out_rows() -> Sequence[Prediction]:
    """The predictions alone."""
    return left_out().predictions


def write(predictions: Iterable[Prediction], made_on: date) -> None:
    """Keep the predictions of a refit."""
    rows = [
        [p.row.id, *(float(f"{value:.6g}") for value in (p.predicted, p.low or 0, p.high or 0))] for p in predictions
    ]
    lines = ",\n".join(json.dumps(row) for row in rows)
    FILE.write_text(
        f'{{"made_on": "{made_on.isoformat()}", "engine_version": "{ENGINE_VERSION}", "rows": [\n{lines}\n]}}\n'
    )
