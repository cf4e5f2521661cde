"""The state machine of a watch. Pure: the same question gives the same answer.

A watch is FIRED while an offer its owner was told of still holds (up to the limit and hysteresis), else ARMED. Armed it
fires for the best offer within its limit; fired only for one enough below the last price told. Either way a listing is
told a second time only where it has become enough cheaper than when it was told, or where it has been above the limit
and hysteresis since; and never within the cooldown. What is not known changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from sourcing.alerting.market import Market
from sourcing.alerting.types import Condition, Decision, Find, Memory, Offer, Reason, State, Terms

CENT = Decimal("0.01")


def decide(terms: Terms, memory: Memory, markets: Mapping[str, Market], now: datetime) -> Decision:
    """Whether a watch fires on what the markets of its parts say."""
    if terms.gone:
        return Decision(Reason.PART_GONE, memory)
    if terms.condition is Condition.STOCK:
        return _stock(terms, memory, markets, now)
    limit = limit_of(terms, markets)
    if limit is None:
        return Decision(Reason.NO_LIMIT, memory)
    if terms.whole:
        return _whole_build(terms, memory, markets, limit, now)
    return _one_listing(terms, memory, markets[terms.lines[0][0]], limit, now)


def limit_of(terms: Terms, markets: Mapping[str, Market]) -> Decimal | None:
    """The highest price that is asked for: of a piece, or of the whole; None where there is nothing to go by."""
    if terms.condition is Condition.TARGET:
        return terms.target
    total = Decimal(0)
    for part, pieces in terms.lines:
        known = markets[part].floor if terms.condition is Condition.FLOOR else markets[part].level
        if known is None:
            return None
        total += known * (pieces if terms.whole else 1)
    if terms.condition is Condition.LEVEL:
        total -= total * (terms.percent or Decimal(0)) / 100
    # Below the floor is below it: what costs as much as the floor is in the band.
    return (total - CENT if terms.condition is Condition.FLOOR else total).quantize(CENT)


def judge(offer: Offer, terms: Terms, memory: Memory, market: Market, limit: Decimal) -> Reason:
    """What is to be said of one offer; FIRES where nothing stands against it but perhaps the cooldown."""
    if not terms.filters.admit(offer):
        return Reason.EXCLUDED
    if market.least(offer, terms.kind) is None:
        return Reason.NO_RATE
    above = market.is_above(offer, terms.kind, limit)
    if above is None:
        return Reason.PRICE_UNKNOWN
    if above:
        return Reason.ABOVE
    if not offer.is_believed:
        return Reason.READ_ONCE
    price = market.price(offer, terms.kind)
    if price is None:
        return Reason.PRICE_UNKNOWN
    return _news(offer.key, price, terms, memory)


def _news(key: str, price: Decimal, terms: Terms, memory: Memory) -> Reason:
    """Whether a price within the limit is news to the owner."""
    told = memory.told.get(key)
    if told is not None and not _is_further(price, told, terms):
        return Reason.TOLD
    if memory.state is State.FIRED and memory.last_price is not None:
        return Reason.FIRES if _is_further(price, memory.last_price, terms) else Reason.NOT_FURTHER
    return Reason.FIRES


def _is_further(price: Decimal, told: Decimal, terms: Terms) -> bool:
    return price <= told * (100 - terms.refire_percent) / 100


def _one_listing(terms: Terms, memory: Memory, market: Market, limit: Decimal, now: datetime) -> Decision:
    memory = replace(memory, state=_state(terms, memory, market, limit), told=_still_told(terms, memory, market, limit))
    reason, best, settled = _nothing(market, terms), None, None
    for offer in market.passing(terms.filters, terms.kind):
        # The offers come by what they cost at least: none of the rest is within the limit, or better than what was told
        # or will be.
        least = market.least(offer, terms.kind)
        if least is not None and (least > limit or (settled is not None and least >= settled)):
            reason = max(reason, Reason.ABOVE)
            break
        said = judge(offer, terms, memory, market, limit)
        price = market.price(offer, terms.kind) if said >= Reason.READ_ONCE else None
        if said >= Reason.TOLD and price is not None:
            settled = price if settled is None else min(settled, price)
        better = best is None or best.price is None or (price is not None and price < best.price)
        if said > reason or (said is reason and better):
            reason, best = said, Find(offer.key, price, (offer,))
    return _concluded(reason, best, terms, memory, limit, now)


def _state(terms: Terms, memory: Memory, market: Market, limit: Decimal) -> State:
    """FIRED while an offer that was told holds. What became of the last one told may not be known: then as before."""
    within = _hold_limit(terms, memory, limit)
    unknown = False
    for key in memory.told:
        offer = market.named(key, terms.filters)
        above = None if offer is None else market.is_above(offer, terms.kind, within)
        if above is False:
            return State.FIRED
        gone = offer is None and market.is_complete(terms.filters)
        unknown |= key == memory.last_key and above is None and not gone
    return memory.state if unknown else State.ARMED


def _still_told(terms: Terms, memory: Memory, market: Market, limit: Decimal) -> Mapping[str, Decimal]:
    """What was told, without listings that have become too dear since: when they fall again, that is news."""
    rearms = _with_hysteresis(terms, limit)
    dear = [
        key
        for key in memory.told
        if (offer := market.named(key, terms.filters)) is not None and market.is_above(offer, terms.kind, rearms)
    ]
    return {key: price for key, price in memory.told.items() if key not in dear} if dear else memory.told


def _hold_limit(terms: Terms, memory: Memory, limit: Decimal) -> Decimal:
    return _with_hysteresis(terms, limit) if memory.state is State.FIRED else limit


def _with_hysteresis(terms: Terms, limit: Decimal) -> Decimal:
    return limit * (100 + terms.hysteresis_percent) / 100


def _nothing(market: Market, terms: Terms) -> Reason:
    """Why there is nothing to look at, where there is nothing."""
    if market.offers and not market.passing(terms.filters, terms.kind):
        return Reason.EXCLUDED
    return Reason.NOTHING_ON_OFFER if market.is_complete(terms.filters) else Reason.NOT_KNOWN


def _concluded(
    reason: Reason, find: Find | None, terms: Terms, memory: Memory, limit: Decimal | None, now: datetime
) -> Decision:
    """The decision, the cooldown being the last thing that can stand against an alert."""
    if reason is not Reason.FIRES or find is None:
        return Decision(reason, memory, limit, find)
    until = None if memory.last_at is None else memory.last_at + terms.cooldown
    # An alert of the future is one of a clock that was wrong then: it does not silence for longer than a cooldown.
    if until is not None and now < until <= now + 2 * terms.cooldown:
        return Decision(Reason.COOLDOWN, memory, limit, find, until)
    told = memory.told if find.price is None else {**memory.told, find.key: find.price}
    return Decision(Reason.FIRES, Memory(State.FIRED, find.key, find.price, now, told), limit, find)


def _whole_build(
    terms: Terms, memory: Memory, markets: Mapping[str, Market], limit: Decimal, now: datetime
) -> Decision:
    """The lines together. What its owner was told of holds while the whole can be had for that much, from whomever;
    where it could not be had in between, it is news unless the same offers make it."""
    least, dear = at_least(terms, markets), _with_hysteresis(terms, limit)
    if least is not None and least > dear:
        if _may_cost_less(terms, markets, dear):
            return Decision(Reason.READ_ONCE, memory, limit)
        return Decision(Reason.ABOVE, replace(memory, state=State.ARMED, told={}), limit)
    filled = [markets[part].basket(terms.filters, terms.kind, pieces) for part, pieces in terms.lines]
    if any(one is None for one in filled):
        complete = all(markets[part].is_complete(terms.filters) for part, _ in terms.lines)
        state = State.ARMED if complete and not _may_be_filled(terms, markets) else memory.state
        reason = Reason.NOT_ALL_ON_OFFER if complete else Reason.NOT_KNOWN
        return Decision(reason, replace(memory, state=state), limit)
    taken = [pair for one in filled if one is not None for pair in one]
    price = sum((total for _, total in taken), Decimal(0))
    if price > dear and _may_cost_less(terms, markets, dear):
        return Decision(Reason.READ_ONCE, memory, limit)
    find = _found([offer for offer, _ in taken], price)
    known = bool(memory.told) and (memory.state is State.FIRED or find.key in memory.told)
    state = State.FIRED if known and price <= _hold_limit(terms, memory, limit) else State.ARMED
    memory = replace(memory, state=state, told={} if price > dear else memory.told)
    if price > limit:
        return Decision(Reason.ABOVE, memory, limit, find)
    return _concluded(_news(find.key, price, terms, memory), find, terms, memory, limit, now)


def at_least(terms: Terms, markets: Mapping[str, Market], *, unread: bool = False) -> Decimal | None:
    """What a build costs at least, before what is known only at the door; None where something is not on offer."""
    lines = [markets[part].at_least(terms.filters, terms.kind, pieces, unread=unread) for part, pieces in terms.lines]
    return None if None in lines else sum((line for line in lines if line is not None), Decimal(0))


def _may_cost_less(terms: Terms, markets: Mapping[str, Market], dear: Decimal) -> bool:
    """Whether prices that are not believed yet could bring the whole down to so much: till they are, nothing is too
    dear."""
    least = at_least(terms, markets, unread=True)
    return least is not None and least <= dear and least != at_least(terms, markets)


def _may_be_filled(terms: Terms, markets: Mapping[str, Market]) -> bool:
    """Whether offers whose price is not known, or not believed yet, could make the whole."""
    return all(_is_there(markets[part], terms, pieces) for part, pieces in terms.lines)


def _found(offers: Sequence[Offer], price: Decimal | None) -> Find:
    keys = sorted(offer.key for offer in offers)
    key = keys[0] if len(keys) == 1 else f"all:{sha256(' '.join(keys).encode()).hexdigest()[:40]}"
    return Find(key, price, tuple(offers))


def _stock(terms: Terms, memory: Memory, markets: Mapping[str, Market], now: datetime) -> Decision:
    """Back in stock: from known to be absent to being there, at whatever price."""
    believed = [_in_stock(markets[part], terms, pieces) for part, pieces in terms.lines]
    if any(one is None for one in believed):
        return _out_of_stock(terms, memory, markets)
    offers = [offer for one in believed if one is not None for offer in one]
    find = _found(offers, None if terms.whole else offers[0].shipped)
    if memory.state is State.FIRED:
        return Decision(Reason.TOLD, memory, None, find)
    return _concluded(Reason.FIRES, find, terms, memory, None, now)


def _out_of_stock(terms: Terms, memory: Memory, markets: Mapping[str, Market]) -> Decision:
    known_absent = any(
        markets[part].is_complete(terms.filters) and not _is_there(markets[part], terms, pieces)
        for part, pieces in terms.lines
    )
    memory = replace(memory, state=State.ARMED if known_absent else memory.state)
    if terms.whole:
        return Decision(Reason.NOT_ALL_ON_OFFER if known_absent else Reason.NOT_KNOWN, memory)
    market = markets[terms.lines[0][0]]
    return Decision(Reason.READ_ONCE if market.passing(terms.filters, terms.kind) else _nothing(market, terms), memory)


def _is_there(market: Market, terms: Terms, pieces: int) -> bool:
    """Whether so many pieces are on offer, believed or not. For somebody who wants one piece any lot is stock."""
    offers = market.passing(terms.filters, terms.kind)
    if not terms.whole:
        return bool(offers)
    return sum(offer.pieces for offer in offers if offer.fits(pieces)) >= pieces


def _in_stock(market: Market, terms: Terms, pieces: int) -> list[Offer] | None:
    """Offers for so many pieces that are believed, the cheapest first; None where they do not reach."""
    offers = [offer for offer in market.passing(terms.filters, terms.kind) if offer.is_believed]
    if not terms.whole:
        return offers[:1] or None
    if basket := market.basket(terms.filters, terms.kind, pieces):
        return [offer for offer, _ in basket]
    chosen, missing = [], pieces  # what nobody can tell the price of is stock too
    for offer in offers:
        if missing > 0 and offer.fits(pieces):
            chosen.append(offer)
            missing -= offer.pieces
    return None if missing > 0 else chosen
