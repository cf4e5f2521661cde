"""How the model is split over the GPUs, and whether their wiring suits that. Pure."""

from functools import lru_cache

from configurator.estimation.rules import sources
from configurator.estimation.rules.memory import gib
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.rules.sockets import has_nvlink, populated_sockets
from configurator.estimation.rules.splits import (
    LAYER_SPLIT,
    TENSOR_SPLIT,
    gpus_by_machine,
    is_llama_cpp,
    supports_tensor_split,
)
from configurator.estimation.runtimes import DEVICES_MAX, starts_split
from configurator.estimation.topology import TensorGroup, Topology, topology

QUAD = 4
TP_LATENCY_BOUND = 4
SMALL_SHARE = 0.5  # of one GPU: below it nobody has measured a gain from a second


@lru_cache(maxsize=256)
def tensor_groups(wiring: Topology, size: int, stages: int) -> tuple[TensorGroup, ...]:
    return wiring.tensor_groups(size, stages)


def stages_of(facts: Facts, size: int) -> tuple[str, Changes]:
    """The mend for a tensor group that is too large: smaller groups as pipeline stages, where the runtime has that."""
    build, workload = facts.build, facts.workload
    if is_llama_cpp(facts):
        return f"Split by layer: {workload.runtime} has no mix of tensor and pipeline.", LAYER_SPLIT
    if workload.runtime == "lmdeploy":
        return (
            f"Keep tensor parallelism within {size} GPUs: LMDeploy has no pipeline stages for the rest, 1Cat-vLLM has.",
            (),
        )
    changes: Changes = (
        ("split", "tensor"),
        ("tensor_parallel", str(size)),
        ("pipeline_parallel", str(build.gpu_count // size)),
    )
    return (
        f"Keep tensor parallelism within {size} GPUs and make the rest pipeline stages.",
        changes if build.gpu_count % size == 0 else (),
    )


def may_gain_from_tensor_split(facts: Facts) -> bool:
    """True where llama.cpp's tensor split takes model and settings, and the wiring and size let it be faster."""
    build, workload = facts.build, facts.workload
    model, count = workload.model, build.gpu_count
    if workload.runtime != "llama.cpp" or model.moe is not None or not supports_tensor_split(facts):
        return False
    if not workload.flash_attention or workload.kv_dtype != "f16" or count > DEVICES_MAX:
        return False
    if model.n_heads % count or model.n_kv_heads % count:
        return False
    return alone_mib(facts) > build.gpu.memory_mib and tensor_groups(topology(build), count, 1)[0].wiring == "mesh"


def alone_mib(facts: Facts) -> float:
    """What one GPU would hold if it ran the model by itself, MiB."""
    per_gpu = facts.memory.per_gpu
    return (
        sum(gpu.weights_mib + gpu.kv_mib for gpu in per_gpu)
        + max((gpu.compute_mib for gpu in per_gpu), default=0.0)
        + max((gpu.runtime_mib for gpu in per_gpu), default=0.0)
    )


def one_gpus_bandwidth(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    if build.gpu_count < 2 or workload.split == "none":
        return None
    each = build.gpu.memory_bandwidth_gb_s
    total = f"{build.gpu_count} x {each:,.0f} = {build.gpu_count * each:,.0f} GB/s"
    if workload.pipeline_parallel < 2:
        return ok("All GPUs read at once", f"Tensor parallelism over {workload.tensor_parallel} GPUs: {total}.")
    at_once = workload.tensor_parallel * each
    changes: Changes = ()
    if not is_llama_cpp(facts):
        mend = "A larger tensor group may be faster, where NVLink joins all of it."
    elif may_gain_from_tensor_split(facts):
        mend = "Splitting by tensor may be faster; it is experimental, so compare both estimates."
        changes = (("split", "tensor"), ("tensor_parallel", ""), ("pipeline_parallel", ""))
    else:
        mend = "Use the room for a larger model or more context, or spare GPUs for other models."
    return note(
        "The stages run one after another",
        f"A token passes {workload.pipeline_parallel} stages in turn, so it sees {at_once:,.0f} GB/s at any moment, "
        f"not {total}. More GPUs make room, not speed.",
        mend,
        changes,
    )


def moe_all_reduce_bound(facts: Facts) -> Verdict | None:
    workload = facts.workload
    if workload.model.moe is None or workload.tensor_parallel < 2:
        return None
    if workload.tensor_parallel <= TP_LATENCY_BOUND:
        return ok(
            "Few enough GPUs for a mixture of experts", f"Tensor parallelism over {workload.tensor_parallel} GPUs."
        )
    return caution(
        "Mostly waiting for each other",
        f"Tensor parallelism over {workload.tensor_parallel} GPUs: two all-reduces in each of "
        f"{workload.model.n_layers} layers cost more than reading the few active experts. On eight V100 such models "
        "reached 5 to 15 % of the bandwidth in sum.",
        *stages_of(facts, QUAD),
    )


def group_spans_islands(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    size, stages = workload.tensor_parallel, workload.pipeline_parallel
    if size < 2 or size * stages > build.gpu_count:
        return None
    wiring = topology(build)
    groups = tensor_groups(wiring, size, stages)
    kinds = {group.wiring for group in groups}
    machines = gpus_by_machine(build)
    if len(machines) > 1 and any(group.network for group in groups):
        inside = 1 << (max(machines).bit_length() - 1)
        return caution(
            "A tensor group spans several computers",
            f"Groups of {size} over computers of {' + '.join(str(count) for count in machines)}: every all-reduce "
            "crosses the network, whose speed is not known here.",
            *stages_of(facts, inside),
        )
    if "pcie" in kinds:
        return _over_pcie(facts, wiring, groups)
    if build.carrier is None:
        return unknown(
            "Wiring of the GPUs not known",
            f"No platform is chosen, so nothing says how the {size} GPUs of a group are joined.",
            "Choose a platform.",
        )
    name = build.carrier.name
    if "unknown" in kinds or not wiring.verified:
        return unknown(
            "Wiring of the board not published",
            f"Nobody has published a topology read-out of {name}; that {size} GPUs are joined by NVLink is presumed.",
            "Run nvidia-smi topo -m on it, or ask the seller for the output.",
        )
    return ok(
        "Every tensor group stays on one NVLink island",
        f"{stages} x {size} GPUs on {name}: "
        + ", ".join("-".join(str(gpu) for gpu in group.gpus) for group in groups[:4])
        + ".",
    )


def _over_pcie(facts: Facts, wiring: Topology, groups: tuple[TensorGroup, ...]) -> Verdict:
    size = facts.workload.tensor_parallel
    largest = max(len(island) for island in wiring.islands)
    slowest = min((group.slowest_gb_s for group in groups if group.slowest_gb_s is not None), default=None)
    rate = "" if slowest is None else f" at about {slowest:.1f} GB/s"
    if largest == 1:
        return caution(
            "Tensor parallelism over PCIe",
            f"The {size} GPUs have no NVLink between them: every all-reduce crosses PCIe{rate}. Two such cards still "
            "gained 12 to 35 % over one; more cards gain less.",
        )
    inside = 1 << (largest.bit_length() - 1)
    return caution(
        "A tensor group spans two NVLink islands",
        f"Groups of {size} on islands of {largest}: part of every all-reduce crosses PCIe{rate}.",
        *stages_of(facts, inside),
    )


def group_leaves_quad(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    carrier = build.carrier
    size, stages = workload.tensor_parallel, workload.pipeline_parallel
    if carrier is None or carrier.topology != "hybrid-cube-mesh" or size < 2 or size * stages > build.gpu_count:
        return None
    wiring = topology(build)
    groups = tensor_groups(wiring, size, stages)
    if any(group.wiring != "mesh" for group in groups):
        return caution(
            "The group reaches beyond one quad",
            f"In the cube mesh of {carrier.name} each GPU has a link to four of seven others; groups of {size} contain "
            "pairs without one. Four GPUs of one quad have been faster than all eight.",
            *stages_of(facts, QUAD),
        )
    in_order = all(group.gpus == tuple(range(n * size, n * size + size)) for n, group in enumerate(groups))
    first = ",".join(str(gpu) for gpu in groups[0].gpus)
    if in_order and wiring.verified:
        return ok(
            "The group stays within one quad",
            f"GPUs {first} are linked pair by pair in the published numbering of {carrier.name}; other makers number "
            "differently, so check nvidia-smi topo -m.",
        )
    return note(
        "Choose the GPUs of one quad by hand",
        f"GPUs {first} of {carrier.name} are linked pair by pair, the order of the system may differ.",
        f"Set CUDA_VISIBLE_DEVICES={first} after a look at nvidia-smi topo -m.",
    )


def fits_one_gpu(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    per_gpu = facts.memory.per_gpu
    if build.gpu_count < 2 or workload.split == "none" or len(per_gpu) < 2:
        return None
    wanted_mib, one_mib = alone_mib(facts), per_gpu[0].capacity_mib
    sizes = f"{gib(wanted_mib)} with cache, one GPU has {gib(one_mib)}"
    if wanted_mib > one_mib:
        return ok("The model needs more than one GPU", f"{sizes}.")
    may_gain = workload.tensor_parallel > 1 and workload.model.moe is None and not is_llama_cpp(facts)
    if may_gain and wanted_mib > SMALL_SHARE * one_mib:
        return ok(
            "The model fits one GPU, and several may still be faster",
            f"{sizes}. Two V100 gained 22 % on one dense model; of this one it is not known.",
        )
    faster = (
        f"For a single conversation one GPU is faster than {build.gpu_count}: nothing has to be handed on."
        if workload.tensor_parallel == 1
        else f"Whether {build.gpu_count} GPUs are faster than one is open: each waits for the others in every layer."
    )
    return note(
        "One GPU would do",
        f"{sizes}. {faster}",
        "Use one GPU for it, and the others for other models.",
        (("gpu_count", "1"), ("split", "none"), ("tensor_parallel", ""), ("pipeline_parallel", "")),
    )


def kv_heads_per_rank(facts: Facts) -> Verdict | None:
    workload = facts.workload
    model, size = workload.model, workload.tensor_parallel
    if size < 2:
        return None
    heads, kv_heads = model.n_heads, model.n_kv_heads
    if is_llama_cpp(facts):
        if model.mla is not None:
            return None  # excluded from tensor split, which is a rule of its own
        if heads % size or kv_heads % size:
            return unknown(
                "Whether the heads can be shared out is not settled",
                f"{heads} query heads and {kv_heads} key-value heads over {size} GPUs leave a remainder; llama.cpp's "
                "documentation says that segments are split evenly, not what happens then. One owner ran a 27B with 4 "
                "key-value heads over three V100.",
                "Choose a number of GPUs that divides both.",
            )
        return ok("Attention heads divide by the group", f"{kv_heads} key-value heads over {size} GPUs.")
    if heads % size or (model.mla is None and kv_heads % size and size % kv_heads):
        return blocker(
            "Attention heads do not divide by the group",
            f"{heads} query heads and {kv_heads} key-value heads over {size} GPUs leave a remainder; "
            f"{workload.runtime} refuses that.",
            "Choose a group size that divides both.",
            starts=False,
        )
    if model.mla is not None:
        return note(
            "Every GPU of the group keeps the whole cache",
            f"The cache of latent attention is not shared out: {size} GPUs hold {size} copies.",
        )
    if size > kv_heads:
        return note(
            "Key-value heads are kept more than once",
            f"{kv_heads} key-value heads over {size} GPUs: each head is stored on about {size / kv_heads:.0f} of them, "
            "so the cache shrinks no further.",
        )
    return ok("Attention heads divide by the group", f"{kv_heads} key-value heads over {size} GPUs.")


def two_islands(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if carrier is None or carrier.has_host or not has_nvlink(carrier):
        return None
    filled = populated_sockets(carrier.sockets, build.carrier_count, build.gpu_count)
    if len(filled) < 2:
        return None
    wiring = topology(build)
    across = wiring.link(0, filled[0]).gb_s
    within = wiring.link(0, 1).gb_s if filled[0] > 1 else None
    rates = f"{across:.1f} GB/s over PCIe between them" if across else "PCIe between them"
    if within:
        rates += f" against {within:.0f} GB/s per pair within"
    return note(
        f"{len(filled)} boards are {len(filled)} NVLink islands",
        f"{build.gpu_count} GPUs sit on islands of {' + '.join(str(count) for count in filled)}: {rates}. Boards as "
        "pipeline stages hold larger models; a single conversation gets no faster.",
        "For eight GPUs in one NVLink domain take a server with a cube mesh.",
        (("carrier", "server-4029gp-tvrt"), ("carrier_count", "1"))
        if build.gpu_count == 8 and build.gpu.form_factor == "sxm2"
        else (),
    )


def network_between_computers(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    machines = gpus_by_machine(build)
    if len(machines) < 2:
        return None
    one = "APU is one whole computer" if build.gpu.form_factor == "apu" else "server is a computer of its own"
    many = f"{len(machines)} computers with {' + '.join(str(count) for count in machines)} GPUs"
    if workload.split == "none":
        return note("Several computers", f"Each {one}: {many}, of which this model uses one GPU of one.")
    if workload.runtime == "ollama":
        return blocker(
            "Ollama runs on one computer",
            f"Each {one}: {many}. Ollama has nothing that joins them.",
            "Use llama.cpp with its RPC backend, or one computer that holds the model.",
            (("runtime", "llama.cpp"),),
            starts=False,
        )
    if is_llama_cpp(facts) and workload.split == "row":
        return blocker(
            "Row split stays within one computer",
            f"Each {one}: {many}. llama.cpp joins them by its RPC backend, which does not split by row.",
            "Split by layer.",
            LAYER_SPLIT,
            starts=False,
        )
    if is_llama_cpp(facts) and workload.split == "tensor":
        return unknown(
            "Tensor split between computers not known",
            f"Each {one}: {many}. llama.cpp joins them by its RPC backend, which is experimental; nobody has shown its "
            "tensor split to work across it.",
            "Split by layer, or plan one computer that holds the model.",
            LAYER_SPLIT,
        )
    how = (
        "llama.cpp joins them by its RPC backend, which is experimental"
        if is_llama_cpp(facts)
        else "the runtime has to be started on each and joined over the network, with pipeline stages"
    )
    return caution(
        "Several computers with a network between them",
        f"Each {one}: {many}, with neither NVLink nor PCIe between them; {how}. Nobody has measured such a set here: "
        "speeds are extrapolated, and host power, memory and setup come once for each computer.",
        "Plan one computer that holds the model.",
    )


def split_of_checkpoint_runtime(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    runtime, stages = workload.runtime, workload.pipeline_parallel
    if is_llama_cpp(facts) or build.gpu_count < 2 or workload.split == "none":
        return None
    if starts_split(runtime, workload.split, workload.tensor_parallel, stages):
        return ok("The runtime has this split", f"{runtime} cuts a model by tensor{_and_by_stages(runtime)}.")
    if workload.split == "row":
        return blocker(
            "Row split is llama.cpp's",
            f"{runtime} has no such mode: it cuts a model by tensor{_and_by_stages(runtime)}.",
            "Split by tensor.",
            TENSOR_SPLIT,
            starts=False,
        )
    return blocker(
        "LMDeploy has no pipeline stages",
        f"{workload.tensor_parallel} x {stages} GPUs are asked; its engine has tensor, data, context and expert "
        "parallelism, and no option for stages.",
        f"Split by tensor over all {build.gpu_count} GPUs, or use 1Cat-vLLM.",
        TENSOR_SPLIT,
        starts=False,
    )


def _and_by_stages(runtime: str) -> str:
    return "" if runtime == "lmdeploy" else " and into pipeline stages"


RULES = (
    Rule("layer-split-one-gpu", 34, "several GPUs", sources.LLAMA_CPP_MULTI_GPU, one_gpus_bandwidth),
    Rule("moe-all-reduce-bound", 35, "mixture of experts over several GPUs", sources.DG1KJD, moe_all_reduce_bound),
    Rule("group-spans-islands", 36, "tensor parallelism", sources.BRADRLAW, group_spans_islands),
    Rule(
        "group-leaves-quad",
        37,
        "tensor parallelism on a hybrid cube mesh",
        sources.HUMANJESSE,
        group_leaves_quad,
    ),
    Rule("fits-one-gpu", 38, "several GPUs", sources.V100_LLM_KIT, fits_one_gpu),
    Rule(
        "split-of-checkpoint-runtime",
        None,
        "vLLM's family on several GPUs",
        sources.LMDEPLOY_ENGINE,
        split_of_checkpoint_runtime,
    ),
    Rule("kv-heads-per-rank", None, "tensor parallelism", sources.VLLM, kv_heads_per_rank),
    Rule(
        "network-between-computers",
        None,
        "several servers or APUs",
        sources.GENERAL_KNOWLEDGE,
        network_between_computers,
    ),
    Rule("two-islands", None, "several boards with NVLink", sources.LLAMA_CPP_MULTI_GPU, two_islands),
)
