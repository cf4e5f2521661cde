"""V100 modules and cards: form factor and memory, each said once and contradicted by nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from sourcing.matching.facts import Facts
from sourcing.matching.items import Item, Role
from sourcing.matching.normalize import Gap
from sourcing.matching.part_numbers import PartNumber
from sourcing.matching.types import Reason

_OFFERED = (Role.SOLD, Role.WITH)
SIZES = frozenset({16, 32})
CUT_SIZES = frozenset({4, 8, 12, 24})


class Verdict(NamedTuple):
    reason: Reason
    part: str | None
    evidence: tuple[str, ...]
    confidence: float
    counted: str = ""  # what quantities count: gpu, or the kind of the part


def is_v100(facts: Facts) -> bool:
    """Whether a V100 is offered and no other GPU is meant."""
    families = {item.value for item in facts.offered("gpu")} | {
        item.number.family for item in facts.offered("pn") if item.number
    }
    if "v100" in families or (families == {"v100s"} and _plural(facts)):
        return True
    return "volta" in families and families == {"volta"} and bool(facts.offered("form", "sxm2", "sxm3"))


def memory_said(facts: Facts) -> set[int]:
    """Sizes the words name, a total of several modules left out."""
    sizes = [item for item in facts.row if item.group == "memory" and item.role is not Role.NOT]
    offered = [item for item in sizes if item.role in _OFFERED]
    of_its_slot = [item for item in sizes if item.role is Role.FOR and not facts.kinds]  # "V100 for PCIe 32GB"
    return {int(item.value) for item in offered or of_its_slot}


def is_a_module(facts: Facts) -> bool:
    """Whether the title speaks of a V100 as of a thing with a memory of its own, or by its own part number."""
    if not is_v100(facts):
        return False
    numbers = [item.number for item in facts.offered("pn") if item.number]
    own = any(number.family == "v100" and number.thing is None for number in numbers)
    return own or bool(memory_said(facts) & (SIZES | CUT_SIZES))


def decide_module(facts: Facts) -> Verdict:
    families = {item.value for item in facts.offered("gpu")}
    numbers = [(item, item.number) for item in facts.offered("pn") if item.number]
    evidence = [f"gpu: {item.text!r}" for item in facts.offered("gpu")[:2]]
    evidence += [f"part number: {item.text!r}" for item, _ in numbers]
    others = (families | {number.family for _, number in numbers}) - {"v100", "volta"}
    if others == {"v100s"} and _plural(facts):
        others = set()
    if others and is_a_module(facts) and len(facts.offered("memory")) > 1:
        return Verdict(Reason.BUNDLE, None, (*evidence, "another GPU is in the price"), 0.8)
    if others:
        return Verdict(Reason.NOT_IN_CATALOGUE, None, (*evidence, "another GPU is named"), 0.9)
    if not is_v100(facts):
        return Verdict(Reason.NOT_IN_CATALOGUE, None, (*evidence, "no V100 is offered"), 0.8)

    said = memory_said(facts)
    cut = facts.cuts
    evidence += [f"memory: {item.text!r}" for item in facts.offered("memory")[:2]]
    if cut or (said & CUT_SIZES):
        return Verdict(
            Reason.CUT_DOWN_MEMORY, None, (*evidence, *(f"cut down: {item.text!r}" for item in cut[:1])), 0.9
        )

    printed_forms = {number.form for _, number in numbers if number.form}
    forms, words = _forms(facts)
    evidence += [f"form factor: {word!r}" for word in words[:2]]
    alone = any(number.alone for _, number in numbers)
    all_forms = forms | printed_forms
    if len(all_forms) != 1 or (not forms and not alone and not _module_number(numbers, said)):
        found = "contradicted" if len(all_forms) > 1 else "not said"
        return Verdict(Reason.WRONG_FORM_FACTOR, None, (*evidence, f"form factor {found}"), 0.85)
    (form,) = all_forms
    if form not in ("sxm2", "sxm3", "pcie"):
        return Verdict(Reason.WRONG_FORM_FACTOR, None, (*evidence, f"no V100 has {form}"), 0.85)

    printed_sizes = {number.memory_gb for _, number in numbers if number.memory_gb}
    sizes = (said & SIZES) | printed_sizes
    strange = said - SIZES
    if (
        len(sizes) != 1
        or _bare_sizes(facts) - sizes
        or not _totals(strange, sizes)
        or (facts.named("choice") and len(said & SIZES) != 1)
    ):
        return Verdict(Reason.AMBIGUOUS_MEMORY, None, (*evidence, "memory not said once"), 0.85)
    (size,) = sizes
    part = f"v100-{form}-{size}gb"
    if part not in ("v100-sxm2-16gb", "v100-sxm2-32gb", "v100-sxm3-32gb", "v100-pcie-16gb", "v100-pcie-32gb"):
        return Verdict(Reason.AMBIGUOUS_MEMORY, None, (*evidence, f"there is no {part}"), 0.8)
    return Verdict(Reason.OK, part, tuple(evidence), 0.98 if printed_sizes and forms else 0.95, "gpu")


def _bare_sizes(facts: Facts) -> set[int]:
    """A 16 or 32 without a unit that counts nothing: "16 GB (might be 32)"."""
    sizes = set()
    for index, item in enumerate(facts.row):
        if item.group != "number" or item.text not in ("16", "32") or item.before[-1:] in ("-", "$", "#", "€", "£"):
            continue
        before = facts.row[index - 1] if index else None
        after = facts.row[index + 1] if index + 1 < len(facts.row) else None
        counts = (
            after
            and after.gap <= Gap.SOFT
            and (after.text == "x" or after.group in ("amount", "gpu", "brand", "noun", "maker", "thing", "form"))
        )
        if counts or (before and (before.text == "x" or before.group in ("amount", "lanes", "form", "ways", "server"))):
            continue
        if after is not None and after.gap <= Gap.SOFT and after.group == "word":
            continue  # a unit of something else: "16 phases"
        sizes.add(int(item.text))
    return sizes


def _forms(facts: Facts) -> tuple[set[str], list[str]]:
    """The form factors said of the module; those of what it goes into where nothing else is said."""
    offered = [item for item in facts.offered("form") if not _of_a_thing(facts, item)]
    offered += [item for item in facts.offered("lanes") if item.text.startswith("pci")]
    if not any(item.value != "sxm" for item in offered):
        offered += [item for item in facts.row if item.group == "form" and item.role is Role.FOR]
    forms = {"pcie" if item.group == "lanes" else item.value for item in offered}
    if "sxm" in forms:
        # "SXM" alone does not tell the second from the third generation, but contradicts PCIe.
        forms = forms - {"sxm"} if forms & {"sxm2", "sxm3"} else (forms if "pcie" in forms else set())
    return forms, [item.text for item in offered]


def _of_a_thing(facts: Facts, form: Item) -> bool:
    """Whether PCIe only tells the kind of something else: "PCIe adapter"."""
    at = facts.position(form)
    after = facts.row[at + 1] if at + 1 < len(facts.row) else None
    if form.value != "pcie" or after is None or after.group != "thing" or after.gap > Gap.SOFT:
        return False
    return after.role is not Role.SOLD and after.value not in ("heatsink", "server", "chassis")


def _plural(facts: Facts) -> bool:
    """ "V100s" is the plural where the module cannot be a V100S, which is a PCIe card with 32 GB."""
    forms = {item.value for item in facts.offered("form")}
    return bool(forms & {"sxm2", "sxm3"}) or memory_said(facts) == {16}


def _module_number(numbers: Sequence[tuple[Item, PartNumber]], said: set[int]) -> bool:
    """A part number may give the form factor where words give the memory."""
    return bool(numbers) and bool(said & SIZES)


def _totals(strange: set[int], sizes: set[int]) -> bool:
    """Whether other sizes are totals of several modules: "4x 16GB, 64GB"."""
    (size,) = sizes if len(sizes) == 1 else (0,)
    return all(size and total > size and total % size == 0 and total <= 16 * size for total in strange)
