"""How a model can be cut over GPUs, which runtime offers it, and which GPUs then work. Pure."""

from configurator.estimation.rules.rule import Changes, Facts
from configurator.estimation.rules.sockets import populated_sockets
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.types import Build, DeviceMemory

LAYER_SPLIT: Changes = (("split", "layer"), ("tensor_parallel", ""), ("pipeline_parallel", ""))
# llama.cpp's tensor split excludes these (docs/multi-gpu.md, by the start of the class name in config.json).
NO_TENSOR_SPLIT = (
    "bitnet", "deepseek", "falconh1", "gemma3n", "glmmoedsa", "granitemoehybrid", "grok", "jamba", "kimi", "lfm2moe",
    "mamba", "minicpm3", "minimax", "mistral4", "mpt", "nemotronh", "olmo2", "olmoe", "plamo2", "t5",
)  # fmt: skip


def is_llama_cpp(facts: Facts) -> bool:
    """llama.cpp and its relatives: splits are layer, row and tensor, one at a time."""
    return facts.workload.runtime in LLAMA_CPP_FAMILY


def supports_tensor_split(facts: Facts) -> bool:
    """True where llama.cpp's tensor split takes this model."""
    model = facts.workload.model
    return model.mla is None and not model.architecture.lower().startswith(NO_TENSOR_SPLIT)


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
