"""The catalog's own data files as specs, without a database."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.figures import carrier_spec, circuit_spec, gpu_spec, model_spec, part_spec
from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, ModelSpec, PartSpec

DATA = Path(__file__).parents[3] / "catalog" / "data"


def _read(folder: str, slug: str) -> tuple[dict[str, Any], dict[str, Any]]:
    item = yaml.safe_load((DATA / folder / f"{slug}.yaml").read_text())
    return item, {name: figure["value"] for name, figure in item["figures"].items()}


@cache
def gpu(slug: str = "v100-sxm2-16gb") -> GpuSpec:
    item, values = _read("gpus" if (DATA / "gpus" / f"{slug}.yaml").exists() else "alternatives", slug)
    return gpu_spec(slug, item["name"], values)


@cache
def carrier(slug: str) -> CarrierSpec:
    item, values = _read("carriers", slug)
    return carrier_spec(slug, item["name"], values)


@cache
def part(slug: str) -> PartSpec:
    item, values = _read("parts", slug)
    return part_spec(slug, item["name"], item["kind"], values)


@cache
def circuit(slug: str) -> CircuitSpec:
    item, values = _read("circuits", slug)
    return circuit_spec(slug, item["name"], values)


@cache
def model(slug: str) -> ModelSpec:
    item, values = _read("models", slug)
    return model_spec(slug, item["name"], values)
