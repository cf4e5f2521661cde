"""The builds that a pasted text names: a JSON export, a post with links to builds in it, or one build alone."""

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from catalog.field_errors import shortened
from configurator.choice import unknown_names
from configurator.given_builds import (
    GivenBuild,
    NotABuild,
    OtherPage,
    Reference,
    build_of,
    choice_of,
    settings_in,
    shared_builds,
    take_apart,
)

LARGEST_TEXT = 512 * 1024
"""Characters, or bytes of a file, that are read. An export in JSON has some 40 thousand, a page of a forum more."""
_MOST_LINKS = 50  # to builds, in one text
_MOST_LOOKED_AT = 500  # links that look like it: other sites have a /b/ too
_MOST_NAMED = 10
# Brackets, quotes and white space end an address in Markdown, BBCode and HTML; in a query of ours they are encoded.
_ADDRESS = re.compile(
    r"""(?:https?://(?:\[[0-9a-f:.]+\])?|(?<![^\s"'(<\[=])/(?:build|b)/)[^\s<>\[\]()"'`|]+""", re.IGNORECASE
)


def builds_in(text: str, *, host: str) -> tuple[GivenBuild, ...]:
    """The different builds of a text, in its order; at least one. ``host`` is this site's, as addresses write it.

    Raises:
        NotABuild: where there is none, or its settings are not usable.
    """
    text = text.strip().removeprefix("\ufeff").lstrip()
    if not text:
        raise NotABuild("There is no text. Paste an export or a link, or choose a file.")
    found = [_from_json(text)] if text[0] == "{" else _from_links(text, host)
    builds = tuple({build.query: build for build in found if build.query}.values())
    if not builds:
        raise NotABuild("It names no setting, so there is nothing to bring back.")
    return builds


def _from_json(text: str) -> GivenBuild:
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
            return build_of(settings_in(query), {})
        raise NotABuild('This JSON holds no settings of a build, neither under "question" nor by itself.')
    if unknown:
        names = ", ".join(shortened(name) for name in unknown[:_MOST_NAMED])
        raise NotABuild(f"No setting of a build is called so: {names}. Take them out, or correct them.")
    return GivenBuild(choice_of(question))


def _from_links(text: str, host: str) -> list[GivenBuild]:
    """The builds of the links in a text. A link with settings in it counts before one to a shared build."""
    links, refused = _links_in(text, host)
    found = []
    wanted = [link for link in links if link.settings] or [link for link in links if link.slug]
    shared = shared_builds(wanted)
    for link in wanted:
        try:
            found.append(build_of(link, shared))
        except NotABuild as wrong:
            refused.append(wrong)
    if found:
        return found
    if refused:
        raise refused[0]
    raise NotABuild("It holds no link to a build: one with /build/ and settings after a question mark, or with /b/.")


def _links_in(text: str, host: str) -> tuple[list[Reference], list[NotABuild]]:
    """The references to builds in a text, and why others that look like one cannot be used."""
    addresses = (match[0] for match in _ADDRESS.finditer(text))
    given = list(islice((each for each in addresses if "/build/" in each or "/b/" in each), _MOST_LOOKED_AT))
    if not given and not re.search(r"\s", text):  # one word: a query, a slug, a link without its beginning
        given = [text]
    links: list[Reference] = []
    refused: list[NotABuild] = []
    for address in given:
        try:
            link = take_apart(address, host=host)
        except OtherPage:
            continue
        except NotABuild as wrong:
            refused.append(wrong)
        else:
            links += [link] if link not in links else []
        if len(links) == _MOST_LINKS:
            break
    return links, refused
