"""The constants of the speed estimate, each with its unit, how it was obtained and from what. Pure data.

"Fitted" values come from one least-squares fit in ln(speed) over the published rows, in which every constant is also
drawn towards a value expected for that part alone. Not fitted are rows with drafted tokens, with experts in host
memory and of whole jobs; what could not be asked at all stands beside the rows, each with its reason
(``configurator/data/measurements/speed.json``). The source named is the one that says most about the constant.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from catalog.provenance import Confidence, Source

_READ_ON = date(2026, 11, 23)


def _github(path: str) -> Source:
    """A measurement published in a repository; ``path`` is its address there."""
    repository, _, file = path.partition("/blob/")
    title = f"{repository} {file.partition('/')[2]}".strip()
    return Source(title, f"https://github.com/{path}", _READ_ON, Confidence.MEASURED)


_GPU_BENCHES = _github("te42kyfo/gpu-benches/blob/master/README.md")
_BRADRLAW = _github("bradrlaw/ai-server/blob/a3e705c/docs/benchmarking.md")
_V100_LLM_KIT = _github("andrewleech/v100-llm-kit/blob/fab0e18/docs/benchmarks.md")
_CAT_LONG = _github("1CatAI/1Cat-vLLM/blob/ae13773a0/docs/design/sm70_tp4_nomtp_long_context_decode.md")
_CAT_CONTROL = _github("1CatAI/1Cat-vLLM/blob/ae13773a0/docs/design/sm70_v100_migration_control.md")
_CAT_QWEN = _github("1CatAI/1Cat-vLLM/blob/ae13773a0/docs/design/sm70_qwen38_130_acceptance.md")
_CAT_TP8 = _github("1CatAI/1Cat-vLLM/blob/ae13773a0/docs/design/sm70_deepseek_v4_tp8_graph_allreduce.md")
_DG1KJD = _github("dg1kjd/vllm-v100-sxm2-qwen3.5-397b")
_V100_BASELINE = _github("1115714829/Llama.cpp-V100/blob/218055b09b121d9de7d3400271c5c8364791fd0a/baseline.md")
_V100_TP3 = _github(
    "1115714829/Llama.cpp-V100/blob/01989a04a2f0d7ef4d6ceaa5b98a1055299eeff9/SESSION-2026-09-20-measurements.md"
)
_CLOCK_SWEEP = _github(
    "pyys/layer-tensor-parallel-bench/blob/8a5e86d6d5b6bcad1204ea0bd7a6d590b1adf49f/results/clocksweep.jsonl"
)
_XIONGJIE = _github("XiongjieDai/GPU-Benchmarks-on-LLM-Inference/blob/aa72e0e/README.md")
_STRIX = _github("lhl/strix-halo-testing/blob/5ee14b5/llm-bench/Qwen3-30B-A3B-UD-Q4_K_XL/README.md")
_P40 = _github("ggml-org/llama.cpp/pull/4766")
_RTX_2080 = _github("AlexsJones/llmfit/pull/773")
_LATENT = _github("ggml-org/llama.cpp/pull/17505")
_CLUB_3090 = _github("noonghunna/club-3090/issues/698")
_LLM_GARAGE = Source(
    "LLM Garage: power limit sweep",
    "https://llmgarage.ai/power-limit-tokens-per-second-benchmark",
    _READ_ON,
    Confidence.MEASURED,
)
_REPORT = Source("Public report, repository not known", "", _READ_ON, Confidence.UNVERIFIED)
_JUDGEMENT = Source("Set by analogy with measured constants; not measured", "", _READ_ON, Confidence.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Constant:
    value: float
    unit: str
    how: str
    source: Source


CONSTANTS: Mapping[str, Constant] = MappingProxyType(
    {
        # Memory bandwidth reached, of the nominal one
        "memory_efficiency.volta": Constant(
            0.97, "fraction", "869 of 900 GB/s read at 124-138 W; fitted with it", _GPU_BENCHES
        ),
        "memory_efficiency.pascal": Constant(0.86, "fraction", "fitted", _P40),
        "memory_efficiency.turing": Constant(
            0.926, "fraction", "71.9 tok/s of an 8B on an RTX 2080, a card the catalog lacks", _RTX_2080
        ),
        "memory_efficiency.ampere": Constant(0.97, "fraction", "fitted; holds for GDDR6X and HBM2", _XIONGJIE),
        "memory_efficiency.ada": Constant(0.903, "fraction", "fitted", _XIONGJIE),
        "memory_efficiency.rdna3.5": Constant(0.864, "fraction", "215 of 256 GB/s reported; fitted with it", _STRIX),
        "memory_efficiency.other": Constant(0.85, "fraction", "the lower end of the chips above", _JUDGEMENT),
        # Weights unpacked and multiplied by one V100 SXM2 at full clock, for one stream, by class of kernel
        "sm_gb_s.F16": Constant(1120.0, "GB/s", "fitted", _XIONGJIE),
        "sm_gb_s.Q8": Constant(1410.0, "GB/s", "fitted", _V100_TP3),
        "sm_gb_s.Q4": Constant(902.0, "GB/s", "fitted; Q4_0, Q4_1, Q5_0, Q5_1", _V100_LLM_KIT),
        "sm_gb_s.Q4_K": Constant(936.0, "GB/s", "fitted", _XIONGJIE),
        "sm_gb_s.Q5_K": Constant(1100.0, "GB/s", "between Q4_K and Q6_K", _JUDGEMENT),
        "sm_gb_s.Q6_K": Constant(1240.0, "GB/s", "fitted", _BRADRLAW),
        "sm_gb_s.Q3_K": Constant(520.0, "GB/s", "fitted; follows the SM clock", _CLOCK_SWEEP),
        "sm_gb_s.Q2_K": Constant(448.0, "GB/s", "fitted; 36.2 tok/s where Q4_K_M gives 34", _V100_BASELINE),
        "sm_gb_s.IQ4": Constant(866.0, "GB/s", "fitted", _V100_LLM_KIT),
        "sm_gb_s.IQ3": Constant(559.0, "GB/s", "like Q3_K", _JUDGEMENT),
        "sm_gb_s.IQ2": Constant(567.0, "GB/s", "fitted", _LLM_GARAGE),
        "sm_gb_s.IQ1": Constant(350.0, "GB/s", "below IQ2; ternary types too", _JUDGEMENT),
        "sm_gb_s.MXFP4": Constant(901.0, "GB/s", "like IQ4: a table of values", _JUDGEMENT),
        "sm_gb_s.int4": Constant(1040.0, "GB/s", "fitted; AWQ, GPTQ", _CAT_LONG),
        "sm_gb_s.int8": Constant(1400.0, "GB/s", "like FP8", _JUDGEMENT),
        "sm_gb_s.fp8": Constant(1510.0, "GB/s", "fitted", _CAT_CONTROL),
        "sm_gb_s.nvfp4": Constant(973.0, "GB/s", "fitted", _CAT_CONTROL),
        # Quantised dot products per multiprocessor and clock, next to Volta
        "dot_product.pascal.6.0": Constant(
            0.309, "ratio", "fitted; this chip has no instruction for dot products of bytes", _BRADRLAW
        ),
        "dot_product.pascal.6.1": Constant(1.15, "ratio", "fitted", _P40),
        "dot_product.rdna3.5": Constant(1.06, "ratio", "fitted; bandwidth hides it", _STRIX),
        # A kernel that has next to nothing to do, its launch included
        "kernel_us.llama": Constant(2.03, "us", "fitted; chips other than Volta", _XIONGJIE),
        "kernel_us.llama.volta": Constant(3.23, "us", "fitted", _BRADRLAW),
        "kernel_us.turbomind": Constant(2.0, "us", "fitted; steps are recorded as CUDA graphs", _CAT_CONTROL),
        "kernel_us.vllm": Constant(4.04, "us", "fitted on one row", _CLUB_3090),
        "compressed_kernels.llama": Constant(
            494.0, "kernels a layer", "fitted; DeepSeek V4 attention and hyper-connections", _REPORT
        ),
        "compressed_kernels.turbomind": Constant(
            83.7, "kernels a layer", "fitted; DeepSeek V4 attention and hyper-connections", _CAT_TP8
        ),
        "compressed_kernels.vllm": Constant(260.0, "kernels a layer", "between the two above", _JUDGEMENT),
        "expert_batch_us.llama": Constant(
            433.0, "us a layer", "what sorting tokens by expert nears as streams rise; 4, 8, 16 of a 35B", _V100_LLM_KIT
        ),
        "expert_batch_us.turbomind": Constant(
            530.0, "us a layer", "as above; 131 tok/s of a 397B on eight for 8 streams, all-reduces besides", _DG1KJD
        ),
        "expert_batch_us.vllm": Constant(480.0, "us a layer", "between the two above", _JUDGEMENT),
        # Talking to each other
        "all_reduce_us.llama": Constant(
            81.7, "us", "94.9 us a call with waiting measured on three V100; fitted with it", _V100_TP3
        ),
        "all_reduce_us.turbomind.pair": Constant(
            16.4, "us", "17.7 us a call in its sm70_tp4_mtp4_multigpu_scaling.md; fitted with it", _CAT_CONTROL
        ),
        "all_reduce_us.turbomind.quad": Constant(
            21.2, "us", "14.6 us a call in its sm70_qwen38_130_acceptance.md; fitted with waiting", _CAT_CONTROL
        ),
        "all_reduce_us.turbomind.octet": Constant(
            118.0, "us", "40-64 us a call on eight; raised by a 397B (dg1kjd) and GLM-5.1 on eight and more", _CAT_TP8
        ),
        "all_reduce_us.turbomind.switch": Constant(
            64.0,
            "us",
            "like NCCL in a model on eight V100 without a switch: 39 us a call, 64 us with waiting",
            _CAT_TP8,
        ),
        "all_reduce_us.vllm.switch": Constant(64.0, "us", "like the fork's", _CAT_TP8),
        "all_reduce_us.vllm.pair": Constant(25.0, "us", "22-24 us a call of NCCL on four V100", _JUDGEMENT),
        "all_reduce_us.vllm.quad": Constant(
            30.0, "us", "22-24 us a call of NCCL on four V100, with waiting", _JUDGEMENT
        ),
        "all_reduce_us.vllm.octet": Constant(90.0, "us", "39 us a call of NCCL on eight, 64 us in a model", _CAT_TP8),
        "all_reduce_us.pcie": Constant(
            60.1, "us", "NCCL alone takes 22-40 us; with copies through the host", _JUDGEMENT
        ),
        "all_reduce_us.network": Constant(
            300.0, "us", "two rounds over Ethernet between machines; no measurement", _JUDGEMENT
        ),
        "hop_ms.network": Constant(0.5, "ms", "handing over between machines; no measurement", _JUDGEMENT),
        "hop_ms": Constant(0.116, "ms", "fitted; handing over between stages", _XIONGJIE),
        "row_split_us": Constant(372.0, "us a layer", "fitted on three rows over PCIe", _BRADRLAW),
        "link_efficiency": Constant(0.83, "fraction", "fitted; of a link in large all-reduces", _V100_TP3),
        "unknown_link_gb_s": Constant(40.0, "GB/s", "50 GB/s of a pair with two links, discounted", _JUDGEMENT),
        # Attention over the cache, and the rest of a step
        "kv_gb_s.llama": Constant(486.0, "GB/s", "fitted; rate of one V100 SXM2 besides its bandwidth", _BRADRLAW),
        "kv_gb_s.turbomind": Constant(305.0, "GB/s", "fitted; 4 K to 262 K of context", _CAT_LONG),
        "kv_gb_s.vllm": Constant(400.0, "GB/s", "between the two above", _JUDGEMENT),
        "latent_tflops": Constant(7.9, "TFLOPS", "fitted; attention over a latent, token by token", _LATENT),
        "host_ms": Constant(0.322, "ms", "fitted; sampling and bookkeeping of a step", _XIONGJIE),
        "first_token_ms": Constant(30.0, "ms", "tokenising and the first answer", _JUDGEMENT),
        "batch_tflops.llama": Constant(
            4.85,
            "TFLOPS",
            "fitted; one V100 SXM2, 8 streams of a 27B in Q6_K; further columns of vector kernels",
            _BRADRLAW,
        ),
        "batch_tflops.llama.Q8": Constant(
            19.6, "TFLOPS", "a batch of 8 of a 27B on three V100 took 6.5 ms more than a single token", _V100_TP3
        ),
        "batch_tflops.llama.Q4": Constant(12.0, "TFLOPS", "between Q8_0 and K quants", _JUDGEMENT),
        "batch_tflops.turbomind": Constant(14.5, "TFLOPS", "fitted on one row of 8 streams", _DG1KJD),
        "batch_tflops.vllm": Constant(15.0, "TFLOPS", "7B at 256 streams, prompts included", _BRADRLAW),
        "batch_tokens.vllm": Constant(
            5.0,
            "tokens",
            "computed for each generated one in the jobs of the line above: 512 read, 128 written",
            _BRADRLAW,
        ),
        "batch_matrix.llama": Constant(1.0, "ratio", "many streams next to a prompt's batch of as many", _JUDGEMENT),
        "batch_matrix.turbomind": Constant(1.0, "ratio", "like llama.cpp", _JUDGEMENT),
        "batch_matrix.vllm": Constant(0.36, "ratio", "7B at 256 streams, prompts included", _BRADRLAW),
        # Prompts: share of the FP16 peak reached in matrix products, and what slows them
        "prefill_matrix.volta": Constant(0.559, "fraction", "fitted", _BRADRLAW),
        "prefill_matrix.pascal": Constant(
            0.64, "fraction", "458 tok/s of a 12B whose quantisation is not stated", _BRADRLAW
        ),
        "prefill_matrix.pascal.6.1": Constant(1.27, "ratio", "fitted; of FP32, with dot products of bytes", _P40),
        "prefill_matrix.turing": Constant(0.4, "fraction", "like Ampere", _JUDGEMENT),
        "prefill_matrix.ampere": Constant(0.48, "fraction", "fitted", _XIONGJIE),
        "prefill_matrix.ada": Constant(0.368, "fraction", "fitted", _XIONGJIE),
        "prefill_matrix.rdna3.5": Constant(0.248, "fraction", "fitted", _STRIX),
        "prefill_matrix.other": Constant(0.35, "fraction", "the lower end of the chips above", _JUDGEMENT),
        "prefill_matrix.llama": Constant(1.0, "ratio", "the others are next to it", _JUDGEMENT),
        "prefill_matrix.turbomind": Constant(0.748, "ratio", "fitted", _CAT_LONG),
        "prefill_matrix.vllm": Constant(0.85, "ratio", "a little below", _JUDGEMENT),
        "prefill_half_tokens": Constant(
            101.0, "tokens", "fitted; batch with which half of it is reached, in attention too", _V100_TP3
        ),
        "prefill_experts": Constant(0.355, "ratio", "fitted; few rows for each expert", _BRADRLAW),
        "prefill_unpack_ps.llama": Constant(
            7.31, "ps a parameter", "fitted; experts unpacked for a batch", _V100_LLM_KIT
        ),
        "prefill_unpack_ps.turbomind": Constant(
            3.0, "ps a parameter", "below llama.cpp, which writes them out in FP16", _JUDGEMENT
        ),
        "prefill_unpack_ps.vllm": Constant(3.0, "ps a parameter", "like the fork", _JUDGEMENT),
        "prefill_attention.llama": Constant(0.173, "fraction", "fitted", _V100_TP3),
        "prefill_attention.turbomind": Constant(0.0598, "fraction", "fitted; 4 K to 262 K", _CAT_LONG),
        "prefill_attention.vllm": Constant(0.06, "fraction", "like the fork", _JUDGEMENT),
        "prefill_bf16_emulated": Constant(0.207, "ratio", "fitted on one row; BF16 on a chip without it", _BRADRLAW),
        "recurrent_token_us": Constant(
            1.93, "us a layer", "fitted; one token of a prompt in a layer with Gated DeltaNet", _BRADRLAW
        ),
        "row_link_efficiency": Constant(
            0.719, "fraction", "of a link, activations collected matrix by matrix; fitted on two models", _BRADRLAW
        ),
        "staged_reduce_efficiency": Constant(
            0.195,
            "fraction",
            "of the link to the host: 1,060 and 1,257 tok/s of prompts split by tensor where a layer split reads 3,055 "
            "and 2,333; fitted",
            _V100_LLM_KIT,
        ),
        # Weights in host memory
        "host_memory_efficiency": Constant(
            0.8, "fraction", "of the nominal bandwidth, read by the processor's kernels", _JUDGEMENT
        ),
        "host_crossing_us": Constant(
            390.0,
            "us a layer",
            "a layer whose experts the processor multiplies: 54.5 tok/s of a 35B with about 4 GB of experts in DDR4",
            _V100_LLM_KIT,
        ),
        "host_copy_efficiency": Constant(
            0.9, "fraction", "of PCIe, weights copied for a batch of a prompt: 542 tok/s of the same", _V100_LLM_KIT
        ),
        # Drafting with multi-token-prediction layers: which part of the drafted tokens a text accepts
        "mtp_acceptance.low": Constant(0.4, "fraction", "a draft pays from 0.30 to 0.38 on", _CLOCK_SWEEP),
        "mtp_acceptance.mid": Constant(
            0.65, "fraction", "1.73 tokens a round with one draft, less with more", _CAT_QWEN
        ),
        "mtp_acceptance.high": Constant(0.9, "fraction", "3.8 tokens a round with three drafts", _REPORT),
        "mtp_draft_us": Constant(400.0, "us", "one pass of the draft layer besides its weights", _JUDGEMENT),
        # Power
        "static_power_fraction": Constant(0.17, "fraction", "idle and leakage: about 50 of 300 W", _BRADRLAW),
        "static_power_fraction.ampere.8.6": Constant(
            0.26,
            "fraction",
            "memory included: 62.6 tok/s at 150 W and 12.1 at 100 W of 350 leave hardly anything to the clock",
            _LLM_GARAGE,
        ),
        "lowest_voltage_clock": Constant(
            0.6, "fraction", "of the full clock; below it the voltage falls no further", _JUDGEMENT
        ),
        "decode_power_fraction": Constant(0.93, "fraction", "232 of 250 W with a dense model on one card", _BRADRLAW),
    }
)

# Where a fit starts and what it draws each fitted constant to. Kept apart from the values, so that fitting again does
# not move them further. They were set while the rows were known, which makes leaving sources out somewhat optimistic.
PRIORS: Mapping[str, float] = MappingProxyType(
    {
        "memory_efficiency.volta": 0.953,
        "memory_efficiency.pascal": 0.848,
        "memory_efficiency.turing": 0.926,
        "memory_efficiency.ampere": 0.935,
        "memory_efficiency.ada": 0.945,
        "memory_efficiency.rdna3.5": 0.847,
        "sm_gb_s.F16": 1090.0,
        "sm_gb_s.Q8": 1320.0,
        "sm_gb_s.Q4": 1130.0,
        "sm_gb_s.Q4_K": 1050.0,
        "sm_gb_s.Q6_K": 1210.0,
        "sm_gb_s.Q3_K": 538.0,
        "sm_gb_s.Q2_K": 447.0,
        "sm_gb_s.IQ4": 885.0,
        "sm_gb_s.IQ2": 468.0,
        "sm_gb_s.int4": 962.0,
        "sm_gb_s.fp8": 1430.0,
        "sm_gb_s.nvfp4": 1000.0,
        "dot_product.pascal.6.0": 0.264,
        "dot_product.pascal.6.1": 1.15,
        "dot_product.rdna3.5": 1.06,
        "kernel_us.llama": 2.42,
        "kernel_us.llama.volta": 3.16,
        "kernel_us.turbomind": 2.11,
        "kernel_us.vllm": 3.52,
        "compressed_kernels.llama": 449.0,
        "compressed_kernels.turbomind": 87.3,
        "all_reduce_us.llama": 79.9,
        "all_reduce_us.turbomind.pair": 16.7,
        "all_reduce_us.turbomind.quad": 22.8,
        "hop_ms": 0.119,
        "row_split_us": 371.0,
        "link_efficiency": 0.785,
        "kv_gb_s.llama": 468.0,
        "kv_gb_s.turbomind": 307.0,
        "latent_tflops": 8.61,
        "host_ms": 0.313,
        "batch_tflops.llama": 4.77,
        "batch_tflops.turbomind": 14.5,
        "prefill_matrix.volta": 0.55,
        "prefill_matrix.pascal": 0.64,
        "prefill_matrix.pascal.6.1": 1.2,
        "prefill_matrix.ampere": 0.47,
        "prefill_matrix.ada": 0.36,
        "prefill_matrix.rdna3.5": 0.25,
        "prefill_matrix.turbomind": 0.75,
        "prefill_half_tokens": 95.0,
        "prefill_experts": 0.355,
        "prefill_unpack_ps.llama": 7.4,
        "prefill_attention.llama": 0.172,
        "prefill_attention.turbomind": 0.0595,
        "prefill_bf16_emulated": 0.224,
        "recurrent_token_us": 2.0,
        "row_link_efficiency": 0.7,
        "staged_reduce_efficiency": 0.2,
    }
)

_values = {name: constant.value for name, constant in CONSTANTS.items()}
VALUES: Mapping[str, float] = MappingProxyType(_values)


@contextmanager
def trial(changed: Mapping[str, float]) -> Iterator[None]:
    """Within it every estimate is made with these values: for refitting, in a process that does nothing else."""
    before = {name: _values[name] for name in changed}
    _values.update(changed)
    try:
        yield
    finally:
        _values.update(before)


# Kernels a layer starts for one token, by what it holds; counted in llama.cpp's graphs.
KERNELS: Mapping[str, int] = MappingProxyType(
    {
        "attention": 16,  # norm, three projections, two rotations, cache write, attention, output, residual
        "recurrent": 28,  # Gated DeltaNet or Mamba
        "latent": 27,  # multi-head latent attention
        "indexer": 16,  # sparse attention's choice of tokens
        "dense": 8,  # norm, gate and up, activation, down, residual
        "experts": 24,  # router, choice, weights, products by expert, sum
        "shared": 8,
        "norm": 2,  # each norm beyond two
    }
)

# FP16 operations of one multiprocessor in a clock, by architecture and compute capability: peak / (SMs x boost clock).
# With it a chip's peak tells its multiprocessors x clock, which is what unpacking weights runs on.
FLOPS_PER_CLOCK: Mapping[tuple[str, float | None], int] = MappingProxyType(
    {
        ("pascal", None): 256,
        ("volta", None): 1024,
        ("turing", None): 1024,
        ("ampere", 8.0): 2048,
        ("ampere", None): 1024,
        ("ada", None): 1024,
        ("rdna3.5", None): 512,
    }
)
REFERENCE_SM_GHZ = 125_000 / 1024  # V100 SXM2: 80 multiprocessors at 1.53 GHz

# Runtimes that share kernels: ggml's, those TurboMind brought to Volta, upstream vLLM's.
RUNTIME_FAMILY: Mapping[str, str] = MappingProxyType(
    {
        "llama.cpp": "llama",
        "ollama": "llama",
        "ik_llama.cpp": "llama",
        "1cat-vllm": "turbomind",
        "lmdeploy": "turbomind",
        "vllm": "vllm",
        "sglang": "vllm",
    }
)

_KERNEL_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("F32", "I32", "F16", "BF16"), "F16"),
        **dict.fromkeys(("Q4_0", "Q4_1", "Q5_0", "Q5_1"), "Q4"),
        "Q8_0": "Q8",
        **{name: name for name in ("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "MXFP4")},
        **dict.fromkeys(("IQ4_XS", "IQ4_NL"), "IQ4"),
        **dict.fromkeys(("IQ3_XXS", "IQ3_S"), "IQ3"),
        **dict.fromkeys(("IQ2_XXS", "IQ2_XS", "IQ2_S"), "IQ2"),
        **dict.fromkeys(("IQ1_S", "IQ1_M", "TQ1_0", "TQ2_0"), "IQ1"),
        **dict.fromkeys(("AWQ", "GPTQ-Int4"), "int4"),
        "GPTQ-Int8": "int8",
        "FP8": "fp8",
        "NVFP4": "nvfp4",
    }
)


def kernel_class(kind: str) -> str:
    """The class of kernel that reads a ggml type or a checkpoint's quantisation. Raises KeyError for another name."""
    return _KERNEL_CLASSES[kind]
