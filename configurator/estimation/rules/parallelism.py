"""How the model is split over the GPUs, and whether their wiring suits that. Pure."""

from functools import lru_cache

from configurator.estimation.power import LLAMA_CPP_FAMILY
from configurator.estimation.rules import sources
from configurator.estimation.rules.memory import gb
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, blocker, caution, note, ok, unknown
from configurator.estimation.rules.sockets import has_nvlink, populated_sockets
from configurator.estimation.topology import TensorGroup, Topology, topology

QUAD = 4
TP_LATENCY_BOUND = 4
LAYER_SPLIT: Changes = (("split", "layer"), ("tensor_parallel", ""), ("pipeline_parallel", ""))
# llama.cpp excludes these from tensor split: latent attention, GLM-DSA, MiniMax, Kimi-Linear.
NO_TENSOR_SPLIT = ("deepseek", "glmmoedsa", "minimax", "mistral4", "kimi")


@lru_cache(maxsize=256)
def tensor_groups(wiring: Topology, size: int, stages: int) -> tuple[TensorGroup, ...]:
    return wiring.tensor_groups(size, stages)


def supports_tensor_split(facts: Facts) -> bool:
    """True where llama.cpp's tensor split takes this model."""
    model = facts.workload.model
    return model.mla is None and not model.architecture.lower().startswith(NO_TENSOR_SPLIT)


def one_gpus_bandwidth(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    if build.gpu_count < 2 or workload.split == "none":
        return None
    each = build.gpu.memory_bandwidth_gb_s
    total = f"{build.gpu_count} x {each:,.0f} = {build.gpu_count * each:,.0f} GB/s"
    if workload.pipeline_parallel < 2:
        return ok("All GPUs read at once", f"Tensor parallelism over {workload.tensor_parallel} GPUs: {total}.")
    at_once = workload.tensor_parallel * each
    tensor = workload.runtime == "llama.cpp" and supports_tensor_split(facts) and workload.flash_attention
    return note(
        "The stages run one after another",
        f"A token passes {workload.pipeline_parallel} stages in turn, so it sees {at_once:,.0f} GB/s at any moment, "
        f"not {total}. More GPUs make room, not speed.",
        "Split by tensor." if tensor else "For speed, take a runtime and quantisation with tensor parallelism.",
        (("split", "tensor"), ("tensor_parallel", ""), ("pipeline_parallel", "")) if tensor else (),
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
        f"Try tensor parallelism over {QUAD} and the rest as pipeline stages.",
        (
            ("tensor_parallel", str(QUAD)),
            ("pipeline_parallel", str(facts.build.gpu_count // QUAD)),
        )
        if facts.build.gpu_count % QUAD == 0
        else (),
    )


def group_spans_islands(facts: Facts) -> Verdict | None:
    build, workload = facts.build, facts.workload
    size, stages = workload.tensor_parallel, workload.pipeline_parallel
    if size < 2 or size * stages > build.gpu_count:
        return None
    wiring = topology(build)
    groups = tensor_groups(wiring, size, stages)
    kinds = {group.wiring for group in groups}
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
        f"Keep tensor parallelism within {inside} GPUs and make the islands pipeline stages.",
        (
            ("split", "tensor"),
            ("tensor_parallel", str(inside)),
            ("pipeline_parallel", str(facts.build.gpu_count // inside)),
        )
        if facts.build.gpu_count % inside == 0
        else (),
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
            f"Use {QUAD} GPUs a group and pipeline stages.",
            (("tensor_parallel", str(QUAD)), ("pipeline_parallel", str(build.gpu_count // QUAD)))
            if build.gpu_count % QUAD == 0
            else (),
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
    alone_mib = (
        sum(gpu.weights_mib + gpu.kv_mib for gpu in per_gpu)
        + max(gpu.compute_mib for gpu in per_gpu)
        + max(gpu.runtime_mib for gpu in per_gpu)
    )
    one_mib = per_gpu[0].capacity_mib
    sizes = f"{gb(alone_mib):.1f} GB with cache, one GPU has {gb(one_mib):.1f} GB"
    if alone_mib > one_mib:
        return ok("The model needs more than one GPU", f"{sizes}.")
    if workload.tensor_parallel > 1 and workload.model.moe is None:
        return ok("The model fits one GPU, but a dense one gains from several", f"{sizes}; two V100 gained 22 %.")
    return note(
        "One GPU would do",
        f"{sizes}. For a single conversation one GPU is faster than {build.gpu_count}: nothing has to be handed on.",
        "Use one GPU for it, and the others for other models.",
        (("gpu_count", "1"), ("split", "none"), ("tensor_parallel", ""), ("pipeline_parallel", "")),
    )


def kv_heads_per_rank(facts: Facts) -> Verdict | None:
    workload = facts.workload
    model, size = workload.model, workload.tensor_parallel
    if size < 2:
        return None
    heads, kv_heads = model.n_heads, model.n_kv_heads
    strict = workload.runtime not in LLAMA_CPP_FAMILY
    if strict and (heads % size or (model.mla is None and kv_heads % size and size % kv_heads)):
        return blocker(
            "Attention heads do not divide by the group",
            f"{heads} query heads and {kv_heads} key-value heads over {size} GPUs leave a remainder; "
            f"{workload.runtime} refuses that.",
            "Choose a group size that divides both.",
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
    if carrier is None or not has_nvlink(carrier):
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
    Rule("kv-heads-per-rank", None, "tensor parallelism", sources.VLLM, kv_heads_per_rank),
    Rule("two-islands", None, "several boards with NVLink", sources.LLAMA_CPP_MULTI_GPU, two_islands),
)
