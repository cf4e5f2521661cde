"""A price as people and pages write it: "1.6万", "￥1,680.00", "1.234,56 €", "$289.99 (lot of 2)". Doubt gives None."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

LONGEST_PRICE = 100
_HIGHEST = Decimal(10) ** 9


class PriceText(NamedTuple):
    """``amount`` None: there is no price, or it can be read two ways. ``lot``: the units it says it is for."""

    amount: Decimal | None
    currency: str | None
    lot: int | None = None


_SIGNS: tuple[tuple[str, str], ...] = (
    (r"us ?\$|\busd\b|u\.s\. ?\$", "USD"),
    (r"ca? ?\$|\bcad\b", "CAD"),
    (r"au? ?\$|\baud\b", "AUD"),
    (r"hk ?\$|\bhkd\b", "HKD"),
    (r"nt ?\$|\btwd\b", "TWD"),
    (r"sg? ?\$|\bsgd\b", "SGD"),
    (r"£|\bgbp\b", "GBP"),
    (r"€|\beur\b|\beuros?\b", "EUR"),
    (r"\bchf\b", "CHF"),
    (r"\bpln\b|zł|\bzl\b", "PLN"),
    (r"jp ?¥|\bjpy\b|円", "JPY"),
    (r"cn ?¥|\bcny\b|\brmb\b|\bcnh\b|人民币|元|块|¥", "CNY"),
    (r"\$", "USD"),
)
_CURRENCY = re.compile("|".join(f"({pattern})" for pattern, _ in _SIGNS))
_LOT = re.compile(
    r"[(\[]?\s?(?:for (?:a )?)?(?:lot|set|pack|bundle) (?:of )?\(?(\d{1,3})\)?\s?[)\]]?"
    r"|[(\[]\s?(\d{1,3}) ?(?:pcs|pc|pieces|units|x|pack|张|片|件|个|条|根)\s?[)\]]"
)
_NUMBER = re.compile(r"\d+(?:[.,' ]\d+)*")
_SCALE = re.compile(r" ?(万|千|w|k)(?![a-z])")
_SCALES = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000}
_DECIMAL_COMMA = frozenset({"EUR", "PLN", "CHF"})


def read_price(text: str | None, currency: str | None = None) -> PriceText:
    """The one amount a text names. ``currency`` is the marketplace's word for it; it settles a doubtful "1.680"."""
    if not text or len(text) > LONGEST_PRICE:
        return PriceText(None, None)
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    folded = re.sub(r"[\s\u200b-\u200f\u202a-\u202e\x00]+", " ", folded)
    lot: int | None = None
    for found in _LOT.finditer(folded):
        lot = int(found.group(1) or found.group(2))
    folded = _LOT.sub(" ; ", folded)
    signs = {_SIGNS[(found.lastindex or 1) - 1][1] for found in _CURRENCY.finditer(folded)}
    if len(signs) > 1:
        return PriceText(None, None, lot)
    sign = next(iter(signs), None)
    numbers = list(_NUMBER.finditer(folded))
    if len(numbers) != 1 or not numbers[0].group().isascii():
        return PriceText(None, sign, lot)
    (number,) = numbers
    if folded[: number.start()].rstrip().endswith(("-", "+", ".", ",", "~", "<", ">", "%")):
        return PriceText(None, sign, lot)
    after = folded[number.end() :]
    if after.lstrip().startswith(("-", "%", "+", "~")) or "起" in after or re.match(r"[.,]?\d", after):
        return PriceText(None, sign, lot)
    amount = _decimal(number.group(), sign or (currency or "").upper() or None)
    scale = _SCALE.match(after)
    if amount is not None and scale:
        amount *= _SCALES[scale.group(1)]
    rest = after[scale.end() :] if scale else after
    if re.match(r" ?[a-z]", rest) and not re.match(
        r" ?(?:[a-z]{3}\b|euros?|each|per|zł|zl|shipped|us ?\$|obo|or best)", rest
    ):
        return PriceText(None, sign, lot)
    if amount is None or not 0 < amount < _HIGHEST:
        return PriceText(None, sign, lot)
    return PriceText(
        amount.normalize() + 0 if amount != amount.to_integral() else amount.quantize(Decimal(1)), sign, lot
    )


def unit_price(amount: Decimal | None, quantity: int) -> str | None:
    """The price of one, exact where it has at most four decimals."""
    if amount is None or quantity < 1:
        return None
    each = (amount / quantity).quantize(Decimal("0.0001"))
    if each <= 0:
        return None
    text = f"{each:f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _decimal(written: str, currency: str | None) -> Decimal | None:
    """The value of digits with separators, or None where a separator could be either kind."""
    marks = [mark for mark in written if not mark.isdigit()]
    groups = re.split(r"[.,' ]", written)
    try:
        if not marks:
            return Decimal(written)
        if len(set(marks)) == 1:
            return _one_mark(marks, groups, currency)
        last = marks[-1]
        if last not in ".," or last in marks[:-1] or len(set(marks[:-1])) != 1 or not _grouped(groups[:-1]):
            return None
        return Decimal("".join(groups[:-1]) + "." + groups[-1])
    except InvalidOperation:
        return None


def _one_mark(marks: list[str], groups: list[str], currency: str | None) -> Decimal | None:
    mark = marks[0]
    if len(marks) > 1 or mark in "' ":
        return Decimal("".join(groups)) if _grouped(groups) else None
    whole, rest = groups
    if len(rest) != 3 or whole == "0":
        return Decimal(f"{whole}.{rest}")
    thousands = "." if currency in _DECIMAL_COMMA else ","
    return Decimal(whole + rest) if mark == thousands and _grouped(groups) else None


def _grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
