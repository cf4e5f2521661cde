"""What is wrong with one section of the audit of the guide, as plain data. Pure: the loader adds file and line."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from catalog.validation import Path, Problem, query_problems, source_problems, text_problems, unknown_key_problems
from catalog.vocabulary import CLAIM_FIGURES, GUIDE_SECTIONS, VERDICTS

NUMBER_PATTERN = r"^C\d{3}\Z"

_SECTION_KEYS = ("section", "sources", "claims")
_CLAIM_KEYS = ("number", "name", "guide", "verdict", "holds", "why", "sources", "parts", "computes")
_COMPUTED_KEYS = ("what", "figure", "finding", "query")


def section_problems(section: Mapping[str, Any], known_parts: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a section: its sources, and its claims with the sources and parts they name."""
    yield from unknown_key_problems(section, _SECTION_KEYS, ())
    if section.get("section") not in GUIDE_SECTIONS:
        yield ("section",), f"section is {section.get('section')!r}, allowed: {', '.join(GUIDE_SECTIONS)}, in quotes"
    sources = section.get("sources")
    yield from source_problems(sources)
    claims = section.get("claims")
    if not isinstance(claims, list) or not claims:
        yield ("claims",), f"claims is missing or empty, allowed: a list of {{{', '.join(_CLAIM_KEYS)}}}"
        return
    for index, claim in enumerate(claims):
        path: Path = ("claims", index)
        if isinstance(claim, Mapping):
            yield from _claim_problems(claim, path, sources if isinstance(sources, Mapping) else {}, known_parts)
        else:
            yield path, f"claim is {claim!r}, allowed: {{{', '.join(_CLAIM_KEYS)}}}"


def _claim_problems(
    claim: Mapping[str, Any], path: Path, sources: Mapping[str, Any], known_parts: Collection[str]
) -> Iterator[Problem]:
    yield from unknown_key_problems(claim, _CLAIM_KEYS, path)
    number = claim.get("number")
    if not isinstance(number, str) or not re.match(NUMBER_PATTERN, number):
        yield (*path, "number"), f"number is {number!r}, allowed: C and three digits, as C165"
    for key in ("name", "guide"):
        yield from text_problems(claim, key, path)
    if claim.get("verdict") not in VERDICTS:
        yield (*path, "verdict"), f"verdict is {claim.get('verdict')!r}, allowed: {', '.join(VERDICTS)}"
    for key in ("holds", "why"):
        if not isinstance(claim.get(key, ""), str):
            yield (*path, key), f"{key} is {claim[key]!r}, allowed: text (in quotes)"
    yield from _name_problems(claim, "sources", path, sources)
    yield from _name_problems(claim, "parts", path, known_parts)
    computes = claim.get("computes", [])
    if not isinstance(computes, list):
        yield (*path, "computes"), f"computes is {computes!r}, allowed: a list of {{{', '.join(_COMPUTED_KEYS)}}}"
        return
    for index, computed in enumerate(computes):
        yield from _computed_problems(computed, (*path, "computes", index))


def _name_problems(claim: Mapping[str, Any], key: str, path: Path, known: Collection[str]) -> Iterator[Problem]:
    names = claim.get(key, [])
    if not isinstance(names, list):
        yield (*path, key), f"{key} is {names!r}, allowed: a list"
        return
    for index, name in enumerate(names):
        if name not in known:
            yield (*path, key, index), f"{key} names {name!r}, which is not there"


def _computed_problems(computed: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(computed, Mapping):
        yield path, f"entry is {computed!r}, allowed: {{{', '.join(_COMPUTED_KEYS)}}}"
        return
    yield from unknown_key_problems(computed, _COMPUTED_KEYS, path)
    yield from text_problems(computed, "what", path)
    if computed.get("figure") not in CLAIM_FIGURES:
        yield (*path, "figure"), f"figure is {computed.get('figure')!r}, allowed: {', '.join(CLAIM_FIGURES)}"
    if computed.get("figure") == "finding":
        yield from text_problems(computed, "finding", path)
    elif "finding" in computed:
        yield (*path, "finding"), "finding is given, allowed: only where figure is finding"
    for where, message in query_problems(computed.get("query")):
        yield (*path, *where), message
