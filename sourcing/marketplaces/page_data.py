"""Data that pages carry for programs: JSON for search engines, and JSON in scripts. Parsed, never run."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

LONGEST_SCRIPT = 1_000_000
MOST_VALUES = 50_000
"""Of one piece of JSON. Only JSON is taken, so that no page of shops has as many."""
_MOST_TRIES = 100
_LINKED = "application/ld+json"
# JSON that a script is, is set to a variable, or is given to a function.
_OBJECT = re.compile(r"""(?:^|[=(])\s*(\{)\s*["}]""")
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Data:
    """The names and values of one piece of JSON, in order, however deep; of lists, those of each element.

    ``complete`` False = there was more, which was not read.
    """

    texts: tuple[tuple[str, str], ...]
    complete: bool


def linked_data(soup: BeautifulSoup) -> Iterator[Mapping[str, Any]]:
    """Every product in a page's JSON-LD."""
    for script in soup.find_all("script", type=_LINKED):
        document = _parsed(script.get_text())
        for one in document if isinstance(document, list) else [document]:
            if not isinstance(one, Mapping):
                continue
            graph = one.get("@graph")
            for node in [one, *(graph if isinstance(graph, list) else [])]:
                if isinstance(node, Mapping) and _is_product(node.get("@type")):
                    yield node


def _is_product(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and "Product" in one for one in kinds)


def has_unread(soup: BeautifulSoup) -> bool:
    """Whether there is JSON-LD that speaks of prices and cannot be read."""
    texts = (script.get_text() for script in soup.find_all("script", type=_LINKED))
    return any("rice" in text and _parsed(text) is None for text in texts)


def embedded(soup: BeautifulSoup) -> Iterator[Data]:
    """Every object that a script holds as its only content, or is set to a variable."""
    for script in soup.find_all("script"):
        if script.get("type") == _LINKED or script.get("src"):
            continue
        text = script.get_text()
        if len(text) > LONGEST_SCRIPT:
            yield Data((), complete=False)
            continue
        yield from _objects(text)


def _objects(text: str) -> Iterator[Data]:
    position = 0
    for _ in range(_MOST_TRIES):
        found = _OBJECT.search(text, position)
        if found is None:
            return
        try:
            document, position = _decoder.raw_decode(text, found.start(1))
        except (ValueError, RecursionError):
            position = found.start(1) + 1
            continue
        yield _data(document)
    yield Data((), complete=False)


def _data(document: object) -> Data:
    texts: list[tuple[str, str]] = []
    waiting: list[tuple[str, object]] = [("", document)]
    for _ in range(MOST_VALUES):
        if not waiting:
            return Data(tuple(texts), complete=True)
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(str(key), one) for key, one in reversed(list(value.items()))]
        elif isinstance(value, list):
            waiting += [(name, one) for one in reversed(value)]
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            texts.append((name[:60], str(value)[:2_000]))
    return Data(tuple(texts), complete=not waiting)


def _parsed(text: str) -> object:
    if len(text) > LONGEST_SCRIPT:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def meta(soup: BeautifulSoup, name: str) -> str:
    """What a page's head says under a name; empty where it says nothing."""
    named = (tag for tag in soup.find_all("meta") if name in (tag.get("property"), tag.get("name")))
    return next((attribute(tag, "content") for tag in named), "")


def names_of(tag: Tag) -> list[str]:
    """Its classes and its id."""
    classes: Any = tag.get("class") or []
    return [*(classes if isinstance(classes, list) else str(classes).split()), *filter(None, [attribute(tag, "id")])]


def attribute(tag: Tag, name: str) -> str:
    """An attribute's text; empty where it has none."""
    value = tag.get(name)
    return value if isinstance(value, str) else ""
