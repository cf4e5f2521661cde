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
from configurator.estimation.decode import ACTIVATION_BYTES, Device, all_reduce_us, kernel_us, tensor_ranks
from configurator.estimation.token_work import TokenWork, expert_share, token_work
from configurator.estimation.topology import TensorGroup, Topology
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

    matrices_ms = _matrices(device, workload, work, tokens, family)
    attention_ms = _attention(workload, work) / (device.peak_tflops * tp * 1e9 * VALUES[f"prefill_attention.{family}"])
    kernels = work.kernels + work.compressed_layers * VALUES[f"compressed_kernels.{family}"]
    launch_ms = kernels * kernel_us(device, family) / device.clock / 1000
    groups = wiring.tensor_groups(tp, stages)
    batch_ms = matrices_ms + launch_ms + _all_reduce(workload, groups, family, tokens)
    one_gpu_ms = batches * batch_ms + attention_ms
    if work.compressed_layers:  # its stages do not overlap: 228 tok/s at 512 tokens, 209 at 8,192 on eight GPUs
        return one_gpu_ms
    return one_gpu_ms * (batches + stages - 1) / (batches * stages)


def _matrices(device: Device, workload: Workload, work: TokenWork, tokens: float, family: str) -> float:
    """Multiplying one batch with all matrices, ms."""
    tp = tensor_ranks(workload)
    # Small batches fill the multiprocessors badly.
    filled = tokens / (tokens + VALUES["prefill_half_tokens"])
    reached = device.matrix_tflops * tp * 1e9 * VALUES[f"prefill_matrix.{family}"] * filled
    if workload.quant == "BF16" and not device.bf16:
        reached *= VALUES["prefill_bf16_emulated"]
    share = expert_share(workload.model, 1)
    dense_ms = 2 * work.fixed_params * tokens / reached
    experts_ms = 2 * work.expert_params * share * tokens / (reached * VALUES["prefill_experts"])
    touched = work.expert_params * expert_share(workload.model, tokens)
    unpack_ms = touched * VALUES[f"prefill_unpack_ps.{family}"] / 1e9 / (device.sm * tp)
    if workload.split == "row":
        dense_ms /= VALUES["prefill_row"]
    return dense_ms + experts_ms + unpack_ms


def _attention(workload: Workload, work: TokenWork) -> float:
    """Operations of attention over the whole prompt. A token sees half the prompt on average, and all before it."""
    prompt, seen = workload.prompt_tokens, workload.depth_tokens + workload.prompt_tokens / 2
    windowed = sum(flops * min(seen, window) for window, flops in work.window_attention)
    return prompt * (work.attention_flops * seen + windowed)


def _all_reduce(workload: Workload, groups: tuple[TensorGroup, ...], family: str, tokens: float) -> float:
    """Two all-reduces a layer of a whole batch's activations, ms."""
    tp = len(groups[0].gpus)
    if tp == 1:
        return 0.0
    payload = 2 * (tp - 1) / tp * tokens * workload.model.hidden_size * ACTIVATION_BYTES
    per_call = [
        all_reduce_us(group, family) / 1000 + payload / (_rate(group) * VALUES["link_efficiency"] * 1e6)
        for group in groups
    ]
    return 2 * workload.model.n_layers * sum(per_call) / len(groups)


def _rate(group: TensorGroup) -> float:
    return group.slowest_gb_s or VALUES["unknown_link_gb_s"]
