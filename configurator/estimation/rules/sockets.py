"""Do the GPUs go onto the board or into the server, and how many of them? Pure."""

import math

from catalog.specs import CarrierSpec, GpuSpec
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, blocker, caution, note, ok, unknown

# Sizes a tensor-parallel group can have on these boards.
WHOLE_GROUPS = frozenset({1, 2, 4, 8, 16})
GPUS_OF_AC922_AIR = 4  # 8335-GTH; the water-cooled 8335-GTX takes six


def is_sxm(form_factor: str) -> bool:
    return form_factor.startswith("sxm")


def has_nvlink(carrier: CarrierSpec) -> bool:
    """True where sockets are linked, or may be: a board whose topology nobody published counts."""
    return carrier.sockets > 1 and carrier.topology != "none"


def populated_sockets(sockets: int, carriers: int, gpu_count: int) -> tuple[int, ...]:
    """GPUs on each carrier when they are filled one after another, empty carriers left out."""
    filled = []
    for _ in range(carriers):
        here = min(sockets, gpu_count)
        if here <= 0:
            break
        filled.append(here)
        gpu_count -= here
    return tuple(filled)


def is_drive_a100(gpu: GpuSpec) -> bool:
    """True for Ampere in SXM2 form, the DRIVE A100 (PG199): it takes no power limit."""
    return gpu.form_factor == "sxm2" and gpu.architecture == "ampere"


def form_factor(facts: Facts) -> Verdict | None:
    gpu, carrier = facts.build.gpu, facts.build.carrier
    if carrier is None:
        if not is_sxm(gpu.form_factor):
            return None
        return unknown(
            "No platform is chosen",
            f"The {gpu.name} is an {gpu.form_factor.upper()} module: it goes into no slot without a board or a server.",
            "Choose a platform with sockets for it.",
        )
    if gpu.form_factor == carrier.socket:
        return ok(
            "The modules fit the sockets",
            f"{gpu.name} and {carrier.name} are both {carrier.socket.upper()}.",
        )
    if (gpu.form_factor, carrier.socket) == ("sxm2", "sxm3"):
        return None  # the next rule names the servers this concerns
    rails = f" Its supply is {gpu.input_rail_v} V." if gpu.input_rail_v else ""
    return blocker(
        "The GPU does not fit the socket",
        f"{gpu.name} is {gpu.form_factor.upper()}, {carrier.name} takes {carrier.socket.upper()}."
        f"{rails} SXM2, SXM3 and SXM4 have different connectors, and SXM3 and SXM4 run on 48 V instead of 12 V.",
        f"Choose a GPU with {carrier.socket.upper()}, or another platform.",
        starts=False,
    )


def sxm2_in_sxm3_server(facts: Facts) -> Verdict | None:
    gpu, carrier = facts.build.gpu, facts.build.carrier
    if carrier is None or carrier.socket != "sxm3" or not is_sxm(gpu.form_factor):
        return None
    if gpu.form_factor == "sxm3":
        return ok("SXM3 modules in an SXM3 server", f"{carrier.name} takes SXM3 modules, and {gpu.name} is one.")
    return blocker(
        "This server takes SXM3 modules only",
        f"{carrier.name} feeds its sockets with 48 V; {gpu.name} is {gpu.form_factor.upper()}. "
        "SXM2 modules move between boards, DGX-1 and its like, but not into DGX-2, NF5488M5 or 9029GP-TNVRT.",
        "Use the 32 GB SXM3 module.",
        (("gpu", "v100-sxm3-32gb"),),
        starts=False,
    )


def too_many_gpus(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if carrier is None:
        return None
    sockets = carrier.sockets * build.carrier_count
    if build.gpu_count <= sockets:
        return ok(
            "Every GPU has a socket",
            f"{build.gpu_count} GPUs, {build.carrier_count} x {carrier.sockets} = {sockets} sockets.",
        )
    needed = math.ceil(build.gpu_count / carrier.sockets)
    return blocker(
        "More GPUs than sockets",
        f"{build.gpu_count} GPUs, but {build.carrier_count} x {carrier.name} have {sockets} sockets.",
        f"Take {needed} of this platform.",
        (("carrier_count", str(needed)),),
        starts=False,
    )


def odd_population(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if carrier is None or not has_nvlink(carrier):
        return None
    filled = populated_sockets(carrier.sockets, build.carrier_count, build.gpu_count)
    whole = all(count in WHOLE_GROUPS or count == carrier.sockets for count in filled)
    if len(set(filled)) > 1:
        return caution(
            "The boards are filled unequally",
            f"Populated sockets: {_listed(filled)} of {carrier.sockets} on each {carrier.name}. No size of tensor "
            f"group uses {build.gpu_count} GPUs so, and pipeline stages come out unequal.",
            f"Fill {carrier.sockets} sockets on each.",
            _fill(carrier.sockets * len(filled)),
        )
    if carrier.topology == "nvswitch" and not whole:
        return note(
            "Not a size that tensor groups have",
            f"{_listed(filled)} of {carrier.sockets} sockets are populated. The switch joins any of them at the full "
            "rate, but tensor parallelism works with groups of 1, 2, 4, 8 or 16.",
        )
    if whole:
        return ok(
            "No NVLink group is broken",
            f"Populated sockets: {_listed(filled)} of {carrier.sockets} on each {carrier.name}.",
        )
    return caution(
        "An NVLink group is only partly filled",
        f"Populated sockets: {_listed(filled)} of {carrier.sockets}. Links to empty sockets are lost, and tensor "
        "parallelism works with groups of 1, 2, 4 or 8.",
        f"Fill {carrier.sockets} sockets.",
        _fill(carrier.sockets * len(filled)),
    )


def _fill(gpu_count: int) -> Changes:
    return (("gpu_count", str(gpu_count)), ("tensor_parallel", ""), ("pipeline_parallel", ""))


def drive_a100(facts: Facts) -> Verdict | None:
    gpu = facts.build.gpu
    if not is_drive_a100(gpu):
        return None
    return caution(
        "DRIVE A100 (PG199) modules are a case of their own",
        f"{gpu.name}: screw pitch 36 mm instead of 32 mm, about {gpu.default_power_w} W without a settable limit, "
        "and NVLink usually does not come up outside the car.",
        "Plan cooling and supply for full power, and no NVLink.",
    )


def dell_throttling(facts: Facts) -> Verdict | None:
    carrier = facts.build.carrier
    if carrier is None or not carrier.vendor.lower().startswith("dell"):
        return None
    return caution(
        "Dell firmware may throttle modules it does not expect",
        f"{carrier.name}: iDRAC has been seen to throttle or to run the fans at full speed with foreign GPUs or "
        f"GPU counts it does not know ({facts.build.gpu_count} here).",
        "Ask the seller which part numbers run in this server.",
    )


def power9_host(facts: Facts) -> Verdict | None:
    carrier = facts.build.carrier
    if carrier is None or carrier.instruction_set != "ppc64le":
        return None
    water = (
        f" Six sockets are the water-cooled version; air cooling stops at {GPUS_OF_AC922_AIR} GPUs."
        if facts.build.gpu_count > GPUS_OF_AC922_AIR * facts.build.carrier_count
        else ""
    )
    return caution(
        "The host is POWER9, not x86",
        f"{carrier.name} needs ppc64le builds of everything: few wheels and no containers of the V100 forks "
        f"exist for it.{water}",
        "Take an x86 server unless you want to compile.",
    )


def _listed(counts: tuple[int, ...]) -> str:
    return " + ".join(str(count) for count in counts) or "0"


def one_memory_size(facts: Facts) -> Verdict | None:
    """A build has GPUs of one kind; what a smaller one among them would do is said where there are such."""
    build, ranks = facts.build, facts.workload.tensor_parallel
    if build.gpu_count < 2:
        return None
    label = f"{build.gpu.memory_label_gb} GB"
    if ranks > 1 and build.gpu.slug.startswith("v100-sxm2"):
        return note(
            "Modules of one size only",
            f"Reckoned with {build.gpu_count} of {label}. With tensor parallelism every GPU holds an equal part: one "
            "module of 16 GB among larger ones makes all of them count as 16 GB.",
            "Look at the memory that nvidia-smi reports for each module before you pay.",
        )
    return ok("All GPUs have the same memory", f"{build.gpu_count} of {label} each.")


RULES = (
    Rule("form-factor-mismatch", 1, "GPUs on a board or server, and SXM modules", sources.L4RZ, form_factor),
    Rule("sxm2-in-sxm3-server", 2, "SXM3 servers", sources.L4RZ, sxm2_in_sxm3_server),
    Rule("too-many-gpus", 3, "boards and servers", sources.ARITHMETIC, too_many_gpus),
    Rule("odd-population", 4, "boards and servers with NVLink", sources.ONE_CAT_VLLM, odd_population),
    Rule("one-memory-size", 5, "several modules", sources.ARITHMETIC, one_memory_size),
    Rule("drive-a100", 6, "Ampere modules in SXM2 form", sources.LEIKOE, drive_a100),
    Rule("dell-throttling", 12, "Dell servers", sources.LEIKOE, dell_throttling),
    Rule("power9-host", 13, "POWER9 servers", sources.UNKNOWN_REPOSITORY, power9_host),
)
