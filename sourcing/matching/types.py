"""A listing as a marketplace gives it, and what the matcher makes of it."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    OK = "ok"
    NOT_IN_CATALOGUE = "not-in-catalogue"
    ACCESSORY_ONLY = "accessory-only"
    FOR_PARTS = "for-parts"
    VARIATION_GROUP = "variation-group"
    WRONG_FORM_FACTOR = "wrong-form-factor"
    AMBIGUOUS_MEMORY = "ambiguous-memory"
    CUT_DOWN_MEMORY = "cut-down-memory"
    BOX_OR_MANUAL_ONLY = "box-or-manual-only"
    BUNDLE = "bundle"
    RENTAL_OR_SERVICE = "rental-or-service"


@dataclass(frozen=True, slots=True)
class ListingText:
    """The fields of a listing that matching reads; ``price`` is text as it stood there."""

    marketplace: str
    title: str
    condition_id: int | None = None
    item_group_type: str | None = None
    price: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """``part`` is a catalog slug. A refused listing may name the part it would be."""

    part: str | None
    quantity: int
    accept: bool
    reason: Reason
    evidence: tuple[str, ...]
    confidence: float
