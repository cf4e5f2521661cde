"""Bytes on each rank when every layer is cut across GPUs.

Pure. Matrices and experts are divided among the ranks, vocabulary included. Norms, routers and MLA's latent projections
are on every rank, and so are key-value heads where there are fewer than ranks (vLLM, ``QKVParallelLinear``).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from catalog.specs import ModelSpec
from configurator.estimation.kv_cache import CacheShape, layer_caches
from configurator.estimation.layers import is_recurrent_layer, kv_shape
from configurator.estimation.tensors import Tensor
from configurator.estimation.weights import sized_tensors

_ON_EVERY_RANK = ("attn_q_a", "attn_kv_a_mqa", "attn_kv", "indexer", "hc_", "attn_compressor", "ffn_latent")


@dataclass(frozen=True, slots=True)
class RankWeights:
    """Bytes that one rank holds. ``output`` is the norm and a head of its own: none where the embedding is tied."""

    embedding: int
    blocks: tuple[int, ...]
    output: int


@lru_cache(maxsize=512)
def rank_weights(model: ModelSpec, quant: str, ranks: int) -> RankWeights:
    """What one of ``ranks`` ranks holds, by block.

    A tied embedding is counted once, as ``embedding``. vLLM keeps it on the GPUs and uses it for both ends; llama.cpp
    keeps it in host memory and puts a copy of it on the GPUs as the output, cut like any output matrix.
    """
    blocks = [0] * model.n_layers
    embedding = output = 0
    for tensor, size in sized_tensors(model, quant):
        held = ceil(size * _share(model, tensor, ranks))
        if tensor.stem == "token_embd":
            embedding = held
        elif tensor.layer is None:
            output += held
        elif tensor.layer < model.n_layers:
            blocks[tensor.layer] += held
    return RankWeights(embedding, tuple(blocks), output)


def _share(model: ModelSpec, tensor: Tensor, ranks: int) -> float:
    if not tensor.quantizable or tensor.stem.startswith(_ON_EVERY_RANK):
        return 1.0
    if tensor.stem in ("attn_k", "attn_v") and tensor.layer is not None:
        return kv_share(model, tensor.layer, ranks)
    return 1.0 / ranks


def kv_share(model: ModelSpec, layer: int, ranks: int) -> float:
    """The part of the layer's key-value heads that one rank holds: at least one head, MLA's latent whole."""
    if model.mla is not None:
        return 1.0
    heads = kv_shape(model, layer)[0]
    return max(1.0, heads / ranks) / heads


@lru_cache(maxsize=512)
def rank_cache(model: ModelSpec, kv_dtype: str, ranks: int, layers: tuple[int, ...] | None = None) -> CacheShape:
    """The cache of the given blocks (all, if not given) on one rank."""
    total = CacheShape()
    shapes = layer_caches(model, kv_dtype)
    for layer in range(model.n_layers) if layers is None else layers:
        share = 1.0 / ranks if is_recurrent_layer(model, layer) else kv_share(model, layer, ranks)
        total = total + shapes[layer].scaled(share)
    return total


def nccl_bytes(ranks: int) -> int:
    """Buffers of the collectives on one rank: 342 MiB with two, 392 MiB with four or eight
    (aiconfigurator, ``systems/a100_sxm.yaml``)."""
    if ranks < 2:
        return 0
    return (342 if ranks == 2 else 392) * 2**20
