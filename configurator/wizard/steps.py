"""The five steps: what each asks, which answers it offers, and what each of these would change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from catalog.snapshot import Catalog
from catalog.templatetags.quantities import count as spelled
from catalog.templatetags.quantities import gb_of_bytes, watts
from configurator.changes import Change, change
from configurator.choice import InvalidChoice
from configurator.estimation.families import family_of
from configurator.fields import COUNTRIES, FIELD_BY_NAME, SLOTS
from configurator.goals import circuits_of
from configurator.own_models.find import find_model
from configurator.search.goal import KEEPS_ITS_FORMAT
from configurator.wizard import answers as asked
from configurator.wizard.answers import USUAL_COUNTRY, Answers, Worked, work_out
from configurator.wizard.plans import MODULES, NOTHING, PLATFORMS, Stock, sockets
from sourcing import prices

QUANTS = ("Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16")
CONTEXTS = (8192, 32768, 131072)
STREAMS = (1, 2, 4, 8)
LIMITS_W = (300, 250, 200, 160)
HOW_EXACT = {
    "Q3_K_M": "small, and it shows",
    "Q4_K_M": "the usual choice",
    "Q5_K_M": "closer to the original",
    "Q6_K": "hard to tell from the original",
    "Q8_0": "all but the original",
    "F16": "the original, 16 bits a weight",
    "MXFP4_MOE": "as its makers trained it",
}
MAY_BE_EMPTY = ("fan", "frame")
SLOT_LABELS = {slot.key: slot.label for slot in SLOTS}


@dataclass(frozen=True, slots=True)
class Step:
    """One page. ``names`` are the answers it asks for."""

    key: str
    title: str
    names: tuple[str, ...]
    about: str


STEPS = (
    Step("workload", "Workload", asked.OF_THE_WORKLOAD, "What shall it run, how exactly, and for how many at once?"),
    Step("platform", "Platform", asked.OF_THE_PLATFORM, "What the modules sit on, which ones, and how many."),
    Step("parts", "Parts", asked.OF_THE_PARTS, "What it takes besides. All of it is filled in; change what you like."),
    Step("power", "Power", asked.OF_THE_POWER, "How much each GPU may draw, from which supplies, on which circuit."),
    Step("sourcing", "Sourcing", asked.OF_THE_SOURCING, "Where it goes, who buys it in China, and how it travels."),
)
STEP_BY_KEY = {step.key: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. ``change`` is against the answers as they stand; None where it makes the same build. ``blocked`` says
    what would not work with it that works now, ``refused`` why there would be no build; with one that ``mends``,
    nothing is in the way any more."""

    value: str
    label: str
    note: str
    is_chosen: bool
    change: Change | None = None
    blocked: str = ""
    mends: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its few answers, of which exactly one is chosen."""

    name: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A question with a long list of answers."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """One page's answers worked out, from which the others are told apart."""

    answers: Answers
    current: Worked
    catalog: Catalog
    as_of: date

    def group(self, name: str, legend: str, choices: Iterable[tuple[str, str, str]]) -> Group:
        """``choices``: (value, label, note)."""
        chosen, options = self.answers.get(name), list(choices)
        if chosen not in [value for value, _, _ in options]:
            chosen = self._made(name)
        return Group(name, legend, tuple(self._option(name, *option, chosen) for option in options))

    def _made(self, name: str) -> str:
        """The answer that the plan gave for a person."""
        made = self.current.result.choice.as_dict().get(name)
        return "" if made is None else str(made)

    def _option(self, name: str, value: str, label: str, note: str, chosen: str) -> Option:
        is_chosen = value == chosen
        try:
            then = self.current if is_chosen else work_out(self.answers.but(**{name: value}), as_of=self.as_of)
        except InvalidChoice as refused:
            return Option(value, label, note, is_chosen, refused=str(refused))
        differs = change(self.current.result.figures, then.result.figures)
        same = is_chosen or then.result.query == self.current.result.query
        notes = (note, *self._moved(name, then))
        return Option(
            value=value,
            label=label,
            note="; ".join(text for text in notes if text),
            is_chosen=is_chosen,
            change=None if same else differs,
            blocked=next((title for title in then.blockers if title not in self.current.blockers), ""),
            mends=bool(self.current.blockers) and not then.blockers,
        )

    def _moved(self, name: str, then: Worked) -> Iterator[str]:
        """What the plan would change besides, or, for platforms, what comes of it."""
        if name in asked.OF_THE_PLATFORM:
            most = then.result.estimate.memory.max_context_tokens
            here = in_short(then)
            yield here if most is None else f"{here}, up to {spelled(most)} tokens of context"
        elif in_short(then) != in_short(self.current):
            yield f"on {in_short(then)}"
        if name == "quant":
            yield f"{gb_of_bytes(then.result.estimate.memory.weights_bytes_total)} of weights"
        if name != "circuit" and then.plan.supply.circuit != self.current.plan.supply.circuit:
            yield f"on {then.plan.supply.circuit.name}"


def in_short(worked: Worked) -> str:
    """4 × 16 GB, quad board."""
    machine = worked.plan.machine
    return f"{machine.gpu_count} × {machine.gpu.memory_label_gb} GB, {worked.plan.platform.label.lower()}"


def groups(step: Step, desk: Desk) -> tuple[Group, ...]:
    """The questions of a step that have few answers."""
    return tuple(_GROUPS[step.key](desk))


def _workload(desk: Desk) -> Iterator[Group]:
    model = desk.current.plan.workload.model
    quants: tuple[str, ...] = KEEPS_ITS_FORMAT.get(family_of(model).gguf, QUANTS)
    if desk.answers.get("quant") and desk.answers.get("quant") not in QUANTS and quants is QUANTS:
        quants = (desk.answers.get("quant"), *QUANTS)
    yield desk.group("quant", "How exact", ((quant, quant, HOW_EXACT.get(quant, "")) for quant in quants))
    workload, longest = desk.current.plan.workload, model.max_context_tokens
    contexts = {tokens for tokens in CONTEXTS if longest is None or tokens <= longest} | {workload.context_tokens}
    yield desk.group(
        "context_tokens",
        "Context of each conversation",
        ((str(tokens), f"{spelled(tokens)} tokens", _in_pages(tokens)) for tokens in sorted(contexts)),
    )
    numbers = sorted({*STREAMS, workload.streams})
    about = {number: "speed is that of each" for number in numbers if number > 1}
    yield desk.group(
        "streams", "People at once", ((str(number), str(number), about.get(number, "")) for number in numbers)
    )


def _in_pages(tokens: int) -> str:
    """A page of a book has some 300 words, 400 tokens."""
    return f"some {spelled(max(1, round(tokens / 400, -1)))} pages" if tokens >= 4000 else ""


def _platform(desk: Desk) -> Iterator[Group]:
    automatic = ("", "Automatic", "by the price of its parts the cheapest for a home that holds the model")
    yield desk.group("platform", "Platform", (automatic, *((one.key, one.label, one.about) for one in PLATFORMS)))
    modules = ((gpu, desk.catalog.gpus[gpu].name, "") for gpu in MODULES)
    yield desk.group("gpu", "Modules", (("", "Automatic", "by price the cheaper that holds the model"), *modules))
    most = sockets(desk.current.plan.platform, Stock(desk.catalog.gpus, desk.catalog.carriers, desk.catalog.parts))
    counts = [number for number in (1, 2, 3, 4, 6, 8) if number < most and number > most // 2 - 2]
    chosen = desk.answers.get("gpu_count")
    if chosen and int(chosen) < most:
        counts = sorted({*counts, int(chosen)})
    some = [(str(number), str(number), "") for number in counts]
    yield desk.group("gpu_count", "How many", (*some, ("", f"All {most} sockets", "")))


def _parts(desk: Desk) -> Iterator[Group]:
    filled = {slot for slot, _ in desk.current.plan.machine.parts}
    for slot in asked.SLOTS_ASKED:
        if slot not in filled and desk.answers.get(slot) != NOTHING:
            continue
        nothing = [(NOTHING, "None", "")] if slot in MAY_BE_EMPTY else []
        choices = [*((slug, name, "") for slug, name in desk.catalog.names_for(slot)), *nothing]
        if len(choices) > 1:
            yield desk.group(slot, SLOT_LABELS[slot], choices)


def _power(desk: Desk) -> Iterator[Group]:
    gpu = desk.current.plan.machine.gpu
    limits = {watt for watt in LIMITS_W if (gpu.power_limit_min_w or 0) <= watt <= gpu.default_power_w}
    if desk.answers.get("power_limit_w"):
        limits.add(int(desk.answers.get("power_limit_w")))
    about = {gpu.default_power_w: "the default"}
    automatic = ("", "Automatic", "the highest that board, supplies and circuit carry")
    fixed = ((str(watt), watts(watt), about.get(watt, "")) for watt in sorted(limits))
    yield desk.group("power_limit_w", "Power limit of each GPU", (automatic, *fixed))
    if "psu" in {slot for slot, _ in desk.current.plan.machine.parts}:
        supplies = ((slug, name, "") for slug, name in desk.catalog.names_for("psu"))
        yield desk.group("psu", "Power supplies, as many as it takes", supplies)
    circuits = circuits_of(desk.answers.get("country") or USUAL_COUNTRY, desk.catalog)
    yield desk.group(
        "circuit",
        "Circuit",
        (
            ("", "Automatic", "the weakest that carries it"),
            *((one.slug, one.name, f"{watts(one.continuous_w)} for hours on end") for one in circuits),
        ),
    )


def _sourcing(desk: Desk) -> Iterator[Group]:
    agents = ((slug, name, "") for slug, name in prices.agent_choices())
    yield desk.group("agent", "Agent in China", (("", "None", "bought directly"), *agents))
    freight = ((key, name, "") for key, name in prices.freight_choices())
    yield desk.group("freight_mode", "Freight line", freight)


_GROUPS = {"workload": _workload, "platform": _platform, "parts": _parts, "power": _power, "sourcing": _sourcing}


def lists(step: Step, desk: Desk) -> tuple[Listed, ...]:
    """The questions of a step that have many answers."""
    if step.key == "workload":
        return (_models(desk),)
    if step.key == "sourcing":
        country = desk.answers.get("country") or USUAL_COUNTRY
        countries = tuple((code, name) for code, name in prices.country_names().items() if code in COUNTRIES)
        regions = tuple(prices.region_names(country).items())
        found = [Listed("country", FIELD_BY_NAME["country"].label, country, countries)]
        if regions:
            region = FIELD_BY_NAME["region"]
            chosen = desk.answers.get("region")
            found.append(Listed("region", region.label, chosen, (("", "not told"), *regions), region.help))
        return tuple(found)
    return ()


def _models(desk: Desk) -> Listed:
    chosen = desk.current.plan.workload.model.slug
    known = [(slug, spec.name) for slug, spec in desk.catalog.models.items() if spec.refusal is None]
    if chosen not in dict(known):
        known.insert(0, (chosen, f"Added: {find_model(desk.catalog, chosen).name}"))
    return Listed("model", FIELD_BY_NAME["model"].label, chosen, tuple(known))
