"""What a listing sells as the JSON of the command line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.field_errors import FieldError, InvalidFields, shortened
from sourcing.matching.decide import match
from sourcing.matching.price_text import read_price, unit_price
from sourcing.matching.types import ListingText, Match

# Labelled listings name two parts by their family, whatever the length or the suffix; the catalog has one of each.
FAMILY = {
    "sff-8654-8i-cable-75cm": "sff-8654-8i-cable",
    "waterblock-bykski-n-nvv100-32g-x": "waterblock-bykski-n-nvv100",
}


def answer(question: Any) -> dict[str, Any]:
    """The answer to one listing. Raises InvalidFields."""
    listing = read_listing(question)
    price = read_price(listing.price, listing.currency)
    found = with_lot(match(listing), price.lot)
    if not price.per_piece and price.lot not in (None, found.quantity):
        price = price._replace(amount=None)
    return {
        "part": FAMILY.get(found.part, found.part) if found.part else None,
        "quantity": found.quantity,
        "accept": found.accept,
        "reason": found.reason.value,
        "unit_price": unit_price(price, found.quantity),
        "evidence": list(found.evidence),
        "confidence": found.confidence,
    }


def with_lot(found: Match, lot: int | None) -> Match:
    """The match, with the number of units that only the price tells."""
    if lot is None or lot < 2 or found.quantity > 1:
        return found
    evidence = (*found.evidence, f"quantity {lot}: from the price")
    return Match(found.part, lot, found.accept, found.reason, evidence, found.confidence)


def read_listing(question: Any) -> ListingText:
    """The listing of one question; keys it does not know are passed over. Raises InvalidFields."""
    if not isinstance(question, Mapping):
        raise InvalidFields([FieldError("", f"{shortened(question)} is no listing; give an object with title.")])
    errors: list[FieldError] = []
    if not isinstance(question.get("title"), str):
        errors.append(FieldError("title", f"title is {shortened(question.get('title'))}; give text."))
    for key in ("marketplace", "item_group_type", "currency"):
        if not isinstance(question.get(key), str | None):
            errors.append(FieldError(key, f"{key} is {shortened(question[key])}; give text or null."))
    condition = _condition(question.get("condition_id"), errors)
    price = _price(question.get("price"), errors)
    if errors:
        raise InvalidFields(errors)
    return ListingText(
        question.get("marketplace") or "",
        question["title"],
        condition,
        question.get("item_group_type"),
        price,
        question.get("currency"),
    )


def _condition(value: Any, errors: list[FieldError]) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 6:
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    errors.append(FieldError("condition_id", f"condition_id is {shortened(value)}; give a whole number or null."))
    return None


def _price(value: Any, errors: list[FieldError]) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
        return f"{number:f}" if number.is_finite() else None
    if value is None or isinstance(value, str):
        return value
    errors.append(FieldError("price", f"price is {shortened(value)}; give text, a number or null."))
    return None
