"""How fast a build decodes and reads prompts, as ranges that say what they rest on. Pure: no Django, no clock, no I/O.

The causes are added up in :mod:`configurator.estimation.decode` and :mod:`configurator.estimation.prefill`. Here the
power limit becomes an SM clock, and every answer becomes a range: its width is the spread of the measurements behind
it, wider for each way in which the question lies outside of what anybody measured.
"""

from dataclasses import replace
from math import exp, hypot, sqrt

from configurator.estimation.calibration import RUNTIME_FAMILY, VALUES
from configurator.estimation.decode import Device, Step, decode_step, device, file_scale
from configurator.estimation.evidence import RANGE_DEVIATIONS, evidence, prompt_evidence
from configurator.estimation.offload import host_bandwidth_gb_s
from configurator.estimation.power import effective_limit_w
from configurator.estimation.prefill import prefill_ms
from configurator.estimation.speculation import acceptance, mtp_weights, tokens_per_step
from configurator.estimation.topology import Topology, topology
from configurator.estimation.types import (
    Build,
    DecodeMs,
    MemoryEstimate,
    Range,
    Speculation,
    SpeedEstimate,
    Supply,
    Workload,
)

LOWEST_CLOCK = 0.1  # 135 of 1,530 MHz on a V100


def speed(build: Build, workload: Workload, supply: Supply, memory: MemoryEstimate) -> SpeedEstimate:
    """Estimate decode and prefill speed, tokens a second, and the time to the first token, seconds.

    ``decode_tok_s`` is what each stream gets while all of them run, at ``workload.depth_tokens``; the parts of
    ``decode_ms`` add up to 1000 / mid of it. ``aggregate_tok_s`` is for all streams together. A model that does not
    fit (``memory.fits`` False) is answered as if it did, with the widest range.

    Raises ValueError where the workload's ranks are more than the build's GPUs.
    """
    wiring = topology(build)
    pace = DecodePace(build, workload, wiring)
    clock = pace.clock(supply)
    step, at_clock = pace.step(clock), device(build.gpu, clock)

    prompt_s = _prompt_s(build, workload, supply, wiring)
    first_s = prompt_s + (step.ms.total + VALUES["first_token_ms"]) / 1000

    known = evidence(build, workload, supply, memory, wiring)
    of_prompts = prompt_evidence(build, workload, known)
    decode = _range(1000 / step.ms.total, known.spread, known.below)
    speculation = None
    if workload.speculative_tokens:
        round_step = _speculative_step(at_clock, workload, wiring, pace.streams, pace.host_gb_s)
        decode, step, speculation = _speculative(workload, round_step, decode, known.spread, known.below)
    return SpeedEstimate(
        decode_tok_s=decode,
        aggregate_tok_s=Range(*(workload.streams * speed for speed in (decode.low, decode.mid, decode.high))),
        prefill_tok_s=_range(workload.prompt_tokens / prompt_s, of_prompts.spread, of_prompts.below),
        ttft_s=_range(first_s, of_prompts.spread, above=of_prompts.below),
        bound_by=_bound_by(step),
        decode_ms=step.ms,
        basis=known.basis,
        speculation=speculation,
    )


class DecodePace:
    """The decoding of one workload on one build, step by step, at whatever power limit.

    For those who ask for many limits of the same: the middle of ``speed(...).decode_tok_s`` and nothing else.
    """

    def __init__(self, build: Build, workload: Workload, wiring: Topology) -> None:
        self.streams = _streams_in_step(workload)
        self.host_gb_s, _ = host_bandwidth_gb_s(build)
        self._build, self._workload, self._wiring = build, workload, wiring
        self.full = decode_step(device(build.gpu, 1.0), workload, wiring, self.streams, self.host_gb_s)
        self._need_w = _decode_need_w(build, self.full)
        self._tok_s: dict[float, float] = {}

    def clock(self, supply: Supply) -> float:
        """SM clock while decoding, as a fraction of the full one."""
        return _clock(self._build, supply, self._need_w)

    def step(self, clock: float) -> Step:
        if clock == 1.0:
            return self.full
        return decode_step(device(self._build.gpu, clock), self._workload, self._wiring, self.streams, self.host_gb_s)

    def tok_s(self, supply: Supply) -> float:
        """Tokens a second of each stream, without drafting."""
        clock = self.clock(supply)
        if clock not in self._tok_s:
            self._tok_s[clock] = 1000 / self.step(clock).ms.total
        return self._tok_s[clock]

    @property
    def most_tok_s(self) -> float:
        """No wiring between these GPUs and no power limit makes it faster than this."""
        ms = self.full.ms
        return 1000 / (ms.total - ms.all_reduce - ms.hops)


def prefill_tok_s(build: Build, workload: Workload, supply: Supply) -> float:
    """The middle of ``speed(...).prefill_tok_s``."""
    return workload.prompt_tokens / _prompt_s(build, workload, supply, topology(build))


def _prompt_s(build: Build, workload: Workload, supply: Supply, wiring: Topology) -> float:
    clock = _clock(build, supply, build.gpu.default_power_w)
    return prefill_ms(device(build.gpu, clock), workload, wiring) / 1000


def _speculative_step(at_clock: Device, workload: Workload, wiring: Topology, streams: float, host_gb_s: float) -> Step:
    """One round: the drafts one after the other, and the check of all of them as one batch."""
    drafts = workload.speculative_tokens
    # The tokens of one stream share its cache, which a batch reads once.
    check = decode_step(at_clock, workload, wiring, streams * (drafts + 1), host_gb_s)
    weights = mtp_weights(workload.model, workload.quant)
    read = (weights.blocks + weights.output) * file_scale(workload) / workload.tensor_parallel
    ms = replace(
        check.ms,
        kv=check.ms.kv / (drafts + 1),
        weights=check.ms.weights + drafts * read / at_clock.memory_gb_s / 1e6,
        launch=check.ms.launch + drafts * VALUES["mtp_draft_us"] / 1000 / at_clock.clock,
    )
    return replace(check, ms=ms)


def _speculative(
    workload: Workload, round_step: Step, plain: Range, spread: float, below: float
) -> tuple[Range, Step, Speculation]:
    """Speed with drafting, the time of one token by cause, and what was taken for granted."""
    accepted = acceptance()
    low, mid, high = (
        tokens_per_step(workload.speculative_tokens, part) for part in (accepted.low, accepted.mid, accepted.high)
    )
    a_round = _range(1000 / round_step.ms.total, spread, below)
    speed = Range(low * a_round.low, mid * a_round.mid, high * a_round.high)
    ms = round_step.ms
    token = DecodeMs(*(getattr(ms, cause) / mid for cause in ("weights", "kv", "launch", "all_reduce", "hops", "host")))
    return speed, replace(round_step, ms=token), Speculation(workload.speculative_tokens, accepted, mid, plain)


def _streams_in_step(workload: Workload) -> float:
    """Streams that one step serves. llama.cpp sends all of them through stage by stage. vLLM keeps as many batches on
    the way as it has stages, but whatever waits becomes one batch: streams that began together stay together and leave
    the other stages idle, those that began apart fill them (vLLM, issues 41682 and 50853). Half way between the two.
    """
    if RUNTIME_FAMILY[workload.runtime] == "llama":
        return float(workload.streams)
    return max(1.0, workload.streams / sqrt(workload.pipeline_parallel))


def _decode_need_w(build: Build, full: Step) -> float:
    """Draw while decoding at full clock, watts: what is static, and the rest as far as memory and arithmetic work.

    232 W sustained were seen on one V100 of 250 W with a dense model, 180-200 W a card of 300 W under tensor
    parallelism.
    """
    default_w = build.gpu.default_power_w
    static_w = _static_w(build)
    busy = (full.ms.weights + full.ms.kv) / full.ms.total
    return static_w + busy * (VALUES["decode_power_fraction"] * default_w - static_w)


def _static_w(build: Build) -> float:
    """Watts that lower clocks of the multiprocessors do not save: leakage, and the memory, whose clock stays."""
    chip = f"static_power_fraction.{build.gpu.architecture}.{build.gpu.compute_capability}"
    return VALUES.get(chip, VALUES["static_power_fraction"]) * build.gpu.default_power_w


def _clock(build: Build, supply: Supply, need_w: float) -> float:
    """SM clock that the power limit leaves, as a fraction of what the work would run at.

    Dynamic power goes with clock x voltage squared, and voltage with the clock, so with its third power, until the
    voltage is at its lowest; from there on power falls with the clock alone. The memory clock stays: 877 MHz on a V100
    at every limit.
    """
    limit_w = effective_limit_w(build.gpu, supply.power_limit_w)
    static_w = _static_w(build)
    if limit_w >= need_w:
        return 1.0
    left = max(0.0, limit_w - static_w) / (need_w - static_w)
    floor = VALUES["lowest_voltage_clock"]
    return float(max(LOWEST_CLOCK, left ** (1 / 3) if left > floor**3 else left / floor**2))


def _bound_by(step: Step) -> str:
    ms = step.ms
    causes = {
        "data": ms.weights + ms.kv,
        "launch": ms.launch,
        "interconnect": ms.all_reduce + ms.hops,
        "host": ms.host,
    }
    largest = max(causes, key=lambda cause: causes[cause])
    if largest != "data":
        return largest
    return "compute" if ms.weights > ms.kv and step.weights_compute_ms > step.weights_memory_ms else "bandwidth"


def _range(mid: float, spread: float, below: float = 0.0, above: float = 0.0) -> Range:
    """``spread`` is the standard deviation of ln(measured / estimated) where such cases were measured, ``below`` and
    ``above`` add to it on one side."""
    low, high = (exp(RANGE_DEVIATIONS * hypot(spread, more)) for more in (below, above))
    return Range(mid / low, mid, mid * high)
