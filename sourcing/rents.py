"""What renting one GPU for an hour costs, as published on a day, read once from ``data/rents``.

The first entry of a file is the one that counts, as with price bands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from catalog.provenance import Source
from catalog.yaml_lines import read_yaml_folder
from sourcing.measures import DATA_DIR, MeasuresError
from sourcing.rule_files import VERDICTS
from sourcing.yaml_fields import Fields


@dataclass(frozen=True, slots=True)
class Rent:
    """US dollars for one GPU and one hour, from the least to the most that was asked."""

    gpu: str
    low: Decimal
    high: Decimal
    market: str
    as_of: date
    verdict: str
    note: str
    source: Source


@cache
def rents() -> Mapping[str, tuple[Rent, ...]]:
    """The rents on record of each GPU, by its slug. Raises MeasuresError."""
    return read_rents(DATA_DIR)


def read_rents(data_dir: Path) -> Mapping[str, tuple[Rent, ...]]:
    """The rents from the files below ``data_dir``. Raises MeasuresError with the errors of all files."""
    files, errors = read_yaml_folder(data_dir / "rents", relative_to=data_dir.parent)
    found: dict[str, tuple[Rent, ...]] = {}
    for file in files:
        fields = Fields(file)
        gpu = fields.text("gpu")
        if gpu != file.path.stem:
            fields.refuse("gpu", f"gpu is {gpu!r}, allowed: the file's name, {file.path.stem!r}")
        sources = fields.sources()
        found[gpu] = tuple(_rent(gpu, row, sources) for row in fields.rows("rents"))
        errors += fields.finish()
    if errors:
        raise MeasuresError(errors)
    return found


def _rent(gpu: str, fields: Fields, sources: Mapping[str, Source]) -> Rent:
    low, high = fields.money("low"), fields.money("high")
    if not 0 < low <= high:
        fields.refuse("high", f"low is {low} and high {high}, allowed: above zero, and low at most high")
    return Rent(
        gpu=gpu,
        low=low,
        high=high,
        market=fields.text("market"),
        as_of=fields.day("as_of"),
        verdict=fields.choice("verdict", VERDICTS),
        note=fields.text("note", ""),
        source=fields.source_in(sources),
    )
