"""Signs that a title counts in words not known: then nobody can say how many units the price covers."""

from sourcing.matching.counting import TIMES, Counts, number_at
from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap

_PLURALS = (
    "gpus",
    "modules",
    "cards",
    "accelerators",
    "karten",
    "cartes",
    "tarjetas",
    "schede",
    "karty",
    "moduly",
    "moduli",
)
_NO_COUNT_BEHIND = frozenset({
    "of", "on", "about", "save", "to", "from", "by", "at", "or", "and", "since", "than", "under", "approx", "version",
    "ver", "rev", "revision", "grade", "gen", "generation", "cuda", "driver", "bin", "bay", "row", "rack", "page",
    "pic", "step", "max", "after", "within", "off", "in", "day", "shelf", "windows", "ubuntu", "rhel", "dgx", "pcb",
    "type",
})  # fmt: skip


def unexplained(row: list[Item], index: int, number: int, is_sold: Counts) -> bool:
    """Whether a small number behind a word not known could be a count: "Anzahl 4" in a language not known."""
    item, before = row[index], row[index - 1] if index else None
    if not (is_sold.modules and 2 <= number <= 20 and item.text.isdigit() and before and before.group == "word"):
        return False
    if item.gap is not Gap.SOFT and ":" not in item.before:
        return False
    if item.before.strip(" :") or not before.text.isascii() or before.text in TIMES:
        return False
    if before.text in _NO_COUNT_BEHIND or item.after[:1] in ("%", "+", "/", ":"):
        return False
    after = row[index + 1] if index + 1 < len(row) else None
    return after is None or after.gap >= Gap.LIST or after.group in ("noise", "speed", "gpu", "brand")


def leads_unexplained(row: list[Item], is_sold: Counts) -> bool:
    """Whether a title begins with a number that counts nothing known: "8 off NVIDIA"."""
    number = number_at(row, 0)
    return is_sold.modules and number is not None and 2 <= number <= 64 and row[0].after.strip() != "-"


def minimum_order(row: list[Item]) -> str:
    """The words of a minimum order of more than one: whether the price is of one or of them all is not said."""
    for index, item in enumerate(row):
        if item.group != "amount" or item.value != "minimum":
            continue
        if index and row[index - 1].group == "neg":
            continue  # "no MOQ"
        near = (*range(index + 1, min(index + 3, len(row))), *range(max(index - 2, 0), index))
        numbers = [number for at in near if (number := number_at(row, at)) is not None]
        if numbers and numbers[0] > 1:
            return item.text
    return ""


_OF = frozenset({"of", "de", "von", "di", "da", "van"})


def collective(row: list[Item], is_sold: Counts) -> str:
    """A title that begins with a word not known and "of" a module: a count of it in a language not known."""
    if row and row[0].text in ("a", "an", "the") and len(row) > 3:
        row = row[1:]  # "a clutch of V100"
    if len(row) < 3 or not is_sold.modules or row[0].group != "word" or row[1].text not in _OF or row[1].gap > Gap.SOFT:
        return ""
    return f"{row[0].text} {row[1].text}" if row[2].group in ("brand", "gpu") else ""


def plural_without_count(row: list[Item], is_sold: Counts) -> str | None:
    """ "V100 SXM2 16GB modules": several, and no word of how many."""
    if not is_sold.modules:
        return None
    plurals = (item for item in row if item.role is Role.SOLD and is_sold(item) and item.text.endswith(_PLURALS))
    return next((item.text for item in plurals), None)
