"""Data that pages carry for programs: JSON for search engines, and JSON in scripts. Parsed, never run."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

LONGEST_SCRIPT = 1_000_000
MOST_SCRIPTS = 60
MOST_VALUES = 4_000
_MOST_TRIES = 12
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Data:
    """The names and values of one piece of JSON, in order, however deep; of lists, those of each element."""

    texts: tuple[tuple[str, str], ...]


def linked_data(soup: BeautifulSoup) -> Iterator[Mapping[str, Any]]:
    """Every product in a page's JSON-LD."""
    for script in soup.find_all("script", type="application/ld+json", limit=MOST_SCRIPTS):
        document = _parsed(script.get_text())
        listed = document if isinstance(document, list) else [document]
        for one in listed[:MOST_SCRIPTS]:
            if not isinstance(one, Mapping):
                continue
            graph = one.get("@graph")
            for node in [one, *(graph[:MOST_SCRIPTS] if isinstance(graph, list) else [])]:
                if isinstance(node, Mapping) and "Product" in str(node.get("@type"))[:100]:
                    yield node


def embedded(soup: BeautifulSoup) -> Iterator[Data]:
    """Every object that a script holds as its only content, or is set to a variable."""
    for script in soup.find_all("script", limit=MOST_SCRIPTS):
        kind = script.get("type")
        text = script.get_text()
        if kind == "application/ld+json" or script.get("src") or len(text) > LONGEST_SCRIPT:
            continue
        for document in _objects(text):
            yield Data(tuple(_texts(document)))


def _objects(text: str) -> Iterator[object]:
    position = 0
    for _ in range(_MOST_TRIES):
        start = text.find("{", position)
        if start < 0:
            return
        before = text[max(0, start - 20) : start].rstrip()
        if before and not before.endswith(("=", "(")):
            position = start + 1
            continue
        try:
            document, position = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        yield document


def _texts(document: object) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, object]] = [("", document)]
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(str(key), one) for key, one in reversed(list(value.items())[:MOST_VALUES])]
        elif isinstance(value, list):
            waiting += [(name, one) for one in reversed(value[:200])]
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield name[:60], str(value)[:2_000]


def _parsed(text: str) -> object:
    if len(text) > LONGEST_SCRIPT:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
