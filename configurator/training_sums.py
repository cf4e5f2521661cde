"""The sums behind a training plan, each with its figures and sources."""

from collections.abc import Mapping

from catalog.provenance import Source
from catalog.specs import GpuSpec
from configurator.estimation.rules import sources as rule_sources
from configurator.estimation.training import TrainingMemory, TrainingRun, adapter_params
from configurator.estimation.training_sources import (
    BUS_MEASURED,
    KAPLAN,
    KORTHIKANTI,
    LANE_RATE,
    LORA,
    MEGATRON,
    NCCL_TESTS,
    QLORA,
    ZERO,
)
from configurator.estimation.training_speed import MFU, NVLINK_REACHED, Scaling, flops_per_step
from configurator.scaling_out import Reckoned

SHARDING_WORDS = {"ddp": "DDP", "zero1": "ZeRO-1", "zero2": "ZeRO-2", "zero3": "ZeRO-3, FSDP"}
EXCHANGED = {
    "ddp": "2 (n − 1) ÷ n × gradients",
    "zero1": "2 (n − 1) ÷ n × gradients",
    "zero2": "(n − 1) ÷ n × (accumulated batches × gradients + trained weights)",
    "zero3": "(n − 1) ÷ n × accumulated batches × (2 × weights + gradients)",
}


def reckon(
    run: TrainingRun, plan: TrainingMemory, found: Scaling, gpu: GpuSpec, known: Mapping[str, Mapping[str, Source]]
) -> tuple[Reckoned, ...]:
    """The chosen plan's figures with their sums and sources."""
    model, own = run.model, plan.states
    params = f"{model.params_total / 1e9:.2f} B parameters"
    tokens = f"{run.batch} × {run.sequence_tokens:,} tokens"
    of_model = tuple(source for source in [known.get(model.slug, {}).get("params_total")] if source)
    adapters = adapter_params(model, run.lora_rank, run.lora_targets)
    shares = "" if plan.sharding == "ddp" else f", {SHARDING_WORDS[plan.sharding]}"
    rows = [
        Reckoned(
            "Weights",
            _gb(own.frozen + own.weights),
            "GB",
            _weights_sum(run, params, adapters) + shares,
            (*of_model, QLORA if run.method == "qlora" else ZERO),
        ),
        Reckoned(
            "Gradients and Adam",
            _gb(own.gradients + own.optimizer),
            "GB",
            f"(2 + 4 + 4 + 4) bytes × {params if run.method == 'full' else f'{adapters:,} adapter parameters'}{shares}",
            (ZERO,),
        ),
        Reckoned(
            "Activations kept by the layers",
            _gb(plan.activations.layers),
            "GB",
            f"{model.n_layers} layers × 2 s b h, {tokens}, width {model.hidden_size:,}"
            if run.checkpointing
            else f"{model.n_layers} layers × s b (18 h + 8 f), {tokens}; 4 f without a gate"
            + ("; and 5 a s² b of scores" if run.scores_kept else ""),
            (KORTHIKANTI,),
        ),
        Reckoned(
            "One layer computed again",
            _gb(plan.activations.recomputed),
            "GB",
            "s b (18 h + 8 f)" + (" + 5 a s² b" if run.scores_kept else "") + "; nothing without checkpointing",
            (KORTHIKANTI,),
        ),
        Reckoned(
            "Logits and their gradient",
            _gb(plan.activations.logits),
            "GB",
            f"2 × 4 s b v, {tokens}, vocabulary {model.vocab_size:,}",
            (KORTHIKANTI,),
        ),
        Reckoned(
            "Working room and runtime",
            _gb(plan.working + plan.runtime),
            "GB",
            "CUDA context, NCCL buffers"
            + (", one matrix at 16 bits" if run.method == "qlora" else "")
            + (", one block gathered" if plan.sharding == "zero3" else ""),
            (rule_sources.GENERAL_KNOWLEDGE,),
        ),
    ]
    if run.method != "full":
        rows.append(
            Reckoned("Adapter parameters", adapters, "count", f"rank {run.lora_rank} × (rows + columns)", (LORA,))
        )
    return (*rows, *_speed_sums(run, found, gpu, plan.sharding))


def _weights_sum(run: TrainingRun, params: str, adapters: int) -> str:
    if run.method == "full":
        return f"2 bytes × {params}"
    if run.method == "lora":
        return f"2 bytes × ({params} + {adapters:,} adapter parameters)"
    bits = 4.127 if run.double_quantised else 4.5
    return f"{bits} bits × matrices of the blocks, 2 bytes × the rest and the adapters"


def _speed_sums(run: TrainingRun, found: Scaling, gpu: GpuSpec, sharding: str) -> tuple[Reckoned, ...]:
    compute, exchange, bus = found.compute_s, found.exchange_s, found.bus_gb_s
    return (
        Reckoned(
            "Arithmetic of a step on one GPU",
            None if compute is None else round(compute.mid, 2),
            "s",
            f"{flops_per_step(run) / 1e12:,.0f} TFLOP ÷ ({gpu.fp16_tflops or 'unknown'} TFLOPS × MFU), an assumption: "
            f"{MFU.low:.0%} to {MFU.high:.0%}, here {MFU.mid:.0%}",
            (KAPLAN, MEGATRON),
        ),
        Reckoned(
            "Exchanged by each GPU in a step",
            _gb(found.exchanged_bytes),
            "GB",
            EXCHANGED[sharding],
            (NCCL_TESTS, ZERO),
        ),
        Reckoned(
            "Bandwidth of the exchange",
            None if bus is None else round(bus.mid, 1),
            "GB/s",
            f"NVLink: links × rate × {NVLINK_REACHED.low:g} to {NVLINK_REACHED.high:g}; across PCIe from a copy "
            "between peers to a whole x16 slot",
            (BUS_MEASURED, LANE_RATE),
        ),
        Reckoned(
            "Time of the exchange",
            None if exchange is None else round(exchange.mid, 3),
            "s",
            "bytes ÷ bandwidth, before any of it is hidden behind the backward pass",
            (rule_sources.ARITHMETIC,),
        ),
    )


def _gb(size: float) -> float:
    return round(size / 1e9, 2)
