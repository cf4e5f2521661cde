"""The guide's claims on scaling out and on training, with verdicts: data that two pages show beside their figures."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from catalog.figures import source_of
from catalog.provenance import Source

DATA = Path(__file__).parent / "data" / "guide_claims.yaml"


@dataclass(frozen=True, slots=True)
class GuideClaim:
    """One claim, what the audit says of it, and what is ours in its place."""

    id: str
    page: str
    claim: str
    guide: str
    verdict: str  # confirmed, misleading, inconsistent, wrong, unverifiable
    ours: str
    source: Source


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A row of the guide's table of boards on a ROMED8-2T, as printed."""

    boards: int
    gpus: int
    cards: int
    lanes: str
    claim: GuideClaim


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def guide_claims() -> tuple[GuideClaim, ...]:
    data = _data()
    return tuple(GuideClaim(**{**row, "source": source_of(data["sources"][row["source"]])}) for row in data["claims"])


def claims_on(page: str) -> tuple[GuideClaim, ...]:
    return tuple(claim for claim in guide_claims() if claim.page == page)


def guide_rows() -> tuple[GuideRow, ...]:
    by_id = {claim.id: claim for claim in guide_claims()}
    return tuple(GuideRow(**{**row, "claim": by_id[row["claim"]]}) for row in _data()["rows"])


def guide_scaling() -> dict[str, tuple[float, float]]:
    """What eight GPUs are worth in training by the guide, from and to, by the server they are in."""
    return {row["carrier"]: (row["low"], row["high"]) for row in _data()["scaling"]}
