"""What stands behind a speed: which measurements, and how far they spread. Pure: no Django, no clock, no I/O.

A spread is the standard deviation of ln(measured / estimated). That of an arrangement comes from its measured rows with
their whole source left out of the fit, rounded up where one source or one model gave most of them. Each way in which
a question departs from what was measured adds a spread of its own, as variances; those are judgements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log, sqrt

from configurator.estimation.calibration import RUNTIME_FAMILY
from configurator.estimation.decode import tensor_ranks, writes_scores
from configurator.estimation.offload import host_bandwidth_gb_s, is_offloaded
from configurator.estimation.power import effective_limit_w
from configurator.estimation.prefill import STAGED_GPUS
from configurator.estimation.token_work import expert_share, token_work
from configurator.estimation.topology import Topology
from configurator.estimation.types import Build, MemoryEstimate, Supply, Workload

MEASURED, MODELLED, EXTRAPOLATED = "measured-family", "modelled", "extrapolated"
_FROM_SUREST = (MEASURED, MODELLED, EXTRAPOLATED)

RANGE_DEVIATIONS = 1.44  # standard deviations to each side that hold 85 % of a normal distribution
PREFILL_SPREAD = 0.30  # of prompt speed, on top of the arrangement's
LARGEST_MESH = 4  # GPUs of the largest group in which every pair has NVLink, on any V100 carrier without a switch
MOST_MEASURED_GPUS = 8
MOST_MEASURED_STREAMS = 16
DEEPEST_MEASURED_TOKENS = 262_144
LOWEST_MEASURED_LIMIT_W = {"volta": 175, "ampere": 150, "pascal": 200}
# 12.1 tok/s at 100 W where 62.6 were left at 150 W (six RTX 3090): far below its default a card's clock collapses.
CLIFF_FRACTION = 0.5  # of the default power; where limits below it were measured, the lowest of them
CLIFF_STEEPNESS = 2.3
# Chips on which mixtures with few active parameters were measured.
SMALL_EXPERTS_MEASURED = frozenset({"volta", "pascal", "rdna3.5"})
SMALL_EXPERTS_PARAMS = 6e9  # active, without the output
# Kernel classes with no measured row behind their rate.
UNMEASURED_KERNELS = frozenset({"IQ1", "IQ3", "int8", "MXFP4"})
UNMEASURED_SHARE = 0.3  # of the weights' bytes from which they matter


@dataclass(frozen=True, slots=True)
class Evidence:
    """How surely something is known: "measured-family", "modelled" or "extrapolated", and the spread."""

    basis: str
    spread: float
    below: float = 0.0  # more spread towards less than estimated


# (GPU architecture, runtime family, arrangement); "tensor-wide" is more ranks than a mesh, "any" the rest.
ARRANGEMENTS: dict[tuple[str, str, str], Evidence] = {
    ("volta", "llama", "none"): Evidence(MEASURED, 0.17),
    ("volta", "llama", "layer"): Evidence(MEASURED, 0.20),
    ("volta", "llama", "tensor"): Evidence(MEASURED, 0.20),
    ("volta", "llama", "row"): Evidence(MEASURED, 0.20),
    ("volta", "llama", "any"): Evidence(MODELLED, 0.25),
    ("volta", "turbomind", "tensor"): Evidence(MEASURED, 0.14),
    ("volta", "turbomind", "tensor-wide"): Evidence(MODELLED, 0.35),
    ("volta", "turbomind", "any"): Evidence(MODELLED, 0.18),
    ("volta", "vllm", "any"): Evidence(MODELLED, 0.30),
    ("ampere", "vllm", "any"): Evidence(MODELLED, 0.30),
    ("ampere", "llama", "none"): Evidence(MEASURED, 0.18),
    ("ampere", "llama", "layer"): Evidence(MEASURED, 0.18),
    ("ampere", "llama", "any"): Evidence(MODELLED, 0.25),
    ("ada", "llama", "none"): Evidence(MEASURED, 0.14),
    ("ada", "llama", "layer"): Evidence(MEASURED, 0.14),
    ("ada", "llama", "any"): Evidence(MODELLED, 0.25),
    ("turing", "llama", "none"): Evidence(MEASURED, 0.15),
    ("turing", "llama", "any"): Evidence(MODELLED, 0.25),
    ("pascal", "llama", "none"): Evidence(MEASURED, 0.18),
    ("pascal", "llama", "any"): Evidence(MODELLED, 0.25),
    ("rdna3.5", "llama", "none"): Evidence(MEASURED, 0.16),
}
# The same for prompts only, on top of the above.
PROMPT_DEPARTURES: dict[str, Evidence] = {
    # Builds differ twofold in the kernels that multiply experts: 773 and 1,458 tok/s of the same 35B on one V100.
    "experts": Evidence(MODELLED, 0.25),
    # One report has 1,060 and 2,036 tok/s with the same two cards, and 2,780 with NCCL over their bridge.
    "staged-reduce": Evidence(MODELLED, 0.38),
    # 2,144 tok/s of the first 1,024 tokens where 4,096 were read at 3,293: compiling and warming up.
    "short-prompt": Evidence(MODELLED, 0.0, 0.30),
}
SHORT_PROMPT_TOKENS = 2048

UNKNOWN_ARRANGEMENT = Evidence(EXTRAPOLATED, 0.40)

DEPARTURES: dict[str, Evidence] = {
    "ik_llama.cpp": Evidence(MODELLED, 0.12),  # measured only with experts in host memory
    "lmdeploy": Evidence(MODELLED, 0.15),  # shares its kernels with the measured fork of vLLM
    "sglang": Evidence(EXTRAPOLATED, 0.25),  # taken to be like vLLM, nothing measured
    "power-limit": Evidence(EXTRAPOLATED, 0.15),  # below any limit measured
    "experts": Evidence(MODELLED, 0.20),  # small experts on chips on which none was measured
    "no-flash-attention": Evidence(MODELLED, 0.25),  # scores written out: counted by traffic, not measured
    "network": Evidence(EXTRAPOLATED, 0.40),  # between machines nothing was measured
    "wiring-presumed": Evidence(MODELLED, 0.08),  # nobody has read out the board's topology
    "wiring-pcie": Evidence(MODELLED, 0.20),
    "tensor-and-pipeline": Evidence(MODELLED, 0.12),
    # One build on fourteen was half as fast as another on eight, in prompts too, which no number of stages explains.
    "many-gpus": Evidence(EXTRAPOLATED, 0.25),
    "kernels": Evidence(MODELLED, 0.12),
    "compressed": Evidence(MODELLED, 0.20),  # two runtimes differ fourfold in the kernels of DeepSeek V4
    "latent": Evidence(MODELLED, 0.10),
    "latent-many-gpus": Evidence(EXTRAPOLATED, 0.20),
    "recurrent-kind": Evidence(MODELLED, 0.12),  # other than Gated DeltaNet
    "streams": Evidence(MODELLED, 0.20),
    "many-streams": Evidence(EXTRAPOLATED, 0.40),
    "streams-in-stages": Evidence(MODELLED, 0.30),  # one batch or one for each stage: as their beginnings fell
    "depth": Evidence(EXTRAPOLATED, 0.15),
    "host-memory": Evidence(MODELLED, 0.25),  # two measured rows, a host's memory seldom stated
    "host-memory-presumed": Evidence(EXTRAPOLATED, 0.35),
    "drafting": Evidence(MODELLED, 0.15),
    "does-not-fit": Evidence(EXTRAPOLATED, 0.40),
}


def evidence(build: Build, workload: Workload, supply: Supply, memory: MemoryEstimate, wiring: Topology) -> Evidence:
    """What stands behind the speed of this build: the weakest basis of all, and the spreads together."""
    found = list(_found(build, workload, supply, memory, wiring))
    basis = max((each.basis for each in found), key=_FROM_SUREST.index)
    below = sqrt(sum(each.below**2 for each in found))
    return Evidence(basis, sqrt(sum(each.spread**2 for each in found)), below)


def prompt_evidence(build: Build, workload: Workload, known: Evidence) -> Evidence:
    """The same for the speed of prompts, from what is known of decoding."""
    spread, below = known.spread**2 + PREFILL_SPREAD**2, known.below**2
    for each in _of_prompt(build, workload):
        spread += each.spread**2
        below += each.below**2
    return Evidence(known.basis, sqrt(spread), sqrt(below))


def _of_prompt(build: Build, workload: Workload) -> Iterator[Evidence]:
    family = RUNTIME_FAMILY[workload.runtime]
    if family == "llama":
        if workload.model.moe is not None and build.gpu.architecture == "volta":
            yield PROMPT_DEPARTURES["experts"]
        if tensor_ranks(workload) == STAGED_GPUS:
            yield PROMPT_DEPARTURES["staged-reduce"]
    elif workload.prompt_tokens < SHORT_PROMPT_TOKENS:
        yield PROMPT_DEPARTURES["short-prompt"]


def _found(
    build: Build, workload: Workload, supply: Supply, memory: MemoryEstimate, wiring: Topology
) -> Iterator[Evidence]:
    architecture, family = build.gpu.architecture, RUNTIME_FAMILY[workload.runtime]
    ranks = tensor_ranks(workload)
    arrangement = "tensor-wide" if ranks > LARGEST_MESH else workload.split
    yield ARRANGEMENTS.get((architecture, family, arrangement)) or ARRANGEMENTS.get(
        (architecture, family, "any"), UNKNOWN_ARRANGEMENT
    )
    if workload.runtime in DEPARTURES:
        yield DEPARTURES[workload.runtime]
    limit_w = effective_limit_w(build.gpu, supply.power_limit_w)
    if limit_w < min(build.gpu.default_power_w, LOWEST_MEASURED_LIMIT_W.get(architecture, build.gpu.default_power_w)):
        yield DEPARTURES["power-limit"]
    lowest_w = min(CLIFF_FRACTION * build.gpu.default_power_w, LOWEST_MEASURED_LIMIT_W.get(architecture, inf))
    if limit_w < lowest_w:
        yield Evidence(EXTRAPOLATED, 0.0, CLIFF_STEEPNESS * log(lowest_w / limit_w))
    if writes_scores(workload):
        yield DEPARTURES["no-flash-attention"]
    if len({wiring.host_of[gpu] for gpu in range(ranks * workload.pipeline_parallel)}) > 1:
        yield DEPARTURES["network"]
    if ranks > 1:
        yield from _of_wiring(workload, wiring, ranks)
    gpus = ranks * workload.pipeline_parallel
    if gpus > MOST_MEASURED_GPUS:
        yield DEPARTURES["many-gpus"]
    yield from _of_model(workload, gpus, architecture)
    if workload.streams > 1:
        yield DEPARTURES["streams" if workload.streams <= MOST_MEASURED_STREAMS else "many-streams"]
        if family != "llama" and workload.pipeline_parallel > 1:
            yield DEPARTURES["streams-in-stages"]
    if workload.depth_tokens > DEEPEST_MEASURED_TOKENS:
        yield DEPARTURES["depth"]
    if is_offloaded(workload):
        yield DEPARTURES["host-memory" if host_bandwidth_gb_s(build)[1] else "host-memory-presumed"]
    if workload.speculative_tokens:
        yield DEPARTURES["drafting"]
    if not memory.fits:
        yield DEPARTURES["does-not-fit"]


def _of_wiring(workload: Workload, wiring: Topology, ranks: int) -> Iterator[Evidence]:
    joined = wiring.best_group(ranks).wiring
    if joined == "unknown" or (joined != "pcie" and not wiring.verified):
        yield DEPARTURES["wiring-presumed"]
    if joined == "pcie" and RUNTIME_FAMILY[workload.runtime] != "llama":
        yield DEPARTURES["wiring-pcie"]
    if workload.pipeline_parallel > 1:
        yield DEPARTURES["tensor-and-pipeline"]


def _of_model(workload: Workload, gpus: int, architecture: str) -> Iterator[Evidence]:
    work = token_work(workload.model, workload.quant)
    unmeasured = sum(size for kind, size in work.read_bytes if kind in UNMEASURED_KERNELS)
    if unmeasured > UNMEASURED_SHARE * sum(size for _, size in work.read_bytes):
        yield DEPARTURES["kernels"]
    if work.compressed_layers:
        yield DEPARTURES["compressed"]
    elif work.latent_flops:
        yield DEPARTURES["latent" if gpus <= LARGEST_MESH else "latent-many-gpus"]
    if workload.model.moe is not None and architecture not in SMALL_EXPERTS_MEASURED:
        active = work.fixed_params + work.expert_params * expert_share(workload.model, 1)
        if active < SMALL_EXPERTS_PARAMS:
            yield DEPARTURES["experts"]
    linear = workload.model.linear
    if linear is not None and linear.kind != "gated_deltanet":
        yield DEPARTURES["recurrent-kind"]
