"""What goes into an estimate and what comes out. Pure: no Django, no clock, no I/O.

Units stand in the names: MiB is 2**20 bytes, GB is 10**9 bytes, speeds are tokens a second, power is watts.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.provenance import Source
from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, ModelSpec, PartSpec


@dataclass(frozen=True, slots=True)
class PartLine:
    part: PartSpec
    quantity: int


@dataclass(frozen=True, slots=True)
class Build:
    """The machine. ``parts`` are all lines that are neither GPU nor carrier.

    ``carrier`` None means cards in PCIe slots (or, for SXM modules, that no carrier was chosen).
    """

    gpu: GpuSpec
    gpu_count: int
    carrier: CarrierSpec | None
    carrier_count: int
    parts: tuple[PartLine, ...] = ()

    def of_kind(self, kind: str) -> tuple[PartLine, ...]:
        return tuple(line for line in self.parts if line.part.kind == kind)


@dataclass(frozen=True, slots=True)
class Workload:
    """What runs on it. ``tensor_parallel`` x ``pipeline_parallel`` equals the GPU count."""

    model: ModelSpec
    quant: str = "Q4_K_M"
    weights_bytes: int | None = None
    runtime: str = "llama.cpp"
    split: str = "layer"  # none, layer, row, tensor
    tensor_parallel: int = 1
    pipeline_parallel: int = 1
    context_tokens: int = 8192
    depth_tokens: int = 0
    prompt_tokens: int = 2048
    streams: int = 1
    kv_dtype: str = "f16"
    ubatch: int = 512
    flash_attention: bool = True
    expert_layers_in_ram: int = 0  # the first so many layers' routed experts stay in host memory
    gpu_layers: int | None = None  # the last so many layers (the output counts as one) are on GPUs; None = all
    speculative_tokens: int = 0  # drafted in each step by multi-token-prediction layers


@dataclass(frozen=True, slots=True)
class Supply:
    """Limits and prices of power. ``power_limit_w`` None is the card's default."""

    power_limit_w: int | None
    circuit: CircuitSpec
    electricity_usd_per_kwh: float = 0.12
    hours_per_day: float = 24.0
    circuit_count: int = 1


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """One GPU's plan, MiB. ``runtime_mib`` is what llama.cpp's own plan does not know (CUDA context, Volta scratch,
    the dequantised KV copy); ``kv_mib`` includes recurrent state."""

    weights_mib: float
    kv_mib: float
    compute_mib: float
    runtime_mib: float
    total_mib: float
    capacity_mib: float
    fits: bool


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    fits: bool
    weights_bytes_total: int  # the file: all tensors, embedding included, each once
    host_mib: float  # kept in host RAM: input embedding, its buffers, and what was moved there
    max_context_tokens: int | None  # per stream, for the tightest GPU; None = weights alone do not fit
    per_gpu: tuple[DeviceMemory, ...]


@dataclass(frozen=True, slots=True)
class DecodeMs:
    """Milliseconds of one decode step, by cause; they sum to 1000 / mid (one stream)."""

    weights: float
    kv: float
    launch: float
    all_reduce: float
    hops: float
    host: float

    @property
    def total(self) -> float:
        return self.weights + self.kv + self.launch + self.all_reduce + self.hops + self.host


@dataclass(frozen=True, slots=True)
class Speculation:
    """Drafting with multi-token-prediction layers. ``tokens_per_step`` come out of one step on average, at an
    ``acceptance`` of drafted tokens that depends on the text."""

    tokens: int
    acceptance: Range
    tokens_per_step: float
    plain_decode_tok_s: Range  # without it


@dataclass(frozen=True, slots=True)
class SpeedEstimate:
    """Speeds for one stream, and for all streams together (``aggregate_tok_s``). With ``speculation`` they are those
    of drafting."""

    decode_tok_s: Range
    aggregate_tok_s: Range
    prefill_tok_s: Range
    ttft_s: Range
    bound_by: str  # bandwidth, launch, interconnect, compute, host
    decode_ms: DecodeMs
    basis: str  # measured-family, modelled, extrapolated
    speculation: Speculation | None = None


@dataclass(frozen=True, slots=True)
class CircuitLoad:
    """The load on the chosen circuits. Percent, amperes and fit are those of the fullest one: supplies are whole."""

    slug: str
    name: str
    count: int
    voltage_v: int
    breaker_a: float  # of one circuit
    continuous_w: float  # of all chosen circuits together
    load_percent: float  # of its continuous rating, at the chosen limit
    load_percent_unlimited: float  # at default limits, as after a reboot
    amps: float  # on the fullest circuit
    circuits_needed: int
    fits: bool
    fits_unlimited: bool


@dataclass(frozen=True, slots=True)
class PowerEstimate:
    """Watts while decoding unless the name says otherwise. ``wall_w`` is sustained at the power limit: the worst of
    decode and prefill, because circuits and supplies must carry that; ``decode_wall_w`` is the everyday figure."""

    gpu_w: float  # all GPUs together, at the limit
    host_w: float  # host, PCIe switches, boards, fans
    psu_loss_w: float
    wall_w: float
    wall_w_unlimited: float  # at default limits: a limit resets at boot
    decode_wall_w: float
    idle_w: float
    circuit: CircuitLoad
    usd_per_month: float  # 30 days of hours_per_day at wall_w
    usd_per_million_tokens: float | None  # at decode_wall_w and the mid aggregate speed; None where speed is
    btu_per_hour: float


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend: what to do, and the query changes that do it in one click (empty = not a click)."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    id: str
    severity: str  # blocker, caution, note, unknown, ok
    title: str
    why: str
    fix: Fix | None
    source: Source
    answers: str = ""  # the misconception it answers
    starts: bool = True  # False: the runtime does not start on this machine as chosen


@dataclass(frozen=True, slots=True)
class LinePrice:
    """What one line costs, for the rules that look at prices. ``None`` = not known."""

    part: str
    quantity: int
    unit_usd: Decimal | None
    as_of: date | None
    basis: str  # band, quote, offer, none
    band_low_usd: Decimal | None = None  # the lower end of the guide's band; None = there is none


@dataclass(frozen=True, slots=True)
class Market:
    """Prices and trade facts on a date, for findings only."""

    as_of: date
    prices: tuple[LinePrice, ...]
    destination: str  # ISO country
    entry_date: date
    exclusions_extended: bool
    excluded_parts: tuple[str, ...] = ()  # slugs or names of parts whose duty exclusion ended by the entry date
    agent: str = ""  # slug of who buys and ships; empty = nobody


@dataclass(frozen=True, slots=True)
class Offload:
    """Host memory put to use. ``assumed`` True: nobody asked for it, but without it the model does not fit, and the
    speed is that of this arrangement."""

    expert_layers_in_ram: int
    gpu_layers: int | None
    host_mib: float
    host_gb_s: float  # nominal bandwidth of the host's memory
    host_gb_s_known: bool  # False: two channels of DDR4-3200 are assumed
    assumed: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """``offload`` None: everything is on the GPUs, or nothing fits even with the help of host memory."""

    memory: MemoryEstimate
    speed: SpeedEstimate | None
    power: PowerEstimate
    findings: tuple[Finding, ...]
    offload: Offload | None
    engine_version: str
