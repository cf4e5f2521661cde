"""The builds that a pasted text names: a JSON export, a Markdown or BBCode post with our link in it, or a link alone.

Nothing is fetched. Of a link only the query counts, whatever site it leads to; a shared build is looked up here where
the link leads here.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from catalog.field_errors import shortened
from configurator.choice import BuildChoice, InvalidChoice, unknown_names
from configurator.estimates import read_choice
from configurator.models import SharedBuild

LARGEST_TEXT = 512 * 1024
"""Characters, or bytes of a file, that are read. An export in JSON has some 40 thousand, a page of a forum more."""
_MOST_SETTINGS = 300  # in one link
_LONGEST_ADDRESS = 8000
_MOST_LINKS = 50  # in one text
_MOST_NAMED = 10
# Brackets, quotes and white space end an address in Markdown, BBCode and HTML; in a query of ours they are encoded.
_ADDRESS = re.compile(
    r"""(?:https?://(?:\[[0-9a-f:.]+\])?|(?<![^\s"'(<\[=])/(?:build|b)/)[^\s<>\[\]()"'`|]+""", re.IGNORECASE
)
_SAVED_PATH = re.compile(r"/b/([A-Za-z0-9_-]{1,32})/")
_BARE_QUERY = re.compile(r"\??[a-z_]{1,40}=[^\s/?]*")


class NotABuild(ValueError):
    """The text names no build; a sentence says what it lacks."""


@dataclass(frozen=True, slots=True)
class PastedBuild:
    """One choice out of a text. ``ignored`` are names in its link that no setting has."""

    choice: BuildChoice
    ignored: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        return self.choice.to_query()


def builds_in(text: str, *, host: str) -> tuple[PastedBuild, ...]:
    """The different builds of a text, in its order; at least one. ``host`` is this site's, as addresses write it.

    Raises:
        NotABuild: where there is none.
        InvalidChoice: where its settings are not usable.
    """
    text = text.strip().removeprefix("\ufeff").lstrip()
    if not text:
        raise NotABuild("There is no text. Paste an export or a link, or choose a file.")
    found = [_from_json(text)] if text[0] == "{" else _from_links(text, host)
    builds = tuple({build.query: build for build in found if build.query}.values())
    if not builds:
        raise NotABuild("It names no setting, so there is nothing to bring back.")
    return builds


def _from_json(text: str) -> PastedBuild:
    try:
        document: dict[str, Any] = json.loads(text)  # an object, or no JSON: the text begins with a brace
    except (ValueError, RecursionError) as error:
        where = f", in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotABuild(f"It begins as JSON but is none{where}. Paste the whole export.") from None
    question = document.get("question", document)
    if not isinstance(question, Mapping):
        raise NotABuild('The "question" of this JSON is no object with settings.')
    if "architecture" in question:
        raise NotABuild("An address cannot hold a pasted architecture. Add it as a model first, then name that model.")
    unknown = unknown_names(question)
    if len(unknown) == len(question):
        query = document.get("query")
        if isinstance(query, str):  # an answer without its question
            return _from_query(query)
        raise NotABuild('This JSON holds no settings of a build, neither under "question" nor by itself.')
    if unknown:
        names = ", ".join(shortened(name) for name in unknown[:_MOST_NAMED])
        raise NotABuild(f"No setting of a build is called so: {names}. Take them out, or correct them.")
    return PastedBuild(read_choice(question))


@dataclass(slots=True)
class _Links:
    """Links of a text that lead to builds, each once, in its order."""

    queries: dict[str, None] = field(default_factory=dict)
    saved: dict[str, None] = field(default_factory=dict)  # slugs of builds shared on this site
    elsewhere: bool = False  # a build shared on another site
    cut_short: bool = False


def _from_links(text: str, host: str) -> list[PastedBuild]:
    """The builds of the links in a text. A link with settings in it counts before one to a shared build."""
    if _BARE_QUERY.fullmatch(text):
        return [_from_query(text.removeprefix("?"))]
    links = _links_in(text, host)
    found, refused = [], []
    for query in links.queries or _saved_queries(links.saved):
        try:
            found.append(_from_query(query))
        except (InvalidChoice, NotABuild) as error:
            refused.append(error)
    if found:
        return found
    if refused:
        raise refused[0]
    if links.cut_short:
        raise NotABuild("The link is cut short, as forums show long ones. Copy its address instead of its text.")
    if links.saved:
        raise NotABuild("That shared build is not here any more.")
    if links.elsewhere:
        raise NotABuild(
            "This link leads to a build shared on another site, which is not asked. Open it there, "
            "choose Clone and change, and paste the address of that page."
        )
    raise NotABuild("It holds no link to a build: one with /build/ and settings after a question mark, or with /b/.")


def _saved_queries(slugs: Iterable[str]) -> list[str]:
    saved = dict(SharedBuild.objects.filter(slug__in=slugs).values_list("slug", "query"))
    return [saved[slug] for slug in slugs if slug in saved]


def _links_in(text: str, host: str) -> _Links:
    links = _Links()
    for match in _ADDRESS.finditer(text):
        # Page source writes & as an entity, and some editors put a backslash before an underscore.
        address = match[0].replace("&amp;", "&").replace("\\", "")
        try:
            parts = urlsplit(address.rstrip(".,;:!?*"))
        except ValueError:
            continue
        slug = _SAVED_PATH.fullmatch(parts.path)
        if parts.path != "/build/" and slug is None:
            continue
        if len(address) > _LONGEST_ADDRESS or "..." in address or "…" in address:
            links.cut_short = True
        elif parts.query:
            links.queries[parts.query] = None
        elif slug is None:
            continue
        elif parts.netloc.lower() in ("", host.lower()):
            links.saved[slug[1]] = None
        else:
            links.elsewhere = True
        if len(links.queries) + len(links.saved) >= _MOST_LINKS:
            break
    return links


def _from_query(query: str) -> PastedBuild:
    try:
        given: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_SETTINGS))
    except ValueError:
        raise NotABuild("The link has more settings than any build.") from None
    ignored = tuple(unknown_names(given))
    for name in ignored:
        del given[name]
    if not given:
        raise NotABuild("The link names no setting of a build.")
    return PastedBuild(read_choice(given), ignored)
