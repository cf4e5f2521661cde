"""What cannot be bettered: nothing else is as cheap, as fast, as exact and as frugal at once. Pure."""

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

    def add(self, point: Point, item: Item) -> None:
        """Put a point that nothing beats on the front; what it beats leaves."""
        self._members = [member for member in self._members if not point.is_as_good_as(Point(*member[:4]))]
        self._members.insert(0, (*point, item))

    def items(self) -> list[tuple[Point, Item]]:
        """The members, the cheapest first, then the fastest."""
        pairs = [(Point(*member[:4]), member[4]) for member in self._members]
        return sorted(pairs, key=lambda pair: (pair[0].usd, -pair[0].tok_s, -pair[0].bits, pair[0].wall_w))
