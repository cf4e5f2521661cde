"""One data file of the rules of trade as a frozen value. What is wrong with a file is noted by line in its fields."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.yaml_lines import YamlFile
from sourcing.landed.agents import Agent, Storage
from sourcing.landed.entry import Brokerage, CustomsArea, EntryFee, FreeUpTo, ValueBasis
from sourcing.landed.freight import FreightLine
from sourcing.landed.tariffs import Measure, MeasureKind
from sourcing.landed.taxes import TaxBasis, TaxRate
from sourcing.landed.types import Kilograms, Money, Parcel
from sourcing.yaml_fields import Fields

VERDICTS = ("confirmed", "misleading", "inconsistent", "wrong", "unverifiable")


@dataclass(frozen=True, slots=True)
class PackedParts:
    """A record of packing and the catalog parts it is about."""

    id: str
    parts: tuple[str, ...]
    parcel: Parcel


def measure(fields: Fields) -> Measure:
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
        metal_from_percent=fields.optional_amount("metal_from_percent"),
        except_hts=fields.texts("except_hts"),
        doubt=fields.text("doubt", ""),
    )


def entry_fee(fields: Fields) -> EntryFee:
    flat, rate = fields.optional_amount("flat_usd"), fields.optional_amount("rate_percent")
    if (flat is None) == (rate is None):
        fields.refuse("flat_usd", "give either flat_usd or rate_percent")
    return EntryFee(
        id=fields.text("id"),
        key=fields.choice("key", ("mpf", "hmf")),
        destination=fields.text("destination"),
        label=fields.text("label"),
        entry=fields.choice("entry", ("formal", "informal", "any")),
        modes=fields.texts("modes"),
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


def customs_area(fields: Fields) -> CustomsArea:
    return CustomsArea(
        id=fields.text("id"),
        name=fields.text("name"),
        countries=fields.texts("countries"),
        value_basis=ValueBasis(fields.choice("value_basis", [*ValueBasis])),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def free_up_to(fields: Fields) -> FreeUpTo:
    return FreeUpTo(
        id=fields.text("id"),
        countries=fields.texts("countries"),
        origins=fields.texts("origins", all_word=True),
        except_origins=fields.texts("except_origins"),
        limit=fields.amount("limit"),
        currency=fields.text("currency"),
        flat_per_tariff_line=fields.optional_amount("flat_per_tariff_line"),
        frees_fees=fields.flag("frees_fees", False),
        frees_tax=fields.flag("frees_tax", False),
        valid_from=fields.optional_day("valid_from"),
        valid_to=fields.optional_day("valid_to"),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def brokerage(fields: Fields) -> Brokerage:
    return Brokerage(
        carrier=fields.text("carrier"),
        countries=fields.texts("countries"),
        rate=fields.amount("rate_percent") / 100,
        minimum_usd=fields.money("minimum_usd"),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def tax_rates(file: YamlFile) -> tuple[list[TaxRate], list[str]]:
    """Every rate of one table of taxes, and what is wrong with it."""
    fields = Fields(file)
    fields.text("id")
    label, basis = fields.text("label"), TaxBasis(fields.choice("basis", [*TaxBasis]))
    on_freight, on_duty = fields.flag("on_freight"), fields.flag("on_duty")
    note, sources = fields.text("note", ""), fields.sources()
    rates = [
        TaxRate(
            country=row.text("country"),
            region=row.text("region", "") if row.raw("region") else "",
            name=row.text("name"),
            kind=label,
            label=row.text("label", label),
            basis=basis,
            rate=row.amount("rate_percent") / 100,
            local_up_to=row.optional_percent("local_up_to_percent"),
            on_freight=on_freight,
            on_duty=on_duty,
            valid_from=row.optional_day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            note=" ".join(text for text in (row.text("note", ""), note) if text),
            source=row.source_in(sources),
        )
        for row in fields.rows("rates")
    ]
    return rates, fields.finish()


def freight_line(fields: Fields) -> FreightLine:
    days = _three(fields, "days", ("low", "high"))
    return FreightLine(
        id=fields.text("id"),
        name=fields.text("name"),
        days=(days[0], days[-1]),
        divisor_cm3_per_kg=fields.optional_amount("divisor_cm3_per_kg"),
        minimum_kg=fields.amount("minimum_kg"),
        fixed_usd=Money(*_three(fields, "fixed_usd")),
        per_kg_usd=Money(*_three(fields, "per_kg_usd")),
        as_of=fields.day("as_of"),
        note=fields.text("note", ""),
        source=fields.source(),
    )


def packed_parts(fields: Fields) -> PackedParts:
    length, width, height = _three(fields, "box_cm", ("length", "width", "height"), rising=False)
    note, source = fields.text("note", ""), fields.source()
    weight = Kilograms(*_three(fields, "weight_kg"))
    return PackedParts(fields.text("id"), fields.texts("parts"), Parcel(weight, length * width * height, note, source))


def agent(fields: Fields) -> Agent:
    source = fields.source()
    if refused := fields.text("refused", ""):
        return Agent(
            slug=fields.text("slug"),
            name=fields.text("name"),
            href=fields.text("href", ""),
            fee_rate=None,
            payment_rate=None,
            payment_source=source,
            domestic_freight_cny=None,
            domestic_source=source,
            insurance_rate=None,
            storage=None,
            payment=(),
            best_for="",
            verdict="wrong",
            as_of=source.checked_on,
            note="",
            refused=refused,
            source=source,
        )
    payment = fields.raw("payment_percent")
    cny = fields.raw("domestic_freight_cny")
    return Agent(
        slug=fields.text("slug"),
        name=fields.text("name"),
        href=fields.text("href", ""),
        fee_rate=fields.optional_percent("fee_percent"),
        payment_rate=None if payment is None else _fractions(_three(fields, "payment_percent", ("low", "high"))),
        payment_source=fields.source("payment_source"),
        domestic_freight_cny=None if cny is None else Money(*_three(fields, "domestic_freight_cny")),
        domestic_source=fields.source("domestic_source"),
        insurance_rate=fields.optional_percent("insurance_percent"),
        storage=_storage(fields),
        payment=fields.texts("payment"),
        best_for=fields.text("best_for", ""),
        verdict=fields.choice("verdict", VERDICTS),
        as_of=fields.day("as_of"),
        note=fields.text("note", ""),
        refused="",
        source=source,
    )


def _storage(fields: Fields) -> Storage:
    inner = fields.inner("storage")
    days = inner.optional_amount("free_days")
    storage = Storage(
        free_days=None if days is None else int(days),
        then=inner.text("then", ""),
        note=inner.text("note", ""),
        source=inner.source(),
    )
    fields.errors += inner.finish()
    return storage


def _three(
    fields: Fields, key: str, names: tuple[str, ...] = ("low", "mid", "high"), *, rising: bool = True
) -> tuple[Decimal, ...]:
    """The amounts of one mapping, such as {low, mid, high}."""
    inner = fields.inner(key)
    amounts = tuple(inner.amount(name) for name in names)
    if rising and list(amounts) != sorted(amounts):
        inner.refuse(names[0], f"{', '.join(names)} are {', '.join(map(str, amounts))}, allowed: in rising order")
    fields.errors += inner.finish()
    return amounts


def _fractions(percents: tuple[Decimal, ...]) -> tuple[Decimal, Decimal]:
    return percents[0] / 100, percents[-1] / 100
