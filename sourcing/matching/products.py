"""Which of the things a title names is the one that is sold, and where more than one is: a bundle."""

from sourcing.matching.components import decide_kind
from sourcing.matching.facts import GPU_NOUNS, Facts, Kind, kind_of
from sourcing.matching.items import Item, Role
from sourcing.matching.modules import Verdict, decide_module, is_a_module, is_v100
from sourcing.matching.normalize import Gap
from sourcing.matching.types import Reason

_ACCESSORIES = frozenset({Kind.ACCESSORY, Kind.SMALL})
_SOLD_IN_SETS = frozenset({Kind.CARRIER, Kind.PLX, Kind.CABLE, Kind.SERVER})
_SERVER_CARD = frozenset({"serveur", "servidor", "servidores", "serwera"})  # behind their noun: "carte serveur"


def decide_product(facts: Facts) -> Verdict:
    kinds = _merged(facts)
    if _another_gpu(facts) and not (facts.no_gpu or facts.only_kind):
        return decide_module(facts)
    module = is_a_module(facts) and not facts.no_gpu and facts.only_kind is None
    if facts.only_gpu and is_v100(facts):
        kinds = {kind: item for kind, item in kinds.items() if item.role is Role.WITH and kind is not Kind.SERVER}
    if module:
        return _with_a_module(facts, kinds)
    if facts.only_kind is not None and facts.only_kind in kinds:
        return decide_kind(facts.only_kind, facts)
    if not kinds:
        several = any(item.value != "1" for item in facts.offered("ways"))
        if several and facts.offered("set") and facts.offered("gpu", "v100") and not facts.no_gpu:
            return _bundle({}, f"sold as a set: {facts.offered('set')[0].text!r}")
        if _only_fits(facts):
            return Verdict(Reason.ACCESSORY_ONLY, None, ("a thing not known, for a GPU or a server",), 0.7)
        return decide_module(facts)
    gpu_beside = [item for item in facts.offered("gpu") if item.role is Role.WITH]
    if gpu_beside and not set(kinds) <= _ACCESSORIES and not facts.no_gpu:
        return _bundle(kinds, "a GPU comes with it")
    return _one_of(facts, kinds)


def _only_fits(facts: Facts) -> bool:
    """Whether GPUs and servers are named only as what something fits."""
    named = [item for item in facts.row if item.group in ("gpu", "server", "pn")]
    return any(item.role is Role.FOR for item in named) and all(item.role in (Role.FOR, Role.NOT) for item in named)


def _another_gpu(facts: Facts) -> bool:
    """Whether a GPU that is no V100 is offered as a whole: it leads and has a memory."""
    gpus = facts.offered("gpu")
    sized = any(item.group in ("memory", "other memory") and item.role is Role.SOLD for item in facts.row)
    if not gpus or not sized or is_v100(facts) or gpus[0].role is not Role.SOLD:
        return False
    return _leads(facts, facts.kinds) is None if facts.kinds else True


def _merged(facts: Facts) -> dict[Kind, Item]:
    """The kinds offered, where one thing has been named by words of two kinds."""
    kinds = dict(facts.kinds)

    def drop(kind: Kind, when: bool) -> None:
        if kind in kinds and when:
            kinds.pop(kind)

    board = bool(facts.offered("board"))
    beside = kinds.get(Kind.ACCESSORY)
    riser = beside is not None and beside.value == "riser" and beside.role is Role.SOLD
    drop(Kind.CARRIER, not board and bool({Kind.PLX, Kind.SWITCH} & set(kinds)))
    chip = kinds.get(Kind.DEVICE)
    document = chip is not None and chip.value == "document"
    drop(Kind.DEVICE, document and chip is not None and chip.role is Role.WITH)  # "with schematics"
    drop(Kind.SMALL, Kind.SMALL in kinds and _is_its_own(facts, kinds[Kind.SMALL], kinds.get(Kind.HEATSINK)))
    drop(Kind.DEVICE, Kind.PLX in kinds and chip is not None and chip.text in ("芯片", "chip", "ic"))  # "PLX8749 芯片"
    drop(Kind.ACCESSORY, riser and bool({Kind.PLX, Kind.SWITCH, Kind.CARRIER} & set(kinds)))  # what the card is for
    if facts.offered("board", "tns", "taq", "ymzx") and Kind.DEVICE in kinds:
        drop(Kind.DEVICE, kinds[Kind.DEVICE].text.startswith(("nvlink", "bare pcb")))  # on the board
    drop(Kind.SERVER, not facts.offered("server") and len(kinds) > 1)  # without a model: where another thing is used
    if Kind.SERVER in kinds and Kind.CARRIER in kinds:
        carrier, server = kinds[Kind.CARRIER], kinds[Kind.SERVER]
        drop(Kind.CARRIER, not board and carrier.value == "board" and facts.position(carrier) < facts.position(server))
    if Kind.CABLE in kinds and not facts.named("link") and len(kinds) > 1 and kinds[Kind.CABLE].role is Role.SOLD:
        kinds[Kind.ACCESSORY] = kinds.pop(Kind.CABLE)
    return kinds


def _is_its_own(facts: Facts, piece: Item, heatsink: Item | None) -> bool:
    """Whether a pipe or a base only tells what a heatsink is made of: "heatsink with heat pipes", 散热器 铜底."""
    if piece.value != "pipe" or heatsink is None:
        return False
    first = facts.position(piece) < facts.position(heatsink)
    return first or piece.role is Role.WITH or not piece.text.isascii()


def _bundle(kinds: dict[Kind, Item], why: str) -> Verdict:
    return Verdict(Reason.BUNDLE, None, (*(f"{kind}: {item.text!r}" for kind, item in kinds.items()), why), 0.85)


def _with_a_module(facts: Facts, kinds: dict[Kind, Item]) -> Verdict:
    """A V100 with a memory or part number of its own, and perhaps something beside it."""
    verdict = decide_module(facts)
    own_heatsink = verdict.part is not None and "pcie" in verdict.part
    others = {
        kind: item
        for kind, item in kinds.items()
        if not _passed_over(facts, kind, item) and not (own_heatsink and kind is Kind.HEATSINK)
    }
    if not others:
        several = any(item.value != "1" for item in facts.offered("ways"))
        if facts.offered("set") and (verdict.reason is Reason.OK or several):
            return _bundle({}, f"sold as a set: {facts.offered('set')[0].text!r}")
        return verdict
    leading = _leads(facts, others)
    if verdict.reason is Reason.NOT_IN_CATALOGUE and leading is None:
        return verdict
    if any(item.number and item.number.thing == "heatsink" for item in facts.offered("pn")):
        return decide_kind(Kind.HEATSINK, facts)
    beside = any(item.role is Role.WITH for item in (*others.values(), *facts.offered("gpu"))) or _joined(facts, others)
    if facts.offered("set") or beside or len(others) > 1 or Kind.SERVER in others:
        if leading in _ACCESSORIES and not beside:
            return decide_kind(leading, facts)
        return _bundle(others, "more than the module is in the price")
    (kind,) = others
    if kind is leading or kind in (*_ACCESSORIES, Kind.DEVICE):
        return decide_kind(kind, facts)
    return _bundle(others, "the module, or a thing for it")


def _passed_over(facts: Facts, kind: Kind, item: Item) -> bool:
    """Whether a thing named beside a module is not in the price, or is given along."""
    given = item.role is Role.WITH
    if not given and any(kind_of(other) is kind for other in facts.row if other.role is Role.NOT):
        return True  # "photo shows heatsink, heatsink not included"
    match kind:
        case Kind.SMALL:
            return given or _in_a_later_clause(facts, item)
        case Kind.CARRIER:
            before = facts.row[facts.position(item) - 1] if facts.position(item) else None
            own = before is not None and item.gap <= Gap.SOFT and before.group == "memory"
            return (
                own and item.text in ("board", "boards") and bool(facts.offered("form", "pcie"))
            )  # "PCIe 32GB boards"
        case Kind.ACCESSORY:
            return given and item.value == "power cable"
        case Kind.SERVER:
            return _only_where_it_is_used(facts, item) or _only_names_its_server(facts, item)
        case _:
            return False


def _joined(facts: Facts, kinds: dict[Kind, Item]) -> bool:
    """Whether "and" or "+" stands between a thing and the GPU behind it."""
    start, end = min(facts.position(item) for item in kinds.values()), first_gpu(facts)
    between = facts.row[start + 1 : end + 1]
    return any(item.gap is Gap.ADD or (item.group == "add" and item.value in ("and", "with")) for item in between)


def _leads(facts: Facts, kinds: dict[Kind, Item]) -> Kind | None:
    """The kind whose word stands before the GPU's: "adapter card V100 16GB"."""
    first = min(kinds, key=lambda kind: facts.position(kinds[kind]))
    return first if facts.position(kinds[first]) < first_gpu(facts) else None


def first_gpu(facts: Facts) -> int:
    return min((facts.position(item) for item in (*facts.offered("gpu"), *facts.offered("pn"))), default=len(facts.row))


def _in_a_later_clause(facts: Facts, thing: Item) -> bool:
    """Whether a comma or more stands between the GPU and a thing behind it."""
    return any(item.gap >= Gap.LIST for item in facts.row[first_gpu(facts) + 1 : facts.position(thing) + 1])


def _only_where_it_is_used(facts: Facts, server: Item) -> bool:
    """A server without a model in a later clause than the GPU, and no other sign of one: "tested it in his server"."""
    at, gpu = facts.position(server), first_gpu(facts)
    if at < gpu or facts.offered("server") or facts.offered("thing", "device") or facts.offered("set"):
        return False
    if facts.offered("other memory") or server.role is not Role.SOLD:
        return False
    return server.text in _SERVER_CARD or _in_a_later_clause(facts, server)


def _only_names_its_server(facts: Facts, server: Item) -> bool:
    """ "V100 SXM2 16GB DGX-1 module" names where the module belongs; "DGX-1 8x V100" is a server."""
    if facts.offered("thing", "server", "chassis", "device") or facts.offered("set") or facts.offered("other memory"):
        return False
    if any(item.group == "bare" for item in facts.row) or len(facts.offered("server")) > 2:
        return False
    at = facts.position(server)
    if at > first_gpu(facts):
        return server.role is Role.SOLD
    counted = any(item.group in ("number", "ways") for item in facts.row[at : first_gpu(facts)])
    return not counted and any(item.group in GPU_NOUNS and item.role is Role.SOLD for item in facts.row)


def _one_of(facts: Facts, kinds: dict[Kind, Item]) -> Verdict:
    """Which of the kinds named is the thing sold, where no module is."""
    if Kind.SERVER in kinds and (facts.no_gpu or any(item.group == "bare" for item in facts.row)):
        server = facts.position(kinds[Kind.SERVER])
        before = {kind for kind, item in kinds.items() if facts.position(item) < server}
        bare = any(item.group == "bare" and "gpu" not in item.text for item in facts.row)
        if before and not bare and not facts.offered("thing", "server", "chassis"):
            return (
                decide_kind(Kind.CARRIER, facts) if before == {Kind.CARRIER} else _bundle(kinds, "a server with more")
            )
        if before <= {Kind.CARRIER}:
            return decide_kind(Kind.SERVER, facts)
    if len(kinds) == 1:
        (kind,) = kinds
        sets = [item for item in facts.offered("set") if item.text != "kit"]
        return _bundle(kinds, "sold as a set") if sets and kind in _SOLD_IN_SETS else decide_kind(kind, facts)
    if Kind.SERVER in kinds:
        rest: dict[Kind, Item] = dict(kinds)
        rest.pop(Kind.SERVER)
        beside = any(item.role is Role.WITH for item in rest.values())
        return _bundle(kinds, "a server with more") if beside else _one_of(facts, rest)
    given = {kind: item for kind, item in kinds.items() if not (kind is Kind.SMALL and item.role is Role.WITH)}
    return decide_kind(next(iter(given)), facts) if len(given) == 1 else _of_several(facts, given)


def _of_several(facts: Facts, kinds: dict[Kind, Item]) -> Verdict:
    """Of several things: an accessory named after a part it is for, or a bundle."""
    first = min(kinds, key=lambda kind: facts.position(kinds[kind]))
    last = max(kinds, key=lambda kind: facts.position(kinds[kind]))
    accessories = set(kinds) & _ACCESSORIES
    if accessories and (first in _ACCESSORIES or set(kinds) <= _ACCESSORIES | {Kind.HEATSINK, Kind.WATERBLOCK}):
        return decide_kind(Kind.ACCESSORY if Kind.ACCESSORY in kinds else Kind.SMALL, facts)
    beside = {kind for kind, item in kinds.items() if item.role is Role.WITH and kind is not first}
    if Kind.DEVICE in kinds and Kind.DEVICE not in beside:
        return decide_kind(Kind.DEVICE, facts)
    if last in _ACCESSORIES and not beside:
        return decide_kind(last, facts)
    return _bundle(kinds, "more than one thing is in the price")
