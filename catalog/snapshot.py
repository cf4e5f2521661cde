"""The whole catalog as frozen values, kept in the process and read anew only when it has changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar

from catalog.models import CatalogRevision, Circuit, Item, LanguageModel, Part
from catalog.provenance import Source
from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, ModelSpec, PartSpec

_LISTED_IN_FULL = 15
_LONGEST_SHOWN = 80  # characters of a slug somebody sent; no real one is longer
_WORDS: Mapping[str, str] = {
    "gpus": "GPU",
    "carriers": "carrier",
    "parts": "part",
    "circuits": "circuit",
    "models": "model",
}


class UnknownSlug(LookupError):
    """A slug that names nothing. The message says which ones come close, or all where there are few."""

    def __init__(self, word: str, slug: str, known: Iterable[str]) -> None:
        slugs = sorted(known)
        self.slug = slug[:_LONGEST_SHOWN]
        self.close = tuple(get_close_matches(self.slug, slugs, n=3, cutoff=0.6))
        message = f"unknown {word} '{self.slug}'"
        if self.close:
            message += f"; did you mean {' or '.join(self.close)}?"
        elif 0 < len(slugs) <= _LISTED_IN_FULL:
            message += f"; allowed: {', '.join(slugs)}"
        elif slugs:
            message += f"; allowed is one of the {len(slugs)} in the catalog, for example {', '.join(slugs[:3])}"
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every spec by slug, in the order lists show them.

    ``parts`` holds every line of a build, GPUs and carriers too, with weight, tariff code and origin where known.
    ``sources``: slug of anything -> figure name -> its source.
    """

    gpus: Mapping[str, GpuSpec]
    carriers: Mapping[str, CarrierSpec]
    parts: Mapping[str, PartSpec]
    circuits: Mapping[str, CircuitSpec]
    models: Mapping[str, ModelSpec]
    sources: Mapping[str, Mapping[str, Source]]

    def find(self, table: str, slug: str) -> Any:
        """The spec of a slug in one table (gpus, carriers, parts, circuits, models). Raises UnknownSlug."""
        rows: Mapping[str, Any] = getattr(self, table)
        if slug not in rows:
            raise UnknownSlug(_WORDS[table], slug, rows)
        return rows[slug]

    def names_for(self, kind: str) -> tuple[tuple[str, str], ...]:
        """(slug, name) of everything of a kind, for a list to choose from; kinds are written io-card or io_card."""
        if kind == "model":
            return tuple((spec.slug, spec.name) for spec in self.models.values())
        if kind == "circuit":
            return tuple((spec.slug, spec.name) for spec in self.circuits.values())
        wanted = kind.replace("_", "-")
        return tuple((spec.slug, spec.name) for spec in self.parts.values() if spec.kind == wanted)


_Read = TypeVar("_Read")
Stamp = tuple[int, datetime]


_held: ContextVar[tuple[Stamp | None] | None] = ContextVar("held", default=None)


@contextmanager
def one_state() -> Iterator[Stamp | None]:
    """Within it the catalog is asked once whether it changed: an answer made of several readings is of one state."""
    held = _held.set((stamp(),))
    try:
        yield stamp()
    finally:
        _held.reset(held)


def stamp() -> Stamp | None:
    """What tells one state of the catalog from another; None where nothing was ever loaded. One query."""
    held = _held.get()
    if held is not None:
        return held[0]
    return next(iter(CatalogRevision.objects.values_list("number", "loaded_at")), None)


def kept(read: Callable[[], _Read]) -> Callable[[], _Read]:
    """``read`` with its answer kept in the process until the catalog changes; one query a call tells whether it did."""
    answers: dict[Stamp, _Read] = {}

    @wraps(read)
    def current_answer() -> _Read:
        current_stamp = stamp()
        if current_stamp is None:  # nothing was ever loaded: there is nothing to tell a change by
            return read()
        if current_stamp not in answers:
            answer = read()
            answers.clear()
            answers[current_stamp] = answer
        return answers[current_stamp]

    return current_answer


@kept
def current() -> Catalog:
    """The catalog as it stands now."""
    parts = list(Part.objects.in_build_order())
    circuits = list(Circuit.objects.all())
    language_models = list(LanguageModel.objects.all())
    specs = [part.spec() for part in parts]
    items: list[Item] = [*parts, *circuits, *language_models]
    return Catalog(
        gpus={spec.slug: spec for spec in specs if isinstance(spec, GpuSpec)},
        carriers={spec.slug: spec for spec in specs if isinstance(spec, CarrierSpec)},
        parts={part.slug: part.line_spec() for part in parts},
        circuits={circuit.slug: circuit.spec() for circuit in circuits},
        models={model.slug: model.spec() for model in language_models},
        sources={item.slug: {figure.name: figure.source for figure in item.sourced()} for item in items},
    )
