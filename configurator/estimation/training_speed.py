"""How training scales over the GPUs of a machine: time to compute a step against time to exchange gradients. Pure.

A step on one GPU takes (Kaplan et al., Scaling Laws for Neural Language Models, 2020, section 2.1)::

    compute s = k x parameters at work x tokens / (peak FLOPS x MFU)

with k = 6: two for the forward pass, four for the backward pass. Frozen weights need no gradient of their own, so that
LoRA and QLoRA take 4; checkpointing adds a forward pass, 2. Attention's own products are left out, a few percent at two
thousand tokens. MFU, the part of the peak that is reached, is an assumption with a range.

Gradients of trained parameters, two bytes each, are summed over n GPUs in a ring (nccl-tests, PERFORMANCE.md)::

    exchange s = 2 (n - 1) / n x gradient bytes / bandwidth

ZeRO-1 moves as much. ZeRO-2 scatters gradients in each batch, since no GPU keeps all of them, and gathers the trained
weights once; ZeRO-3 gathers all weights twice in each batch, forward and backward (ZeRO, section 7)::

    ZeRO-2    (n - 1) / n x (batches x gradients + trained weights)
    ZeRO-3    (n - 1) / n x batches x (2 x weights + gradients)

Speed-up over one GPU is n x compute / (compute + what of the exchange is not hidden). At worst nothing is hidden, the
GPUs are fast and the links slow; at best all of the backward pass hides it, the GPUs are slow and the links fast.
"""

from dataclasses import dataclass

from catalog.specs import GpuSpec
from configurator.estimation.topology import GB_S_PER_LANE, NETWORK_GB_S, Topology
from configurator.estimation.training import TrainingRun, states
from configurator.estimation.types import Range

# Model FLOPS utilisation: 39 TFLOPS, 30 % of a V100's peak, sustained by Megatron-LM's first version, 62.4 (48 %) by
# its next; the lower end is for programs that nobody tuned.
MFU = Range(0.15, 0.30, 0.48)
# Of the nominal rate of a GPU's NVLinks: NCCL plans with 20 of 25 GB/s; 135.5 of 150 were measured on eight V100.
NVLINK_REACHED = Range(0.80, 0.90, 1.0)
ETHERNET_10_GB_S = 1.18
FORWARD, BACKWARD, FROZEN_BACKWARD = 2, 4, 2
SLOT_LANES = 16


@dataclass(frozen=True, slots=True)
class Scaling:
    """One machine training one run. Bandwidth and times are None where the board's wiring or the peak is not known."""

    gpus: int
    bus_gb_s: Range | None
    exchanged_bytes: float  # by each GPU in a step
    exchange_s: Range | None  # low = fast links
    compute_s: Range | None  # low = high MFU
    speedup: Range | None  # over one GPU, at most ``gpus``

    @property
    def exchange_ms(self) -> Range | None:
        s = self.exchange_s
        return None if s is None else Range(s.low * 1000, s.mid * 1000, s.high * 1000)

    @property
    def efficiency(self) -> Range | None:
        s = self.speedup
        return None if s is None else Range(s.low / self.gpus, s.mid / self.gpus, s.high / self.gpus)

    @property
    def verdict(self) -> str:
        """ok where even the low end is 80 %, blocker where even the high end is under 50 %, else caution."""
        found = self.efficiency
        if found is None:
            return "unknown"
        if found.low >= 0.8:
            return "ok"
        return "blocker" if found.high < 0.5 else "caution"


def scaling(run: TrainingRun, gpu: GpuSpec, wiring: Topology, sharding: str) -> Scaling:
    """Time of a step, computing and exchanging, and what ``wiring.gpu_count`` GPUs are worth together."""
    n = wiring.gpu_count
    moved = exchanged_bytes(run, n, sharding)
    bus = bus_gb_s(wiring, gpu)
    compute = compute_seconds(run, gpu)
    if n == 1:
        return Scaling(1, None, 0.0, Range(0.0, 0.0, 0.0), compute, Range(1.0, 1.0, 1.0))
    exchange = None if bus is None else Range(*(moved / rate / 1e9 for rate in (bus.high, bus.mid, bus.low)))
    speedup = None
    if exchange is not None and compute is not None:
        # Without sharded gradients only the last of the accumulated batches has final ones to send behind its back.
        batches = 1 if sharding in ("zero2", "zero3") else run.accumulation_steps
        hidden = backward_share(run) / batches
        speedup = Range(
            n * compute.low / (compute.low + exchange.high),
            n * compute.mid / (compute.mid + max(0.0, exchange.mid - hidden * compute.mid / 2)),
            n * compute.high / (compute.high + max(0.0, exchange.low - hidden * compute.high)),
        )
    return Scaling(n, bus, moved, exchange, compute, speedup)


def compute_seconds(run: TrainingRun, gpu: GpuSpec) -> Range | None:
    """Seconds of arithmetic of one step on one GPU, low at the high end of MFU; None where the peak is not known."""
    if not gpu.fp16_tflops:
        return None
    flops = flops_per_step(run)
    return Range(*(flops / (gpu.fp16_tflops * 1e12 * part) for part in (MFU.high, MFU.mid, MFU.low)))


def flops_per_step(run: TrainingRun) -> float:
    """Floating-point operations of one step on one GPU."""
    active = run.model.params_active or run.model.params_total
    return float(_passes(run) * active * run.tokens_per_step)


def backward_share(run: TrainingRun) -> float:
    """The part of a step's arithmetic during which gradients appear: backward pass and what is computed again."""
    return 1 - FORWARD / _passes(run)


def exchanged_bytes(run: TrainingRun, gpus: int, sharding: str) -> float:
    """Bytes that each GPU sends in one step."""
    whole, batches = states(run), run.accumulation_steps
    if sharding == "zero3":
        moved = batches * (2 * (whole.frozen + whole.weights) + whole.gradients)
    elif sharding == "zero2":
        moved = batches * whole.gradients + whole.weights
    else:
        moved = 2 * whole.gradients
    return (gpus - 1) / gpus * moved


def bus_gb_s(wiring: Topology, gpu: GpuSpec) -> Range | None:
    """GB/s that each GPU's ring reaches, one direction; None for one GPU and where the wiring is not known.

    Within one NVLink island rings use all links that the GPU with fewest has into it. Where a ring must leave an island
    it is as slow as PCIe: a copy from peer to peer at the low end, a whole x16 slot at the high end. Between machines
    it is the network, 10 Gb Ethernet.
    """
    n = wiring.gpu_count
    if n == 1:
        return None
    if not wiring.known and not any(any(row) for row in wiring.nvlinks):
        return None
    if len(set(wiring.host_of)) > 1:
        return Range(NETWORK_GB_S / 2, NETWORK_GB_S, ETHERNET_10_GB_S)
    if len(wiring.islands) == 1:
        rows = [max(row) if wiring.switched else sum(row) for row in wiring.nvlinks]
        nominal = min(min(rows), gpu.nvlink_links) * wiring.gb_s_per_nvlink
        return Range(*(nominal * part for part in (NVLINK_REACHED.low, NVLINK_REACHED.mid, NVLINK_REACHED.high)))
    low = wiring.pcie_gb_s
    high = max(low, GB_S_PER_LANE.get(wiring.pcie_generation, GB_S_PER_LANE[3]) * SLOT_LANES)
    return Range(low, float((low * high) ** 0.5), high)


def _passes(run: TrainingRun) -> int:
    backward = BACKWARD if run.method == "full" else FROZEN_BACKWARD
    return FORWARD + backward + (FORWARD if run.checkpointing else 0)
