"""Does the model fit, GPU by GPU, with its cache? Pure."""

import math
from dataclasses import replace

from configurator.estimation.checkpoint import checkpoint_range
from configurator.estimation.memory import fits
from configurator.estimation.offload import is_offloaded
from configurator.estimation.quantization import QUANTS, SAFETENSORS_QUANTS
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.rules.splits import LAYER_SPLIT, is_llama_cpp, working_gpus
from configurator.estimation.runtimes import DEVICES_MAX
from configurator.estimation.weights import file_weights

TIGHT_SHARE = 0.9  # of all GPU memory, for weights alone
SIZE_TOLERANCE = 0.08  # files of one quantisation differ by less; made tensor by tensor by up to a tenth
SIZE_OF_ANOTHER_MODEL = 0.5
FLAT_FOUR_BITS = 4.1  # no published 4-bit file has fewer bits a parameter
GUIDE_DEEPSEEK_Q4_GB = 55  # "55 GB active" in the guide's table for a 64 GB build
LARGE_DEEPSEEK_PARAMS = 600e9
REFUSE_LONGER_CONTEXT = frozenset({"vllm", "1cat-vllm"})


def gb(mib: float) -> float:
    """Decimal gigabytes of MiB."""
    return mib * 2**20 / 1e9


def gib(mib: float) -> str:
    """Memory on a device as pictures and totals show it; files are in decimal GB."""
    return f"{mib / 1024:.1f} GiB"


def capacity_mib(facts: Facts) -> float:
    """Memory of the GPUs that work, MiB."""
    return sum(gpu.capacity_mib for gpu in working_gpus(facts))


def does_not_fit(facts: Facts) -> Verdict | None:
    memory = facts.memory
    free_mib = [gpu.capacity_mib - gpu.total_mib for gpu in memory.per_gpu]
    if not free_mib:
        return unknown("Memory not planned", "There is no plan of memory for any GPU.")
    tightest = min(range(len(free_mib)), key=free_mib.__getitem__)
    gpu = memory.per_gpu[tightest]
    uses = f"GPU {tightest} needs {gib(gpu.total_mib)} and exposes {gib(gpu.capacity_mib)}"
    if not memory.fits:
        short = sum(1 for free in free_mib if free < 0)
        more = f"; {short} of {len(free_mib)} GPUs are short" if short > 1 else ""
        fix, changes = _mend_memory(facts)
        return blocker(
            "Does not fit", f"{uses}: {gib(max(0.0, -free_mib[tightest]))} short{more}.", fix, changes, starts=True
        )
    weights_gb, all_gb = memory.weights_bytes_total / 1e9, gb(capacity_mib(facts))
    if is_offloaded(facts.workload):
        weights_gb = gb(sum(gpu.weights_mib for gpu in memory.per_gpu))
    if weights_gb > TIGHT_SHARE * all_gb:
        return caution(
            "Fits, with hardly any room",
            f"{uses}; weights of {weights_gb:.1f} GB fill {100 * weights_gb / all_gb:.0f} % of {all_gb:.1f} GB. "
            "Above 90 % little is left for cache and runtime, and any other program on a GPU breaks it.",
            "Take a smaller quantisation, or one more GPU.",
        )
    if _may_be_too_large(facts):
        return caution(
            "Fits if the checkpoint is no larger than most",
            f"{uses}, {gib(free_mib[tightest])} to spare on the fullest GPU. {_sizes_by_maker(facts)} "
            "With the largest of them it does not fit.",
            _SIZE_AT_THE_FILES,
        )
    return ok("Fits on every GPU", f"{uses}, {gib(free_mib[tightest])} to spare on the fullest GPU.")


_SIZE_AT_THE_FILES = "Give the size of the checkpoint you mean, as its page lists it."


def _range(facts: Facts) -> tuple[int, int] | None:
    """Smallest and largest checkpoint there may be, bytes; None where the size is told or all makers agree."""
    workload = facts.workload
    if workload.weights_bytes is not None or workload.quant not in SAFETENSORS_QUANTS:
        return None
    return checkpoint_range(workload.model, workload.quant)


def _sizes_by_maker(facts: Facts) -> str:
    low, high = _range(facts) or (0, 0)
    return (
        f"{facts.workload.model.name} at {facts.workload.quant} is {facts.memory.weights_bytes_total / 1e9:.1f} GB by "
        f"the recipe most follow; makers leave other layers at 16 bits, from {low / 1e9:.1f} to {high / 1e9:.1f} GB."
    )


def _may_be_too_large(facts: Facts) -> bool:
    sizes = _range(facts)
    if sizes is None or not facts.memory.fits:
        return False
    return not fits(facts.build, replace(facts.workload, weights_bytes=sizes[1]))


def _checkpoint_size(facts: Facts) -> Verdict:
    title = "A checkpoint's size varies by its maker"
    if _may_be_too_large(facts):
        return caution(title, f"{_sizes_by_maker(facts)} The largest does not fit here.", _SIZE_AT_THE_FILES)
    return note(title, _sizes_by_maker(facts), _SIZE_AT_THE_FILES)


def _mend_memory(facts: Facts) -> tuple[str, tuple[tuple[str, str], ...]]:
    """All GPUs if one works, else a shorter context or larger modules if that is enough, else more GPUs."""
    build, workload, memory = facts.build, facts.workload, facts.memory
    if workload.split == "none" and build.gpu_count > 1:
        return f"Split by layer: one GPU works here, {build.gpu_count} are there.", LAYER_SPLIT
    longest = memory.max_context_tokens
    if longest and longest < workload.context_tokens:
        return f"Ask for {longest:,} tokens of context at most.", (("context_tokens", str(longest)),)
    weights_gb = memory.weights_bytes_total / 1e9
    usable_gb = TIGHT_SHARE * gb(build.gpu.memory_mib)
    needed = max(build.gpu_count + 1, math.ceil(weights_gb / usable_gb))
    if build.gpu.slug == "v100-sxm2-16gb" and weights_gb <= 2 * usable_gb * build.gpu_count:
        return "Take 32 GB modules, or a smaller quantisation.", (("gpu", "v100-sxm2-32gb"),)
    wanted = f"Weights of {weights_gb:.1f} GB want about {needed} of these GPUs"
    if is_llama_cpp(facts) and needed > DEVICES_MAX:
        return (
            f"{wanted}, and {workload.runtime} takes {DEVICES_MAX}. Take a smaller quantisation or model, GPUs with "
            "more memory, or a runtime of vLLM's family.",
            (),
        )
    return f"{wanted}, or a smaller quantisation.", ()


def moe_stores_all_experts(facts: Facts) -> Verdict | None:
    model = facts.workload.model
    moe = model.moe
    if moe is None:
        return None
    weights_gb, all_gb = facts.memory.weights_bytes_total / 1e9, gb(capacity_mib(facts))
    stored = f"All {moe.n_experts} experts of a layer are stored, {weights_gb:.1f} GB at {facts.workload.quant}"
    if model.params_active is None:
        read = f", of which {moe.n_experts_per_token} are used for a token"
    else:
        read = f"; a token reads {weights_gb * model.params_active / model.params_total:.1f} GB of them"
    guide = ""
    if model.architecture.lower().startswith("deepseek") and model.params_total > LARGE_DEEPSEEK_PARAMS:
        guide = f' The guide\'s "{GUIDE_DEEPSEEK_Q4_GB} GB active" that fit 64 GB is neither of the two.'
    if facts.memory.fits and is_offloaded(facts.workload):
        return ok("All experts have a place", f"{stored}{read}, a part of it in host RAM.{guide}")
    if weights_gb <= all_gb:
        return ok("All experts have a place", f"{stored}{read}. The GPUs have {all_gb:.1f} GB.{guide}")
    return blocker(
        "Active parameters do not decide what fits",
        f"{stored}{read}, but the GPUs have {all_gb:.1f} GB in all.{guide}",
        f"Plan for {weights_gb:.0f} GB and cache, or take a smaller model or quantisation.",
        starts=True,
    )


def weights_size(facts: Facts) -> Verdict | None:
    workload = facts.workload
    bits = facts.memory.weights_bytes_total * 8 / workload.model.params_total
    size = f"{facts.memory.weights_bytes_total / 1e9:.1f} GB, {bits:.2f} bits a parameter"
    if _range(facts) is not None:
        return _checkpoint_size(facts)
    if workload.weights_bytes is None:
        return ok("Size of the file computed tensor by tensor", f"{workload.quant}: {size}, not a flat rate of bits.")
    given_gb = workload.weights_bytes / 1e9
    if workload.quant in QUANTS:
        computed_gb = file_weights(workload.model, workload.quant).file / 1e9
        off = given_gb / computed_gb - 1
        figures = (
            f"{given_gb:.1f} GB is given; {workload.model.name} at {workload.quant} is {computed_gb:.1f} GB computed "
            f"tensor by tensor: the given size is {abs(100 * off):.0f} % {'larger' if off > 0 else 'smaller'}."
        )
        if abs(off) > SIZE_OF_ANOTHER_MODEL:
            return caution(
                "The given size cannot be this model at this quantisation",
                f"{figures} Whatever is said here about fit and speed rests on the given size.",
                "Leave the size out.",
                (("weights_bytes", ""),),
            )
        if abs(off) > SIZE_TOLERANCE:
            return caution(
                "The given size differs from the computed one",
                f"{figures} Files whose types were chosen tensor by tensor differ by up to a tenth.",
                "Leave the size out, or look it up at the file.",
                (("weights_bytes", ""),),
            )
    if "4" in workload.quant and bits < FLAT_FOUR_BITS:
        return caution(
            "The given size looks like a flat 4 bits",
            f"{size} is given; 4-bit files have 4.2 to 5.2, Q4_K_M about 4.85.",
            "Leave the size out, or look it up at the file.",
            (("weights_bytes", ""),),
        )
    return ok("Size of the file given", f"{workload.quant}: {size}.")


def context_over_maximum(facts: Facts) -> Verdict | None:
    workload = facts.workload
    longest = workload.model.max_context_tokens
    if longest is None:
        return unknown(
            "Longest context of the model not known",
            f"{workload.context_tokens:,} tokens are asked; {workload.model.name} states no maximum here.",
        )
    if workload.context_tokens <= longest:
        return ok(
            "The model was made for this context",
            f"{workload.context_tokens:,} tokens asked, {longest:,} at most.",
        )
    asked = f"{workload.context_tokens:,} tokens are asked, {workload.model.name} was made for {longest:,}"
    changes = (("context_tokens", str(longest)),)
    if workload.runtime not in REFUSE_LONGER_CONTEXT:
        return caution(
            "Longer than the model was made for",
            f"{asked}. It runs, but without rope scaling the text falls apart beyond that.",
            f"Ask for {longest:,} tokens.",
            changes,
        )
    return blocker(
        "The runtime refuses this context",
        f"{asked}; {workload.runtime} does not start with more.",
        f"Ask for {longest:,} tokens.",
        changes,
        starts=False,
    )


def depth_beyond_context(facts: Facts) -> Verdict | None:
    workload = facts.workload
    longest = max(workload.depth_tokens, workload.prompt_tokens)
    if longest <= workload.context_tokens:
        return None
    what = "a depth" if workload.depth_tokens >= workload.prompt_tokens else "a prompt"
    return caution(
        "Asked beyond the cache",
        f"Speed is asked at {what} of {longest:,} tokens; the cache holds {workload.context_tokens:,}. Memory "
        "is that of the cache, speed that of the longer text.",
        f"Set the context to {longest:,} tokens or more.",
        (("context_tokens", str(longest)),),
    )


def separate_devices(facts: Facts) -> Verdict | None:
    per_gpu = working_gpus(facts)
    if len(per_gpu) < 2 or not facts.build.gpu.nvlink_links or facts.build.carrier is None:
        return None
    low, high = (gib(pick(gpu.total_mib for gpu in per_gpu)) for pick in (min, max))
    share = high if low == high else f"{low} to {high}"
    return note(
        "NVLink does not make one GPU of many",
        f"The system sees {len(per_gpu)} devices of {gb(per_gpu[0].capacity_mib):.1f} GB. Each holds its own share, "
        f"{share} here, and the fullest decides what fits.",
    )


RULES = (
    Rule("does-not-fit", 31, "every build", sources.ARITHMETIC, does_not_fit),
    Rule("moe-stores-all-experts", 32, "mixture-of-experts models", sources.ARITHMETIC, moe_stores_all_experts),
    Rule("weights-size", 33, "every build", sources.ARITHMETIC, weights_size),
    Rule("context-over-maximum", None, "every build", sources.GENERAL_KNOWLEDGE, context_over_maximum),
    Rule("depth-beyond-context", None, "questions beyond their cache", sources.ARITHMETIC, depth_beyond_context),
    Rule("separate-devices", None, "several GPUs with NVLink", sources.LLAMA_CPP_MULTI_GPU, separate_devices),
)
