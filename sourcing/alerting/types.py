"""What a watch asks for, what it remembers, what is on offer, and what is decided. Pure. Money is Decimal, in the
currency of the watch, rounded to cents; a piece, unless it says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

from sourcing.baskets import MOST_OVER
from sourcing.landed.money import cents


class Condition(StrEnum):
    TARGET = "target"
    FLOOR = "floor"
    LEVEL = "level"
    STOCK = "stock"


class PriceKind(StrEnum):
    """``SHIPPED`` is the price with the seller's shipping: what bands and levels are compared with."""

    ITEM = "item"
    SHIPPED = "shipped"
    LANDED = "landed"


class State(StrEnum):
    """FIRED: the person knows of an offer that still holds."""

    ARMED = "armed"
    FIRED = "fired"


class Reason(IntEnum):
    """Why a watch fires or is silent; of several offers the one that came furthest is told, in this order."""

    PART_GONE = 0  # a part has left the catalog, so that what the rest costs is another price
    NO_LIMIT = 1  # nothing to compare with: no band, too short a history, no exchange rate
    NOT_KNOWN = 2  # nothing seen, but not everybody could be asked
    NOTHING_ON_OFFER = 3
    EXCLUDED = 4  # by marketplace, condition or country
    NOT_ALL_ON_OFFER = 5  # some lines of a build
    NO_RATE = 6
    ABOVE = 7
    PRICE_UNKNOWN = 8  # below as far as it is known, but something is not told
    READ_ONCE = 9  # suspiciously low, and no second reading yet
    TOLD = 10  # this listing, and it is not enough below what was told
    NOT_FURTHER = 11  # another listing, while one that was told still holds
    COOLDOWN = 12
    FIRES = 13


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty = any. An offer that does not say what is asked for does not pass."""

    marketplace: str = ""
    condition: str = ""  # new, refurbished, used
    country: str = ""

    def admit(self, offer: "Offer") -> bool:
        return (
            (not self.marketplace or offer.marketplace == self.marketplace)
            and (not self.condition or offer.condition == self.condition)
            and (not self.country or offer.country == self.country)
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a watch asks for.

    ``lines`` are parts by slug and pieces; ``whole`` = the price of all of them together counts, else that of one piece
    of the only line. ``gone``: names of parts that it is on too and that have left the catalog. ``percent`` is how far
    under its level a price must be. After an alert the next needs a price ``refire_percent`` under the last one told,
    or one above the limit by ``hysteresis_percent`` in between, and ``cooldown`` to have passed.
    """

    condition: Condition
    lines: tuple[tuple[str, int], ...]
    price: PriceKind = PriceKind.LANDED
    currency: str = "USD"
    target: Decimal | None = None
    percent: Decimal | None = None
    whole: bool = False
    gone: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    refire_percent: Decimal = Decimal(5)
    hysteresis_percent: Decimal = Decimal(2)
    cooldown: timedelta = timedelta(hours=6)

    @property
    def kind(self) -> PriceKind:
        """Bands and levels are prices before customs, with shipping: nothing else may be compared with them."""
        return self.price if self.condition is Condition.TARGET else PriceKind.SHIPPED


@dataclass(frozen=True, slots=True)
class Memory:
    """What a watch remembers. ``told``: listing (or set of listings) -> the last price its owner was told."""

    state: State = State.ARMED
    last_key: str = ""
    last_price: Decimal | None = None
    last_at: datetime | None = None
    told: Mapping[str, Decimal] = field(default_factory=dict)


def of_a_piece(total: Decimal | None, pieces: int) -> Decimal | None:
    """In cents. Three for 230 are 76.67 each and still 230 together: wholes are compared by their totals."""
    return total if total is None or pieces == 1 else cents(total / pieces)


@dataclass(frozen=True, slots=True)
class Offer:
    """One listing at a fixed price.

    ``item_total`` is the price of all its pieces without shipping, ``shipped_total`` with it, ``item`` and ``shipped``
    are those of a piece; None = not known. ``suspicious`` = far under what anybody has paid, or nothing to compare
    with; ``read_twice`` = two readings have found this thing at this price.
    """

    key: str
    marketplace: str
    condition: str
    country: str
    pieces: int
    item_total: Decimal | None
    shipped_total: Decimal | None
    suspicious: bool = False
    read_twice: bool = True
    item: Decimal | None = field(init=False)
    shipped: Decimal | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "item", of_a_piece(self.item_total, self.pieces))
        object.__setattr__(self, "shipped", of_a_piece(self.shipped_total, self.pieces))

    @property
    def is_believed(self) -> bool:
        """Whether a price that is suspiciously low has been seen a second time."""
        return self.read_twice or not self.suspicious

    def fits(self, pieces: int) -> bool:
        """Whether somebody who needs so many pieces would buy the lot."""
        return self.pieces <= pieces * MOST_OVER


@dataclass(frozen=True, slots=True)
class Door:
    """All pieces of a listing at the door: the dear end of the range, so that an alert is never too hopeful. None =
    something is not known, and ``missing`` names it."""

    total: Decimal | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Find:
    """What an alert is about: one offer, or the offers that make a whole build. ``price`` None = in stock, at a price
    that is not known in full."""

    key: str
    price: Decimal | None
    offers: tuple[Offer, ...]

    @property
    def suspicious(self) -> bool:
        return any(offer.suspicious for offer in self.offers)


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a check. ``find`` is what it fires for, or came closest with; ``memory`` is how the watch leaves
    it. ``limit`` None = there is none. ``until`` ends a cooldown."""

    reason: Reason
    memory: Memory
    limit: Decimal | None = None
    find: Find | None = None
    until: datetime | None = None

    @property
    def fires(self) -> bool:
        return self.reason is Reason.FIRES


def condition_group(condition_id: int | None) -> str:
    """New, refurbished or used, by eBay's condition ids; empty where it is not told."""
    if condition_id is None:
        return ""
    if condition_id < 2000:
        return "new"
    return "refurbished" if condition_id < 3000 else "used"
