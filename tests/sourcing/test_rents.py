"""What renting a GPU costs, out of dated files whose mistakes are named by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from sourcing.measures import MeasuresError
from sourcing.rents import read_rents, rents

GOOD = """gpu: rtx-4090
sources:
  page: {title: "A page", href: "https://example.com/", checked_on: "2026-12-01", confidence: unverified}
rents:
  - {low: "0.34", high: "0.60", market: "RunPod", as_of: "2026-03-10", verdict: unverifiable, source: page}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "rents").mkdir(exist_ok=True)
    (folder / "rents" / "rtx-4090.yaml").write_text(text)
    return folder


def test_every_rent_on_record_is_dated_and_from_a_named_source() -> None:
    assert set(rents()) == {"v100-sxm2-16gb", "rtx-3090", "rtx-4090", "a100-pcie-80gb"}
    assert all(rent.source.title and rent.as_of.year == 2026 for each in rents().values() for rent in each)
    assert rents()["v100-sxm2-16gb"][0].low == Decimal("0.02")  # section 14 of the guide


def test_a_mistake_in_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    assert read_rents(write(tmp_path, GOOD))["rtx-4090"][0].high == Decimal("0.60")
    for old, new, says in (
        ('"0.60"', '"0.30"', "low at most high"),
        ('"0.34"', '"0.00"', "above zero"),
        ("source: page", "source: nobody", "source is 'nobody'"),
        ("gpu: rtx-4090", "gpu: rtx-3090", "the file's name"),
        ('"2026-03-10"', '"last spring"', "a date in quotes"),
    ):
        with pytest.raises(MeasuresError, match=rf"rents/rtx-4090.yaml:\d+: .*{says}"):
            read_rents(write(tmp_path, GOOD.replace(old, new)))
