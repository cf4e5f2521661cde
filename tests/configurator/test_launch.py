"""The commands that start a build: what they must say, and that what people type cannot break them."""

import shlex
import subprocess
from dataclasses import replace

import pytest

from configurator.estimation.estimate import estimate
from configurator.estimation.types import Build, Supply, Workload
from configurator.launch import Command, Launch, launch
from tests.configurator.estimation.builds import (
    LLAMA_70B,
    MOE_235B,
    SERVER,
    US_15A,
    make_build,
    make_gpu,
)

QUAD = make_build(make_gpu(memory_mib=32494, slug="v100-sxm2-32gb"))


def start(
    workload: Workload, build: Build = QUAD, limit_w: int | None = None, refusals: tuple[str, ...] = ()
) -> Launch:
    supply = Supply(limit_w, US_15A)
    return launch(build, workload, supply, estimate(build, workload, supply), refusals)


def command(found: Launch, slug: str) -> Command:
    return next(command for command in found.commands if command.slug == slug)


LAYERS = Workload(LLAMA_70B, split="layer", pipeline_parallel=4)
RANKS = Workload(LLAMA_70B, split="tensor", tensor_parallel=4, runtime="1cat-vllm", quant="AWQ")


def test_llama_server_gets_cache_slots_and_split_of_the_estimate() -> None:
    text = command(start(replace(LAYERS, streams=4, context_tokens=16384, kv_dtype="q8_0")), "serve").text
    words = shlex.split(text.replace("\\\n", " "))
    assert words[0] == "./build/bin/llama-server"
    options = dict(zip(words[1::2], words[2::2], strict=False))
    assert options["-c"] == str(4 * 16384)
    assert options["-np"] == "4"
    assert options["-sm"] == "layer"
    assert options["-fa"] == "on"
    assert options["-ctk"] == options["-ctv"] == "q8_0"
    assert options["--host"] == "127.0.0.1"


def test_what_only_host_memory_makes_fit_is_started_that_way() -> None:
    workload = replace(LAYERS, model=MOE_235B)
    found = start(workload, make_build())
    answer = estimate(make_build(), workload, Supply(None, US_15A))
    assert answer.offload is not None
    text = command(found, "serve").text
    assert f"-ncmoe {answer.offload.expert_layers_in_ram}" in text
    asked_by = {option.finding for option in command(found, "serve").options}
    assert "fits-with-host-memory" in asked_by


def test_volta_is_built_with_its_own_architecture_and_told_why() -> None:
    compiled = command(start(LAYERS), "compile")
    assert "-DCMAKE_CUDA_ARCHITECTURES=70" in compiled.text
    assert any("CUDA 12" in option.why and option.finding == "cuda-13" for option in compiled.options)
    assert "580" in command(start(LAYERS), "check").options[0].why


def test_a_power_limit_comes_with_a_unit_that_sets_it_at_every_start() -> None:
    text = command(start(LAYERS, limit_w=175), "power-limit").text
    assert "nvidia-smi -pl 175" in text
    assert "WantedBy=multi-user.target" in text
    assert "systemctl enable --now" in text
    assert not [c for c in start(LAYERS).commands if c.slug == "power-limit"]


def test_vllm_on_volta_computes_in_float16_within_a_linked_quad() -> None:
    build = make_build(make_gpu(memory_mib=32494), gpu_count=8, carrier=SERVER)
    text = command(start(replace(RANKS, pipeline_parallel=2), build), "serve").text
    assert "--dtype float16" in text
    assert "--tensor-parallel-size 4" in text
    assert "--pipeline-parallel-size 2" in text
    visible = text.partition("CUDA_VISIBLE_DEVICES=")[2].partition(" ")[0]
    assert sorted(visible.split(",")) == [str(gpu) for gpu in range(8)]
    first = [int(gpu) for gpu in visible.split(",")[:4]]
    assert all(SERVER.links[a][b] for a in first for b in first if a != b)


def test_lmdeploy_and_ollama_have_options_of_their_own() -> None:
    lmdeploy = command(start(replace(RANKS, runtime="lmdeploy", kv_dtype="q8_0")), "serve").text
    assert "lmdeploy serve api_server" in lmdeploy
    assert "--backend turbomind" in lmdeploy
    assert "--model-format awq" in lmdeploy
    assert "--quant-policy 8" in lmdeploy
    ollama = command(start(replace(LAYERS, runtime="ollama", streams=2)), "serve").text
    assert "OLLAMA_CONTEXT_LENGTH=8192" in ollama
    assert "OLLAMA_NUM_PARALLEL=2" in ollama


def test_a_runtime_that_does_not_run_there_gets_the_reason_and_no_command() -> None:
    found = start(RANKS, refusals=("vLLM does not run on this GPU.",))
    assert found.commands == ()
    assert found.refusals == ("vLLM does not run on this GPU.",)
    too_large = replace(RANKS, model=MOE_235B, context_tokens=131072)
    assert "does not fit" in start(too_large, make_build()).refusals[0]


@pytest.mark.parametrize("runtime", ["llama.cpp", "ollama", "1cat-vllm", "lmdeploy"])
def test_names_of_models_cannot_break_out_of_a_command(runtime: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A pasted model may be called anything; a shell must see one word."""
    evil = "x'; touch pwned #$(touch pwned)`touch pwned`\n touch pwned"
    model = replace(LLAMA_70B, slug=evil, hf_repo=evil)
    base = RANKS if runtime in ("1cat-vllm", "lmdeploy") else LAYERS
    folder = tmp_path_factory.mktemp("launch")
    for each in start(replace(base, model=model, runtime=runtime)).commands:
        if each.slug == "serve":
            # Programs are not there; only what the shell itself would run counts.
            subprocess.run(["/bin/sh", "-c", each.text], cwd=folder, check=False, capture_output=True, timeout=10)
    assert list(folder.iterdir()) == []


def test_every_finding_an_option_names_is_among_the_findings() -> None:
    supply = Supply(175, US_15A)
    for workload in (LAYERS, RANKS, replace(LAYERS, runtime="ollama"), replace(RANKS, runtime="lmdeploy")):
        answer = estimate(QUAD, workload, supply)
        ids = {finding.id for finding in answer.findings}
        found = launch(QUAD, workload, supply, answer)
        named = {option.finding for each in found.commands for option in each.options if option.finding}
        assert named
        assert named <= ids
