"""What one GPU needs as a function of the context: the common form of every runtime's plan. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class DeviceBytes:
    """Bytes on one GPU at one context, by use."""

    weights: float
    kv: float
    compute: float
    runtime: float

    @property
    def total(self) -> float:
        return self.weights + self.kv + self.compute + self.runtime


IDLE = DeviceBytes(0, 0, 0, 0)

DevicePlan = Callable[[int], DeviceBytes]
"""Context tokens a stream -> bytes on this GPU; never less for more context."""


def idle(_context_tokens: int) -> DeviceBytes:
    """The plan of a GPU that the runtime leaves out."""
    return IDLE
