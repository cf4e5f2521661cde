"""The audit's claims beside what the estimator says today, computed by the engine of the configurator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog import snapshot
from catalog.claim_models import Claim
from configurator.choice import InvalidChoice
from configurator.claim_figures import FIGURES, finding
from configurator.estimates import EstimateResult, estimate_choice, read_choice
from configurator.estimation.rules.audited import CLAIMS

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


@snapshot.kept
def guide_says() -> Mapping[str, SafeString]:
    """Finding -> a line of what the guide says of it, with links; drawn once for each state of the catalog, since the
    same few stand on every build."""
    verdicts = dict(Claim.objects.values_list("number", "verdict"))
    lines = {}
    for slug, numbers in CLAIMS.items():
        said: dict[str, list[str]] = {}
        for number in numbers:
            if number in verdicts:
                said.setdefault(GUIDE_SAYS[verdicts[number]], []).append(number)
        lines[slug] = render_to_string("configurator/_guide_says.html", {"said": said})
    return lines


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
