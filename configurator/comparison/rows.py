"""The rows of a comparison in words, the best of each marked. What differs is told from what is the same for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.claim_models import Claim
from catalog.templatetags.quantities import gib, gib_number, money, seconds, tally, tok_s, wall_watts
from configurator.comparison.alternatives import guide_comparison
from configurator.comparison.compare import Column, Comparison
from configurator.comparison.measured import Measured
from configurator.guide_claims import audited
from sourcing.landed.types import Money

TOKENS = 1_000_000
MOST_FINDINGS = 3
GUIDE_BUILD = "guide-build"


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is what the row is compared by; None = not known, or of a machine that does not run this.
    ``is_open``: it would count if it were known."""

    words: str
    notes: tuple[str, ...] = ()
    value: float | None = None
    severity: str = ""
    measured: tuple[Measured, ...] = ()
    guide: Claim | None = None
    is_open: bool = False
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``better`` is "high", "low", or empty where nothing is better. ``alike``: the same in every column."""

    key: str
    label: str
    help: str
    cells: tuple[Cell, ...]
    better: str = ""
    alike: bool = False
    all_known: bool = True


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """Every row, in the order a reader asks: does it fit, how fast, what does it draw, what does it cost, what is
    wrong."""
    streams = comparison.shared["streams"]
    hours = f"{comparison.shared['hours_per_day']:g}"
    common = _unknown_of_all(comparison)
    prompt = f"{comparison.shared['prompt_tokens']:,}"
    table: list[tuple[str, str, str, str, Callable[[Column], Cell]]] = [
        ("fits", "Fits", "The GPU with the least room decides.", "", _fits),
        ("memory", "Memory used", "All GPUs together.", "", _memory),
        ("decode", "Decode" if streams == 1 else "Decode, each stream", "", "high", _decode),
        ("aggregate", f"Decode, {streams} streams together", "", "high", _aggregate),
        ("prefill", "Reading the prompt", "", "high", _prefill),
        ("ttft", "Time to first token", f"After a prompt of {prompt} tokens.", "low", _ttft),
        ("wall", "At the wall, at most", "Sustained, at the power limit.", "low", _wall),
        ("default", "At default limits", "As after a restart.", "low", _wall_unlimited),
        ("decoding", "While decoding", "", "low", _decoding),
        ("landed", "Landed cost", "What it takes to have it at the door.", "low", lambda c: _landed(c, common)),
        ("month", "A month", f"Electricity or rent, {hours} h a day, 30 days.", "low", lambda c: _month(c, comparison)),
        ("tokens", "A million tokens", "Electricity or rent while decoding.", "low", _million_tokens),
        (
            "price-of-speed",
            "Landed, for each tok/s",
            "All streams together.",
            "low",
            lambda c: _price_of_speed(c, common),
        ),
        ("findings", "Worst findings", "", "", _findings),
    ]
    return tuple(
        _marked(
            Row(key, label, help_, _guided(key, comparison, [cell(column) for column in comparison.columns]), better)
        )
        for key, label, help_, better, cell in table
        if key != "aggregate" or streams > 1
    )


def _marked(row: Row) -> Row:
    """The row with its best cells marked: those that read as the best value does. Nothing is best where all are."""
    cells, known = row.cells, [cell.value for cell in row.cells if cell.value is not None]
    alike = len(cells) > 1 and len({(cell.words, cell.notes, cell.guide) for cell in cells}) == 1
    if not row.better or alike or len(known) < 2:
        return replace(row, alike=alike)
    best_value = max(known) if row.better == "high" else min(known)
    best_words = {cell.words for cell in cells if cell.value == best_value}
    marked = tuple(replace(cell, is_best=cell.value is not None and cell.words in best_words) for cell in cells)
    if all(cell.is_best for cell in marked if cell.value is not None):
        return row
    return replace(row, cells=marked, all_known=not any(cell.is_open for cell in cells))


def _guided(key: str, comparison: Comparison, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with what the guide says of them, where the workload is the one it speaks of."""
    guide = guide_comparison()
    if not guide.is_asked(comparison.workload):
        return tuple(cells)
    known = audited()
    claims = {place.column: known.get(place.number) for place in guide.claims if place.row == key}
    return tuple(
        replace(cell, guide=claims.get(GUIDE_BUILD if column.is_guides else column.key))
        for cell, column in zip(cells, comparison.columns, strict=True)
    )


def _fits(column: Column) -> Cell:
    index, free_mib = column.result.tightest
    where = f" on GPU {index}" if column.result.build.gpu_count > 1 else ""
    if column.result.estimate.memory.fits:
        return Cell("yes", (f"{gib(free_mib)} free{where}",), severity="ok")
    words = f"{gib(-free_mib)} short{where}"
    offload = column.result.estimate.offload
    if offload is not None:
        return Cell("not on the GPUs alone", (words, f"with {column.result.moved} in host RAM"), severity="caution")
    return Cell("no", (words,), severity="blocker")


def _memory(column: Column) -> Cell:
    return Cell(f"{gib_number(column.result.used_mib)} of {gib(column.result.capacity_mib)}")


def _speed(column: Column, metric: str, words: Callable[..., str] = tok_s) -> Cell:
    """One speed; a dash with the reason where there is none."""
    speed = column.result.estimate.speed
    measured = tuple(each for each in column.measured if each.metric == metric)
    if speed is None:
        why = "no such split" if column.result.estimate.memory.fits else "it does not fit"
        return Cell("–", (why,), measured=measured)
    value = getattr(speed, metric)
    notes = ["extrapolated"] if speed.basis == "extrapolated" else []
    if column.result.moved:
        notes.append(f"with {column.result.moved} in host RAM")
    if column.result.cannot_run:
        notes.append("but it will not run: see the findings")
    return Cell(words(value), tuple(notes), value.mid if column.runs else None, measured=measured)


def _decode(column: Column) -> Cell:
    return _speed(column, "decode_tok_s")


def _aggregate(column: Column) -> Cell:
    return _speed(column, "aggregate_tok_s")


def _prefill(column: Column) -> Cell:
    return _speed(column, "prefill_tok_s")


def _ttft(column: Column) -> Cell:
    return _speed(column, "ttft_s", seconds)


def _watts(column: Column, watts: float) -> Cell:
    if column.is_rented:
        return Cell("–", ("in the rent",))
    return Cell(wall_watts(watts), value=watts if column.runs else None)


def _wall(column: Column) -> Cell:
    return _watts(column, column.result.estimate.power.wall_w)


def _wall_unlimited(column: Column) -> Cell:
    return _watts(column, column.result.estimate.power.wall_w_unlimited)


def _decoding(column: Column) -> Cell:
    return _watts(column, column.result.estimate.power.decode_wall_w)


def _unknown_of_all(comparison: Comparison) -> frozenset[str]:
    """What is missing from the landed cost of every machine to buy, and so takes nothing from comparing them."""
    missing = [frozenset(column.result.cost.unknown) for column in comparison.columns if not column.is_rented]
    return frozenset.intersection(*missing) if missing else frozenset()


def _landed(column: Column, common: frozenset[str]) -> Cell:
    """The sum of what is known. What has no price is named; where others do know it, the sum is not compared."""
    if column.is_rented:
        return Cell("–", ("nothing to buy",))
    cost = column.result.cost
    notes = (f"not known: {', '.join(cost.unknown)}",) if cost.unknown else ()
    if not column.has_price or cost.total.mid <= 0:
        return Cell("unknown", notes, is_open=column.runs)
    known = set(cost.unknown) <= common
    return Cell(
        f"{'at least ' if cost.at_least else ''}{money(cost.total)}",
        notes,
        float(cost.total.mid) if known and column.runs else None,
        is_open=column.runs and not known,
    )


def _month(column: Column, comparison: Comparison) -> Cell:
    if not column.is_rented:
        usd = column.result.estimate.power.usd_per_month
        return Cell(money(round(usd, 2)), ("electricity",), usd if column.runs else None)
    if column.rented is None:
        return Cell("unknown", ("no rent is on record",), is_open=column.runs)
    terms = column.rented.terms
    ends = [terms.usd_a_month(comparison.hours_per_day, rate) for rate in (terms.low_usd, terms.high_usd)]
    asked = Money(ends[0], (ends[0] + ends[1]) / 2, ends[1])
    return Cell(money(asked), ("rent",), float(asked.mid) if column.runs else None)


def _million_tokens(column: Column) -> Cell:
    speed = column.result.estimate.speed
    if speed is None or speed.aggregate_tok_s.mid <= 0:
        return Cell("–")
    if not column.is_rented:
        usd = column.result.estimate.power.usd_per_million_tokens
        return Cell(money(round(usd, 2)), ("electricity",), usd if column.runs else None) if usd else Cell("unknown")
    if column.rented is None:
        return Cell("unknown", ("no rent is on record",), is_open=column.runs)
    hours = Decimal(str(TOKENS / speed.aggregate_tok_s.mid / 3600))
    terms = column.rented.terms
    low, high = (terms.gpus * rate * hours for rate in (terms.low_usd, terms.high_usd))
    asked = Money(low, (low + high) / 2, high)
    return Cell(money(asked), ("rent",), float(asked.mid) if column.runs else None)


def _price_of_speed(column: Column, common: frozenset[str]) -> Cell:
    speed, cost = column.result.estimate.speed, column.result.cost
    if column.is_rented or speed is None or speed.aggregate_tok_s.mid <= 0:
        return Cell("–")
    if not column.has_price or cost.total.mid <= 0:
        return Cell("unknown", is_open=column.runs)
    usd = float(cost.total.mid) / speed.aggregate_tok_s.mid
    known = set(cost.unknown) <= common
    return Cell(
        f"{'at least ' if cost.at_least else ''}{money(round(usd, 2))}",
        value=usd if known and column.runs else None,
        is_open=column.runs and not known,
    )


def _findings(column: Column) -> Cell:
    """What keeps it from starting; for a machine to buy also the worst of the rest."""
    found = [finding for finding in column.result.estimate.findings if not column.is_rented or not finding.starts]
    counts = column.result.severity_counts
    severe = [finding for finding in found if finding.severity in ("blocker", "caution")]
    titles = tuple(finding.title for finding in severe[:MOST_FINDINGS])
    if column.is_rented:
        worst = severe[0].severity if severe else "ok"
        return Cell("will not run" if severe else "its owner's matter", titles, severity=worst if severe else "")
    words = ", ".join(tally(counts[each], each) for each in ("blocker", "caution", "unknown") if counts[each])
    return Cell(words or "all ok", titles, severity=column.result.worst)
