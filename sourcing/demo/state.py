"""The truth of the demo marketplace at a moment: which listings there are, and what they cost.

Everything follows from seed and time, so that a test can compute what was on offer at any moment, and two servers with
one seed agree. Within a step nothing changes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import sin, tau

from sourcing.demo.goods import AGENT_GOODS, GOODS, AgentGood, Good

STEP_S = 900
"""Seconds for which prices stay as they are."""
CENT = Decimal("0.01")
STALLS_A_GOOD = 3
"""How many sellers have the same kind of thing."""


@dataclass(frozen=True, slots=True)
class Variation:
    """One choice of a listing, with its own id and price."""

    id: str
    choice: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing as it stands at a moment. ``price`` is what it costs now; an auction's is the highest bid.

    ``shipping`` None = not stated, either because there is no option or because it is yet to be calculated.
    ``began_at`` and ``ends_at`` bound its time on the market.
    """

    id: str
    title: str
    good: Good
    price: Decimal
    opening_price: Decimal
    bids: int
    shipping: Decimal | None
    began_at: datetime
    ends_at: datetime
    available: int
    variations: tuple[Variation, ...]

    @property
    def item_id(self) -> str:
        """The id that the Browse API gives it."""
        return f"v1|{self.id}|0"


@dataclass(frozen=True, slots=True)
class AgentItem:
    """An item of a Chinese marketplace at a moment; ``price`` in yuan, to the fen."""

    good: AgentGood
    title: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class State:
    """All that is for sale at a moment."""

    at: datetime
    listings: tuple[Listing, ...]
    agent_items: tuple[AgentItem, ...]

    def listing(self, external_id: str) -> Listing | None:
        """The listing with an id of the Browse API; by the id of one of its variations too."""
        number = external_id.split("|")[1] if external_id.count("|") == 2 else ""
        return next((one for one in self.listings if one.id == number), None)

    def agent_item(self, market: str, number: str) -> AgentItem | None:
        return next((one for one in self.agent_items if (one.good.market, one.good.id) == (market, number)), None)


def state(at: datetime, seed: int = 1, step_s: int = STEP_S) -> State:
    """What is for sale at a moment. ``at`` needs a time zone."""
    step = int(at.timestamp()) // step_s
    return State(
        at=at,
        listings=tuple(_listings(step, seed, step_s)),
        agent_items=tuple(
            AgentItem(good, good.titles[0], _moved(Decimal(good.price), step, seed, good.id)) for good in AGENT_GOODS
        ),
    )


def _listings(step: int, seed: int, step_s: int) -> Iterator[Listing]:
    for good in GOODS:
        for stall in range(STALLS_A_GOOD):
            place = f"{good.slug}/{stall}"
            # Each stall has something for a while, then nothing, then something else under another id.
            stays = 40 + below(120, seed, place, "stays")
            empty = 4 + below(40, seed, place, "empty")
            turn, into = divmod(step + below(stays + empty, seed, place, "phase"), stays + empty)
            if into < stays:
                yield _listing(good, place, turn, into, stays, step, seed, step_s)


def _listing(good: Good, place: str, turn: int, into: int, stays: int, step: int, seed: int, step_s: int) -> Listing:
    own = f"{place}/{turn}"
    number = str(100_000_000_000 + below(900_000_000_000, seed, own, "id"))
    base = Decimal(good.price) * (1 + Decimal(below(300, seed, own, "level") - 150) / 1000)
    began_at = datetime.fromtimestamp((step - into) * step_s, UTC)
    bids = into * (3 + below(9, seed, own, "bids")) // stays if good.auction else 0
    opening = (base * Decimal("0.4")).quantize(CENT)
    # Bids only rise; a price at a fixed rate moves both ways.
    price = (opening * (1 + Decimal(bids) / 6)).quantize(CENT) if good.auction else _moved(base, step, seed, own)
    shipping = {
        "free": Decimal("0.00"),
        "paid": Decimal(6 + below(3_000, seed, own, "shipping")) / 100 + 5,
        "calculated": None,
        "none": None,
    }[good.shipping]
    variations = tuple(
        Variation(f"v1|{number}|{500_000_000_000 + index}", choice, (price * Decimal(str(factor))).quantize(CENT))
        for index, (choice, factor) in enumerate(good.variations)
    )
    return Listing(
        id=number,
        title=good.titles[below(len(good.titles), seed, own, "title")],
        good=good,
        price=price,
        opening_price=opening,
        bids=bids,
        shipping=None if shipping is None else shipping.quantize(CENT),
        began_at=began_at,
        ends_at=began_at + timedelta(seconds=stays * step_s),
        available=1 if good.auction else 1 + below(12, seed, own, "available"),
        variations=variations,
    )


def _moved(base: Decimal, step: int, seed: int, own: str) -> Decimal:
    """A price that drifts over days and is changed every few steps, as sellers do."""
    held = 3 + below(9, seed, own, "held")
    at = step // held
    wave = sin(tau * (at * held / (60 + below(240, seed, own, "period")) + below(1000, seed, own, "wave") / 1000))
    noise = below(2001, seed, own, f"noise/{at}") / 1000 - 1
    return (base * Decimal(str(round(1 + 0.06 * wave + 0.025 * noise, 5)))).quantize(CENT)


def below(limit: int, seed: int, *what: str) -> int:
    """A number from 0 to ``limit`` - 1 that is the same whenever it is asked for."""
    digest = hashlib.blake2b("/".join((str(seed), *what)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) % limit
