"""Checking figures against the vocabulary, and turning them into the frozen specs. Pure: no Django, clock or I/O."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from catalog.provenance import Confidence, Source
from catalog.specs import (
    CarrierSpec,
    CircuitSpec,
    Figure,
    GpuSpec,
    LinearAttentionSpec,
    MlaSpec,
    ModelSpec,
    MoeSpec,
    PartSpec,
    WindowSpec,
)
from catalog.vocabulary import FIGURES, KINDS, FigureDefinition, Unit

Values = Mapping[str, Any]
"""Figure name -> plain value, as it stands in a file or a JSON column; None = not known."""

_TYPE_WORDS: Mapping[type, str] = {
    int: "a whole number",
    float: "a number",
    str: "text (in quotes)",
    bool: "true or false",
    tuple: "a list of rows of whole numbers",
}
_PLACEHOLDERS: Mapping[type, object] = {int: 0, float: 0.0, str: "", bool: False}


class FigureError(ValueError):
    """One figure is wrong. The message says what is wrong and what is allowed, in a plain sentence.

    ``figure`` is its name; ``key`` says which part of it is meant: value, unit, or empty for the whole figure.
    """

    def __init__(self, figure: str, key: str, message: str) -> None:
        super().__init__(message)
        self.figure = figure
        self.key = key


@dataclass(frozen=True, slots=True)
class SourcedFigure:
    """One figure as pages show it. ``value`` None = not known; ``source`` then says where it was looked for."""

    name: str
    label: str
    help: str
    value: Any
    unit: str
    source: Source
    note: str


def definition(kind: str, name: str) -> FigureDefinition:
    """The definition of a figure. Raises FigureError where the vocabulary has no such kind or figure."""
    if kind not in FIGURES:
        raise FigureError(name, "", f"unknown kind {kind!r}, allowed: {', '.join(KINDS)}")
    if name not in FIGURES[kind]:
        raise FigureError(name, "", f"unknown figure {name!r} for kind {kind}, allowed: {', '.join(FIGURES[kind])}")
    return FIGURES[kind][name]


def check_figure(kind: str, name: str, value: object, unit: object) -> None:
    """Check one figure's unit and value. Raises FigureError with what is wrong and what is allowed.

    A value of None (not known) passes: whether the figure may be unknown is for the spec functions to say.
    """
    expected = definition(kind, name)
    if unit != expected.unit:
        raise FigureError(name, "unit", f"{name} has unit {unit!r}, allowed: {expected.unit}")
    if value is not None:
        _check_value(name, expected, value)


def _check_value(name: str, expected: FigureDefinition, value: object) -> None:
    if not _has_type(expected.type, value):
        raise FigureError(name, "value", f"{name} is {value!r}, allowed: {_TYPE_WORDS[expected.type]}")
    if isinstance(value, str):
        _check_text(name, expected, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_number(name, expected, value)


def _has_type(wanted: type, value: object) -> bool:
    if wanted is tuple:
        return isinstance(value, list | tuple) and all(
            isinstance(row, list | tuple) and all(_has_type(int, cell) for cell in row) for row in value
        )
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _check_text(name: str, expected: FigureDefinition, value: str) -> None:
    if not value.strip():
        raise FigureError(name, "value", f"{name} is empty, allowed: text, or null where it is not known")
    if expected.choices and value not in expected.choices:
        raise FigureError(name, "value", f"{name} is {value!r}, allowed: {', '.join(expected.choices)}")


def _check_number(name: str, expected: FigureDefinition, value: float) -> None:
    if not math.isfinite(value):
        raise FigureError(name, "value", f"{name} is {value!r}, allowed: a finite number")
    if value < 0 or (expected.positive and value == 0):
        allowed = "a number above zero" if expected.positive else "zero or more"
        raise FigureError(name, "value", f"{name} is {value!r}, allowed: {allowed}")
    highest = {Unit.FRACTION: 1, Unit.PERCENT: 100}.get(expected.unit)
    if highest is not None and value > highest:
        raise FigureError(name, "value", f"{name} is {value!r}, allowed: 0 to {highest}")


def gpu_spec(slug: str, name: str, values: Values) -> GpuSpec:
    """The GPU as the estimator sees it. Raises FigureError where a required figure is missing or one is wrong."""
    return GpuSpec(slug=slug, name=name, **_spec_fields(GpuSpec, "gpu", values))


def carrier_spec(slug: str, name: str, values: Values) -> CarrierSpec:
    """The carrier as the estimator sees it. Raises FigureError, also for a link matrix that cannot be.

    ``links`` must be square with one row a socket, symmetric, and zero on the diagonal.
    """
    spec = CarrierSpec(slug=slug, name=name, **_spec_fields(CarrierSpec, "carrier", values))
    _check_links(spec)
    return spec


def _check_links(spec: CarrierSpec) -> None:
    size = len(spec.links)
    if size != spec.sockets or any(len(row) != size for row in spec.links):
        shape = f"{size} rows of {', '.join(str(len(row)) for row in spec.links) or 'nothing'}"
        raise FigureError(
            "links", "value", f"links has {shape}, allowed: one row and one column for each of {spec.sockets} sockets"
        )
    for i, row in enumerate(spec.links):
        for j, count in enumerate(row):
            here = f"links[{i}][{j}] is {count}"
            if count < 0:
                raise FigureError("links", "value", f"{here}, allowed: zero or more")
            if i == j and count:
                raise FigureError("links", "value", f"{here}, allowed: 0 on the diagonal")
            if count != spec.links[j][i]:
                raise FigureError(
                    "links",
                    "value",
                    f"{here} but links[{j}][{i}] is {spec.links[j][i]}, allowed: the same both ways",
                )


def part_spec(slug: str, name: str, kind: str, values: Values) -> PartSpec:
    """Any part as a line of a build, with its known figures by name (link matrices are left to the carrier's own spec).

    Raises FigureError where a figure is wrong or of another kind.
    """
    known: dict[str, Figure] = {}
    for figure, value in values.items():
        expected = definition(kind, figure)
        if value is None or expected.type is tuple:
            continue
        _check_value(figure, expected, value)
        known[figure] = value
    return PartSpec(slug=slug, name=name, kind=kind, figures=known)


def circuit_spec(slug: str, name: str, values: Values) -> CircuitSpec:
    """The circuit as the estimator sees it. Raises FigureError where a required figure is missing or one is wrong."""
    return CircuitSpec(slug=slug, name=name, **_spec_fields(CircuitSpec, "circuit", values))


def model_spec(slug: str, name: str, values: Values) -> ModelSpec:
    """The language model as the estimator sees it, the flat figures folded into its groups.

    A group (moe, mla, linear, window) of which no figure is given is None. A model with a ``refusal`` may lack
    required figures: the spec then holds 0, empty or False in their place, and nothing may be computed from it.
    Raises FigureError where a required figure is missing or one is wrong.
    """
    refused = values.get("refusal") is not None
    return ModelSpec(
        slug=slug,
        name=name,
        **_spec_fields(ModelSpec, "model", values, may_lack=refused),
        moe=_group(MoeSpec, "moe_", values, refused),
        mla=_group(MlaSpec, "mla_", values, refused),
        linear=_group(LinearAttentionSpec, "linear_", values, refused),
        window=_group(WindowSpec, "window_", values, refused),
    )


_Spec = TypeVar("_Spec")


def _group(spec: type[_Spec], prefix: str, values: Values, refused: bool) -> _Spec | None:
    if not any(figure.startswith(prefix) for figure in values):
        return None
    return spec(**_spec_fields(spec, "model", values, prefix=prefix, may_lack=refused))


def _spec_fields(
    spec: type[Any], kind: str, values: Values, *, prefix: str = "", may_lack: bool = False
) -> dict[str, Any]:
    """Constructor arguments for a spec: each of its fields that is a figure of this kind, checked and converted."""
    arguments: dict[str, Any] = {}
    for field in fields(spec):
        figure = field.name if field.name.startswith(prefix) else prefix + field.name
        if figure not in FIGURES[kind]:
            continue  # slug, name and the nested groups, which the caller gives
        expected = FIGURES[kind][figure]
        value = values.get(figure)
        if value is not None:
            _check_value(figure, expected, value)
            arguments[field.name] = _converted(expected.type, value)
        elif expected.required and not may_lack:
            raise FigureError(
                figure, "value", f"{figure} is not known, but every {KINDS[kind].lower()} needs it ({expected.unit})"
            )
        else:
            arguments[field.name] = _PLACEHOLDERS[expected.type] if expected.required else None
    return arguments


def _converted(wanted: type, value: Any) -> Any:
    if wanted is tuple:
        return tuple(tuple(row) for row in value)
    return float(value) if wanted is float else value


def source_of(stored: Mapping[str, Any]) -> Source:
    """A Source from its stored form: title, href, checked_on as ISO text, confidence."""
    return Source(
        title=stored["title"],
        href=stored["href"],
        checked_on=date.fromisoformat(stored["checked_on"]),
        confidence=Confidence(stored["confidence"]),
    )


def sourced_figures(
    kind: str, figures: Mapping[str, Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> tuple[SourcedFigure, ...]:
    """Every stored figure with its label and source, in the vocabulary's order. Link matrices keep their rows."""
    read = {key: source_of(stored) for key, stored in sources.items()}
    return tuple(
        SourcedFigure(
            name=name,
            label=expected.label,
            help=expected.help,
            value=figures[name]["value"],
            unit=expected.unit,
            source=read[figures[name]["source"]],
            note=figures[name].get("note", ""),
        )
        for name, expected in FIGURES[kind].items()
        if name in figures
    )
