"""How many units the price covers: what each count in a title counts, and whether it counts what is sold."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap

LARGEST = 200  # a larger count is a model number, a lot number or a stock
_CHINESE = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_LOTS = frozenset({
    "lot of", "set of", "pack of", "bundle of", "box of", "case of", "batch of", "job lot of", "joblot of", "bulk lot of", "bunch of",
    "konvolut", "konvolut von", "lote de", "lot de", "lotto di", "lotto da", "joblot", "job lot", "collection of", "一批", "整箱", "一箱",
})  # fmt: skip
_TIMES = frozenset({"x"})
_LANE_BEFORE = frozenset({"lanes", "form"})
_TRANSPARENT = frozenset({"brand", "maker", "word", "noise", "speed", "purpose", "ways", "to", "lanes", "form"})

Test = Callable[[Item], bool]


class Counts(NamedTuple):
    """What is sold, as counting sees it; a count before something that ``blocks`` counts no unit ("4x SXM2 board")."""

    names: Test
    blocks: Test

    def __call__(self, item: Item) -> bool:
        return self.names(item)

    @property
    def modules(self) -> bool:
        return self.names(Item("noun", "gpu", "gpu", Gap.SOFT, ""))


class Amount(NamedTuple):
    """``number`` None: two counts contradict each other, or one can be read two ways."""

    number: int | None
    evidence: str


def quantity(row: list[Item], is_sold: Counts) -> Amount:
    """``is_sold`` tells whether an item names the thing that is sold, or a word for it."""
    for index, item in enumerate(row):
        if item.group == "amount" and item.value == "each" and not _unit(row, index):
            return Amount(1, f"price is for one: {item.text!r}")
    found: dict[int, str] = {}
    unclear = ""
    for index, item in enumerate(row):
        if item.role in (Role.FOR, Role.NOT, Role.FROM, Role.LIKE):
            continue
        for number, text in _counts_at(row, index, is_sold):
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
    return Amount(1, "")


def _number(row: list[Item], index: int) -> int | None:
    if not 0 <= index < len(row):
        return None
    item = row[index]
    if "$" in item.before or "€" in item.before or "£" in item.before or "¥" in item.before or "#" in item.before:
        return None
    if item.group == "number":
        return item.amount
    return _CHINESE.get(item.text)


def _counts_at(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """Every count that a word or number at a place makes."""
    item = row[index]
    if item.group == "amount":
        yield from _word_of_amount(row, index, is_sold)
    elif item.group == "word" and item.text in _TIMES:
        yield from _times_after(row, index, is_sold)
    elif item.group == "ways":
        yield from _ways(row, index, is_sold)
    else:
        number = _number(row, index)
        if number is not None:
            yield from _number_before(row, index, number, is_sold)


def _word_of_amount(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    item = row[index]
    match item.value:
        case "of" | "lot":
            at = index + 1
            while at < len(row) and at - index <= 2 and row[at].group == "add" and row[at].value != "after":
                at += 1
            number = _number(row, at)
            if number is None:
                named = at < len(row) and row[at].group in ("number", "word") and row[at].text[:1].isdigit()
                if item.text in _LOTS or (item.value == "lot" and "#" not in item.after and not named):
                    yield None, item.text  # a lot of an amount not said
                return
            if _is_stock(row, at, index) or _counts_something_else(row, at + 1, is_sold) or _left_out(row, at + 1):
                return
            bare_lot = item.value == "lot" and "(" not in row[at].before and not _is_times(row, at + 1)
            if item.value == "lot" and row[at].before.strip(" (") and at == index + 1 and _unit(row, at + 1):
                return  # "lot, 10 units" is read at its number
            if bare_lot and ("#" in row[at].before or row[at].before.strip() or number > 24):
                return  # "lot 318", "lot # 12"
            yield (None if bare_lot and not _unit(row, at + 1) else number), f"{item.text} {number}"
        case "pair":
            if not (_next_is(row, index + 1, lambda one: one.group == "thing" and not is_sold(one))) or index + 1 >= len(row):
                yield 2, item.text
        case "dozen":
            number = _number(row, index - 1)
            if "half" in item.text:
                if not _begins_count(row, index + 1):
                    yield 6, item.text
                return
            yield 12 * (number or 1) if number is None or number < 10 else None, item.text
        case _:
            return


def _times_after(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "x10" behind what it counts; "PCIe x16" and "3.0 x4" are lanes, "4 x ..." is read at its number."""
    number = _number(row, index + 1)
    if number is None or row[index + 1].gap > Gap.SOFT or index == 0:
        return
    before = row[index - 1]
    if before.role is Role.FOR:
        return  # "for V100 x4"
    if _number(row, index - 1) is not None and row[index].gap <= Gap.SOFT and before.group == "number":
        return
    if before.group in _LANE_BEFORE and number in (1, 2, 4, 8, 16):
        if not (before.value.startswith("sxm") and number != 16):
            return
    if not is_sold.modules and number in (4, 8, 16):
        if number != 16:
            yield None, f"x{number}"
        return  # lanes of a board or a switch card
    if number == 16 and any(one.value == "pcie" for one in row):
        return
    if _is_stock(row, index + 1, index):
        return
    at = index
    while at > 0:
        at -= 1
        one = row[at]
        if one.group in ("thing", "server", "board", "bykski", "link", "noun", "gpu", "pn") and not is_sold(one):
            if not (one.group == "link" or (one.group == "gpu" and one.role is not Role.SOLD)):
                return
        if is_sold(one):
            yield number, f"x{number}"
            return
        if row[at + 1].gap >= Gap.HARD and row[index].gap < Gap.HARD:
            break
    if not _counts_something_else(row, index + 2, is_sold):
        yield number, f"x{number}"


def _ways(row: list[Item], index: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "2 GPU" beside a module that is sold is a count; "dual V100" could be two modules or a board."""
    item = row[index]
    if not is_sold.modules or item.value == "1":
        return
    yield (int(item.value) if item.text[0].isdigit() and "slot" not in item.text and "way" not in item.text else None), item.text


def _number_before(row: list[Item], index: int, number: int, is_sold: Counts) -> Iterator[tuple[int | None, str]]:
    """ "4x V100", "4pcs", "(4) V100", "4 V100", 两张."""
    item = row[index]
    before = row[index - 1] if index else None
    if before and before.group == "amount" and before.value in ("of", "lot") and item.gap < Gap.LIST:
        return  # read at that word
    if before and before.group == "amount" and before.value == "auction":
        return
    if before and item.gap == Gap.GLUED and item.group == "number" and item.value.isdigit() and item.text.isdigit() \
            and before.text[-1:].isascii() and before.text not in _TIMES:
        return  # the end of a model number
    if before and before.group == "word" and before.text in _TIMES and item.gap == Gap.GLUED:
        at = index - 2
        if at < 0 or _number(row, at) is None:
            if not (index - 1 == 0 or row[index - 1].gap >= Gap.HARD):
                return  # "x10", read at the x
    if item.before == "-" and index:
        return  # "V100-32"
    at = index + 1
    text = f"{number}"
    if _is_times(row, at) and _number(row, at + 1) is not None and row[at + 1].gap <= Gap.SOFT and row[at].gap <= Gap.SOFT:
        return  # "8x8", "120x120"
    if _is_times(row, at):
        at += 1
        text += "x"
        if at < len(row) and row[at].group == "memory" and is_sold.modules:
            yield number, f"{text} {row[at].text}"  # "4x16GB"
            return
    unit = _unit(row, at)
    if unit:
        if _is_stock(row, index, index) or _available_near(row, at + 1):
            return
        if _counts_something_else(row, at + 1, is_sold) and unit.value != "pack":
            return
        chinese_config = unit.text in ("组", "套", "对") and number == 1
        if not chinese_config:
            yield number, f"{text} {unit.text}"
        return
    if _is_stock(row, index, index) or _available_near(row, at):
        return
    bracketed = "(" in item.before and row[at - 1].after.startswith((")", " )"))
    leading = text.endswith("x") or bracketed or _begins_a_phrase(row, index)
    if at < len(row) and leading and (row[at].gap <= Gap.SOFT or bracketed or (index == 0 and "-" in row[at].before)):
        if bracketed and index == len(row) - 1:
            yield number, f"({number})"
        elif _counts_sold(row, at, is_sold, times=text.endswith("x") or bracketed):
            yield number, f"{text} {row[at].text}"
        elif text.endswith("x") and is_sold.modules and not _counts_something_else(row, at, is_sold) and number > 1:
            yield None, text
    elif bracketed and number > 1 and at >= len(row):
        yield number, f"({number})"
    elif text.endswith("x") and at >= len(row):
        yield number, text


def _begins_count(row: list[Item], index: int) -> bool:
    """Whether the next thing is a number: "half dozen ... six modules"."""
    return index < len(row) and _number(row, index) is not None


def _left_out(row: list[Item], index: int) -> bool:
    """Whether a count counts what does not come with it: "all 8 GPUs removed"."""
    return index < len(row) and row[index].group in ("noun", "card", "thing", "gpu") and row[index].role is Role.NOT


def _begins_a_phrase(row: list[Item], index: int) -> bool:
    """Whether a bare number can begin a noun phrase: "Selling 2 V100", not "CUDA 12 Nvidia"."""
    if index == 0 or row[index].gap >= Gap.LIST or not row[index].text.isdigit():
        return True
    return row[index - 1].group in ("word", "amount", "only", "add") and int(row[index].text) <= 16


def _is_times(row: list[Item], index: int) -> bool:
    return 0 <= index < len(row) and row[index].text in _TIMES and row[index].gap <= Gap.SOFT


def _unit(row: list[Item], index: int) -> Item | None:
    """A unit or counter right behind a number: pcs, Stück, 张, "er Set"."""
    if index >= len(row) or row[index].gap > Gap.SLASH:
        return None
    item = row[index]
    if item.group != "amount":
        return None
    if item.text == "each":  # "4 each"
        return item if index and _number(row, index - 1) and item.gap <= Gap.SOFT else None
    return item if item.value in ("units", "counters", "pack") else None


def _is_stock(row: list[Item], index: int, first: int) -> bool:
    """Whether a count follows a word of stock: 库存12张, "over 20 pcs"."""
    for at in (first - 1, index - 1):
        if at >= 0 and row[at].group == "amount" and row[at + 1].gap < Gap.HARD:
            if row[at].value == "stock" or (row[at].value == "available" and row[at].text not in ("现货", "sold")):
                return True
            if row[at].text == "现货" and row[at + 1].gap <= Gap.SOFT:
                return True
    return False


def _available_near(row: list[Item], index: int) -> bool:
    """Whether "available" follows within two words and no separator."""
    for at in range(index, min(index + 4, len(row))):
        if row[at].gap >= Gap.HARD:
            return False
        if row[at].group == "amount" and row[at].value == "available":
            return row[at].text != "现货" or at == index
        if row[at].group not in ("word", "noun", "amount", "card", "thing", "gpu", "memory", "form"):
            return False
    return False


def _next_is(row: list[Item], index: int, test: Test) -> bool:
    return index < len(row) and row[index].gap < Gap.LIST and test(row[index])


def _counts_something_else(row: list[Item], index: int, is_sold: Counts) -> bool:
    """Whether the first thing named behind a count is another than what is sold ("2 pcs fan for ...")."""
    for at in range(index, min(index + 3, len(row))):
        one = row[at]
        if one.gap >= Gap.ADD or is_sold(one):
            return False
        if one.group == "link":
            return True
        if one.group == "thing" or (one.group == "noise" and one.text in _PLACES):
            return one.role in (Role.SOLD, Role.WITH)
        if one.group not in _TRANSPARENT:
            return False
    return False


_PLACES = frozenset({
    "slots", "ports", "sockets", "slot", "socket", "8 pin", "8pin", "6pin", "pcie slots",
    "pcie slot", "dual 8 pin", "fan headers", "power connectors", "fan connector", "eps",
})  # fmt: skip


def _counts_sold(row: list[Item], index: int, is_sold: Counts, times: bool) -> bool:
    """Whether the noun phrase from a place on names what is sold. Its first thing decides; GPUs in a board do not count."""
    passed = 0
    for at in range(index, min(index + 8, len(row))):
        one = row[at]
        if at > index and one.gap >= Gap.ADD:
            return False
        if is_sold(one):
            return one.role in (Role.SOLD, Role.WITH)
        if is_sold.blocks(one):
            return False
        if one.group in ("thing", "server", "box", "board", "link", "switch", "set", "card", "amount", "fault", "number"):
            return False
        if one.group == "noise":
            if one.text in _PLACES:
                return False
            passed += 1
        if one.group in ("word", "other memory"):
            passed += 1
        if one.group in ("neg", "for", "from", "compare"):
            return False
        if passed > (3 if times else 0):
            return False
    return False
