"""From a listing to a match: group and condition, then what is offered and in which state. In doubt it is refused."""

from sourcing.matching.components import SINGLE
from sourcing.matching.counting import Counts
from sourcing.matching.facts import Facts, Kind, gather, kind_of, with_converters
from sourcing.matching.items import Item, Role, items
from sourcing.matching.lexicon import Lexicon
from sourcing.matching.modules import Verdict, is_a_module
from sourcing.matching.normalize import Gap, read
from sourcing.matching.products import decide_product, first_gpu
from sourcing.matching.quantities import Amount, quantity
from sourcing.matching.roles import assign
from sourcing.matching.suspicion import unknown_ending
from sourcing.matching.types import ListingText, Match, Reason
from sourcing.matching.vocabulary import vocabulary

FOR_PARTS_CONDITION = 7000
_LONGEST_EVIDENCE = 80
_IN_DOUBT = 0.7
_WEAK_FAULTS = frozenset(
    {"bad", "dead", "broken", "faulty", "defective", "damaged", "坏", "坏了", "挂了"}
)  # of memory that is cut away
_WEAK_SERVICE = frozenset({"维修", "修理"})  # beside a fault they are what the buyer does


def match(listing: ListingText, lexicon: Lexicon | None = None) -> Match:
    """What a listing sells. Never raises on any text."""
    text = read(listing.title)
    row = with_converters(items(text, lexicon or vocabulary()))
    assign(row)
    facts = gather(row)
    verdict = _words(facts)
    amount = quantity(row, _counted(verdict))
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
    confidence, ending = verdict.confidence, unknown_ending(row)
    if ending:  # "V100 SXM2 16GB balance": what is sold may be what the last words name
        confidence, evidence = min(confidence, _IN_DOUBT), (*evidence, f"ends in words not known: {ending!r}")
    return Match(verdict.part, amount.number, True, Reason.OK, _short(evidence), confidence)


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
    verdict = decide_product(facts)
    faults = facts.faults
    weak = all(item.text in _WEAK_FAULTS for item in faults)
    doubted = all(item.value in ("doubt", "but") or item.group in ("word", "neg") for item in faults)
    if faults and not (weak and verdict.reason is Reason.CUT_DOWN_MEMORY):
        if doubted and verdict.reason is not Reason.OK:
            return verdict
        evidence = (f"{'in doubt' if doubted else 'fault'}: {faults[0].text!r}", *verdict.evidence)
        return Verdict(Reason.FOR_PARTS, verdict.part, evidence, 0.6 if doubted else 0.9, verdict.counted)
    return verdict


def _box_only(facts: Facts) -> Item | None:
    """The box or manual where it is what is sold, not what something comes in."""
    offered = [item for item in facts.offered("box") if item.value == "box"]
    if not offered:
        return None
    box = offered[0]
    emptied = facts.offered("box", "empty") or any(_only_beside(facts, item) for item in offered)
    if emptied or (facts.no_gpu and not _bare_server(facts)):
        return box
    if box.role is Role.WITH or (is_a_module(facts) and facts.position(box) > first_gpu(facts)):
        before = facts.row[max(facts.position(box) - 3, 0) : facts.position(box)]
        inside = any(item.text in ("in", "im", "dans", "en", "w", "in a", "in the") for item in before)
        said = facts.row[first_gpu(facts) + 1 : facts.position(box) + 1]
        clean = box.role is Role.WITH or any(item.gap >= Gap.LIST for item in said) or inside
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


def _counted(verdict: Verdict) -> Counts:
    """What counts of units count, by what is sold."""
    if verdict.counted == "gpu":
        return Counts(
            lambda item: (
                (item.group == "gpu" and item.value in ("v100", "volta", "v100s"))
                or item.group in ("noun", "card")
                or item.group == "pn"
                or (item.group == "form" and item.value.startswith("sxm"))
            ),
            lambda item: False,
        )
    kind = Kind(verdict.counted) if verdict.counted else None
    blocked = ("gpu", "form", "noun", "ways", "link", "memory")

    def names(item: Item) -> bool:
        if kind is None:
            return item.group in ("gpu", "noun", "pn", "server") or kind_of(item) is not None
        return kind_of(item) is kind or (kind is Kind.CABLE and item.group == "link")

    def blocks(item: Item) -> bool:
        if kind is Kind.SERVER or (kind is Kind.CARRIER and verdict.part != SINGLE):
            return item.group in blocked
        return kind is Kind.CARRIER and item.group in ("noun", "link")

    return Counts(names, blocks)
