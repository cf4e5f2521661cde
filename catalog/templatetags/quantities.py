"""Numbers become text here and nowhere else: money, memory, speed, power, time, and a catalog figure in its unit.

Every filter takes ``None`` as "not known" and says so with the word "unknown". Rounding is half up and for reading
only. No-break spaces join a number to its unit.
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django import template

register = template.Library()

UNKNOWN = "unknown"
NBSP = "\u00a0"
DASH = "–"

Number = int | float | Decimal

_BEYOND_READING = Decimal(10) ** 18  # no real figure is as large; digits would say nothing and overflow Decimal

# Not strftime: its names change with the server's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Spread(Protocol):
    """Anything with a low, a mid and a high value: an amount of money, a speed."""

    @property
    def low(self) -> Any: ...
    @property
    def mid(self) -> Any: ...
    @property
    def high(self) -> Any: ...


def _rounded(value: Number, decimals: int = 0) -> str:
    """The number with thousands separators, half up, as a person rounds."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return UNKNOWN
    if abs(exact) >= _BEYOND_READING:
        return f"{exact:.2e}"
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0:,f}"


def _estimate_figures(value: Number) -> str:
    """One decimal below ten, none above: as many figures as an estimate deserves."""
    return _rounded(value, 1 if value != 0 and -10 < value < 10 else 0)


def _ends(value: Spread, decimals: int, joint: str = DASH) -> str:
    low, high = _rounded(value.low, decimals), _rounded(value.high, decimals)
    return low if low == high else f"{low}{joint}{high}"


def _range_decimals(value: Spread) -> int:
    return 1 if value.low < 10 and value.high < 20 else 0


def _with_unit(text: str, unit: str) -> str:
    return text if text == UNKNOWN else f"{text}{NBSP}{unit}"


def _has_cents(value: Number) -> bool:
    return -100 < value < 100 and value != int(value)


@register.filter
def money(value: Spread | Number | None) -> str:
    """US dollars: ``$1,152``, ``$87.50``, and ``$1,110–1,290`` where the amount is a range.

    Cents stand only below 100 dollars, and only where there are any.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, Number):
        text = _rounded(value, 2 if _has_cents(value) else 0)
        return f"-${text[1:]}" if text.startswith("-") else f"${text}"
    return money_range(value)


@register.filter
def cents(value: Number | None) -> str:
    """A small amount of dollars to the cent, or the tenth of one where it is smaller: ``$0.08``, ``$0.102``."""
    if value is None:
        return UNKNOWN
    decimals = 3 if -1 < value < 1 and round(Decimal(str(value)), 2) != Decimal(str(value)) else 2
    text = _rounded(value, decimals)
    return f"-${text[1:]}" if text.startswith("-") else f"${text}"


@register.filter
def money_range(value: Spread | None) -> str:
    """A range of US dollars from its low to its high; one amount where both read the same."""
    if value is None:
        return UNKNOWN
    if value.low < 0:
        return f"{money(value.low)} to {money(value.high)}" if value.low != value.high else money(value.low)
    cents = value.high < 100 and (_has_cents(value.low) or _has_cents(value.high))
    return f"${_ends(value, 2 if cents else 0)}"


@register.filter
def mib(value: Number | None) -> str:
    """Exact memory, for tables: ``14,643 MiB`` (1 MiB is 2**20 bytes)."""
    return UNKNOWN if value is None else _with_unit(_rounded(value), "MiB")


@register.filter
def gib_number(value: Number | None) -> str:
    """MiB as GiB without the unit: ``14.3``."""
    return UNKNOWN if value is None else _rounded(float(value) / 1024, 1)


@register.filter
def gib(value: Number | None) -> str:
    """MiB as GiB, what a card exposes and a plan needs: ``14.3 GiB`` (1 GiB is 2**30 bytes)."""
    return UNKNOWN if value is None else _with_unit(gib_number(value), "GiB")


@register.filter
def gb(value: Number | None) -> str:
    """MiB as decimal GB, the way files are sold: ``42.5 GB`` (1 GB is 10**9 bytes)."""
    return UNKNOWN if value is None else gb_of_bytes(float(value) * 2**20)


@register.filter
def gb_of_bytes(value: Number | None) -> str:
    """Bytes as decimal GB: ``42.5 GB``."""
    return UNKNOWN if value is None else _with_unit(_rounded(float(value) / 1e9, 1), "GB")


@register.filter
def count(value: Number | None) -> str:
    """A whole number with thousands separators: ``32,768``."""
    return UNKNOWN if value is None else _rounded(value)


@register.filter
def plain(value: Number | None) -> str:
    """A number as it was given, without trailing zeros: ``24``, ``0.12``."""
    return UNKNOWN if value is None else f"{value:,.6g}"


@register.filter
def parameters(value: Number | None) -> str:
    """A model's size: ``70.6 B`` parameters, ``610 M`` below a milliard."""
    if value is None:
        return UNKNOWN
    size = float(value)
    if size < 1e9:
        return _with_unit(_rounded(size / 1e6), "M")
    return _with_unit(_rounded(size / 1e9, 1 if size < 1e12 else 0), "B")


@register.filter
def tok_s(value: Spread | Number | None) -> str:
    """Tokens a second, a range or one value: ``12–15 tok/s``, ``4.2–5.1 tok/s``."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Number):
        return _with_unit(_estimate_figures(value), "tok/s")
    return _with_unit(_ends(value, _range_decimals(value)), "tok/s")


@register.filter
def seconds(value: Spread | Number | None) -> str:
    """Seconds, a range or one value: ``2.1–3.0 s``, ``48–70 s``."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Number):
        return _with_unit(_estimate_figures(value), "s")
    return _with_unit(_ends(value, _range_decimals(value)), "s")


@register.filter
def milliseconds(value: Number | None) -> str:
    """Milliseconds to one decimal: ``61.2 ms``."""
    return UNKNOWN if value is None else _with_unit(_rounded(value, 1), "ms")


@register.filter
def watts(value: Number | None) -> str:
    """Watts, whole: ``863 W``."""
    return UNKNOWN if value is None else _with_unit(_rounded(value), "W")


@register.filter
def wall_watts(value: Number | None) -> str:
    """Watts for a headline, to the ten, because no estimate is better than that: ``860 W``."""
    if value is None:
        return UNKNOWN
    return _with_unit(_rounded(value, 0 if value < 100 else -1), "W")


@register.filter
def amps(value: Number | None) -> str:
    """Amperes to one decimal: ``7.2 A``; ``15 A`` where whole."""
    return UNKNOWN if value is None else _with_unit(_rounded(value, 0 if value == int(value) else 1), "A")


@register.filter
def gb_s(value: Number | None) -> str:
    """Bandwidth in decimal GB/s: ``50 GB/s``."""
    return UNKNOWN if value is None else _with_unit(_rounded(value), "GB/s")


@register.filter
def percent(value: Number | None) -> str:
    """A number that already is a percentage: ``60 %``."""
    return UNKNOWN if value is None else _with_unit(_rounded(value), "%")


@register.filter
def tenths(value: Number | None) -> str:
    """A measured figure: one decimal below a thousand, none above."""
    return UNKNOWN if value is None else _rounded(value, 1 if abs(float(value)) < 1000 else 0)


@register.filter
def tenths_range(value: Spread | None) -> str:
    """A range with one decimal and no unit: ``3.2–12.8``; one number where both ends read the same."""
    return UNKNOWN if value is None else _ends(value, 1)


@register.filter
def error_percent(value: Number | None) -> str:
    """A relative error: 0.0123 -> 1.2 %, small ones with as many digits as they need; unsigned zero."""
    if value is None:
        return UNKNOWN
    share = 100 * float(value)
    size = abs(share)
    decimals = 0 if size >= 10 else 1 if size >= 1 else 2 if size >= 0.005 else 0
    return f"{_rounded(share, decimals)}\u00a0%"


@register.filter
def signed_percent(value: Number | None) -> str:
    """A change as a part of what it is measured by: 0.034 is ``+3.4 %``, -0.48 is ``−48 %``."""
    if value is None:
        return UNKNOWN
    text = _estimate_figures(100 * abs(float(value)))
    return f"{'' if value == 0 else '−' if value < 0 else '+'}{text}{NBSP}%"


@register.filter
def rate(value: Number | None) -> str:
    """A rate of duty or tax, which is a fraction, exactly: 0.526 is ``52.6 %``."""
    return UNKNOWN if value is None else _with_unit(f"{(Decimal(str(value)) * 100).normalize():f}", "%")


@register.filter
def share_percent(value: Number | None) -> str:
    """A fraction of one as a percentage: 0.8 is ``80 %``."""
    return UNKNOWN if value is None else percent(float(value) * 100)


@register.filter
def signed(value: Number | None, unit: str) -> str:
    """A difference in ``USD``, ``W`` or ``tok/s``, always with its sign: ``+$1,000``, ``−320 W``, ``±0.0 tok/s``."""
    if value is None:
        return UNKNOWN
    size: Number = -value if value < 0 else value
    text = f"${_rounded(size)}" if unit == "USD" else wall_watts(size) if unit == "W" else tok_s(size)
    sign = "±" if not any(digit in text for digit in "123456789") else "−" if value < 0 else "+"
    return f"{sign}{text}"


@register.filter
def day(value: date | None) -> str:
    """A day: ``23 Nov 2026``."""
    return UNKNOWN if value is None else f"{value.day}{NBSP}{_MONTHS[value.month - 1]}{NBSP}{value.year}"


@register.filter
def month(value: date | None) -> str:
    """A day as its month, for prices that are no more exact than that: ``Mar 2026``."""
    return UNKNOWN if value is None else f"{_MONTHS[value.month - 1]}{NBSP}{value.year}"


@register.filter
def spoken(value: Spread | Number | None) -> str:
    """A number or range for a screen reader: ``12 to 16``."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Number):
        return _estimate_figures(value)
    return _ends(value, _range_decimals(value), " to ")


@register.filter
def spoken_dollars(value: Spread | None) -> str:
    """Money for a screen reader: ``1,483 to 1,610 dollars``."""
    return UNKNOWN if value is None else f"{_ends(value, 0, ' to ')} dollars"


@register.filter
def tally(number: int, severity: str) -> str:
    """How many findings of one severity: ``2 cautions``, ``1 unknown``."""
    plural = "s" if number != 1 and severity in ("blocker", "caution", "note") else ""
    return f"{number} {severity}{plural}"


@register.filter
def without_unit(text: str) -> str:
    """A quantity without its unit, where the unit stands elsewhere: ``12–15`` of ``12–15 tok/s``."""
    return text.partition(NBSP)[0]


_FLAG_WORDS = {True: "yes", False: "no"}
_BARE_UNITS = {"name", "code", "count", "generation", "tokens"}
_MONEY_UNITS = {"EUR": "€", "GBP": "£", "CNY": f"CNY{NBSP}"}


@register.simple_tag
def quantity(value: Any, unit: str) -> str:
    """A catalog figure with its unit, which is one of the closed vocabulary of the data files."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return _FLAG_WORDS[value]
    if unit == "matrix":
        return " / ".join(" ".join(str(cell) for cell in row) for row in value)
    if not isinstance(value, Number):
        return str(value)
    if unit == "fraction":
        return share_percent(value)
    if unit == "USD":
        return money(value)
    if unit in _MONEY_UNITS:
        return f"{_MONEY_UNITS[unit]}{_rounded(value, 2 if _has_cents(value) else 0)}"
    # As many decimals as the data file gives: 7.0 stays 7.0, 16145 stays whole.
    exact = Decimal(str(value))
    text = _rounded(exact, max(0, -int(exact.as_tuple().exponent)))
    if unit in _BARE_UNITS:
        return text
    return _with_unit(text, "%" if unit == "percent" else unit)


@register.filter
def at_key(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The entry of a mapping under a key, or nothing: templates cannot subscript by a variable."""
    return mapping.get(key, "") if mapping else ""
