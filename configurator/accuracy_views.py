"""The page that shows how far off the estimates are."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from catalog.htmx import HtmxRequest, page_or_partial
from configurator.accuracy.errors import Prediction
from configurator.accuracy.report import Report, report
from configurator.scatter_picture import Mark, ScatterPicture, scatter_picture

ROWS_A_PAGE = 50
# What rows can be asked for: title, unit, the rows of a report.
KINDS: Mapping[str, tuple[str, str, Callable[[Report], Sequence[Prediction]]]] = {
    "speed": ("Speeds, predicted without their source", "tok/s", lambda found: found.speed_left_out),
    "unfitted": ("Speeds not fitted to: drafting, host memory", "tok/s", lambda found: _remarked(found.speed)),
    "memory": ("Memory of each GPU in llama.cpp's plans", "MiB", lambda found: found.memory),
    "sizes": ("Sizes of files", "GB", lambda found: found.sizes),
    "cache": ("Caches in logs", "MiB", lambda found: found.cache),
}


class RowFilterForm(forms.Form):
    kind = forms.ChoiceField(label="Rows", required=False, choices=[(kind, row[0]) for kind, row in KINDS.items()])
    q = forms.CharField(label="Search", required=False, max_length=100)
    above = forms.DecimalField(
        label="At least, % off", required=False, min_value=Decimal(0), max_digits=6, decimal_places=2
    )

    def rows(self, found: Report) -> list[Prediction]:
        """The rows asked for, the furthest off first; none where the form is wrong."""
        if not self.is_valid():
            return []
        words = self.cleaned_data["q"].lower().split()
        least = float(self.cleaned_data["above"] or 0) / 100
        rows = [
            row
            for row in self.of_kind(found)
            if row.error_beyond_rounding >= least and all(word in row.label.lower() for word in words)
        ]
        return sorted(rows, key=lambda row: -row.error_beyond_rounding)

    @property
    def chosen_kind(self) -> str:
        given = self.data.get("kind", "")
        return given if given in KINDS else "speed"

    def of_kind(self, found: Report) -> Sequence[Prediction]:
        return KINDS[self.chosen_kind][2](found)


@require_safe
def accuracy(request: HtmxRequest) -> HttpResponse:
    """Predicted against measured, for memory and for speed. htmx gets the rows only."""
    found = report()
    form = RowFilterForm(request.GET)
    decode = [p for p in found.speed_left_out if p.group["metric"] != "prefill_tok_s"]
    prompts = [p for p in found.speed_left_out if p.group["metric"] == "prefill_tok_s"]
    context = {
        "report": found,
        "typical": next(goal.left_out.median for goal in found.goals if goal.left_out),
        "pictures": (
            ("decode", "Decode speed", _drawn(decode, "tok/s")),
            ("prompts", "Speed of prompts", _drawn(prompts, "tok/s")),
            ("memory", "Memory of a GPU", _drawn(found.memory, "MiB", band_percent=2)),
        ),
        "form": form,
        "page": Paginator(form.rows(found), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "total": len(form.of_kind(found)),
        "unit": KINDS[form.chosen_kind][1],
        "query": urlencode([(name, request.GET.get(name, "")) for name in form.fields if request.GET.get(name)]),
    }
    return page_or_partial(request, "configurator/accuracy.html", "rows", context)


def _drawn(predictions: Sequence[Prediction], unit: str, band_percent: int = 30) -> ScatterPicture | None:
    return scatter_picture((Mark(p.measured, p.predicted, p.low, p.high) for p in predictions), unit, band_percent)


def _remarked(predictions: Sequence[Prediction]) -> list[Prediction]:
    return [prediction for prediction in predictions if prediction.remark]
