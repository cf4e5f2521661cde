"""The answers of a first build, as they stand in an address; what cannot be is left out, and the page says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from catalog import snapshot
from catalog.field_errors import FieldError, shortened
from catalog.snapshot import Catalog, UnknownSlug
from configurator.choice import BuildChoice, InvalidChoice, parse
from configurator.estimates import EstimateResult, estimate_choice, read_choice, specs
from configurator.estimation.families import family_of
from configurator.fields import OWNABLE
from configurator.goals import circuits_of
from configurator.search.goal import KEEPS_ITS_FORMAT
from configurator.starting import STARTING_MODEL
from configurator.wizard.plans import (
    MODULES,
    NOTHING,
    PLATFORM_BY_KEY,
    PLATFORMS,
    Plan,
    Rung,
    Stock,
    Wish,
    plan,
    sockets,
)
from sourcing import prices

USUAL_COUNTRY = "US"
OF_THE_WORKLOAD = ("model", "quant", "context_tokens", "streams")
OF_THE_PLATFORM = ("platform", "gpu", "gpu_count")
SLOTS_ASKED = ("cooler", "fan", "io_card", "frame", "host", "ram")
OF_THE_PARTS = (*SLOTS_ASKED, *(f"{slot}_owned" for slot, _ in OWNABLE))
OF_THE_POWER = ("power_limit_w", "psu", "circuit")
OF_THE_SOURCING = ("country", "region", "agent", "freight_mode")
NAMES = (*OF_THE_WORKLOAD, *OF_THE_PLATFORM, *OF_THE_PARTS, *OF_THE_POWER, *OF_THE_SOURCING)
OF_THE_PLAN = (*OF_THE_WORKLOAD, *OF_THE_PLATFORM, *SLOTS_ASKED, *OF_THE_POWER, "country")
"""What decides which machine it is. The other answers only decide what it costs."""
PLANS_KEPT = 256
"""Plans with their estimates: the options of a step are asked for again at every change."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by the names of the configurator's settings and ``platform``, in their order; all of it
    usable. ``ignored`` says in sentences what was not."""

    given: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """The answer to a question; empty where there is none."""
        return dict(self.given).get(name, "")

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def but(self, **changes: str) -> "Answers":
        """The same answers with some changed; empty takes one back."""
        changed = {**dict(self.given), **changes}
        return Answers(tuple((name, changed[name]) for name in NAMES if changed.get(name)))


@dataclass(frozen=True, slots=True)
class Worked:
    """Answers worked out: the plan they make, and its estimate."""

    plan: Plan
    result: EstimateResult

    @property
    def blockers(self) -> tuple[str, ...]:
        return tuple(one.title for one in self.result.estimate.findings if one.severity == "blocker")


def read_answers(query: Mapping[str, Any], catalog: Catalog) -> Answers:
    """The usable answers of a query string; names that no step asks for are passed over."""
    given = {name: str(query[name]).strip() for name in NAMES if str(query.get(name, "")).strip()}
    ignored = [text for name in tuple(given) if (text := _refused(name, given, catalog))]
    while given and (errors := _unusable(given, catalog)):
        ignored += [error.message for error in errors]
        for name in {error.field for error in errors} & set(given) or tuple(given):
            del given[name]
    return Answers(tuple(given.items()), tuple(ignored))


def _unusable(given: Mapping[str, str], catalog: Catalog) -> list[FieldError]:
    """What an estimate would refuse."""
    try:
        _, workload, _ = specs(read_choice(_settings(given)), catalog, None)
    except InvalidChoice as refused:
        return list(refused.errors)
    found = []
    if workload.model.refusal is not None:
        found.append(FieldError("model", f"{workload.model.name} cannot be estimated. {workload.model.refusal}"))
    if given.get("agent"):
        try:
            prices.agent_named(given["agent"])
        except (UnknownSlug, prices.RefusedAgent) as refused:
            found.append(FieldError("agent", f"Agent: {refused}"))
    return found


def _refused(name: str, given: dict[str, str], catalog: Catalog) -> str:
    """Takes out an answer that the settings' own checks do not see to be wrong; says why where that is news."""
    value = given[name]
    if name == "platform" and value not in PLATFORM_BY_KEY:
        allowed = f"one of {', '.join(PLATFORM_BY_KEY)}"
    elif name == "gpu" and value not in MODULES:
        allowed = f"one of {', '.join(MODULES)}"
    elif name == "gpu_count" and not (value.isdecimal() and 1 <= int(value[:4]) <= _most_modules(catalog)):
        allowed = f"a whole number from 1 to {_most_modules(catalog)}"
    else:
        country = given.get("country", USUAL_COUNTRY)
        elsewhere = (name == "region" and value not in prices.region_names(country)) or (
            name == "circuit" and value not in {one.slug for one in circuits_of(country, catalog)}
        )
        if elsewhere:  # the country was changed after it was chosen
            del given[name]
        return ""
    del given[name]
    return f"{name}: '{shortened(value)}' is not allowed; give {allowed}."


def _most_modules(catalog: Catalog) -> int:
    return max(sockets(platform, _stock(catalog)) for platform in PLATFORMS)


def _settings(given: Mapping[str, str]) -> dict[str, str]:
    """The answers that are settings of a choice, on any machine."""
    known = {name: value for name, value in given.items() if name != "platform" and value != NOTHING}
    return {**STARTING_MODEL, "gpu": MODULES[0], **known}


def work_out(answers: Answers, *, as_of: date) -> Worked:
    """The plan that the answers make, and its estimate by published prices.

    Raises:
        InvalidChoice: where they make none.
    """
    return _worked_out(snapshot.stamp(), as_of, answers.given)


@lru_cache(maxsize=PLANS_KEPT)
def _worked_out(_catalog: snapshot.Stamp | None, as_of: date, given: tuple[tuple[str, str], ...]) -> Worked:
    asked = read_choice(_settings(dict(given)))
    found = _plan(snapshot.stamp(), as_of, tuple(pair for pair in given if pair[0] in OF_THE_PLAN))
    return Worked(found, estimate_choice(_choice(found, asked), as_of=as_of))


@lru_cache(maxsize=PLANS_KEPT)
def _plan(_catalog: snapshot.Stamp | None, as_of: date, given: tuple[tuple[str, str], ...]) -> Plan:
    catalog = snapshot.current()
    asked = read_choice(_settings(dict(given)))
    return plan(_wish(Answers(given), asked, catalog), _ladder(snapshot.stamp(), as_of), _stock(catalog))


def _wish(answers: Answers, asked: BuildChoice, catalog: Catalog) -> Wish:
    _, workload, supply = specs(asked, catalog, None)
    own_formats = KEEPS_ITS_FORMAT.get(family_of(workload.model).gguf)
    if own_formats and workload.quant not in own_formats:
        workload = replace(workload, quant=own_formats[0])
    return Wish(
        workload=workload,
        circuits=(supply.circuit,) if answers.get("circuit") else circuits_of(asked["country"], catalog),
        platform=PLATFORM_BY_KEY.get(answers.get("platform")),
        gpu=answers.get("gpu") or None,
        gpu_count=int(answers.get("gpu_count")) if answers.get("gpu_count") else None,
        parts={slot: answers.get(slot) for slot in (*SLOTS_ASKED, "psu") if answers.get(slot)},
        power_limit_w=asked["power_limit_w"],
    )


def _choice(found: Plan, asked: BuildChoice) -> BuildChoice:
    """A plan as the configurator's settings, with what was asked beside the machine."""
    kept = ("model", "context_tokens", "streams", *OF_THE_SOURCING, *(f"{slot}_owned" for slot, _ in OWNABLE))
    return parse(
        {
            **{name: asked[name] for name in kept},
            **found.machine.settings(),
            "quant": found.workload.quant,
            "power_limit_w": found.supply.power_limit_w,
            "circuit": found.supply.circuit.slug,
        }
    )


def _stock(catalog: Catalog) -> Stock:
    return Stock(catalog.gpus, catalog.carriers, catalog.parts)


@lru_cache(maxsize=4)
def _ladder(_catalog: snapshot.Stamp | None, as_of: date) -> tuple[Rung, ...]:
    """The platforms full of either module, those for a home first and the cheapest first, by published prices; what
    nobody has a price for comes last. Which is cheaper does not depend on where it is delivered."""
    stock = _stock(snapshot.current())
    _, workload, supply = specs(read_choice(_settings({})), snapshot.current(), None)

    def place(rung: Rung) -> tuple[bool, bool, Any]:
        platform, gpu = rung
        full = plan(Wish(workload, (supply.circuit,), platform, gpu, None, {}, 300), [rung], stock)
        lines = prices.priced_lines([(slug, count, None) for _, slug, count in full.machine.lines], as_of)
        goods = [line.unit.mid * line.quantity for line in lines if line.unit is not None]
        main = {platform.carrier, gpu}
        unpriced = any(line.unit is None for line in lines if line.part in main)
        return not platform.at_home, unpriced, sum(goods)

    every: Iterable[Rung] = ((platform, gpu) for platform in PLATFORMS for gpu in MODULES)
    return tuple(sorted(every, key=place))
