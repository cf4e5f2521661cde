"""Frozen descriptions of what exists, as the estimator sees it. Pure: no Django, no clock, no I/O.

Units stand in the names. ``None`` always means "not known", never zero.
Memory capacities are what the card exposes, in MiB (2**20 bytes); bandwidths are decimal GB/s per direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Figure = int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class GpuSpec:
    """One GPU, module or card."""

    slug: str
    name: str
    architecture: str  # volta, pascal, turing, ampere, ada, rdna3.5
    compute_capability: float | None  # 7.0 for Volta; None where CUDA does not apply
    form_factor: str  # sxm2, sxm3, sxm4, pcie, apu
    memory_mib: int  # exposed to programs, not the label
    memory_label_gb: int  # what the community calls it: 16, 32
    memory_bandwidth_gb_s: float
    fp16_tflops: float | None  # dense tensor-core peak where there are tensor cores, else vector FP16
    tensor_cores: bool
    bf16: bool
    default_power_w: int
    power_limit_min_w: int | None
    power_limit_max_w: int | None
    idle_power_w: float | None
    nvlink_links: int  # NVLink ports on the module; 0 = none
    nvlink_gb_s_per_link: float | None  # per direction
    heatsink_pitch_mm: float | None
    input_rail_v: int | None  # 12 or 48 at the socket
    passive: bool  # True where the module comes without a fan


@dataclass(frozen=True, slots=True)
class CarrierSpec:
    """What SXM modules sit on: an adapter, a board or a whole server.

    ``links[i][j]`` is the number of NVLink links between sockets i and j (symmetric, zero diagonal).
    For ``topology == "nvswitch"`` it counts the links each GPU has into the switch, for every pair.
    """

    slug: str
    name: str
    kind: str  # adapter, board, server
    socket: str  # sxm2, sxm3, pcie
    sockets: int
    topology: str  # none, pair, full-mesh, hybrid-cube-mesh, nvswitch, unknown
    links: tuple[tuple[int, ...], ...]
    links_verified: bool  # False where nobody has published a topology read-out of this board
    pcie_generation: int | None  # towards the host
    host_lanes_per_gpu: int | None  # lanes from each GPU to the first PCIe switch or CPU
    host_connectors: int | None  # SFF-8654 8i cables it needs; 0 = sockets wired to a CPU inside
    board_power_w: float | None  # its own draw, without GPUs and host
    eps_connectors: int | None  # 8-pin EPS inputs
    pcie_power_connectors: int | None  # 8-pin PCIe inputs
    has_host: bool  # True for servers: CPU, memory and power supplies are part of it
    host_power_w: float | None  # CPUs, fans, memory and disks at load, servers only
    psu_count: int | None
    psu_rated_w: int | None  # each, at 200-240 V
    psu_rated_120v_w: int | None  # each, at 100-127 V; None = not known
    psu_min_voltage: int | None  # 100 = wide input; 200 = will not start on 120 V
    external_12v: bool  # True for OCP sleds without a mains supply
    instruction_set: str  # x86_64, ppc64le
    heatsinks_included: bool | None
    needs_fabric_manager: bool
    vendor: str


@dataclass(frozen=True, slots=True)
class PartSpec:
    """Any other line of a build. ``figures`` holds its known facts by name (see catalog.figures)."""

    slug: str
    name: str
    kind: str  # io-card, cable, cooler, fan, psu, frame, host, cpu, ram
    figures: Mapping[str, Figure]

    def number(self, name: str) -> float | None:
        """The figure as a number, or None where it is not known."""
        value = self.figures.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class CircuitSpec:
    """A household circuit. ``continuous_w`` is what may be drawn for hours on end."""

    slug: str
    name: str
    country: str
    voltage_v: int
    breaker_a: float
    continuous_fraction: float  # 0.8 in the US and Canada (NEC / CEC)
    phases: int
    socket: str

    @property
    def continuous_w(self) -> float:
        """Volts x amperes x the fraction that may be used continuously, in watts."""
        return self.voltage_v * self.breaker_a * self.continuous_fraction


@dataclass(frozen=True, slots=True)
class MoeSpec:
    n_experts: int
    n_experts_per_token: int
    n_shared: int
    expert_intermediate_size: int
    shared_intermediate_size: int | None  # of all shared experts together; None = n_shared x expert size
    first_k_dense: int  # leading layers with a dense feed-forward instead
    layer_frequency: int  # 1 = every layer is MoE, 2 = every second
    parallel_dense: bool  # a dense feed-forward beside the experts (Gemma 4)


@dataclass(frozen=True, slots=True)
class MlaSpec:
    """Multi-head latent attention (DeepSeek): the cache holds the latent and the rotary key only."""

    kv_lora_rank: int
    q_lora_rank: int | None
    qk_rope_head_dim: int
    qk_nope_head_dim: int
    v_head_dim: int


@dataclass(frozen=True, slots=True)
class LinearAttentionSpec:
    """Layers whose state does not grow with context."""

    kind: str  # gated_deltanet, lightning, mamba2, kda
    full_attention_interval: int | None  # layer i has a KV cache iff (i + 1) % interval == 0
    conv_kernel: int | None
    key_head_dim: int | None
    n_key_heads: int | None
    value_head_dim: int | None
    n_value_heads: int | None
    n_full_layers: int | None
    pattern: str | None  # one letter a layer (Nemotron-H: M mamba, E experts, * attention)
    mamba_n_heads: int | None
    mamba_head_dim: int | None
    mamba_state_size: int | None
    mamba_n_groups: int | None


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """Sliding-window (or chunked) attention: layer i is local iff i % period < period - 1; period 1 = all local.

    ``global_*`` differ from the model's own only where global layers have another shape (Gemma 4).
    """

    window_tokens: int
    period: int
    chunked: bool
    global_n_kv_heads: int | None
    global_head_dim: int | None


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor of a file of weights, as the file's head describes it. ``shape[0]`` is the length of a row."""

    name: str
    shape: tuple[int, ...]
    ggml_type: str


@dataclass(frozen=True, slots=True)
class CheckpointSpec:
    """How a checkpoint is quantised, by the ``quantization_config`` of its config.json."""

    quant: str  # as QUANTS names it
    group_size: int | None  # input channels that share a scale; None = not said
    kept_words: tuple[str, ...]  # modules with one of these in their name stay at 16 bits
    kept_layers: frozenset[int]  # whole blocks that do
    kept_modules: frozenset[tuple[int, str]]  # single modules of single blocks that do

    def keeps(self, layer: int | None, module: str) -> bool:
        """Whether that module of that block stays at 16 bits."""
        if layer in self.kept_layers or any(word in module for word in self.kept_words):
            return True
        if layer is None or not self.kept_modules:
            return False
        parts = module.split(".")
        return any((layer, ".".join(parts[:length])) in self.kept_modules for length in range(1, len(parts) + 1))


@dataclass(frozen=True, slots=True, eq=False)
class WeightsFile:
    """A real GGUF file of a model, equal to nothing but itself: comparing thousands of tensors would take longer than
    what is worked out from them."""

    quant: str
    tensors: tuple[StoredTensor, ...]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One language model's architecture. Parameters count main weights only (no MTP head, no vision tower)."""

    slug: str
    name: str
    hf_repo: str
    architecture: str  # class name in config.json, or the family where only that is known
    arch_class: str  # dense, moe, mla_moe, swa, hybrid
    n_layers: int
    hidden_size: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    intermediate_size: int  # 0 where there is no dense feed-forward
    vocab_size: int
    tie_embeddings: bool
    max_context_tokens: int | None
    mtp_layers: int
    params_total: int
    params_active: int | None
    moe: MoeSpec | None
    mla: MlaSpec | None
    linear: LinearAttentionSpec | None
    window: WindowSpec | None
    refusal: str | None  # why this model cannot be estimated; None = it can
    file: WeightsFile | None = None  # the file it was read from; its sizes hold for its own quantisation
    checkpoint: CheckpointSpec | None = None  # how the checkpoint beside its config.json is quantised


@dataclass(frozen=True, slots=True)
class PriceBand:
    """A price range for one part on one market, as published on a date. Money in ``currency``."""

    part: str
    low: Decimal
    high: Decimal
    currency: str
    market: str  # ebay, taobao, us-reseller, guide-bom
    as_of: str  # ISO date the range was published
    verdict: str  # confirmed, misleading, inconsistent, wrong, unverifiable
    note: str
    source_title: str
    source_href: str
    confidence: str

    @property
    def mid(self) -> Decimal:
        return (self.low + self.high) / 2
