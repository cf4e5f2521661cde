"""Saving a build, opening it again as it was, and saying what has changed since."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from catalog.provenance import Confidence, Source
from catalog.templatetags.quantities import gib, gib_number, money, tally, wall_watts
from catalog.templatetags.quantities import tok_s as in_tok_s
from configurator.choice import BuildChoice, InvalidChoice, parse, unknown_names
from configurator.estimates import EstimateResult, estimate_choice
from configurator.estimation.types import Range
from configurator.models import SharedBuild
from sourcing.landed.money import CENT, cents
from sourcing.landed.types import Money, PricedLine
from sourcing.line_prices import NOTHING_TOLD, Told


@dataclass(frozen=True)
class Change:
    """One headline figure then and now, in words."""

    label: str
    then: str
    now: str


def choice_from_query(query: str) -> BuildChoice:
    """The choice a query string holds; settings this version does not know are left out."""
    given = QueryDict(query.rpartition("?")[2]).dict()  # people paste whole addresses
    for name in unknown_names(given):
        del given[name]
    return parse(given)


def save(query: str, *, title: str, as_of: date, told: Told = NOTHING_TOLD) -> SharedBuild:
    """Freeze the build a query string describes. Quotes that were told become prices of one's own; offers are not kept.

    Raises:
        InvalidChoice: where it describes none.
    """
    return SharedBuild.objects.create(title=title, **_frozen(query, as_of, told))


def replace(shared: SharedBuild, query: str, *, title: str, as_of: date) -> None:
    """Put another choice behind the same address, frozen today. The same choice stays as it was frozen.

    Raises:
        InvalidChoice: where the query string describes no build; the old one then stays.
    """
    frozen = {} if choice_from_query(query).to_query() == shared.query else _frozen(query, as_of, NOTHING_TOLD)
    shared.title = title
    for name, value in frozen.items():
        setattr(shared, name, value)
    shared.save()


def to_pass_on(choice: BuildChoice, *, as_of: date, told: Told) -> EstimateResult:
    """A choice as others may see it: quotes that were told become prices of one's own, and offers do not count.

    Raises:
        InvalidChoice: where it is no build.
    """
    result = estimate_choice(choice, as_of=as_of, told=dataclasses.replace(told, offers_at=None))
    quoted = {
        # A price above zero stays above zero: nothing would look like a gift.
        f"{line.slot}_price": max(cents(line.priced.unit.mid), CENT)
        for line in result.lines
        if line.prices is not None and line.prices.used == "quote" and line.priced.unit is not None
    }
    # Who opens it has not been told those quotes: what they came to stays, as the price of whoever passed it on.
    return estimate_choice(choice.replacing(quoted), as_of=as_of) if quoted else result


def _frozen(query: str, as_of: date, told: Told) -> dict[str, Any]:
    """The fields of a saved build that hold one day's answer."""
    result = to_pass_on(choice_from_query(query), as_of=as_of, told=told)
    return {
        "query": result.query,
        "as_of": as_of,
        "engine_version": result.engine_version,
        "prices": [price_to_json(line.priced) for line in result.lines],
        "headline": headline(result),
    }


def reopen(shared: SharedBuild) -> EstimateResult | None:
    """The build computed anew from its own day and its own prices. None where a part has left the catalog."""
    try:
        frozen = tuple(price_from_json(entry) for entry in shared.prices)
        return estimate_choice(choice_from_query(shared.query), as_of=shared.as_of, frozen_prices=frozen)
    except InvalidChoice:
        return None


def today(shared: SharedBuild, as_of: date) -> EstimateResult | None:
    """The same choice with the prices and duties of another day; None where it can no longer be made."""
    try:
        return estimate_choice(choice_from_query(shared.query), as_of=as_of)
    except InvalidChoice:
        return None


def headline(result: EstimateResult) -> dict[str, Any]:
    """The figures shown first, as plain JSON, so that a saved page can always say what it said."""
    speed, total = result.estimate.speed, result.cost.total
    index, free_mib = result.tightest
    return {
        "fits": result.estimate.memory.fits,
        "used_mib": round(result.used_mib, 1),
        "capacity_mib": round(result.capacity_mib, 1),
        "tightest_gpu": index,
        "tightest_free_mib": round(free_mib, 1),
        "decode_tok_s": [round(v, 2) for v in (speed.decode_tok_s.low, speed.decode_tok_s.mid, speed.decode_tok_s.high)]
        if speed
        else None,
        "in_host_ram": result.moved,
        "wall_w": round(result.estimate.power.wall_w, 1),
        "wall_w_unlimited": round(result.estimate.power.wall_w_unlimited, 1),
        "unpriced": len(result.cost.unknown),
        "landed_usd": [str(total.low), str(total.mid), str(total.high)],
        "severities": result.severity_counts,
    }


def headline_in_words(figures: dict[str, Any]) -> dict[str, str]:
    """Headline figures as label -> words, in the order they are shown."""
    tok_s, counts = figures["decode_tok_s"], figures["severities"]
    landed = Money(*(Decimal(amount) for amount in figures["landed_usd"]))
    return {
        "Fits": ("yes, " if figures["fits"] else "no, ")
        + f"{gib_number(figures['used_mib'])} of {gib(figures['capacity_mib'])}",
        "Decode": _decode_in_words(tok_s, figures.get("in_host_ram", ""), fits=figures["fits"]),
        "At the wall": f"{wall_watts(figures['wall_w'])}, {wall_watts(figures['wall_w_unlimited'])} at default limits",
        "Landed": ("at least " if figures["unpriced"] else "") + money(landed),
        "Findings": ", ".join(tally(counts[severity], severity) for severity in ("blocker", "caution", "unknown")),
    }


def _decode_in_words(tok_s: list[float] | None, in_host_ram: str, *, fits: bool) -> str:
    if not tok_s:
        return "not estimated: the runtime has no such split" if fits else "not estimated: it does not fit"
    return in_tok_s(Range(*tok_s)) + (f", with {in_host_ram} in host RAM" if in_host_ram else "")


def changes(then: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    """The headline figures whose words differ."""
    before, after = headline_in_words(then), headline_in_words(now)
    return [Change(label, before[label], after[label]) for label in before if before[label] != after[label]]


def price_to_json(line: PricedLine) -> dict[str, Any]:
    source = line.source
    return {
        "part": line.part,
        "name": line.name,
        "quantity": line.quantity,
        "unit": [str(line.unit.low), str(line.unit.mid), str(line.unit.high)] if line.unit else None,
        "basis": line.basis,
        "as_of": line.as_of.isoformat() if line.as_of else None,
        "hts": line.hts,
        "origin": line.origin,
        "weight_kg": str(line.weight_kg) if line.weight_kg is not None else None,
        "source": [source.title, source.href, source.checked_on.isoformat(), str(source.confidence)]
        if source
        else None,
        "imported": line.imported,
    }


def price_from_json(entry: dict[str, Any]) -> PricedLine:
    unit, source = entry["unit"], entry["source"]
    return PricedLine(
        part=entry["part"],
        name=entry["name"],
        quantity=entry["quantity"],
        unit=Money(*(Decimal(amount) for amount in unit)) if unit else None,
        basis=entry["basis"],
        as_of=date.fromisoformat(entry["as_of"]) if entry["as_of"] else None,
        hts=entry["hts"],
        origin=entry["origin"],
        weight_kg=Decimal(entry["weight_kg"]) if entry["weight_kg"] is not None else None,
        source=Source(source[0], source[1], date.fromisoformat(source[2]), Confidence(source[3])) if source else None,
        imported=entry["imported"],
    )
