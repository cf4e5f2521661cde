"""Bytes of a GPU's compute buffer where the routed experts of its layers may lie in host memory.

Pure. llama.cpp's scheduler then cuts the graph at every expert block (ggml-backend.cpp,
``ggml_backend_sched_split_graph``): attention, router and shared experts stay on the GPU, the experts' products are the
processor's, and the outputs of all chosen experts come back as a copy, to be weighted and summed on the GPU. How large
the buffer becomes is decided by where ggml's allocator finds room for each tensor (ggml-alloc.c: the smallest free
block that holds it, else the end), so this replays it: a tape of one GPU's tensors in graph order, then the allocator.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from math import lcm
from typing import NamedTuple

from catalog.specs import LinearAttentionSpec, MlaSpec, ModelSpec, MoeSpec
from configurator.estimation.families import family_of
from configurator.estimation.graph_tape import Tape
from configurator.estimation.kv_cache import KV_TYPES, padded_cells, window_cells
from configurator.estimation.layers import (
    dense_width,
    has_experts,
    is_local_layer,
    is_recurrent_layer,
    kv_shape,
    shared_width,
)

_FLOAT = 4


class Layer(NamedTuple):
    """What a layer's graph depends on."""

    number: int  # a layer that stands for all of its kind
    attends: str  # full, local, recurrent
    experts: str  # none, gpu, host


def layer_of(model: ModelSpec, index: int, on_host: bool) -> Layer:
    attends = "recurrent" if is_recurrent_layer(model, index) else "local" if is_local_layer(model, index) else "full"
    return Layer(index, attends, "none" if not has_experts(model, index) else "host" if on_host else "gpu")


class _Routed(NamedTuple):
    """What the sum of the experts' outputs still needs."""

    residual: int
    weights: int
    normed: int
    chosen: int


class _Graph:
    """The blocks of one GPU, written on a tape."""

    def __init__(
        self, model: ModelSpec, unit: int, quantised: bool, masks: dict[str, int], pipelined: bool = False
    ) -> None:
        self.model = model
        self.moe = model.moe or _NO_EXPERTS
        self.family = family_of(model)
        self.tape = Tape(unit)
        self.quantised = quantised and model.mla is None
        self.masks = masks
        self.pipelined = pipelined  # copies of inputs lie apart, for all micro-batches in flight
        self.held: dict[str, int] = {}
        self.keeps_rows = self.family.gguf in _KEEPS_ROWS

    def play(self, layers: Sequence[Layer], before: str, last: bool) -> int:
        """The furthest byte the blocks need; ``before`` is what hands over to them: the embedding, a block that is
        whole on another GPU (hidden), or one whose experts' outputs are still to be summed (experts)."""
        tape, width = self.tape, self.model.hidden_size
        splits = _splits(layers)
        hidden = _NOTHING
        routed: _Routed | None = None
        outputs = _NOTHING
        if before == "experts":
            outputs, weights = tape.new(self._copied_floats()), tape.new(self.moe.n_experts_per_token)
            residual = tape.new(width)
            routed = _Routed(residual, weights, _NOTHING, _NOTHING)
        for number, split in enumerate(splits):
            if number:
                outputs = tape.new(self._copied_floats())
            normed = _NOTHING
            if routed is None:
                if before == "hidden":  # normed there, too: a norm without weights follows its input
                    normed = self._copied(tape.unit * width)
                else:
                    hidden = self._copied(tape.unit * width)
            for place, layer in enumerate(split):
                self._inputs(layer)
                if normed != _NOTHING and not place:
                    hidden = self._copied(tape.unit * width)
            ending = last and number == len(splits) - 1
            if ending and not (self.keeps_rows and split[-1].experts == "host"):
                self._hold(_ROWS, tape.unit)
            if routed is not None:
                hidden = self._gathered(outputs, routed)
            for place, layer in enumerate(split, 1):
                routed = None
                ends = ending and place == len(split)
                residual = self._mixed(layer, hidden, normed, ends and not self.keeps_rows)
                normed = _NOTHING
                if layer.experts == "none":
                    hidden = self._dense(residual)
                elif layer.experts == "gpu":
                    hidden = self._experts(residual)
                else:
                    routed = self._sent(residual)
        if routed is not None and (last or _finishes_itself(self.model)):
            outputs = tape.new(self._copied_floats())
            if last and self.keeps_rows:
                self._hold(_ROWS, tape.unit)
            hidden = self._gathered(outputs, routed)
        if last:
            self._logits(hidden)
        return tape.peak()

    def _copied_floats(self) -> int:
        return self.moe.n_experts_per_token * self.model.hidden_size

    def _inputs(self, layer: Layer) -> None:
        """Copies of the inputs that a split is the first on this GPU to need, at its start."""
        unit, kind = self.tape.unit, layer.attends
        if kind == "recurrent":
            self._hold("states", 32)
            self._hold("no states", 0)
            return
        self._hold("positions", unit * (4 if self.family.gguf in _FOUR_POSITIONS else 1))
        if self.quantised:
            dim = kv_shape(self.model, layer.number)[1]
            self._hold(f"key rotation {kind}", _FLOAT * (dim & -dim) ** 2)
            self._hold(f"value rotation {kind}", _FLOAT * 64 * 64)
        self._hold(f"key cells {kind}", 2 * unit)
        if self.model.mla is None:
            self._hold(f"value cells {kind}", 2 * unit)
        self._hold(f"mask {kind}", self.masks[kind])

    def _hold(self, name: str, size: int) -> None:
        if name not in self.held:
            self.held[name] = self._copied(size)

    def _copied(self, size: int) -> int:
        return self.tape.use() if self.pipelined else self.tape.sized(size)

    def _mixed(self, layer: Layer, hidden: int, normed: int, cut: bool) -> int:
        """The residual after attention (or what stands in for it)."""
        tape, width = self.tape, self.model.hidden_size
        normed = tape.new(width, normed if normed != _NOTHING else hidden, in_place=normed != _NOTHING)
        if layer.attends == "recurrent" and self.model.linear is not None:
            out = self._delta_net(self.model.linear, normed)
        elif self.model.mla is not None:
            out = self._latent_attention(self.model.mla, normed, layer)
        else:
            out = self._attention(normed, layer)
        if layer.attends == "recurrent":  # seen in another shape, so that the residual takes the sum
            return tape.changed(hidden, out)
        if cut:
            rows = self.held[_ROWS]
            out, hidden = tape.new(width, out, rows), tape.new(width, hidden, rows)
        return tape.changed(out, hidden)

    def _attention(self, normed: int, layer: Layer) -> int:
        tape, kind = self.tape, layer.attends
        kv_heads, dim = kv_shape(self.model, layer.number)
        queries, keys = self.model.n_heads * dim, kv_heads * dim
        wide = _NOTHING
        if self.family.fused_qkv:
            fused = tape.new(queries + 2 * keys, normed)
            query = self._rotated(tape.new(queries, fused, self.held["positions"]), f"key rotation {kind}")
            value = self._rotated(fused, f"value rotation {kind}", keys)
            key = self._rotated(tape.new(keys, fused, self.held["positions"]), f"key rotation {kind}")
        else:
            if self.family.gated_query:
                wide = tape.new(2 * queries, normed)
                query = self._turned(wide, f"key rotation {kind}", queries)
            else:
                query = self._turned(tape.new(queries, normed), f"key rotation {kind}")
            if self.family.windows:  # caches of two kinds: keys first
                projected = tape.new(keys, normed)
                key = self._turned(projected, f"key rotation {kind}")
                if self.family.gguf == "gemma4":  # values are normed; without a projection they are the keys
                    own = projected if kind == "full" else tape.new(keys, normed)
                    value = self._rotated(tape.new(keys, own), f"value rotation {kind}")
                else:
                    value = self._rotated(tape.new(keys, normed), f"value rotation {kind}")
            else:
                value = self._rotated(tape.new(keys, normed), f"value rotation {kind}")
                key = self._turned(tape.new(keys, normed), f"key rotation {kind}")
        tape.use(key, self.held[f"key cells {kind}"])
        tape.use(value, self.held[f"value cells {kind}"])
        out = self._rotated(tape.new(queries, query, self.held[f"mask {kind}"]), f"value rotation {kind}")
        if wide != _NOTHING:
            out = tape.changed(tape.changed(tape.new(queries, wide)), out)
        return tape.new(self.model.hidden_size, out)

    def _turned(self, projected: int, rotation: str, floats: int = 0) -> int:
        """Queries or keys by position. A tensor seen in another shape cannot hand on its room, so that they move once:
        into their norm, or where they have none per head, into the rotary embedding."""
        size = floats * self.tape.unit if floats else self.tape.ops[projected].size
        turned = self.tape.sized(size, projected, self.held["positions"])
        return self._rotated(turned, rotation)

    def _rotated(self, source: int, rotation: str, floats: int = 0) -> int:
        if not self.quantised:
            return source
        size = floats * self.tape.unit if floats else self.tape.ops[source].size
        return self.tape.sized(size, source, self.held[rotation])

    def _latent_attention(self, mla: MlaSpec, normed: int, layer: Layer) -> int:
        tape, kind, heads = self.tape, layer.attends, self.model.n_heads
        rank, rope, nope = mla.kv_lora_rank, mla.qk_rope_head_dim, mla.qk_nope_head_dim
        low = normed if mla.q_lora_rank is None else tape.changed(tape.new(mla.q_lora_rank, normed))
        query = tape.new(heads * (nope + rope), low)
        absorbed = tape.new(heads * rank, query)
        turned = tape.new(heads * rope, query, self.held["positions"])
        joined = tape.new(heads * (rank + rope), absorbed, turned)
        latent = tape.new(rank + rope, normed)
        value = tape.new(rank, latent)
        key = tape.new(rank + rope, value, tape.new(rope, latent, self.held["positions"]))
        tape.use(key, self.held[f"key cells {kind}"])
        out = tape.new(heads * rank, joined, self.held[f"mask {kind}"])
        out = tape.new(heads * mla.v_head_dim, out)
        return tape.new(self.model.hidden_size, tape.new(heads * mla.v_head_dim, out))

    def _delta_net(self, linear: LinearAttentionSpec, normed: int) -> int:
        tape, heads = self.tape, linear.n_value_heads or 0
        values = heads * (linear.value_head_dim or 0)
        keys = (linear.n_key_heads or 0) * (linear.key_head_dim or 0)
        channels = values + 2 * keys
        past = _FLOAT * ((linear.conv_kernel or 1) - 1) * channels
        state = _FLOAT * values * (linear.value_head_dim or 0)
        convolving = self._gathered_state(past)
        joined = tape.sized(past + tape.unit * channels, convolving, tape.new(channels, normed))
        tape.use(joined)
        before = self._gathered_state(state)
        convolved = tape.changed(tape.new(channels, joined))
        query = tape.new(keys, convolved)
        if self.family.gguf == "qwen3next":  # queries and keys repeated for each head of values, one projection of both
            query, key = tape.new(values, query), tape.new(values, tape.new(keys, convolved))
            mixed = tape.new(2 * heads, normed)
            decay, beta = tape.new(heads, mixed), tape.new(heads, mixed)
        else:
            key = tape.new(keys, convolved)
            decay = tape.new(heads, tape.new(heads, normed))
            beta = tape.new(heads, tape.new(heads, normed))
        out = tape.sized(tape.unit * values + state, query, key, convolved, decay, beta, before)
        tape.use(out)
        out = tape.changed(tape.new(values, out), tape.new(values, tape.new(values, normed)))
        return tape.new(self.model.hidden_size, out)

    def _gathered_state(self, size: int) -> int:
        """The state of the sequences at hand, and of those that only change place: none."""
        state = self.tape.sized(size, self.held["states"])
        self.tape.use(self.tape.sized(0, self.held["no states"]))
        return state

    def _dense(self, residual: int) -> int:
        normed = self.tape.new(self.model.hidden_size, residual)
        return self.tape.changed(self._feed_forward(normed, dense_width(self.model)), residual)

    def _feed_forward(self, normed: int, inner: int) -> int:
        tape = self.tape
        if self.family.gated:
            act = tape.new(inner, tape.new(inner, normed), tape.new(inner, normed))
        else:
            act = tape.changed(tape.new(inner, normed))
        return tape.new(self.model.hidden_size, act)

    def _route(self, residual: int) -> _Routed:
        """The router: weights of the chosen experts, and which they are."""
        tape, moe, width = self.tape, self.moe, self.model.hidden_size
        normed = tape.new(width, residual)
        count = moe.n_experts_per_token
        scores = tape.new(moe.n_experts, normed)
        if self.family.gguf == "gpt-oss":  # chosen first, then weighed against each other
            chosen = tape.new(moe.n_experts, scores)
            weights = tape.new(count, tape.new(count, scores, chosen))
        elif self.family.gguf == "llama4":  # weighed before the experts
            weighed = tape.new(moe.n_experts, scores)
            chosen = tape.new(moe.n_experts, scores)
            weights = tape.new(count, weighed, chosen)
        else:
            scores = tape.changed(scores)
            chosen = tape.new(moe.n_experts, tape.new(moe.n_experts, scores) if self.family.router_bias else scores)
            weights = tape.new(count, scores, chosen)
            weights = tape.new(count, weights, tape.changed(tape.new(1, weights)))
        if self.family.gguf == "gemma4":  # the router has a norm of its own
            normed = tape.new(width, residual)
        return _Routed(residual, weights, normed, chosen)

    def _experts(self, residual: int) -> int:
        tape, moe = self.tape, self.moe
        routed = self._route(residual)
        entering, chosen = self._entering(routed), routed.chosen
        inner = moe.n_experts_per_token * moe.expert_intermediate_size
        if self.family.fused_experts:
            act = tape.new(inner, tape.new(2 * inner, entering, chosen))
        elif self.family.gated:
            act = tape.new(inner, tape.new(inner, entering, chosen), tape.new(inner, entering, chosen))
        else:
            act = tape.changed(tape.changed(tape.new(inner, entering, chosen)))
        return self._gathered(tape.new(self._copied_floats(), act, chosen), routed)

    def _entering(self, routed: _Routed) -> int:
        """What the experts read: the normed hidden state, weighed for each of them where weights come first."""
        if self.family.gguf != "llama4":
            return routed.normed
        return self.tape.changed(self.tape.new(self._copied_floats(), routed.normed), routed.weights)

    def _sent(self, residual: int) -> _Routed:
        """What goes to the host: what the experts read, and which are chosen."""
        routed = self._route(residual)
        self.tape.use(self._entering(routed), routed.chosen)
        return routed

    def _gathered(self, outputs: int, routed: _Routed) -> int:
        """The experts' outputs weighted and summed, shared experts added, then the residual."""
        tape, moe, width = self.tape, self.moe, self.model.hidden_size
        count = moe.n_experts_per_token
        if self.family.gguf == "gemma4":  # a scale for each expert
            outputs = tape.changed(outputs, tape.new(count, tape.new(moe.n_experts), routed.chosen))
        weighted = outputs if self.family.gguf == "llama4" else tape.changed(outputs, routed.weights)
        total = tape.new(width, *(weighted,) * min(2, count))
        for _ in range(count - 2):
            total = tape.changed(total, weighted)
        if moe.parallel_dense:
            dense = self._feed_forward(tape.new(width, routed.residual), dense_width(self.model))
            total = tape.changed(dense, total)
        elif moe.n_shared and routed.normed != _NOTHING:
            shared = self._feed_forward(routed.normed, shared_width(moe))
            if self.family.shared_gate:
                shared = tape.changed(shared, tape.changed(tape.new(1, routed.normed)))
            total = tape.changed(total, shared)
        return tape.changed(total, routed.residual)

    def _logits(self, hidden: int) -> None:
        tape, width = self.tape, self.model.hidden_size
        if self.family.gguf == "gpt-oss":  # rows are chosen, then normed
            tape.kept.append(hidden)
            normed = tape.changed(tape.new(width, hidden, self.held[_ROWS]))
        elif self.keeps_rows:  # normed, then rows are chosen
            normed = tape.changed(hidden)
            tape.kept.append(normed)
            normed = tape.new(width, normed, self.held[_ROWS])
        elif self.family.gguf in _LAYER_NORM:
            normed = tape.new(width, hidden)
        else:
            normed = tape.changed(hidden)
        tape.kept.append(normed)
        tape.new(self.model.vocab_size, normed)


_NOTHING = -1
_ROWS = "rows"
_NO_EXPERTS = MoeSpec(
    n_experts=0,
    n_experts_per_token=0,
    n_shared=0,
    expert_intermediate_size=0,
    shared_intermediate_size=None,
    first_k_dense=0,
    layer_frequency=1,
    parallel_dense=False,
)
_FOUR_POSITIONS = frozenset({"qwen35", "qwen35moe"})  # of text, time, height and width (M-RoPE)
_LAYER_NORM = frozenset({"dbrx"})  # ggml's NORM, unlike RMS_NORM, needs room of its own
_KEEPS_ROWS = frozenset({"qwen35", "qwen35moe", "gpt-oss", "gemma4"})  # all tokens pass the last block


def _finishes_itself(model: ModelSpec) -> bool:
    """Whether the sum of the experts' outputs stays on the GPU of their block: a shared expert, or a dense
    feed-forward beside the experts, ties it there."""
    return model.moe is not None and (bool(model.moe.n_shared) or model.moe.parallel_dense)


def _splits(layers: Sequence[Layer]) -> list[list[Layer]]:
    """The layers between one block of host experts and the next."""
    splits: list[list[Layer]] = [[]]
    for layer in layers:
        splits[-1].append(layer)
        if layer.experts == "host":
            splits.append([])
    return splits if splits[-1] else splits[:-1]


_REPLAYED = frozenset(
    {
        "llama",
        "qwen2moe",
        "qwen3moe",
        "dbrx",
        "minimax-m2",
        "glm4moe",
        "deepseek2",
        "qwen35moe",
        "qwen3next",
        "gpt-oss",
        "llama4",
        "gemma4",
    }
)
"""Architectures whose graphs are written down here."""


def replays(model: ModelSpec) -> bool:
    return family_of(model).gguf in _REPLAYED and model.moe is not None


@lru_cache(maxsize=4096)
def split_layers(model: ModelSpec, layers: tuple[int, ...], experts_in_ram: int) -> tuple[Layer, ...]:
    """The layers of one GPU, of long runs only as many as decide the buffer: the allocator soon repeats itself."""
    every = [layer_of(model, index, index < experts_in_ram) for index in layers]
    kinds = {layer.attends: layer.number for layer in reversed(every)}
    every = [layer._replace(number=kinds[layer.attends]) for layer in every]
    period = _period(model)
    kept: list[Layer] = []
    for _, run in groupby(every, key=lambda layer: layer.experts if period == 1 else layer.experts == "host"):
        same = list(run)
        spare = max(0, len(same) - 2 * _REPEATS * period) // period * period
        kept += same[: _REPEATS * period] + same[_REPEATS * period + spare :]
    return tuple(kept)


_REPEATS = 2  # periods kept at either end of a run


def _period(model: ModelSpec) -> int:
    """After how many layers the kinds repeat."""
    if model.linear is not None:
        return model.linear.full_attention_interval or 4
    period = model.window.period if model.window is not None and family_of(model).windows else 1
    return lcm(period, model.moe.layer_frequency if model.moe is not None else 1)


def handed_over_by(model: ModelSpec, first: int, experts_in_ram: int) -> str:
    """What reaches a GPU whose first layer is ``first``: see :meth:`_Graph.play`."""
    if first == 0:
        return "embedding"
    waits = first <= experts_in_ram and has_experts(model, first - 1) and not _finishes_itself(model)
    return "experts" if waits else "hidden"


@lru_cache(maxsize=4096)
def split_peak(
    model: ModelSpec,
    layers: tuple[Layer, ...],
    before: str,
    last: bool,
    quantised: bool,
    ubatch: int,
    full_mask: int,
    local_mask: int,
) -> int:
    """Bytes of the compute buffer of a GPU with these layers."""
    graph = _Graph(model, _FLOAT * ubatch, quantised, {"full": full_mask, "local": local_mask})
    return graph.play(layers, before, last)


def split_bytes(
    model: ModelSpec,
    layers: tuple[int, ...],
    experts_in_ram: int,
    *,
    context_tokens: int,
    kv_dtype: str,
    ubatch: int,
    last: bool,
    flash_attention: bool,
    swa_full: bool = False,
) -> int:
    """Bytes of the compute buffer of a GPU with these layers, where the routed experts of the first
    ``experts_in_ram`` layers of the model lie in host memory. Without flash attention the scores are not counted."""
    element = 2 if flash_attention else _FLOAT
    return split_peak(
        model,
        split_layers(model, layers, experts_in_ram),
        handed_over_by(model, layers[0], experts_in_ram),
        last,
        KV_TYPES[kv_dtype][0] > 1,
        ubatch,
        element * ubatch * padded_cells(context_tokens),
        element * ubatch * window_cells(model, context_tokens, ubatch, swa_full=swa_full),
    )


@lru_cache(maxsize=1024)
def dense_peak(model: ModelSpec, quantised: bool, ubatch: int, full_mask: int, pipelined: bool) -> int:
    """Bytes that the last blocks and the logits of a dense model need on one GPU, in a pipeline beside its inputs."""
    graph = _Graph(model, _FLOAT * ubatch, quantised, {"full": full_mask, "local": 0}, pipelined)
    layers = tuple(range(max(0, model.n_layers - 6), model.n_layers))
    return graph.play(split_layers(model, layers, 0), "hidden" if pipelined else "embedding", last=True)
