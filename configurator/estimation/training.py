"""Memory that training takes on each GPU. Pure: no Django, no clock, no I/O. Sizes are bytes unless the name says MiB.

States, with Adam in mixed precision (Rajbhandari et al., ZeRO, 2020, section 3.1): each parameter that is trained has
2 bytes of FP16 weight and 2 of gradient, and in FP32 a master copy and two moments of 4 bytes each::

    full      16 x parameters
    LoRA       2 x parameters                       + 16 x adapter parameters
    QLoRA     (4 + c) / 8 x block matrices + 2 x the rest + 16 x adapter parameters

``c`` are the quantisation constants of NF4 in bits a parameter (Dettmers et al., QLoRA, 2023): one of 32 bits for 64
weights, 0.5, or quantised once more 8 / 64 + 32 / (64 x 256) = 0.127. Embedding, head and norms stay at 16 bits.
An adapter of rank r on a matrix of n x m has r x (n + m) parameters (Hu et al., LoRA, 2021).

Sharded over N GPUs (ZeRO, section 5): stage 1 divides master copy and moments, stage 2 gradients too, stage 3 (FSDP)
everything; DDP divides nothing. Activations are those of each GPU's own sequences and are never divided here.

Activations of one layer (Korthikanti et al., Reducing Activation Recomputation in Large Transformer Models, 2022,
section 4.1), for b sequences of s tokens, hidden size h, a heads: ``s b h (34 + 5 a s / h)``, of which 11 belong to
attention, 4 to the norms, 19 to a feed-forward of width 4 h: 3 s b h + 4 s b f. A gated feed-forward keeps two more of
its inner tensors: 8 s b f. The term with s squared is attention's scores; kernels that do not write them, such as
PyTorch's memory-efficient one, leave it out. With checkpointing only the input of each layer is kept, 2 s b h, and one
layer at a time is computed again. Logits are kept in FP32, 4 s b v (section 4.3), and their gradient as much again.
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.specs import GpuSpec, ModelSpec
from configurator.estimation.layers import dense_width, has_experts, shared_width
from configurator.estimation.llama_cpp_plan import CUDA_CONTEXT_MIB
from configurator.estimation.tensor_parallel import nccl_bytes
from configurator.estimation.tensors import Tensor, tensors

MIB = 2**20
METHODS = ("full", "lora", "qlora")
SHARDINGS = ("ddp", "zero1", "zero2", "zero3")
TARGETS = ("query-value", "attention", "all-linear")

WEIGHT_BYTES = GRADIENT_BYTES = 2
OPTIMIZER_BYTES = 12  # master copy 4, two moments of 4
NF4_BITS = 4
CONSTANT_BITS = 32 / 64
DOUBLE_QUANTISED_BITS = 8 / 64 + 32 / (64 * 256)
TIGHT_FRACTION = 0.9  # above it an allocator's fragments decide


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What is trained and how. ``batch`` and ``accumulation_steps`` are of each GPU."""

    model: ModelSpec
    method: str = "qlora"  # full, lora, qlora
    batch: int = 1  # sequences in memory at once
    sequence_tokens: int = 2048
    accumulation_steps: int = 1  # batches before gradients are exchanged
    checkpointing: bool = True
    scores_kept: bool = False  # attention that writes its scores to memory
    lora_rank: int = 16
    lora_targets: str = "all-linear"
    double_quantised: bool = True

    @property
    def tokens_per_step(self) -> int:
        return self.batch * self.sequence_tokens * self.accumulation_steps


@dataclass(frozen=True, slots=True)
class States:
    """Bytes that stay from step to step."""

    frozen: float  # weights that are not trained
    weights: float  # trained
    gradients: float
    optimizer: float  # master copy and moments

    @property
    def total(self) -> float:
        return self.frozen + self.weights + self.gradients + self.optimizer


@dataclass(frozen=True, slots=True)
class Activations:
    """Bytes kept from the forward pass for the backward pass, at the peak."""

    layers: float
    recomputed: float  # one layer that checkpointing computes again
    logits: float

    @property
    def total(self) -> float:
        return self.layers + self.recomputed + self.logits


@dataclass(frozen=True, slots=True)
class TrainingMemory:
    """One GPU's plan. ``working`` is one matrix at 16 bits (QLoRA) and one block gathered whole (ZeRO-3)."""

    sharding: str
    states: States
    activations: Activations
    working: float
    runtime: float
    capacity_mib: int

    @property
    def total(self) -> float:
        return self.states.total + self.activations.total + self.working + self.runtime

    @property
    def total_mib(self) -> float:
        return self.total / MIB

    @property
    def short_mib(self) -> float:
        return max(0.0, self.total_mib - self.capacity_mib)

    @property
    def verdict(self) -> str:
        """ok, caution where less than a tenth is left, blocker where it does not fit."""
        if self.short_mib:
            return "blocker"
        return "caution" if self.total_mib > TIGHT_FRACTION * self.capacity_mib else "ok"


def training_memory(run: TrainingRun, gpu: GpuSpec, gpus: int, sharding: str) -> TrainingMemory:
    """What each of ``gpus`` GPUs holds. Raises ValueError for a sharding or method that is not known."""
    working = 2.0 * largest_matrix(run.model) if run.method == "qlora" else 0.0
    if sharding == "zero3" and gpus > 1:
        working += WEIGHT_BYTES * largest_block(run.model)
    return TrainingMemory(
        sharding=sharding,
        states=sharded(states(run), sharding, gpus),
        activations=activations(run),
        working=working,
        runtime=CUDA_CONTEXT_MIB * MIB + nccl_bytes(gpus),
        capacity_mib=gpu.memory_mib,
    )


def states(run: TrainingRun) -> States:
    """Bytes of weights, gradients and optimizer of one whole copy. Raises ValueError for an unknown method."""
    params = run.model.params_total
    if run.method == "full":
        return _trained(params, frozen=0.0)
    adapters = adapter_params(run.model, run.lora_rank, run.lora_targets)
    if run.method == "lora":
        return _trained(adapters, frozen=WEIGHT_BYTES * params)
    if run.method == "qlora":
        return _trained(adapters, frozen=nf4_bytes(run.model, double_quantised=run.double_quantised))
    raise ValueError(f"unknown method {run.method!r}, known are {', '.join(METHODS)}")


def sharded(whole: States, sharding: str, gpus: int) -> States:
    """The part of one GPU. Raises ValueError for an unknown sharding."""
    if sharding not in SHARDINGS:
        raise ValueError(f"unknown sharding {sharding!r}, known are {', '.join(SHARDINGS)}")
    stage = SHARDINGS.index(sharding)
    return States(
        frozen=whole.frozen / (gpus if stage == 3 else 1),
        weights=whole.weights / (gpus if stage == 3 else 1),
        gradients=whole.gradients / (gpus if stage >= 2 else 1),
        optimizer=whole.optimizer / (gpus if stage >= 1 else 1),
    )


def nf4_bytes(model: ModelSpec, *, double_quantised: bool) -> float:
    """Bytes of a model loaded in NF4: matrices of the blocks at four bits and their constants, the rest at 16."""
    bits = NF4_BITS + (DOUBLE_QUANTISED_BITS if double_quantised else CONSTANT_BITS)
    rest = sixteen_bit_params(model)
    return (model.params_total - rest) * bits / 8 + WEIGHT_BYTES * rest


def sixteen_bit_params(model: ModelSpec) -> int:
    """Parameters outside the matrices of the blocks, which bitsandbytes leaves alone: embedding, head, norms."""
    return max(0, model.params_total - sum(tensor.elements for tensor in _matrices(model)))


def adapter_params(model: ModelSpec, rank: int, targets: str) -> int:
    """Parameters of LoRA adapters of one rank. Routed experts, which lie in one tensor, get none."""
    sides = sum(sum(tensor.shape) for tensor in _matrices(model) if _is_target(model, tensor, targets))
    if model.mla is not None:
        # One matrix in a checkpoint, from the latent to keys and values of all heads; GGUF files cut it by head.
        cut = sum(tensor.stem == "attn_k_b" for tensor in _matrices(model))
        heads = model.n_heads * (model.mla.qk_nope_head_dim + model.mla.v_head_dim)
        sides += cut * (model.mla.kv_lora_rank + heads)
    return rank * sides


def activations(run: TrainingRun) -> Activations:
    """Bytes of activations of one GPU's batch; the module's text has the equation."""
    model, tokens = run.model, run.batch * run.sequence_tokens
    each = [layer_activation_bytes(run, layer) for layer in range(model.n_layers)]
    kept = 2.0 * tokens * model.hidden_size
    return Activations(
        layers=model.n_layers * kept if run.checkpointing else sum(each),
        recomputed=max(each) if run.checkpointing else 0.0,
        logits=2 * 4.0 * tokens * model.vocab_size,
    )


def layer_activation_bytes(run: TrainingRun, layer: int) -> float:
    """What one layer keeps: 15 s b h of attention and norms, 3 s b h + 4 s b f or 8 s b f of the feed-forward, and
    5 a s s b of scores where those are written."""
    model, tokens = run.model, run.batch * run.sequence_tokens
    width, gated = feed_forward(model, layer)
    scores = 5.0 * model.n_heads * run.sequence_tokens * tokens if run.scores_kept else 0.0
    return tokens * (18 * model.hidden_size + (8 if gated else 4) * width) + scores


@lru_cache(maxsize=4096)
def feed_forward(model: ModelSpec, layer: int) -> tuple[int, bool]:
    """Width that one token passes in the layer's feed-forward, of all its experts together, and whether it is gated."""
    moe = model.moe
    if moe is not None and has_experts(model, layer):
        width = moe.n_experts_per_token * moe.expert_intermediate_size + shared_width(moe)
        return width + (dense_width(model) if moe.parallel_dense else 0), True
    stems = {tensor.stem for tensor in tensors(model) if tensor.layer == layer}
    fused = any(t.layer == layer and t.stem == "ffn_up" and t.shape[1] > dense_width(model) for t in tensors(model))
    return dense_width(model), "ffn_gate" in stems or fused


def largest_matrix(model: ModelSpec) -> int:
    """Elements of the largest matrix in the blocks."""
    return max((tensor.elements // _stacked(tensor) for tensor in _matrices(model)), default=0)


def largest_block(model: ModelSpec) -> int:
    """Parameters of the largest block, or of the embedding where that is larger."""
    blocks = [0] * (model.n_layers + 1)
    for tensor in tensors(model):
        if tensor.layer is None or tensor.layer < model.n_layers:
            blocks[model.n_layers if tensor.layer is None else tensor.layer] += tensor.elements
    embedding = model.hidden_size * model.vocab_size
    return max(*blocks[: model.n_layers], embedding)


def _trained(params: float, *, frozen: float) -> States:
    return States(frozen, WEIGHT_BYTES * params, GRADIENT_BYTES * params, OPTIMIZER_BYTES * params)


@lru_cache(maxsize=64)
def _matrices(model: ModelSpec) -> tuple[Tensor, ...]:
    return tuple(t for t in tensors(model) if t.quantizable and t.layer is not None and t.layer < model.n_layers)


def _stacked(tensor: Tensor) -> int:
    """Matrices in one tensor: experts lie one upon the other."""
    return tensor.shape[2] if len(tensor.shape) > 2 else 1


def _is_target(model: ModelSpec, tensor: Tensor, targets: str) -> bool:
    if _stacked(tensor) > 1:
        return False
    if targets == "all-linear":
        return True
    if not tensor.stem.startswith("attn_"):
        return False
    named = {"attn_q", "attn_v", "attn_qkv"}
    # Latent attention has no matrices of these names; all of its own are taken then.
    return targets == "attention" or tensor.stem in named or model.mla is not None
