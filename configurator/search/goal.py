"""What somebody wants to run, and within which limits. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.specs import CircuitSpec, GpuSpec, ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.quantization import SAFETENSORS_QUANTS
from configurator.estimation.rules.software import READS
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY

RUNTIMES = ("llama.cpp", "ik_llama.cpp", "ollama", "1cat-vllm", "lmdeploy", "vllm")
"""Searched where nobody names one; what comes first stands where two do the same."""
QUANTS = ("Q4_K_M", "IQ4_XS", "Q5_K_M", "Q6_K", "Q8_0", "F16", "AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8")
"""Searched where nobody names one: four bits and more. Below, models lose what people buy them for."""
KEEPS_ITS_FORMAT = {"gpt-oss": ("MXFP4_MOE",)}
"""Families whose experts stay in the format they were trained in, whatever a file is called."""
KV_DTYPES = ("f16", "q8_0")
"""Types of the cache, the exactest first; a smaller one is taken where the model does not fit with a larger one."""
LIMIT_STEP_W = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """A machine at the door, in US dollars. ``unknown`` names everything that the total leaves out."""

    low: Decimal
    mid: Decimal
    high: Decimal
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """The question. None = no wish. Speeds in tokens a second: decode for each stream, prefill for one prompt.

    ``circuits``: a machine goes on the first of these that carries it; where one was wished there is one only.
    ``quants`` and ``runtimes`` are what may be used. ``quiet`` leaves out servers, whose fans are loud.
    ``owned`` are parts by slug that are there already, and how many.
    """

    model: ModelSpec
    circuits: tuple[CircuitSpec, ...]
    quants: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = RUNTIMES
    kv_dtypes: tuple[str, ...] = KV_DTYPES
    context_tokens: int = 8192
    depth_tokens: int = 0
    prompt_tokens: int = 2048
    streams: int = 1
    min_decode_tok_s: float | None = None
    min_prefill_tok_s: float | None = None
    max_landed_usd: Decimal | None = None
    circuit_count: int = 1
    quiet: bool = False
    electricity_usd_per_kwh: float = 0.12
    hours_per_day: float = 24.0
    owned: Mapping[str, int] = field(default_factory=dict)

    @property
    def formats(self) -> tuple[str, ...]:
        """The quantisations to try."""
        return self.quants or KEEPS_ITS_FORMAT.get(family_of(self.model).gguf, QUANTS)


def reads(runtime: str, quant: str) -> bool:
    """Whether a runtime is known to read a format."""
    if runtime in LLAMA_CPP_FAMILY:
        return quant not in SAFETENSORS_QUANTS
    return quant == "F16" or quant in READS.get(runtime, ())


def power_limits(gpu: GpuSpec) -> tuple[int | None, ...]:
    """The power limits to try, watts: the card's default (None), then step by step down to the lowest it takes."""
    lowest, default = gpu.power_limit_min_w, gpu.default_power_w
    if lowest is None or lowest >= default:
        return (None,)
    return (None, *range(default - LIMIT_STEP_W, lowest, -LIMIT_STEP_W), lowest)
