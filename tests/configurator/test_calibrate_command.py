"""The command that refits the constants and prints the errors."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from configurator.accuracy import leave_out, measurements, refit
from configurator.estimation import calibration
from configurator.estimation.calibration import VALUES, trial
from configurator.management.commands.calibrate import rewrite

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("calibrate", *arguments, stdout=out)
    return out.getvalue()


def test_errors_are_printed_by_runtime_split_and_model_class() -> None:
    text = run("--quick")
    for group in ("llama.cpp", "1cat-vllm", "layer", "tensor", "dense", "hybrid", "V100"):
        assert f"\n{group} " in text
    assert "memory of each GPU" in text


def test_tables_come_as_json_too() -> None:
    tables = json.loads(run("--quick", "--json"))["tables"]
    assert tables["memory of each GPU"][0]["count"] > 2000


def test_writing_without_a_refit_is_refused() -> None:
    with pytest.raises(CommandError, match="give one of them"):
        run("--quick", "--write")


def test_a_fit_comes_closer_to_its_rows_and_keeps_to_what_hardware_can_do() -> None:
    rows = refit.cases(row for row in measurements.speed_rows() if row.id.startswith("GPU-Benchmarks"))
    assert rows
    name = "sm_gb_s.F16"
    with trial({name: VALUES[name] * 0.5}):
        spoilt = sum(abs(row.log_error) for row in rows)
        values = refit.fit(rows)
        with trial(values):
            assert sum(abs(row.log_error) for row in rows) < spoilt
    assert values[name] > VALUES[name] * 0.5
    assert all(value <= 0.97 for key, value in values.items() if key.startswith("memory_efficiency."))


def test_a_trial_leaves_no_trace() -> None:
    before = dict(VALUES)
    with trial({"host_ms": 99.0}):
        assert VALUES["host_ms"] == 99.0
    assert dict(VALUES) == before


def test_fitted_values_go_into_the_file_of_constants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "calibration.py"
    copy.write_text(Path(calibration.__file__).read_text())
    monkeypatch.setattr(calibration, "__file__", str(copy))
    rewrite([("host_ms", 0.3, 0.456), ("sm_gb_s.Q4_K", 1000.0, 1234.0)])
    text = copy.read_text()
    assert '"host_ms": Constant(0.456,' in text
    assert "1234.0" in text
    with pytest.raises(CommandError, match="was not found"):
        rewrite([("no_such_constant", 1.0, 2.0)])


def test_left_out_predictions_are_kept_with_day_and_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = leave_out.left_out()
    monkeypatch.setattr(leave_out, "FILE", tmp_path / "leave_out.json")
    leave_out.write(kept.predictions[:3], kept.made_on)
    again = leave_out.left_out()
    assert again.made_on == kept.made_on
    assert [p.predicted for p in again.predictions] == [p.predicted for p in kept.predictions[:3]]
