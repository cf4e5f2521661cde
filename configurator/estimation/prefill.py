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

from math import ceil

from configurator.estimation.calibration import RUNTIME_FAMILY, VALUES
from configurator.estimation.decode import (
    Device,
    all_reduces_ms,
    file_scale,
    kernel_us,
    matrix_ms,
    network_hop_ms,
    network_hops,
    tensor_ranks,
    writes_scores,
)
from configurator.estimation.offload import host_share, is_offloaded
from configurator.estimation.token_work import TokenWork, expert_share, score_bytes, token_work
from configurator.estimation.topology import Topology, host_link_gb_s
from configurator.estimation.types import Workload

VLLM_BATCH_TOKENS = 2048  # chunk of a prompt vLLM and LMDeploy take at once


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
    attention_ms = _attention(workload, work) / (device.peak_tflops * tp * 1e9 * VALUES[f"prefill_attention.{family}"])
    if writes_scores(workload):
        seen = workload.depth_tokens + workload.prompt_tokens / 2
        attention_ms += workload.prompt_tokens * score_bytes(work, seen) / (device.memory_gb_s * tp * 1e6)
    kernels = work.kernels + work.compressed_layers * VALUES[f"compressed_kernels.{family}"]
    launch_ms = kernels * kernel_us(device, family) / device.clock / 1000
    groups = wiring.tensor_groups(tp, stages)
    batch_ms = matrices_ms + launch_ms + all_reduces_ms(workload, groups, family, tokens)
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


def _attention(workload: Workload, work: TokenWork) -> float:
    """Operations of attention over the whole prompt. A token sees half the prompt on average, and all before it."""
    prompt, seen = workload.prompt_tokens, workload.depth_tokens + workload.prompt_tokens / 2
    windowed = sum(flops * min(seen, window) for window, flops in work.window_attention)
    return prompt * (work.attention_flops * seen + windowed)
