"""Experts and layers in host memory, and tokens drafted ahead. Pure."""

from configurator.estimation.offload import host_capacity_gib
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, caution, note, ok, unknown
from configurator.estimation.types import Offload

MOST_OF_RAM = 0.9  # the system and the server itself want some


def moved(offload: Offload) -> str:
    """What lies in host memory, in words."""
    if offload.expert_layers_in_ram:
        return f"the experts of the first {offload.expert_layers_in_ram} layers"
    return f"all but {offload.gpu_layers} layers"


def offload_changes(offload: Offload) -> Changes:
    """The settings that move as much."""
    gpu_layers = "" if offload.gpu_layers is None else str(offload.gpu_layers)
    return (("expert_layers_in_ram", str(offload.expert_layers_in_ram)), ("gpu_layers", gpu_layers))


def fits_with_host_memory(facts: Facts) -> Verdict | None:
    """The speed shown is then not that of the build as chosen, so it must be said."""
    offload = facts.offload
    if offload is None or not offload.assumed:
        return None
    gib = offload.host_mib / 1024
    return caution(
        "It would run with a part in host RAM",
        f"With {moved(offload)} in host RAM ({gib:.0f} GiB) the rest fits on the GPUs. The speed shown is that of this "
        "arrangement: the processor computes that part, at the pace of its memory.",
        f"Keep {moved(offload)} in host RAM.",
        offload_changes(offload),
    )


def host_memory_size(facts: Facts) -> Verdict | None:
    offload = facts.offload
    if offload is None:
        return None
    need_gib = offload.host_mib / 1024
    have_gib = host_capacity_gib(facts.build)
    if have_gib is None:
        return unknown(
            "Is there enough host RAM?",
            f"{moved(offload).capitalize()} take {need_gib:.0f} GiB of host RAM, and the build's is not known.",
            "Choose the memory in the part list.",
        )
    if need_gib > MOST_OF_RAM * have_gib:
        return caution(
            "Too little host RAM",
            f"{moved(offload).capitalize()} take {need_gib:.0f} GiB; {have_gib:.0f} GiB are there. What does not fit "
            "is read from the disk for every token.",
            f"Take at least {need_gib / MOST_OF_RAM:.0f} GiB.",
        )
    return ok("Enough host RAM", f"{need_gib:.0f} GiB of {have_gib:.0f} GiB hold {moved(offload)}.")


def host_memory_speed(facts: Facts) -> Verdict | None:
    offload = facts.offload
    if offload is None:
        return None
    if not offload.host_gb_s_known:
        return unknown(
            "How fast is the host's memory?",
            f"Not known for this host: {offload.host_gb_s:.0f} GB/s, two channels of DDR4-3200, are assumed. Decoding "
            "follows it almost one to one; servers with six or eight channels have three or four times as much.",
            "Choose a host whose memory is known.",
        )
    return note(
        "The host's memory sets the pace",
        f"{offload.host_gb_s:.0f} GB/s against {facts.build.gpu.memory_bandwidth_gb_s:.0f} GB/s of a GPU, with all "
        "channels filled.",
    )


def drafting(facts: Facts) -> Verdict | None:
    speculation = facts.speed.speculation if facts.speed is not None else None
    if speculation is None:
        return None
    plain = speculation.plain_decode_tok_s
    return note(
        "The speed includes drafted tokens",
        f"{speculation.tokens} tokens are drafted a step, of which texts accept {speculation.acceptance.low:.0%} to "
        f"{speculation.acceptance.high:.0%}; {speculation.tokens_per_step:.1f} tokens a step in the middle. Without "
        f"drafting it is {plain.low:.1f}–{plain.high:.1f} tok/s. On V100 drafting loses below about a third accepted.",
    )


RULES = (
    Rule("fits-with-host-memory", None, "models too large for the GPUs", sources.ARITHMETIC, fits_with_host_memory),
    Rule("host-memory-size", None, "experts or layers in host RAM", sources.ARITHMETIC, host_memory_size),
    Rule("host-memory-speed", None, "experts or layers in host RAM", sources.V100_LLM_KIT, host_memory_speed),
    Rule("drafting", None, "speculative decoding", sources.UNKNOWN_REPOSITORY, drafting),
)
