"""What a watch would do now, and which targets make sense: for the form, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog import snapshot
from catalog.models import Part
from sourcing.alerting import Condition, Decision, Market, Memory, PriceKind, Terms, decide, in_words
from sourcing.alerting.types import Filters
from sourcing.landed.types import Destination
from sourcing.watch_offers import Markets, recent_low
from sourcing.watch_wishes import Wish, columns_of, lines_of


@dataclass(frozen=True, slots=True)
class Preview:
    """``words``: Yes or No, because of what. ``limit`` is what prices are compared with, in the watch's currency."""

    fires: bool
    words: str
    limit: Decimal | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestedTarget:
    """``why`` in words, such as: the floor of the published band, with shipping."""

    amount: Decimal
    currency: str
    why: str


def preview(wish: Wish, now: datetime) -> Preview:
    """Whether a watch like this would fire now. The same function decides as later. Raises InvalidWatch."""
    lines, left_out = lines_of(wish)
    columns_of(wish, lines)
    terms = terms_of(wish, lines)
    decision, markets = _decided(terms, wish, [part for part, _ in lines], now)
    return Preview(decision.fires, in_words(decision, terms, markets), decision.limit, left_out)


def suggested_targets(
    part: Part, destination: Destination, currency: str, now: datetime, *, clearance_usd: Decimal | None = None
) -> tuple[SuggestedTarget, ...]:
    """Targets that are neither met at once nor out of reach: what is known of them, the lowest first."""
    with snapshot.one_state():
        markets = Markets(now)
        markets.load([part.pk])
        market = markets.market(part.slug, destination, clearance_usd, currency)
        at_the_door = [market.price(offer, PriceKind.LANDED) for offer in market.offers]
        low = recent_low(part.pk, now.date())
    found = [
        (market.floor, "the floor of the published band, before customs"),
        (None if low is None else markets.in_currency(low, currency), "its lowest price of the last 30 days"),
        (market.level, "its level of the last 30 days, with shipping"),
        (min((one for one in at_the_door if one is not None), default=None), "the lowest offer at your door now"),
    ]
    suggested = [SuggestedTarget(amount, currency, why) for amount, why in found if amount is not None]
    return tuple(sorted(suggested, key=lambda one: one.amount))


def terms_of(wish: Wish, lines: Sequence[tuple[Part, int]]) -> Terms:
    """A wish that was found good, as what is decided on."""
    return Terms(
        condition=Condition(wish.condition),
        lines=tuple((part.slug, count) for part, count in lines),
        price=PriceKind(wish.price),
        currency=wish.currency,
        target=wish.target,
        percent=wish.percent,
        whole=wish.whole,
        filters=Filters(wish.marketplace, wish.offer_condition, wish.offer_country.upper()),
        refire_percent=wish.refire_percent,
    )


def _decided(terms: Terms, wish: Wish, parts: Sequence[Part], now: datetime) -> tuple[Decision, dict[str, Market]]:
    with snapshot.one_state():
        markets = Markets(now)
        markets.load([part.pk for part in parts])
        door = Destination(wish.country, wish.region)
        of_parts = {part.slug: markets.market(part.slug, door, wish.clearance_usd, wish.currency) for part in parts}
        return decide(terms, Memory(), of_parts, now), of_parts
