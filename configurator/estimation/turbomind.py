"""What TurboMind's kernels hold beside the weights of a checkpoint.

Pure. 1Cat-vLLM (on Volta) and LMDeploy repack quantised layers for them and drop the originals; the scales grow: of AWQ
and GPTQ to a pair of 16-bit numbers a group, of NVFP4 from 8 to 16 bits. 1Cat-vLLM also keeps a second, repacked copy
of the head, and of the projections of Qwen3.5 that a checkpoint leaves at 16 bits. From its source at ae13773a, read on
2026-11-25: ``awq.py``, ``nvfp4`` smoke test in ``sm70_v100_migration_control.md`` (scales of 16 bits),
``vocab_parallel_embedding.py`` (VLLM_SM70_LM_HEAD_TOP1, on by default) and ``models/qwen3_5.py`` (qkv_proj, out_proj).
"""

from functools import lru_cache

from catalog.specs import GpuSpec, ModelSpec
from configurator.estimation.checkpoint import GROUP, NVFP4_GROUP
from configurator.estimation.families import family_of
from configurator.estimation.layers import shares_embedding
from configurator.estimation.weights import typed_tensors

_COPIED_OF_QWEN = ("attn_q", "attn_k", "attn_v", "ssm_out")
_QWEN = frozenset({"qwen35", "qwen35moe"})


def repacked_bytes(
    gpu: GpuSpec, model: ModelSpec, quant: str, runtime: str, layers: tuple[int, ...], *, last: bool
) -> int:
    """Bytes that these blocks take beyond the checkpoint's, on all ranks together."""
    volta = runtime == "1cat-vllm" and gpu.architecture == "volta"
    if not volta and runtime != "lmdeploy":
        return 0
    by_layer, head = _repacked(model, quant, volta)
    return sum(by_layer.get(layer, 0) for layer in layers) + (head if last else 0)


@lru_cache(maxsize=256)
def _repacked(model: ModelSpec, quant: str, copies: bool) -> tuple[dict[int, int], int]:
    """Bytes by block, and those of the head."""
    by_layer: dict[int, int] = {}
    head = "token_embd" if shares_embedding(model) else "output"
    of_qwen = family_of(model).gguf in _QWEN
    of_head = 0
    for tensor, kind, _ in typed_tensors(model, quant):
        if tensor.layer is None:
            if copies and tensor.stem == head:
                of_head += 2 * tensor.elements
        elif tensor.quantizable:
            added = 0
            if kind in ("AWQ", "GPTQ-Int4"):
                added = 3 * tensor.elements // (2 * GROUP)
            elif kind == "NVFP4":
                added = tensor.elements // NVFP4_GROUP
            elif kind == "F16" and copies and of_qwen and tensor.stem in _COPIED_OF_QWEN:
                added = 2 * tensor.elements
            by_layer[tensor.layer] = by_layer.get(tensor.layer, 0) + added
    return by_layer, of_head
