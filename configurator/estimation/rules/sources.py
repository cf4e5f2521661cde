"""The references behind the rules, all read on the same day. Pure."""

from datetime import date

from catalog.provenance import Confidence, Source

_READ_ON = date(2026, 11, 23)


def _source(title: str, href: str, confidence: Confidence) -> Source:
    return Source(title, href, _READ_ON, confidence)


ARITHMETIC = _source("Arithmetic on this build's own figures", "", Confidence.COMPUTED)
GUIDE = _source("The V100 SXM2 Homelab Bible (community guide)", "", Confidence.GUIDE)
GENERAL_KNOWLEDGE = _source("General knowledge, not looked up", "", Confidence.UNVERIFIED)
UNKNOWN_REPOSITORY = _source("Public report, repository not known", "", Confidence.UNVERIFIED)
NVIDIA_SMI = _source("nvidia-smi -q of a V100-SXM2-16GB", "", Confidence.MEASURED)

L4RZ = _source(
    "l4rz: running NVIDIA SXM GPUs in consumer PCs",
    "https://github.com/l4rz/running-nvidia-sxm-gpus-in-consumer-pcs",
    Confidence.MEASURED,
)
LEIKOE = _source(
    "leikoe: automotive GPU maxxxing", "https://leikoe.github.io/posts/automotive-gpu-maxxxing", Confidence.MEASURED
)
BLBADGER = _source("blbadger: server setup", "https://blbadger.github.io/server_setup", Confidence.MEASURED)
V100_LLM_KIT = _source("andrewleech/v100-llm-kit", "https://github.com/andrewleech/v100-llm-kit", Confidence.MEASURED)
BRADRLAW = _source(
    "bradrlaw/ai-server, decision records and benchmarks",
    "https://github.com/bradrlaw/ai-server",
    Confidence.MEASURED,
)
PICO = _source(
    "pico.scorpiox.net: three V100s from zero",
    "https://pico.scorpiox.net/journal?entry=2026-05-25-three-v100s-from-zero",
    Confidence.MEASURED,
)
DG1KJD = _source(
    "dg1kjd: Qwen3.5-397B on eight V100 SXM2",
    "https://github.com/dg1kjd/vllm-v100-sxm2-qwen3.5-397b",
    Confidence.MEASURED,
)
HUMANJESSE = _source("humanjesse/vllm-v100", "https://github.com/humanjesse/vllm-v100", Confidence.MEASURED)
LLAMA_CPP_V100 = _source(
    "1115714829/Llama.cpp-V100, baseline measurements",
    "https://github.com/1115714829/Llama.cpp-V100",
    Confidence.MEASURED,
)

LLAMA_CPP_MULTI_GPU = _source(
    "llama.cpp documentation: multiple GPUs",
    "https://github.com/ggml-org/llama.cpp/blob/master/docs/multi-gpu.md",
    Confidence.OFFICIAL,
)
LLAMA_CPP_ARCHITECTURES = _source(
    "llama.cpp 0.5.0, src/llama-arch.cpp: llm_arch_supports_sm_tensor",
    "https://github.com/ggml-org/llama.cpp/blob/master/src/llama-arch.cpp",
    Confidence.OFFICIAL,
)
LLAMA_CPP_DEVICE_CAP = _source(
    "llama.cpp issue 11433: more than 15 devices",
    "https://github.com/ggml-org/llama.cpp/issues/11433",
    Confidence.OFFICIAL,
)
LLAMA_CPP_QUANTISED_CACHE = _source(
    "llama.cpp issue 28524: quantised V cache without flash attention",
    "https://github.com/ggml-org/llama.cpp/issues/28524",
    Confidence.MEASURED,
)
OLLAMA = _source("Ollama documentation: GPU support", "https://github.com/ollama/ollama", Confidence.OFFICIAL)
IK_LLAMA_CPP = _source("ik_llama.cpp", "https://github.com/ikawrakow/ik_llama.cpp", Confidence.OFFICIAL)
VLLM_INSTALLATION = _source(
    "vLLM documentation: GPU installation",
    "https://github.com/vllm-project/vllm/blob/main/docs/getting_started/installation/gpu.cuda.inc.md",
    Confidence.OFFICIAL,
)
VLLM_QUANTIZATION = _source(
    "vLLM documentation: quantization and hardware",
    "https://github.com/vllm-project/vllm/blob/main/docs/features/quantization/README.md",
    Confidence.OFFICIAL,
)
VLLM = _source("vLLM", "https://github.com/vllm-project/vllm", Confidence.OFFICIAL)
ONE_CAT_VLLM = _source("1Cat-vLLM 1.3.0", "https://github.com/1CatAI/1Cat-vLLM", Confidence.OFFICIAL)
LMDEPLOY = _source("LMDeploy", "https://github.com/InternLM/lmdeploy", Confidence.OFFICIAL)
LMDEPLOY_ENGINE = _source(
    "LMDeploy, lmdeploy/messages.py: TurbomindEngineConfig",
    "https://github.com/InternLM/lmdeploy/blob/1263d5cd889b7ad500e85b8eb20401327a4516ab/lmdeploy/messages.py",
    Confidence.OFFICIAL,
)
SGLANG = _source("SGLang", "https://github.com/sgl-project/sglang", Confidence.OFFICIAL)
PYTORCH_WHEELS = _source(
    "PyTorch issue 172352: CUDA variants of 2.11",
    "https://github.com/pytorch/pytorch/issues/172352",
    Confidence.OFFICIAL,
)
PYTORCH_REMOVAL = _source(
    "PyTorch issue 190385: removal of old GPU architectures",
    "https://github.com/pytorch/pytorch/issues/190385",
    Confidence.OFFICIAL,
)
CUDA_13 = _source(
    "NVIDIA announces toolkit changes for older GPU architectures",
    "https://mhsj.com/nvidia-announces-future-cuda-toolkit-support-changes-impacting-older-gpu-architectures",
    Confidence.UNVERIFIED,
)
FABRIC_MANAGER = _source(
    "NVIDIA Fabric Manager user guide",
    "https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide",
    Confidence.OFFICIAL,
)
DGX_2 = _source(
    "Data Center Dynamics: NVIDIA DGX-2",
    "https://direct.datacenterdynamics.com/en/news/two-petaflops-in-a-box-nvidia-dgx-2-packs-16-gpus-on-two-boards/",
    Confidence.UNVERIFIED,
)
SECTION_301 = _source(
    "Section 301 exclusions, note 20(vvv): 178 products to 2026-11-09",
    "https://desertoasisdigital.com/guides/section-301-exemptions",
    Confidence.UNVERIFIED,
)
