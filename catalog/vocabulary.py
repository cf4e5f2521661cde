"""The closed vocabulary of the catalog: kinds, units, and the figures each kind may have. Pure.

A figure that is not listed here does not exist for the loader, the admin or the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

PART_KINDS: Mapping[str, str] = {
    "gpu": "GPU",
    "carrier": "Carrier",
    "io-card": "IO card",
    "cable": "Cable",
    "cooler": "Cooler",
    "fan": "Fan",
    "psu": "Power supply",
    "frame": "Frame",
    "host": "Host",
    "cpu": "CPU",
    "ram": "Memory",
}
"""Kinds that can be a line of a build, with the label people read."""

FORM_FACTORS: Mapping[str, str] = {"sxm2": "SXM2", "sxm3": "SXM3", "sxm4": "SXM4", "pcie": "PCIe", "apu": "APU"}

KINDS: Mapping[str, str] = {**PART_KINDS, "circuit": "Circuit", "model": "Language model"}

ARCH_CLASSES: Mapping[str, str] = {
    "dense": "Dense",
    "moe": "Mixture of experts",
    "mla_moe": "Mixture of experts with latent attention",
    "swa": "Sliding-window attention",
    "hybrid": "Hybrid with linear attention",
}
"""Families of language models, by what their attention and feed-forward layers are made of."""


VERDICTS: Mapping[str, tuple[str, str]] = {
    "confirmed": ("Confirmed", "What the guide says holds."),
    "wrong": ("Wrong", "Something else holds."),
    "misleading": ("Misleading", "Half the truth, or true under conditions the guide does not name."),
    "inconsistent": ("Inconsistent", "The guide contradicts itself, or its own arithmetic."),
    "unverifiable": ("Unverifiable", "We found no source that says so, and none that says otherwise."),
}
"""What the audit of the guide says of a claim: verdict -> (label, what it means)."""

GUIDE_SECTIONS: Mapping[str, str] = {
    "QR": "Quick reference",
    "1": "Why V100 SXM2",
    "2": "The NVLink advantage and its limits",
    "3": "Boards, GPUs and IO",
    "4": "Cooling",
    "5": "Performance estimates",
    "6": "Mixture-of-experts models",
    "7": "Power for residential use",
    "8": "Software",
    "9": "Buying from China",
    "10": "Tariffs and import costs",
    "11": "Upgrade path",
    "12": "Beyond eight GPUs",
    "13": "Training",
    "14": "V100 against alternatives",
    "15": "Market intelligence",
    "16": "Community resources",
    "17": "Build configurations",
    "18": "Pitfalls and misconceptions",
}
"""The sections of the community guide, in its order."""

CLAIM_FIGURES: tuple[str, ...] = (
    *("decode_tok_s", "fits", "weights_gb", "params", "memory_gb", "memory_gb_s"),
    *("nvlink_pair", "nvlink_peers", "nvlink_islands", "host_link_gb_s", "between_boards_gb_s"),
    *("dc_w", "dc_w_unlimited", "wall_w", "supply_load", "amps_per_cord", "circuit", "circuit_unlimited"),
    *("usd_per_month", "goods_usd", "landed_usd", "duty_usd", "finding"),
)
"""What the estimator can be asked beside a claim of the guide."""


class Unit(StrEnum):
    """Every unit a figure may have."""

    MIB = "MiB"
    GIB = "GiB"
    GB = "GB"
    GB_S = "GB/s"
    TFLOPS = "TFLOPS"
    WATT = "W"
    VOLT = "V"
    AMPERE = "A"
    KWH = "kWh"
    MILLIMETRE = "mm"
    CENTIMETRE = "cm"
    KILOGRAM = "kg"
    COUNT = "count"
    LANES = "lanes"
    GENERATION = "generation"
    FRACTION = "fraction"
    PERCENT = "percent"
    TOKENS = "tokens"
    NAME = "name"
    CODE = "code"
    FLAG = "flag"
    MATRIX = "matrix"
    USD = "USD"
    EUR = "EUR"
    GBP = "GBP"
    CNY = "CNY"


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """What a figure of one name must look like.

    ``type`` is int, float, str, bool or tuple (a square matrix of integers). ``required`` figures must be known;
    any other may be absent or null, which means "not known". Numbers are never negative; ``positive`` ones are
    never zero either. ``choices`` is empty where any text will do.
    """

    unit: Unit
    type: type
    label: str
    help: str = ""
    required: bool = False
    positive: bool = False
    choices: tuple[str, ...] = ()


def _required(definition: FigureDefinition, *, positive: bool = False) -> FigureDefinition:
    return replace(definition, required=True, positive=positive)


def _count(label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(Unit.COUNT, int, label, text)


def _watts(label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(Unit.WATT, float, label, text)


def _whole(unit: Unit, label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(unit, int, label, text)


def _decimal(unit: Unit, label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(unit, float, label, text)


def _flag(label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(Unit.FLAG, bool, label, text)


def _name(label: str, text: str = "", choices: tuple[str, ...] = ()) -> FigureDefinition:
    return FigureDefinition(Unit.NAME, str, label, text, choices=choices)


def _code(label: str, text: str = "") -> FigureDefinition:
    return FigureDefinition(Unit.CODE, str, label, text)


_EVERY_PART: Mapping[str, FigureDefinition] = {
    "weight_kg": _decimal(Unit.KILOGRAM, "Weight", "Of one piece, without packing."),
    "hts_code": _code("Tariff code", "US tariff schedule, with dots; duty is reckoned by it."),
    "origin_country": _code("Made in", "ISO country code of manufacture, which is not where it is sold."),
    "imported": _flag("Bought from abroad", "No means it is normally bought at home: no freight, no duty."),
}

_INSTRUCTION_SETS = ("x86_64", "ppc64le")

_GPU: Mapping[str, FigureDefinition] = {
    "architecture": _required(
        _name("Architecture", choices=("volta", "pascal", "turing", "ampere", "ada", "rdna3.5")),
    ),
    "compute_capability": _decimal(Unit.GENERATION, "CUDA compute capability", "What CUDA calls the architecture."),
    "form_factor": _required(_name("Form factor", choices=tuple(FORM_FACTORS))),
    "memory_mib": _required(
        _whole(Unit.MIB, "Memory exposed", "What programs can use, which is less than the label says."), positive=True
    ),
    "memory_label_gb": _required(_whole(Unit.GB, "Memory by label", "What the community calls it."), positive=True),
    "memory_bandwidth_gb_s": _required(_decimal(Unit.GB_S, "Memory bandwidth"), positive=True),
    "fp16_tflops": _decimal(
        Unit.TFLOPS, "FP16 peak", "Dense tensor-core peak where there are tensor cores, else vector FP16."
    ),
    "tensor_cores": _required(_flag("Tensor cores")),
    "bf16": _required(_flag("bfloat16")),
    "default_power_w": _required(_whole(Unit.WATT, "Default power limit"), positive=True),
    "power_limit_min_w": _whole(Unit.WATT, "Lowest power limit"),
    "power_limit_max_w": _whole(Unit.WATT, "Highest power limit"),
    "idle_power_w": _watts("Power when idle"),
    "nvlink_links": _required(_count("NVLink links", "Ports on the module.")),
    "nvlink_gb_s_per_link": _decimal(Unit.GB_S, "NVLink speed per link", "Per direction."),
    "heatsink_pitch_mm": _decimal(Unit.MILLIMETRE, "Heatsink screw pitch"),
    "input_rail_v": _whole(Unit.VOLT, "Input voltage at the socket"),
    "passive": _required(_flag("Passive", "Comes without a fan of its own.")),
}

_CARRIER: Mapping[str, FigureDefinition] = {
    "kind": _required(_name("Kind of carrier", choices=("adapter", "board", "server"))),
    "socket": _required(_name("Socket", choices=("sxm2", "sxm3", "pcie"))),
    "sockets": _required(_count("Sockets"), positive=True),
    "topology": _required(
        _name(
            "NVLink topology",
            choices=("none", "pair", "full-mesh", "hybrid-cube-mesh", "nvswitch", "unknown"),
        ),
    ),
    "links": _required(
        FigureDefinition(
            Unit.MATRIX, tuple, "NVLink links between sockets", "Row i, column j: links between sockets i and j."
        ),
    ),
    "links_verified": _required(_flag("Links verified", "No means nobody has published a read-out of this board.")),
    "pcie_generation": _whole(Unit.GENERATION, "PCIe generation", "Towards the host."),
    "host_lanes_per_gpu": _whole(Unit.LANES, "PCIe lanes per GPU", "To the first PCIe switch or CPU."),
    "host_connectors": _count("Host connectors", "SFF-8654 8i cables it needs; 0 = wired to a CPU inside."),
    "board_power_w": _watts("Board's own power", "Without GPUs and host."),
    "eps_connectors": _count("8-pin EPS inputs"),
    "pcie_power_connectors": _count("8-pin PCIe power inputs"),
    "has_host": _required(_flag("Host included", "CPU, memory and power supplies are part of it.")),
    "host_power_w": _watts("Host power at load", "CPUs, fans, memory and disks of a server."),
    "psu_count": _count("Power supplies"),
    "psu_rated_w": _whole(Unit.WATT, "Power supply rating", "Each, at 200-240 V."),
    "psu_rated_120v_w": _whole(Unit.WATT, "Power supply rating on 120 V", "Each, at 100-127 V."),
    "psu_min_voltage": _whole(Unit.VOLT, "Lowest mains voltage", "200 means it will not start on 120 V."),
    "external_12v": _required(_flag("External 12 V", "A sled without a mains supply.")),
    "instruction_set": _required(_name("Instruction set", choices=_INSTRUCTION_SETS)),
    "heatsinks_included": _flag("Heatsinks included"),
    "needs_fabric_manager": _required(_flag("Needs Fabric Manager")),
    "vendor": _required(_name("Maker")),
}

_OTHER_PARTS: Mapping[str, Mapping[str, FigureDefinition]] = {
    "io-card": {
        "upstream_lanes": _whole(Unit.LANES, "Lanes to the host"),
        "downstream_ports": _count("Ports to carriers"),
        "pcie_generation": _whole(Unit.GENERATION, "PCIe generation"),
        "power_w": _watts("Power"),
        "needs_bifurcation": _flag("Needs bifurcation", "The host must be able to split the slot."),
    },
    "cable": {
        "length_mm": _decimal(Unit.MILLIMETRE, "Length"),
        "connector": _name("Connector"),
    },
    "cooler": {
        "heatsink_pitch_mm": _decimal(Unit.MILLIMETRE, "Screw pitch"),
        "rated_power_w": _watts("Rated for"),
        "is_passive": _flag("Passive", "Needs a fan or a shroud beside it."),
        "liquid": _flag("Liquid"),
        "fits_sockets": _name("Fits sockets", "Comma separated."),
    },
    "fan": {
        "power_w": _watts("Power"),
        "size_mm": _decimal(Unit.MILLIMETRE, "Size"),
    },
    "psu": {
        "power_w": _watts("Rated power"),
        "power_120v_w": _watts("Rated power on 120 V"),
        "min_voltage_v": _whole(Unit.VOLT, "Lowest mains voltage"),
        "efficiency_percent": _decimal(Unit.PERCENT, "Efficiency at half load"),
        "standard": _name("Standard", choices=("atx", "crps")),
        "eps_connectors": _count("8-pin EPS outputs"),
        "pcie_power_connectors": _count("8-pin PCIe power outputs"),
    },
    "frame": {"carriers_held": _count("Carriers it holds")},
    "host": {
        "load_power_w": _watts("Power at load"),
        "idle_power_w": _watts("Power when idle"),
        "pcie_x16_slots": _count("x16 slots"),
        "pcie_lanes": _whole(Unit.LANES, "PCIe lanes"),
        "pcie_generation": _whole(Unit.GENERATION, "PCIe generation"),
        "above_4g_decoding": _flag("Above 4G decoding", "The firmware setting that large GPU memory needs."),
        "ram_gib": _decimal(Unit.GIB, "Memory"),
        "ram_bandwidth_gb_s": _decimal(Unit.GB_S, "Memory bandwidth"),
        "instruction_set": _name("Instruction set", choices=_INSTRUCTION_SETS),
    },
    "cpu": {"power_w": _watts("Power"), "core_count": _count("Cores")},
    "ram": {"capacity_gib": _decimal(Unit.GIB, "Capacity"), "power_w": _watts("Power")},
}

_CIRCUIT: Mapping[str, FigureDefinition] = {
    "country": _required(_code("Country", "ISO country code, or EU.")),
    "voltage_v": _required(_whole(Unit.VOLT, "Voltage"), positive=True),
    "breaker_a": _required(_decimal(Unit.AMPERE, "Breaker"), positive=True),
    "continuous_fraction": _required(
        _decimal(Unit.FRACTION, "Continuous use", "The part of the breaker's rating that may be drawn for hours."),
        positive=True,
    ),
    "phases": _required(_count("Phases"), positive=True),
    "socket": _required(_name("Socket")),
}

_MODEL: Mapping[str, FigureDefinition] = {
    "hf_repo": _required(_name("Repository")),
    "architecture": _required(_name("Architecture", "Class name in config.json, or the family.")),
    "arch_class": _required(_name("Class", choices=tuple(ARCH_CLASSES))),
    "n_layers": _required(_count("Layers"), positive=True),
    "hidden_size": _required(_count("Hidden size"), positive=True),
    "n_heads": _required(_count("Attention heads"), positive=True),
    "n_kv_heads": _required(_count("Key and value heads"), positive=True),
    "head_dim": _required(_count("Head dimension"), positive=True),
    "intermediate_size": _required(_count("Feed-forward size", "0 where there is no dense feed-forward.")),
    "vocab_size": _required(_count("Vocabulary"), positive=True),
    "tie_embeddings": _required(_flag("Tied embeddings", "Input and output embedding are one tensor.")),
    "max_context_tokens": _whole(Unit.TOKENS, "Longest context"),
    "mtp_layers": _required(_count("Multi-token prediction layers")),
    "params_total": _required(_count("Parameters", "Main weights, without MTP head and vision tower."), positive=True),
    "params_active": _count("Active parameters", "Read for each token."),
    "refusal": _name("Why it cannot be estimated"),
    "moe_n_experts": _required(_count("Experts"), positive=True),
    "moe_n_experts_per_token": _required(_count("Experts per token"), positive=True),
    "moe_n_shared": _required(_count("Shared experts")),
    "moe_expert_intermediate_size": _required(_count("Expert size"), positive=True),
    "moe_shared_intermediate_size": _count("Shared experts' size", "Of all shared experts together."),
    "moe_first_k_dense": _required(_count("Leading dense layers")),
    "moe_layer_frequency": _required(_count("Expert layer frequency", "2 = every second layer."), positive=True),
    "moe_parallel_dense": _required(_flag("Dense feed-forward beside the experts")),
    "mla_kv_lora_rank": _required(_count("Latent rank, keys and values"), positive=True),
    "mla_q_lora_rank": _count("Latent rank, queries"),
    "mla_qk_rope_head_dim": _required(_count("Rotary head dimension")),
    "mla_qk_nope_head_dim": _required(_count("Other head dimension")),
    "mla_v_head_dim": _required(_count("Value head dimension")),
    "linear_kind": _required(
        _name("Linear attention", choices=("gated_deltanet", "lightning", "mamba2", "kda")),
    ),
    "linear_full_attention_interval": _count("Full attention every"),
    "linear_conv_kernel": _count("Convolution kernel"),
    "linear_key_head_dim": _count("Linear key head dimension"),
    "linear_n_key_heads": _count("Linear key heads"),
    "linear_value_head_dim": _count("Linear value head dimension"),
    "linear_n_value_heads": _count("Linear value heads"),
    "linear_n_full_layers": _count("Full attention layers"),
    "linear_pattern": _name("Layer pattern", "One letter a layer: M mamba, E experts, * attention."),
    "linear_mamba_n_heads": _count("Mamba heads"),
    "linear_mamba_head_dim": _count("Mamba head dimension"),
    "linear_mamba_state_size": _count("Mamba state size"),
    "linear_mamba_n_groups": _count("Mamba groups"),
    "window_tokens": _required(_whole(Unit.TOKENS, "Attention window"), positive=True),
    "window_period": _required(
        _count("Window period", "One layer in so many is global; 1 = all are local."), positive=True
    ),
    "window_chunked": _required(_flag("Chunked window")),
    "window_global_n_kv_heads": _count("Key and value heads of global layers"),
    "window_global_head_dim": _count("Head dimension of global layers"),
}

FIGURES: Mapping[str, Mapping[str, FigureDefinition]] = {
    "gpu": {**_GPU, **_EVERY_PART},
    "carrier": {**_CARRIER, **_EVERY_PART},
    **{kind: {**figures, **_EVERY_PART} for kind, figures in _OTHER_PARTS.items()},
    "circuit": _CIRCUIT,
    "model": _MODEL,
}
"""Kind -> figure name -> definition, in the order pages show them."""
