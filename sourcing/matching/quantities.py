"""How many units the price covers: what each count in a title counts, and whether it counts what is sold."""

from collections.abc import Iterator
from typing import NamedTuple

from sourcing.matching.counting import (
    TIMES,
    Counts,
    available_near,
    begins_a_phrase,
    begins_count,
    counts_sold,
    counts_something_else,
    is_stock,
    is_times,
    left_out,
    next_is,
    number_at,
    unit_at,
)
from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap
from sourcing.matching.unclear_counts import (
    collective,
    leads_unexplained,
    minimum_order,
    plural_without_count,
    unexplained,
)

LARGEST = 200  # a larger count is a model number, a lot number or a stock

_LOTS = frozenset({
    "lot of", "set of", "pack of", "bundle of", "box of", "case of", "batch of", "job lot of", "joblot of",
    "bulk lot of",
    "bunch of", "konvolut", "konvolut von", "lote de", "lot de", "lotto di", "lotto da", "joblot", "job lot",
    "collection of", "一批", "整箱", "一箱",
})  # fmt: skip

_OFTEN_STOCK = frozenset({
    "qty", "quantity", "quantity is", "amount", "anzahl", "menge", "stuckzahl", "ilosc", "cantidad", "quantite",
    "quantita", "数量",
})  # fmt: skip

_GROUPS = {"pair": 2, "trio": 3, "quartet": 4, "sextet": 6, "octet": 8}
_LANE_BEFORE = frozenset({"lanes", "form"})


class Amount(NamedTuple):
    """``number`` None: two counts contradict each other, or one can be read two ways."""

    number: int | None
    evidence: str


def quantity(row: list[Item], is_sold: Counts) -> Amount:
    """``is_sold`` tells whether an item names the thing that is sold, or a word for it."""
    for index, item in enumerate(row):
        if item.group == "amount" and item.value == "each" and not unit_at(row, index):
            return Amount(1, f"price is for one: {item.text!r}")
    least = minimum_order(row)
    if least:
        return Amount(None, f"a minimum order: {least!r}")
    found: dict[int, str] = {}
    unclear = collective(row, is_sold)
    for index, item in enumerate(row):
        if item.role in (Role.FOR, Role.NOT, Role.FROM, Role.LIKE):
            continue
        counts = list(_counts_at(row, index, is_sold))
        if index == 0 and not counts and leads_unexplained(row, is_sold):
            counts = [(None, item.text)]
        for number, text in counts:
            if number is None:
                unclear = text
            elif 1 <= number <= LARGEST:
                found.setdefault(number, text)
    several = {number: text for number, text in found.items() if number > 1}
    if unclear and len(several) != 1:
        return Amount(None, f"unclear how many: {unclear!r}")
    if len(several) > 1:
        return Amount(None, "counts contradict each other: " + ", ".join(repr(text) for text in several.values()))
    if several:
        ((number, text),) = several.items()
        return Amount(number, f"quantity {number}: {text!r}")
    plural = plural_without_count(row, is_sold)
    if plural and 1 not in found:
        return Amount(None, f"unclear how many: {plural!r}")
    return Amount(1, "")


def _counts_at(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """Every count that a word or number at a place makes."""
    item = row[index]
    if item.group == "amount":
        yield from _word_of_amount(row, index, is_sold)
    elif item.group == "word" and item.text in TIMES:
        yield from _times_after(row, index, is_sold)
    elif item.group == "ways":
        yield from _ways(row, index, is_sold)
    else:
        number = number_at(row, index)
        if number is not None:
            yield from _number_before(row, index, number, is_sold)


def _word_of_amount(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    item = row[index]
    match item.value:
        case "of" | "lot":
            at = index + 1
            while at < len(row) and at - index <= 2 and row[at].group == "add" and row[at].value != "after":
                at += 1
            number = number_at(row, at)
            if number is None:
                named = (
                    at < len(row)
                    and row[at].group in ("number", "word")
                    and (row[at].text[:1].isdigit() or len(row[at].text) < 3)
                )
                if item.text in _LOTS or (item.value == "lot" and "#" not in item.after and not named):
                    yield None, item.text  # a lot of an amount not said
                return
            if item.text in _OFTEN_STOCK and available_near(row, at + 1):
                return  # "qty 10 available"
            if is_stock(row, at, index) or counts_something_else(row, at + 1, is_sold) or left_out(row, at + 1):
                return
            bare_lot = item.value == "lot" and "(" not in row[at].before and not is_times(row, at + 1)
            if item.value == "lot" and row[at].before.strip(" (") and at == index + 1 and unit_at(row, at + 1):
                return  # "lot, 10 units" is read at its number
            if bare_lot and ("#" in row[at].before or row[at].before.strip() or number > 24):
                return  # "lot 318", "lot # 12"
            yield (None if bare_lot and not unit_at(row, at + 1) else number), f"{item.text} {number}"
        case "pair" | "trio" | "quartet" | "sextet" | "octet":
            said_of_others = index > 0 and row[index - 1].group in ("for", "neg")  # "other listings for pairs"
            if not said_of_others and not next_is(
                row, index + 1, lambda one: one.group == "thing" and not is_sold(one)
            ):
                yield _GROUPS[item.value], item.text
        case "dozen":
            number = number_at(row, index - 1)
            if "half" in item.text:
                if not begins_count(row, index + 1):
                    yield 6, item.text
                return
            yield 12 * (number or 1) if number is None or number < 10 else None, item.text
        case _:
            return


def _times_after(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "x10" behind what it counts; "PCIe x16" and "3.0 x4" are lanes, "4 x ..." is read at its number."""
    number = number_at(row, index + 1)
    if number is None or row[index + 1].gap > Gap.SOFT or index == 0:
        return
    before = row[index - 1]
    if before.role is Role.FOR:
        return  # "for V100 x4"
    if number_at(row, index - 1) is not None and row[index].gap <= Gap.SOFT and before.group == "number":
        return
    bracketed = row[index].before[-1:] in ("(", "[", "【")
    behind_socket = bracketed or (before.value.startswith("sxm") and number != 16)
    if before.group in _LANE_BEFORE and number in (1, 2, 4, 8, 16) and not behind_socket:
        return
    if before.group == "thing" and not is_sold(before):
        return  # "PSU x4"
    if not is_sold.modules and next_is(row, index + 2, lambda one: one.group in ("form", "gpu", "link")):
        return  # "x4 SXM2": what it holds
    if not is_sold.modules and number in (4, 8, 16):
        if number != 16:
            yield None, f"x{number}"
        return  # lanes of a board or a switch card
    if number == 16 and any(one.value == "pcie" for one in row):
        return
    if is_stock(row, index + 1, index):
        return
    at = index
    while at > 0:
        at -= 1
        one = row[at]
        if one.group in ("thing", "server", "board", "bykski", "noun", "pn") and not is_sold(one):
            return
        if one.group == "gpu" and one.role is Role.SOLD and not is_sold(one):
            return
        if is_sold(one):
            yield number, f"x{number}"
            return
        if row[at + 1].gap >= Gap.HARD and row[index].gap < Gap.HARD:
            break
    if not counts_something_else(row, index + 2, is_sold):
        yield number, f"x{number}"


def _alone(row: list[Item], index: int) -> bool:
    """Whether a word is a clause of its own."""
    ends = index + 1 == len(row) or row[index + 1].gap >= Gap.LIST
    return ends and index > 0 and row[index].gap >= Gap.LIST


def _ways(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "2 GPU" beside a module that is sold is a count; "dual V100" could be two modules or a board."""
    item = row[index]
    if not is_sold.modules or item.value == "1":
        return
    yield (
        (int(item.value) if item.text[0].isdigit() and "slot" not in item.text and "way" not in item.text else None),
        item.text,
    )


def _number_before(row: list[Item], index: int, number: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "4x V100", "4pcs", "(4) V100", "4 V100", 两张."""
    item = row[index]
    before = row[index - 1] if index else None
    if before and before.group == "amount" and before.value in ("of", "lot") and item.gap < Gap.LIST:
        return  # read at that word
    if before and before.group == "amount" and before.value == "auction":
        return
    if (
        before
        and item.gap == Gap.GLUED
        and item.group == "number"
        and item.value.isdigit()
        and item.text.isdigit()
        and before.text[-1:].isascii()
        and before.text not in TIMES
    ):
        return  # the end of a model number
    if before and before.group == "word" and before.text in TIMES and item.gap == Gap.GLUED:
        counted = index >= 2 and number_at(row, index - 2) is not None
        if not counted and not (index - 1 == 0 or row[index - 1].gap >= Gap.HARD):
            return  # "x10", read at the x
    if item.before == "-" and index:
        return  # "V100-32"
    at = index + 1
    text = f"{number}"
    if (
        is_times(row, at)
        and number_at(row, at + 1) is not None
        and row[at + 1].gap <= Gap.SOFT
        and row[at].gap <= Gap.SOFT
    ):
        return  # "8x8", "120x120"
    if is_times(row, at):
        at += 1
        text += "x"
        if at < len(row) and row[at].group == "memory" and is_sold.modules:
            yield number, f"{text} {row[at].text}"  # "4x16GB"
            return
    unit = unit_at(row, at)
    if unit:
        if is_stock(row, index, index) or available_near(row, at + 1):
            return
        of_cards = unit.text in ("张", "块", "片") and next_is(row, at + 1, lambda one: one.group == "link")
        if counts_something_else(row, at + 1, is_sold) and unit.value != "pack" and not of_cards:
            return
        chinese_config = unit.text in ("组", "套", "对") and number == 1
        if not chinese_config:
            yield number, f"{text} {unit.text}"
        return
    if is_stock(row, index, index) or available_near(row, at):
        return
    times_before = before is not None and before.text in TIMES and item.gap is Gap.GLUED
    opening = before.before if before is not None and times_before else item.before
    bracketed = opening[-1:] in ("(", "[", "【") and row[at - 1].after.lstrip().startswith((")", "]", "】"))
    leading = text.endswith("x") or bracketed or begins_a_phrase(row, index)
    if at < len(row) and leading and (row[at].gap <= Gap.SOFT or bracketed or (index == 0 and "-" in row[at].before)):
        if bracketed and index == len(row) - 1:
            yield number, f"({number})"
        elif counts_sold(row, at, is_sold, times=text.endswith("x") or bracketed):
            yield number, f"{text} {row[at].text}"
        elif text.endswith("x") and is_sold.modules and not counts_something_else(row, at, is_sold) and number > 1:
            yield None, text
    elif bracketed and number > 1 and at >= len(row):
        yield number, f"({number})"
    elif text.endswith("x") and at >= len(row):
        yield number, text
    if item.group == "number" and not item.text[0].isdigit() and _alone(row, index):
        yield number, item.text  # "modules, four"
    if unexplained(row, index, number, is_sold):
        yield None, f"{row[index - 1].text} {number}"
