"""Bytes of checkpoints that are not GGUF: AWQ, GPTQ, FP8 and NVFP4 by their layouts.

Pure. The linear layers of the blocks are quantised, routed experts included; embeddings, head, norms, routers and
convolutions stay at 16 bits. MLA's folded key and value projections have as many elements as the layer they come from.
"""

from collections.abc import Sequence
from math import prod

from configurator.estimation.tensors import Tensor

GROUP = 128  # input channels that share a scale (AWQ and GPTQ), and the side of an FP8 block
NVFP4_GROUP = 16


def checkpoint_bytes(quant: str, tensors: Sequence[Tensor]) -> list[int]:
    """Bytes of each tensor. ``quant`` is one of SAFETENSORS_QUANTS."""
    return [_linear_bytes(quant, t) if t.quantizable and t.layer is not None else 2 * t.elements for t in tensors]


def _linear_bytes(quant: str, tensor: Tensor) -> int:
    inputs, outputs = tensor.shape[0], prod(tensor.shape[1:])
    groups = -(-inputs // GROUP) * outputs
    if quant == "AWQ":  # 4-bit weights, an fp16 scale and a 4-bit zero a group
        return (tensor.elements + 5 * groups) // 2
    if quant == "GPTQ-Int4":  # the same, and the group of each input channel
        return (tensor.elements + 5 * groups) // 2 + 4 * inputs
    if quant == "GPTQ-Int8":
        return tensor.elements + 3 * groups + 4 * inputs
    if quant == "FP8":  # one fp32 scale a block of 128 x 128
        return tensor.elements + 4 * -(-inputs // GROUP) * -(-outputs // GROUP)
    return tensor.elements // 2 + tensor.elements // NVFP4_GROUP + 8  # an fp8 scale a group, two fp32 a tensor
