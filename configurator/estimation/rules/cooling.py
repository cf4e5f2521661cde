"""Is there a heatsink or a water block for every module, does it fit, and does air move through it? Pure."""

from catalog.specs import PartSpec
from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Changes, Facts, Rule, Verdict, blocker, note, ok, unknown
from configurator.estimation.rules.sockets import is_sxm
from configurator.estimation.types import Build, PartLine

# Limits of one V100-SXM2-16GB as nvidia-smi prints them.
THROTTLE_C = 87
MEMORY_MAX_C = 85
PITCH_TOLERANCE_MM = 0.5  # 36.06 mm blocks are sold for 36 mm modules
# Heatsinks to offer, by the module's form: all have this pitch.
HEATSINKS = {"sxm2": "heatsink-v100-stock", "sxm3": "heatsink-a100-passive", "sxm4": "heatsink-a100-passive"}
HEATSINK_PITCH_MM = 32


def sits_on_die(cooler: PartSpec) -> bool:
    """True for heatsinks and water blocks; False for shrouds and the like, which have no screw pitch."""
    return "heatsink_pitch_mm" in cooler.figures or cooler.figures.get("liquid") is True


def die_coolers(facts: Facts) -> list[PartLine]:
    return [line for line in facts.build.of_kind("cooler") if sits_on_die(line.part)]


def heatsink_pitch(facts: Facts) -> Verdict | None:
    gpu = facts.build.gpu
    coolers = die_coolers(facts)
    if not coolers or not is_sxm(gpu.form_factor):
        return None
    missing = []
    for line in coolers:
        pitch = line.part.number("heatsink_pitch_mm")
        if pitch is None or gpu.heatsink_pitch_mm is None:
            missing.append(line.part.name if pitch is None else gpu.name)
        elif abs(pitch - gpu.heatsink_pitch_mm) > PITCH_TOLERANCE_MM:
            return blocker(
                "The cooler's screw pitch does not fit",
                f"{line.part.name} has {pitch:g} mm, {gpu.name} has {gpu.heatsink_pitch_mm:g} mm. "
                "36 mm is the pitch of the DRIVE A100, not of the V100.",
                f"Choose a cooler with {gpu.heatsink_pitch_mm:g} mm.",
                starts=True,
            )
    if missing:
        return unknown(
            "Screw pitch of the cooler not known",
            f"No figure for {', '.join(missing)}. V100 SXM2 modules have 32 mm.",
            "Ask the seller for the distance between the screws along the module.",
        )
    return ok(
        "The cooler's screw pitch fits",
        f"{coolers[0].part.name} and {gpu.name}: {gpu.heatsink_pitch_mm:g} mm.",
    )


def heatsinks_for(build: Build) -> Changes:
    """The change to a heatsink for each module; empty where none with the module's pitch and form is known."""
    gpu = build.gpu
    if gpu.form_factor not in HEATSINKS or gpu.heatsink_pitch_mm is None:
        return ()
    if abs(gpu.heatsink_pitch_mm - HEATSINK_PITCH_MM) > PITCH_TOLERANCE_MM:
        return ()
    return (("cooler", HEATSINKS[gpu.form_factor]), ("cooler_count", str(build.gpu_count)))


def heatsink_for_every_module(facts: Facts) -> Verdict | None:
    build = facts.build
    carrier = build.carrier
    if not is_sxm(build.gpu.form_factor):
        return None
    coolers = sum(line.quantity for line in die_coolers(facts))
    if coolers >= build.gpu_count:
        return ok("Every module has a cooler", f"{coolers} heatsinks or water blocks for {build.gpu_count} modules.")
    if carrier is not None and carrier.heatsinks_included:
        return ok("Every module has a cooler", f"{carrier.name} comes with its heatsinks.")
    mend = heatsinks_for(build)
    if carrier is not None and not carrier.has_host and not build.of_kind("cooler"):
        return unknown(
            "No heatsinks in the list",
            f"{build.gpu_count} modules are bare dies and must not run without a cooler; {carrier.name} brings none.",
            "Add one heatsink a module, unless you own them.",
            mend,
        )
    count = f"{coolers} heatsinks or water blocks for {build.gpu_count} modules"
    if carrier is None or carrier.heatsinks_included is None:
        where = "No platform is chosen" if carrier is None else f"Whether {carrier.name} comes with heatsinks"
        return unknown(
            "Heatsinks not settled",
            f"{where}{'' if carrier is None else ' is not known'}; the list has {count}. Modules are sold bare.",
            "Ask the seller, or add one heatsink a module.",
        )
    return blocker(
        "Modules without a heatsink",
        f"The list has {count}. The module is a bare die and must not run without a cooler.",
        "Add one heatsink a module.",
        mend,
        starts=True,
    )


def airflow(facts: Facts) -> Verdict | None:
    build = facts.build
    if build.carrier is not None and build.carrier.has_host:
        return ok("Air moves through the heatsinks", f"{build.carrier.name} has its own fans; keep its air ducts in.")
    coolers = die_coolers(facts)
    air_cooled = [line for line in coolers if line.part.figures.get("liquid") is not True]
    passive = [line.part.name for line in air_cooled if line.part.figures.get("is_passive") is True]
    if is_sxm(build.gpu.form_factor):
        if not air_cooled:
            return None  # water, or no cooler yet: other rules speak
        if not passive:
            return _fans_unknown_or_built_in(air_cooled)
        what = passive[0]
    elif build.gpu.passive:
        what = build.gpu.name
    else:
        return None
    fans = sum(line.quantity for line in build.of_kind("fan"))
    if fans:
        return ok(
            "Air moves through the heatsinks",
            f"{fans} fans for {build.gpu_count} passive heatsinks ({what}). They must be ducted: air takes the way "
            "around a fin stack if it can.",
        )
    mend = (("fan", "fan-120mm"), ("fan_count", str(build.gpu_count)))
    if not build.parts:
        return unknown("No fans in the list", f"{what} has no fan of its own and needs ducted air.", "Add fans.", mend)
    return blocker(
        "Passive heatsinks without airflow",
        f"{what} has no fan and none is in the list. The GPU throttles at {THROTTLE_C} C, its memory at about "
        f"{MEMORY_MAX_C} C.",
        "Add ducted fans, one for each module.",
        mend,
        starts=True,
    )


def _fans_unknown_or_built_in(air_cooled: list[PartLine]) -> Verdict:
    unsure = [line.part.name for line in air_cooled if line.part.figures.get("is_passive") is None]
    if unsure:
        return unknown("Airflow not settled", f"Whether {unsure[0]} has a fan of its own is not known.")
    return ok("Air moves through the heatsinks", f"{air_cooled[0].part.name} has its own fan.")


def bare_die(facts: Facts) -> Verdict | None:
    build = facts.build
    if not is_sxm(build.gpu.form_factor):
        return None
    return note(
        "Mount the heatsinks with care",
        f"Each of the {build.gpu_count} modules is a bare die without a lid: tighten the screws in a cross pattern, "
        "in small steps and at low torque. An uneven heatsink cracks the die.",
    )


def server_fans(facts: Facts) -> Verdict | None:
    carrier = facts.build.carrier
    if carrier is None or carrier.kind != "server" or facts.build.gpu.form_factor != "sxm2":
        return None
    return note(
        "A server is loud for a reason",
        f"Passive heatsinks carry away {facts.power.gpu_w:,.0f} W here and need static pressure. Quiet desktop fans "
        f"in place of the server's are unproven; the memory throttles at about {MEMORY_MAX_C} C. "
        "Lower fan curves together with the power limit, and watch the memory temperature.",
    )


RULES = (
    Rule("heatsink-pitch", 7, "SXM modules with a chosen cooler", sources.LEIKOE, heatsink_pitch),
    Rule("heatsink-for-every-module", 8, "SXM modules", sources.UNKNOWN_REPOSITORY, heatsink_for_every_module),
    Rule("airflow", 9, "passive heatsinks and passive cards", sources.NVIDIA_SMI, airflow),
    Rule("bare-die", 10, "SXM modules", sources.UNKNOWN_REPOSITORY, bare_die),
    Rule("server-fans", None, "servers", sources.BRADRLAW, server_fans),
)
