"""One build as people give it: a link to a page of a build, the slug of a shared one, or a configurator's query.

Nothing is fetched. The settings in a link count, whatever site it leads to; a shared build is looked up here, and only
where the link leads here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve

from catalog.field_errors import shortened
from configurator.choice import BuildChoice, InvalidChoice, unknown_names
from configurator.estimates import read_choice
from configurator.models import SharedBuild

LONGEST = 8000
"""Characters of one reference; the longest address of a build has about half as many."""
_LONGEST_SLUG = 32
_MOST_SETTINGS = 300  # in one link
_BARE_QUERY = re.compile(r"\??[A-Za-z_]{1,40}=[^/?]*")
_AFTER_A_LINK = ".,;:!?*"  # what a sentence or Markdown puts behind it
_PAGES_OF_A_BUILD = ("build", "build_curves", "export_build", "shared", "shared_picture", "export_shared", "edit")
_HOW = (
    "Give the link of a shared build (…/b/…/), the address of the configurator (…/build/?…), or what stands after its "
    "question mark."
)


class NotABuild(ValueError):
    """What was given names no build; the message says what to give instead."""


class OtherPage(NotABuild):
    """A link that has nothing to do with builds. A text may hold it beside one that has."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference taken apart: the slug of a build shared here, or settings. With neither it is the configurator as it
    opens. ``ignored`` are names in it that no setting has."""

    slug: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenBuild:
    """The build behind a reference; slug and title are those of a shared one."""

    choice: BuildChoice
    slug: str = ""
    title: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        return self.choice.to_query()

    @property
    def reference(self) -> str:
        """The shortest text that gives the same build."""
        return self.slug or self.query


def read_reference(text: str, *, host: str) -> GivenBuild:
    """The build that a text gives. ``host`` is this site's, as addresses write it. One query where the text names a
    shared build.

    Raises:
        NotABuild: where it gives none, or settings that are not usable.
    """
    reference = take_apart(text, host=host)
    return build_of(reference, shared_builds([reference]))


def take_apart(text: str, *, host: str) -> Reference:
    """What a text names, looked up nowhere.

    Raises:
        OtherPage: where it is a link to something else than a build.
        NotABuild: where it cannot be used for another reason.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise NotABuild(f"It has {len(text):,} characters, and {LONGEST:,} are the most. {_HOW}")
    if "://" in text or text.startswith("/"):
        return _in_link(text, host)
    if _BARE_QUERY.fullmatch(text):
        _refuse_cut_short(text)
        return settings_in(text.removeprefix("?"))
    if "/" in text:  # a link that lost its beginning
        return _in_link(f"//{text}", host)
    if len(text) > _LONGEST_SLUG:
        raise NotABuild(f"No shared build has so long a name. {_HOW}")
    return Reference(slug=text)


def settings_in(query: str) -> Reference:
    """The settings of a query string.

    Raises:
        NotABuild: where there is none in it.
    """
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_SETTINGS))
    except ValueError:
        raise NotABuild("The link has more settings than any build.") from None
    ignored = tuple(unknown_names(given))
    settings = {name: value for name, value in given.items() if name not in ignored}
    if not settings:
        raise NotABuild(f"It names no setting of a build. {_HOW}")
    return Reference(settings=settings, ignored=ignored)


def shared_builds(references: Iterable[Reference]) -> dict[str, SharedBuild]:
    """The shared builds that references name, by slug. One query, none where no slug is named."""
    return SharedBuild.objects.with_slugs(each.slug for each in references if each.slug)


def build_of(reference: Reference, shared: Mapping[str, SharedBuild]) -> GivenBuild:
    """The build of a reference; ``shared`` are those that exist.

    Raises:
        NotABuild: where the shared build is gone or the settings are not usable.
    """
    if not reference.slug:
        return GivenBuild(choice_of(reference.settings), ignored=reference.ignored)
    saved = shared.get(reference.slug)
    if saved is None:
        raise NotABuild(f"There is no shared build '{shortened(reference.slug)}': it was deleted, or the link is cut.")
    return GivenBuild(choice_of(settings_in(saved.query).settings), saved.slug, saved.title)


def choice_of(settings: Mapping[str, Any]) -> BuildChoice:
    """The choice that settings make.

    Raises:
        NotABuild: naming each setting that is not usable.
    """
    try:
        return read_choice(settings)
    except InvalidChoice as refused:
        raise NotABuild(str(refused)) from None


def _in_link(text: str, host: str) -> Reference:
    # Page source writes & as an entity, and some editors put a backslash before an underscore.
    address = text.replace("&amp;", "&").replace("\\", "").rstrip(_AFTER_A_LINK)
    try:
        parts = urlsplit(address)
    except ValueError:
        raise OtherPage(f"This is no address. {_HOW}") from None
    if parts.scheme not in ("", "http", "https"):
        raise OtherPage(f"This is no address of a page. {_HOW}")
    try:
        page = resolve(parts.path)
    except Resolver404:
        raise OtherPage(f"There is no such page. {_HOW}") from None
    if page.app_names != ["configurator"] or page.url_name not in _PAGES_OF_A_BUILD:
        raise OtherPage(f"This link leads to another page than a build's. {_HOW}")
    _refuse_cut_short(text)
    slug = str(page.kwargs.get("slug", ""))
    try:
        return settings_in(parts.query)
    except NotABuild:
        if parts.query and not slug:
            raise
    if slug and parts.netloc.lower() not in ("", host.lower()):
        raise NotABuild(
            "This link leads to a build shared on another site, which is not asked. Open it there, "
            "choose Clone and change, and paste the address of that page."
        )
    return Reference(slug=slug)


def _refuse_cut_short(text: str) -> None:
    if "..." in text or "…" in text:
        raise NotABuild("The link is cut short, as forums show long ones. Copy its address instead of its text.")
