"""Which parts a phase buys, moves and leaves idle. Nothing is sold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Bill = Mapping[str, int]
"""Pieces by the slug of their part; none at all where there are none."""


@dataclass(frozen=True, slots=True)
class Move:
    """What happens to the parts in one phase. ``newly_idle`` are those of ``idle`` that worked until now."""

    bought: Bill
    moved: Bill
    idle: Bill
    newly_idle: Bill
    owned: Bill


def move(owned: Bill, wanted: Bill, idle_before: Bill) -> Move:
    """A phase buys what it needs beyond everything owned so far, and puts aside what it does not need.

    bought = wanted - owned, moved = wanted - bought, idle = owned - wanted, by part and never below none; what is idle
    can come back.
    """
    bought, idle = without(wanted, owned), without(owned, wanted)
    return Move(
        bought=bought,
        moved=without(wanted, bought),
        idle=idle,
        newly_idle=without(idle, idle_before),
        owned=together(owned, bought),
    )


def together(one: Bill, other: Bill) -> Bill:
    """The pieces of both."""
    return {slug: pieces for slug in {**one, **other} if (pieces := one.get(slug, 0) + other.get(slug, 0))}


def without(one: Bill, other: Bill) -> Bill:
    """The pieces of one that the other does not have."""
    return {slug: pieces - other.get(slug, 0) for slug, pieces in one.items() if pieces > other.get(slug, 0)}


def at_least(one: Bill, other: Bill) -> Bill:
    """Of each part as many pieces as whichever has more: two lists of the same things, not two lots."""
    return together(one, without(other, one))
