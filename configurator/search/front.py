"""What cannot be bettered: nothing else is as cheap, as fast, as exact and as frugal at once. Pure."""

from bisect import bisect_right
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")


class Point(NamedTuple):
    """One candidate as it is compared: dollars at the door and watts at the wall (less is better), tokens a second and
    bits a weight (more is better)."""

    usd: float
    wall_w: float
    tok_s: float
    bits: float

    def is_as_good_as(self, other: "Point") -> bool:
        """In every respect. Of two equal ones each is."""
        return (
            self.usd <= other.usd
            and self.wall_w <= other.wall_w
            and self.tok_s >= other.tok_s
            and self.bits >= other.bits
        )


class Front(Generic[Item]):
    """The Pareto front of what was added so far; of equals the first stays."""

    def __init__(self) -> None:
        self._members: list[tuple[float, float, float, float, Item]] = []  # as fast as a loop can be here

    def beaten_by(self, point: Point) -> Item | None:
        """A member that is as good in every respect; None where the point would be on the front."""
        most_usd, most_w, least_tok_s, least_bits = point
        for index, (usd, wall_w, tok_s, bits, item) in enumerate(self._members):
            if tok_s >= least_tok_s and wall_w <= most_w and bits >= least_bits and usd <= most_usd:
                if index:  # what beats one candidate is likely to beat the next
                    self._members.insert(0, self._members.pop(index))
                return item
        return None

    def rivals(self, usd: float, bits: float) -> "Rivals[Item]":
        """The members as they stand that are no dearer and no coarser than this."""
        return Rivals([(one[1], one[2], one[4]) for one in self._members if one[0] <= usd and one[3] >= bits])

    def add(self, point: Point, item: Item) -> None:
        """Put a point that nothing beats on the front; what it beats leaves."""
        usd, wall_w, tok_s, bits = point
        self._members = [
            member
            for member in self._members
            if member[2] > tok_s or member[1] < wall_w or member[3] > bits or member[0] < usd
        ]
        self._members.insert(0, (usd, wall_w, tok_s, bits, item))

    def items(self) -> list[tuple[Point, Item]]:
        """The members, the cheapest first, then the fastest."""
        pairs = [(Point(*member[:4]), member[4]) for member in self._members]
        return sorted(pairs, key=lambda pair: (pair[0].usd, -pair[0].tok_s, -pair[0].bits, pair[0].wall_w))


class Rivals(Generic[Item]):
    """Of some members the fastest at each draw: what is left to compare where price and exactness are settled."""

    def __init__(self, members: list[tuple[float, float, Item]]) -> None:
        self._walls: list[float] = []
        self._best: list[tuple[float, Item]] = []
        for wall_w, tok_s, item in sorted(members, key=lambda one: (one[0], -one[1])):
            if not self._best or tok_s > self._best[-1][0]:
                self._walls.append(wall_w)
                self._best.append((tok_s, item))

    def beaten_by(self, wall_w: float, tok_s: float) -> Item | None:
        """A member that draws no more and is no slower."""
        place = bisect_right(self._walls, wall_w) - 1
        return self._best[place][1] if place >= 0 and self._best[place][0] >= tok_s else None
