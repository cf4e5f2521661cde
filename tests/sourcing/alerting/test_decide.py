"""The state machine of a watch: what must hold whatever the prices do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.alerting import (
    Condition,
    Decision,
    Door,
    Filters,
    Market,
    Memory,
    Offer,
    PriceKind,
    Reason,
    State,
    Terms,
    condition_group,
    decide,
    in_words,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TERMS = Terms(Condition.TARGET, (("fin", 1),), target=Decimal(100))
Prices = Mapping[str, Decimal | None]


def offer(key: str, price: Decimal | None, **changes: object) -> Offer:
    """A price without shipping on top; None = the shipping is not told, of a thing for 50."""
    item = price if price is not None else Decimal(50)
    return replace(Offer(key, "demo", "used", "US", 1, item, price), **changes)  # type: ignore[arg-type]


def market(prices: Prices, *, answered: bool = True) -> dict[str, Market]:
    offers = [offer(key, price) for key, price in prices.items()]
    return {"fin": Market(offers, lambda one: Door(one.shipped_total), answered={"demo": answered})}


def of_one(one: Offer) -> dict[str, Market]:
    return {"fin": Market([one], lambda one: Door(one.shipped_total), answered={"demo": True})}


def played(terms: Terms, series: list[Prices | None]) -> list[tuple[datetime, str, Decimal]]:
    """The alerts of a series of answers, one an hour; None = a poll that failed, after which nothing is asked."""
    memory, told = Memory(), []
    for hour, prices in enumerate(series):
        if prices is None:
            continue
        decision = decide(terms, memory, market(prices), NOW + timedelta(hours=hour))
        memory = decision.memory
        if decision.fires:
            assert decision.find is not None
            assert decision.find.price is not None
            told.append((NOW + timedelta(hours=hour), decision.find.key, decision.find.price))
    return told


amounts = st.integers(60, 140).map(Decimal)
answers = st.dictionaries(st.sampled_from("ABC"), st.one_of(amounts, st.none()), max_size=3)
histories = st.lists(st.one_of(answers, st.none()), max_size=40)


@given(histories)
def test_a_listing_is_told_again_only_5_percent_further_down_or_after_it_was_too_dear(
    series: list[Prices | None],
) -> None:
    told = {at: (key, price) for at, key, price in played(TERMS, series)}
    last: dict[str, Decimal] = {}
    for hour, prices in enumerate(series):
        # 100 and 2 %: what is above that rearms.
        last = {key: price for key, price in last.items() if ((prices or {}).get(key) or 0) <= 102}
        if (found := told.get(NOW + timedelta(hours=hour))) is not None:
            key, price = found
            assert key not in last or price <= last[key] * Decimal("0.95")
            last[key] = price


lots = st.lists(st.tuples(st.integers(1, 9), st.integers(60, 900), st.integers(0, 90)), min_size=1, max_size=7)


@given(lots, st.integers(1, 6))
def test_a_build_is_priced_as_its_cheapest_basket_at_the_door(lots: list[tuple[int, int, int]], needed: int) -> None:
    """Against every basket there is, lots at their totals; what comes on top at the door is known when asked for."""
    offers = [offer(f"{number}", Decimal(price), pieces=pieces) for number, (pieces, price, _) in enumerate(lots)]
    on_top = {f"{number}": more for number, (*_, more) in enumerate(lots)}

    def landed(one: Offer) -> Door:
        return Door((one.shipped_total or Decimal(0)) + on_top[one.key])

    # So high that nothing is above it before its price at the door is asked for.
    terms = replace(TERMS, lines=(("fin", needed),), whole=True, target=Decimal(100_000))
    fitting = [(pieces, price + more) for pieces, price, more in lots if pieces <= needed * 2]
    every = [basket for size in range(1, len(fitting) + 1) for basket in combinations(fitting, size)]
    costs = [sum(cost for _, cost in basket) for basket in every if sum(pieces for pieces, _ in basket) >= needed]
    find = decide(terms, Memory(), {"fin": Market(offers, landed, answered={"demo": True})}, NOW).find
    assert (find.price if find is not None else None) == min(costs, default=None)


def test_a_build_far_above_its_limit_is_silent_without_asking_for_a_price_at_the_door() -> None:
    def landed(one: Offer) -> Door:
        raise AssertionError

    terms = replace(TERMS, lines=(("fin", 3),), whole=True, target=Decimal(264))
    memory = Memory(State.FIRED, "A", Decimal(200), NOW, {"A": Decimal(200)})
    offers = [offer("A", Decimal(80)), offer("B", Decimal(190), pieces=2)]
    # 80 and 190 are 270; 264 and 2 % are 269.28.
    found = {"fin": Market(offers, landed, answered={"demo": True})}
    decision = decide(terms, memory, found, NOW)
    assert (decision.reason, decision.memory.state, decision.memory.told) == (Reason.ABOVE, State.ARMED, {})
    assert "No: the whole, at least 270.00 USD, is above your target" in in_words(decision, terms, found)


def test_a_watch_that_has_lost_a_part_says_which_and_remembers_what_it_did() -> None:
    memory = Memory(State.FIRED, "A", Decimal(90), NOW, {"A": Decimal(90)})
    terms = replace(TERMS, whole=True, gone=("A board",))
    decision = decide(terms, memory, market({"A": Decimal(20)}), NOW)
    assert (decision.reason, decision.memory) == (Reason.PART_GONE, memory)
    assert in_words(decision, terms, market({})) == (
        "No: A board has left the catalog, and the rest would be another price."
    )


@given(histories)
def test_two_alerts_are_never_closer_than_the_cooldown(series: list[Prices | None]) -> None:
    moments = [at for at, _, _ in played(TERMS, series)]
    assert all(later - earlier >= TERMS.cooldown for earlier, later in pairwise(moments))


@given(histories)
def test_nothing_above_the_target_and_nothing_unknown_is_ever_told(series: list[Prices | None]) -> None:
    for at, key, price in played(TERMS, series):
        answer = series[int((at - NOW).total_seconds()) // 3600]
        assert answer is not None
        assert answer[key] == price
        assert price <= 100


@given(histories, st.integers(0, 40))
def test_a_failed_poll_changes_nothing(series: list[Prices | None], where: int) -> None:
    def without_time(terms: Terms, answers: list[Prices | None]) -> list[tuple[str, Decimal]]:
        return [(key, price) for _, key, price in played(replace(terms, cooldown=timedelta(0)), answers)]

    assert without_time(TERMS, series) == without_time(TERMS, [*series[:where], None, *series[where:]])


@given(histories)
def test_shipping_that_is_not_told_never_fires(series: list[Prices | None]) -> None:
    unknown: list[Prices | None] = [None if answer is None else dict.fromkeys(answer) for answer in series]
    assert played(TERMS, unknown) == []


@given(histories)
def test_what_is_true_from_the_first_look_on_is_told_at_the_first_look(series: list[Prices | None]) -> None:
    assert played(TERMS, [{"A": Decimal(99)}, *series])[0] == (NOW, "A", Decimal(99))


@given(st.lists(answers, max_size=20))
def test_deciding_twice_on_the_same_fires_once(series: list[Prices]) -> None:
    memory = Memory()
    for hour, prices in enumerate(series):
        now = NOW + timedelta(hours=hour)
        memory = decide(TERMS, memory, market(prices), now).memory
        assert not decide(TERMS, memory, market(prices), now).fires


def decided(one: Offer, terms: Terms = TERMS, memory: Memory | None = None) -> Decision:
    return decide(terms, memory or Memory(), of_one(one), NOW)


@pytest.mark.parametrize(
    ("one", "terms", "reason", "words"),
    [
        (offer("A", Decimal(90)), TERMS, Reason.FIRES, "Yes: a piece at 90.00 USD meets your target of 100.00 USD"),
        (offer("A", Decimal(110)), TERMS, Reason.ABOVE, "No: the lowest price that is known, 110.00 USD, is above"),
        (offer("A", None), TERMS, Reason.PRICE_UNKNOWN, "its shipping is not told"),
        (offer("A", Decimal(9), suspicious=True, read_twice=False), TERMS, Reason.READ_ONCE, "seen a second time"),
        (offer("A", Decimal(9), suspicious=True), TERMS, Reason.FIRES, "suspiciously low"),
        (offer("A", Decimal(90)), replace(TERMS, filters=Filters(country="DE")), Reason.EXCLUDED, "filters (DE)"),
        (offer("A", Decimal(90), item_total=None, shipped_total=None), TERMS, Reason.NO_RATE, "no exchange rate"),
        (offer("A", Decimal(90)), replace(TERMS, condition=Condition.FLOOR), Reason.NO_LIMIT, "no price band"),
        (offer("A", Decimal(90)), replace(TERMS, condition=Condition.LEVEL), Reason.NO_LIMIT, "too few days"),
        (offer("A", Decimal(90)), replace(TERMS, condition=Condition.STOCK), Reason.FIRES, "it is on offer at 90.00"),
    ],
)  # fmt: skip
def test_the_reason_is_told_in_words(one: Offer, terms: Terms, reason: Reason, words: str) -> None:
    decision = decided(one, terms)
    assert decision.reason is reason
    assert words in in_words(decision, terms, of_one(one))


def test_a_cooldown_says_when_it_ends() -> None:
    memory = Memory(State.ARMED, "B", Decimal(95), NOW - timedelta(hours=1), {"B": Decimal(95)})
    decision = decided(offer("A", Decimal(90)), memory=memory)
    assert decision.reason is Reason.COOLDOWN
    assert "2026-11-25 17:00 UTC" in in_words(decision, TERMS, of_one(offer("A", Decimal(90))))


def test_nothing_on_offer_and_nobody_having_answered_are_told_apart() -> None:
    assert decide(TERMS, Memory(), market({}), NOW).reason is Reason.NOTHING_ON_OFFER
    assert decide(TERMS, Memory(), market({}, answered=False), NOW).reason is Reason.NOT_KNOWN


def test_what_costs_too_much_before_shipping_is_above_whatever_the_shipping() -> None:
    one = offer("A", None, item_total=Decimal(120))
    assert decided(one).reason is Reason.ABOVE


def test_the_price_at_the_door_is_asked_for_only_where_it_can_matter() -> None:
    asked: list[str] = []

    def landed(one: Offer) -> Door:
        asked.append(one.key)
        return Door(one.shipped_total)

    offers = [offer(key, Decimal(price)) for key, price in (("A", 90), ("B", 95), ("C", 120))]
    decide(TERMS, Memory(), {"fin": Market(offers, landed, answered={"demo": True})}, NOW)
    assert asked == ["A"]


def test_the_floor_itself_is_not_below_the_floor() -> None:
    terms = replace(TERMS, condition=Condition.FLOOR, price=PriceKind.ITEM)
    for price, fires in ((Decimal(100), False), (Decimal("99.99"), True)):
        one = Market([offer("A", price)], lambda one: Door(one.shipped_total), answered={}, floor=Decimal(100))
        assert decide(terms, Memory(), {"fin": one}, NOW).fires is fires


@pytest.mark.parametrize(("condition_id", "group"), [(1000, "new"), (2500, "refurbished"), (3000, "used"), (None, "")])
def test_conditions_are_grouped_by_ebays_numbers(condition_id: int | None, group: str) -> None:
    assert condition_group(condition_id) == group


def test_a_clock_that_was_a_year_ahead_silences_for_no_longer_than_the_cooldown() -> None:
    found = market({"A": Decimal(80)})
    reasons = []
    for ahead in (timedelta(minutes=-1), timedelta(minutes=5), timedelta(days=365)):
        memory = Memory(State.FIRED, "A", Decimal(90), NOW + ahead, {"A": Decimal(90)})
        reasons.append(decide(TERMS, memory, found, NOW).reason)
    assert reasons == [Reason.COOLDOWN, Reason.COOLDOWN, Reason.FIRES]
