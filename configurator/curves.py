"""How the speed of a machine changes with one setting: depth of the cache, power limit, number of streams.

Pure: no Django, no clock, no I/O. Every point is an estimate of its own, by the engine that answers the build itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from configurator.estimation.estimate import estimate
from configurator.estimation.power import effective_limit_w, takes_no_power_limit
from configurator.estimation.types import Build, Estimate, Range, Supply, Workload

DEPTH_STEP = 1024  # tokens; steps are this doubled until few are left
MOST_STEPS = 8
STREAMS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512, 1024)
FEWEST_SHOWN_STREAMS = 32  # so far the axis goes, or to what was chosen
DEPTH_OF_UNKNOWN_MODEL = 131_072  # tokens, where a model does not say how far it goes


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the setting. ``speed`` and ``each``, tokens a second, are None where it does not run; ``why`` then
    says why. ``each`` is one stream's where ``speed`` is that of all."""

    value: float
    speed: Range | None
    each: Range | None
    why: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in order of their value. ``chosen`` is the present value; ``limit`` the last at which memory suffices,
    None where it suffices to the end or not at all."""

    points: tuple[Point, ...]
    chosen: float
    limit: float | None

    @property
    def runs_somewhere(self) -> bool:
        return any(point.speed for point in self.points)


@dataclass(frozen=True, slots=True)
class Curves:
    """``power`` is None for a module that takes no limit."""

    depth: Curve
    power: Curve | None
    streams: Curve


def curves(build: Build, workload: Workload, supply: Supply) -> Curves:
    """All three, each with the other settings as chosen.

    Raises:
        CannotEstimate: where the model's architecture is not one the memory plan understands.
    """
    return Curves(
        depth=depth_curve(build, workload, supply),
        power=power_curve(build, workload, supply),
        streams=stream_curve(build, workload, supply),
    )


def depth_curve(build: Build, workload: Workload, supply: Supply) -> Curve:
    """Speed of one stream with so many tokens in the cache, which is as large as chosen or, where more are asked, just
    large enough. It ends a little beyond the longest context that fits, or with the model's own."""
    chosen = workload.depth_tokens
    longest = estimate(build, workload, supply).memory.max_context_tokens
    top = workload.model.max_context_tokens or max(DEPTH_OF_UNKNOWN_MODEL, longest or 0)
    limit = longest if longest is not None and longest < top else None
    if limit is not None:
        top = min(top, limit * 5 // 4)
    elif longest is None:
        top = min(top, workload.context_tokens)
    top = max(top, chosen, 1)
    values = {chosen, top} | ({limit} if limit is not None else set()) | set(_steps(top))

    def at(depth: int) -> Point:
        if longest is None or depth > longest:
            return Point(depth, None, None, "does not fit")
        deep = replace(
            workload, depth_tokens=depth, context_tokens=max(depth, min(workload.context_tokens, longest), 1)
        )
        return _point(depth, estimate(build, deep, supply))

    return Curve(tuple(at(depth) for depth in sorted(values)), chosen, limit)


def power_curve(build: Build, workload: Workload, supply: Supply) -> Curve | None:
    """Speed of one stream against the limit of each GPU, from the lowest the card takes to its default. Where the
    lowest is not known, from half the default. None where no limit can be set."""
    gpu = build.gpu
    if takes_no_power_limit(gpu):
        return None
    default = gpu.default_power_w
    lowest = gpu.power_limit_min_w or default // 2
    chosen = effective_limit_w(gpu, supply.power_limit_w)
    step = next((step for step in (5, 10, 25, 50) if (default - lowest) / step <= MOST_STEPS), 100)
    values = {lowest, default, int(chosen)} | set(range(-(-lowest // step) * step, default, step))
    if chosen < lowest:
        values = {value for value in values if value >= chosen}

    def at(limit_w: int) -> Point:
        return _point(limit_w, estimate(build, workload, replace(supply, power_limit_w=limit_w)))

    return Curve(tuple(at(limit_w) for limit_w in sorted(values)), chosen, None)


def stream_curve(build: Build, workload: Workload, supply: Supply) -> Curve:
    """Speed of all streams together, each with the chosen context and depth."""
    chosen = workload.streams
    most = max(FEWEST_SHOWN_STREAMS, chosen)
    values = sorted({chosen, *(streams for streams in STREAMS if streams <= most)})
    points: list[Point] = []
    for streams in values:
        # Memory never shrinks with streams: where one more does not fit, none does.
        if points and points[-1].why == "does not fit":
            points.append(Point(streams, None, None, "does not fit"))
            continue
        points.append(_point(streams, estimate(build, replace(workload, streams=streams), supply), together=True))
    fitting = [point.value for point in points if point.why != "does not fit"]
    return Curve(tuple(points), chosen, max(fitting) if 0 < len(fitting) < len(points) else None)


def _point(value: float, found: Estimate, *, together: bool = False) -> Point:
    """An answer as a point; what runs only with a part in host memory nobody asked to move there does not count."""
    refusal = next((finding.title for finding in found.findings if not finding.starts), "")
    speed = found.speed
    if not found.memory.fits:
        return Point(value, None, None, "does not fit")
    if refusal:
        return Point(value, None, None, refusal)
    if speed is None:
        return Point(value, None, None, "the runtime has no such split")
    return Point(value, speed.aggregate_tok_s if together else speed.decode_tok_s, speed.decode_tok_s, "")


def _steps(top: int) -> Iterable[int]:
    step = DEPTH_STEP
    while top / step > MOST_STEPS:
        step *= 2
    return range(0, top + 1, step)
