"""Builds and alternatives on one workload: what stands in the address, and the columns it gives. One call for the page.

Workload, electricity and delivery are those of the first build, as far as the address does not say otherwise; the
machine, its runtime and its split are each build's own. Prices are today's for all, those of shared builds too.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from catalog import snapshot
from catalog.field_errors import FieldError
from catalog.snapshot import UnknownSlug
from configurator.choice import BuildChoice, InvalidChoice, parse
from configurator.comparison.alternatives import Alternative, alternatives, guide_comparison
from configurator.comparison.break_even import Owned, PaysOff, Rented, pays_off
from configurator.comparison.measured import Measured, published
from configurator.comparison.references import RefusedReference
from configurator.estimates import EstimateResult, estimate_choice, read_choice
from configurator.estimation.types import Workload
from configurator.fields import FIELD_BY_NAME
from configurator.given_builds import GivenBuild
from configurator.own_models.find import find_model
from configurator.starting import STARTING_MACHINE, STARTING_MODEL
from sourcing.line_prices import Told
from sourcing.rents import Rent, rents

# What all columns share and a person sets on the page.
ASKED = (
    *("model", "quant", "context_tokens", "depth_tokens", "prompt_tokens", "streams"),
    *("hours_per_day", "electricity_usd_per_kwh"),
)
# What all columns share and the first build decides.
DELIVERY = ("country", "region", "entry_date", "exclusions_extended")
# What belongs to one model in one quantisation, and is nothing to another.
OF_ONE_FILE = ("weights_bytes", "expert_layers_in_ram", "gpu_layers", "speculative_tokens")
LETTERS = "ABCD"


@dataclass(frozen=True)
class Question:
    """What an address asks. ``workload`` are the settings of ASKED that it names, as text."""

    builds: tuple[GivenBuild, ...]
    refused: tuple[RefusedReference, ...]
    alternatives: tuple[str, ...]
    workload: Mapping[str, str]
    own_rent_usd: Decimal | None = None  # for one GPU and one hour; None = what is on record


@dataclass(frozen=True)
class RentedMachine:
    """What the GPUs of a column cost by the hour; ``rent`` None where the rate is the person's own."""

    terms: Rented
    rent: Rent | None


@dataclass(frozen=True)
class Column:
    """One machine on the workload. ``given`` and ``alternative``: where it comes from, one of them None."""

    key: str
    title: str
    about: str
    result: EstimateResult
    given: GivenBuild | None
    alternative: Alternative | None
    rented: RentedMachine | None
    changed: tuple[str, ...]  # settings of the build that this workload replaced, in words
    measured: tuple[Measured, ...]

    @property
    def is_rented(self) -> bool:
        return self.alternative is not None and self.alternative.rented

    @property
    def has_price(self) -> bool:
        """Whether GPUs and board have a price: a sum of the rest alone would say nothing of what it costs."""
        lines = self.result.lines
        return all(line.priced.unit is not None for line in lines if line.slot in ("gpu", "carrier"))

    @property
    def is_guides(self) -> bool:
        """Whether it is the guide's own machine: the GPUs and the board that it compares with others."""
        build = self.result.build
        board = (build.gpu.slug, build.gpu_count, build.carrier.slug if build.carrier else "")
        return self.given is not None and board == guide_comparison().machine

    @property
    def runs(self) -> bool:
        """Whether it has a speed at all, and nothing keeps the software from starting."""
        return self.result.estimate.speed is not None and not self.result.cannot_run


@dataclass(frozen=True)
class NotCompared:
    """A machine that cannot take this workload, and why."""

    key: str
    title: str
    given: GivenBuild | None
    alternative: Alternative | None
    message: str


@dataclass(frozen=True)
class Comparison:
    """``shared`` is the choice whose workload, electricity and delivery count; ``workload`` those of ASKED in it."""

    shared: BuildChoice
    columns: tuple[Column, ...]
    not_compared: tuple[NotCompared, ...]

    @property
    def workload(self) -> dict[str, Any]:
        return {name: self.shared[name] for name in ASKED}

    @property
    def hours_per_day(self) -> Decimal:
        return Decimal(str(self.shared["hours_per_day"]))

    @cached_property
    def owned(self) -> tuple[tuple[Column, Owned], ...]:
        """The machines to buy that run it and have a price."""
        return tuple(
            (
                column,
                Owned(
                    name=column.title,
                    landed_usd=column.result.cost.total.mid,
                    at_least=column.result.cost.at_least,
                    power_w=Decimal(str(round(column.result.estimate.power.wall_w, 1))),
                    electricity_usd_per_kwh=Decimal(str(column.result.supply.electricity_usd_per_kwh)),
                ),
            )
            for column in self.columns
            if not column.is_rented and column.runs and column.has_price and column.result.cost.total.mid > 0
        )

    @cached_property
    def rented(self) -> tuple[tuple[Column, Rented], ...]:
        return tuple((column, column.rented.terms) for column in self.columns if column.rented and column.runs)

    @cached_property
    def break_evens(self) -> tuple[PaysOff, ...]:
        """Every machine to buy against everything rented; none where it says nothing, as at no hours a day."""
        found = []
        for _, owned in self.owned:
            for _, rented in self.rented:
                with suppress(ValueError):  # beyond what any machine costs, or less than a minute a day
                    found.append(pays_off(owned, rented, self.hours_per_day))
        return tuple(found)


def shared_choice(question: Question) -> BuildChoice:
    """The settings that all columns share, in a choice of their own: the first build's, and what the address adds.

    Raises:
        InvalidChoice: naming each setting of the workload that is not usable.
    """
    first = question.builds[0].choice if question.builds else parse({**STARTING_MACHINE, **STARTING_MODEL})
    asked = {name: value for name, value in question.workload.items() if value != ""}
    settings = {**first.as_dict(), **asked}
    if any(name in asked and read_one(name, asked[name]) != first[name] for name in ("model", "quant")):
        settings |= {name: FIELD_BY_NAME[name].default for name in OF_ONE_FILE}
    return read_choice(settings)


def read_one(name: str, value: str) -> Any:
    """One setting's value; the text itself where it is not usable, which reading all of them reports."""
    try:
        return parse({name: value})[name]
    except InvalidChoice:
        return value


@dataclass(frozen=True, slots=True)
class _Machine:
    """What a column is made of before anything is computed."""

    key: str
    given: GivenBuild | None
    alternative: Alternative | None

    @property
    def name(self) -> str:
        if self.alternative is not None:
            return self.alternative.name
        titled = self.given is not None and self.given.title
        return f"{self.key}: {titled}" if titled else f"Build {self.key}"

    def choice(self, shared: BuildChoice) -> BuildChoice:
        """Its own settings with the shared workload and delivery. Raises InvalidChoice."""
        common = {name: shared[name] for name in (*ASKED, *DELIVERY, "weights_bytes")}
        if self.given is not None:
            own = self.given.choice
            same_file = all(own[name] == shared[name] for name in ("model", "quant"))
            reset = {} if same_file else {name: FIELD_BY_NAME[name].default for name in OF_ONE_FILE}
            return own.replacing({**reset, **common})
        settings = self.alternative.settings_for(shared["quant"]) if self.alternative is not None else {}
        return parse({"circuit": shared["circuit"], "circuit_count": shared["circuit_count"], **settings, **common})


@snapshot.one_state()
def compare(question: Question, *, as_of: date, told: Told) -> Comparison:
    """Estimate every build and alternative of a question on its one workload.

    Raises:
        InvalidChoice: where the workload cannot be used; what one machine alone cannot do is said beside it.
    """
    shared = shared_choice(question)
    try:
        model = find_model(snapshot.current(), shared["model"])
    except UnknownSlug as unknown:
        raise InvalidChoice([FieldError("model", f"Model (model): {unknown}")]) from None
    builds = [_Machine(letter, given, None) for letter, given in zip(LETTERS, question.builds, strict=False)]
    others = [_Machine(slug, None, alternatives().by_id[slug]) for slug in question.alternatives]
    columns: list[Column] = []
    missed: list[NotCompared] = []
    for machine in (*builds, *others):
        try:
            result = estimate_choice(machine.choice(shared), as_of=as_of, model=model, told=told)
            columns.append(_column(machine, result, question.own_rent_usd))
        except InvalidChoice as refused:
            message = " ".join(error.message for error in refused.errors)
            missed.append(NotCompared(machine.key, machine.name, machine.given, machine.alternative, message))
    return Comparison(shared, tuple(columns), tuple(missed))


def _column(machine: _Machine, result: EstimateResult, own_rent_usd: Decimal | None) -> Column:
    build, workload = result.build, result.workload
    cards = f"{build.gpu_count} × {short_name(build.gpu.name)}"
    given, alternative = machine.given, machine.alternative
    about = cards if given is not None and given.title else ""  # any other title says it already
    return Column(
        key=machine.key,
        title=machine.name if alternative is not None or (given and given.title) else f"{machine.key}: {cards}",
        about=", ".join(words for words in (about, workload.runtime, _split_in_words(workload)) if words),
        result=result,
        given=given,
        alternative=alternative,
        rented=_rented(alternative, result, own_rent_usd) if alternative is not None and alternative.rented else None,
        changed=_changed(given.choice, result.choice) if given is not None else (),
        measured=published(build, workload, snapshot.current().models),
    )


def short_name(gpu: str) -> str:
    """A GPU as people call it: ``V100 SXM2 16 GB`` for ``NVIDIA Tesla V100 SXM2 16 GB``."""
    for maker in ("NVIDIA ", "AMD ", "Tesla ", "GeForce "):
        gpu = gpu.removeprefix(maker)
    return gpu


def _split_in_words(workload: Workload) -> str:
    if workload.split == "none":
        return ""
    return f"split by {workload.split}"


def _rented(alternative: Alternative, result: EstimateResult, own_rent_usd: Decimal | None) -> RentedMachine | None:
    """Its terms: the person's own rate, else the first on record; None where nothing is."""
    gpus = result.build.gpu_count
    if own_rent_usd is not None:
        return RentedMachine(Rented(alternative.name, gpus, own_rent_usd, own_rent_usd), None)
    rent = next(iter(rents().get(result.build.gpu.slug, ())), None)
    return RentedMachine(Rented(alternative.name, gpus, rent.low, rent.high), rent) if rent else None


def _changed(own: BuildChoice, now: BuildChoice) -> tuple[str, ...]:
    names = (*ASKED, *DELIVERY, *OF_ONE_FILE)
    return tuple(
        f"{FIELD_BY_NAME[name].label}: {_shown(own[name])} → {_shown(now[name])}"
        for name in names
        if own[name] != now[name]
    )


def _shown(value: Any) -> str:
    return "not told" if value is None or value == "" else str(value)
