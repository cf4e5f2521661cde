"""Refit the speed constants from the measurements kept in the project, and print how far off the estimates are."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from configurator.accuracy import errors, leave_out, measurements, refit
from configurator.accuracy.errors import ErrorTable, Prediction
from configurator.estimation import calibration

GROUPS = ("metric", "runtime", "split", "model_class", "gpu_class")


class Command(BaseCommand):
    help = "Refit the speed constants and print the errors, in sample and with whole sources left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="only the errors of the constants as they stand")
        parser.add_argument("--write", action="store_true", help="write the constants and the left-out predictions")
        parser.add_argument("--json", action="store_true", help="tables as JSON")

    def handle(self, *args: Any, quick: bool, write: bool, **options: Any) -> None:
        if quick and write:
            raise CommandError("--write needs a refit, which --quick leaves out: give one of them.")
        rows = [row for row in measurements.speed_rows() if not row.not_fitted]
        tables: dict[str, Any] = {
            "speed, constants as they stand": speed_tables([errors.predict_speed_row(row) for row in rows]),
            "speed, not fitted": speed_tables(
                [errors.predict_speed_row(row) for row in measurements.speed_rows() if row.not_fitted]
            ),
            # Nothing in the memory core is fitted to a case, so that leaving a model out changes nothing.
            "memory of each GPU": [errors.error_table("all", errors.predict_memory())],
            "size of files": errors.error_tables("mix", errors.predict_sizes()),
            "cache": errors.error_tables("runtime", errors.predict_kv()),
        }
        moved: list[tuple[str, float, float]] = []
        if not quick:
            try:
                cases = refit.cases(rows)
                values = refit.fit(cases)
                without = refit.leave_sources_out(cases)
            except refit.FitNotPossible as impossible:
                raise CommandError(str(impossible)) from None
            moved = refit.changed(values)
            with calibration.trial(values):
                tables["speed, refitted"] = speed_tables([errors.predict_speed_row(row) for row in rows])
            tables["speed, whole sources left out"] = speed_tables(without)
            if write:
                leave_out.write(without, timezone.localdate())
                rewrite(moved)
        if options["json"]:
            self.stdout.write(
                json.dumps({"tables": {n: [asdict(t) for t in ts] for n, ts in tables.items()}, "constants": moved})
            )
            return
        for name, found in tables.items():
            self.stdout.write(in_text(name, found))
        for constant, before, after in moved:
            self.stdout.write(f"{constant:38} {before:>10g} -> {after:g}")


def speed_tables(predictions: Sequence[Prediction]) -> list[ErrorTable]:
    """All of them, then by runtime, split, model class and card."""
    if not predictions:
        return []
    return [
        errors.error_table("all", predictions),
        *(table for group in GROUPS for table in errors.error_tables(group, predictions)),
    ]


def in_text(name: str, tables: Sequence[ErrorTable]) -> str:
    lines = ["", name, f"{'':44}{'rows':>6}{'median':>9}{'90 %':>9}{'95 %':>9}{'worst':>9}{'<=30 %':>9}{'in range':>9}"]
    for table in tables:
        coverage = f"{table.coverage:.0%}" if table.coverage is not None else "-"
        lines.append(
            f"{table.group[:43]:44}{table.count:>6}{table.median:>9.2%}{table.p90:>9.1%}{table.p95:>9.1%}"
            f"{table.worst:>9.1%}{table.within_30:>9.0%}{coverage:>9}"
        )
    return "\n".join(lines)


def rewrite(moved: Sequence[tuple[str, float, float]]) -> None:
    """Put the fitted values into the one file that holds the constants, where each stands with its provenance."""
    path = Path(calibration.__file__)
    text = path.read_text()
    for name, _, after in moved:
        text, found = re.subn(rf'("{re.escape(name)}": Constant\(\s*)[0-9.]+', rf"\g<1>{float(after)}", text)
        if found != 1:
            raise CommandError(f"{name} was not found in {path.name}, nothing was written there.")
    path.write_text(text)
