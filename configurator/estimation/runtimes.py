"""The runtimes a question may name, and the families they belong to. Pure."""

LLAMA_CPP_FAMILY = ("llama.cpp", "ollama", "ik_llama.cpp")  # GGUF files; splits by layer, row or tensor
VLLM_FAMILY = ("1cat-vllm", "vllm", "lmdeploy", "sglang")  # checkpoints; tensor by pipeline parallel, memory by budget
RUNTIMES = LLAMA_CPP_FAMILY + VLLM_FAMILY
DEVICES_MAX = 15  # of llama.cpp and its relatives: GGML_SCHED_MAX_BACKENDS is 16 and counts the CPU
