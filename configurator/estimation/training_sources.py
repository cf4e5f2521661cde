"""The references behind scaling out and training, beside those of the rules. Pure."""

from datetime import date

from catalog.provenance import Confidence, Source

_READ_ON = date(2026, 12, 1)


def _source(title: str, href: str, confidence: Confidence = Confidence.OFFICIAL) -> Source:
    return Source(title, href, _READ_ON, confidence)


ZERO = _source(
    "Rajbhandari et al. 2020, ZeRO: memory optimizations toward training trillion parameter models",
    "https://arxiv.org/abs/1910.02054",
)
QLORA = _source("Dettmers et al. 2023, QLoRA, section 3", "https://arxiv.org/abs/2305.14314")
LORA = _source("Hu et al. 2021, LoRA", "https://arxiv.org/abs/2106.09685")
KORTHIKANTI = _source(
    "Korthikanti et al. 2022, Reducing activation recomputation in large transformer models",
    "https://arxiv.org/abs/2205.05198",
)
KAPLAN = _source(
    "Kaplan et al. 2020, Scaling laws for neural language models, section 2.1", "https://arxiv.org/abs/2001.08361"
)
MEGATRON = _source(
    "NVIDIA ADLR, Megatron-LM 1.0: 62.4 TFLOPS, 48 % of the peak of a V100 of 450 W; 39 before",
    "https://nv-adlr.github.io/MegatronLMV1",
    Confidence.MEASURED,
)
NCCL_TESTS = _source(
    "nccl-tests, PERFORMANCE.md", "https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md"
)
BUS_MEASURED = _source(
    "nccl-tests on eight V100 SXM2: 135.5 of 150 GB/s; repository not known", "", Confidence.UNVERIFIED
)
LANE_RATE = _source(
    "NVIDIA/nccl issue 1054: NCCL plans with 12 GB/s for PCIe 3.0 x16", "https://github.com/NVIDIA/nccl/issues/1054"
)
BITSANDBYTES = _source(
    "bitsandbytes documentation: installation", "https://huggingface.co/docs/bitsandbytes/v0.50.0/installation"
)
BITSANDBYTES_EXPERTS = _source(
    "bitsandbytes issue 1849: fused experts are not quantised",
    "https://github.com/bitsandbytes-foundation/bitsandbytes/issues/1849",
)
FSDP_QLORA = _source("bitsandbytes documentation: FSDP-QLoRA", "https://huggingface.co/docs/bitsandbytes/fsdp_qlora")
FLASH_ATTENTION_V100 = _source(
    "flash-attention issue 148: V100", "https://github.com/Dao-AILab/flash-attention/issues/148"
)
EFFICIENT_ATTENTION_V100 = _source(
    "PyTorch issue 97514: memory-efficient attention on a V100",
    "https://github.com/pytorch/pytorch/issues/97514",
    Confidence.MEASURED,
)
PEFT_CASTS = _source(
    "peft, src/peft/utils/other.py: prepare_model_for_kbit_training",
    "https://github.com/huggingface/peft/blob/main/src/peft/utils/other.py",
)
