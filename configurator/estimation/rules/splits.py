"""How a model can be cut over GPUs, which runtime offers it, and which GPUs then work. Pure."""

from datetime import date

from catalog.specs import ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.rules.rule import Changes, Facts
from configurator.estimation.rules.sockets import populated_sockets
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.types import Build, DeviceMemory

LAYER_SPLIT: Changes = (("split", "layer"), ("tensor_parallel", ""), ("pipeline_parallel", ""))
TENSOR_SPLIT: Changes = (("split", "tensor"), ("tensor_parallel", ""), ("pipeline_parallel", ""))
# The architectures, by their GGUF names, that llama.cpp refuses to split by tensor: llm_arch_supports_sm_tensor in its
# src/llama-arch.cpp, as in llama.cpp 0.5.0 (vendored by llama-cpp-python 0.3.36). The list moves both ways: DeepSeek V4
# and LFM2 were on it until August 2026.
TENSOR_SPLIT_LIST_READ_ON = date(2026, 11, 25)
NO_TENSOR_SPLIT = frozenset(
    {
        "grok", "mpt", "plamo2", "minicpm3", "gemma3n", "mamba", "mamba2", "jamba", "falcon-h1", "olmo2", "olmoe",
        "deepseek2", "deepseek32", "hy_v4", "dots3note", "glm-dsa", "bitnet", "t5", "nemotron_h", "nemotron_h_moe",
        "granitehybrid", "minimax-01", "minimax-m2", "minimax-m3", "mistral4", "kimi-linear", "bailingmoe3", "kimi-k3",
        "glm5_next", "qwen3tts", "qwen4exp",
    }
)  # fmt: skip
# Names of classes in config.json that do not begin with the GGUF name; the rest do, punctuation aside.
_OTHER_NAMES = {"granitemoehybrid": "granitehybrid", "minimaxtext01": "minimax-01"}


def is_llama_cpp(facts: Facts) -> bool:
    """llama.cpp and its relatives: splits are layer, row and tensor, one at a time."""
    return facts.workload.runtime in LLAMA_CPP_FAMILY


def tensor_split_exclusion(model: ModelSpec) -> str | None:
    """The name under which llama.cpp's list excludes this model from its tensor split; None where it does not."""
    known = family_of(model).gguf
    if known in NO_TENSOR_SPLIT:
        return known
    if known != "llama":
        return None
    # An architecture that nobody listed is laid out like Llama here; llama.cpp's list may know it nevertheless.
    written = model.architecture.lower().replace("_", "").replace("-", "")
    names = {name.replace("_", "").replace("-", ""): name for name in NO_TENSOR_SPLIT} | _OTHER_NAMES
    return next((name for start, name in sorted(names.items(), reverse=True) if written.startswith(start)), None)


def supports_tensor_split(facts: Facts) -> bool:
    """True where llama.cpp's tensor split takes this model."""
    return tensor_split_exclusion(facts.workload.model) is None


def working_gpus(facts: Facts) -> tuple[DeviceMemory, ...]:
    """The plans of the GPUs that hold anything; without a split that is one of them."""
    per_gpu = facts.memory.per_gpu
    if facts.workload.split == "none":
        return per_gpu[:1]
    return tuple(gpu for gpu in per_gpu if gpu.total_mib > 0) or per_gpu


def gpus_by_machine(build: Build) -> tuple[int, ...]:
    """GPUs in each computer: servers and APUs are computers of their own, boards and cards share one host."""
    if build.gpu.form_factor == "apu":
        return (1,) * build.gpu_count
    carrier = build.carrier
    if carrier is None or not carrier.has_host:
        return (build.gpu_count,)
    return populated_sockets(carrier.sockets, build.carrier_count, build.gpu_count)
