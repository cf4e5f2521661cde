"""The builds of a comparison, as its address gives them: four at most, each completed to a whole machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.field_errors import shortened
from configurator.given_builds import LONGEST, GivenBuild, NotABuild, Reference, build_of, shared_builds, take_apart
from configurator.starting import STARTING_MACHINE, STARTING_MODEL

MOST_BUILDS = 4
MOST_READ = 12  # of what one address may hold; the rest is counted and not looked at


@dataclass(frozen=True, slots=True)
class RefusedReference:
    """What could not be read, and what to change. ``given`` is as typed, cut to what can be shown in a field."""

    given: str
    message: str

    @property
    def shown(self) -> str:
        return shortened(self.given)


def read_references(given: Sequence[str], host: str) -> tuple[tuple[GivenBuild, ...], tuple[RefusedReference, ...]]:
    """The builds that were given, four at most, and what could not be read. One query, whatever was given."""
    wanted = [text.strip() for text in given if text.strip()]
    refused: list[RefusedReference] = []
    read: list[tuple[str, Reference]] = []
    for text in wanted[:MOST_READ]:
        try:
            read.append((text, _completed(take_apart(text, host=host))))
        except NotABuild as wrong:
            refused.append(_refused(text, str(wrong)))
    shared = shared_builds(each for _, each in read)
    builds: list[GivenBuild] = []
    for text, each in read:
        try:
            build = build_of(each, shared)
        except NotABuild as wrong:
            refused.append(_refused(text, str(wrong)))
            continue
        if build.reference in {one.reference for one in builds}:
            refused.append(_refused(text, "This build is here already."))
        elif len(builds) == MOST_BUILDS:
            refused.append(_refused(text, f"{MOST_BUILDS} builds are the most. Remove one, then add this."))
        else:
            builds.append(build)
    if (left := len(wanted) - MOST_READ) > 0:
        refused.append(_refused("", f"{left} more were not looked at: {MOST_BUILDS} builds are the most."))
    return tuple(builds), tuple(refused)


def _refused(given: str, message: str) -> RefusedReference:
    return RefusedReference(given[:LONGEST], message)


def _completed(reference: Reference) -> Reference:
    """The settings with the machine and model the configurator starts with, as far as they name none."""
    given = reference.settings
    if reference.slug:
        return reference
    start: dict[str, str] = {} if "model" in given else dict(STARTING_MODEL)
    if not ("gpu" in given or "carrier" in given):
        start |= STARTING_MACHINE
    return replace(reference, settings=start | dict(given))
