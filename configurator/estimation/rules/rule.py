"""What a rule sees and what it answers. Pure: no Django, no clock, no I/O."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.provenance import Source
from configurator.estimation.types import (
    Build,
    Finding,
    Fix,
    Market,
    MemoryEstimate,
    Offload,
    PowerEstimate,
    SpeedEstimate,
    Supply,
    Workload,
)

Changes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one machine under one workload. ``market`` None = prices and trade were not asked."""

    build: Build
    workload: Workload
    supply: Supply
    memory: MemoryEstimate
    speed: SpeedEstimate | None
    power: PowerEstimate
    market: Market | None
    offload: Offload | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer, to which the rule's id and source are added. ``starts`` False: no command starts the runtime on
    this machine as chosen, whatever parts are added."""

    severity: str
    title: str
    why: str
    fix: Fix | None = None
    starts: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. ``number`` is its place in the list of known pitfalls, None for a check that is not in that list;
    ``check`` answers None only where the rule does not apply to the build at all."""

    slug: str
    number: int | None
    applies_to: str
    source: Source
    check: Callable[[Facts], Verdict | None]

    def finding(self, facts: Facts, answers: str = "") -> Finding | None:
        """What the check says of these facts; ``answers`` is the misconception it is an answer to."""
        verdict = self.check(facts)
        if verdict is None:
            return None
        return Finding(
            self.slug, verdict.severity, verdict.title, verdict.why, verdict.fix, self.source, answers, verdict.starts
        )


def _fix(text: str | None, changes: Changes) -> Fix | None:
    return None if text is None else Fix(text, changes)


def blocker(title: str, why: str, fix: str | None = None, changes: Changes = (), *, starts: bool) -> Verdict:
    """It will not work as chosen. ``changes`` are settings that mend it; an empty value clears a setting. Each rule
    says itself whether the runtime ``starts`` once the parts are right: if not, nobody is shown a command for it."""
    return Verdict("blocker", title, why, _fix(fix, changes), starts)


def caution(title: str, why: str, fix: str | None = None, changes: Changes = ()) -> Verdict:
    return Verdict("caution", title, why, _fix(fix, changes))


def note(title: str, why: str, fix: str | None = None, changes: Changes = ()) -> Verdict:
    return Verdict("note", title, why, _fix(fix, changes))


def unknown(title: str, why: str, fix: str | None = None, changes: Changes = ()) -> Verdict:
    """A figure that the check needs is missing; it is neither passed nor failed."""
    return Verdict("unknown", title, why, _fix(fix, changes))


def ok(title: str, why: str) -> Verdict:
    return Verdict("ok", title, why)
