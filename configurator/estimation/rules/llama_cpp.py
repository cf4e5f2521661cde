"""What llama.cpp and its relatives refuse. Pure."""

from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.rules.splits import (
    LAYER_SPLIT,
    TENSOR_SPLIT_LIST_READ_ON,
    is_llama_cpp,
    tensor_split_exclusion,
)
from configurator.estimation.runtimes import DEVICES_MAX, LLAMA_CPP_FAMILY

# Ollama is missing here: it splits by layer only, which is a rule of its own.
TENSOR_SPLIT_RUNTIMES = frozenset({"llama.cpp", "ik_llama.cpp"})


def row_split(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime not in LLAMA_CPP_FAMILY or workload.split != "row":
        return None
    if workload.model.moe is None:
        return note(
            "Row split is on its way out",
            f"It still works for dense models such as {workload.model.name}, but is deprecated.",
            "Split by layer, or by tensor.",
            LAYER_SPLIT,
        )
    return blocker(
        "Row split does not work with experts",
        f"{workload.model.name} has {workload.model.moe.n_experts} experts; row split handles dense models only and "
        "crashes.",
        "Split by layer.",
        LAYER_SPLIT,
        starts=False,
    )


def tensor_split_architecture(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime not in TENSOR_SPLIT_RUNTIMES or workload.split != "tensor":
        return None
    if workload.runtime == "ik_llama.cpp":
        return unknown(
            "Tensor split in this fork not known",
            f"llama.cpp has it; whether {workload.runtime} does, and for {workload.model.architecture}, is not known.",
            "Split by layer, or use llama.cpp itself.",
            LAYER_SPLIT,
        )
    read_on = f"{TENSOR_SPLIT_LIST_READ_ON:%-d %B %Y}"
    excluded = tensor_split_exclusion(workload.model)
    if excluded is None:
        return ok(
            "Tensor split takes this architecture",
            f"{workload.model.architecture} is not on the list of what it excludes, as read on {read_on}.",
        )
    return blocker(
        "Tensor split excludes this architecture",
        f"{workload.model.name} ({workload.model.architecture}) is '{excluded}' on the list of what it excludes, as "
        f"read on {read_on}.",
        "Split by layer.",
        LAYER_SPLIT,
        starts=False,
    )


def tensor_split_flash_attention(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime not in TENSOR_SPLIT_RUNTIMES or workload.split != "tensor":
        return None
    if not workload.flash_attention:
        return blocker(
            "Tensor split needs flash attention",
            "It is switched off here; llama.cpp does not start that way, and no relative of it is known to.",
            "Switch flash attention on.",
            (("flash_attention", "true"),),
            starts=False,
        )
    if workload.kv_dtype != "f16":
        return caution(
            "Quantised cache with tensor split",
            f"The documentation rules out a {workload.kv_dtype} cache in this mode; one user ran q8_0. It depends on "
            "the version.",
            "Use an f16 cache.",
            (("kv_dtype", "f16"),),
        )
    return ok("Tensor split has what it needs", "Flash attention is on and the cache is f16.")


def tensor_and_pipeline(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if not is_llama_cpp(facts) or facts.build.gpu_count < 2 or workload.split == "none":
        return None
    tensor, pipeline = workload.tensor_parallel, workload.pipeline_parallel
    if pipeline < 2 or (tensor < 2 and workload.split == "layer"):
        return ok("One kind of split", f"{workload.runtime} splits by {workload.split} over all GPUs.")
    return blocker(
        "llama.cpp has no mix of tensor and pipeline",
        f"Split '{workload.split}' with {tensor} GPUs a group and {pipeline} stages is asked; {workload.runtime} "
        "splits all its GPUs one way, by layer (which is a pipeline), by row or by tensor.",
        "Split by layer, or take a runtime of vLLM's family.",
        LAYER_SPLIT,
        starts=False,
    )


def device_cap(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    if workload.runtime not in LLAMA_CPP_FAMILY:
        return None
    if build.gpu_count <= DEVICES_MAX:
        return ok("Few enough GPUs for the runtime", f"{build.gpu_count} GPUs, {DEVICES_MAX} at most.")
    if workload.runtime == "ik_llama.cpp":
        return unknown(
            "Number of devices not settled",
            f"{build.gpu_count} GPUs; llama.cpp stops at {DEVICES_MAX}, nobody has said whether its fork does.",
        )
    return blocker(
        "Too many GPUs for the runtime",
        f"{build.gpu_count} GPUs, but {workload.runtime} takes {DEVICES_MAX}: its scheduler has 16 places and one is "
        "the CPU.",
        f"Use {DEVICES_MAX} GPUs, or a runtime with tensor parallelism.",
        (("gpu_count", str(DEVICES_MAX)), *LAYER_SPLIT),
        starts=False,
    )


def ollama_split(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime != "ollama" or facts.build.gpu_count < 2:
        return None
    if workload.split in ("layer", "none"):
        return ok("Ollama splits by layer", "It has no other way, with or without NVLink.")
    return blocker(
        "Ollama splits by layer only",
        f"Split '{workload.split}' over {facts.build.gpu_count} GPUs is asked; Ollama has no such setting.",
        "Split by layer, or use llama.cpp itself.",
        LAYER_SPLIT,
        starts=False,
    )


def quantised_cache(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.runtime not in LLAMA_CPP_FAMILY or workload.kv_dtype not in ("q8_0", "q4_0"):
        return None
    if workload.flash_attention:
        return ok("The quantised cache has flash attention", f"{workload.kv_dtype} needs it, and it is on.")
    return blocker(
        "A quantised cache needs flash attention",
        f"The cache is {workload.kv_dtype} and flash attention is off: the context is not created.",
        "Switch flash attention on.",
        (("flash_attention", "true"),),
        starts=False,
    )


RULES = (
    Rule("row-split", 39, "row split in llama.cpp", sources.V100_LLM_KIT, row_split),
    Rule(
        "tensor-split-architecture",
        40,
        "tensor split in llama.cpp",
        sources.LLAMA_CPP_ARCHITECTURES,
        tensor_split_architecture,
    ),
    Rule(
        "tensor-split-flash-attention",
        41,
        "tensor split in llama.cpp",
        sources.LLAMA_CPP_MULTI_GPU,
        tensor_split_flash_attention,
    ),
    Rule(
        "tensor-and-pipeline",
        None,
        "llama.cpp and its relatives on several GPUs",
        sources.LLAMA_CPP_MULTI_GPU,
        tensor_and_pipeline,
    ),
    Rule("device-cap", 42, "llama.cpp and its relatives", sources.LLAMA_CPP_DEVICE_CAP, device_cap),
    Rule("ollama-split", None, "Ollama on several GPUs", sources.OLLAMA, ollama_split),
    Rule(
        "quantised-cache", None, "q8_0 and q4_0 cache in llama.cpp", sources.LLAMA_CPP_QUANTISED_CACHE, quantised_cache
    ),
)
