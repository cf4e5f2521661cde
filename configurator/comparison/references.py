"""What a person gives as a build to compare: the slug of a shared build, a configurator's query, or a link to either.

Nothing is fetched: a link is read, and it must be one of this site's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from catalog.field_errors import shortened
from configurator.choice import BuildChoice, InvalidChoice
from configurator.fields import FIELD_BY_NAME
from configurator.models import SharedBuild
from configurator.sharing import choice_from_query
from configurator.starting import STARTING_MACHINE, STARTING_MODEL

MOST_BUILDS = 4
MOST_READ = 12  # of what one address may hold; the rest is counted and not looked at
MOST_CHARACTERS = 6000
LONGEST_SLUG = 32
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]*")
SHARED_PAGES = ("shared", "export_shared", "edit")
BUILD_PAGES = ("build", "export_build")
HOW = (
    "Give the link of a shared build (…/b/…/), the address of the configurator (…/build/?…), or what stands after its "
    "question mark."
)


@dataclass(frozen=True, slots=True)
class GivenBuild:
    """A build as it stands in an address: ``reference`` is the short form of what was given."""

    reference: str
    title: str
    choice: BuildChoice


@dataclass(frozen=True, slots=True)
class RefusedReference:
    """What could not be read, and what to change. ``given`` is as typed, cut to what can be shown in a field."""

    given: str
    message: str

    @property
    def shown(self) -> str:
        return shortened(self.given)


class NotABuild(ValueError):
    """The message says what to give instead."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A reference taken apart: either a slug or a query."""

    slug: str = ""
    query: str = ""


def read_references(given: Sequence[str], host: str) -> tuple[tuple[GivenBuild, ...], tuple[RefusedReference, ...]]:
    """The builds that were given, four at most, and what could not be read. One query, whatever was given."""
    wanted = [text.strip() for text in given if text.strip()]
    refused: list[RefusedReference] = []
    read: list[tuple[str, _Read]] = []
    for text in wanted[:MOST_READ]:
        try:
            read.append((text, _take_apart(text, host)))
        except NotABuild as wrong:
            refused.append(_refused(text, str(wrong)))
    shared = SharedBuild.objects.with_slugs(each.slug for _, each in read if each.slug)
    builds: list[GivenBuild] = []
    for text, each in read:
        try:
            build = _build(each, shared)
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
    return RefusedReference(given[:MOST_CHARACTERS], message)


def _take_apart(text: str, host: str) -> _Read:
    if len(text) > MOST_CHARACTERS:
        raise NotABuild(f"It has {len(text):,} characters, and {MOST_CHARACTERS:,} are the most. {HOW}")
    if "://" in text or text.startswith("/"):
        return _from_link(text, host)
    if "=" in text:
        return _Read(query=text.lstrip("?"))
    if "/" in text:  # a link that lost its beginning
        return _from_link(f"//{text}", host)
    if len(text) > LONGEST_SLUG:
        raise NotABuild(f"No shared build has so long a name. {HOW}")
    return _Read(slug=text)


def _from_link(text: str, host: str) -> _Read:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = None
    if parts is None or not HOST.fullmatch(parts.netloc):
        raise NotABuild(f"This is no address. {HOW}")
    if parts.netloc and parts.netloc.lower() != host.lower():
        raise NotABuild(f"This link leads to '{shortened(parts.netloc)}', and only builds of {host} can be read. {HOW}")
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise NotABuild(f"There is no such page here. {HOW}") from None
    if match.app_names == ["configurator"] and match.url_name in SHARED_PAGES:
        return _Read(slug=str(match.kwargs["slug"])[:LONGEST_SLUG])
    if match.app_names == ["configurator"] and match.url_name in BUILD_PAGES:
        return _Read(query=parts.query)
    raise NotABuild(f"This link leads to another page than a build's. {HOW}")


def _build(read: _Read, shared: dict[str, SharedBuild]) -> GivenBuild:
    if read.slug:
        if read.slug not in shared:
            raise NotABuild(f"There is no shared build '{shortened(read.slug)}': it was deleted, or the link is cut.")
        build = shared[read.slug]
        return GivenBuild(build.slug, build.title, _choice(build.query))
    choice = _choice(_completed(read.query))
    return GivenBuild(choice.to_query(), "", choice)


def _completed(query: str) -> str:
    """The query with the machine and model the configurator starts with, as far as it names none."""
    given = QueryDict(query)
    if query and not any(name in FIELD_BY_NAME for name in given):
        raise NotABuild(f"No setting of a build stands in it. {HOW}")
    start: dict[str, str] = {} if "model" in given else dict(STARTING_MODEL)
    if not ("gpu" in given or "carrier" in given):
        start |= STARTING_MACHINE
    return f"{urlencode(start)}&{query}" if start else query  # the last of two values counts


def _choice(query: str) -> BuildChoice:
    try:
        return choice_from_query(query)
    except InvalidChoice as refused:
        raise NotABuild(" ".join(error.message for error in refused.errors)) from None
