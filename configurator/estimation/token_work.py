"""What one token costs a model: weights read, cache read, kernels started. Pure: no Django, no clock, no I/O.

Everything here follows from the architecture and the quantisation; how fast a machine does it stands in
:mod:`configurator.estimation.decode` and :mod:`configurator.estimation.prefill`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from catalog.specs import ModelSpec
from configurator.estimation.calibration import KERNELS, kernel_class
from configurator.estimation.families import family_of
from configurator.estimation.kv_cache import KV_TYPES
from configurator.estimation.layers import (
    dsv4_compression,
    has_experts,
    has_indexer,
    is_attention_layer,
    is_local_layer,
    is_recurrent_layer,
    kv_shape,
    shares_embedding,
)
from configurator.estimation.tensors import DSV4_INDEXER_DIM, Tensor
from configurator.estimation.weights import typed_tensors

DSV4_WINDOW_TOKENS = 128
DSV4_SELECTED_ENTRIES = 512  # compressed entries its indexer picks for attention


_CacheKey = tuple[int, int, int | None, int]  # the fields of CacheLayers after its count


@dataclass(frozen=True, slots=True)
class CacheLayers:
    """``count`` layers that keep the same number of values per token."""

    count: int
    kv_heads: int  # 1 for a latent, which no rank can split
    values_per_token: int  # of one key-value head, keys and values together
    window_tokens: int | None
    tokens_per_entry: int  # more than one where the cache is compressed


@dataclass(frozen=True, slots=True)
class TokenWork:
    """What one token costs. Bytes as quantised, by the class of kernel that reads them; parameters as counted.

    ``fixed`` is read for every token: attention, dense feed-forward, shared experts, output matrix. Left out are the
    rows of the input embedding (one is read) and multi-token-prediction blocks (not loaded).
    """

    fixed_bytes: tuple[tuple[str, float], ...]
    expert_bytes: tuple[tuple[str, float], ...]  # all routed experts
    file_bytes: float  # everything in the file, embedding and multi-token-prediction blocks included
    fixed_params: float  # without the output matrix
    output_params: float
    expert_params: float
    kernels: float
    compressed_layers: int  # of DeepSeek V4, whose kernels depend on the runtime
    expert_layers: int
    recurrent_layers: int
    cache: tuple[CacheLayers, ...]
    state_bytes: float  # recurrent state read and written for one token of one stream
    latent_flops: float  # attention over the latent, for one token of context, all layers
    attention_flops: float  # of a prompt token, for one token of context it may see, layers without a window
    absorbed_flops: float  # the same where attention works on the latent itself; without a latent like the above
    row_inputs: float  # values that go into all matrices but the experts', for one token
    row_outputs: float  # and those that come out of them
    window_attention: tuple[tuple[int, float], ...]  # window, operations as above in layers with one
    score_heads: tuple[tuple[int, int], ...]  # window (0 = none), heads of all layers with it

    @property
    def read_bytes(self) -> tuple[tuple[str, float], ...]:
        """Bytes of all weights that are ever read, by class of kernel."""
        return (*self.fixed_bytes, *self.expert_bytes)

    def without(self, fixed: float, experts: float) -> "TokenWork":
        """The same where these parts of the fixed bytes and of the experts are read elsewhere."""
        return replace(
            self,
            fixed_bytes=tuple((kind, size * (1 - fixed)) for kind, size in self.fixed_bytes),
            expert_bytes=tuple((kind, size * (1 - experts)) for kind, size in self.expert_bytes),
            fixed_params=self.fixed_params * (1 - fixed),
            expert_params=self.expert_params * (1 - experts),
        )

    @property
    def total_fixed_bytes(self) -> float:
        return sum(size for _, size in self.fixed_bytes)

    @property
    def total_expert_bytes(self) -> float:
        return sum(size for _, size in self.expert_bytes)


@lru_cache(maxsize=512)
def token_work(model: ModelSpec, quant: str) -> TokenWork:
    """What one token costs this model in this quantisation (a name from QUANTS)."""
    typed = typed_tensors(model, quant)
    fixed: dict[str, float] = {}
    experts: dict[str, float] = {}
    fixed_params = output_params = expert_params = row_inputs = row_outputs = 0.0
    for tensor, ggml_type, size in typed:
        role, kind = _role(tensor, model), kernel_class(ggml_type)
        if role == "experts":
            experts[kind] = experts.get(kind, 0.0) + size
            expert_params += tensor.elements
        elif role != "unread":
            fixed[kind] = fixed.get(kind, 0.0) + size
            fixed_params += tensor.elements if role == "block" else 0
            output_params += tensor.elements if role == "output" else 0
            if role == "block" and tensor.quantizable and len(tensor.shape) > 1:
                row_inputs += tensor.shape[0]
                row_outputs += tensor.shape[1]
    layers = range(model.n_layers)
    windows = _window_attention(model)
    return TokenWork(
        fixed_bytes=tuple(fixed.items()),
        expert_bytes=tuple(experts.items()),
        file_bytes=float(sum(size for _, _, size in typed)),
        fixed_params=fixed_params,
        output_params=output_params,
        expert_params=expert_params,
        kernels=sum(_kernels(model, layer) for layer in layers),
        compressed_layers=model.n_layers if family_of(model).gguf == "deepseek4" else 0,
        expert_layers=len({tensor.layer for tensor, _, _ in typed if _role(tensor, model) == "experts"}),
        recurrent_layers=sum(is_recurrent_layer(model, layer) for layer in layers),
        cache=_cache_layers(model),
        state_bytes=2.0 * _state_bytes(model),
        latent_flops=_latent_flops(model),
        attention_flops=windows.get(0, 0.0),
        absorbed_flops=_latent_flops(model) or windows.get(0, 0.0),
        row_inputs=row_inputs,
        row_outputs=row_outputs,
        window_attention=tuple((window, flops) for window, flops in windows.items() if window),
        score_heads=tuple(_score_heads(model).items()),
    )


def expert_share(model: ModelSpec, tokens: float) -> float:
    """Share of the routed experts that ``tokens`` tokens touch if routing is even: ``1 - (1 - k/n) ** tokens``."""
    if model.moe is None:
        return 0.0
    return float(1 - (1 - model.moe.n_experts_per_token / model.moe.n_experts) ** tokens)


def kv_bytes(work: TokenWork, depth_tokens: float, kv_dtype: str, tensor_parallel: int) -> float:
    """Cache one GPU of a tensor group reads for one token at ``depth_tokens``, all layers, bytes.

    A key-value head cannot be split further, so with more ranks than heads each rank reads one; a latent is read by
    every rank.
    """
    values = 0.0
    for layers in work.cache:
        tokens = depth_tokens if layers.window_tokens is None else min(depth_tokens, layers.window_tokens)
        heads = max(1.0, layers.kv_heads / tensor_parallel)
        values += layers.count * heads * layers.values_per_token * tokens / layers.tokens_per_entry
    block, size = KV_TYPES[kv_dtype]
    return values * size / block


def score_bytes(work: TokenWork, seen_tokens: float) -> float:
    """Traffic of one token's attention scores where they are written out (no flash attention), bytes.

    Each score is four bytes and moves four times: written, read and written by softmax, read (llama.cpp,
    ``build_attn_mha``).
    """
    return 16.0 * sum(
        heads * (min(seen_tokens, window) if window else seen_tokens) for window, heads in work.score_heads
    )


def _role(tensor: Tensor, model: ModelSpec) -> str:
    if tensor.layer is None:
        if tensor.stem == "token_embd":  # a tied embedding is also the output matrix
            return "output" if shares_embedding(model) else "unread"
        return "output" if tensor.stem == "output" else "block"
    if tensor.layer >= model.n_layers or tensor.stem == "ffn_gate_tid2eid":
        return "unread"
    return "experts" if tensor.stem.endswith("_exps") else "block"


def _kernels(model: ModelSpec, layer: int) -> float:
    """Kernels one layer starts for one token, counted in llama.cpp's graph of that kind of layer."""
    family = family_of(model)
    pattern = model.linear.pattern if model.linear is not None else None
    if pattern:  # every block is one thing only
        kind = pattern[layer] if layer < len(pattern) else "*"
        return float(KERNELS[{"M": "recurrent", "*": "attention"}.get(kind, "experts")])
    count = KERNELS["norm"] * max(0, len(family.norms) - 2)
    if family.gguf == "deepseek4":
        pass  # a graph of its own, counted by runtime
    elif is_recurrent_layer(model, layer):
        count += KERNELS["recurrent"]
    else:
        count += KERNELS["latent" if model.mla is not None else "attention"]
        count += KERNELS["indexer"] if has_indexer(model, layer) else 0
    if model.moe is None or not has_experts(model, layer):
        return float(count + KERNELS["dense"])
    count += KERNELS["experts"]
    count += KERNELS["shared"] if model.moe.n_shared else 0
    count += KERNELS["dense"] if model.moe.parallel_dense else 0
    return float(count)


def _cache_layers(model: ModelSpec) -> tuple[CacheLayers, ...]:
    found: dict[_CacheKey, int] = {}
    for layer in range(model.n_layers):
        if not is_attention_layer(model, layer):
            continue
        for key in _cache_of_layer(model, layer):
            found[key] = found.get(key, 0) + 1
    return tuple(CacheLayers(count, *key) for key, count in found.items())


def _cache_of_layer(model: ModelSpec, layer: int) -> list[_CacheKey]:
    if model.mla is not None:
        return [(1, model.mla.kv_lora_rank + model.mla.qk_rope_head_dim, None, 1)]
    if family_of(model).gguf == "deepseek4":
        ratio = dsv4_compression(layer)
        near: list[_CacheKey] = [(1, model.head_dim, DSV4_WINDOW_TOKENS, 1)]
        if ratio == 4:  # the indexer looks at every entry, attention at those it picks
            picked = (1, model.head_dim, DSV4_SELECTED_ENTRIES * ratio, ratio)
            return [*near, (1, DSV4_INDEXER_DIM, None, ratio), picked]
        return [*near, (1, model.head_dim, None, ratio)] if ratio else near
    kv_heads, head_dim = kv_shape(model, layer)
    window = model.window.window_tokens if model.window is not None and is_local_layer(model, layer) else None
    return [(kv_heads, 2 * head_dim, window, 1)]


def _state_bytes(model: ModelSpec) -> float:
    """Recurrent state of one sequence, bytes in FP32."""
    linear = model.linear
    if linear is None:
        return 0.0
    layers = sum(is_recurrent_layer(model, layer) for layer in range(model.n_layers))
    if linear.mamba_n_heads:
        values = linear.mamba_n_heads * (linear.mamba_head_dim or 0) * (linear.mamba_state_size or 0)
    elif linear.n_value_heads:
        values = linear.n_value_heads * (linear.value_head_dim or 0) * (linear.key_head_dim or 0)
    else:
        values = model.n_heads * model.head_dim * model.head_dim
    return 4.0 * layers * values


def _latent_flops(model: ModelSpec) -> float:
    """Every head multiplies its query with the whole latent and weighs the latent: 2 x heads x (2 rank + rope)."""
    mla = model.mla
    if mla is None:
        return 0.0
    layers = sum(is_attention_layer(model, layer) for layer in range(model.n_layers))
    return 2.0 * layers * model.n_heads * (2 * mla.kv_lora_rank + mla.qk_rope_head_dim)


def _window_attention(model: ModelSpec) -> dict[int, float]:
    """Operations of attention for one pair of tokens, by window (0 = none): 4 x heads x head size in each layer."""
    found: dict[int, float] = {}
    for layer in range(model.n_layers):
        if not is_attention_layer(model, layer):
            continue
        local = model.window is not None and is_local_layer(model, layer)
        window = model.window.window_tokens if model.window is not None and local else 0
        if model.mla is not None:
            widths = model.mla.qk_nope_head_dim + model.mla.qk_rope_head_dim + model.mla.v_head_dim
            flops = 2.0 * model.n_heads * widths
        elif family_of(model).gguf == "deepseek4":
            flops = 4.0 * model.n_heads * model.head_dim / (dsv4_compression(layer) or 1)
            window = 0 if dsv4_compression(layer) else DSV4_WINDOW_TOKENS
        else:
            flops = 4.0 * model.n_heads * kv_shape(model, layer)[1]
        found[window] = found.get(window, 0.0) + flops
    return found


def _score_heads(model: ModelSpec) -> dict[int, int]:
    found: dict[int, int] = {}
    for layer in range(model.n_layers):
        if is_attention_layer(model, layer):
            local = model.window is not None and is_local_layer(model, layer)
            window = model.window.window_tokens if model.window is not None and local else 0
            found[window] = found.get(window, 0) + model.n_heads
    return found
