"""International freight by chargeable weight. Pure: no Django, no clock, no I/O. Money is Decimal, US dollars.

A parcel is charged by the larger of its real weight and its volume divided by the line's divisor:

    chargeable_kg = max(minimum_kg, real_kg, volume_cm3 / divisor_cm3_per_kg)
    freight = fixed + per_kg * chargeable_kg

The order is taken as one shipment. A weight that is not known is a range, so the freight is one too; it is never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source
from sourcing.landed.money import cents, each, exactly, written, written_range
from sourcing.landed.types import CostRow, Kilograms, Money, Parcel, PricedLine

KEY = "international_freight"
# One piece of a part nobody has weighed: from a cable to a heavy board. Servers have a record of their own.
UNWEIGHED = Kilograms(Decimal("0.1"), Decimal("1.0"), Decimal("5.0"))


@dataclass(frozen=True, slots=True)
class FreightLine:
    """What a way of shipping asks for. ``divisor_cm3_per_kg`` None = only the real weight counts."""

    id: str
    name: str
    days: tuple[Decimal, Decimal]
    divisor_cm3_per_kg: Decimal | None
    minimum_kg: Decimal
    fixed_usd: Money
    per_kg_usd: Money
    as_of: date
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Freight:
    """How an order travels. ``price_usd`` is somebody's own quote for the whole order; ``divisor`` their carrier's."""

    line: FreightLine
    price_usd: Decimal | None = None
    divisor_cm3_per_kg: Decimal | None = None
    conversion: str = ""  # how the quote became dollars; empty where it was in dollars

    @property
    def divisor(self) -> Decimal | None:
        return self.divisor_cm3_per_kg if self.divisor_cm3_per_kg is not None else self.line.divisor_cm3_per_kg


@dataclass(frozen=True, slots=True)
class Load:
    """What an order weighs. ``unweighed`` names the lines whose weight is only a range nobody measured."""

    real_kg: Kilograms
    volume_cm3: Decimal
    unweighed: tuple[str, ...]

    def volumetric_kg(self, divisor: Decimal | None) -> Decimal:
        return self.volume_cm3 / divisor if divisor else Decimal(0)


def load(lines: Sequence[PricedLine], parcels: Mapping[str, Parcel]) -> Load:
    """Real weight and volume of the imported lines together."""
    imported = [line for line in lines if line.imported]
    weights = [(line.quantity, piece_kg(line, parcels)) for line in imported]
    volumes = [
        line.quantity * parcel.volume_cm3
        for line in imported
        if (parcel := parcels.get(line.part)) is not None and parcel.volume_cm3 is not None
    ]
    return Load(
        real_kg=Kilograms(
            sum((count * kg.low for count, kg in weights), Decimal(0)),
            sum((count * kg.mid for count, kg in weights), Decimal(0)),
            sum((count * kg.high for count, kg in weights), Decimal(0)),
        ),
        volume_cm3=sum(volumes, Decimal(0)),
        unweighed=tuple(line.name for line in imported if line.weight_kg is None and line.part not in parcels),
    )


def piece_kg(line: PricedLine, parcels: Mapping[str, Parcel]) -> Kilograms:
    """One packed piece: the person's own figure, else the record's range, else the range for what nobody weighed."""
    if line.weight_kg is not None:
        return Kilograms(line.weight_kg, line.weight_kg, line.weight_kg)
    parcel = parcels.get(line.part)
    return UNWEIGHED if parcel is None else parcel.weight_kg


def freight_row(lines: Sequence[PricedLine], freight: Freight, parcels: Mapping[str, Parcel]) -> CostRow | None:
    """The freight row: the person's own quote where there is one, else by weight; None where nothing is shipped."""
    if not any(line.imported for line in lines):
        return None
    label = f"International freight, {freight.line.name}"
    if freight.price_usd is not None:
        return CostRow(
            KEY, label, exactly(freight.price_usd), "your quote for the whole order", None, freight.conversion
        )
    shipment = load(lines, parcels)
    line = freight.line
    volumetric = shipment.volumetric_kg(freight.divisor)

    def charge(fixed: Decimal, per_kg: Decimal, real_kg: Decimal) -> Decimal:
        return cents(fixed + per_kg * max(line.minimum_kg, real_kg, volumetric))

    real = Money(shipment.real_kg.low, shipment.real_kg.mid, shipment.real_kg.high)
    amount = each(charge, line.fixed_usd, line.per_kg_usd, real)
    chargeable = max(line.minimum_kg, shipment.real_kg.mid, volumetric)
    notes = [
        f"Packed weight {_kg(shipment.real_kg.low)} to {_kg(shipment.real_kg.high)} kg."
        if shipment.real_kg.low != shipment.real_kg.high
        else f"Packed weight {_kg(shipment.real_kg.mid)} kg.",
        f"Volume {_kg(shipment.volume_cm3 / 1000)} litres, at {freight.divisor:f} cm³/kg {_kg(volumetric)} kg; the "
        "larger counts."
        if freight.divisor and shipment.volume_cm3
        else "Volume not counted.",
    ]
    if shipment.unweighed:
        notes.append(
            f"Nobody has weighed {', '.join(dict.fromkeys(shipment.unweighed))}: {UNWEIGHED.low} to "
            f"{UNWEIGHED.high} kg a piece are assumed."
        )
    judged = dict.fromkeys(
        parcels[one.part].source.title
        for one in lines
        if one.imported and one.weight_kg is None and one.part in parcels
    )
    if judged:
        notes.append(f"Weights: {'; '.join(judged)}.")
    notes.append(f"Rates of {line.as_of.isoformat()}.")
    formula = (
        f"{written(line.fixed_usd.mid)} + {_kg(chargeable)} kg × {written(line.per_kg_usd.mid)} = "
        f"{written(amount.mid)}; range {written_range(amount)}"
    )
    return CostRow(KEY, label, amount, formula, line.source, " ".join([*notes, line.note]).strip())


def weights_of(lines: Sequence[PricedLine], freight: Freight, parcels: Mapping[str, Parcel]) -> tuple[Decimal, ...]:
    """What each line's share of the freight goes by: the larger of real and volumetric weight; zero if not shipped."""
    shares = []
    for line in lines:
        parcel = parcels.get(line.part)
        volume = parcel.volume_cm3 if parcel is not None else None
        volumetric = volume / freight.divisor if volume is not None and freight.divisor else Decimal(0)
        shares.append(line.quantity * max(piece_kg(line, parcels).mid, volumetric) if line.imported else Decimal(0))
    return tuple(shares)


def _kg(weight: Decimal) -> str:
    return f"{weight.quantize(Decimal('0.1')):,f}"
