"""A price as people and pages write it: "1.6万", "￥1,680.00", "1.234,56 €", "$289.99 (lot of 2)". Doubt gives None."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

LONGEST_PRICE = 100
_HIGHEST = Decimal(10) ** 9


class PriceText(NamedTuple):
    """``amount`` None: there is no price, or it can be read two ways. ``lot``: the units it says are sold.

    ``per_piece``: the amount is said to be for one of them, and no number of units divides it.
    """

    amount: Decimal | None
    currency: str | None
    lot: int | None = None
    per_piece: bool = False

    def of_one(self, quantity: int) -> Decimal | None:
        """The price of one of ``quantity`` units."""
        return self.amount if self.per_piece or self.amount is None else self.amount / quantity

    def of_all(self, quantity: int) -> Decimal | None:
        """The price of ``quantity`` units together."""
        return self.amount * quantity if self.per_piece and self.amount is not None else self.amount


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
_COUNTERS = "张|片|件|个|条|根|块|只|台|枚"
_CHINESE = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_LOT = re.compile(
    r"[(\[]?\s?(?:(?:for|per|/) ?(?:an? )?)?(?:lot|set|pack|bundle) (?:of )?\(?(?P<of>\d{1,3})\)?\s?[)\]]?"
    rf"|[(\[]\s?(?P<bracketed>\d{{1,3}}) ?(?:pcs|pc|pieces|units|x|pack|{_COUNTERS})\s?[)\]]"
    rf"|(?P<chinese>[{''.join(_CHINESE)}])(?:{_COUNTERS})"
)
_PIECES = rf"(?:ea|each|pcs?|pieces?|units?|items?|gpus?|cards?|modules?|boards?|cables?|stk|stuck|szt|{_COUNTERS})"
_PER_PIECE = re.compile(
    rf"(?:/|\bper |\ban? |\bone |\bpro |\bje |[每一单]) ?{_PIECES}(?![a-z])"
    r"|\b(?:each|ea|apiece|a pop|unit price)\b|单价"
)
# What may stand beside the one amount. Any other word may bound, lower or share it: "from $100", "$100 off", "$2/h".
_BESIDE = re.compile(
    r"(?:\b|(?=/))(?:prices?|about|approx|around|is|now|only|just|asking|total|"
    r"shipped|obo|or best(?: offer)?|or (?:nearest )?offer|best offer|ono|bin|/ ?lot|"
    r"buy it now|sale|firm|fixed|vb|fp|festpreis|preis|prix|precio|prezzo|cena|ttc|incl(?:uding)?|inc|vat|tax|"
    r"mwst|with|plus|free|shipping|delivery|postage|p&p|new|used|for|all|lot|the|each|yuan|sek|nok|dkk|czk|huf|inr|krw|mxn|"
    r"brl|try|rub|thb|vnd|uah|ron|bgn|ils|aed|sar|zar|nzd|myr|php|idr)\b"
    r"|价格|现价|售价|到手价?|券后价?|拍下价?|一口价|活动价|优惠价|促销价|包邮|含税|含运费?|价|约|左右|仅"
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
        lot = _CHINESE.get(found["chinese"]) or int(found["of"] or found["bracketed"])
    folded, named = _PER_PIECE.subn(" ; ", _LOT.sub(" ; ", folded))
    per_piece = named > 0
    signs = {_SIGNS[(found.lastindex or 1) - 1][1] for found in _CURRENCY.finditer(folded)}
    if len(signs) > 1:
        return PriceText(None, None, lot, per_piece)
    sign = next(iter(signs), None)
    numbers = list(_NUMBER.finditer(folded))
    if len(numbers) != 1 or not numbers[0].group().isascii():
        return PriceText(None, sign, lot, per_piece)
    (number,) = numbers
    before, after = folded[: number.start()], folded[number.end() :]
    unsigned = _CURRENCY.sub("", before)
    if unsigned.endswith((".", ",")) or unsigned.rstrip().endswith(tuple("-+~<>%\u2212\u2013\u2014")):
        return PriceText(None, sign, lot, per_piece)
    if after.lstrip().startswith(("-", "%", "+", "~")) or re.match(r"[.,]?\d", after):
        return PriceText(None, sign, lot, per_piece)
    amount = _decimal(number.group(), sign or (currency or "").upper() or None)
    scale = _SCALE.match(after)
    if amount is not None and scale:
        amount *= _SCALES[scale.group(1)]
    rest = before + " ; " + (after[scale.end() :] if scale else after)
    if any(character.isalpha() for character in _BESIDE.sub("", _CURRENCY.sub("", rest))) or "/" in rest:
        return PriceText(None, sign, lot, per_piece)
    if amount is None or not 0 < amount < _HIGHEST:
        return PriceText(None, sign, lot, per_piece)
    whole = amount == amount.to_integral()
    return PriceText(amount.quantize(Decimal(1)) if whole else amount.normalize() + 0, sign, lot, per_piece)


def unit_price(price: PriceText, quantity: int) -> str | None:
    """The price of one, exact where it has at most four decimals."""
    each = price.of_one(quantity) if quantity > 0 else None
    each = each.quantize(Decimal("0.0001")) if each is not None else None
    if each is None or each <= 0:
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
    if mark == "," and len(rest) > 3:
        return None
    if len(rest) != 3 or whole == "0":
        return Decimal(f"{whole}.{rest}")
    thousands = "." if currency in _DECIMAL_COMMA else ","
    return Decimal(whole + rest) if mark == thousands and _grouped(groups) else None


def _grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
