"""A build as text for a forum. What people typed is escaped, so that a title cannot break the table."""

import re

from catalog.templatetags.quantities import money
from configurator.estimates import EstimateResult
from configurator.sharing import headline, headline_in_words

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def markdown(result: EstimateResult, *, title: str, address: str) -> str:
    """The build as a Markdown table with its headline figures, its worst findings and its address."""
    workload = result.workload
    lines = [
        f"**{escape(title or 'Voltaic build')}**",
        "",
        f"{escape(workload.model.name)} {workload.quant}, {workload.context_tokens:,} tokens of context, "
        f"{workload.runtime}, split {workload.split}, "
        f"{result.supply.power_limit_w or result.build.gpu.default_power_w} W a GPU, "
        f"{escape(result.supply.circuit.name)}, delivered to {result.choice['country']}",
        "",
        "| Part | Quantity | Unit price | Subtotal |",
        "|:--|--:|--:|--:|",
    ]
    for line in result.lines:
        unit = money(line.priced.unit) if line.priced.unit else "no price known"
        subtotal = money(line.subtotal) if line.subtotal else ""
        lines.append(f"| {escape(line.priced.name)} | {line.priced.quantity} | {unit} | {subtotal} |")
    lines += ["", "| | |", "|:--|:--|"]
    lines += [f"| {label} | {words} |" for label, words in headline_in_words(headline(result)).items()]
    worst = [finding for finding in result.estimate.findings if finding.severity in ("blocker", "caution")]
    if worst:
        lines += ["", *(f"- **{finding.severity}**: {escape(finding.title)}" for finding in worst)]
    if result.cost.unknown:
        lines += ["", f"Not in the total: {escape('; '.join(result.cost.unknown))}"]
    lines += [
        "",
        f"Duties of {result.as_of.isoformat()}, prices as dated, estimator {result.engine_version}. "
        f"Estimates, not promises: [{address}]({address})",
        "",
    ]
    return "\n".join(lines)
