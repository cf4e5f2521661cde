"""What stands around a count: its unit, a word of stock, the thing it counts."""

from collections.abc import Callable
from typing import NamedTuple

from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap

_CHINESE = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
TIMES = frozenset({"x"})
_TRANSPARENT = frozenset({"brand", "maker", "word", "noise", "speed", "purpose", "ways", "to", "lanes", "form"})
_PLACES = frozenset({
    "slots", "ports", "sockets", "slot", "socket", "bays", "bay", "sites", "8 pin", "8pin", "6pin", "pcie slots",
    "pcie slot", "dual 8 pin", "fan headers", "power connectors", "fan connector", "eps", "位", "槽", "槽位", "插槽",
    "卡槽", "接口", "座",
})  # fmt: skip
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


def number_at(row: list[Item], index: int) -> int | None:
    if not 0 <= index < len(row):
        return None
    item = row[index]
    if "$" in item.before or "€" in item.before or "£" in item.before or "¥" in item.before or "#" in item.before:
        return None
    if item.group == "number":
        return item.amount
    return _CHINESE.get(item.text)


def is_times(row: list[Item], index: int) -> bool:
    return 0 <= index < len(row) and row[index].text in TIMES and row[index].gap <= Gap.SOFT


def begins_a_phrase(row: list[Item], index: int) -> bool:
    """Whether a bare number can begin a noun phrase: "Selling 2 V100", not "CUDA 12 Nvidia"."""
    if index == 0 or row[index].gap >= Gap.LIST or not row[index].text.isdigit():
        return True
    return row[index - 1].group in ("word", "amount", "only", "add") and int(row[index].text) <= 16


def begins_count(row: list[Item], index: int) -> bool:
    """Whether the next thing is a number: "half dozen ... six modules"."""
    return index < len(row) and number_at(row, index) is not None


def left_out(row: list[Item], index: int) -> bool:
    """Whether a count counts what does not come with it: "all 8 GPUs removed"."""
    return index < len(row) and row[index].group in ("noun", "card", "thing", "gpu") and row[index].role is Role.NOT


def unit_at(row: list[Item], index: int) -> Item | None:
    """A unit or counter right behind a number: pcs, Stück, 张, "er Set"."""
    if index >= len(row) or row[index].gap > Gap.SLASH:
        return None
    item = row[index]
    if item.text == "个" and index + 1 < len(row) and row[index + 1].text in ("月", "小", "星", "工"):
        return None  # 三个月
    if _is_off(row, index):
        return item
    if item.group != "amount":
        return None
    if item.text in ("qty", "quantity") and number_at(row, index + 1) is None and ":" not in item.after:
        return item if index and number_at(row, index - 1) else None  # "6 qty"
    if item.text == "each":  # "4 each"
        return item if index and number_at(row, index - 1) and item.gap <= Gap.SOFT else None
    if item.value == "lot" and is_times(row, index - 1):
        return item  # "4x lot"
    return item if item.value in ("units", "counters", "pack") else None


def _is_off(row: list[Item], index: int) -> bool:
    """ "8 off V100" and "2 No. V100" count as the trades do; "10 % off" and "8 off the price" do not."""
    item, number = row[index], row[index - 1] if index else None
    if item.text not in ("off", "of", "no") or number is None or number.amount is None or "%" in item.before:
        return False
    if item.text == "no" and not item.after.startswith("."):
        return False
    if item.text == "of" and number.text == "1":
        return False
    following = row[index + 1] if index + 1 < len(row) else None
    alone = index == 1 or number.gap >= Gap.LIST or "(" in number.before
    if following is None or following.gap >= Gap.LIST:
        return alone
    return alone and following.group in ("brand", "gpu", "memory", "noun", "server", "thing", "form", "maker", "board")


def is_stock(row: list[Item], index: int, first: int) -> bool:
    """Whether a count follows a word of stock: 库存12张, "over 20 pcs"."""
    for at in (first - 1, index - 1):
        if at >= 0 and row[at].group == "amount" and row[at + 1].gap < Gap.HARD:
            if row[at].value == "stock" or (row[at].value == "available" and row[at].text not in ("现货", "sold")):
                return True
            if row[at].text == "现货" and row[at + 1].gap <= Gap.SOFT:
                return True
    return False


def available_near(row: list[Item], index: int) -> bool:
    """Whether "available" follows within two words and no separator."""
    for at in range(index, min(index + 4, len(row))):
        if row[at].gap >= Gap.HARD:
            return False
        if row[at].group == "amount" and row[at].value == "available":
            return row[at].text != "现货" or at == index
        if row[at].group not in ("word", "noun", "amount", "card", "thing", "gpu", "memory", "form"):
            return False
    return False


def next_is(row: list[Item], index: int, test: Test) -> bool:
    return index < len(row) and row[index].gap < Gap.LIST and test(row[index])


def counts_something_else(row: list[Item], index: int, is_sold: Counts) -> bool:
    """Whether the first thing named behind a count is another than what is sold ("2 pcs fan for ...")."""
    for at in range(index, min(index + 3, len(row))):
        one = row[at]
        if one.gap >= Gap.ADD or is_sold(one):
            return False
        if one.group == "link":
            return True
        if one.text in _PLACES:
            return True
        if one.group == "thing":
            return one.role in (Role.SOLD, Role.WITH)
        if one.group not in _TRANSPARENT:
            return False
    return False


def counts_sold(row: list[Item], index: int, is_sold: Counts, times: bool) -> bool:
    """Whether the noun phrase from a place on names what is sold. Its first thing decides: GPUs in a board do not."""
    passed = 0
    for at in range(index, min(index + 8, len(row))):
        one = row[at]
        if at > index and one.gap >= Gap.ADD:
            return False
        if is_sold(one):
            return one.role in (Role.SOLD, Role.WITH)
        if is_sold.blocks(one):
            return False
        if one.group in (
            "thing",
            "server",
            "box",
            "board",
            "link",
            "switch",
            "set",
            "card",
            "amount",
            "fault",
            "number",
        ):
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
