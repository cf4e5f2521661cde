"""Builds to start from: what a first visit shows, and a sensible machine around one part or one model."""

from collections.abc import Mapping
from math import ceil

from catalog.snapshot import Catalog
from catalog.specs import CarrierSpec, GpuSpec
from configurator.estimation.runtimes import DEVICES_MAX
from configurator.search.machines import PORTS_A_CARD

STARTING_MODEL: Mapping[str, str] = {"model": "llama-3.3-70b", "quant": "Q4_K_M"}

# A quad board beside a PC that is there already, with all the guide leaves out. 160 W a module is what the board's
# two power inputs carry.
STARTING_MACHINE: Mapping[str, str] = {
    "gpu": "v100-sxm2-16gb",
    "gpu_count": "4",
    "carrier": "quad-board-taq-sxm2-4p5a5",
    "carrier_count": "1",
    "io_card": "plx8749-card",
    "io_card_count": "1",
    "cable": "sff-8654-8i-cable-75cm",
    "cable_count": "4",
    "cooler": "heatsink-a100-passive",
    "cooler_count": "4",
    "fan": "fan-120mm",
    "fan_count": "4",
    "psu": "psu-atx-1600w",
    "psu_count": "1",
    "frame": "frame-mining-open",
    "frame_count": "1",
    "host": "existing-pc",
    "host_count": "1",
    "power_limit_w": "160",
}
MODULE_FOR_SOCKET = {"sxm2": "v100-sxm2-16gb", "sxm3": "v100-sxm3-32gb", "pcie": "v100-pcie-32gb"}
SERVER_FOR_SOCKET = {"sxm3": "server-9029gp-tnvrt"}
# More than llama.cpp takes, on more than one circuit carries.
SIXTEEN_GPUS = {
    "runtime": "1cat-vllm",
    "quant": "AWQ",
    "tensor_parallel": "8",
    "circuit": "us-240v-50a",
    "circuit_count": "2",
}


def machine_with(slug: str, catalog: Catalog) -> dict[str, str]:
    """Settings of a whole machine around one GPU or one board or server.

    Raises:
        UnknownSlug: where the slug is neither.
    """
    if slug in catalog.gpus:
        return _around_gpu(catalog.gpus[slug], catalog)
    return _around_carrier(catalog.find("carriers", slug), MODULE_FOR_SOCKET)


def _around_gpu(gpu: GpuSpec, catalog: Catalog) -> dict[str, str]:
    if gpu.form_factor == "sxm2":
        return {**STARTING_MODEL, **STARTING_MACHINE, "gpu": gpu.slug}
    if gpu.form_factor in SERVER_FOR_SOCKET:
        server = catalog.carriers[SERVER_FOR_SOCKET[gpu.form_factor]]
        return _around_carrier(server, {server.socket: gpu.slug})
    card = {"model": "llama-3.1-8b", "gpu": gpu.slug, "host": "existing-pc", "psu": "psu-atx-850w"}
    return {**card, "fan": "fan-120mm"} if gpu.passive else card


def _around_carrier(carrier: CarrierSpec, modules: Mapping[str, str]) -> dict[str, str]:
    gpu = modules[carrier.socket]
    sockets = str(carrier.sockets)
    if carrier.has_host:
        server = {**STARTING_MODEL, "gpu": gpu, "gpu_count": sockets, "carrier": carrier.slug, "circuit": "us-240v-30a"}
        return server | SIXTEEN_GPUS if carrier.sockets > DEVICES_MAX else server
    around = {**STARTING_MODEL, **STARTING_MACHINE, "gpu": gpu, "gpu_count": sockets, "carrier": carrier.slug}
    for slot in ("cooler", "fan"):
        around[f"{slot}_count"] = sockets
    if carrier.host_connectors:
        around["cable_count"] = str(carrier.host_connectors)
        around["io_card_count"] = str(ceil(carrier.host_connectors / PORTS_A_CARD))
    else:
        for key in ("cable", "cable_count", "io_card", "io_card_count"):
            del around[key]
    if carrier.sockets < 4:
        around["model"] = "llama-3.1-8b" if carrier.sockets == 1 else "qwen3-32b"
    return around
