"""What a build draws from the wall: at the chosen limit, at default limits, while decoding and idle. Pure.

A power limit is not kept by the card: it resets at boot, so every sum is made twice, once at the chosen limit and once
at the cards' default. Watts on the direct-current side become watts at the wall through the supply's efficiency.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from catalog.specs import CircuitSpec, GpuSpec, PartSpec
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.types import (
    Build,
    CircuitLoad,
    PowerEstimate,
    SpeedEstimate,
    Supply,
    Workload,
)

# Draw of one Volta card while it decodes, by how the work is split.
SINGLE_GPU_DECODE_W = 240.0  # 232 W sustained on one card, 250 W at its turn in a layer split (V100 PCIe 32 GB)
WAITING_GPU_W = 50.0  # the same report: a card that waits for its turn in a layer split
TENSOR_DECODE_W = 190.0  # 180-200 W a card under tensor parallelism at one stream, 194.7 W on four 16 GB modules
TENSOR_DECODE_BUSY_W = 230.0  # 229.8 W a card at 16 streams on the same four modules
TENSOR_BUSY_STREAMS = 16

ASSUMED_HOST_W = 200.0  # the guide's figure for CPU, memory and fans of a desktop host
ASSUMED_SERVER_HOST_W = 530.0  # the guide's figures for a server: 330 W of CPUs and 200 W of fans and memory
ASSUMED_HOST_IDLE_FRACTION = 0.3  # a two-V100 box drew 170 W at the wall idle, of which about 45 W was the host
ASSUMED_BOARD_W = 5.0  # a dual board's own draw
ASSUMED_SWITCH_W = 8.0  # typical draw of a 48-lane PCIe switch
ASSUMED_FAN_W = 5.0
ASSUMED_IDLE_FRACTION = 0.15  # 45 of 300 W: a V100 between jobs

HALF_LOAD_EFFICIENCY = 0.90  # where no supply is chosen, or its efficiency is not known
# Points of load fraction and efficiency relative to half load: the differences of the 80 PLUS levels at 115 V
# (Bronze to Gold lose 3 points at 20 % and at full load, Titanium 4 points at 10 %).
EFFICIENCY_CURVE = ((0.0, -0.10), (0.10, -0.04), (0.20, -0.03), (0.50, 0.0), (1.0, -0.03))

BTU_PER_HOUR_PER_WATT = 3.412142
DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class HostLoad:
    """Everything that draws power beside the GPUs, watts. ``assumed`` names the figures that nobody gave us."""

    load_w: float
    idle_w: float
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WallDraw:
    """Watts at the socket and what of them the supply turns into heat."""

    dc_w: float
    psu_loss_w: float
    wall_w: float


def wall_draw(gpu_count: int, watts_per_gpu: float, host_w: float, efficiency: float) -> WallDraw:
    """Sum of GPUs and host in watts, and what the supply draws for it: ``wall = dc / efficiency``."""
    dc_w = gpu_count * watts_per_gpu + host_w
    wall_w = dc_w / efficiency
    return WallDraw(dc_w, wall_w - dc_w, wall_w)


def usd_per_month(wall_w: float, usd_per_kwh: float, hours_per_day: float = 24.0) -> float:
    """Electricity for 30 days in US dollars: ``W / 1000 x 30 x hours x price``."""
    return wall_w / 1000 * DAYS_PER_MONTH * hours_per_day * usd_per_kwh


def usd_per_million_tokens(wall_w: float, tokens_per_second: float, usd_per_kwh: float) -> float:
    """Electricity for 10**6 tokens in US dollars: ``W / 1000 x (10**6 / tok/s / 3600) x price``."""
    return wall_w / 1000 * (1e6 / tokens_per_second / 3600) * usd_per_kwh


def psu_efficiency(half_load_efficiency: float, load_fraction: float | None) -> float:
    """Efficiency at a load fraction of the rating, from the efficiency at half load and the 80 PLUS curve's shape.

    A load fraction that is not known (no supply chosen) gives the half-load figure.
    """
    if load_fraction is None:
        return half_load_efficiency
    fraction = min(load_fraction, 1.0)
    for (low, low_offset), (high, high_offset) in pairwise(EFFICIENCY_CURVE):
        if fraction <= high:
            share = (fraction - low) / (high - low)
            return half_load_efficiency + low_offset + share * (high_offset - low_offset)
    raise ValueError(f"load fraction {load_fraction} is not a number from 0 up")


def effective_limit_w(gpu: GpuSpec, power_limit_w: int | None) -> float:
    """Watts each GPU may draw, never more than its default.

    A limit outside the card's known range is refused by the driver: the default stays. A module with neither end of a
    range takes no limit at all (the Ampere module made for a car); of cards in slots the range is merely not written
    down.
    """
    if power_limit_w is None or takes_no_power_limit(gpu):
        return gpu.default_power_w
    below = gpu.power_limit_min_w is not None and power_limit_w < gpu.power_limit_min_w
    above = gpu.power_limit_max_w is not None and power_limit_w > gpu.power_limit_max_w
    return gpu.default_power_w if below or above else min(power_limit_w, gpu.default_power_w)


def takes_no_power_limit(gpu: GpuSpec) -> bool:
    """True for a module of which neither the lowest nor the highest limit is known."""
    return gpu.form_factor.startswith("sxm") and gpu.power_limit_min_w is None and gpu.power_limit_max_w is None


def has_own_supply(build: Build) -> bool:
    """True where the machine brings its power supplies with it: a server, or a whole computer."""
    carrier = build.carrier
    return build.gpu.form_factor == "apu" or (carrier is not None and carrier.has_host and not carrier.external_12v)


def psu_rating_w(psu: PartSpec, voltage_v: int) -> float | None:
    """Watts one supply delivers on this mains voltage; 0 where it does not start, None where it is not known."""
    min_voltage = psu.number("min_voltage_v")
    if min_voltage is not None and voltage_v < min_voltage:
        return 0.0
    low_line = psu.number("power_120v_w") if voltage_v < 200 else None
    # An ATX supply gives its rating at any mains voltage; a server supply usually does not.
    if low_line is None and voltage_v < 200 and psu.figures.get("standard") != "atx":
        return None
    return low_line if low_line is not None else psu.number("power_w")


def supply_capacity_w(build: Build, voltage_v: int) -> float | None:
    """Watts all power supplies deliver together at this voltage; None where none is chosen or a rating is unknown."""
    carrier = build.carrier
    if carrier is not None and has_own_supply(build):
        each = carrier.psu_rated_120v_w if voltage_v < 200 else carrier.psu_rated_w
        if carrier.psu_count is not None and each is not None:
            return float(carrier.psu_count * each * build.carrier_count)
    capacity = 0.0
    lines = build.of_kind("psu")
    for line in lines:
        rating = psu_rating_w(line.part, voltage_v)
        if rating is None:
            return None
        capacity += rating * line.quantity
    return capacity if lines else None


def host_load(build: Build) -> HostLoad:
    """Draw of host, boards, PCIe switches and fans, from the parts' figures; stated assumptions where there are none.

    A server's figure covers its CPUs, memory and own fans; a chosen host part's covers its CPU and memory.
    """
    assumed: list[str] = []
    load_w = idle_w = 0.0
    carrier = build.carrier
    if carrier is not None and carrier.has_host:
        each = carrier.host_power_w
        if each is None:
            each = ASSUMED_SERVER_HOST_W
            assumed.append(f"{each:.0f} W for the CPUs, fans and memory of each {carrier.name}")
        load_w = each * build.carrier_count
        idle_w = load_w * ASSUMED_HOST_IDLE_FRACTION
    elif hosts := build.of_kind("host"):
        for line in hosts:
            load = line.part.number("load_power_w")
            if load is None:
                load = ASSUMED_HOST_W
                assumed.append(f"{load:.0f} W for {line.part.name}")
            idle = line.part.number("idle_power_w")
            load_w += load * line.quantity
            idle_w += (load * ASSUMED_HOST_IDLE_FRACTION if idle is None else idle) * line.quantity
    elif build.gpu.form_factor != "apu":  # an APU is the host; its figure covers the CPU
        load_w = ASSUMED_HOST_W
        idle_w = load_w * ASSUMED_HOST_IDLE_FRACTION
        assumed.append(f"{load_w:.0f} W for a host that is not chosen yet")
    constant_w = 0.0
    if carrier is not None:
        board = carrier.board_power_w
        if board is None and not carrier.has_host:
            board = ASSUMED_BOARD_W
            assumed.append(f"{board:.0f} W for each {carrier.name}")
        constant_w += (board or 0.0) * build.carrier_count
    for kind, fallback in (("io-card", ASSUMED_SWITCH_W), ("fan", ASSUMED_FAN_W)):
        for line in build.of_kind(kind):
            draw = line.part.number("power_w")
            if draw is None:
                draw = fallback
                assumed.append(f"{draw:.0f} W for each {line.part.name}")
            constant_w += draw * line.quantity
    return HostLoad(load_w + constant_w, idle_w + constant_w, tuple(assumed))


def decode_gpu_w(build: Build, workload: Workload, limit_w: float) -> float:
    """Draw of all GPUs together while decoding, watts, no more than the limit each.

    In a layer split one stage works and the others wait, so the mean is ``(active + (n - 1) x waiting) / n``. Runtimes
    that pipeline requests keep as many stages busy as there are streams. Cards other than Volta have no measured
    decode draw here and count with their default power.
    """
    gpu = build.gpu
    tensor_parallel = max(1, workload.tensor_parallel)
    stages = max(1, build.gpu_count // tensor_parallel)
    if gpu.architecture != "volta":
        busy_w, waiting_w = float(gpu.default_power_w), idle_gpu_w(gpu)
    elif tensor_parallel == 1:
        busy_w, waiting_w = SINGLE_GPU_DECODE_W, WAITING_GPU_W
    else:
        share = min(1.0, math.log2(max(1, workload.streams)) / math.log2(TENSOR_BUSY_STREAMS))
        busy_w, waiting_w = TENSOR_DECODE_W + share * (TENSOR_DECODE_BUSY_W - TENSOR_DECODE_W), WAITING_GPU_W
    in_turn = workload.runtime in LLAMA_CPP_FAMILY
    active = 1 if in_turn else min(max(1, workload.streams), max(1, workload.pipeline_parallel))
    mean_w = (active * min(busy_w, limit_w) + (stages - active) * min(waiting_w, limit_w)) / stages
    return mean_w * build.gpu_count


def idle_gpu_w(gpu: GpuSpec) -> float:
    """Idle draw of one GPU, watts; a stated share of its default power where nobody published it."""
    return gpu.default_power_w * ASSUMED_IDLE_FRACTION if gpu.idle_power_w is None else gpu.idle_power_w


def mains_cords(build: Build) -> int | None:
    """Power supplies of the machine: each has one cord and hangs on one circuit. None where their number is not
    known or none is chosen."""
    carrier = build.carrier
    if build.gpu.form_factor == "apu":
        return build.gpu_count
    if carrier is not None and has_own_supply(build):
        return carrier.psu_count * build.carrier_count if carrier.psu_count else None
    return sum(line.quantity for line in build.of_kind("psu")) or None


def cords_on_fullest(cords: int, circuits: int) -> int:
    """Supplies are whole: five on two circuits are three and two."""
    return math.ceil(cords / circuits)


def share_of_fullest(cords: int | None, circuits: int) -> float:
    """Part of the wall load on the fullest circuit. Supplies share the load evenly; where their number is not known
    the load is spread as evenly as circuits allow."""
    return 1 / circuits if cords is None else cords_on_fullest(cords, circuits) / cords


def circuit_load(
    circuit: CircuitSpec, wall_w: float, wall_w_unlimited: float, count: int = 1, cords: int | None = None
) -> CircuitLoad:
    """The load on the fullest of ``count`` such circuits, over which ``cords`` supplies are spread, against what one
    may carry for hours on end."""
    share = share_of_fullest(cords, count)
    continuous_w = circuit.continuous_w
    return CircuitLoad(
        slug=circuit.slug,
        name=circuit.name if count == 1 else f"{count} × {circuit.name}",
        count=count,
        voltage_v=circuit.voltage_v,
        breaker_a=circuit.breaker_a,
        continuous_w=continuous_w * count,
        load_percent=100 * wall_w * share / continuous_w,
        load_percent_unlimited=100 * wall_w_unlimited * share / continuous_w,
        amps=wall_w * share / circuit.voltage_v,
        circuits_needed=max(1, math.ceil(wall_w / continuous_w)),
        fits=wall_w * share <= continuous_w,
        fits_unlimited=wall_w_unlimited * share <= continuous_w,
    )


def power(build: Build, workload: Workload, supply: Supply, speed: SpeedEstimate | None) -> PowerEstimate:
    """Draw, circuit load and running cost of a build under a workload. ``speed`` None leaves the cost of tokens out."""
    host = host_load(build)
    limit_w = effective_limit_w(build.gpu, supply.power_limit_w)
    half_load = _half_load_efficiency(build)
    capacity_w = supply_capacity_w(build, supply.circuit.voltage_v)

    def draw(watts_per_gpu: float, host_w: float) -> WallDraw:
        dc_w = build.gpu_count * watts_per_gpu + host_w
        return wall_draw(
            build.gpu_count, watts_per_gpu, host_w, psu_efficiency(half_load, dc_w / capacity_w if capacity_w else None)
        )

    limited = draw(limit_w, host.load_w)
    unlimited = draw(build.gpu.default_power_w, host.load_w)
    decoding = draw(decode_gpu_w(build, workload, limit_w) / build.gpu_count, host.load_w)
    idle = draw(idle_gpu_w(build.gpu), host.idle_w)
    return PowerEstimate(
        gpu_w=build.gpu_count * limit_w,
        host_w=host.load_w,
        psu_loss_w=limited.psu_loss_w,
        wall_w=limited.wall_w,
        wall_w_unlimited=unlimited.wall_w,
        decode_wall_w=decoding.wall_w,
        idle_w=idle.wall_w,
        circuit=circuit_load(
            supply.circuit, limited.wall_w, unlimited.wall_w, supply.circuit_count, mains_cords(build)
        ),
        usd_per_month=usd_per_month(limited.wall_w, supply.electricity_usd_per_kwh, supply.hours_per_day),
        usd_per_million_tokens=None
        if speed is None or speed.aggregate_tok_s.mid <= 0
        else usd_per_million_tokens(decoding.wall_w, speed.aggregate_tok_s.mid, supply.electricity_usd_per_kwh),
        btu_per_hour=limited.wall_w * BTU_PER_HOUR_PER_WATT,
    )


def _half_load_efficiency(build: Build) -> float:
    """Mean half-load efficiency of the chosen supplies; the assumed figure for those that do not state one."""
    supplies = 0
    total = 0.0
    for line in build.of_kind("psu"):
        percent = line.part.number("efficiency_percent")
        supplies += line.quantity
        total += line.quantity * (HALF_LOAD_EFFICIENCY if percent is None else percent / 100)
    return total / supplies if supplies and not has_own_supply(build) else HALF_LOAD_EFFICIENCY
