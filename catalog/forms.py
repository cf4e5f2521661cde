"""The filters of the list pages. A filter nobody set filters nothing; a wrong one lists nothing and says why."""

from decimal import Decimal

from django import forms

from catalog.claim_models import Claim, ClaimQuerySet
from catalog.models import LanguageModel, LanguageModelQuerySet, Part, PartQuerySet
from catalog.vocabulary import ARCH_CLASSES, FORM_FACTORS, GUIDE_SECTIONS, PART_KINDS, VERDICTS

_TEXT_LENGTH = 100


class PartFilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=_TEXT_LENGTH)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *PART_KINDS.items()])
    form_factor = forms.ChoiceField(
        label="Form factor", required=False, choices=[("", "All form factors"), *FORM_FACTORS.items()]
    )

    def parts(self) -> PartQuerySet:
        """The parts asked for, in the order of a part list."""
        parts = Part.objects.in_build_order()
        if not self.is_valid():
            return parts.none()
        if kind := self.cleaned_data["kind"]:
            parts = parts.of_kind(kind)
        if form_factor := self.cleaned_data["form_factor"]:
            parts = parts.with_form_factor(form_factor)
        return parts.matching(self.cleaned_data["q"])


class ModelFilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=_TEXT_LENGTH)
    arch_class = forms.ChoiceField(label="Class", required=False, choices=[("", "All classes"), *ARCH_CLASSES.items()])
    max_params_b = forms.DecimalField(
        label="At most, billion parameters", required=False, min_value=Decimal("0.1"), max_digits=8, decimal_places=3
    )

    def models(self) -> LanguageModelQuerySet:
        """The language models asked for, by name."""
        models = LanguageModel.objects.all()
        if not self.is_valid():
            return models.none()
        if arch_class := self.cleaned_data["arch_class"]:
            models = models.of_class(arch_class)
        if (billions := self.cleaned_data["max_params_b"]) is not None:
            models = models.up_to_params(int(billions * 10**9))
        return models.matching(self.cleaned_data["q"])


class ClaimFilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=_TEXT_LENGTH)
    verdict = forms.ChoiceField(
        label="Verdict",
        required=False,
        choices=[("", "All verdicts"), *((verdict, label) for verdict, (label, _) in VERDICTS.items())],
    )
    section = forms.ChoiceField(
        label="Section of the guide",
        required=False,
        choices=[("", "All sections"), *((number, f"{number} {title}") for number, title in GUIDE_SECTIONS.items())],
    )

    def claims(self) -> ClaimQuerySet:
        """The claims asked for, in the guide's order."""
        claims = Claim.objects.all()
        if not self.is_valid():
            return claims.none()
        if verdict := self.cleaned_data["verdict"]:
            claims = claims.with_verdict(verdict)
        if section := self.cleaned_data["section"]:
            claims = claims.of_section(section)
        return claims.matching(self.cleaned_data["q"])
