"""The page on many boards behind one host, and two hosts with a network between them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from catalog import snapshot
from catalog.htmx import HtmxRequest, page_or_partial, wants_partial
from catalog.snapshot import Catalog
from configurator.estimation.board_sweep import Machine, Task
from configurator.estimation.memory import CannotEstimate
from configurator.estimation.quantization import FILE_TYPES, SAFETENSORS_QUANTS
from configurator.estimation.types import Supply
from configurator.guide_claims import claims_on, guide_rows
from configurator.network_list import networks
from configurator.plain_forms import QueryForm, one_of, whole
from configurator.scaling_out import scale_out

MOST_BOARDS = 17  # as many as the guide's table
GUIDE_MACHINE = ("host-romed8-2t", "quad-board-taq-sxm2-4p5a5", "plx8749-card", "v100-sxm2-16gb")


class ScaleOutForm(QueryForm):
    host = one_of("Host", "host-romed8-2t")
    carrier = one_of("Board", "quad-board-taq-sxm2-4p5a5")
    io_card = one_of("Link card", "plx8749-card")
    gpu = one_of("GPU", "v100-sxm2-16gb")
    model = one_of("Model", "llama-3.3-70b")
    boards = whole("Boards", 2, 1, MOST_BOARDS)
    quant = one_of("GGUF file", "Q4_K_M", [(quant, quant) for quant in FILE_TYPES], "What llama.cpp runs.")
    checkpoint_quant = one_of(
        "Checkpoint", "AWQ", [(quant, quant) for quant in (*SAFETENSORS_QUANTS, "F16")], "What 1Cat-vLLM runs."
    )
    context_tokens = whole("Context", 8192, 1, 1_048_576, "tokens")
    streams = whole("Streams", 1, 1, 256, "", "Conversations at once.")
    power_limit_w = whole("Power limit per GPU", 200, 50, 500, "W", "A restart sets it back to the default.")
    circuit = one_of("Circuit", "us-120v-20a")

    def __init__(self, query: Mapping[str, str], catalog: Catalog) -> None:
        super().__init__(query)
        boards = [(spec.slug, spec.name) for spec in catalog.carriers.values() if spec.kind == "board"]
        modules = [(spec.slug, spec.name) for spec in catalog.gpus.values() if spec.form_factor == "sxm2"]
        self._offer(
            host=catalog.names_for("host"),
            carrier=boards,
            io_card=catalog.names_for("io-card"),
            gpu=modules,
            model=[(spec.slug, spec.name) for spec in catalog.models.values() if not spec.refusal],
            circuit=catalog.names_for("circuit"),
        )

    def machine(self, catalog: Catalog) -> Machine:
        return machine_of(catalog, *(self.cleaned_data[name] for name in ("host", "carrier", "io_card", "gpu")))

    def task(self, catalog: Catalog) -> Task:
        given = self.cleaned_data
        return Task(
            catalog.models[given["model"]],
            given["quant"],
            given["checkpoint_quant"],
            given["context_tokens"],
            given["streams"],
        )

    def supply(self, catalog: Catalog) -> Supply:
        return Supply(self.cleaned_data["power_limit_w"], catalog.circuits[self.cleaned_data["circuit"]])


def machine_of(catalog: Catalog, host: str, carrier: str, card: str, gpu: str) -> Machine:
    return Machine(catalog.parts[host], catalog.carriers[carrier], catalog.parts[card], catalog.gpus[gpu])


@require_safe
@snapshot.one_state()
def scale_out_page(request: HtmxRequest) -> HttpResponse:
    """Boards, link cards and lanes on one host, and two such hosts. htmx gets the figures only."""
    catalog = snapshot.current()
    form = ScaleOutForm(request.GET, catalog)
    context: dict[str, Any] = {
        "form": form,
        "result": None,
        "refusal": "",
        "claims": claims_on("scale-out"),
        "oob": wants_partial(request),
    }
    if form.is_valid():
        try:
            context["result"] = scale_out(
                form.machine(catalog),
                form.task(catalog),
                form.supply(catalog),
                form.cleaned_data["boards"],
                known=catalog.sources,
                links=networks(),
                guide=guide_rows(),
                guide_machine=machine_of(catalog, *GUIDE_MACHINE),
            )
        except CannotEstimate as refused:
            context["refusal"] = str(refused)
    return page_or_partial(request, "configurator/scale_out.html", "figures", context)
