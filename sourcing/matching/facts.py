"""What a title says: which things are sold, with or without what, in which state; nothing decided yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sourcing.matching.denials import denied, no_longer, only_hedged, only_some, stands
from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap

GPU_NOUNS = ("noun", "card")
_OFFERED = (Role.SOLD, Role.WITH)
_ENDS = frozenset({"male", "female", "plug", "connector", "公", "公头", "公口", "头", "口", "straight", "angled"})


class Kind(StrEnum):
    """What is sold, as far as it decides a reason."""

    HEATSINK = "heatsink"
    WATERBLOCK = "waterblock"
    CARRIER = "carrier"
    PLX = "plx"
    SWITCH = "switch"
    CABLE = "cable"
    SERVER = "server"
    ACCESSORY = "accessory"
    SMALL = "small"  # screws, pads, brackets: given along without being a part
    DEVICE = "device"


_KINDS = {
    ("thing", "heatsink"): Kind.HEATSINK,
    ("thing", "waterblock"): Kind.WATERBLOCK,
    ("thing", "adapter"): Kind.CARRIER,
    ("thing", "board"): Kind.CARRIER,
    ("thing", "plx"): Kind.PLX,
    ("thing", "cable"): Kind.CABLE,
    ("thing", "device"): Kind.DEVICE,
    ("thing", "document"): Kind.DEVICE,
    ("thing", "server"): Kind.SERVER,
    ("thing", "chassis"): Kind.SERVER,
    ("thing", "thermal"): Kind.SMALL,
    ("thing", "screws"): Kind.SMALL,
    ("thing", "pipe"): Kind.SMALL,
    ("thing", "bracket"): Kind.SMALL,
}
_GROUP_KINDS = {
    "bykski": Kind.WATERBLOCK,
    "board": Kind.CARRIER,
    "switch": Kind.SWITCH,
    "server": Kind.SERVER,
    "thing": Kind.ACCESSORY,
}


def kind_of(item: Item) -> Kind | None:
    if item.number and item.number.thing == "heatsink":
        return Kind.HEATSINK
    return _KINDS.get((item.group, item.value)) or _GROUP_KINDS.get(item.group)


@dataclass(frozen=True, slots=True)
class Facts:
    row: tuple[Item, ...]
    kinds: dict[Kind, Item]  # those offered, each with the item that names it first, in order
    no_gpu: bool
    only_gpu: bool
    only_kind: Kind | None

    def offered(self, group: str, *values: str) -> list[Item]:
        return [
            item
            for item in self.row
            if item.group == group and item.role in _OFFERED and (not values or item.value in values)
        ]

    def named(self, group: str, *values: str) -> list[Item]:
        """Items of a group whatever they are to the sale, unless the title says they are not there."""
        return [
            item
            for item in self.row
            if item.group == group and item.role is not Role.NOT and (not values or item.value in values)
        ]

    def first(self, group: str) -> Item | None:
        return next(iter(self.offered(group)), None)

    def position(self, item: Item) -> int:
        return next(index for index, one in enumerate(self.row) if one is item)

    @property
    def faults(self) -> list[Item]:
        row = self.row
        return [
            item
            for index, item in enumerate(row)
            if stands(row, index, "fault", "fault", "harm", "unrun", "partial", "doubt")
            or only_some(row, index)
            or no_longer(row, index)
            or denied(row, index)
            or only_hedged(row, index)
        ]

    @property
    def cuts(self) -> list[Item]:
        return [item for index, item in enumerate(self.row) if stands(self.row, index, "cut", "cut")]

    @property
    def services(self) -> list[Item]:
        return [item for index, item in enumerate(self.row) if stands(self.row, index, "service", "service")]


def with_converters(row: list[Item]) -> list[Item]:
    """ "SXM2 to PCIe" and "SXM2 GPU to PCIe" name an adapter without the word, "8i to 8i" a cable."""
    out: list[Item] = []
    for index, item in enumerate(row):
        out.append(item)
        if item.group == "link" and index > 1 and row[index - 1].group == "to":
            plug = row[index - 3] if index > 2 and row[index - 2].text in _ENDS else row[index - 2]
            if plug.group == "link":
                out.append(Item("thing", "cable", f"{plug.text} to {item.text}", Gap.SOFT, " "))
        if index < 2 or row[index - 1].group != "to" or not (item.group == "form" or item.text.startswith("pci")):
            continue
        source = row[index - 3] if index > 2 and row[index - 2].group in (*GPU_NOUNS, "gpu") else row[index - 2]
        if source.group == "form" and source.value != item.value and "sxm" in source.value + item.value:
            out.append(Item("thing", "adapter", f"{source.text} to {item.text}", Gap.SOFT, " "))
    return out


def gather(row: list[Item]) -> Facts:
    kinds: dict[Kind, Item] = {}
    for item in row:
        kind = kind_of(item)
        if kind and item.role in _OFFERED:
            kinds.setdefault(kind, item)
    no_gpu = any(item.group == "bare" and item.value == "bare" and "gpu" in item.text for item in row) or any(
        item.role is Role.NOT
        and (item.group in GPU_NOUNS or (item.group == "gpu" and item.value in ("v100", "v100s", "volta")))
        for item in row
    )
    only_gpu, only_kind = _only(row)
    return Facts(tuple(row), kinds, no_gpu, only_gpu, only_kind)


def _only(row: list[Item]) -> tuple[bool, Kind | None]:
    """What "only" stands beside: the GPU, or another kind of thing."""
    for index, item in enumerate(row):
        if item.group != "only":
            continue
        behind = _near(row, range(index - 1, max(index - 3, -1), -1), index)
        ahead = _near(row, range(index + 1, min(index + 4, len(row))), index)
        for near in (behind, ahead):
            if near is None or near.role in (Role.NOT, Role.FROM, Role.LIKE):
                continue
            if near.group in GPU_NOUNS:
                return True, None
            if kind_of(near) and near.role in _OFFERED:
                return False, kind_of(near)
    return False, None


def _near(row: list[Item], places: Iterable[int], index: int) -> Item | None:
    for at in places:
        gap = row[at + 1].gap if at < index else row[at].gap
        if gap >= Gap.LIST:
            return None
        if row[at].group in GPU_NOUNS or kind_of(row[at]) or row[at].group == "box":
            return row[at]
        if row[at].group in ("neg", "for", "add"):
            return None
    return None
