"""What somebody wants to be told of, from a form to the columns of a watch; every mistake is reported at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from catalog.field_errors import FieldError, InvalidFields
from catalog.models import Part
from catalog.yaml_lines import read_yaml_with_lines
from sourcing import prices, schedule
from sourcing.alerting import Condition, PriceKind
from sourcing.marketplaces import MARKETPLACES
from sourcing.marketplaces.offers import clean_text
from sourcing.models import CURRENCIES
from sourcing.watch_models import AT_ONCE, DAILY, LONGEST_ADDRESS

LONGEST_NAME = 120
MOST_LINES = 50
MOST_PIECES = 100
MOST_MONEY = Decimal(1_000_000)
DATA = Path(__file__).parent / "data"
_PLAIN_ADDRESS = re.compile(r"[!#-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
"""No space, no control character, no quotes: an EmailValidator lets some of those through between quotes."""
WHAT_COUNTS = (
    "condition", "price", "currency", "target", "percent", "marketplace", "offer_condition", "offer_country",
    "country", "region", "clearance_usd",
)  # fmt: skip
"""Changed, these make another watch of it: what it remembers is then of no use."""


class InvalidWatch(InvalidFields):
    """One or more fields of a wish are not usable."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told of, as a form gives it.

    ``lines`` are slugs of parts with pieces: one for a part, all of a build where ``whole``. ``name`` may be empty.
    Fields that a condition does not use are ignored.
    """

    lines: tuple[tuple[str, int], ...]
    condition: str
    price: str = PriceKind.LANDED
    currency: str = "USD"
    target: Decimal | None = None
    percent: Decimal | None = None
    whole: bool = False
    name: str = ""
    marketplace: str = ""
    offer_condition: str = ""
    offer_country: str = ""
    country: str = "US"
    region: str = ""
    clearance_usd: Decimal | None = None
    delivery: str = AT_ONCE
    refire_percent: Decimal = Decimal(5)


def normal_address(address: str) -> str:
    """An address as it is stored, which can stand in a header as it is. Raises InvalidWatch."""
    address = address.strip().lower()
    valid = EmailValidator(allowlist=[])
    try:
        valid(address)
        local, _, domain = address.rpartition("@")
        domain = domain.encode("idna").decode()
        address = f"{local}@{domain}"
        valid(address)  # what a name becomes in plain letters may be no name any more
    except (ValidationError, UnicodeError):
        raise InvalidWatch([FieldError("address", "give an e-mail address, such as name@example.org")]) from None
    if len(address) > LONGEST_ADDRESS or not _PLAIN_ADDRESS.fullmatch(address):
        raise InvalidWatch([FieldError("address", "give an e-mail address of plain letters, up to 254 characters")])
    if any(domain == one or domain.endswith(f".{one}") for one in _open_mailboxes()):
        words = f"mails to {domain} can be read by anybody: give an address of your own"
        raise InvalidWatch([FieldError("address", words)])
    return address


@cache
def _open_mailboxes() -> frozenset[str]:
    path = DATA / "mail" / "open_mailboxes.yaml"
    return frozenset(read_yaml_with_lines(path, relative_to=DATA).data["domains"])


@cache
def time_zones() -> frozenset[str]:
    """Every name; to find them, Python opens each file of its time zones."""
    return frozenset(available_timezones())


def time_zone_named(name: str) -> str:
    if name not in time_zones():
        raise InvalidWatch([FieldError("time_zone", "choose a time zone of the list, such as Europe/Berlin")])
    return name


def lines_of(wish: Wish) -> tuple[list[tuple[Part, int]], tuple[str, ...]]:
    """The parts that can be watched, with pieces, and the names of those that cannot. Raises InvalidWatch."""
    counts: dict[str, int] = {}
    for slug, pieces in wish.lines[:MOST_LINES]:
        counts[slug] = counts.get(slug, 0) + pieces
    parts = {part.slug: part for part in Part.objects.filter(slug__in=[slug for slug in counts if "\0" not in slug])}
    if missing := counts.keys() - parts.keys():
        raise InvalidWatch(
            [FieldError("lines", f"{', '.join(sorted(missing))} is not in the catalog, or not any more")]
        )
    if not counts or any(not 1 <= one <= MOST_PIECES for one in counts.values()):
        raise InvalidWatch([FieldError("lines", "name parts of the catalog, each with 1 to 100 pieces")])
    if not wish.whole and len(counts) > 1:
        raise InvalidWatch([FieldError("lines", "name one part, or ask for the price of the whole")])
    watched = {slug: part for slug, part in parts.items() if schedule.query_for(part) is not None}
    if not watched:
        raise InvalidWatch([FieldError("lines", "no marketplace is searched for this")])
    left_out = tuple(part.name for slug, part in parts.items() if slug not in watched)
    return [(part, counts[slug] if wish.whole else 1) for slug, part in watched.items()], left_out


def columns_of(wish: Wish, lines: Sequence[tuple[Part, int]]) -> dict[str, object]:
    """The wish as columns. Raises InvalidWatch with every field that cannot be used."""
    errors: list[FieldError] = []

    def check(name: str, good: bool, words: str) -> None:
        if not good:
            errors.append(FieldError(name, words))

    is_target, is_level = wish.condition == Condition.TARGET, wish.condition == Condition.LEVEL
    check("condition", wish.condition in list(Condition), f"choose one of {', '.join(Condition)}")
    check("price", wish.price in (PriceKind.LANDED, PriceKind.ITEM), "choose landed or item")
    check("currency", wish.currency in CURRENCIES, f"choose one of {', '.join(CURRENCIES)}")
    target = None if wish.target is None or not wish.target.is_finite() else wish.target.quantize(Decimal("0.01"))
    good_target = target is not None and 0 < target < MOST_MONEY
    check("target", not is_target or good_target, "give a price above zero, below which you want to know, such as 80")
    percent = wish.percent if wish.percent is not None and wish.percent.is_finite() else None
    check("percent", not is_level or (percent is not None and 1 <= percent <= 90), "give 1 to 90 percent")
    further = wish.refire_percent
    check("refire_percent", further.is_finite() and 1 <= further <= 90, "give 1 to 90 percent")
    check("marketplace", wish.marketplace in ("", *MARKETPLACES), f"choose one of {', '.join(MARKETPLACES)}")
    check("offer_condition", wish.offer_condition in ("", "new", "refurbished", "used"), "choose one of the list")
    abroad = wish.offer_country
    check("offer_country", abroad == "" or (len(abroad) == 2 and abroad.isalpha()), "give a country of two letters")
    names = prices.country_names()
    check("country", wish.country in names, f"is not on record; known are {', '.join(names)}")
    check("region", not wish.region or wish.region in prices.region_names(wish.country), "is not of this country")
    clearance = wish.clearance_usd
    check("clearance_usd", clearance is None or (clearance.is_finite() and 0 <= clearance < 10_000), "give dollars")
    check("delivery", wish.delivery in (AT_ONCE, DAILY), f"choose {AT_ONCE} or {DAILY}")
    if errors:
        raise InvalidWatch(errors)
    name = clean_text(wish.name, LONGEST_NAME) or ", ".join(part.name for part, _ in lines)[:LONGEST_NAME]
    return {
        "name": name, "condition": wish.condition, "price": wish.price, "currency": wish.currency,
        "target": target if is_target else None, "percent": percent if is_level else None,
        "marketplace": wish.marketplace, "offer_condition": wish.offer_condition, "offer_country": abroad.upper(),
        "country": wish.country, "region": wish.region, "clearance_usd": clearance, "delivery": wish.delivery,
        "refire_percent": further,
    }  # fmt: skip
