"""What a stranger wants to see of a saved build first: the machine, whether it runs the model, how fast, at what cost,
and the main catch. The head of its page and its preview picture say the same words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.templatetags.quantities import count, gib, gib_number, money, month, tally, tok_s
from configurator.estimates import EstimateResult
from configurator.estimation.findings import RULES, SEVERITIES
from configurator.estimation.types import Finding, Range
from sourcing.landed.types import Money

UNKNOWN = "unknown"
CATCHES = ("blocker", "caution", "unknown")
_PLACE_OF_RULE = {rule.slug: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer: a question in a word or two, the answer, and what one must know with it. ``severity`` names its
    shape and colour; empty where it is neither good nor bad."""

    label: str
    words: str
    note: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """``machine`` is empty where a part of it has left the catalog."""

    machine: str
    runs: Fact
    speed: Fact
    cost: Fact
    catch: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.runs, self.speed, self.cost, self.catch)

    @property
    def sentence(self) -> str:
        """All of it in one line, for those who preview links as text."""
        parts = []
        for fact in self.facts:
            colon = "" if fact.label.endswith("?") else ":"
            parts.append(f"{fact.label}{colon} {fact.words}" + (f" ({fact.note})" if fact.note else ""))
        return ". ".join([self.machine, *parts] if self.machine else parts)


def glance(headline: Mapping[str, Any], result: EstimateResult | None) -> Glance:
    """The figures as saved, in words; ``result`` adds the names and the findings, where the build can still be made."""
    return Glance(
        machine=_machine(result) if result else "",
        runs=_runs(headline, result),
        speed=_speed(headline, result),
        cost=_cost(headline, result),
        catch=_catch(headline, result),
    )


def main_catch(findings: tuple[Finding, ...]) -> Finding | None:
    """The worst finding: what keeps it from starting first, then by severity, the machine before the market. None
    where nothing is wrong and nothing unknown."""
    catches = [finding for finding in findings if finding.severity in CATCHES]
    return min(
        catches,
        key=lambda finding: (
            finding.starts,
            SEVERITIES.index(finding.severity),
            _PLACE_OF_RULE.get(finding.id, len(RULES)),
        ),
        default=None,
    )


def _machine(result: EstimateResult) -> str:
    build = result.build
    words = f"{build.gpu_count} × {build.gpu.name}"
    if build.carrier is None:
        return words
    boards = f"{build.carrier_count} × " if build.carrier_count > 1 else ""
    return f"{words} on {boards}{build.carrier.name}"


def _runs(headline: Mapping[str, Any], result: EstimateResult | None) -> Fact:
    label = f"Runs {result.workload.model.name}?" if result else "Does it fit?"
    used = f"{gib_number(headline['used_mib'])} of {gib(headline['capacity_mib'])}"
    if result:
        used = f"{result.workload.quant}, {used}, {count(result.workload.context_tokens)} tokens of context"
    if result and result.cannot_run:
        return Fact(label, "Not as chosen", next(f.title for f in result.estimate.findings if not f.starts), "blocker")
    if headline["fits"]:
        if headline["severities"]["blocker"]:
            return Fact(label, "Fits, but see the catch", used, "caution")
        return Fact(label, "Yes, it fits", used, "ok")
    short = f"GPU {headline['tightest_gpu']} is {gib(-headline['tightest_free_mib'])} short"
    if headline["decode_tok_s"]:
        return Fact(label, "Only with host RAM", f"{short}; {headline.get('in_host_ram', '')} in host RAM", "caution")
    return Fact(label, "No, it does not fit", short, "blocker")


def _speed(headline: Mapping[str, Any], result: EstimateResult | None) -> Fact:
    if not headline["decode_tok_s"]:
        why = "no such split in this runtime" if headline["fits"] else "what does not fit does not run"
        return Fact("How fast", UNKNOWN, why, "unknown")
    words = tok_s(Range(*headline["decode_tok_s"]))
    if result is None:
        return Fact("How fast", words, "in one stream")
    depth = result.workload.depth_tokens
    at = f"{count(depth)} tokens deep" if depth else "at an empty cache"
    return Fact("How fast", words, f"{'if it ran, ' if result.cannot_run else ''}in one stream {at}")


def _cost(headline: Mapping[str, Any], result: EstimateResult | None) -> Fact:
    landed = Money(*(Decimal(amount) for amount in headline["landed_usd"]))
    unpriced: int = headline["unpriced"]
    not_counted = f"{unpriced} unknown, not counted" if unpriced else ""
    if unpriced and not landed.high:
        return Fact("Costs, landed", UNKNOWN, not_counted, "unknown")
    prices = f"prices of {month(result.prices_from)}" if result and result.prices_from else ""
    notes = ", ".join(note for note in (prices, not_counted) if note)
    return Fact("Costs, landed", f"{'at least ' if unpriced else ''}{money(landed)}", notes)


def _catch(headline: Mapping[str, Any], result: EstimateResult | None) -> Fact:
    counts = headline["severities"]
    worst = main_catch(result.estimate.findings) if result else None
    if worst is not None:
        others = {severity: counts[severity] - (severity == worst.severity) for severity in CATCHES}
        more = [tally(number, severity) for severity, number in others.items() if number > 0]
        return Fact("Main catch", worst.title, f"and {', '.join(more)}" if more else "", worst.severity)
    found = [(severity, counts[severity]) for severity in CATCHES if counts[severity]]
    if found:
        return Fact("Main catch", ", ".join(tally(number, severity) for severity, number in found), "", found[0][0])
    return Fact("Main catch", "none found", f"{counts['ok']} checks passed", "ok")
