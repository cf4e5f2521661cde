"""The misconceptions that the community guide answers, each with the finding that answers it with a build's numbers.

Pure. Where the guide's own answer is wrong or half the truth, the finding says what holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, note, ok, unknown
from configurator.estimation.topology import topology

LARGEST_BOARD = 4  # sockets of the largest board with NVLink anybody sells without a server around it


@dataclass(frozen=True, slots=True)
class Misconception:
    """What people say, and the findings that answer it where a build invites it."""

    claim: str
    findings: tuple[str, ...]


MISCONCEPTIONS = (
    Misconception("V100 is too old for modern models.", ("runtime-on-gpu",)),
    Misconception(
        "V100 cannot run quantised models, because it has no FP8 or FP4 cores.", ("low-bits-on-volta", "float-formats")
    ),
    Misconception(
        "Two quad boards give you tensor parallelism over eight GPUs.", ("two-islands", "group-spans-islands")
    ),
    Misconception("The system sees GPUs on NVLink as a single one.", ("separate-devices",)),
    Misconception("You need 220 V for server hardware.", ("mains-voltage",)),
    Misconception("Servers with eight GPUs are too loud for a home.", ("server-fans",)),
    Misconception("Buying from Taobao is risky.", ("bought-in-china",)),
    Misconception("A board for eight GPUs with NVLink is coming soon.", ("no-eight-gpu-board",)),
)
"""In the order of the guide's section 18."""

ANSWERS: Mapping[str, str] = MappingProxyType(
    {finding: misconception.claim for misconception in MISCONCEPTIONS for finding in misconception.findings}
)
"""Finding -> the misconception it answers."""


def bought_in_china(facts: Facts) -> Verdict | None:
    """An agent's pictures show what a part looks like, not whether it works; sending it back seldom pays."""
    if facts.market is None or not facts.market.agent:
        return None
    gpu, count = facts.build.gpu, facts.build.gpu_count
    price = next((line.unit_usd for line in facts.market.prices if line.part == gpu.slug), None)
    if price is None:
        return unknown(
            "What a dead module would cost", f"No price is known for {gpu.name}.", "Enter what you would pay."
        )
    spare = f"One dead {gpu.name} of {count} costs you ${price:,.2f} and the wait for another"
    return note(
        "Buying through an agent: a risk you can put a price on",
        f"The agent's pictures show what leaves China, not whether it works: nobody plugs it in. {spare}; sending one "
        "back across the border seldom pays.",
        "Put one spare module into the sum, and test each at once under load: sellers' terms run from delivery.",
    )


def no_eight_gpu_board(facts: Facts) -> Verdict | None:
    """More GPUs than the largest board links: on boards they stay apart, in a server they are linked."""
    carrier, count = facts.build.carrier, facts.build.gpu_count
    if count <= LARGEST_BOARD or carrier is None or carrier.socket == "pcie":
        return None
    if not carrier.links and carrier.topology != "nvswitch":
        return unknown("NVLink among all GPUs not known", f"Nobody has read out how {carrier.name} links its sockets.")
    if carrier.has_host and carrier.sockets >= count:
        return ok(
            "NVLink reaches all GPUs of this server",
            f"{carrier.name} links its {carrier.sockets} sockets: {_shape(carrier.topology)}.",
        )
    islands = len(topology(facts.build).islands)
    return note(
        "No board links more than four",
        f"{count} GPUs on {carrier.name} make {islands} NVLink islands. A board for eight has been rumoured and never "
        "shown. It would not need NVSwitch, as the guide has it: servers of the DGX-1 kind link eight V100 in a hybrid "
        "cube mesh without.",
        "Do not wait for one. If eight must work as one group, take such a server.",
    )


def _shape(shape: str) -> str:
    return {
        "hybrid-cube-mesh": "a hybrid cube mesh, in which each reaches four of seven others directly",
        "nvswitch": "switches, all to all",
        "full-mesh": "each with every other",
        "pair": "in pairs",
    }.get(shape, "not all of them directly")


RULES = (
    Rule("bought-in-china", None, "orders through an agent", sources.GUIDE, bought_in_china),
    Rule("no-eight-gpu-board", None, "more than four modules", sources.BRADRLAW, no_eight_gpu_board),
)
