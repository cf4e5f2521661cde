"""The names a landed-cost order has in an address: what the calculator's form sends and links to it are made of.

Pure: no Django, no clock, no I/O. Lines are numbered: ``0-part=v100-sxm2-16gb&0-quantity=4``.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sourcing.landed.types import PricedLine

# Name in an address -> where it stands in a question.
ORDER_NAMES: Mapping[str, str] = {
    "country": "destination.country",
    "region": "destination.region",
    "entry_date": "entry_date",
    "agent": "agent",
    "freight_mode": "freight.mode",
    "freight_price": "freight.price",
    "freight_currency": "freight.currency",
    "divisor": "freight.divisor",
    "exclusions_extended": "exclusions_extended",
    "entry": "entry",
    "insured": "insured",
    "domestic_freight_usd": "own.domestic_freight_usd",
    "insurance_usd": "own.insurance_usd",
    "brokerage_usd": "own.brokerage_usd",
    "payment_percent": "own.payment_percent",
}
COMPARE = "compare_date"
LINE_NAMES = ("part", "quantity", "unit_price", "currency", "origin", "hts", "weight_kg", "metal_percent")
DEFAULTS: Mapping[str, str] = {
    "country": "US",
    "freight_mode": "express",
    "freight_currency": "USD",
    "exclusions_extended": "false",
    "insured": "false",
    "currency": "USD",
    "quantity": "1",
}
MOST_LINES = 50
_LINE = re.compile(r"(\d{1,3})-([a-z_]+)\Z", re.ASCII)


def lines_in(query: Mapping[str, str]) -> list[dict[str, str]]:
    """The lines of an address in their order, those that name neither part nor tariff code left out."""
    lines: dict[int, dict[str, str]] = {}
    for name, value in query.items():
        match = _LINE.match(name)
        if match and match[2] in LINE_NAMES:
            lines.setdefault(int(match[1]), {})[match[2]] = value.strip()
    return [line for _, line in sorted(lines.items()) if line.get("part") or line.get("hts")]


def names_lines(query: Mapping[str, str]) -> bool:
    """Whether an address says anything of lines, if only that one is empty."""
    return any(_LINE.match(name) for name in query)


def question_of(lines: Iterable[Mapping[str, str]], settings: Mapping[str, str]) -> dict[str, Any]:
    """The same as a landed-cost question; empty settings are left out."""
    question: dict[str, Any] = {"lines": [{key: value for key, value in line.items() if value} for line in lines]}
    for name, place in ORDER_NAMES.items():
        value = settings.get(name, "").strip()
        if not value:
            continue
        outer, _, inner = place.partition(".")
        if inner:
            question.setdefault(outer, {})[inner] = value
        else:
            question[outer] = value
    return question


def name_of(field: str) -> str:
    """The name in an address of a field that an error names: "lines[0].hts" is "0-hts"; "" where it has none."""
    line = re.match(r"lines\[(\d+)\]\.([a-z_]+)\Z", field)
    if line and line[2] in LINE_NAMES:
        return f"{line[1]}-{line[2]}"
    return next((name for name, place in ORDER_NAMES.items() if place == field), "")


def to_query(lines: Iterable[Mapping[str, str]], settings: Mapping[str, str]) -> str:
    """The shortest address with the same meaning: numbered lines, defaults left out."""
    pairs = [
        (f"{index}-{name}", line[name])
        for index, line in enumerate(lines)
        for name in LINE_NAMES
        if line.get(name) and line[name] != DEFAULTS.get(name)
    ]
    pairs += [
        (name, settings[name])
        for name in (*ORDER_NAMES, COMPARE)
        if settings.get(name) and settings[name] != DEFAULTS.get(name)
    ]
    return urlencode(pairs)


def query_of_lines(lines: Iterable[PricedLine], settings: Mapping[str, Any]) -> str:
    """The calculator's address for the imported lines of an order; prices only where they are a person's own.

    Never those of offers: marketplaces do not let them be passed on, and an address lives for years.
    """
    given = [
        {
            "part": line.part,
            "quantity": str(line.quantity),
            "unit_price": f"{line.unit.mid:f}" if line.basis == "quote" and line.unit is not None else "",
        }
        for line in lines
        if line.imported
    ]
    return to_query(given, {name: _written(value) for name, value in settings.items()})


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
