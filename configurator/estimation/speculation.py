"""Speculative decoding with a model's own multi-token-prediction (MTP) layers. Pure: no Django, no clock, no I/O.

Each step drafts k tokens one after the other with the MTP layer and lets the whole model check them as one batch of
k + 1. A drafted token counts only if all before it were accepted, so with an acceptance of a, a step yields::

    1 + a + a**2 + ... + a**k = (1 - a**(k + 1)) / (1 - a)   tokens

(Leviathan, Kalman, Matias: Fast Inference from Transformers via Speculative Decoding, equation 1). The acceptance is
a property of the text and the model, not of the machine, which is why it is asked for by option and never assumed.
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import ModelSpec
from configurator.estimation.calibration import VALUES
from configurator.estimation.kv_cache import CacheShape, layer_caches
from configurator.estimation.layers import mtp_blocks, shares_embedding
from configurator.estimation.types import Range
from configurator.estimation.weights import file_weights, sized_tensors

MAX_TOKENS = 8
RUNTIMES_WITH_MTP = ("llama.cpp", "1cat-vllm", "vllm")  # those somebody has published figures of


@dataclass(frozen=True, slots=True)
class MtpWeights:
    """Bytes of the MTP layers, and what one drafted token reads besides them: the output matrix."""

    blocks: int
    output: int


@lru_cache(maxsize=256)
def mtp_weights(model: ModelSpec, quant: str) -> MtpWeights:
    """What the MTP layers weigh in that quantisation. Zero where the model has none."""
    blocks = sum(
        size
        for tensor, size in sized_tensors(model, quant)
        if tensor.layer is not None and tensor.layer >= model.n_layers
    )
    weights = file_weights(model, quant)
    return MtpWeights(blocks, weights.embedding if shares_embedding(model) else weights.output)


def mtp_cache(model: ModelSpec, kv_dtype: str) -> CacheShape:
    """The cache of the MTP layers: each keeps what a layer with full attention does."""
    if not mtp_blocks(model):
        return CacheShape()
    largest = max(layer_caches(model, kv_dtype), key=lambda shape: shape.full)
    total = CacheShape()
    for _ in range(mtp_blocks(model)):
        total = total + CacheShape(full=largest.full)
    return total


def tokens_per_step(tokens: int, acceptance: float) -> float:
    """Tokens a step yields on average when ``tokens`` are drafted."""
    return sum(acceptance**accepted for accepted in range(tokens + 1))


def acceptance() -> Range:
    """The part of drafted tokens that texts of different kinds accept."""
    return Range(VALUES["mtp_acceptance.low"], VALUES["mtp_acceptance.mid"], VALUES["mtp_acceptance.high"])
