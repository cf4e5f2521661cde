"""What each item of a title is to the sale: sold, sold with, left out, what it fits, where it came from.

One pass from left to right: a word such as "without" or "for" opens a stretch, and separators, other such words and
the end of its noun phrase close it. Words that follow their noun ("not included", 专用) then reach back.
"""

from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap

# What can be sold, left out or fitted, and so carries a role.
NOUNS = frozenset({
    "gpu", "form", "noun", "card", "server", "thing", "board", "bykski", "switch", "link", "box", "pn", "memory", "set",
    "ways",
})  # fmt: skip
_PARTS = frozenset({"noun", "card", "thing", "box", "link", "server", "board"})
_FITTED = frozenset(
    {"gpu", "form", "memory", "other memory", "server", "pn", "brand", "noun", "link", "board", "ways", "bykski"}
)
_PASSED = frozenset({"brand", "maker", "ways", "speed", "lanes", "word", "other memory", "purpose", "to"})
_NEAR_ONLY = frozenset({"chip", "die", "performance", "class", "level", "核心", "级", "级别", "性能", "同级"})
_PASSING_BY = frozenset({"noise", "fault", "cut", "service", "choice"})
_JOINED = frozenset({"thing", "noun", "memory", "bykski", "board", "server"})
_ARTICLES = frozenset({
    "a", "an", "the", "any", "your", "own", "my", "our", "its", "full", "new", "some", "also", "extra", "eine", "einen",
    "ein", "der", "die", "das", "le", "la", "les", "un", "une", "el", "los", "il", "lo", "gli", "de", "du", "des", "d",
    "l", "di",
})  # fmt: skip
_EITHER_SIDE = frozenset({"另购", "需另购", "自备", "需自备", "请自备", "不含", "不带", "没有", "无", "不送"})
_FILLERS = 3  # words not known that may stand between "without" or "for" and its noun


class _Stretch:
    """An open stretch: its role, the group of its first noun, and words passed before that noun."""

    __slots__ = ("fillers", "first", "role")

    def __init__(self, role: Role) -> None:
        self.role = role
        self.first: Item | None = None
        self.fillers = 0

    @property
    def too_long(self) -> bool:
        """Whether the words passed show that its noun phrase is over."""
        if self.role not in (Role.NOT, Role.LIKE):
            return False
        return self.fillers > (0 if self.first else _FILLERS)


def assign(row: list[Item]) -> None:
    """Set the role of every item."""
    stretch: _Stretch | None = None
    for index, item in enumerate(row):
        if stretch and _closed_by_gap(stretch, item, row, index):
            stretch = None
        opened = _opens(item, stretch, row, index)
        if stretch and item.group == "add" and item.value == "and":
            stretch.fillers = -1  # "a server or a special board"
        if opened is not None:
            if not (opened is Role.WITH and item.value == "and" and stretch):
                stretch = _Stretch(opened)
            continue
        if stretch is None and item.gap is Gap.ADD:
            stretch = _Stretch(Role.WITH)
        if item.value == "pcie" and index and _is_adapter(row[index - 1]) and item.gap <= Gap.SOFT:
            item.role = row[index - 1].role  # "sans adaptateur PCIe"
            continue
        if stretch is None:
            continue
        if item.group in NOUNS:
            if _ends_at(stretch, item, row, index):
                stretch = None
                continue
            named = stretch.first.group if stretch.first else ""
            if stretch.role is Role.NOT and named in ("form", "gpu", "memory") and item.group in ("noun", "card"):
                continue  # "not the PCIe card" leaves out no card
            item.role = stretch.role
            stretch.first = stretch.first or item
        elif item.group == "number":
            if stretch.first is None:
                item.role = stretch.role  # "for 4x V100"
            elif stretch.role is Role.NOT:
                stretch = None
        elif item.group != "amount":
            if item.group in _PASSING_BY and "pin" not in item.text:
                if stretch.first or stretch.role in (Role.NOT, Role.LIKE):
                    stretch = None
                continue
            stretch.fillers += item.group == "word" and item.text not in _ARTICLES
            if stretch.too_long or (item.group == "purpose" and stretch.role is Role.FOR and stretch.first is None):
                stretch = None
    _reach_back(row)


def _is_adapter(item: Item) -> bool:
    return item.group == "thing" and item.value in ("adapter", "riser", "board")


def _opens(item: Item, stretch: _Stretch | None, row: list[Item], index: int) -> Role | None:
    """The role of the stretch a word begins, if it begins one. ``Role.SOLD`` closes."""
    match item.group, item.value:
        case "neg", "before" if item.text == "less" and item.before == "-":
            return None  # "blower-less"
        case "neg", "before":
            following = row[index + 1] if index + 1 < len(row) else None
            if item.text == "no" and index and row[index - 1].group == "number" and item.after.startswith("."):
                return None  # "2 No. V100"
            if item.text in ("no", "no.") and following and following.group in ("number", "pn"):
                return None  # "No. 4", "no 900-2G503"
            return Role.NOT
        case "neg", "after" if ":" in item.after:
            return Role.NOT  # "not included: cooler"
        case "for", "before":
            # "not for PCIe": still not
            return Role.NOT if stretch and stretch.role is Role.NOT and stretch.first is None else Role.FOR
        case "for", "ends":
            following = row[index + 1] if index + 1 < len(row) else None
            goes_on = following and following.group in ("thing", "server") and following.gap <= Gap.SOFT
            return Role.FOR if goes_on else Role.SOLD  # "for AI training server"
        case "from", "before":
            return Role.FROM
        case "compare", "before":
            return Role.LIKE
        case "add", "with":
            if stretch and stretch.role is Role.NOT and stretch.first is None:
                return Role.NOT
            return Role.WITH
        case "add", "and":
            if stretch is None:
                joins = index > 0 and row[index - 1].group in _JOINED
                return Role.WITH if joins else None
            return Role.WITH if stretch.role is Role.WITH else None
        case _:
            return None


def _closed_by_gap(stretch: _Stretch, item: Item, row: list[Item], index: int) -> bool:
    if item.gap <= Gap.SLASH:
        return False
    if stretch.first is None:
        return item.gap == Gap.HARD and "(" not in item.before
    match item.gap:
        case Gap.HARD:
            goes_on = stretch.role is Role.FOR and "(" in item.before and ")" not in item.before
            return not (goes_on and item.group in _FITTED)  # "for SXM2 carriers (1CatAI, 39com)"
        case Gap.ADD:
            if "&" in item.before and "+" not in item.before:
                return item.group not in _continuing(stretch)
            return True
        case _:
            if stretch.role is Role.WITH:
                return False
            return item.group not in _continuing(stretch) and not (item.group == "add" and item.value == "and")


def _continuing(stretch: _Stretch) -> frozenset[str]:
    """The groups a list goes on with behind a comma: "no CPU, RAM, GPU"; "for V100, P100"."""
    if stretch.role is Role.NOT:
        return _PARTS
    if stretch.role in (Role.FOR, Role.FROM):
        return _FITTED
    return frozenset()


def _ends_at(stretch: _Stretch, item: Item, row: list[Item], index: int) -> bool:
    """Whether a noun lies behind the noun phrase of the stretch."""
    first = stretch.first
    if stretch.role is Role.FROM and item.group == "gpu" and not _any_sold(row[:index]):
        return True  # "ex Oracle cloud V100": what is sold is named behind its origin
    if first is None or item.gap > Gap.SLASH:
        return False
    joined = item.gap == Gap.SLASH or (row[index - 1].group == "add" and row[index - 1].value == "and")
    if stretch.role is Role.NOT:
        following = row[index + 1] if index + 1 < len(row) else None
        if item.group == "form" and following and following.group == "thing" and following.gap <= Gap.SOFT:
            return False  # "heatsink and SXM2 board"
        if first.group in _PARTS and item.group in ("gpu", "form", "memory", "pn", "server", "board", "bykski"):
            return True  # "no heatsink V100 SXM2 16GB"
        if first.group == "memory" and item.group in ("gpu", "form", "pn", "server"):
            return True
        if first.group == "form" and item.group in ("gpu", "memory", "pn", "server"):
            return not joined
        return first.group == "gpu" and item.group == "gpu" and not joined
    if stretch.role is Role.LIKE:
        return first.group == "gpu" and item.group in ("gpu", "pn") and not joined
    return False


def _any_sold(row: list[Item]) -> bool:
    return any(item.group in NOUNS and item.role is Role.SOLD for item in row)


def _reach_back(row: list[Item]) -> None:
    for index, item in enumerate(row):
        match item.group, item.value:
            case "neg", "before" if item.text == "less" and item.before == "-" and index:
                row[index - 1].role = Role.NOT
            case "neg", "before" if ":" in item.before and index:
                if row[index - 1].group in _PARTS:  # "Heatsink: no"
                    row[index - 1].role = Role.NOT
            case "neg", "before" if item.text in _EITHER_SIDE and (
                index + 1 == len(row) or row[index + 1].gap > Gap.GLUED
            ):
                _mark_list(row, index, Role.NOT)  # 转接板另购
            case "neg", "after" if ":" not in item.after:
                _mark_list(row, index, Role.NOT)
            case "add", "after":
                _mark_list(row, index, Role.WITH)
            case "for", "after":
                _mark_run(row, index, Role.FOR, _FITTED)
            case "from", "after":
                _mark_origin(row, index)
            case "compare", "after":
                _mark_compared(row, index)
            case _:
                pass


def _ends_its_word(row: list[Item], index: int) -> bool:
    """Whether a space or more follows, which ends a phrase of Chinese."""
    return index + 1 == len(row) or row[index + 1].gap > Gap.GLUED


def _mark_list(row: list[Item], index: int, role: Role) -> None:
    """Nouns right before "not included", and those joined to them by "/", "," or "and"."""
    at = index - 1
    passed = ("word", "noise", "card", "neg") if row[at].text == "shown" else ("word", "noise", "card")
    while at >= 0 and row[at].group in passed and at > index - 3 and row[at + 1].gap < Gap.HARD:
        at -= 1
    if at < 0 or row[at].group not in NOUNS or (row[at + 1].gap >= Gap.HARD and "(" not in row[at + 1].before):
        return
    while at >= 0 and row[at].group in NOUNS:
        denied = role is Role.NOT and row[index].text.startswith(("not ", "no ", "nicht", "non ", "不"))
        reached = row[at].group in _PARTS or (row[at].group in ("gpu", "form", "memory") and denied)
        kept = role is Role.WITH and row[at].role is Role.NOT and _denied_here(row, at)
        if reached and not kept:
            row[at].role = role
        behind = row[at]
        at -= 1
        if at >= 0 and behind.gap in (Gap.SOFT, Gap.GLUED):
            joiner = row[at]
            if joiner.group == "add" and joiner.value == "and":
                at -= 1
            elif not _same_phrase(joiner, behind):
                return
        elif behind.gap >= Gap.ADD or (behind.gap is Gap.LIST and at > 0 and row[at].gap < Gap.LIST):
            return  # a list has one noun between its commas: "CPU, RAM, GPU not included"


def _denied_here(row: list[Item], index: int) -> bool:
    """Whether "no" stands before a noun in its own clause: "no power cable included"."""
    for at in range(index, -1, -1):
        if row[at].group == "neg":
            return True
        if row[at].gap >= Gap.LIST:
            return False
    return False


def _same_phrase(before: Item, noun: Item) -> bool:
    """Whether two nouns side by side name one thing: "SXM2 module", "V100 heatsink"; not "heatsink GPU"."""
    return before.group in ("form",) and noun.group in ("noun", "thing")


def _mark_run(row: list[Item], index: int, role: Role, groups: frozenset[str]) -> None:
    """The nouns without a separator between them and the word: "V100 SXM2 专用"."""
    at = index - 1
    if at < 0 or row[at].group not in groups:
        return
    while at >= 0 and row[at + 1].gap < Gap.LIST and (row[at].group in groups or row[at].group in _PASSED):
        if row[at].role is Role.SOLD:
            row[at].role = role
        at -= 1


def _mark_origin(row: list[Item], index: int) -> None:
    """The server a module was pulled from: "C4140 pull", DGX-2拆下."""
    at = index - 1
    modules = any(item.group == "memory" for item in row)
    if index and row[at].group in ("noun", "card") and row[index].text in ("pull", "pulled") and not modules:
        row[at].role = Role.NOT  # "4029GP-TVRT, GPUs pulled"
        return
    while at >= 0 and index - at <= 3 and row[at + 1].gap < Gap.LIST:
        if row[at].group == "server" or (row[at].group == "thing" and row[at].value in ("server", "chassis")):
            row[at].role = Role.FROM
        elif row[at].group not in ("noun", "brand", "word", "noise", "thing", "card"):
            return
        at -= 1


def _mark_compared(row: list[Item], index: int) -> None:
    """The GPU a word such as "alternative" or 平替 stands behind; one such as "chip" only right behind it."""
    farthest = 1 if row[index].text in _NEAR_ONLY else 3
    at = index - 1
    while at >= 0 and index - at <= farthest and row[at + 1].gap < Gap.LIST:
        if row[at].group == "gpu":
            row[at].role = Role.LIKE
            return
        if row[at].group not in ("form", "memory"):
            return
        at -= 1
