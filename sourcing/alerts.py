"""Which watches fire on what is on offer now. Each firing becomes an Alert row, which is its own outbox.

Watches are checked in batches with the same number of queries each, however many they are. A batch is one transaction
that holds its watches' rows, so that of two workers on the same watch the second sees what the first has decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from catalog import snapshot
from sourcing.alerting import Condition, Decision, Market, Memory, State, Terms, decide, in_words, judge
from sourcing.alerting.types import Find, Reason
from sourcing.mail_ids import new_message_id
from sourcing.models import CURRENCIES
from sourcing.outbox_models import Alert, AlertQuerySet, Firing
from sourcing.watch_models import AT_ONCE, Watch, WatchLine
from sourcing.watch_offers import Markets

BATCH = 2_000
MOST_UNCHECKED = 500
REMEMBERED = ("state", "last_key", "last_price", "last_at", "checked_at")
OVERTAKEN = "A later alert of the same watch has overtaken it."


@dataclass(frozen=True, slots=True)
class Checked:
    """How many watches were looked at, and the alerts that are to be sent at once."""

    watches: int
    alerts: tuple[int, ...]


def check(part_id: int, now: datetime) -> Checked:
    """Check every watch that a part can make fire. Running it again fires nothing again."""
    with snapshot.one_state():
        markets = Markets(now)
        markets.load([part_id])
        slug = markets.slug_of(part_id)
        if slug is None:
            return Checked(0, ())
        wanted = Watch.objects.active().of_part(part_id).filter(_may_change(markets, slug))
        watches, alerts, last = 0, [], 0
        while ids := list(wanted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            last = ids[-1]
            watches += len(ids)
            alerts += _check_batch(ids, markets, now)
    return Checked(watches, tuple(alerts))


def check_watch(watch_id: int, now: datetime) -> Checked:
    """Check one watch, as when it was just confirmed: it fires at once if what it waits for is there already."""
    with snapshot.one_state():
        ids = list(Watch.objects.active().filter(pk=watch_id).values_list("pk", flat=True))
        return Checked(len(ids), tuple(_check_batch(ids, Markets(now), now)))


def unchecked() -> list[int]:
    """Watches that were confirmed, or whose alert was taken back, and that nobody has looked at since."""
    waiting = Watch.objects.active().never_checked().order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:MOST_UNCHECKED])


def markets_of(watch: Watch, terms: Terms, markets: Markets) -> dict[str, Market]:
    """The market of each part of a watch, as its owner sees it. The parts must be loaded."""
    door = watch.destination
    return {slug: markets.market(slug, door, watch.clearance_usd, watch.currency) for slug, _ in terms.lines}


def parts_of(watch: Watch) -> set[int]:
    """Its parts that are in the catalog."""
    return {line.part_id for line in watch.lines.all() if line.part_id is not None}


def memory_of(watch: Watch, firings: Iterable[Firing]) -> Memory:
    return Memory(
        State(watch.state),
        watch.last_key,
        watch.last_price,
        watch.last_at,
        {firing.key: firing.price for firing in firings if firing.price is not None},
    )


def _may_change(markets: Markets, slug: str) -> Q:
    """Leaves out what cannot change: armed watches on one piece whose target lies below every offer, and of which
    nothing that was told still counts."""
    # What was told of an offer that has gone counts until it is back, and too dear.
    told = Exists(Firing.objects.filter(watch=OuterRef("pk"), price__isnull=False))
    waiting = Q(~told, state=State.ARMED, condition=Condition.TARGET, whole=False, checked_at__isnull=False)
    reached = Q(pk=None)
    for currency in CURRENCIES:
        lowest = markets.lowest(slug, currency)
        if lowest is not None:
            reached |= Q(currency=currency, target__gte=lowest)
    return ~waiting | reached


def with_lines(watches: "QuerySet[Watch]") -> "QuerySet[Watch]":
    return watches.select_related("subscriber").prefetch_related("lines")


def _check_batch(ids: Sequence[int], markets: Markets, now: datetime) -> list[int]:
    """Decide for watches and write what came of it; returns the alerts that are to be sent at once."""
    with transaction.atomic():
        # Asked for again under the lock: a watch may have been paused, or another worker may have let it fire.
        locked = Watch.objects.filter(pk__in=ids, paused_at=None).order_by("pk").select_for_update(of=("self",))
        watches = list(locked)
        lines, firings = _lines(ids, markets), _firings(ids)
        decided = [
            (watch, _decide(watch.terms_on(*lines[watch.pk]), watch, firings[watch.pk], markets, now))
            for watch in watches
            if watch.pk in lines
        ]
        return _write(decided, firings, markets, now)


def _lines(
    watch_ids: Sequence[int], markets: Markets
) -> dict[int, tuple[tuple[tuple[str, int], ...], tuple[str, ...]]]:
    """The lines of watches, whose parts are loaded, and the names of their parts that are gone. Rows of models would
    take most of the time of a batch."""
    rows = list(
        WatchLine.objects.filter(watch__in=watch_ids)
        .order_by("pk")
        .values_list("watch_id", "part_id", "slug", "name", "quantity")
    )
    markets.load({part_id for _, part_id, *_ in rows if part_id is not None})
    found: dict[int, tuple[tuple[tuple[str, int], ...], tuple[str, ...]]] = defaultdict(lambda: ((), ()))
    for watch_id, part_id, slug, name, quantity in rows:
        lines, gone = found[watch_id]
        is_there = part_id is not None and markets.slug_of(part_id) is not None
        found[watch_id] = ((*lines, (slug, quantity)), gone) if is_there else (lines, (*gone, name))
    return found


def _firings(watch_ids: Iterable[int]) -> dict[int, dict[str, Firing]]:
    found: dict[int, dict[str, Firing]] = defaultdict(dict)
    for firing in Firing.objects.filter(watch__in=list(watch_ids)):
        found[firing.watch_id][firing.key] = firing
    return found


def _decide(terms: Terms, watch: Watch, firings: Mapping[str, Firing], markets: Markets, now: datetime) -> Decision:
    return decide(terms, memory_of(watch, firings.values()), markets_of(watch, terms, markets), now)


def _write(
    decided: Sequence[tuple[Watch, Decision]],
    firings: Mapping[int, Mapping[str, Firing]],
    markets: Markets,
    now: datetime,
) -> list[int]:
    changed = [watch for watch, one in decided if _remember(watch, one.memory, now)]
    # An upsert of rows that are locked and there: many times quicker than a bulk update.
    Watch.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=REMEMBERED)
    dearer = [
        firing.pk
        for watch, one in decided
        for firing in firings[watch.pk].values()
        if firing.price is not None and firing.key not in one.memory.told
    ]
    if dearer:
        Firing.objects.filter(pk__in=dearer).rearm()
    fired = [(watch, one) for watch, one in decided if one.fires]
    if not fired:
        return []
    _overtake([watch for watch, _ in fired])
    told = [_told(watch, one, firings[watch.pk], now) for watch, one in fired]
    Firing.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["watch", "key"], update_fields=["price", "count", "fired_at"]
    )
    rows = [_alert(watch, one, firing.count, markets, now) for (watch, one), firing in zip(fired, told, strict=True)]
    return [row.pk for row in Alert.objects.bulk_create(rows) if row.delivery == AT_ONCE]


def _overtake(watches: Sequence[Watch]) -> None:
    """Take back what these watches have not sent yet: the alert that comes now says more. What may have been sent in an
    attempt whose end is not known was told."""
    unsent = _locked(Alert.objects.pending().filter(watch__in=watches, doubts=0))
    Firing.objects.filter(watch__in=watches).withdraw(unsent)
    unsent.withdraw(OVERTAKEN)


def _locked(alerts: AlertQuerySet) -> AlertQuerySet:
    """The same rows, and those only, whatever others do meanwhile."""
    pks = list(alerts.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return Alert.objects.filter(pk__in=pks)


def _told(watch: Watch, decision: Decision, firings: Mapping[str, Firing], now: datetime) -> Firing:
    assert decision.find is not None  # noqa: S101 - what fires has found something
    firing = firings.get(decision.find.key) or Firing(watch=watch, key=decision.find.key, count=0)
    firing.price, firing.fired_at = decision.find.price, now
    firing.count += 1
    return firing


def _alert(watch: Watch, decision: Decision, number: int, markets: Markets, now: datetime) -> Alert:
    assert decision.find is not None  # noqa: S101 - what fires has found something
    return Alert(
        watch=watch,
        key=decision.find.key,
        number=number,
        price=decision.find.price,
        limit=decision.limit,
        currency=watch.currency,
        rates_day=markets.rates_day,
        suspicious=decision.find.suspicious,
        delivery=watch.delivery,
        created_at=now,
        due_at=now,
        message_id=new_message_id(),
    )


def _remember(watch: Watch, memory: Memory, now: datetime) -> bool:
    """Put what a watch remembers into its row; whether that is anything new."""
    before = [getattr(watch, name) for name in REMEMBERED]
    watch.state, watch.last_key, watch.last_price = memory.state, memory.last_key, memory.last_price
    watch.last_at, watch.checked_at = memory.last_at, watch.checked_at or now
    return before != [getattr(watch, name) for name in REMEMBERED]


@dataclass(frozen=True, slots=True)
class Standing:
    """What an alert is worth when it is about to be sent. ``find`` None = it does not hold any more, and ``words`` say
    why; else what is on offer now, with the listings as they are now."""

    find: Find | None
    words: str
    markets: Markets


def standing(alert: Alert, watch: Watch, now: datetime) -> Standing:
    """Whether what an alert says still holds, at the exchange rates it was decided with."""
    with snapshot.one_state():
        markets = Markets(now, alert.rates_day)
        markets.load(parts_of(watch))
        terms = watch.terms
        of_parts = markets_of(watch, terms, markets)
        if terms.gone or terms.whole or terms.condition is Condition.STOCK:
            decision = decide(terms, Memory(), of_parts, now)
            return Standing(decision.find if decision.fires else None, in_words(decision, terms, of_parts), markets)
        (market,) = of_parts.values()
        offer = market.named(alert.key, terms.filters)
        if offer is None or alert.limit is None:
            return Standing(None, "The offer is gone.", markets)
        if judge(offer, terms, Memory(), market, alert.limit) is not Reason.FIRES:
            return Standing(None, "The offer is not what it was any more.", markets)
        find = Find(offer.key, market.price(offer, terms.kind), (offer,))
        return Standing(find, in_words(Decision(Reason.FIRES, Memory(), alert.limit, find), terms, of_parts), markets)


def retell(alert: Alert, find: Find) -> None:
    """The price has moved since the alert was decided: what is told, and remembered, is that of now."""
    if find.price == alert.price:
        return
    with transaction.atomic():
        lock_watches([alert.watch_id])
        Alert.objects.filter(pk=alert.pk).update(price=find.price)
        Firing.objects.filter(watch=alert.watch_id, key=alert.key, count=alert.number).update(price=find.price)
        Watch.objects.filter(pk=alert.watch_id, last_at=alert.created_at).update(last_price=find.price)
    alert.price = find.price


def forget(waiting: AlertQuerySet, reason: str) -> None:
    """Take back alerts that wait. Those that nobody was sent are forgotten: their watches may fire again for the same
    listings at the same prices. What may have arrived, in an attempt whose end is not known, counts as told."""
    with transaction.atomic():
        watches = lock_watches(waiting.pending().values("watch"))
        # Locked first: PostgreSQL would not look again at a row found by a join that is marked as sent meanwhile.
        pending = _locked(waiting.pending())
        unsent = pending.filter(doubts=0)
        pending.filter(doubts__gt=0).withdraw(reason)
        Firing.objects.filter(watch__in=watches).withdraw(unsent)
        last = Alert.objects.told().filter(watch=OuterRef("pk")).order_by("-pk")
        newest = unsent.filter(watch=OuterRef("pk"), created_at=OuterRef("last_at"))
        Watch.objects.filter(Exists(newest), pk__in=watches).update(
            state=State.ARMED,
            checked_at=None,  # so that it is looked at again soon: another offer may do
            last_key=Coalesce(Subquery(last.values("key")[:1]), Value("")),
            last_price=Subquery(last.values("price")[:1]),
            last_at=Subquery(last.values(at=Coalesce("sent_at", "created_at"))[:1]),
        )
        unsent.withdraw(reason)


def lock_watches(wanted: object) -> list[int]:
    """Watches before their alerts, as wherever both are locked."""
    locked = Watch.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    return list(locked.values_list("pk", flat=True))
