"""Does the runtime run on this GPU, and does it read this quantisation? Pure."""

from configurator.estimation.quantization import SAFETENSORS_QUANTS
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY

VOLTA = 7.0
VLLM_OLDEST = 7.5
OLLAMA_OLDEST = 5.0
LOW_BITS = ("Q2", "Q3", "IQ1", "IQ2", "IQ3", "TQ")
PLAIN_DTYPES = frozenset({"F32", "F16", "BF16"})
FP_QUANTS = frozenset({"FP8", "NVFP4"})
# What each runtime's own pages list beside the plain 16-bit checkpoint; of other runtimes nothing is known here.
READS = {
    "1cat-vllm": frozenset({"AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8", "NVFP4", "MXFP4_MOE"}),
    "lmdeploy": frozenset({"AWQ", "GPTQ-Int4", "MXFP4_MOE"}),
    "vllm": frozenset({"AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8"}),
    "sglang": frozenset({"AWQ", "GPTQ-Int4", "GPTQ-Int8", "FP8"}),
}
DEADLOCK_STREAMS = 16
DEADLOCK_TENSOR_PARALLEL = 8


def runtime_on_gpu(facts: Facts) -> Verdict | None:
    gpu, runtime = facts.build.gpu, facts.workload.runtime
    capability = gpu.compute_capability
    if runtime in ("sglang", "ik_llama.cpp"):
        return None  # they have rules of their own
    if capability is None:
        if runtime == "llama.cpp":
            return ok("The runtime has a backend for this GPU", f"llama.cpp runs {gpu.name} without CUDA.")
        return unknown("Runtime on this GPU not known", f"{gpu.name} has no CUDA; nothing is known of {runtime} on it.")
    has = f"{gpu.name} has compute capability {capability:.1f}"
    if runtime == "vllm":
        if capability >= VLLM_OLDEST:
            return ok("The runtime supports this GPU", f"{has}; vLLM wants {VLLM_OLDEST} or more.")
        is_volta = capability == VOLTA
        return blocker(
            "vLLM no longer supports this GPU",
            f"{has}; vLLM wants {VLLM_OLDEST} or more. --dtype float16 does not change that.",
            "Use 1Cat-vLLM, its fork for Volta, or LMDeploy." if is_volta else "Use llama.cpp.",
            (("runtime", "1cat-vllm"),) if is_volta else _llama_cpp(facts),
            starts=False,
        )
    if runtime == "1cat-vllm" and capability < VOLTA:
        return blocker(
            "1Cat-vLLM does not run on this GPU",
            f"{has}; its kernels are built for {VOLTA} only, and the vLLM it is made from has dropped older GPUs.",
            "Use llama.cpp.",
            _llama_cpp(facts),
            starts=False,
        )
    if runtime == "1cat-vllm" and capability != VOLTA:
        return unknown("Runtime on this GPU not known", f"{has}; 1Cat-vLLM is a fork for {VOLTA}.")
    if runtime == "lmdeploy" and capability < VOLTA:
        return unknown("Runtime on this GPU not known", f"{has}; the oldest GPU that LMDeploy lists is the V100.")
    if runtime == "ollama" and capability < OLLAMA_OLDEST:
        return blocker(
            "Ollama does not support this GPU", f"{has}; Ollama wants {OLLAMA_OLDEST} or more.", starts=False
        )
    return ok("The runtime supports this GPU", f"{has}, which {runtime} builds for (with CUDA 12 for {VOLTA}).")


def awq_in_vllm(facts: Facts) -> Verdict | None:
    workload = facts.workload
    capability = facts.build.gpu.compute_capability
    if workload.runtime != "vllm" or workload.quant != "AWQ" or capability is None:
        return None
    if capability >= VLLM_OLDEST:
        return ok("AWQ runs on this GPU", f"Compute capability {capability:.1f}.")
    return blocker(
        "AWQ does not run here",
        f"vLLM lists AWQ and Marlin kernels as unsupported on compute capability {capability:.1f}.",
        "Use 1Cat-vLLM or LMDeploy, which have AWQ kernels for Volta.",
        (("runtime", "1cat-vllm"),) if capability == VOLTA else (),
        starts=False,
    )


def sglang_on_gpu(facts: Facts) -> Verdict | None:
    capability = facts.build.gpu.compute_capability
    if facts.workload.runtime != "sglang":
        return None
    if capability is None:
        return unknown("Runtime on this GPU not known", f"{facts.build.gpu.name} has no CUDA.")
    if capability >= VLLM_OLDEST:
        return ok("The runtime supports this GPU", f"Compute capability {capability:.1f}; SGLang wants 7.5.")
    return blocker(
        "SGLang refuses this GPU",
        f"It raises an error below compute capability 7.5; {facts.build.gpu.name} has {capability:.1f}.",
        "Use 1Cat-vLLM or LMDeploy.",
        (("runtime", "1cat-vllm"),) if capability == VOLTA else (),
        starts=False,
    )


def bf16_weights(facts: Facts) -> Verdict | None:
    gpu, workload = facts.build.gpu, facts.workload
    if gpu.bf16:
        return ok("bfloat16 is no obstacle", f"{gpu.name} computes in bfloat16.")
    if workload.quant != "BF16":
        return ok(
            "No bfloat16 asked of a GPU without it",
            f"{gpu.name} has none; {workload.quant} is computed in float16. In vLLM's family say --dtype float16, and "
            "look out for overflow.",
        )
    if workload.runtime in LLAMA_CPP_FAMILY:
        return caution(
            "The GPU has no bfloat16",
            f"{gpu.name} converts every BF16 weight while it computes; F16 has the same size.",
            "Use F16.",
            (("quant", "F16"),),
        )
    return blocker(
        "The GPU has no bfloat16",
        f"{workload.runtime} refuses dtype bfloat16 on {gpu.name}.",
        "Use float16, and check for overflow.",
        (("quant", "F16"),),
        starts=False,
    )


def quant_format(facts: Facts) -> Verdict | None:
    workload = facts.workload
    quant, runtime = workload.quant, workload.runtime
    is_gguf = quant not in SAFETENSORS_QUANTS
    if runtime in LLAMA_CPP_FAMILY:
        if is_gguf:
            return ok("The runtime reads this format", f"{quant} is a GGUF type.")
        return blocker(
            "The runtime reads GGUF files only",
            f"{quant} is a format of safetensors checkpoints; {runtime} does not read it.",
            "Use Q4_K_M, or a runtime of vLLM's family.",
            (("quant", "Q4_K_M"),),
            starts=False,
        )
    if _before_turing(facts) and (_is_float_format(quant) or (runtime, quant) == ("vllm", "AWQ")):
        return None  # answered for old GPUs by float-formats and awq-in-vllm
    if quant in PLAIN_DTYPES or quant in READS.get(runtime, ()):
        return ok("The runtime reads this format", f"{runtime} reads {quant} checkpoints.")
    if not is_gguf or _is_float_format(quant) or runtime not in READS:
        return unknown(
            "Whether the runtime reads this format is not known",
            f"{quant} is not among the formats that are known of {runtime}.",
            "Look at its documentation, or choose AWQ.",
        )
    if runtime == "vllm":
        return caution(
            "GGUF is a side path here",
            f"{quant} is a GGUF type; vLLM's table lists GGUF as supported on Volta, but the table is of an older "
            "version and the path is experimental.",
            "Use GPTQ.",
            (("quant", "GPTQ-Int4"),),
        )
    if runtime == "sglang":
        return caution(
            "GGUF is a side path here",
            f"{quant} is a GGUF type; SGLang loads such files with --load-format gguf, for some architectures only.",
            "Use AWQ.",
            (("quant", "AWQ"),),
        )
    if runtime == "1cat-vllm":
        return caution(
            "GGUF is not among this runtime's formats",
            f"{quant} is a GGUF type; 1Cat-vLLM documents AWQ, GPTQ, FP8, NVFP4 and MXFP4 for Volta.",
            "Use AWQ.",
            (("quant", "AWQ"),),
        )
    return blocker(
        "The runtime does not read GGUF files",
        f"{quant} is a GGUF type; {runtime} lists FP16, AWQ, GPTQ, INT8 and MXFP4.",
        "Use AWQ.",
        (("quant", "AWQ"),),
        starts=False,
    )


def float_formats(facts: Facts) -> Verdict | None:
    workload = facts.workload
    quant, runtime = workload.quant, workload.runtime
    capability = facts.build.gpu.compute_capability
    if not _is_float_format(quant) or capability is None or capability >= VLLM_OLDEST:
        return None  # a question of old GPUs
    if runtime in LLAMA_CPP_FAMILY:
        return None if quant in FP_QUANTS else ok("MXFP4 as GGUF", f"{runtime} converts {quant} while it computes.")
    if runtime == "1cat-vllm" or (runtime == "lmdeploy" and quant.startswith("MXFP4")):
        return caution(
            "This GPU has no units for that number format",
            f"{quant} is only how the weights are stored; {runtime} converts them to FP16 with kernels of its own, so "
            "there is room saved but no arithmetic.",
        )
    if runtime == "lmdeploy":
        return unknown("Format on this GPU not known", f"{quant} is not among the formats LMDeploy lists for the V100.")
    return blocker(
        "This GPU has no units for that number format",
        f"{runtime} lists {quant} as unsupported on compute capability {capability:.1f}.",
        "Use 1Cat-vLLM, or a GGUF file with llama.cpp.",
        (("runtime", "1cat-vllm"),) if capability == VOLTA else (("runtime", "llama.cpp"), ("quant", "Q4_K_M")),
        starts=False,
    )


def _is_float_format(quant: str) -> bool:
    return quant in FP_QUANTS or quant.startswith("MXFP4")


def _before_turing(facts: Facts) -> bool:
    capability = facts.build.gpu.compute_capability
    return capability is not None and capability < VLLM_OLDEST


def _llama_cpp(facts: Facts) -> Changes:
    """The change to llama.cpp, with a file it reads."""
    reads = facts.workload.quant not in SAFETENSORS_QUANTS
    return (("runtime", "llama.cpp"),) if reads else (("runtime", "llama.cpp"), ("quant", "Q4_K_M"))


def cache_format(facts: Facts) -> Verdict | None:
    workload = facts.workload
    kv, runtime = workload.kv_dtype, workload.runtime
    if kv == "f16":
        return ok("Every runtime has this cache type", "The cache is f16.")
    if runtime in LLAMA_CPP_FAMILY:
        if kv != "fp8":
            return ok("The runtime has this cache type", f"{runtime} keeps a {kv} cache.")
        return blocker(
            "The runtime has no fp8 cache",
            f"{runtime} keeps f16, q8_0 or q4_0; fp8 belongs to vLLM's family.",
            "Use q8_0, which has the same size.",
            (("kv_dtype", "q8_0"),),
            starts=False,
        )
    if runtime == "lmdeploy" and kv in ("q8_0", "q4_0"):
        return ok("The runtime has this cache type", f"LMDeploy keeps 8-bit and 4-bit caches on the V100; {kv} here.")
    if kv == "fp8":
        return unknown("Cache type not settled", f"Whether {runtime} keeps an fp8 cache on this GPU is not known.")
    return blocker(
        "The runtime has no such cache type",
        f"{kv} is llama.cpp's; {runtime} does not know it.",
        "Use f16.",
        (("kv_dtype", "f16"),),
        starts=False,
    )


def unofficial_runtime(facts: Facts) -> Verdict | None:
    capability = facts.build.gpu.compute_capability
    runtime = facts.workload.runtime
    if runtime not in ("ik_llama.cpp", "exllamav3"):
        return None
    if capability is None:
        return unknown("Runtime on this GPU not known", f"{facts.build.gpu.name} has no CUDA.")
    if capability >= VLLM_OLDEST:
        return ok("The runtime supports this GPU", f"Compute capability {capability:.1f}; {runtime} names Turing.")
    return caution(
        "This runtime does not promise to run here",
        f"{runtime} names Turing (7.5) as its oldest generation; {facts.build.gpu.name} has {capability:.1f}. It works "
        "in practice, and may stop doing so.",
        "llama.cpp builds for this GPU by default.",
        (("runtime", "llama.cpp"),),
    )


def deadlock_at_many_streams(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime != "1cat-vllm" or workload.tensor_parallel < DEADLOCK_TENSOR_PARALLEL:
        return None
    if workload.streams < DEADLOCK_STREAMS:
        return ok("Below the streams that deadlock", f"{workload.streams} streams, {DEADLOCK_STREAMS} have deadlocked.")
    return caution(
        "Has been seen to deadlock",
        f"Tensor parallelism over {workload.tensor_parallel} GPUs with {workload.streams} streams: NCCL has deadlocked "
        f"from {DEADLOCK_STREAMS} on.",
        "Serve at most 8 at a time.",
        (("streams", "8"),),
    )


def low_bits_on_volta(facts: Facts) -> Verdict | None:
    gpu, quant = facts.build.gpu, facts.workload.quant
    if gpu.architecture != "volta" or quant in PLAIN_DTYPES:
        return None
    if quant.startswith(LOW_BITS):
        return note(
            "Fewer bits save room here, and little time",
            f"{quant} has to be unpacked by Volta's cores, which takes back much of what reading less saves: a 27B "
            "decoded at 36 tokens a second with 2 bits, and others report 33 to 34 with Q4_K_M.",
            "If Q4_K_M fits, it answers better and hardly slower.",
            (("quant", "Q4_K_M"),),
        )
    return ok(
        "Quantised weights need no FP8 or FP4 units", f"{quant} is how weights are stored; they are computed in FP16."
    )


RULES = (
    Rule("runtime-on-gpu", 48, "every build", sources.VLLM_INSTALLATION, runtime_on_gpu),
    Rule("awq-in-vllm", 49, "AWQ in vLLM", sources.VLLM_QUANTIZATION, awq_in_vllm),
    Rule("sglang-on-gpu", 50, "SGLang", sources.SGLANG, sglang_on_gpu),
    Rule("bf16-weights", 51, "every build", sources.BRADRLAW, bf16_weights),
    Rule("float-formats", 52, "FP8, NVFP4 and MXFP4 on GPUs before Turing", sources.ONE_CAT_VLLM, float_formats),
    Rule("unofficial-runtime", 53, "ik_llama.cpp, exllamav3", sources.IK_LLAMA_CPP, unofficial_runtime),
    Rule("deadlock-at-many-streams", 54, "1Cat-vLLM over 8 GPUs", sources.DG1KJD, deadlock_at_many_streams),
    Rule("quant-format", None, "every build", sources.LMDEPLOY, quant_format),
    Rule("cache-format", None, "every build", sources.LMDEPLOY, cache_format),
    Rule("low-bits-on-volta", None, "quantised weights on Volta", sources.LLAMA_CPP_V100, low_bits_on_volta),
)
