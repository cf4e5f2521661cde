"""Everything that is not a GPU: boards, adapters, cables, heatsinks, water blocks, link cards, servers, accessories."""

from collections.abc import Callable

from sourcing.matching.facts import Facts, Kind
from sourcing.matching.items import Role
from sourcing.matching.modules import Verdict
from sourcing.matching.types import Reason

PLX_PART = "plx8749-card"
CABLE_PART = "sff-8654-8i-cable-75cm"
V100_HEATSINK = "heatsink-v100-stock"
A100_HEATSINK = "heatsink-a100-passive"
WATERBLOCK_PART = "waterblock-bykski-n-nvv100-32g-x"
SINGLE = "single-adapter-sxm2-pcie"
_OWN_FAMILIES = frozenset({"v100", "p100", "volta"})


def _ok(part: str, evidence: list[str], confidence: float, kind: Kind) -> Verdict:
    return Verdict(Reason.OK, part, tuple(evidence), confidence, kind)


def _no(reason: Reason, evidence: list[str], why: str) -> Verdict:
    return Verdict(reason, None, (*evidence, why), 0.85)


def decide_kind(kind: Kind, facts: Facts) -> Verdict:
    item = facts.kinds.get(kind)
    evidence = [f"{kind}: {item.text!r}"] if item else []
    return _DECIDERS[kind](facts, evidence)


def _carrier(facts: Facts, evidence: list[str]) -> Verdict:
    models = {item.value for item in facts.named("board") if item.role is not Role.LIKE}
    evidence += [f"model: {item.text!r}" for item in facts.offered("board")[:2]]
    ways = {item.value for item in facts.named("ways")}
    sockets = {item.value for item in facts.named("form")}
    foreign = bool(facts.named("gpu", "a100", "other")) and "sxm2" not in sockets
    if foreign or "other" in models or sockets & {"sxm3", "sxm4"}:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "a board for other modules")
    if facts.named("choice"):
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "several boards to choose from")
    known = models & {"taq", "ymzx", "tns"}
    if len(known) > 1:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "several boards are named")
    without_link = any(
        item.group == "speed" and index and facts.row[index - 1].group == "neg" for index, item in enumerate(facts.row)
    )
    if known == {"taq"}:
        return _ok("quad-board-taq-sxm2-4p5a5", evidence, 0.97, Kind.CARRIER)
    if known == {"ymzx"}:
        return _ok("quad-board-ymzx-4gpu-q1", evidence, 0.97, Kind.CARRIER)
    if known == {"tns"} and not without_link:
        return _ok("dual-board-tns-2sxm2-4p54", evidence, 0.97, Kind.CARRIER)
    if models == {"39com"} and "2" in ways and "4" not in ways and facts.named("speed", "300") and not without_link:
        return _ok("dual-board-tns-2sxm2-4p54", evidence, 0.95, Kind.CARRIER)
    if models or ways & {"2", "4", "8"}:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "a board of unstated model")
    if facts.named("link") or facts.named("speed"):
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "another board")
    converts = "pcie" in sockets or any(item.text.startswith("pci") for item in facts.named("lanes"))
    if "sxm2" in sockets and (converts or "1" in ways) and _is_adapter(facts):
        evidence += [f"socket: {item.text!r}" for item in facts.named("form")[:2]]
        return _ok(SINGLE, evidence, 0.94, Kind.CARRIER)
    return _no(Reason.NOT_IN_CATALOGUE, evidence, "a board not known")


def _is_adapter(facts: Facts) -> bool:
    return bool(facts.offered("thing", "adapter")) or "1" in {item.value for item in facts.named("ways")}


def _plx(facts: Facts, evidence: list[str]) -> Verdict:
    if facts.kinds.get(Kind.SWITCH):
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "several switch chips are named")
    if facts.offered("link", "other") or any(
        item.text not in ("芯片", "chip", "ic") for item in facts.offered("thing", "device")
    ):
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "a switch card with other ports")
    return _ok(PLX_PART, evidence, 0.95, Kind.PLX)


def _switch(facts: Facts, evidence: list[str]) -> Verdict:
    return _no(Reason.NOT_IN_CATALOGUE, evidence, "another switch card")


_CENTIMETRES = {"cm": 1.0, "m": 100.0, "mm": 0.1, "米": 100.0, "厘": 1.0}


def _lengths(facts: Facts) -> set[float]:
    """The lengths a title names, in centimetres; one unit serves a row such as "30/50/75cm"."""
    found: set[float] = set()
    unit = 0.0
    for item in reversed(facts.row):
        if item.text in _CENTIMETRES and item.group != "number":
            unit = _CENTIMETRES[item.text]
        elif item.group == "number" and unit and item.value.replace(".", "", 1).isdigit():
            found.add(round(float(item.value) * unit, 2))
            unit = unit if "/" in item.before else 0.0
        else:
            unit = 0.0
    return found


def _cable(facts: Facts, evidence: list[str]) -> Verdict:
    ends = {item.value for item in facts.named("link")}
    evidence += [f"plug: {item.text!r}" for item in facts.offered("link")[:3]]
    pcie = [item for item in facts.named("form", "pcie") if item.role in (Role.SOLD, Role.WITH)]
    if ends - {"8654", "8i"}:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "another data cable")
    if len(_lengths(facts)) > 1 or facts.named("choice"):
        return _no(Reason.VARIATION_GROUP, evidence, "several lengths to choose from")
    if {"8654", "8i"} <= ends and not _splits(facts) and not any(_end_of_cable(facts, item.text) for item in pcie):
        return _ok(CABLE_PART, evidence, 0.95, Kind.CABLE)
    return _no(Reason.NOT_IN_CATALOGUE, evidence, "a cable with plugs not known")


def _splits(facts: Facts) -> bool:
    """ "8i to 2x 8i": one plug becomes two."""
    row = facts.row
    for index, item in enumerate(row):
        if (
            item.group == "to"
            and index + 2 < len(row)
            and (row[index + 1].amount or 0) > 1
            and row[index + 2].text == "x"
        ):
            return True
        if (
            item.group == "to"
            and index + 1 < len(row)
            and row[index + 1].group in ("number", "ways")
            and row[index + 1].text in ("2", "dual", "two", "双", "两")
        ):
            return True
    return False


def _end_of_cable(facts: Facts, text: str) -> bool:
    row = facts.row
    return any(
        item.group == "to" and index + 1 < len(row) and row[index + 1].text == text for index, item in enumerate(row)
    )


def _heatsink(facts: Facts, evidence: list[str]) -> Verdict:
    if facts.offered("maker", "after", "other", "bykski") or facts.named("maker", "after"):
        return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink of another maker")
    families = {item.value for item in facts.named("gpu")}
    printed = [item for item in facts.offered("pn") if item.number and item.number.family in ("v100", "a100")]
    sockets = {item.value for item in facts.named("form")}
    made = facts.named("maker", "oem") or printed or _branded(facts) or _pulled(facts)
    evidence += [f"make: {item.text!r}" for item in facts.named("maker", "oem")[:1]]
    if not made:
        return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink of unstated make")
    if "pcie" in sockets or facts.offered("server"):
        return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink of a card or a server")
    own = _families_of_heatsink(facts)
    if own == {"a100"} or (not families and any(item.number and item.number.family == "a100" for item in printed)):
        if "sxm4" in sockets or any(item.number and item.number.family == "a100" for item in printed):
            return _ok(A100_HEATSINK, evidence, 0.93, Kind.HEATSINK)
        return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink of another GPU")
    if "sxm4" in sockets or "sxm3" in sockets or not own <= _OWN_FAMILIES:
        return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink of another GPU")
    if "v100" in own and ("sxm2" in sockets or printed):
        return _ok(V100_HEATSINK, evidence, 0.93, Kind.HEATSINK)
    return _no(Reason.ACCESSORY_ONLY, evidence, "a heatsink not known")


def _families_of_heatsink(facts: Facts) -> set[str]:
    """The GPU a heatsink is of: the one it is named by, and where none is, those it fits."""
    offered = {item.value for item in facts.offered("gpu")}
    fitted = {item.value for item in facts.named("gpu")}
    if offered:
        return offered
    forms = {item.value for item in facts.offered("form")}
    return {"a100"} if "sxm4" in forms else fitted


def _branded(facts: Facts) -> bool:
    """A maker's name that is the heatsink's, not that of the module it fits."""
    return any(item.group == "brand" and item.role is Role.SOLD and _before_for(facts, item.text) for item in facts.row)


def _before_for(facts: Facts, text: str) -> bool:
    for item in facts.row:
        if item.group == "for":
            return False
        if item.group == "brand" and item.text == text:
            return True
    return False


def _pulled(facts: Facts) -> bool:
    return any(item.group == "from" for item in facts.row)


def _waterblock(facts: Facts, evidence: list[str]) -> Verdict:
    models = {item.value for item in facts.offered("bykski")}
    if (
        models == {"nvv100"}
        and not facts.named("maker", "other")
        and "pcie" not in {i.value for i in facts.named("form")}
    ):
        evidence += [f"model: {item.text!r}" for item in facts.offered("bykski")[:1]]
        return _ok(WATERBLOCK_PART, evidence, 0.96, Kind.WATERBLOCK)
    return _no(Reason.ACCESSORY_ONLY, evidence, "another water block")


def _server(facts: Facts, evidence: list[str]) -> Verdict:
    models = {item.value for item in facts.offered("server")}
    evidence += [f"model: {item.text!r}" for item in facts.offered("server")[:2]]
    bare = facts.no_gpu or any(item.group == "bare" for item in facts.row)
    if "other" in models or not models:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "another server")
    if len(models) > 1:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "several servers are named")
    if models == {"server-dgx-1v"} and facts.named("gpu", "p100"):
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "the older DGX-1")
    without_board = [
        item
        for item in facts.row
        if item.role is Role.NOT and item.group == "thing" and item.value in ("board", "server")
    ]
    if without_board:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "a chassis without its boards")
    if facts.only_kind is Kind.SERVER and facts.offered("thing", "chassis") and not bare:
        return _no(Reason.NOT_IN_CATALOGUE, evidence, "a chassis only")
    if not bare:
        return _no(Reason.BUNDLE, evidence, "not said to come without GPUs")
    (model,) = models
    return _ok(model, [*evidence, "barebone or without GPUs"], 0.95, Kind.SERVER)


def _accessory(facts: Facts, evidence: list[str]) -> Verdict:
    return _no(Reason.ACCESSORY_ONLY, evidence, "an accessory")


def _device(facts: Facts, evidence: list[str]) -> Verdict:
    return _no(Reason.NOT_IN_CATALOGUE, evidence, "another device")


_DECIDERS: dict[Kind, Callable[[Facts, list[str]], Verdict]] = {
    Kind.CARRIER: _carrier,
    Kind.PLX: _plx,
    Kind.SWITCH: _switch,
    Kind.CABLE: _cable,
    Kind.HEATSINK: _heatsink,
    Kind.WATERBLOCK: _waterblock,
    Kind.SERVER: _server,
    Kind.ACCESSORY: _accessory,
    Kind.SMALL: _accessory,
    Kind.DEVICE: _device,
}
