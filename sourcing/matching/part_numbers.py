"""Part numbers printed on modules, cards and heatsinks, and what each says. Facts of makers, no words of sellers."""

import re
from typing import NamedTuple


class PartNumber(NamedTuple):
    """``alone``: decides form and memory with no word beside it. ``memory_gb`` None: says nothing of memory."""

    family: str  # v100, v100s, a100, other
    form: str | None
    memory_gb: int | None
    alone: bool = False
    thing: str | None = None  # gpu where the number is a module's or a card's own, heatsink where it is a heatsink's


_PATTERNS: tuple[tuple[str, PartNumber], ...] = (
    (r"[69]99-?2g503-?0204", PartNumber("v100", "sxm2", None, thing="heatsink")),
    (r"699-?2g503-?0201", PartNumber("v100", "sxm2", 16, alone=True)),
    (r"699-?2g503-?02(?:03|16)", PartNumber("v100", "sxm2", 32, alone=True)),
    (r"[69]00-?2g503-?\d{4}", PartNumber("v100", "sxm2", None)),
    (r"699-?2g503-?\d{4}", PartNumber("v100", "sxm2", None)),
    (r"(?:699|900)-?2g504-?\d{4}", PartNumber("v100", "sxm3", None)),
    (r"699-?2g500-?0200", PartNumber("v100", "pcie", 16, alone=True)),
    (r"699-?2g500-?0202", PartNumber("v100", "pcie", 32, alone=True)),
    (r"699-?2g500-?0212", PartNumber("v100s", "pcie", 32)),
    (r"900-?2g500-?0[01]40", PartNumber("v100s", "pcie", 32)),
    (r"(?:699|900)-?2g500-?\d{4}", PartNumber("v100", "pcie", None)),
    (r"(?:699|900)-?2g506-?\d{4}", PartNumber("a100", "sxm4", None)),
    (r"(?:699|900)-?[25]g\d{3}-?\d{4}", PartNumber("other", None, None)),
    (r"0?ymv9t", PartNumber("v100", "sxm2", 16)),
    (r"0?nwwwx", PartNumber("v100", "sxm2", 32)),
    (r"0?vfj45", PartNumber("v100", "pcie", 16, alone=True)),
    (r"q9u37a|p05472-?001", PartNumber("v100", "sxm2", 32, alone=True)),
    (r"q9u36a", PartNumber("v100", "pcie", 32)),
    (r"q2n66a", PartNumber("v100", "sxm2", 16)),
    (r"q2n68a", PartNumber("v100", "pcie", 16)),
    (r"gv100-?895-?a1", PartNumber("v100", None, 16)),
    (r"gv100-?896-?a1", PartNumber("v100", None, 32)),
    (r"pg503", PartNumber("v100", "sxm2", None)),
    (r"pg504", PartNumber("v100", "sxm3", None)),
    (r"pg500", PartNumber("v100", "pcie", None)),
    (r"p38868-?001", PartNumber("a100", "sxm4", None, thing="heatsink")),
)
_SUFFIX = r"(?:[- ]\d{3})?"
_ANY = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join("(" + pattern.replace("-?", "[- ]?") + ")" + _SUFFIX for pattern, _ in _PATTERNS)
    + r")(?![a-z0-9])"
)


class Found(NamedTuple):
    start: int
    end: int
    text: str
    number: PartNumber


def find(text: str) -> list[Found]:
    """Every known part number of a folded title, with its place."""
    if "2g50" not in text and not _HINT.search(text):
        return []
    return [
        Found(match.start(), match.end(), match.group(), _PATTERNS[(match.lastindex or 1) - 1][1])
        for match in _ANY.finditer(text)
    ]


_HINT = re.compile(r"\d-?[25]g\d|ymv9t|nwwwx|vfj45|q9u3|p05472|q2n6|gv100-?89|pg50|p38868")
