"""What stands in the way of training on these GPUs: number formats, attention, quantisation, software. Pure."""

from catalog.specs import GpuSpec
from configurator.estimation.rules import sources
from configurator.estimation.training import TrainingRun, sixteen_bit_params
from configurator.estimation.training_sources import (
    BITSANDBYTES,
    BITSANDBYTES_EXPERTS,
    EFFICIENT_ATTENTION_V100,
    FLASH_ATTENTION_V100,
    FSDP_QLORA,
    KORTHIKANTI,
    PEFT_CASTS,
)
from configurator.estimation.types import Finding, Fix

FLASH_ATTENTION_2_FROM = 8.0
NF4_FROM = 6.0
INT8_FROM = 7.5


def training_findings(run: TrainingRun, gpu: GpuSpec, gpus: int, sharding: str) -> tuple[Finding, ...]:
    """Every check that applies, worst first."""
    found = [
        _number_format(gpu),
        _attention(run, gpu),
        *([_nf4(gpu), _casts(run), *_experts(run), *_sharded_nf4(gpus, sharding)] if run.method == "qlora" else []),
        *_int8(gpu),
        *_software(gpu),
        *_shape(run),
    ]
    order = ("blocker", "caution", "unknown", "note", "ok")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _number_format(gpu: GpuSpec) -> Finding:
    if gpu.bf16:
        why = f"{gpu.name} multiplies BF16; the two bytes a weight are the same."
        return Finding("training-bf16", "ok", "BF16 is there", why, None, sources.ARITHMETIC)
    return Finding(
        "training-bf16",
        "caution",
        "No BF16: train in FP16 with loss scaling",
        f"{gpu.name} has no BF16. FP16 ends at 65,504, so that gradients are scaled and steps that overflow are "
        "skipped; models that were trained in BF16 may overflow in places.",
        Fix("Set fp16, not bf16, and keep the loss scaler on; look for skipped steps and NaN in the log."),
        sources.BRADRLAW,
    )


def _attention(run: TrainingRun, gpu: GpuSpec) -> Finding:
    name, capability = "training-attention", gpu.compute_capability
    if capability is None:
        why = f"{gpu.name} does not run CUDA."
        return Finding(name, "unknown", "Attention kernels not known", why, None, FLASH_ATTENTION_V100)
    if run.scores_kept:
        return Finding(
            name,
            "caution",
            "Attention writes its scores to memory",
            f"{run.model.n_heads} heads x {run.sequence_tokens} x {run.sequence_tokens} scores a layer and sequence, "
            "five bytes each.",
            Fix("Take PyTorch's memory-efficient attention (attn_implementation sdpa), which does not write them."),
            EFFICIENT_ATTENTION_V100 if capability < FLASH_ATTENTION_2_FROM else KORTHIKANTI,
        )
    if capability >= FLASH_ATTENTION_2_FROM:
        why = f"Compute capability {capability:.1f}; it asks for 8.0."
        return Finding(name, "ok", "FlashAttention 2 runs", why, None, FLASH_ATTENTION_V100)
    return Finding(
        name,
        "caution",
        "FlashAttention 2 does not run on this chip",
        f"{gpu.name} has compute capability {capability:.1f}; FlashAttention 2 asks for 8.0, and its author stopped "
        "work on V100. PyTorch's memory-efficient kernel runs on a V100 and saves the same memory, which is what is "
        "counted here.",
        Fix("attn_implementation sdpa, and attention masks that this kernel takes; flash_attention_2 does not start."),
        FLASH_ATTENTION_V100,
    )


def _nf4(gpu: GpuSpec) -> Finding:
    name, capability = "training-nf4", gpu.compute_capability
    if capability is None:
        why = f"{gpu.name} has no compute capability."
        return Finding(name, "unknown", "NF4 on this chip not known", why, None, BITSANDBYTES)
    if capability < NF4_FROM:
        return Finding(
            name,
            "blocker",
            "bitsandbytes does not run here",
            f"NF4 asks for compute capability {NF4_FROM}, {gpu.name} has {capability:.1f}.",
            Fix("Train adapters on 16-bit weights (LoRA)."),
            BITSANDBYTES,
            starts=False,
        )
    return Finding(
        name,
        "ok",
        "NF4 runs on this chip",
        f"bitsandbytes asks for compute capability {NF4_FROM} for NF4, {gpu.name} has {capability:.1f}; its packages "
        "for CUDA 11.8 to 12.6 contain code for 7.0.",
        None,
        BITSANDBYTES,
    )


def _casts(run: TrainingRun) -> Finding:
    more_gb = 2 * sixteen_bit_params(run.model) / 1e9
    return Finding(
        "training-casts",
        "note",
        "PEFT may turn embedding and head into FP32",
        "prepare_model_for_kbit_training casts everything that is not quantised to four bytes. Here it is counted at "
        f"two: {more_gb:.1f} GB more on each GPU that holds it whole.",
        Fix("Leave that call out and freeze the weights yourself, or count it in."),
        PEFT_CASTS,
    )


def _experts(run: TrainingRun) -> list[Finding]:
    if run.model.moe is None:
        return []
    return [
        Finding(
            "training-experts",
            "caution",
            "Experts may stay at 16 bits",
            "bitsandbytes quantises linear layers; transformers 5 keeps all experts of a layer in one tensor, which it "
            f"skips without a word. {run.model.name} then takes nearly four times what is counted here.",
            Fix("Use transformers 4 or a trainer that quantises experts itself; look at the memory once loaded."),
            BITSANDBYTES_EXPERTS,
        )
    ]


def _sharded_nf4(gpus: int, sharding: str) -> list[Finding]:
    if sharding != "zero3" or gpus == 1:
        return []
    return [
        Finding(
            "training-sharded-nf4",
            "note",
            "Sharding NF4 wants a float type for storage",
            "FSDP shards floating-point types only. bitsandbytes stores the four bits in one if told to; it has to be "
            "that of the other weights, float16 on a V100.",
            Fix("bnb_4bit_quant_storage float16."),
            FSDP_QLORA,
        )
    ]


def _int8(gpu: GpuSpec) -> list[Finding]:
    capability = gpu.compute_capability
    if capability is None or capability >= INT8_FROM:
        return []
    return [
        Finding(
            "training-int8",
            "note",
            "8-bit weights are no way out",
            f"LLM.int8() asks for compute capability {INT8_FROM}, {gpu.name} has {capability:.1f}. 8-bit optimizers "
            "run from 6.0.",
            None,
            BITSANDBYTES,
        )
    ]


def _software(gpu: GpuSpec) -> list[Finding]:
    capability = gpu.compute_capability
    if capability is None or capability >= INT8_FROM:
        return []
    return [
        Finding(
            "training-pytorch",
            "caution",
            "Newest PyTorch and CUDA leave this chip out",
            "CUDA 13 has no code for compute capability 7.0. PyTorch 2.11 has it in its packages for CUDA 12.6 only; "
            "up to 2.10 those for CUDA 12.8 have it too.",
            Fix("Install the cu126 packages, or PyTorch 2.10 or older, with an R580 driver."),
            sources.PYTORCH_WHEELS,
        )
    ]


def _shape(run: TrainingRun) -> list[Finding]:
    if run.model.arch_class in ("dense", "moe", "swa"):
        return []
    return [
        Finding(
            "training-activations",
            "unknown",
            "Activations of this architecture are not published",
            f"The equation is of plain attention; {run.model.name} has layers of another kind, so that activations are "
            "those of a plain model of the same width.",
            None,
            KORTHIKANTI,
        )
    ]
