"""The phases of a path worked out: what each buys, what it costs at the door, what it gains, what it leaves idle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from catalog import snapshot
from catalog.specs import ModelSpec
from configurator.changes import Change, change
from configurator.choice import BuildChoice
from configurator.estimates import BuildLine, EstimateResult, chosen_slots, estimate_choice
from configurator.estimation.memory import CannotEstimate, fits
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.types import Build, Finding, Workload
from configurator.fields import OWNABLE
from configurator.upgrade.parts import Bill, Move, at_least, move
from sourcing import prices
from sourcing.landed.types import Money

OF_THE_PATH = ("model", "context_tokens", "country", "region")
"""Settings that are the same in every phase, so that phases can be compared."""
ONE_OTHER_WAY = (
    "split", "tensor_parallel", "pipeline_parallel", "weights_bytes", "expert_layers_in_ram", "gpu_layers",
    "speculative_tokens", "depth_tokens",
)  # fmt: skip
"""Settings that fit one model and one number of GPUs only: left to their defaults."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Parts of one kind that a phase does not use, and their worth at published prices (None = nobody has told)."""

    slug: str
    name: str
    pieces: int
    newly: int
    worth: Money | None


@dataclass(frozen=True)
class Phase:
    """One phase. ``gain`` is against the phase before, None in the first; ``spent`` is everything up to here.

    ``unknown`` names what ``spent`` leaves out; ``newly_fit`` are models that no phase before held, largest first, and
    ``fitting`` how many fit in all; none do where the machine cannot run.
    """

    result: EstimateResult
    move: Move
    gain: Change | None
    spent: Money
    unknown: tuple[str, ...]
    idle: tuple[Idle, ...]
    newly_fit: tuple[ModelSpec, ...]
    fitting: int

    @property
    def title(self) -> str:
        """4 × V100 SXM2 16 GB on a quad board."""
        build = self.result.build
        gpus = f"{build.gpu_count} × {build.gpu.name}"
        if build.carrier is None:
            return gpus
        carriers = build.carrier.name if build.carrier_count == 1 else f"{build.carrier_count} × {build.carrier.name}"
        return f"{gpus} {'in' if build.carrier.has_host else 'on'} {carriers}"

    @property
    def bought(self) -> tuple[BuildLine, ...]:
        """The lines to buy; what costs nothing is there already."""
        return tuple(line for line in self.result.lines if line.priced.quantity and not _is_free(line.priced.unit))

    @property
    def moved(self) -> tuple[BuildLine, ...]:
        return tuple(line for line in self.result.lines if line.owned)

    @property
    def blockers(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.result.estimate.findings if finding.severity == "blocker")

    @property
    def memory_gb(self) -> int:
        """What the community calls it: the labels of all GPUs together."""
        return self.result.build.gpu_count * self.result.build.gpu.memory_label_gb

    @property
    def idle_worth(self) -> Money:
        return _sum(one.worth for one in self.idle if one.worth is not None)

    @property
    def idle_unpriced(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.idle if one.worth is None)


@snapshot.one_state()
def work_out_path(
    own: BuildChoice | None, targets: Sequence[BuildChoice], settings: Mapping[str, Any], *, as_of: date
) -> tuple[Phase, ...]:
    """The phases in order, what is owned first where there is something.

    ``settings`` hold for every phase (``OF_THE_PATH``, and ``quant`` where the runtime reads GGUF files). Parts that a
    build counts as owned are there from the start of its phase.

    Raises:
        InvalidChoice: where a build cannot be estimated.
    """
    phases: list[Phase] = []
    there: Bill = {}
    held: frozenset[str] = frozenset()
    for build in [*([own] if own is not None else []), *targets]:
        choice = build.replacing(_same_for_all(build, settings))
        there = at_least(there, _bill(choice) if build is own else _said_to_be_owned(choice))
        before = phases[-1] if phases else None
        here = move(there, _bill(choice), before.move.idle if before is not None else {})
        result = estimate_choice(choice.replacing(_owned(choice, there)), as_of=as_of)
        gpus_alone = Build(result.build.gpu, result.build.gpu_count, None, 0)  # boards make no difference to memory
        holds = frozenset() if result.cannot_run else _holds(snapshot.stamp(), gpus_alone, result.workload)
        phases.append(
            Phase(
                result=result,
                move=here,
                gain=change(before.result.figures, result.figures) if before is not None else None,
                spent=_sum([*([before.spent] if before is not None else []), result.cost.total]),
                unknown=tuple(dict.fromkeys([*(before.unknown if before is not None else ()), *result.cost.unknown])),
                idle=_idle(here, as_of),
                newly_fit=_largest_first(holds - held) if before is not None else (),
                fitting=len(holds),
            )
        )
        held, there = held | holds, here.owned
    return tuple(phases)


def _same_for_all(build: BuildChoice, settings: Mapping[str, Any]) -> dict[str, Any]:
    same = {name: settings[name] for name in OF_THE_PATH if name in settings} | dict.fromkeys(ONE_OTHER_WAY)
    if build["runtime"] in LLAMA_CPP_FAMILY:
        return same | {"quant": settings["quant"]} if "quant" in settings else same
    return same | {"split": build["split"], "tensor_parallel": build["tensor_parallel"]}


def _bill(choice: BuildChoice) -> Bill:
    return {slug: pieces for _, slug, pieces in chosen_slots(choice)}


def _said_to_be_owned(choice: BuildChoice) -> Bill:
    return {choice[slot]: choice[f"{slot}_owned"] for slot, _ in OWNABLE if choice[slot] and choice[f"{slot}_owned"]}


def _owned(choice: BuildChoice, there: Bill) -> dict[str, int]:
    """The settings that keep what is there from being bought again."""
    return {f"{slot}_owned": min(pieces, there.get(slug, 0)) for slot, slug, pieces in chosen_slots(choice)}


def _idle(here: Move, as_of: date) -> tuple[Idle, ...]:
    lines = prices.priced_lines([(slug, pieces, None) for slug, pieces in here.idle.items()], as_of)
    return tuple(
        Idle(line.part, line.name, line.quantity, here.newly_idle.get(line.part, 0), _times(line.unit, line.quantity))
        for line in lines
        if not _is_free(line.unit)
    )


def _is_free(unit: Money | None) -> bool:
    return unit is not None and unit.high == 0


def _times(unit: Money | None, pieces: int) -> Money | None:
    return None if unit is None else Money(unit.low * pieces, unit.mid * pieces, unit.high * pieces)


def _sum(amounts: Iterable[Money]) -> Money:
    amounts = list(amounts)
    low, mid, high = (sum((getattr(one, end) for one in amounts), Decimal(0)) for end in ("low", "mid", "high"))
    return Money(low, mid, high)


@lru_cache(maxsize=64)
def _holds(_catalog: snapshot.Stamp | None, build: Build, any_workload: Workload) -> frozenset[str]:
    """The models of the catalog that fit when they are run as this one is."""
    models = snapshot.current().models.items()
    return frozenset(slug for slug, model in models if _fits(build, replace(any_workload, model=model)))


def _fits(build: Build, workload: Workload) -> bool:
    try:
        return workload.model.refusal is None and fits(build, workload)
    except (CannotEstimate, ValueError):  # nobody can tell, for this model in this format
        return False


def _largest_first(slugs: Iterable[str]) -> tuple[ModelSpec, ...]:
    models = snapshot.current().models
    return tuple(sorted((models[slug] for slug in slugs), key=lambda model: (-model.params_total, model.slug)))
