"""The page that shows how far off the estimates are."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from configurator.accuracy.errors import Prediction
from configurator.accuracy.report import report
from configurator.scatter_picture import Mark, ScatterPicture, scatter_picture

LISTED = 40  # the rows that are furthest off; the rest is in the project's data


@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """Predicted against measured, for memory and for speed."""
    found = report()
    decode = [p for p in found.speed_left_out if p.group["metric"] != "prefill_tok_s"]
    prompts = [p for p in found.speed_left_out if p.group["metric"] == "prefill_tok_s"]
    context = {
        "report": found,
        "pictures": (
            ("decode", "Decode speed", _drawn(decode, "tok/s")),
            ("prompts", "Speed of prompts", _drawn(prompts, "tok/s")),
            ("memory", "Memory of a GPU", _drawn(found.memory, "MiB", band_percent=2)),
        ),
        "unfitted": [p for p in found.speed if getattr(p.row, "not_fitted", "")],
        "memory_worst": _worst(found.memory),
        "sizes_worst": _worst(found.sizes),
        "cache_worst": _worst(found.cache)[:12],
    }
    return render(request, "configurator/accuracy.html", context)


def _drawn(predictions: Sequence[Prediction], unit: str, band_percent: int = 30) -> ScatterPicture | None:
    return scatter_picture((Mark(p.measured, p.predicted, p.low, p.high) for p in predictions), unit, band_percent)


def _worst(predictions: tuple[Prediction, ...]) -> list[Prediction]:
    return sorted(predictions, key=lambda prediction: -prediction.error_beyond_rounding)[:LISTED]
