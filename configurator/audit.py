"""The audit's claims beside what the estimator says today, computed by the engine of the configurator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from catalog import snapshot
from catalog.claim_models import Claim
from configurator.choice import InvalidChoice
from configurator.claim_figures import FIGURES, finding
from configurator.estimates import EstimateResult, estimate_choice, read_choice
from configurator.estimation.types import Finding

GUIDE_SAYS: Mapping[str, str] = {
    "confirmed": "The guide says so too",
    "wrong": "The guide says otherwise",
    "inconsistent": "The guide says otherwise",
    "misleading": "The guide tells half of it",
    "unverifiable": "The guide says, and nobody can check",
}
"""What the guide says of a finding, by the audit's verdict on the claim."""


@dataclass(frozen=True, slots=True)
class OurFigure:
    """What is asked, what comes out, and the configurator's query that shows it. ``text`` empty: it has no answer."""

    what: str
    text: str
    query: str


def our_figures(as_of: date) -> Mapping[str, tuple[OurFigure, ...]]:
    """Number of a claim -> our figures beside it, with the prices and duties of a day.

    Kept for the day and the state of the catalog; engine and process are one.
    """
    with snapshot.one_state() as state:
        return _our_figures(state, as_of)


def guide_says(findings: Iterable[Finding]) -> dict[str, dict[str, list[str]]]:
    """Finding -> words -> the numbers of the guide's claims that they are said of."""
    verdicts = snapshot.verdicts()
    said: dict[str, dict[str, list[str]]] = {}
    for found in findings:
        for number in found.claims:
            if number in verdicts:
                said.setdefault(found.id, {}).setdefault(GUIDE_SAYS[verdicts[number]], []).append(number)
    return said


@lru_cache(maxsize=2)
def _our_figures(_catalog: snapshot.Stamp | None, as_of: date) -> Mapping[str, tuple[OurFigure, ...]]:
    estimated: dict[str, EstimateResult | None] = {}
    return {
        claim.number: tuple(_figures(claim.questions(), as_of, estimated))
        for claim in Claim.objects.exclude(computes=[])
    }


def _figures(
    questions: Iterable[Mapping[str, Any]], as_of: date, estimated: dict[str, EstimateResult | None]
) -> Iterable[OurFigure]:
    """Each question's answer. Many claims ask about the same machine, which is then estimated once."""
    for asked in questions:
        key = repr(sorted(asked["query"].items()))
        if key not in estimated:
            estimated[key] = _estimate(asked["query"], as_of)
        result = estimated[key]
        if result is None:
            yield OurFigure(asked["what"], "", "")
        elif asked["figure"] == "finding":
            yield OurFigure(asked["what"], finding(result, asked["finding"]), result.query)
        else:
            yield OurFigure(asked["what"], FIGURES[asked["figure"]](result), result.query)


def _estimate(settings: Mapping[str, str], as_of: date) -> EstimateResult | None:
    """None where a setting names what the catalog no longer has, as after a change by hand."""
    try:
        return estimate_choice(read_choice(settings), as_of=as_of)
    except InvalidChoice:
        return None
