"""The dated rules of trade, read once from the data files and given to the pure code as frozen values.

Every folder holds one rule a file: ``tariffs`` duties, ``fees`` customs fees, ``taxes`` a table of VAT or sales tax a
file, ``customs`` what a country takes as value, ``small_consignments`` what goes free, ``brokerage`` examples of what
carriers ask, ``freight`` ways of shipping, ``parcels`` packed weights, ``agents`` purchasing agents. Rules that ended
stay.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from catalog.yaml_lines import read_yaml_folder
from sourcing import rule_files
from sourcing.landed.agents import Agent
from sourcing.landed.cost import Measures
from sourcing.landed.tariffs import Measure, Tariff
from sourcing.landed.taxes import TaxRate
from sourcing.rule_files import PackedParts
from sourcing.yaml_fields import Fields

DATA_DIR = Path(__file__).resolve().parent / "data"

_Rule = TypeVar("_Rule")


class MeasuresError(ValueError):
    """Data files that cannot be used. ``errors`` each name file and line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Agents:
    """The agents a person may choose, by slug, and those that may not be, each with the reason."""

    offered: dict[str, Agent]
    refused: dict[str, Agent]


@cache
def measures() -> Measures:
    """Every rule on record, read once a process. Raises MeasuresError."""
    return read_measures(DATA_DIR)


@cache
def agents() -> Agents:
    """The agents in the order of their names. Raises MeasuresError."""
    found = sorted(read_agents(DATA_DIR), key=lambda agent: agent.name)
    return Agents(
        {agent.slug: agent for agent in found if not agent.refused},
        {agent.slug: agent for agent in found if agent.refused},
    )


def check(data_dir: Path, known_parts: Container[str]) -> None:
    """Read every file of rules. Raises MeasuresError with the errors of all, parts not in the catalog among them."""
    errors: list[str] = []
    try:
        rules = read_measures(data_dir)
        named = [(f"measure {measure.id!r}", part) for measure in rules.duties for part in measure.parts or ()]
        named += [("a parcel", part) for part in rules.parcels]
        errors += [
            f"{what} names part {part!r}, which is not in the catalog"
            for what, part in named
            if part not in known_parts
        ]
    except MeasuresError as error:
        errors += error.errors
    try:
        read_agents(data_dir)
    except MeasuresError as error:
        errors += error.errors
    if errors:
        raise MeasuresError(errors)


def read_measures(data_dir: Path) -> Measures:
    """Every rule from the files below ``data_dir``. Raises MeasuresError."""
    duties = _read_folder(data_dir / "tariffs", rule_files.measure)
    packed = _read_folder(data_dir / "parcels", rule_files.packed_parts)
    lines = _read_folder(data_dir / "freight", rule_files.freight_line)
    if errors := [*_duty_errors(duties), *_parcel_errors(packed)]:
        raise MeasuresError(errors)
    return Measures(
        duties=Tariff(duties),
        entry_fees=_read_folder(data_dir / "fees", rule_files.entry_fee),
        taxes=_read_taxes(data_dir / "taxes"),
        areas=_read_folder(data_dir / "customs", rule_files.customs_area),
        free_up_to=_read_folder(data_dir / "small_consignments", rule_files.free_up_to),
        brokerages=_read_folder(data_dir / "brokerage", rule_files.brokerage),
        freight_lines={line.id: line for line in lines},
        parcels={part: one.parcel for one in packed for part in one.parts},
    )


def read_agents(data_dir: Path) -> tuple[Agent, ...]:
    """The agents from the files below ``data_dir``. Raises MeasuresError."""
    return _read_folder(data_dir / "agents", rule_files.agent)


def _duty_errors(duties: tuple[Measure, ...]) -> list[str]:
    ids = [measure.id for measure in duties]
    twice = [f"measure {one!r} is there twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    return twice + [
        f"measure {measure.id!r} lifts {other!r}, which is not on record"
        for measure in duties
        for other in measure.lifts
        if other not in ids
    ]


def _parcel_errors(packed: tuple[PackedParts, ...]) -> list[str]:
    parts = [part for one in packed for part in one.parts]
    return [f"part {part!r} stands in two parcels" for part in sorted(set(parts)) if parts.count(part) > 1]


def _read_taxes(folder: Path) -> tuple[TaxRate, ...]:
    """The rates of every table. Raises MeasuresError with the errors of all files."""
    files, errors = read_yaml_folder(folder, relative_to=folder.parent.parent)
    rates: list[TaxRate] = []
    for file in files:
        found, wrong = rule_files.tax_rates(file)
        rates += found
        errors += wrong
    if errors:
        raise MeasuresError(errors)
    return tuple(rates)


def _read_folder(folder: Path, build: Callable[[Fields], _Rule]) -> tuple[_Rule, ...]:
    """One rule from each file, in the order of the file names. Raises MeasuresError with the errors of all files."""
    files, errors = read_yaml_folder(folder, relative_to=folder.parent.parent)
    rules = []
    for file in files:
        fields = Fields(file)
        rules.append(build(fields))
        errors += fields.finish()
    if errors:
        raise MeasuresError(errors)
    return tuple(rules)
