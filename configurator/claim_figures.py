"""What the estimator says beside a claim of the guide: one estimate into one short text with its unit."""

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import combinations

from catalog.templatetags.quantities import (
    amps,
    count,
    gb_of_bytes,
    gb_s,
    gib,
    money,
    parameters,
    percent,
    plain,
    tok_s,
    watts,
)
from configurator.estimates import EstimateResult
from configurator.estimation.power import mains_cords, supply_capacity_w
from configurator.estimation.topology import Topology, host_link_gb_s, topology

NOT_KNOWN = "unknown"


def decode_tok_s(result: EstimateResult) -> str:
    """Decode speed of one stream, as the range of the estimate."""
    speed = result.estimate.speed
    if speed is None:
        return "no speed: it does not run"
    told = tok_s(speed.decode_tok_s)
    told += f" with {result.moved} in host memory" if result.moved else ""
    return f"{told}, extrapolated" if speed.basis == "extrapolated" else told


def fits(result: EstimateResult) -> str:
    """Whether every GPU holds its share, and by how much the tightest has room."""
    index, free_mib = result.tightest
    if result.estimate.memory.fits:
        return f"fits, {gib(free_mib)} left on the tightest GPU"
    return f"does not fit: GPU {index} is {gib(-free_mib)} short"


def weights_gb(result: EstimateResult) -> str:
    """The file: all tensors, in decimal GB."""
    return gb_of_bytes(result.estimate.memory.weights_bytes_total)


def params(result: EstimateResult) -> str:
    """Parameters of the model, in all and read for one token."""
    model = result.workload.model
    return f"{parameters(model.params_total)} in all, {parameters(model.params_active)} active"


def memory_gb(result: EstimateResult) -> str:
    """Memory of all GPUs by their label, and in how many devices it lies."""
    build = result.build
    return f"{count(build.gpu.memory_label_gb * build.gpu_count)} GB in {build.gpu_count} devices"


def memory_gb_s(result: EstimateResult) -> str:
    """Nominal bandwidth of all GPUs' memory together."""
    build = result.build
    return gb_s(build.gpu.memory_bandwidth_gb_s * build.gpu_count)


def nvlink_pair(result: EstimateResult) -> str:
    """What NVLink carries between two GPUs, one direction, by how many pairs."""
    wiring = topology(result.build)
    if not wiring.known:
        return NOT_KNOWN
    rates = Counter(_nvlink_rates(wiring))
    if set(rates) <= {0.0}:
        return "no NVLink between any two"
    told = [
        f"{gb_s(rate)} each way between {pairs} of the pairs" if len(rates) > 1 else f"{gb_s(rate)} each way"
        for rate, pairs in sorted(rates.items(), reverse=True)
        if rate
    ]
    return "; ".join(told) + (f"; none between {rates[0.0]}" if rates[0.0] else "")


def nvlink_peers(result: EstimateResult) -> str:
    """How many of the others each GPU reaches over a link of its own."""
    wiring = topology(result.build)
    if not wiring.known:
        return NOT_KNOWN
    peers = sorted({sum(1 for links in row if links) for row in wiring.nvlinks})
    return f"{' or '.join(map(str, peers))} of {wiring.gpu_count - 1} others directly"


def nvlink_islands(result: EstimateResult) -> str:
    """Groups of GPUs that NVLink joins."""
    wiring = topology(result.build)
    if not wiring.known:
        return NOT_KNOWN
    sizes = Counter(len(island) for island in wiring.islands)
    return ", ".join(f"{number} NVLink island{'s' if number > 1 else ''} of {size}" for size, number in sizes.items())


def host_link(result: EstimateResult) -> str:
    """What a copy between the host's memory and one GPU reaches, one direction."""
    return f"{plain(host_link_gb_s(topology(result.build)))} GB/s each way"


def between_boards(result: EstimateResult) -> str:
    """What a copy from a GPU to one on another board reaches, one direction."""
    wiring = topology(result.build)
    rates = {wiring.link(a, b).gb_s for a, b in combinations(range(wiring.gpu_count), 2) if _apart(wiring, a, b)}
    return NOT_KNOWN if len(rates) != 1 or None in rates else f"{plain(rates.pop())} GB/s each way"


def dc_w(result: EstimateResult) -> str:
    """GPUs at the chosen limit and everything beside them, behind the supply."""
    power = result.estimate.power
    return f"{watts(power.gpu_w + power.host_w)} behind the supply"


def dc_w_unlimited(result: EstimateResult) -> str:
    """GPUs at their default limit and everything beside them, behind the supply."""
    build = result.build
    gpu_w = build.gpu.default_power_w * build.gpu_count
    return f"{watts(gpu_w + result.estimate.power.host_w)} behind the supply"


def wall_w(result: EstimateResult) -> str:
    return f"{watts(result.estimate.power.wall_w)} at the wall"


def supply_load(result: EstimateResult) -> str:
    """The load at the limit, as a share of what all supplies give at this voltage."""
    voltage_v = result.supply.circuit.voltage_v
    rated_w = supply_capacity_w(result.build, voltage_v)
    if not rated_w:
        return NOT_KNOWN
    power = result.estimate.power
    load_w = power.gpu_w + power.host_w
    return f"{watts(load_w)} of {watts(rated_w)} ({percent(100 * load_w / rated_w)}) at {voltage_v} V"


def amps_per_cord(result: EstimateResult) -> str:
    """Current in each mains cord, the load shared evenly."""
    cords = mains_cords(result.build)
    if not cords:
        return NOT_KNOWN
    return f"{amps(result.estimate.power.wall_w / result.supply.circuit.voltage_v / cords)} a cord"


def circuit(result: EstimateResult) -> str:
    """The load at the limit on the fullest circuit, of what it may carry for hours."""
    load = result.estimate.power.circuit
    return _circuit(load.load_percent, load.continuous_w / load.count, load.fits)


def circuit_unlimited(result: EstimateResult) -> str:
    """The same with the GPUs at their default limit, as after a restart."""
    load = result.estimate.power.circuit
    return _circuit(load.load_percent_unlimited, load.continuous_w / load.count, load.fits_unlimited)


def usd_per_month(result: EstimateResult) -> str:
    """Electricity at the wall for 30 days."""
    return f"{money(round(Decimal(result.estimate.power.usd_per_month), 2))} a month"


def goods_usd(result: EstimateResult) -> str:
    """The part list's sum, before agent, freight, duty and tax."""
    sums = [line.subtotal for line in result.lines]
    known = [amount for amount in sums if amount is not None]
    low, high = sum(amount.low for amount in known), sum(amount.high for amount in known)
    told = money(low) if low == high else f"{money(low)}–{money(high)[1:]}"
    return told if len(known) == len(sums) else f"at least {told}"


def landed_usd(result: EstimateResult) -> str:
    """The order at the buyer's door."""
    return f"{'at least ' if result.cost.unknown else ''}{money(result.cost.total)} landed"


def duty_usd(result: EstimateResult) -> str:
    """Duty on the order at the day it enters."""
    amounts = [row.amount for row in result.cost.rows if row.key == "duty"]
    return f"{money(amounts[0])} of duty" if amounts and amounts[0] is not None else NOT_KNOWN


Figure = Callable[[EstimateResult], str]

FIGURES: Mapping[str, Figure] = {
    "decode_tok_s": decode_tok_s,
    "fits": fits,
    "weights_gb": weights_gb,
    "params": params,
    "memory_gb": memory_gb,
    "memory_gb_s": memory_gb_s,
    "nvlink_pair": nvlink_pair,
    "nvlink_peers": nvlink_peers,
    "nvlink_islands": nvlink_islands,
    "host_link_gb_s": host_link,
    "between_boards_gb_s": between_boards,
    "dc_w": dc_w,
    "dc_w_unlimited": dc_w_unlimited,
    "wall_w": wall_w,
    "supply_load": supply_load,
    "amps_per_cord": amps_per_cord,
    "circuit": circuit,
    "circuit_unlimited": circuit_unlimited,
    "usd_per_month": usd_per_month,
    "goods_usd": goods_usd,
    "landed_usd": landed_usd,
    "duty_usd": duty_usd,
}
"""Name in the data files -> the function; a finding is looked up by its own name instead (``finding``)."""


def finding(result: EstimateResult, slug: str) -> str:
    """One check's severity and title; empty where the rule does not apply to the build."""
    found = next((each for each in result.estimate.findings if each.id == slug), None)
    return f"{found.severity}: {found.title}" if found else ""


def _circuit(load_percent: float, continuous_w: float, carries: bool) -> str:
    """``62 % of 1,440 W: carries it``; what a circuit carries for hours is less than its breaker's rating."""
    return f"{percent(load_percent)} of {watts(continuous_w)}: {'carries it' if carries else 'does not carry it'}"


def _nvlink_rates(wiring: Topology) -> list[float]:
    links = [wiring.link(first, second) for first, second in combinations(range(wiring.gpu_count), 2)]
    return [link.gb_s or 0.0 if link.nvlinks else 0.0 for link in links]


def _apart(wiring: Topology, first: int, second: int) -> bool:
    return wiring.carrier_of[first] != wiring.carrier_of[second]
