"""The runtimes a question may name, and the families they belong to. Pure."""

LLAMA_CPP_FAMILY = ("llama.cpp", "ollama", "ik_llama.cpp")  # GGUF files; splits by layer, row or tensor
VLLM_FAMILY = ("1cat-vllm", "vllm", "lmdeploy", "sglang")  # checkpoints; tensor by pipeline parallel, memory by budget
RUNTIMES = LLAMA_CPP_FAMILY + VLLM_FAMILY
DEVICES_MAX = 15  # of llama.cpp and its relatives: GGML_SCHED_MAX_BACKENDS is 16 and counts the CPU


def starts_split(runtime: str, split: str, tensor_parallel: int, pipeline_parallel: int) -> bool:
    """Whether the runtime has this way of cutting a model at all, on whatever machine.

    Splits by row are llama.cpp's and its fork's; Ollama splits by layer only; LMDeploy has no pipeline stages
    (TurbomindEngineConfig knows tensor, data, context and expert parallelism, InternLM/lmdeploy, lmdeploy/messages.py,
    21 August 2026); llama.cpp's family cuts all GPUs one way.
    """
    if split == "none":
        return True
    if runtime in LLAMA_CPP_FAMILY:
        return split == "layer" or (runtime != "ollama" and pipeline_parallel == 1)
    if split == "row":
        return False
    return runtime != "lmdeploy" or pipeline_parallel == 1
