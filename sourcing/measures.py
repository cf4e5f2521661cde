"""The dated rules of trade, read once from the data files and given to the pure code as frozen values.

Every folder holds one rule a file: ``tariffs`` duties, ``fees`` customs fees, ``taxes`` VAT and the like, ``freight``
the flat range, ``agents`` purchasing agents, ``exchange_rates`` currencies against the dollar. Rules that ended stay.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

from catalog.provenance import Source
from catalog.yaml_lines import read_yaml_folder
from sourcing.landed.cost import Measures
from sourcing.landed.fees import Agent, EntryFee, ImportTax
from sourcing.landed.freight import FlatFreight
from sourcing.landed.tariffs import Measure, MeasureKind
from sourcing.landed.types import Money
from sourcing.yaml_fields import Fields

DATA_DIR = Path(__file__).resolve().parent / "data"
VERDICTS = ("confirmed", "misleading", "inconsistent", "wrong", "unverifiable")

_Rule = TypeVar("_Rule")


class MeasuresError(ValueError):
    """Data files that cannot be used. ``errors`` each name file and line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of a currency one US dollar buys, on a day."""

    currency: str
    per_usd: Decimal
    as_of: date
    note: str
    source: Source


@cache
def measures() -> Measures:
    """Every rule on record, read once a process. Raises MeasuresError."""
    return read_measures(DATA_DIR)


@cache
def agents() -> dict[str, Agent]:
    """The agents a person may choose, by slug, in the order of their names. Raises MeasuresError."""
    return {agent.slug: agent for agent in sorted(read_agents(DATA_DIR), key=lambda agent: agent.name)}


@cache
def exchange_rates() -> dict[str, ExchangeRate]:
    """The exchange rate on record for each currency, the latest where there are several. Raises MeasuresError."""
    return {rate.currency: rate for rate in sorted(read_exchange_rates(DATA_DIR), key=lambda rate: rate.as_of)}


def check(data_dir: Path, known_parts: Container[str]) -> None:
    """Read every file of rules. Raises MeasuresError with the errors of all, parts not in the catalog among them."""
    errors: list[str] = []
    for read in (read_measures, read_agents, read_exchange_rates):
        try:
            rules = read(data_dir)
        except MeasuresError as error:
            errors += error.errors
            continue
        if isinstance(rules, Measures):
            errors += [
                f"measure {measure.id!r} names part {part!r}, which is not in the catalog"
                for measure in rules.duties
                for part in measure.parts or ()
                if part not in known_parts
            ]
    if errors:
        raise MeasuresError(errors)


def read_measures(data_dir: Path) -> Measures:
    """Duties, fees, taxes and freight from the files below ``data_dir``. Raises MeasuresError."""
    duties = _read_folder(data_dir / "tariffs", _measure)
    ids = [measure.id for measure in duties]
    errors = [f"measure {one!r} is there twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    errors += [
        f"measure {measure.id!r} lifts {other!r}, which is not on record"
        for measure in duties
        for other in measure.lifts
        if other not in ids
    ]
    freight = _read_folder(data_dir / "freight", _flat_freight)
    if len(freight) != 1:
        errors.append(f"freight holds {len(freight)} files, allowed: one")
    if errors:
        raise MeasuresError(errors)
    return Measures(
        duties=duties,
        entry_fees=_read_folder(data_dir / "fees", _entry_fee),
        taxes=_read_folder(data_dir / "taxes", _import_tax),
        freight=freight[0],
    )


def read_agents(data_dir: Path) -> tuple[Agent, ...]:
    """The agents from the files below ``data_dir``. Raises MeasuresError."""
    return _read_folder(data_dir / "agents", _agent)


def read_exchange_rates(data_dir: Path) -> tuple[ExchangeRate, ...]:
    """The exchange rates from the files below ``data_dir``. Raises MeasuresError."""
    return _read_folder(data_dir / "exchange_rates", _exchange_rate)


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


def _measure(fields: Fields) -> Measure:
    kind = MeasureKind(fields.choice("kind", [*MeasureKind]))
    rate = None if kind is MeasureKind.EXEMPTION else fields.optional_percent("rate_percent")
    note = fields.text("note", "")
    if kind is not MeasureKind.EXEMPTION and rate is None and not note:
        fields.refuse("note", "note is missing, but a measure whose rate is not known needs one that says why")
    return Measure(
        id=fields.text("id"),
        kind=kind,
        program=fields.text("program"),
        heading=fields.text("heading", ""),
        destinations=fields.texts("destinations"),
        hts_prefixes=fields.texts("hts", all_word=True),
        origins=fields.texts("origins", all_word=True),
        except_origins=fields.texts("except_origins"),
        parts=fields.texts("parts") if fields.raw("parts") is not None else None,
        rate=rate,
        lifts=fields.texts("lifts"),
        valid_from=fields.optional_day("valid_from"),
        valid_to=fields.optional_day("valid_to"),
        extendable=fields.flag("extendable", False),
        text_as_of=fields.day("text_as_of"),
        condition=fields.text("condition", ""),
        note=note,
        source=fields.source(),
    )


def _entry_fee(fields: Fields) -> EntryFee:
    flat, rate = fields.optional_amount("flat_usd"), fields.optional_amount("rate_percent")
    if (flat is None) == (rate is None):
        fields.refuse("flat_usd", "give either flat_usd or rate_percent")
    return EntryFee(
        id=fields.text("id"),
        destination=fields.text("destination"),
        label=fields.text("label"),
        entry=fields.choice("entry", ("formal", "informal")),
        over_usd=fields.optional_amount("over_usd"),
        up_to_usd=fields.optional_amount("up_to_usd"),
        flat_usd=flat,
        rate=None if rate is None else rate / 100,
        minimum_usd=fields.optional_amount("minimum_usd"),
        maximum_usd=fields.optional_amount("maximum_usd"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.optional_day("valid_to"),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def _import_tax(fields: Fields) -> ImportTax:
    return ImportTax(
        id=fields.text("id"),
        destination=fields.text("destination"),
        label=fields.text("label"),
        rate=fields.optional_percent("rate_percent"),
        on_freight=fields.flag("on_freight"),
        on_duty=fields.flag("on_duty"),
        not_included=fields.text("not_included", ""),
        valid_from=fields.optional_day("valid_from"),
        valid_to=fields.optional_day("valid_to"),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def _flat_freight(fields: Fields) -> FlatFreight:
    fields.text("id")
    low, mid, high = fields.amount("low_usd"), fields.amount("mid_usd"), fields.amount("high_usd")
    if not low <= mid <= high:
        fields.refuse("mid_usd", f"low, mid and high are {low}, {mid}, {high}, allowed: in rising order")
    return FlatFreight(Money(low, mid, high), fields.text("note", ""), fields.source())


def _agent(fields: Fields) -> Agent:
    return Agent(
        slug=fields.text("slug"),
        name=fields.text("name"),
        href=fields.text("href", ""),
        fee_rate=fields.optional_percent("fee_percent"),
        verdict=fields.choice("verdict", VERDICTS),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def _exchange_rate(fields: Fields) -> ExchangeRate:
    per_usd = fields.amount("per_usd")
    if not per_usd:
        fields.refuse("per_usd", "per_usd is zero, allowed: a number above zero")
    return ExchangeRate(
        currency=fields.text("currency"),
        per_usd=per_usd,
        as_of=fields.day("as_of"),
        note=fields.text("note", ""),
        source=fields.source(),
    )
