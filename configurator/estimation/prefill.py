"""The time to read a prompt. Pure: no Django, no clock, no I/O.

A prompt is computed in batches, and a batch is bound by arithmetic::

    batch = 2 * parameters * tokens / (peak * efficiency)
          + attention / (peak * attention efficiency)
          + parameters unpacked * time to unpack one
          + launches + all-reduces

Every batch unpacks all weights it touches. A mixture of experts touches nearly all of its experts with a batch of a few
hundred tokens and gives each only a few rows to multiply, which is why it reads prompts more slowly than its active
parameters suggest. Pipeline stages work on different batches at the same time, so a prompt of m batches takes
``(m + n - 1) / (m * n)`` of one GPU's time on n stages.
"""

from dataclasses import replace
from math import ceil

from configurator.estimation.calibration import RUNTIME_FAMILY, VALUES
from configurator.estimation.decode import (
    Device,
    all_reduces_ms,
    file_scale,
    kernel_us,
    kv_ms,
    link_gb_s,
    matrix_ms,
    network_hop_ms,
    network_hops,
    tensor_ranks,
    weights_ms,
    writes_scores,
)
from configurator.estimation.offload import host_share, is_offloaded
from configurator.estimation.token_work import TokenWork, expert_share, score_bytes, token_work
from configurator.estimation.topology import TensorGroup, Topology, host_link_gb_s
from configurator.estimation.types import Workload

VLLM_BATCH_TOKENS = 2048  # chunk of a prompt vLLM and LMDeploy take at once
VALUE_BYTES = 4  # ggml hands activations on in FP32
STAGED_GPUS = 2  # ggml's own all-reduce is for two; with more it is NCCL's (ggml-cuda/allreduce.cu)
SMALL_BATCH = 64  # tokens up to which ggml keeps the weights quantised in a prompt's batch on Volta (mmq.cu)


def prefill_ms(device: Device, workload: Workload, wiring: Topology) -> float:
    """Milliseconds for ``workload.prompt_tokens`` on top of ``workload.depth_tokens`` already in the cache."""
    family = RUNTIME_FAMILY[workload.runtime]
    work = token_work(workload.model, workload.quant)
    tp = tensor_ranks(workload)
    stages = min(workload.pipeline_parallel, wiring.gpu_count // tp)
    largest = workload.ubatch if family == "llama" else max(workload.ubatch, VLLM_BATCH_TOKENS)
    batches = ceil(workload.prompt_tokens / largest)
    tokens = workload.prompt_tokens / batches

    matrices_ms = matrix_ms(device, workload, work, tokens, family)
    attention_ms = _attention_ms(device, workload, work, tokens, family)
    if family == "llama" and tokens <= SMALL_BATCH:
        # Read like the streams of a decode step, each token with the whole cache, where that is sooner.
        matrices_ms = min(matrices_ms, weights_ms(device, workload, work, tokens, family)[2])
        each = replace(workload, depth_tokens=workload.depth_tokens + workload.prompt_tokens // 2)
        attention_ms = min(attention_ms, workload.prompt_tokens * kv_ms(device, each, work, 1.0, family))
    if writes_scores(workload):
        seen = workload.depth_tokens + workload.prompt_tokens / 2
        attention_ms += workload.prompt_tokens * score_bytes(work, seen) / (device.memory_gb_s * tp * 1e6)
    kernels = work.kernels + work.compressed_layers * VALUES[f"compressed_kernels.{family}"]
    launch_ms = kernels * kernel_us(device, family) / device.clock / 1000
    if family == "llama":  # its recurrence takes one token after the other (gated_delta_net.cu), others a chunk
        launch_ms += tokens * work.recurrent_layers * VALUES["recurrent_token_us"] / device.clock / 1000
    groups = wiring.tensor_groups(tp, stages)
    batch_ms = matrices_ms + launch_ms + _handed_ms(workload, work, groups, wiring, family, tokens)
    handed_ms = batches * network_hops(groups, wiring) * network_hop_ms(workload, tokens)
    one_gpu_ms = batches * (batch_ms + _copied_ms(workload, work, wiring, tokens)) + attention_ms
    if is_offloaded(workload):  # without a pipeline the stages take turns
        return one_gpu_ms + handed_ms
    if work.compressed_layers:  # its stages do not overlap: 228 tok/s at 512 tokens, 209 at 8,192 on eight GPUs
        return one_gpu_ms + handed_ms
    return one_gpu_ms * (batches + stages - 1) / (batches * stages) + handed_ms


def _copied_ms(workload: Workload, work: TokenWork, wiring: Topology, tokens: float) -> float:
    """Copying what a batch needs of the weights in host memory to a GPU, ms."""
    if not is_offloaded(workload):
        return 0.0
    kept = host_share(workload, workload.quant)
    experts = work.total_expert_bytes * kept.experts * expert_share(workload.model, tokens)
    copied = (work.total_fixed_bytes * kept.fixed + experts) * file_scale(workload)
    return copied / (host_link_gb_s(wiring) * VALUES["host_copy_efficiency"]) / 1e6


def _handed_ms(
    workload: Workload, work: TokenWork, groups: tuple[TensorGroup, ...], wiring: Topology, family: str, tokens: float
) -> float:
    """What a batch costs in passing activations between the GPUs that share its matrices, ms."""
    if workload.split == "row":
        return _rows_ms(workload, work, wiring, tokens)
    if family == "llama" and len(groups[0].gpus) == STAGED_GPUS:
        # Every sum goes down to the host's memory and up again, in pieces, over the link to the host.
        payload = tokens * workload.model.hidden_size * VALUE_BYTES
        staged_ms = payload / (host_link_gb_s(wiring) * VALUES["staged_reduce_efficiency"]) / 1e6
        return max(2 * workload.model.n_layers * staged_ms, all_reduces_ms(workload, groups, family, tokens))
    return all_reduces_ms(workload, groups, family, tokens)


def _rows_ms(workload: Workload, work: TokenWork, wiring: Topology, tokens: float) -> float:
    """A row split gives each GPU some rows of every matrix: what goes in is copied to all of them, and what comes out
    is collected from all of them, matrix by matrix."""
    gpus = workload.tensor_parallel
    values = (gpus - 1) * work.row_inputs + (gpus - 1) / gpus * work.row_outputs
    link = link_gb_s(wiring.best_group(gpus)) * VALUES["row_link_efficiency"]
    return tokens * values * VALUE_BYTES / link / 1e6


def _attention_ms(device: Device, workload: Workload, work: TokenWork, tokens: float, family: str) -> float:
    """Attention over the whole prompt, ms. A token sees half the prompt on average, and all before it."""
    prompt, seen = workload.prompt_tokens, workload.depth_tokens + workload.prompt_tokens / 2
    # llama.cpp has a latent's attention work on the latent itself, prompts included; others expand keys and values.
    flops = work.absorbed_flops if family == "llama" else work.attention_flops
    windowed = sum(each * min(seen, window) for window, each in work.window_attention)
    reached = device.peak_tflops * tensor_ranks(workload) * 1e9 * VALUES[f"prefill_attention.{family}"]
    if family == "llama":  # heads that share keys are one batch with the tokens; a small one fills badly here as well
        model = workload.model
        columns = tokens * (model.n_heads if work.latent_flops else model.n_heads / model.n_kv_heads)
        reached *= columns / (columns + VALUES["prefill_half_tokens"])
    return prompt * (flops * seen + windowed) / reached
