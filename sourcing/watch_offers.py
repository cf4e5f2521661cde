"""What watches are compared with: the offers of parts at one moment, at exchange rates that stand still meanwhile.

Queries do not grow with parts, offers, doors or currencies.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Min

from catalog.models import Part
from catalog.specs import PriceBand
from sourcing import exchange, prices
from sourcing.alerting import Door, Market, Offer, condition_group
from sourcing.landed.agents import OwnFigures
from sourcing.landed.cost import Order
from sourcing.landed.money import cents
from sourcing.landed.types import CURRENCY, Destination
from sourcing.listing_models import DailyPrice, Listing, Poll
from sourcing.marketplaces import MARKETPLACES, policy, searchable
from sourcing.offers import SUSPICIOUS_BELOW, Readied, may_be_shown, readied, shown, verdict_of

LEVEL_OVER = timedelta(days=30)
LEVEL_DAYS = 7
"""A level needs prices of so many days: of fewer nobody can say what is usual."""
NOT_TOLD = "Shipping"


class Markets:
    """The markets of parts, each made when it is first asked for. Use within ``snapshot.one_state()``."""

    def __init__(self, now: datetime, rates_day: date | None = None) -> None:
        self.now = now
        self.rates = exchange.rates_on(rates_day or now.date())
        # Every day's rates are stored once and never change, so the day stands for them.
        self.rates_day = max((rate.as_of for rate in self.rates.by_currency.values()), default=now.date())
        self.listings: dict[str, Listing] = {}
        self._slugs: dict[int, str] = {}
        self._readied: dict[str, list[Readied]] = {}
        self._answered: dict[str, dict[str, bool]] = {}
        self._levels: dict[str, Decimal] = {}
        self._bands: dict[str, PriceBand] = {}
        self._orders: dict[tuple[Destination, Decimal | None], Order] = {}
        self._offers: dict[tuple[str, str], list[Offer]] = {}
        self._doors: dict[tuple[int, Destination, Decimal | None], Door] = {}
        self._made: dict[tuple[str, str, str, Decimal | None, str], Market] = {}

    def load(self, part_ids: Collection[int]) -> None:
        """Read what is on offer for parts; those that are there already are not read again."""
        missing = set(part_ids) - self._slugs.keys()
        if not missing:
            return
        slugs = dict(Part.objects.filter(pk__in=missing).values_list("pk", "slug"))
        self._slugs |= slugs
        rows: dict[int, list[Listing]] = defaultdict(list)
        for listing in self.on_offer(slugs):
            rows[listing.part_id or 0].append(listing)
            self.listings[listing.key] = listing
        answered = self.answered(slugs)
        levels = _levels(slugs, self.now.date())
        self._bands |= prices.band_lines(slugs.values())
        for pk, slug in slugs.items():
            self._readied[slug] = readied(rows[pk], slug, self.rates, self.now.date())
            self._answered[slug] = answered[pk]
            if pk in levels:
                self._levels[slug] = levels[pk]

    def on_offer(self, part_ids: Iterable[int]) -> list[Listing]:
        """Offers with a price that may be shown."""
        return _fresh(part_ids, self.now)

    def answered(self, part_ids: Collection[int]) -> dict[int, dict[str, bool]]:
        """For each part, of every marketplace that is asked, whether it has answered lately."""
        asked = searchable()
        rows = Poll.objects.filter(part__in=list(part_ids), marketplace__in=asked)
        succeeded = {(row.part_id, row.marketplace): row.last_succeeded for row in rows}
        return {pk: {one: self._is_recent(one, succeeded.get((pk, one))) for one in asked} for pk in part_ids}

    def slug_of(self, part_id: int) -> str | None:
        """Of a part that was loaded; None where there is no such part."""
        return self._slugs.get(part_id)

    def market(self, slug: str, door: Destination, clearance_usd: Decimal | None, currency: str) -> Market:
        """One part at one door, in one currency; only parts that were loaded are asked for."""
        place = (slug, door.country, door.region, clearance_usd, currency)
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._make(slug, door, clearance_usd, currency)
        return made

    def lowest(self, slug: str, currency: str) -> Decimal | None:
        """What a piece costs at least, of all that is on offer; None where nothing is, or there is no rate."""
        known = [one.cost.piece for one in self._readied[slug] if one.cost is not None]
        return self.in_currency(min(known), currency) if known else None

    def _is_recent(self, marketplace: str, succeeded: datetime | None) -> bool:
        return succeeded is not None and succeeded >= self.now - policy(marketplace).show_at_most

    def _make(self, slug: str, door: Destination, clearance_usd: Decimal | None, currency: str) -> Market:
        order, band, level = self._order(door, clearance_usd), self._bands.get(slug), self._levels.get(slug)
        by_key = {one.listing.key: one for one in self._readied[slug]}

        def at_the_door(offer: Offer) -> Door:
            dollars = self._door(by_key[offer.key], order, band)
            return dollars if dollars.total is None else Door(self.in_currency(dollars.total, currency))

        return Market(
            self._offers_in(slug, currency),
            at_the_door,
            answered=self._answered[slug],
            floor=None if band is None else self.in_currency(band.low, currency),
            level=None if level is None else self.in_currency(level, currency),
        )

    def _offers_in(self, slug: str, currency: str) -> list[Offer]:
        """The same at every door."""
        if (slug, currency) not in self._offers:
            band, level = self._bands.get(slug), self._levels.get(slug)
            self._offers[slug, currency] = [self._offer(one, band, level, currency) for one in self._readied[slug]]
        return self._offers[slug, currency]

    def _order(self, door: Destination, clearance_usd: Decimal | None) -> Order:
        if (door, clearance_usd) not in self._orders:
            order = prices.order_of([], door, entry_date=self.now.date(), rates_of=self.now.date())
            self._orders[door, clearance_usd] = replace(
                order, rates=self.rates, own=OwnFigures(brokerage_usd=clearance_usd)
            )
        return self._orders[door, clearance_usd]

    def _offer(self, one: Readied, band: PriceBand | None, level: Decimal | None, currency: str) -> Offer:
        listing, cost = one.listing, one.cost
        return Offer(
            key=listing.key,
            marketplace=listing.marketplace,
            condition=condition_group(listing.condition_id),
            country=listing.country,
            pieces=listing.quantity,
            item_total=None if cost is None else self.in_currency(cost.price, currency),
            shipped_total=None
            if cost is None or cost.shipping is None
            else self.in_currency(cost.price + cost.shipping, currency),
            suspicious=cost is not None and _is_suspicious(cents(cost.unit), band, level),
            read_twice=listing.read_twice,
        )

    def _door(self, one: Readied, order: Order, band: PriceBand | None) -> Door:
        """In dollars, worked out once whatever the currencies it is asked for in: by far the dearest sum here."""
        place = (one.listing.pk, order.destination, order.own.brokerage_usd)
        if place not in self._doors:
            self._doors[place] = _door(one, order, band)
        return self._doors[place]

    def in_currency(self, usd: Decimal, currency: str) -> Decimal | None:
        """Dollars in another currency, in cents."""
        if currency == CURRENCY:
            return cents(usd)
        rate = self.rates.by_currency.get(currency)
        return None if rate is None else cents(usd / rate.usd)


def _door(one: Readied, order: Order, band: PriceBand | None) -> Door:
    offer = shown(one, order, band)
    whole = offer.landed.parts[0].total if offer.landed is not None and offer.landed.parts else None
    if offer.landed is None or whole is None:
        return Door(None, ("the price",))
    missing = (*offer.landed.unknown, *([NOT_TOLD] if one.listing.shipping is None else []))
    return Door(None, missing) if missing else Door(whole.high)


def _fresh(part_ids: Iterable[int], now: datetime) -> list[Listing]:
    """Offers with a price that may still be shown."""
    return list(
        Listing.objects.accepted()
        .on_offer()
        .with_a_price()
        .filter(may_be_shown(now), part__in=list(part_ids))
        .order_by("pk")
    )


def _levels(part_ids: Iterable[int], today: date) -> dict[int, Decimal]:
    """What parts have cost lately, in dollars: the median of the days, where there are enough of them and the
    marketplace lets its prices be kept."""
    kept = [slug for slug in MARKETPLACES if policy(slug).keep_history]
    rows = DailyPrice.objects.filter(
        part__in=list(part_ids), marketplace__in=kept, day__gte=today - LEVEL_OVER, day__lt=today
    ).values_list("part_id", "day", "low_three_usd")
    by_part: dict[int, dict[date, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for part_id, day, amount in rows:
        by_part[part_id][day].append(amount)
    return {
        part_id: cents(median(min(amounts) for amounts in days.values()))
        for part_id, days in by_part.items()
        if len(days) >= LEVEL_DAYS
    }


def recent_low(part_id: int, today: date) -> Decimal | None:
    """The least a part has cost with shipping in the last weeks, in dollars, where prices may be kept."""
    kept = [slug for slug in MARKETPLACES if policy(slug).keep_history]
    rows = DailyPrice.objects.filter(part=part_id, marketplace__in=kept, day__gte=today - LEVEL_OVER)
    lowest: Decimal | None = rows.aggregate(lowest=Min("lowest_usd"))["lowest"]
    return lowest


def _is_suspicious(unit_usd: Decimal, band: PriceBand | None, level: Decimal | None) -> bool:
    """Far under the band; without a band far under the level; without either nothing vouches for any price."""
    if band is not None:
        return verdict_of(unit_usd, band) == "suspicious"
    return level is None or unit_usd < level * SUSPICIOUS_BELOW
