"""Why a watch did or did not fire: its history played through the same decisions, its alerts, and what it says now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from catalog import snapshot
from sourcing import alerts
from sourcing.alerting import Memory, Terms, decide, in_words, judge, money
from sourcing.alerting.decide import limit_of
from sourcing.alerting.words import asked_for
from sourcing.listing_models import Listing, PriceObservation
from sourcing.marketplaces import policy
from sourcing.outbox_models import Alert
from sourcing.watch_models import Watch
from sourcing.watch_offers import Markets

MOST_MOMENTS = 400


class PastMarkets(Markets):
    """What was on offer at a moment of the past, as far as prices were kept: an offer stands from one observation to
    the next, and after its last one for as long as it might have been shown."""

    def __init__(
        self,
        moment: datetime,
        observations: Collection[PriceObservation],
        there: Mapping[int, Listing],
        ended: Mapping[int, datetime],
    ) -> None:
        super().__init__(moment)
        self._observations, self._there, self._ended = observations, there, ended

    def on_offer(self, part_ids: Iterable[int]) -> list[Listing]:
        last: dict[int, Listing] = {}
        for row in self._observations:
            if row.observed_at <= self.now and row.part_id in part_ids:
                before = last.get(row.listing_id)
                last[row.listing_id] = _as_listing(row, before, self._there.get(row.listing_id), self.now)
        return [listing for pk, listing in last.items() if self.now <= self._ended[pk]]

    def answered(self, part_ids: Collection[int]) -> dict[int, dict[str, bool]]:
        """A moment is one at which somebody has answered."""
        asked = {row.marketplace: True for row in self._observations}
        return dict.fromkeys(part_ids, asked)


def explain(watch: Watch, now: datetime) -> Iterator[str]:
    """Line by line, for people."""
    terms = watch.terms
    yield f"Watch {watch.pk}, {watch.name}: {asked_for(terms, None)}"
    yield _standing(watch)
    yield ""
    yield "Prices that were kept, played through from the beginning:"
    yield from _replayed(watch, terms, now)
    yield ""
    yield "Alerts on record:"
    there = {row.key: str(row) for row in Listing.objects.filter(part__in=alerts.parts_of(watch))}
    told = [
        f"  {row.created_at:%Y-%m-%d %H:%M} UTC  {_listing_of(row, there)}  "
        f"{'no price' if row.price is None else money(row.price, row.currency)}: {row.state}"
        f" after {row.attempts} attempts. {row.last_error}".rstrip()
        for row in watch.alerts.order_by("pk")
    ]
    yield from told or ["  none"]
    yield ""
    yield "Now:"
    yield from _now(watch, terms, now)


def _listing_of(alert: Alert, there: Mapping[str, str]) -> str:
    """The alert knows its listing by a keyed hash only."""
    if alert.key.startswith("all:"):
        return "several together"
    return there.get(alert.key, "no longer on record")


def _standing(watch: Watch) -> str:
    if watch.confirmed_at is None:
        return "Silent: its owner has not confirmed it."
    if watch.paused_at is not None:
        return f"Silent: paused or unsubscribed on {watch.paused_at:%Y-%m-%d %H:%M} UTC."
    if watch.subscriber.suppressed_at is not None:
        return "Silent: mails to its owner came back, or were reported as unwanted."
    looked = "never looked at" if watch.checked_at is None else f"first looked at {watch.checked_at:%Y-%m-%d %H:%M} UTC"
    return f"Confirmed on {watch.confirmed_at:%Y-%m-%d %H:%M} UTC, {looked}, {watch.state}."


def _replayed(watch: Watch, terms: Terms, now: datetime) -> Iterator[str]:
    observations = _observations(watch)
    there = Listing.objects.in_bulk({row.listing_id for row in observations})
    ended = _ends(observations, there)
    moments = sorted({row.observed_at for row in observations} | {at for at in ended.values() if at < now})
    since = watch.confirmed_at or watch.created_at
    memory, said = Memory(), ""
    part_ids = alerts.parts_of(watch)
    with snapshot.one_state():
        for moment in [at for at in moments if at >= since][-MOST_MOMENTS:]:
            markets = PastMarkets(moment, observations, there, ended)
            markets.load(part_ids)
            of_parts = alerts.markets_of(watch, terms, markets)
            decision = decide(terms, memory, of_parts, moment)
            memory = decision.memory
            words = in_words(decision, terms, of_parts)
            if words != said or decision.fires:
                yield f"  {moment:%Y-%m-%d %H:%M} UTC  {words}"
            said = words
    if not said:
        yield "  none since the watch was confirmed (prices that may not be kept are not on record)"


def _observations(watch: Watch) -> list[PriceObservation]:
    return list(
        PriceObservation.objects.filter(part__in=alerts.parts_of(watch)).counted().order_by("observed_at", "pk")
    )


def _ends(observations: Iterable[PriceObservation], there: Mapping[int, Listing]) -> dict[int, datetime]:
    """When each listing was on offer for the last time; of one that is still there nobody knows yet."""
    ends = {}
    for pk, row in {row.listing_id: row for row in observations}.items():
        listing = there.get(pk)
        seen = row.observed_at if listing is None else listing.gone_at or listing.last_seen
        ends[pk] = seen if listing is not None and listing.gone_at else seen + policy(row.marketplace).show_at_most
    return ends


def _as_listing(row: PriceObservation, before: Listing | None, there: Listing | None, moment: datetime) -> Listing:
    """An observation as the listing it was of. Of one that is gone, country and condition are not known any more."""
    same = before is not None and (
        before.price, before.currency, before.shipping, before.quantity, before.part_id
    ) == (row.price, row.currency, row.shipping, row.quantity, row.part_id)  # fmt: skip
    return Listing(
        pk=row.listing_id, marketplace=row.marketplace,
        external_id=f"#{row.listing_id}" if there is None else there.external_id,
        country="" if there is None else there.country,
        condition_id=None if there is None else there.condition_id,
        part_id=row.part_id,
        quantity=row.quantity, price=row.price, currency=row.currency, shipping=row.shipping, last_seen=moment,
        priced_at=before.priced_at if same and before is not None else row.observed_at,
    )  # fmt: skip


def _now(watch: Watch, terms: Terms, now: datetime) -> Iterator[str]:
    with snapshot.one_state():
        markets = Markets(now)
        markets.load(alerts.parts_of(watch))
        of_parts = alerts.markets_of(watch, terms, markets)
        memory = alerts.memory_of(watch, watch.firings.all())
        yield f"  {in_words(decide(terms, memory, of_parts, now), terms, of_parts)}"
        if terms.gone:
            return
        limit = limit_of(terms, of_parts)
        if limit is None or terms.whole:
            return
        for market in of_parts.values():
            for offer in market.offers:
                price = market.price(offer, terms.kind)
                said = "price not known in full" if price is None else money(price, terms.currency)
                reason = judge(offer, terms, memory, market, limit).name.lower().replace("_", " ")
                yield f"  {markets.listings[offer.key]}  {said}: {reason}"
