"""Compute buffers where experts lie in host memory, and where attention is narrow: against llama.cpp's own plans."""

from itertools import starmap
from statistics import median
from typing import Any

import pytest

from configurator.estimation.graph_tape import Tape
from configurator.estimation.memory import memory
from configurator.estimation.split_buffer import replays, split_layers
from configurator.estimation.types import DeviceMemory, MemoryEstimate, Workload
from tests.configurator.estimation.memory_cases import HOST_CASES, build, model

MIB = 2**20
# The slack that a plan may lack: a CUDA context stands beside it, 320 MiB.
SLACK_MIB = 320

Row = list[Any]
ON_HOST: list[Row] = [row for row in HOST_CASES["rows"] if row[6]]
NARROW: list[Row] = [row for row in HOST_CASES["rows"] if not row[6]]


def plan(
    slug: str, quant: str, gpus: int, context: int, kv_dtype: str, ubatch: int, in_ram: int, _planned: Any = None
) -> MemoryEstimate:
    workload = Workload(
        model=model(slug),
        quant=quant,
        pipeline_parallel=gpus,
        context_tokens=context,
        kv_dtype=kv_dtype,
        ubatch=ubatch,
        expert_layers_in_ram=in_ram,
    )
    return memory(build(gpu_count=gpus, architecture="ampere"), workload)


def planned(gpu: DeviceMemory) -> float:
    return gpu.weights_mib + gpu.kv_mib + gpu.compute_mib


def pairs(rows: list[Row]) -> list[tuple[float, float]]:
    return [
        (planned(gpu), sum(theirs))
        for row, ours in zip(rows, starmap(plan, rows), strict=True)
        for gpu, theirs in zip(ours.per_gpu, row[7], strict=True)
    ]


def row_name(row: Row) -> str:
    return "-".join(str(part) for part in row[:7])


@pytest.mark.parametrize("row", ON_HOST, ids=row_name)
def test_with_experts_on_the_host_every_gpu_is_planned_as_llama_cpp_plans_it(row: Row) -> None:
    for gpu, theirs in zip(plan(*row).per_gpu, row[7], strict=True):
        assert planned(gpu) == pytest.approx(sum(theirs), rel=0.02)
        assert planned(gpu) > sum(theirs) - SLACK_MIB


def test_with_experts_on_the_host_most_gpus_are_planned_to_the_thousandth() -> None:
    errors = sorted(abs(ours / theirs - 1) for ours, theirs in pairs(ON_HOST))
    assert median(errors) < 0.0001
    assert errors[int(0.95 * len(errors))] < 0.0005


@pytest.mark.parametrize(
    ("slug", "gpu", "compute_mib"),
    [
        ("dbrx-132b", 0, 416.2),
        ("dbrx-132b", 1, 560.1),
        ("mixtral-8x22b", 0, 320.1),
        ("qwen3-coder-480b-a35b", 0, 704.1),
        ("qwen3.6-35b-a3b", 0, 352.5),
        ("minimax-m2", 0, 416.1),
        ("minimax-m2", 1, 728.2),
    ],
)
def test_a_gpu_without_its_experts_needs_room_for_what_the_host_sends_back(
    slug: str, gpu: int, compute_mib: float
) -> None:
    """llama-fit-params -c 32768 -ctk q8_0 -ctv q8_0 -ub 2048 -ncmoe 25, four devices."""
    estimate = plan(slug, "Q4_K_M", 4, 32768, "q8_0", 2048, 25)
    assert estimate.per_gpu[gpu].compute_mib == pytest.approx(compute_mib, abs=0.1)


@pytest.mark.parametrize("row", NARROW, ids=row_name)
def test_attention_narrower_than_the_hidden_state_is_planned_as_llama_cpp_plans_it(row: Row) -> None:
    """Mistral Nemo: 32 heads of 128 beside 5,120, whose last GPU depends on the cache's type."""
    for gpu, theirs in zip(plan(*row).per_gpu, row[7], strict=True):
        assert planned(gpu) == pytest.approx(sum(theirs), rel=0.0005)


def test_only_the_first_gpu_holds_copies_of_what_the_host_keeps() -> None:
    """ggml_backend_sched_backend_id_from_cur gives a large batch to the first backend that offloads it."""
    on_host = plan("mixtral-8x22b", "Q4_K_M", 4, 8192, "f16", 512, 56)
    first, *rest = (gpu.runtime_mib for gpu in on_host.per_gpu)
    assert set(rest) == {320.0}
    # Gate, up and their product for two experts of 16,384 each, and the copy of a matrix of eight experts.
    assert first > 320 + 3 * 4 * 512 * 2 * 16384 / MIB + 8 * 6144 * 16384 / 2 / MIB


def test_a_long_run_of_like_layers_is_told_by_a_few() -> None:
    qwen = model("qwen3.6-35b-a3b")
    told = split_layers(qwen, tuple(range(40)), 40)
    assert len(told) == 16
    assert [layer.attends for layer in told[:4]] == ["recurrent"] * 3 + ["full"]
    assert told[-1].attends == "full"


def test_an_architecture_whose_graph_is_not_written_down_is_not_replayed() -> None:
    assert replays(model("mixtral-8x22b"))
    assert not replays(model("deepseek-v4-flash"))
    assert not replays(model("llama-3.1-8b"))


def test_a_tensor_takes_the_smallest_free_room_that_holds_it() -> None:
    tape = Tape(unit=1)
    large, between, small, after = tape.new(50), tape.new(1), tape.new(10), tape.new(1)
    tape.use(large)
    tape.use(small)
    tape.new(10, between, after)
    assert tape.peak() == 62


def test_an_operation_takes_over_a_source_that_nothing_else_needs() -> None:
    tape = Tape(unit=1)
    tape.changed(tape.changed(tape.new(100)))
    assert tape.peak() == 100
    tape = Tape(unit=1)
    source = tape.new(100)
    tape.use(tape.changed(source), source)
    assert tape.peak() == 200


def test_a_result_of_the_graph_is_never_given_back() -> None:
    tape = Tape(unit=1)
    result = tape.new(100)
    tape.kept.append(result)
    tape.changed(result)
    assert tape.peak() == 200
