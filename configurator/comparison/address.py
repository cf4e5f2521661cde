"""The address of a comparison: read into a question, and written from one."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from configurator.choice import BuildChoice, written
from configurator.comparison.alternatives import alternatives
from configurator.comparison.compare import ASKED, Question, read_one
from configurator.comparison.references import read_references


class RateField(forms.DecimalField):
    """Dollars for one GPU and one hour."""

    unit = "USD/GPU-hour"


class BesideForm(forms.Form):
    """What stands beside the builds, and one's own rate of rent."""

    a = forms.MultipleChoiceField(
        label="Beside them",
        required=False,
        choices=lambda: [(slug, each.name) for slug, each in alternatives().by_id.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    rent = RateField(
        label="Rent, your rate",
        required=False,
        min_value=Decimal("0.0001"),
        max_value=Decimal(10_000),
        max_digits=9,
        decimal_places=4,
        help_text="Empty: the dated rates.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


def read_question(given: QueryDict, host: str) -> tuple[Question, BesideForm]:
    """What an address asks, and the form with what is wrong in it. One query, whatever it holds.

    A build that comes alone, as by a link from its own page, is put beside the usual alternatives.
    """
    builds, refused = read_references(given.getlist("b"), host)
    beside = given.getlist("a")
    if len(builds) == 1 and not beside and "model" not in given:
        beside = list(alternatives().first_shown)
    known = [slug for slug in dict.fromkeys(beside) if slug in alternatives().by_id]
    few = list(dict.fromkeys(beside))[: len(alternatives().by_id) + 1]
    form = BesideForm({"a": few, "rent": given.get("rent", "")})
    own_rent = form.cleaned_data.get("rent") if form.is_valid() or "rent" not in form.errors else None
    workload = {name: str(given[name]) for name in ASKED if given.get(name)}
    return Question(builds, refused, tuple(known), workload, own_rent), form


def address_of(question: Question) -> str:
    """The query string of a question: what the first build does not say itself, in a fixed order."""
    pairs: list[tuple[str, str]] = [("b", build.reference) for build in question.builds]
    pairs += [("a", slug) for slug in question.alternatives]
    first = question.builds[0].choice if question.builds else None
    stays = "model" if first is not None and not question.alternatives else ""  # else the usual ones would come back
    workload = question.workload
    if first is not None and stays and stays not in workload:
        workload = {**workload, stays: written(first[stays])}
    for name in ASKED:
        if name in workload and (first is None or name == stays or read_one(name, workload[name]) != first[name]):
            pairs.append((name, workload[name]))
    if question.own_rent_usd is not None:
        pairs.append(("rent", f"{question.own_rent_usd.normalize():f}"))
    return urlencode(pairs)


def without_build(question: Question, reference: str, shared: BuildChoice) -> Question:
    """The same comparison with one build less; its workload stays even where that build had set it."""
    builds = tuple(build for build in question.builds if build.reference != reference)
    return replace(question, builds=builds, workload=workload_of(shared))


def without_alternative(question: Question, slug: str) -> Question:
    return replace(question, alternatives=tuple(each for each in question.alternatives if each != slug))


def with_workload(question: Question, choice: BuildChoice) -> Question:
    """The same machines on the workload of one of them."""
    return replace(question, workload=workload_of(choice))


def workload_of(choice: BuildChoice) -> dict[str, str]:
    return {name: written(choice[name]) for name in ASKED}


def hidden_fields(question: Question) -> list[tuple[str, str]]:
    """The address as hidden fields of a form that adds a build."""
    return [(name, value) for name, values in QueryDict(address_of(question)).lists() for value in values]
