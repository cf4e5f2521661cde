"""The start page's question: what to run, within which limits. Checked by the reader of the API's questions."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from catalog.field_errors import InvalidFields
from catalog.snapshot import Catalog
from configurator.fields import COUNTRIES
from configurator.search.goal import QUANTS
from sourcing import prices

USUAL_MODEL = "llama-3.3-70b"
OWNABLE_KINDS = ("gpu", "carrier")
# Where an error of a question stands in the form, if not at the field of its own name.
PLACES = {"destination.country": "country", "destination.region": "region", "quants": "quant", "owned": "own_gpu_count"}


class GoalForm(forms.Form):
    """Bound to the query string; ``question`` is the same as JSON. It checks nothing itself."""

    model = forms.CharField(label="Model")
    quant = forms.CharField(label="Quantisation", required=False)
    context_tokens = forms.CharField(label="Context", required=False)
    streams = forms.CharField(label="People at once", required=False)
    min_decode_tok_s = forms.CharField(label="At least", required=False)
    max_landed_usd = forms.CharField(label="Budget at your door", required=False)
    circuit = forms.CharField(label="Circuit", required=False)
    country = forms.CharField(label="Delivered to", required=False)
    region = forms.CharField(label="State or province", required=False)
    quiet = forms.CharField(label="Place", required=False)
    own_gpu = forms.CharField(label="I own", required=False)
    own_gpu_count = forms.CharField(label="How many", required=False)

    UNITS: Mapping[str, str] = {"context_tokens": "tokens", "min_decode_tok_s": "tok/s", "max_landed_usd": "USD"}
    NUMBERS: Mapping[str, str] = {
        "context_tokens": "32768", "streams": "1", "min_decode_tok_s": "20", "max_landed_usd": "2000",
        "own_gpu_count": "0",
    }  # fmt: skip

    def __init__(self, query: QueryDict | Mapping[str, str], catalog: Catalog) -> None:
        data = {name: query.get(name, "") for name in self.base_fields}
        super().__init__(data | {"model": data["model"] or USUAL_MODEL, "country": data["country"] or "US"})
        self.is_asked = bool(query.get("model"))
        for name, choices in _lists(catalog).items():
            self.fields[name].widget = forms.Select(choices=choices)
        for name, example in self.NUMBERS.items():
            self.fields[name].widget = forms.NumberInput(
                attrs={"inputmode": "decimal", "min": "0", "step": "any", "placeholder": f"e.g. {example}"}
            )
        for name, unit in self.UNITS.items():
            self.fields[name].unit = unit  # type: ignore[attr-defined]

    @property
    def data_query(self) -> str:
        """What was asked, in one order, as a query string."""
        return urlencode([(name, value) for name, value in self.data.items() if value])

    @property
    def question(self) -> dict[str, Any]:
        """The question as the API takes it."""
        given = {name: str(value).strip() for name, value in self.data.items()}
        plain = ("model", "context_tokens", "streams", "min_decode_tok_s", "max_landed_usd", "circuit", "quiet")
        owned = {given["own_gpu"]: given["own_gpu_count"] or "1"} if given["own_gpu"] else None
        return {
            **{name: given[name] for name in plain if given[name]},
            **({"quants": [given["quant"]]} if given["quant"] else {}),
            **({"owned": owned} if owned else {}),
            "destination": {"country": given["country"], "region": given["region"]},
        }

    def refuse(self, refused: InvalidFields) -> None:
        """Put each error beside the field it names."""
        self.full_clean()
        for error in refused.errors:
            name = PLACES.get(error.field, error.field)
            text = error.message.removeprefix(f"{error.field}: ")
            self.add_error(name if name in self.fields else None, text[:1].upper() + text[1:])


def _lists(catalog: Catalog) -> dict[str, list[tuple[str, Any]]]:
    return {
        "model": [(slug, spec.name) for slug, spec in catalog.models.items() if spec.refusal is None],
        "quant": [("", "4 bits and more"), *((quant, quant) for quant in (*QUANTS, "MXFP4_MOE", "Q3_K_M", "Q2_K"))],
        "circuit": [("", "any that is needed"), *catalog.names_for("circuit")],
        "country": [(code, name) for code, name in prices.country_names().items() if code in COUNTRIES],
        "region": [("", "not told"), *prices.region_choices()],
        "quiet": [("", "anywhere"), ("true", "near people: no servers")],
        "own_gpu": [("", "nothing yet"), *((slug, spec.name) for slug, spec in catalog.gpus.items())],
    }
