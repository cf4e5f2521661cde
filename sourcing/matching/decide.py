"""From a listing to a match: group and condition, then what is offered and in which state. In doubt it is refused."""

from sourcing.matching.components import decide_kind
from sourcing.matching.facts import GPU_NOUNS, Facts, Kind, gather, kind_of, with_converters
from sourcing.matching.items import Item, Role, items
from sourcing.matching.lexicon import Lexicon
from sourcing.matching.modules import Verdict, decide_module, is_a_module, is_v100
from sourcing.matching.normalize import Gap, read
from sourcing.matching.quantities import Amount, Counts, quantity
from sourcing.matching.roles import assign
from sourcing.matching.types import ListingText, Match, Reason
from sourcing.matching.vocabulary import vocabulary

FOR_PARTS_CONDITION = 7000
_LONGEST_EVIDENCE = 80
_WEAK_FAULTS = frozenset({"bad", "dead", "broken", "faulty", "defective", "damaged"})  # of memory that is cut away
_WEAK_SERVICE = frozenset({"维修", "修理"})  # beside a fault they are what the buyer does
_SERVER_CARD = frozenset({"serveur", "servidor", "servidores", "serwera"})  # behind their noun: "carte serveur"


def match(listing: ListingText, lexicon: Lexicon | None = None) -> Match:
    """What a listing sells. Never raises on any text."""
    text = read(listing.title)
    row = with_converters(items(text, lexicon or vocabulary()))
    assign(row)
    facts = gather(row)
    verdict = _words(facts)
    amount = quantity(row, _counted(verdict.counted))
    if listing.item_group_type:
        part = verdict.part if verdict.reason is Reason.OK else None
        return _refused(Reason.VARIATION_GROUP, part, amount, (f"item group: {listing.item_group_type!r}",), 0.99)
    if listing.condition_id == FOR_PARTS_CONDITION:
        return _refused(Reason.FOR_PARTS, verdict.part, amount, ("condition 7000", *verdict.evidence), 0.99)
    if verdict.reason is not Reason.OK:
        return _refused(verdict.reason, verdict.part if verdict.reason is Reason.FOR_PARTS else None, amount,
                        verdict.evidence, verdict.confidence)  # fmt: skip
    if text.too_long:
        return _refused(Reason.NOT_IN_CATALOGUE, None, amount, ("longer than any title",), 0.9)
    if amount.number is None:
        return _refused(Reason.BUNDLE, None, amount, (*verdict.evidence, amount.evidence), 0.6)
    evidence = (*verdict.evidence, amount.evidence) if amount.evidence else verdict.evidence
    return Match(verdict.part, amount.number, True, Reason.OK, _short(evidence), verdict.confidence)


def _refused(reason: Reason, part: str | None, amount: Amount, evidence: tuple[str, ...], confidence: float) -> Match:
    return Match(part, amount.number or 1, False, reason, _short(evidence), confidence)


def _short(evidence: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line[:_LONGEST_EVIDENCE] for line in evidence)


def _words(facts: Facts) -> Verdict:
    """The verdict of the words alone: hired out, an empty box, broken, then what it is."""
    if facts.services and not (facts.faults and all(item.text in _WEAK_SERVICE for item in facts.services)):
        return Verdict(Reason.RENTAL_OR_SERVICE, None, (f"service: {facts.services[0].text!r}",), 0.9)
    box = _box_only(facts)
    if box:
        return Verdict(Reason.BOX_OR_MANUAL_ONLY, None, (f"box or manual: {box.text!r}",), 0.9)
    verdict = _product(facts)
    weak = all(item.text in _WEAK_FAULTS for item in facts.faults)
    if facts.faults and not (weak and verdict.reason is Reason.CUT_DOWN_MEMORY):
        evidence = (f"fault: {facts.faults[0].text!r}", *verdict.evidence)
        return Verdict(Reason.FOR_PARTS, verdict.part, evidence, 0.9, verdict.counted)
    return verdict


def _box_only(facts: Facts) -> Item | None:
    """The box or manual where it is what is sold, not what something comes in."""
    offered = [item for item in facts.offered("box") if item.value == "box"]
    if not offered:
        return None
    box = offered[0]
    emptied = facts.offered("box", "empty") or any(_only_beside(facts, item) for item in offered)
    if emptied or facts.no_gpu and not _bare_server(facts):
        return box
    if box.role is Role.WITH or is_a_module(facts) and facts.position(box) > _first_gpu(facts):
        before = facts.row[max(facts.position(box) - 3, 0) : facts.position(box)]
        inside = any(item.text in ("in", "im", "dans", "en", "w", "in a", "in the") for item in before)
        clean = box.role is Role.WITH or box.gap >= Gap.LIST or inside
        return None if clean else box
    ahead = [kind for kind, item in facts.kinds.items() if facts.position(item) < facts.position(box)]
    return None if ahead and ahead != [Kind.SERVER] and box.gap >= Gap.LIST else box


def _bare_server(facts: Facts) -> bool:
    return bool(facts.offered("server"))


def _only_beside(facts: Facts, box: Item) -> bool:
    at = facts.position(box)
    if "only" in box.text or "空" in box.text or "empty" in box.text:
        return True
    near = [facts.row[index] for index in (at - 1, at + 1) if 0 <= index < len(facts.row)]
    return any(item.group == "only" for item in near)


def _first_gpu(facts: Facts) -> int:
    return min((facts.position(item) for item in (*facts.offered("gpu"), *facts.offered("pn"))), default=len(facts.row))


def _product(facts: Facts) -> Verdict:
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
        return decide_module(facts)
    gpu_beside = [item for item in facts.offered("gpu") if item.role is Role.WITH]
    if gpu_beside and not facts.no_gpu:
        return _bundle(kinds, "a GPU comes with it")
    return _one_of(facts, kinds)


def _another_gpu(facts: Facts) -> bool:
    """Whether a GPU that is no V100 is offered as a whole: it leads and has a memory."""
    gpus = facts.offered("gpu")
    sized = any(item.group == "memory" and item.role is Role.SOLD for item in facts.row)
    if not gpus or not sized or is_v100(facts) or gpus[0].role is not Role.SOLD:
        return False
    return _leads(facts, facts.kinds) is None if facts.kinds else True


def _merged(facts: Facts) -> dict[Kind, Item]:
    """The kinds offered, where one thing has been named by words of two kinds."""
    kinds = dict(facts.kinds)
    if Kind.PLX in kinds or Kind.SWITCH in kinds:
        if not facts.offered("board") and not facts.offered("thing", "cable"):
            kinds.pop(Kind.CARRIER, None)
        elif Kind.CARRIER in kinds and not facts.offered("board"):
            kinds.pop(Kind.CARRIER)
    if Kind.ACCESSORY in kinds and kinds[Kind.ACCESSORY].value == "riser" and {Kind.PLX, Kind.CARRIER} & set(kinds):
        if kinds[Kind.ACCESSORY].role is Role.SOLD:
            kinds.pop(Kind.ACCESSORY)  # what the card is for
    if facts.offered("board", "tns", "taq", "ymzx") and Kind.DEVICE in kinds and kinds[Kind.DEVICE].text.startswith("nvlink"):
        kinds.pop(Kind.DEVICE)  # on the board
    if Kind.SERVER in kinds and not facts.offered("server"):
        # "server" without a model beside another thing tells only where it is used
        if len(kinds) > 1:
            kinds.pop(Kind.SERVER)
    if Kind.CARRIER in kinds and Kind.SERVER in kinds and not facts.offered("board"):
        if kinds[Kind.CARRIER].value == "board" and facts.position(kinds[Kind.CARRIER]) < facts.position(kinds[Kind.SERVER]):
            kinds.pop(Kind.CARRIER)
    if Kind.CABLE in kinds and not facts.named("link") and len(kinds) > 1 and kinds[Kind.CABLE].role is Role.SOLD:
        kinds[Kind.ACCESSORY] = kinds.pop(Kind.CABLE)
    return kinds


def _bundle(kinds: dict[Kind, Item], why: str) -> Verdict:
    return Verdict(Reason.BUNDLE, None, (*(f"{kind}: {item.text!r}" for kind, item in kinds.items()), why), 0.85)


def _with_a_module(facts: Facts, kinds: dict[Kind, Item]) -> Verdict:
    """A V100 with a memory or part number of its own, and perhaps something beside it."""
    verdict = decide_module(facts)
    if verdict.part and "pcie" in verdict.part:
        kinds.pop(Kind.HEATSINK, None)  # its own
    left_out = {kind_of(item) for item in facts.row if item.role is Role.NOT}
    kinds = {kind: item for kind, item in kinds.items() if kind not in left_out or item.role is Role.WITH}
    printed_heatsink = any(item.number and item.number.thing == "heatsink" for item in facts.offered("pn"))
    others = dict(kinds)
    for kind, item in kinds.items():
        if kind is Kind.SMALL and item.role is Role.WITH:
            others.pop(kind)  # screws and brackets are given along
        elif kind is Kind.SMALL and _in_a_later_clause(facts, item):
            others.pop(kind)
        if kind is Kind.ACCESSORY and item.value == "power cable" and item.role is Role.WITH:
            others.pop(kind)
        if kind is Kind.SERVER and _only_where_it_is_used(facts, item):
            others.pop(kind)
        elif kind is Kind.SERVER and _only_names_its_server(facts, item):
            others.pop(kind)
    if not others:
        if facts.offered("set") and verdict.reason is Reason.OK:
            return _bundle({}, f"sold as a set: {facts.offered('set')[0].text!r}")
        return verdict
    if verdict.reason is Reason.NOT_IN_CATALOGUE and is_v100(facts) and _leads(facts, others) is None:
        return verdict
    leading = _leads(facts, others)
    if printed_heatsink:
        return decide_kind(Kind.HEATSINK, facts)
    beside = [item for item in others.values() if item.role is Role.WITH]
    gpu_beside = any(item.role is Role.WITH for item in facts.offered("gpu")) or _joined(facts, others)
    if facts.offered("set") or beside or gpu_beside or len(others) > 1 or Kind.SERVER in others:
        if leading in (Kind.ACCESSORY, Kind.SMALL) and not gpu_beside and not beside:
            return decide_kind(leading, facts)
        return _bundle(others, "more than the module is in the price")
    (kind,) = others
    if kind in (Kind.ACCESSORY, Kind.SMALL, Kind.DEVICE):
        return decide_kind(kind, facts)
    return decide_kind(kind, facts) if leading is kind else _bundle(others, "the module, or a thing for it")


def _joined(facts: Facts, kinds: dict[Kind, Item]) -> bool:
    """Whether "and" or "+" stands between a thing and the GPU behind it."""
    start, end = min(facts.position(item) for item in kinds.values()), _first_gpu(facts)
    between = facts.row[start + 1 : end + 1]
    return any(item.gap is Gap.ADD or (item.group == "add" and item.value in ("and", "with")) for item in between)


def _leads(facts: Facts, kinds: dict[Kind, Item]) -> Kind | None:
    """The kind whose word stands before the GPU's: "adapter card V100 16GB"."""
    first = min(kinds, key=lambda kind: facts.position(kinds[kind]))
    return first if facts.position(kinds[first]) < _first_gpu(facts) else None


def _only_where_it_is_used(facts: Facts, server: Item) -> bool:
    """A server without a model in a later clause than the GPU, and no other sign of one: "tested it in his server"."""
    at, gpu = facts.position(server), _first_gpu(facts)
    if at < gpu or facts.offered("server") or facts.offered("thing", "device") or facts.offered("set"):
        return False
    if facts.offered("other memory") or server.role is not Role.SOLD:
        return False
    return server.text in _SERVER_CARD or _in_a_later_clause(facts, server)


def _in_a_later_clause(facts: Facts, thing: Item) -> bool:
    """Whether a comma or more stands between the GPU and a thing behind it."""
    return any(item.gap >= Gap.LIST for item in facts.row[_first_gpu(facts) + 1 : facts.position(thing) + 1])


def _only_names_its_server(facts: Facts, server: Item) -> bool:
    """ "V100 SXM2 16GB DGX-1 module" names where the module belongs; "DGX-1 8x V100" is a server."""
    if facts.offered("thing", "server", "chassis", "device") or facts.offered("set") or facts.offered("other memory"):
        return False
    if any(item.group == "bare" for item in facts.row) or len(facts.offered("server")) > 2:
        return False
    at = facts.position(server)
    if at > _first_gpu(facts):
        return server.role is Role.SOLD
    counted = any(item.group in ("number", "ways") for item in facts.row[at : _first_gpu(facts)])
    return not counted and any(item.group in GPU_NOUNS and item.role is Role.SOLD for item in facts.row)


def _one_of(facts: Facts, kinds: dict[Kind, Item]) -> Verdict:
    """Which of the kinds named is the thing sold, where no module is."""
    if Kind.SERVER in kinds and (facts.no_gpu or any(item.group == "bare" for item in facts.row)):
        before = [kind for kind, item in kinds.items() if facts.position(item) < facts.position(kinds[Kind.SERVER])]
        if all(kind is Kind.CARRIER or kind is Kind.SERVER for kind in before):
            return decide_kind(Kind.SERVER, facts)
    if len(kinds) == 1:
        (kind,) = kinds
        if facts.offered("set") and kind in (Kind.CARRIER, Kind.PLX, Kind.CABLE, Kind.SERVER) and facts.offered("set")[0].text not in ("kit",):
            return _bundle(kinds, "sold as a set")
        return decide_kind(kind, facts)
    if Kind.SERVER in kinds:
        rest = {kind: item for kind, item in kinds.items() if kind is not Kind.SERVER}
        beside = [item for item in rest.values() if item.role is Role.WITH]
        return _bundle(kinds, "a server with more") if beside else _one_of(facts, rest)
    given = {kind: item for kind, item in kinds.items() if not (kind is Kind.SMALL and item.role is Role.WITH)}
    if len(given) == 1:
        return decide_kind(next(iter(given)), facts)
    first = min(given, key=lambda kind: facts.position(given[kind]))
    beside = {kind for kind, item in given.items() if item.role is Role.WITH and kind is not first}
    accessories = {Kind.ACCESSORY, Kind.SMALL}
    if first in accessories or set(given) <= accessories | {Kind.HEATSINK, Kind.WATERBLOCK}:
        return decide_kind(Kind.ACCESSORY if Kind.ACCESSORY in given else Kind.SMALL, facts) if set(given) & accessories \
            else _bundle(given, "several coolers")
    if Kind.DEVICE in given and Kind.DEVICE not in beside:
        return decide_kind(Kind.DEVICE, facts)
    if beside or not set(given) & accessories:
        return _bundle(given, "more than one thing is in the price")
    last = max(given, key=lambda kind: facts.position(given[kind]))
    return decide_kind(last, facts) if last in accessories else _bundle(given, "more than one thing is in the price")


def _counted(counted: str) -> Counts:
    """What counts of units count, by what is sold."""
    if counted == "gpu":
        return Counts(
            lambda item: (item.group == "gpu" and item.value in ("v100", "volta", "v100s"))
            or item.group in ("noun", "card")
            or item.group == "pn"
            or (item.group == "form" and item.value.startswith("sxm")),
            lambda item: False,
        )
    kind = Kind(counted) if counted else None
    blocked = ("gpu", "form", "noun", "ways", "link", "memory")

    def names(item: Item) -> bool:
        if kind is None:
            return item.group in ("gpu", "noun", "pn", "server") or kind_of(item) is not None
        return kind_of(item) is kind or (kind is Kind.CABLE and item.group == "link")

    def blocks(item: Item) -> bool:
        if kind is Kind.SERVER:
            return item.group in blocked
        return kind is Kind.CARRIER and item.group in ("noun", "link")

    return Counts(names, blocks)
