"""Geometry of the configurator's pictures, for templates to draw as SVG. Pure: no Django, no clock, no I/O.

Bars are in percent of the drawing's width, so that they stretch with the page while their hatches do not.
The topology is in units of its own ``width`` by ``height`` box (see ``configurator.topology_picture``).
Numbers stay numbers: templates put them into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from configurator.estimation.types import (
    Build,
    Estimate,
    MemoryEstimate,
    PowerEstimate,
    Range,
    SpeedEstimate,
    Workload,
)
from configurator.plot import round_above
from configurator.topology_marks import GroupMark, OtherPaths, group_marks, other_paths
from configurator.topology_picture import TopologyPicture, topology_picture


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a stacked bar. ``kind`` names its hatch; ``amount`` is in the unit of the picture."""

    kind: str
    label: str
    amount: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class MemoryBar:
    """One GPU: what it holds, against what it exposes. ``free_mib`` is negative where it is short."""

    index: int
    segments: tuple[Segment, ...]
    capacity_x: float
    total_mib: float
    capacity_mib: float
    free_mib: float
    fits: bool

    @property
    def short_mib(self) -> float:
        """How much is missing, MiB; zero where nothing is."""
        return max(0.0, -self.free_mib)


@dataclass(frozen=True, slots=True)
class MemoryPicture:
    """All GPUs on one scale. ``tightest`` is the one with the least room, None without GPUs."""

    bars: tuple[MemoryBar, ...]
    total_mib: float
    capacity_mib: float
    tightest: MemoryBar | None


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A range as a thick bar with a tick at the mid, on an axis from zero to ``top``."""

    low_x: float
    mid_x: float
    width: float
    top: float


@dataclass(frozen=True, slots=True)
class SpeedPicture:
    """Each speed on an axis of its own; ``steps`` are the causes of one decode step, end to end, in milliseconds."""

    decode: RangeBar
    prefill: RangeBar
    steps: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class CircuitPicture:
    """Watts at the wall against one circuit, on an axis that holds both; all x in percent of it."""

    idle_x: float
    decode_x: float
    limit_x: float
    unlimited_x: float
    continuous_x: float
    breaker_x: float
    breaker_w: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of one estimate. ``speed`` is None where no speed is given."""

    memory: MemoryPicture
    topology: TopologyPicture
    groups: tuple[GroupMark, ...]
    other_paths: OtherPaths
    circuit: CircuitPicture
    speed: SpeedPicture | None


def draw(build: Build, workload: Workload, estimate: Estimate) -> Pictures:
    """All pictures of one build and its estimate."""
    topology = topology_picture(build)
    return Pictures(
        memory=memory_bars(estimate.memory),
        topology=topology,
        groups=group_marks(build, workload, topology.nodes),
        other_paths=other_paths(build),
        circuit=circuit_gauge(estimate.power),
        speed=speed_bars(estimate.speed) if estimate.speed else None,
    )


def memory_bars(memory: MemoryEstimate) -> MemoryPicture:
    """A stacked bar for each GPU. All share the scale of the largest, needed or exposed."""
    scale = max((max(gpu.total_mib, gpu.capacity_mib) for gpu in memory.per_gpu), default=0.0)
    bars = tuple(
        MemoryBar(
            index=index,
            segments=_stack(
                (
                    ("weights", "weights", gpu.weights_mib),
                    ("kv", "KV cache", gpu.kv_mib),
                    ("buffers", "buffers", gpu.compute_mib),
                    ("runtime", "runtime", gpu.runtime_mib),
                ),
                scale,
            ),
            capacity_x=_percent(gpu.capacity_mib, scale),
            total_mib=gpu.total_mib,
            capacity_mib=gpu.capacity_mib,
            free_mib=gpu.capacity_mib - gpu.total_mib,
            fits=gpu.fits,
        )
        for index, gpu in enumerate(memory.per_gpu)
    )
    return MemoryPicture(
        bars=bars,
        total_mib=sum(bar.total_mib for bar in bars),
        capacity_mib=sum(bar.capacity_mib for bar in bars),
        tightest=min(bars, key=lambda bar: bar.free_mib, default=None),
    )


def speed_bars(speed: SpeedEstimate) -> SpeedPicture:
    """Range bars of decode and prefill, and the stack of what one decode step takes."""
    causes = speed.decode_ms
    return SpeedPicture(
        decode=range_bar(speed.decode_tok_s),
        prefill=range_bar(speed.prefill_tok_s),
        steps=_stack(
            (
                ("weights", "reading weights", causes.weights),
                ("kv", "reading the KV cache", causes.kv),
                ("launch", "kernel launches", causes.launch),
                ("all-reduce", "all-reduces", causes.all_reduce),
                ("hops", "hops between GPUs", causes.hops),
                ("host", "work on the host", causes.host),
            ),
            causes.total,
        ),
    )


def range_bar(value: Range) -> RangeBar:
    """Where a range lies on an axis that ends at the next round number above it."""
    top = round_above(value.high)
    low_x = _percent(value.low, top)
    return RangeBar(
        low_x=low_x,
        mid_x=_percent(value.mid, top),
        width=round(_percent(value.high, top) - low_x, 2),
        top=top,
    )


def circuit_gauge(power: PowerEstimate) -> CircuitPicture:
    """Draw at the wall, idle to worst, against the breaker and what it may carry for hours on end."""
    circuit = power.circuit
    breaker_w = circuit.voltage_v * circuit.breaker_a * circuit.count
    scale = max(breaker_w, power.wall_w, power.wall_w_unlimited) * 1.02
    return CircuitPicture(
        idle_x=_percent(power.idle_w, scale),
        decode_x=_percent(power.decode_wall_w, scale),
        limit_x=_percent(power.wall_w, scale),
        unlimited_x=_percent(power.wall_w_unlimited, scale),
        continuous_x=_percent(circuit.continuous_w, scale),
        breaker_x=_percent(breaker_w, scale),
        breaker_w=breaker_w,
    )


def _percent(amount: float, scale: float) -> float:
    return round(100 * amount / scale, 2) if scale > 0 else 0.0


def _stack(parts: Iterable[tuple[str, str, float]], scale: float) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    before = 0.0
    for kind, label, amount in parts:
        x = _percent(before, scale)
        before += amount
        segments.append(Segment(kind, label, amount, x, round(_percent(before, scale) - x, 2)))
    return tuple(segments)
