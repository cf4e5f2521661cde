"""Small builders of specs and facts for the estimator's tests: keyword arguments over sensible defaults."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.specs import CarrierSpec, CircuitSpec, Figure, GpuSpec, ModelSpec, MoeSpec, PartSpec
from configurator.estimation.findings import RULES, Facts
from configurator.estimation.power import power
from configurator.estimation.types import (
    Build,
    DeviceMemory,
    Finding,
    LinePrice,
    Market,
    MemoryEstimate,
    PartLine,
    Supply,
    Workload,
)

QUAD_MESH = ((0, 2, 2, 2), (2, 0, 2, 2), (2, 2, 0, 2), (2, 2, 2, 0))
# As nvidia-smi topo -m prints it on an eight-GPU server: links per pair.
HYBRID_CUBE_MESH = (
    (0, 1, 2, 1, 0, 0, 0, 2),
    (1, 0, 1, 2, 0, 0, 2, 0),
    (2, 1, 0, 2, 0, 1, 0, 0),
    (1, 2, 2, 0, 1, 0, 0, 0),
    (0, 0, 0, 1, 0, 2, 2, 1),
    (0, 0, 1, 0, 2, 0, 1, 2),
    (0, 2, 0, 0, 2, 1, 0, 1),
    (2, 0, 0, 0, 1, 2, 1, 0),
)

V100_16 = GpuSpec(
    slug="v100-sxm2-16gb",
    name="V100 SXM2 16 GB",
    architecture="volta",
    compute_capability=7.0,
    form_factor="sxm2",
    memory_mib=16145,
    memory_label_gb=16,
    memory_bandwidth_gb_s=900.0,
    fp16_tflops=125.0,
    tensor_cores=True,
    bf16=False,
    default_power_w=300,
    power_limit_min_w=150,
    power_limit_max_w=300,
    idle_power_w=41.0,
    nvlink_links=6,
    nvlink_gb_s_per_link=25.0,
    heatsink_pitch_mm=32.0,
    input_rail_v=12,
    passive=True,
)
QUAD_BOARD = CarrierSpec(
    slug="quad-board",
    name="Quad board",
    kind="board",
    socket="sxm2",
    sockets=4,
    topology="full-mesh",
    links=QUAD_MESH,
    links_verified=True,
    pcie_generation=3,
    host_lanes_per_gpu=8,
    host_connectors=4,
    board_power_w=5.0,
    eps_connectors=4,
    pcie_power_connectors=4,
    has_host=False,
    host_power_w=None,
    psu_count=None,
    psu_rated_w=None,
    psu_rated_120v_w=None,
    psu_min_voltage=None,
    external_12v=False,
    instruction_set="x86_64",
    heatsinks_included=False,
    needs_fabric_manager=False,
    vendor="Somebody",
)
SERVER = replace(
    QUAD_BOARD,
    slug="server-4029gp-tvrt",
    name="Eight-GPU server",
    kind="server",
    sockets=8,
    topology="hybrid-cube-mesh",
    links=HYBRID_CUBE_MESH,
    host_connectors=0,
    board_power_w=None,
    eps_connectors=0,
    pcie_power_connectors=0,
    has_host=True,
    host_power_w=530.0,
    psu_count=4,
    psu_rated_w=2200,
    psu_rated_120v_w=1200,
    psu_min_voltage=100,
    heatsinks_included=True,
)
NVSWITCH_SERVER = replace(
    SERVER,
    slug="server-dgx-2",
    name="NVSwitch server",
    socket="sxm3",
    sockets=16,
    topology="nvswitch",
    links=tuple(tuple(0 if i == j else 6 for j in range(16)) for i in range(16)),
    host_power_w=4400.0,
    psu_count=6,
    psu_rated_w=3000,
    psu_rated_120v_w=None,
    psu_min_voltage=200,
    needs_fabric_manager=True,
)
US_15A = CircuitSpec("us-120v-15a", "US 120 V, 15 A", "US", 120, 15, 0.8, 1, "NEMA 5-15")
US_20A = CircuitSpec("us-120v-20a", "US 120 V, 20 A", "US", 120, 20, 0.8, 1, "NEMA 5-20")
US_240V_30A = CircuitSpec("us-240v-30a", "US 240 V, 30 A", "US", 240, 30, 0.8, 1, "NEMA 6-30")
US_240V_50A = CircuitSpec("us-240v-50a", "US 240 V, 50 A", "US", 240, 50, 0.8, 1, "NEMA 6-50")

LLAMA_70B = ModelSpec(
    slug="llama-3.3-70b",
    name="Llama 3.3 70B",
    hf_repo="meta-llama/Llama-3.3-70B-Instruct",
    architecture="llama",
    arch_class="dense",
    n_layers=80,
    hidden_size=8192,
    n_heads=64,
    n_kv_heads=8,
    head_dim=128,
    intermediate_size=28672,
    vocab_size=128256,
    tie_embeddings=False,
    max_context_tokens=131072,
    mtp_layers=0,
    params_total=70_553_706_496,
    params_active=None,
    moe=None,
    mla=None,
    linear=None,
    window=None,
    refusal=None,
)
MOE_235B = replace(
    LLAMA_70B,
    slug="qwen3-235b-a22b",
    name="Qwen3 235B A22B",
    architecture="Qwen3MoeForCausalLM",
    arch_class="moe",
    n_layers=94,
    n_kv_heads=4,
    params_total=235_093_634_560,
    params_active=22_000_000_000,
    moe=MoeSpec(
        n_experts=128,
        n_experts_per_token=8,
        n_shared=0,
        expert_intermediate_size=1536,
        shared_intermediate_size=None,
        first_k_dense=0,
        layer_frequency=1,
        parallel_dense=False,
    ),
)


def make_gpu(**changes: Any) -> GpuSpec:
    """A V100 SXM2 16 GB, with changes."""
    return replace(V100_16, **changes)


def make_carrier(base: CarrierSpec = QUAD_BOARD, **changes: Any) -> CarrierSpec:
    """A quad board with published wiring and enough connectors, with changes."""
    return replace(base, **changes)


def make_part(kind: str, quantity: int = 1, slug: str = "", name: str = "", **figures: Figure) -> PartLine:
    return PartLine(PartSpec(slug or kind, name or kind, kind, figures), quantity)


def make_build(
    gpu: GpuSpec = V100_16,
    gpu_count: int = 4,
    carrier: CarrierSpec | None = QUAD_BOARD,
    carrier_count: int = 1,
    parts: tuple[PartLine, ...] = (),
) -> Build:
    return Build(gpu, gpu_count, carrier, carrier_count, parts)


def make_memory(
    gpus: int = 4, weights_mib: float = 10_000, capacity_mib: float = 16_145, max_context_tokens: int | None = 32_768
) -> MemoryEstimate:
    """An even plan: weights of each GPU, 500 MiB of cache, 300 of buffers, 320 of context."""
    total = weights_mib + 1120
    device = DeviceMemory(weights_mib, 500, 300, 320, total, capacity_mib, total <= capacity_mib)
    return MemoryEstimate(
        fits=device.fits,
        weights_bytes_total=int(weights_mib * gpus * 2**20),
        host_mib=0,
        max_context_tokens=max_context_tokens,
        per_gpu=(device,) * gpus,
    )


def make_market(
    as_of: date = date(2026, 11, 1),
    prices: tuple[LinePrice, ...] = (LinePrice("v100-sxm2-16gb", 4, Decimal(99), date(2026, 10, 20), "quote"),),
    destination: str = "US",
    entry_date: date = date(2026, 11, 1),
    exclusions_extended: bool = False,
    excluded_parts: tuple[str, ...] = (),
    agent: str = "",
) -> Market:
    return Market(as_of, prices, destination, entry_date, exclusions_extended, excluded_parts, agent)


def make_facts(
    build: Build | None = None,
    memory: MemoryEstimate | None = None,
    market: Market | None = None,
    model: ModelSpec = LLAMA_70B,
    circuit: CircuitSpec = US_15A,
    power_limit_w: int | None = None,
    electricity_usd_per_kwh: float = 0.12,
    circuit_count: int = 1,
    **workload: Any,
) -> Facts:
    """Facts about a build under a workload; the split is by layer over all GPUs unless told otherwise."""
    build = build or make_build()
    tensor_parallel = workload.get("tensor_parallel", 1)
    settings = {
        "split": "layer" if tensor_parallel == 1 else "tensor",
        "pipeline_parallel": max(1, build.gpu_count // tensor_parallel),
    }
    if build.gpu_count == 1:
        settings["split"] = "none"
    chosen = Workload(model, **{**settings, **workload})
    supply = Supply(power_limit_w, circuit, electricity_usd_per_kwh, circuit_count=circuit_count)
    return Facts(
        build=build,
        workload=chosen,
        supply=supply,
        memory=memory or make_memory(build.gpu_count),
        speed=None,
        power=power(build, chosen, supply, None),
        market=market,
    )


def finding(slug: str, facts: Facts) -> Finding | None:
    """What one rule finds, None where it does not apply."""
    return next(rule for rule in RULES if rule.slug == slug).finding(facts)


def severity(slug: str, facts: Facts) -> str | None:
    found = finding(slug, facts)
    return found.severity if found else None
