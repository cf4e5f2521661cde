"""A tape of tensors in the order they are computed, and the room ggml's allocator takes for them.

Pure. ggml-alloc.c gives a tensor the smallest free block that holds it, else room at the end, lets an element-wise
operation take over a source that nothing else needs, and frees a tensor after its last use. A tensor seen in another
shape (a view) is its source here, but cannot be taken over.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class _Op(NamedTuple):
    size: int  # bytes of its result; -1 = none of its own, 0 = a result without elements
    sources: tuple[int, ...]
    in_place: bool  # may take over the room of a source that nothing else needs


@dataclass(slots=True)
class Tape:
    """Tensors of one GPU in the order in which they are computed. A view is its source."""

    unit: int  # bytes of one float a token
    ops: list[_Op] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)  # results of the graph: never given back

    def new(self, floats: int, *sources: int, in_place: bool = False) -> int:
        return self.sized(self.unit * floats, *sources, in_place=in_place)

    def sized(self, size: int, *sources: int, in_place: bool = False) -> int:
        self.ops.append(_Op(size, sources, in_place))
        return len(self.ops) - 1

    def changed(self, source: int, *others: int) -> int:
        """The same shape again, in the same room if nothing else needs it."""
        return self.sized(self.ops[source].size, source, *others, in_place=True)

    def use(self, *sources: int) -> int:
        """Read by another device, or written to the cache. Without sources: a tensor that lies elsewhere."""
        self.ops.append(_Op(-1, sources, False))
        return len(self.ops) - 1

    def peak(self) -> int:
        """The furthest byte ggml's allocator hands out."""
        needed = [0] * len(self.ops)
        for op in self.ops:
            for source in op.sources:
                needed[source] += 1
        for result in self.kept:
            needed[result] += 1
        free: list[list[int]] = [[0, 1 << 62]]  # offset and size, by offset
        places = [-1] * len(self.ops)
        peak = 0
        for index, op in enumerate(self.ops):
            if op.size >= 0:
                if op.in_place:
                    for source in op.sources:
                        spare = self.ops[source].size - op.size
                        if needed[source] == 1 and places[source] >= 0 and spare >= 0:
                            places[index], places[source] = places[source], -1
                            if spare:
                                _give_back(free, places[index] + op.size, spare)
                            break
                if places[index] < 0:
                    places[index] = _take(free, op.size)
                    peak = max(peak, places[index] + op.size)
            for source in op.sources:
                needed[source] -= 1
                if needed[source] == 0 and places[source] >= 0:
                    _give_back(free, places[source], self.ops[source].size)
                    places[source] = -1
        return peak


def _take(free: list[list[int]], size: int) -> int:
    best = len(free) - 1
    best_size = 1 << 62
    for index in range(len(free) - 1):
        if size <= free[index][1] <= best_size:
            best, best_size = index, free[index][1]
    block = free[best]
    offset = block[0]
    block[0] += size
    block[1] -= size
    if not block[1]:
        del free[best]
    return offset


def _give_back(free: list[list[int]], offset: int, size: int) -> None:
    """As ggml does it, which joins at most one neighbour on the far side: room for nothing can part two blocks."""
    for index, block in enumerate(free):
        if block[0] + block[1] == offset:
            block[1] += size
            if index + 1 < len(free) and offset + size == free[index + 1][0]:
                block[1] += free[index + 1][1]
                del free[index + 1]
            return
        if offset + size == block[0]:
            block[0] = offset
            block[1] += size
            if index and free[index - 1][0] + free[index - 1][1] == offset:
                free[index - 1][1] += block[1]
                del free[index]
            return
    index = 0
    while index < len(free) and free[index][0] < offset:
        index += 1
    free.insert(index, [offset, size])
