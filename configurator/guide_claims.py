"""The audited claims that pages show beside their figures. Which claim stands where is data here; what the guide says,
the verdict, what holds and how we know are the audit's (``catalog/data/claims``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from catalog import snapshot
from catalog.claim_models import Claim

DATA = Path(__file__).parent / "data" / "guide_claims.yaml"


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A row of the guide's table of boards on a ROMED8-2T, as printed."""

    boards: int
    gpus: int
    cards: int
    lanes: str
    claim: Claim | None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


@snapshot.kept
def audited() -> Mapping[str, Claim]:
    """Number -> claim, all of the audit; read once for each state of the catalog."""
    return {claim.number: claim for claim in Claim.objects.all()}


def claims_numbered(numbers: Iterable[str]) -> tuple[Claim, ...]:
    """The claims of some numbers in their order; one that is not in the catalog is left out."""
    known = audited()
    return tuple(known[number] for number in numbers if number in known)


def claims_on(page: str) -> tuple[Claim, ...]:
    return claims_numbered(_data()["pages"][page])


def guide_rows() -> tuple[GuideRow, ...]:
    known = audited()
    return tuple(GuideRow(**{**row, "claim": known.get(row["claim"])}) for row in _data()["rows"])


def guide_scaling() -> dict[str, tuple[float, float]]:
    """What eight GPUs are worth in training by the guide, from and to, by the server they are in."""
    return {row["carrier"]: (row["low"], row["high"]) for row in _data()["scaling"]}
