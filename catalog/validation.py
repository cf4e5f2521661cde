"""What is wrong with one catalog item, as plain data. Pure: the loader adds file and line, the admin the field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.figures import FigureError, carrier_spec, check_figure, circuit_spec, gpu_spec, model_spec
from catalog.provenance import Confidence
from catalog.vocabulary import KINDS, PART_KINDS

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
"""Where in the item (a path of keys), and a sentence: what is wrong and what is allowed."""

SLUG_PATTERN = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*\Z"

_ITEM_KEYS = ("slug", "name", "kind", "summary", "sources", "figures")
_PART_KEYS = (*_ITEM_KEYS, "search", "buy", "comparator")
_PRESET_KEYS = ("slug", "name", "summary", "total_usd", "sources", "lines", "query", "verdicts")
_SOURCE_KEYS = ("title", "href", "checked_on", "confidence")
_FIGURE_KEYS = ("value", "unit", "source", "note")


def item_problems(item: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with a part, circuit or language model; empty where it can be loaded."""
    kind = item.get("kind", "")
    if kind not in KINDS:
        return [(("kind",), f"kind is {kind!r}, allowed: {', '.join(KINDS)}")]
    problems = [*_header_problems(item, _PART_KEYS if kind in PART_KINDS else _ITEM_KEYS)]
    sources = item.get("sources")
    problems += source_problems(sources)
    problems += figure_problems(kind, item.get("figures"), sources if isinstance(sources, Mapping) else {})
    problems += _search_problems(item.get("search", {}))
    problems += _buy_problems(item.get("buy", []))
    if not isinstance(item.get("comparator", False), bool):
        problems.append((("comparator",), f"comparator is {item['comparator']!r}, allowed: true or false"))
    return problems


def source_problems(sources: Any) -> Iterator[Problem]:
    """What is wrong with a mapping of sources by key: title, href, checked_on, confidence."""
    if not isinstance(sources, Mapping) or not sources:
        yield ("sources",), "sources is missing or empty, allowed: key: {title, href, checked_on, confidence}"
        return
    for key, source in sources.items():
        path: Path = ("sources", key)
        if not isinstance(source, Mapping):
            yield path, f"source {key} is {source!r}, allowed: {{{', '.join(_SOURCE_KEYS)}}}"
            continue
        yield from unknown_key_problems(source, _SOURCE_KEYS, path)
        yield from text_problems(source, "title", path)
        yield from _href_problems(source, path, may_be_empty=True)
        if not _is_date(source.get("checked_on")):
            yield (
                (*path, "checked_on"),
                f'checked_on is {source.get("checked_on")!r}, allowed: a date in quotes, as "2026-11-23"',
            )
        if source.get("confidence") not in list(Confidence):
            yield (
                (*path, "confidence"),
                f"confidence is {source.get('confidence')!r}, allowed: {', '.join(Confidence)}",
            )


def figure_problems(kind: str, figures: Any, sources: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the figures of one item, each alone and all together."""
    if not isinstance(figures, Mapping):
        yield ("figures",), "figures is missing, allowed: name: {value, unit, source, note}"
        return
    sound = True
    for name, figure in figures.items():
        for problem in _one_figure_problems(kind, name, figure, sources):
            sound = False
            yield problem
    if sound:
        try:
            check_spec(kind, {name: figure["value"] for name, figure in figures.items()})
        except FigureError as error:
            yield ("figures", error.figure, error.key), str(error)


def check_spec(kind: str, values: Mapping[str, Any]) -> None:
    """Check that the figures together make the frozen spec of their kind. Raises FigureError."""
    builders = {"gpu": gpu_spec, "carrier": carrier_spec, "circuit": circuit_spec, "model": model_spec}
    if kind in builders:
        builders[kind]("", "", values)


def preset_problems(preset: Mapping[str, Any], known_parts: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with a published configuration. Its lines must name known parts and add up to ``total_usd``."""
    yield from _header_problems(preset, _PRESET_KEYS)
    yield from source_problems(preset.get("sources"))
    lines = preset.get("lines")
    if not isinstance(lines, list) or not lines:
        yield ("lines",), "lines is missing or empty, allowed: a list of {part, quantity, unit_usd, label}"
        lines = []
    parts, sums = set(known_parts), []
    for index, line in enumerate(lines):
        problems = [*_line_problems(line, ("lines", index), parts)]
        yield from problems
        if not problems:
            sums.append(line["quantity"] * Decimal(line["unit_usd"]))
    total = _money(preset.get("total_usd"))
    if total is None:
        yield ("total_usd",), f'total_usd is {preset.get("total_usd")!r}, allowed: dollars in quotes, as "1152"'
    elif lines and len(sums) == len(lines) and sum(sums) != total:
        yield ("total_usd",), f"total_usd is {total}, but the lines add up to {sum(sums)}"
    yield from query_problems(preset.get("query"))
    yield from _verdict_problems(preset.get("verdicts", []))


def _header_problems(item: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[Problem]:
    yield from unknown_key_problems(item, allowed, ())
    slug = item.get("slug")
    if not isinstance(slug, str) or not re.match(SLUG_PATTERN, slug):
        yield ("slug",), f"slug is {slug!r}, allowed: small letters and digits, joined by hyphens or dots"
    yield from text_problems(item, "name", ())
    yield from text_problems(item, "summary", ())


def _one_figure_problems(kind: str, name: str, figure: Any, sources: Mapping[str, Any]) -> Iterator[Problem]:
    path: Path = ("figures", name)
    if not isinstance(figure, Mapping):
        yield path, f"{name} is {figure!r}, allowed: {{{', '.join(_FIGURE_KEYS)}}}"
        return
    yield from unknown_key_problems(figure, _FIGURE_KEYS, path)
    if "value" not in figure:
        yield path, f"{name} has no value, allowed: a value, or null where it is not known"
    try:
        check_figure(kind, name, figure.get("value"), figure.get("unit"))
    except FigureError as error:
        yield (*path, error.key), str(error)
    source = figure.get("source")
    if not isinstance(source, str) or source not in sources:
        allowed = ", ".join(sources) or "none, as the item has no sources"
        yield (*path, "source"), f"{name} has source {source!r}, allowed: {allowed}"
    if not isinstance(figure.get("note", ""), str):
        yield (*path, "note"), f"note is {figure['note']!r}, allowed: text"


def _line_problems(line: Any, path: Path, known_parts: set[str]) -> Iterator[Problem]:
    if not isinstance(line, Mapping):
        yield path, f"line is {line!r}, allowed: {{part, quantity, unit_usd, label}}"
        return
    yield from unknown_key_problems(line, ("part", "quantity", "unit_usd", "label"), path)
    if line.get("part") not in known_parts:
        yield (*path, "part"), f"part is {line.get('part')!r}, allowed: the slug of a part in the catalog"
    quantity = line.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
        yield (*path, "quantity"), f"quantity is {quantity!r}, allowed: a whole number above zero"
    if _money(line.get("unit_usd")) is None:
        yield (*path, "unit_usd"), f'unit_usd is {line.get("unit_usd")!r}, allowed: dollars in quotes, as "99"'
    yield from text_problems(line, "label", path)


def query_problems(query: Any) -> Iterator[Problem]:
    """What is wrong with the configurator's keys and values of one build."""
    if not isinstance(query, Mapping) or not query:
        yield ("query",), "query is missing or empty, allowed: the configurator's keys with values"
        return
    for key, value in query.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            yield ("query", key), f"{key} is {value!r}, allowed: text in quotes or a whole number"


def _verdict_problems(verdicts: Any) -> Iterator[Problem]:
    if not isinstance(verdicts, list):
        yield ("verdicts",), f"verdicts is {verdicts!r}, allowed: a list of {{claim, text}}"
        return
    for index, verdict in enumerate(verdicts):
        path: Path = ("verdicts", index)
        if not isinstance(verdict, Mapping):
            yield path, f"verdict is {verdict!r}, allowed: {{claim, text}}"
            continue
        yield from unknown_key_problems(verdict, ("claim", "text"), path)
        yield from text_problems(verdict, "claim", path)
        yield from text_problems(verdict, "text", path)


def _search_problems(search: Any) -> Iterator[Problem]:
    if not isinstance(search, Mapping):
        yield ("search",), f"search is {search!r}, allowed: {{english: [...], chinese: [...]}}"
        return
    yield from unknown_key_problems(search, ("english", "chinese"), ("search",))
    for language, terms in search.items():
        if not isinstance(terms, list) or not all(isinstance(term, str) and term.strip() for term in terms):
            yield ("search", language), f"{language} is {terms!r}, allowed: a list of search terms"


def _buy_problems(buy: Any) -> Iterator[Problem]:
    if not isinstance(buy, list):
        yield ("buy",), f"buy is {buy!r}, allowed: a list of {{label, href}}"
        return
    for index, place in enumerate(buy):
        path: Path = ("buy", index)
        if not isinstance(place, Mapping):
            yield path, f"place is {place!r}, allowed: {{label, href}}"
            continue
        yield from unknown_key_problems(place, ("label", "href"), path)
        yield from text_problems(place, "label", path)
        yield from _href_problems(place, path, may_be_empty=False)


def unknown_key_problems(mapping: Mapping[str, Any], allowed: tuple[str, ...], path: Path) -> Iterator[Problem]:
    """The keys that mean nothing here."""
    for key in mapping:
        if key not in allowed:
            yield (*path, key), f"unknown key {key!r}, allowed: {', '.join(allowed)}"


def text_problems(mapping: Mapping[str, Any], key: str, path: Path) -> Iterator[Problem]:
    """What is wrong with a text that must be there."""
    value = mapping.get(key)
    if not isinstance(value, str) or not value.strip():
        yield (*path, key), f"{key} is {value!r}, allowed: text that is not empty (in quotes)"


def _href_problems(mapping: Mapping[str, Any], path: Path, *, may_be_empty: bool) -> Iterator[Problem]:
    href = mapping.get("href")
    is_address = isinstance(href, str) and re.match(r"https?://[^\s/]+", href) and not re.search(r"\s", href)
    if not (is_address or (may_be_empty and href == "")):
        allowed = "an http or https address" + (', or "" where there is none' if may_be_empty else "")
        yield (*path, "href"), f"href is {href!r}, allowed: {allowed}"


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _money(value: Any) -> Decimal | None:
    """Dollars from text, zero or more with at most two decimals; None for anything else."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", value):
        return None
    return Decimal(value)
