"""What an export tells of a build, whatever its format: headline, workload, catches, in words on one line each."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.templatetags.quantities import NBSP, day, money, month, tok_s
from configurator.estimates import BuildLine, EstimateResult
from configurator.forms import visible
from configurator.sharing import headline, headline_in_words


@dataclass(frozen=True)
class PassedOn:
    """A build to be passed on. ``address`` opens its choice in the configurator; ``saved_at`` its shared page, if any.

    ``result`` must hold no offers: marketplaces do not let them be passed on.
    """

    result: EstimateResult
    address: str
    title: str = ""
    saved_at: str = ""

    @property
    def name(self) -> str:
        build, workload = self.result.build, self.result.workload
        return self.title or f"{workload.model.name} on {build.gpu_count} × {build.gpu.name}"

    @property
    def workload(self) -> str:
        """What it is to run, in one sentence's worth of words."""
        result, workload = self.result, self.result.workload
        watts = result.supply.power_limit_w or result.build.gpu.default_power_w
        streams = f", {workload.streams} streams" if workload.streams > 1 else ""
        return (
            f"{workload.model.name} {workload.quant}, {workload.context_tokens:,} tokens of context{streams}, "
            f"{workload.runtime}, split {workload.split}, {watts} W a GPU, {result.supply.circuit.name}, "
            f"delivered to {result.choice['country']}"
        )

    @property
    def figures(self) -> dict[str, str]:
        """Label -> words of the figures that are asked for first."""
        result = self.result
        words = headline_in_words(headline(result))
        if result.estimate.memory.fits:
            index, free_mib = result.tightest
            words["Fits"] += f", {free_mib / 1024:.1f} GiB free on the tightest GPU ({index})"
        priced = f", prices of {month(result.prices_from)} or later" if result.prices_from else ""
        words["Landed"] += f" (duties of {day(result.as_of)}{priced})"
        speed = result.estimate.speed
        if speed is None:
            return words
        # Prefill belongs beside decode.
        ordered = {}
        for label, text in words.items():
            ordered[label] = text
            if label == "Decode":
                ordered["Prefill"] = tok_s(speed.prefill_tok_s)
        return ordered

    def price_from(self, line: BuildLine) -> str:
        """Where a line's price is from: own, band, or none where nobody knows one."""
        return "own" if self.result.choice[f"{line.slot}_price"] is not None else line.priced.basis

    @property
    def catches(self) -> list[tuple[str, str]]:
        """(severity, title) of what speaks against it."""
        findings = self.result.estimate.findings
        return [(each.severity, each.title) for each in findings if each.severity in ("blocker", "caution")]

    @property
    def colophon(self) -> str:
        return f"Estimates, not promises. Estimator {self.result.engine_version}."


def priced_in_words(line: BuildLine) -> tuple[str, str]:
    """The price of one piece and of the line; an unknown price is said, and is no zero."""
    if line.owned == line.count:
        return "owned", ""
    unit = line.priced.unit
    return (money(unit), money(line.subtotal)) if unit is not None else ("no price known", "")


def one_line(text: str) -> str:
    """Text without line breaks, control and direction characters, which could turn round what stands beside it."""
    return " ".join("".join(_plain(text)).split())


def _plain(text: str) -> Iterator[str]:
    for character in text:
        if character == NBSP or character in "\r\n\t":
            yield " "
        elif visible(character):
            yield character
