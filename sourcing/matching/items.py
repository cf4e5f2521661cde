"""A title as a row of items: phrases of the vocabulary, part numbers, memory sizes, numbers, and words not known."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from sourcing.matching import part_numbers
from sourcing.matching.lexicon import Lexicon, Meaning
from sourcing.matching.normalize import Gap, Text, Token
from sourcing.matching.part_numbers import PartNumber


class Role(Enum):
    """How a thing stands to what is sold."""

    SOLD = "sold"
    WITH = "with"  # sold beside the first thing
    NOT = "not"  # "without heatsink", "GPU not included"
    FOR = "for"  # what the sold thing fits
    FROM = "from"  # what it was taken out of
    LIKE = "like"  # what it is compared with


@dataclass(slots=True)
class Item:
    """``group`` is that of the vocabulary, or memory, number, pn, word."""

    group: str
    value: str
    text: str
    gap: Gap
    before: str
    after: str = ""  # what stands behind it
    role: Role = Role.SOLD
    number: PartNumber | None = None

    @property
    def amount(self) -> int | None:
        """The whole number an item is, where it is one."""
        if self.group != "number" or not self.value.isdigit() or len(self.value) > 4:
            return None
        return int(self.value)


MEMORY_UNITS = frozenset(
    {"gb", "g", "gig", "gigs", "gigabyte", "gigabytes", "gbyte", "gbytes", "go", "gbs", "gib", "gddr", "ghb"}
)
_SPEED_UNITS = frozenset({"s", "bps", "sec", "ps"})
_OTHER_MEMORY = frozenset(
    {"ram", "ddr", "ssd", "hdd", "nvme", "内", "硬", "固", "gddr", "sas", "sata", "drive", "emmc"}
)
_OTHER_MEMORY_BEFORE = frozenset({"ram", "ddr4", "ssd", "内存", "硬盘", "固态", "hdd"})
_NOS = frozenset({"no", "not", "without", "无", "没", "不"})
_PLAIN_MEMORY = frozenset({"16", "32"})


def items(text: Text, lexicon: Lexicon) -> list[Item]:
    """Every token of the title in one item, in order."""
    row = text.tokens
    numbers = {found.start: found for found in part_numbers.find(text.text)}
    found: list[Item] = []
    at = 0
    while at < len(row):
        token = row[at]
        printed = numbers.get(token.start)
        if printed:
            end = at + 1
            while end < len(row) and row[end].start < printed.end:
                end += 1
            found.append(Item("pn", "pn", printed.text, token.gap, token.before, number=printed.number))
        else:
            memory_end = _memory(row, at)
            phrase = lexicon.longest(row, at)
            phrase = _without_splitting(row, at, phrase, lexicon)
            if memory_end and not (phrase and (phrase[0] > memory_end or phrase[1].group == "speed")):
                end = memory_end
                other = end < len(row) and row[end].text in _OTHER_MEMORY and row[end].gap <= Gap.SOFT
                if found and found[-1].text in _OTHER_MEMORY_BEFORE and token.gap <= Gap.SOFT:
                    other = True
                group = "other memory" if other else "memory"
                found.append(Item(group, token.text, _written(row, at, end), token.gap, token.before))
            elif phrase:
                end, meaning = phrase
                found.append(Item(meaning.group, meaning.value, _written(row, at, end), token.gap, token.before))
            else:
                end = at + 1
                group = "number" if token.text[0].isdigit() else "word"
                found.append(Item(group, token.text, token.text, token.gap, token.before))
        at = end
    for item, following in pairwise(found):
        item.after = following.before
    if found and row:
        found[-1].after = text.text[row[-1].end : row[-1].end + 8]
    return found


def _without_splitting(
    row: tuple[Token, ...], at: int, phrase: tuple[int, Meaning] | None, lexicon: Lexicon
) -> tuple[int, Meaning] | None:
    """ "no power" in "no power cable" is no fault: a longer phrase begins behind the "no"."""
    if not phrase or phrase[1].group not in ("fault", "noise") or row[at].text not in _NOS:
        return phrase
    behind = lexicon.longest(row, at + 1) if at + 1 < len(row) else None
    alone = lexicon.single.get(row[at].text)
    return (at + 1, alone) if behind and alone and behind[0] > phrase[0] else phrase


def _memory(row: tuple[Token, ...], at: int) -> int | None:
    """The end of a memory size that begins at a token: "16gb", "32 g", and the first of "16/32gb"."""
    token = row[at]
    if not (token.text.isdigit() and len(token.text) <= 4) or "$" in token.before:
        return None
    if at + 1 < len(row):
        unit = row[at + 1]
        if unit.text in MEMORY_UNITS and unit.gap <= Gap.SOFT:
            after = row[at + 2] if at + 2 < len(row) else None
            if after and after.text in _SPEED_UNITS and after.gap in (Gap.SLASH, Gap.GLUED):
                return None
            return at + 2
        if token.text in _PLAIN_MEMORY and at + 2 < len(row) and unit.gap >= Gap.SOFT:
            follow = at + 2 if unit.text in ("or", "and", "oder", "ou", "o", "和", "或", "to") else at + 1
            more = follow + 1 < len(row) and row[follow + 1].text in MEMORY_UNITS
            if row[follow].text in _PLAIN_MEMORY and more:
                return at + 1
    return None


def _written(row: tuple[Token, ...], at: int, end: int) -> str:
    return "".join((token.before if index else "") + token.text for index, token in enumerate(row[at:end]))
