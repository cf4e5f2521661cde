"""The catalog as JSON. Filters are checked by the forms of the pages, so both refuse the same with the same words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from catalog.claim_models import Claim
from catalog.figures import SourcedFigure
from catalog.forms import ClaimFilterForm, ModelFilterForm, PartFilterForm
from catalog.models import Circuit, Item, LanguageModel, Part
from catalog.provenance import Source
from catalog.snapshot import UnknownSlug
from catalog.vocabulary import ARCH_CLASSES, CLAIM_FIGURES, FORM_FACTORS, GUIDE_SECTIONS, PART_KINDS, VERDICTS

router = Router(tags=["catalog"])


class FigureSource(Schema):
    title: str
    href: str = Field(description="Empty where the reference has no address.")
    checked_on: date
    confidence: str = Field(description="measured, datasheet, official, computed, guide or unverified")


class CatalogFigure(Schema):
    value: int | float | str | bool | list[list[int]] | None = Field(description="null = not known")
    unit: str
    label: str
    note: str
    source: FigureSource


class PartSummary(Schema):
    slug: str
    name: str
    kind: str
    summary: str
    form_factor: str = Field(description="Empty where there is none.")
    memory_mib: int | None
    sockets: int | None
    comparator: bool = Field(description="An alternative to compare with.")


class SearchTerms(Schema):
    english: list[str] = Field(default_factory=list)
    chinese: list[str] = Field(default_factory=list)


class PlaceToBuy(Schema):
    label: str
    href: str


class PartWithFigures(PartSummary):
    figures: dict[str, CatalogFigure]
    search: SearchTerms
    buy: list[PlaceToBuy]


class ModelSummary(Schema):
    slug: str
    name: str
    summary: str
    arch_class: str
    params_total: int | None
    params_active: int | None
    max_context_tokens: int | None


class ModelWithFigures(ModelSummary):
    figures: dict[str, CatalogFigure]


class CircuitWithFigures(Schema):
    slug: str
    name: str
    summary: str
    country: str
    continuous_w: float = Field(description="What may be drawn for hours: volts x amperes x continuous fraction.")
    figures: dict[str, CatalogFigure]


class AskedOfTheEstimator(Schema):
    what: str
    figure: str = Field(description=", ".join(CLAIM_FIGURES))
    finding: str = Field("", description="Which finding, where the figure is one.")
    query: dict[str, str] = Field(description="Settings of the estimate's question; POST them to /estimate.")


class AuditedClaim(Schema):
    number: str
    section: str
    section_title: str
    name: str
    guide: str = Field(description="What the guide says.")
    verdict: str = Field(description="; ".join(f"{verdict}: {meaning}" for verdict, (_, meaning) in VERDICTS.items()))
    holds: str = Field(description="What holds; empty where nobody knows better.")
    why: str
    sources: list[FigureSource]
    parts: list[str] = Field(description="Slugs of the parts it is about.")
    computes: list[AskedOfTheEstimator]


class CatalogFieldError(Schema):
    field: str
    message: str


class CatalogErrorDetail(Schema):
    message: str
    fields: list[CatalogFieldError]


class CatalogRefusal(Schema):
    error: CatalogErrorDetail


class PartFilters(Schema):
    q: str = Field("", description="Words in name, slug or summary.")
    kind: str = Field("", description=", ".join(PART_KINDS))
    form_factor: str = Field("", description=", ".join(FORM_FACTORS))


class ModelFilters(Schema):
    q: str = Field("", description="Words in name, slug or summary.")
    arch_class: str = Field("", description=", ".join(ARCH_CLASSES))
    max_params_b: str = Field("", description="At most so many billion parameters.")


class ClaimFilters(Schema):
    q: str = Field("", description="Words in number, name or texts.")
    verdict: str = Field("", description=", ".join(VERDICTS))
    section: str = Field("", description=", ".join(GUIDE_SECTIONS))


Answer = Status[Any]


@router.get("/parts", response={200: list[PartSummary], 422: CatalogRefusal}, summary="Parts, filtered")
def list_parts(request: HttpRequest, filters: Query[PartFilters]) -> Answer:
    form = PartFilterForm(filters.dict())
    parts = form.parts()
    return _refusal_of(request, form) or Status(200, parts)


@router.get(
    "/parts/{slug}", response={200: PartWithFigures, 404: CatalogRefusal}, summary="One part with figures and sources"
)
def get_part(request: HttpRequest, slug: str) -> Answer:
    part = Part.objects.named(slug)
    if part is None:
        return _not_found("part", slug, Part.objects.values_list("slug", flat=True))
    summary = PartSummary.from_orm(part).dict()
    return Status(200, PartWithFigures(**summary, figures=_figures(part), search=part.search, buy=part.buy))


@router.get("/models", response={200: list[ModelSummary], 422: CatalogRefusal}, summary="Language models, filtered")
def list_models(request: HttpRequest, filters: Query[ModelFilters]) -> Answer:
    form = ModelFilterForm(filters.dict())
    models = form.models()
    return _refusal_of(request, form) or Status(200, models)


@router.get(
    "/models/{slug}",
    response={200: ModelWithFigures, 404: CatalogRefusal},
    summary="One language model with figures and sources",
)
def get_model(request: HttpRequest, slug: str) -> Answer:
    model = LanguageModel.objects.named(slug)
    if model is None:
        return _not_found("model", slug, LanguageModel.objects.values_list("slug", flat=True))
    return Status(200, ModelWithFigures(**ModelSummary.from_orm(model).dict(), figures=_figures(model)))


@router.get("/circuits", response=list[CircuitWithFigures], summary="Household circuits with figures and sources")
def list_circuits(request: HttpRequest) -> list[CircuitWithFigures]:
    return [
        CircuitWithFigures(
            slug=circuit.slug,
            name=circuit.name,
            summary=circuit.summary,
            country=circuit.country,
            continuous_w=circuit.spec().continuous_w,
            figures=_figures(circuit),
        )
        for circuit in Circuit.objects.all()
    ]


@router.get(
    "/claims", response={200: list[AuditedClaim], 422: CatalogRefusal}, summary="The audit of the guide, filtered"
)
def list_claims(request: HttpRequest, filters: Query[ClaimFilters]) -> Answer:
    form = ClaimFilterForm(filters.dict())
    claims = [_claim(claim) for claim in form.claims()]
    return _refusal_of(request, form) or Status(200, claims)


def _claim(claim: Claim) -> AuditedClaim:
    return AuditedClaim(
        number=claim.number,
        section=claim.section,
        section_title=GUIDE_SECTIONS[claim.section],
        name=claim.name,
        guide=claim.guide,
        verdict=claim.verdict,
        holds=claim.holds,
        why=claim.why,
        sources=[_source(source) for source in claim.references()],
        parts=claim.parts,
        computes=[AskedOfTheEstimator(**asked) for asked in claim.questions()],
    )


def _figures(item: Item) -> dict[str, CatalogFigure]:
    return {figure.name: _figure(figure) for figure in item.sourced()}


def _figure(figure: SourcedFigure) -> CatalogFigure:
    return CatalogFigure(
        value=figure.value, unit=figure.unit, label=figure.label, note=figure.note, source=_source(figure.source)
    )


def _source(source: Source) -> FigureSource:
    return FigureSource(
        title=source.title, href=source.href, checked_on=source.checked_on, confidence=source.confidence
    )


def _refusal_of(request: HttpRequest, form: forms.Form) -> Answer | None:
    """What is wrong with the filters, or None."""
    problems = [(field, " ".join(map(str, messages))) for field, messages in form.errors.items()]
    problems += [
        (name, f"unknown key '{name}', allowed: {', '.join(form.fields)}")
        for name in request.GET
        if name not in form.fields
    ]
    return _refusal(422, problems) if problems else None


def _not_found(word: str, slug: str, known: Iterable[str]) -> Answer:
    return _refusal(404, [("slug", str(UnknownSlug(word, slug, known)))])


def _refusal(status: int, problems: list[tuple[str, str]]) -> Answer:
    message = " ".join(f"{field}: {problem}" for field, problem in problems)
    fields = [{"field": field, "message": problem} for field, problem in problems]
    return Status(status, {"error": {"message": message, "fields": fields}})
