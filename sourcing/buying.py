"""Buying in China as the page shows it: agents, search terms, and the links of one pasted address."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.provenance import Source
from catalog.yaml_lines import read_yaml_folder
from sourcing import measures
from sourcing.landed.agents import Agent
from sourcing.links import AgentLink, Item, UnreadableLink, agent_links, canonical, find_item
from sourcing.measures import DATA_DIR, MeasuresError
from sourcing.yaml_fields import Fields


@dataclass(frozen=True, slots=True)
class Term:
    """A word or search string. ``part`` is the catalog part it finds; empty = any."""

    english: str
    chinese: str
    part: str


@dataclass(frozen=True, slots=True)
class SearchTerms:
    words: tuple[Term, ...]
    strings: tuple[Term, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class PastedLink:
    """What one pasted text leads to; ``refused`` says why nothing. Both empty: nothing was pasted."""

    text: str
    item: Item | None
    page: str
    links: tuple[AgentLink, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class Guide:
    agents: tuple[Agent, ...]
    refused: tuple[Agent, ...]
    terms: SearchTerms
    pasted: PastedLink


def guide(pasted: str) -> Guide:
    """Agents and terms on record, and what a pasted link leads to. Nothing is fetched."""
    known = measures.agents()
    return Guide(tuple(known.offered.values()), tuple(known.refused.values()), search_terms(), read_link(pasted))


def read_link(text: str) -> PastedLink:
    if not text.strip():
        return PastedLink("", None, "", (), "")
    try:
        item = find_item(text)
    except UnreadableLink as refused:
        return PastedLink(text, None, "", (), str(refused))
    return PastedLink(text, item, canonical(item), agent_links(item), "")


@cache
def search_terms() -> SearchTerms:
    """The terms on record, read once a process. Raises MeasuresError."""
    return read_search_terms(DATA_DIR)


def read_search_terms(data_dir: Path) -> SearchTerms:
    """The terms from the file below ``data_dir``. Raises MeasuresError."""
    files, errors = read_yaml_folder(data_dir / "search", relative_to=data_dir.parent)
    if errors or len(files) != 1:
        raise MeasuresError(errors or [f"search holds {len(files)} files, allowed: one"])
    fields = Fields(files[0])
    fields.text("id")
    words, strings = (tuple(_term(one) for one in fields.rows(key)) for key in ("words", "strings"))
    terms = SearchTerms(words, strings, fields.source())
    if wrong := fields.finish():
        raise MeasuresError(wrong)
    return terms


def _term(fields: Fields) -> Term:
    return Term(fields.text("english"), fields.text("chinese"), fields.text("part", ""))
