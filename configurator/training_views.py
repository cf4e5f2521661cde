"""The page on training: what it takes in memory, and how it scales over the GPUs of a machine."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial, wants_partial
from catalog.snapshot import Catalog
from configurator.estimation.training import TrainingRun
from configurator.guide_claims import claims_on
from configurator.plain_forms import QueryForm, one_of, whole
from configurator.training_plan import METHOD_WORDS, training_plan
from configurator.training_sums import SHARDING_WORDS

NO_CARRIER = "none"
YES_NO = (("yes", "yes"), ("no", "no"))
TARGET_WORDS = (
    ("all-linear", "all linear layers"),
    ("attention", "attention"),
    ("query-value", "query and value"),
)


class TrainingForm(QueryForm):
    model = one_of("Model", "llama-3.1-8b")
    gpu = one_of("GPU", "v100-sxm2-16gb")
    carrier = one_of("Board or server", "quad-board-taq-sxm2-4p5a5")
    gpus = whole("GPUs", 4, 1, 64)
    method = one_of("Method", "qlora", METHOD_WORDS.items())
    sharding = one_of("Sharding", "ddp", SHARDING_WORDS.items(), "What the GPUs divide among them.")
    batch = whole("Batch", 1, 1, 256, "sequences per GPU")
    sequence_tokens = whole("Sequence", 2048, 1, 131_072, "tokens")
    accumulation_steps = whole("Accumulated", 8, 1, 1024, "batches", "Before gradients are exchanged.")
    checkpointing = one_of("Gradient checkpointing", "yes", YES_NO)
    scores_kept = one_of("Attention writes its scores", "no", YES_NO, "No: a memory-efficient kernel.")
    lora_rank = whole("Adapter rank", 16, 1, 1024)
    lora_targets = one_of("Adapters on", "all-linear", TARGET_WORDS)
    double_quantised = one_of("Double quantisation", "yes", YES_NO, "QLoRA only.")

    def __init__(self, query: Mapping[str, str], catalog: Catalog) -> None:
        super().__init__(query)
        self._catalog = catalog
        carriers = [(spec.slug, spec.name) for spec in catalog.carriers.values()]
        self._offer(
            model=[(spec.slug, spec.name) for spec in catalog.models.values() if not spec.refusal],
            gpu=[(spec.slug, spec.name) for spec in catalog.gpus.values()],
            carrier=[(NO_CARRIER, "none: cards in PCIe slots"), *carriers],
        )

    def clean(self) -> dict[str, Any]:
        """The GPU must go into the board's sockets, and a module needs a board."""
        given = super().clean() or {}
        if "gpu" in given and "carrier" in given:
            gpu, carrier = self._catalog.gpus[given["gpu"]], self._catalog.carriers.get(given["carrier"])
            if carrier is None and gpu.form_factor.startswith("sxm"):
                self.add_error("carrier", f"{gpu.name} is a module: choose what it sits on.")
            elif carrier is not None and carrier.socket != gpu.form_factor:
                self.add_error(
                    "carrier",
                    f"{carrier.name} takes {carrier.socket.upper()}, {gpu.name} is {gpu.form_factor.upper()}. "
                    "Choose another board, or another GPU.",
                )
        return given

    def run(self) -> TrainingRun:
        given = self.cleaned_data
        return TrainingRun(
            model=self._catalog.models[given["model"]],
            method=given["method"],
            batch=given["batch"],
            sequence_tokens=given["sequence_tokens"],
            accumulation_steps=given["accumulation_steps"],
            checkpointing=given["checkpointing"] == "yes",
            scores_kept=given["scores_kept"] == "yes",
            lora_rank=given["lora_rank"],
            lora_targets=given["lora_targets"],
            double_quantised=given["double_quantised"] == "yes",
        )


@require_safe
@snapshot.one_state()
def training_page(request: HtmxRequest) -> HttpResponse:
    """Memory and scaling of a training run. htmx gets the figures only."""
    catalog = snapshot.current()
    form = TrainingForm(request.GET, catalog)
    context: dict[str, Any] = {
        "form": form,
        "result": None,
        "claims": claims_on("training"),
        "oob": wants_partial(request),
    }
    if form.is_valid():
        given = form.cleaned_data
        context["result"] = training_plan(
            form.run(),
            catalog.gpus[given["gpu"]],
            given["gpus"],
            catalog.carriers.get(given["carrier"]),
            given["sharding"],
            catalog,
        )
    return page_or_partial(request, "configurator/training.html", "figures", context)
