"""The files under catalog/data/models, each read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.figures import model_spec
from catalog.specs import ModelSpec

MODELS = Path(__file__).resolve().parents[2] / "catalog" / "data" / "models"
SLUGS = sorted(path.stem for path in MODELS.glob("*.yaml"))
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def model_file(slug: str) -> dict[str, Any]:
    written: dict[str, Any] = yaml.load((MODELS / f"{slug}.yaml").read_text(), Loader=LOADER)  # noqa: S506
    return written


@cache
def catalog_model(slug: str) -> ModelSpec:
    item = model_file(slug)
    return model_spec(slug, item["name"], {name: figure["value"] for name, figure in item["figures"].items()})
