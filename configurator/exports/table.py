"""A build as one CSV table (RFC 4180): a row a part, a row a cost, a row a figure. Safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from configurator.estimation.types import Range
from configurator.exports.passed_on import PassedOn, one_line
from sourcing.landed.types import Money

COLUMNS = (
    *("row", "name", "item", "quantity", "owned", "unit", "each_low", "each_mid", "each_high"),
    *("low", "mid", "high", "price_from", "price_day"),
)
# What makes a spreadsheet compute a cell, the wide forms of East Asian keyboards included.
_FORMULA_STARTS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)


def cell(text: str) -> str:
    """Text that a spreadsheet shows and never computes: one line, with an apostrophe before what begins a formula."""
    shown = one_line(text)
    return f"'{shown}" if text.startswith(_FORMULA_STARTS) or shown.startswith(_FORMULA_STARTS) else shown


def csv_table(build: PassedOn) -> str:
    """The table with its header row; lines end in CR LF. Amounts in US dollars; an unknown amount is an empty cell."""
    output = io.StringIO()
    writer = csv.DictWriter(output, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(build):
        writer.writerow({name: cell(text) for name, text in row.items()})
    return output.getvalue()


def _rows(build: PassedOn) -> Iterator[dict[str, str]]:
    result = build.result
    yield {"row": "build", "name": build.name, "item": build.address}
    if build.saved_at:
        yield {"row": "saved", "name": build.name, "item": build.saved_at}
    for line in result.lines:
        priced = line.priced
        yield {
            "row": "part",
            "name": line.label,
            "item": priced.name,
            "quantity": str(line.count),
            "owned": str(line.owned),
            "unit": "USD",
            "price_from": build.price_from(line),
            "price_day": priced.as_of.isoformat() if priced.as_of else "",
            **_three(line.subtotal),
            **_three(priced.unit, "each_"),
        }
    for cost in result.cost.rows:
        yield {"row": "cost", "name": cost.label, "unit": "USD", **_three(cost.amount)}
    landed = "Landed, at least" if result.cost.at_least else "Landed"
    yield {"row": "total", "name": landed, "unit": "USD", **_three(result.cost.total)}
    yield from _figures(build)
    for severity, title in build.catches:
        yield {"row": severity, "name": title}
    for unknown in result.cost.unknown:
        yield {"row": "not in the total", "name": unknown}


def _figures(build: PassedOn) -> Iterator[dict[str, str]]:
    result, estimate = build.result, build.result.estimate
    yield {"row": "figure", "name": "Fits", "item": "yes" if estimate.memory.fits else "no"}
    figures = [("Memory used", "MiB", result.used_mib), ("Memory of all GPUs", "MiB", result.capacity_mib)]
    figures += [("At the wall", "W", estimate.power.wall_w)]
    for name, unit, value in figures:
        yield {"row": "figure", "name": name, "unit": unit, "mid": f"{value:.0f}"}
    if estimate.speed:
        for name, speed in (("Decode", estimate.speed.decode_tok_s), ("Prefill", estimate.speed.prefill_tok_s)):
            yield {"row": "figure", "name": name, "unit": "tok/s", **_three(speed)}
    yield {"row": "figure", "name": "Workload", "item": build.workload}


def _three(amount: Money | Range | None, prefix: str = "") -> dict[str, str]:
    if amount is None:
        return {}
    return {f"{prefix}{bound}": f"{getattr(amount, bound):.2f}" for bound in ("low", "mid", "high")}
