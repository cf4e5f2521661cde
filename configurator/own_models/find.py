"""The specs of models people added, kept in the process: a row never changes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from catalog.hf_config import UnsupportedConfig, model_spec_from_config
from catalog.snapshot import Catalog, UnknownSlug
from catalog.specs import ModelSpec
from configurator.models import OwnModel
from configurator.own_models.gguf import GgufError, GgufHead, checked_tensor
from configurator.own_models.gguf_model import model_spec_from_gguf

_NOTHING = ModelSpec(
    slug="", name="", hf_repo="", architecture="", arch_class="dense", n_layers=0, hidden_size=0, n_heads=0,
    n_kv_heads=0, head_dim=0, intermediate_size=0, vocab_size=0, tie_embeddings=False, max_context_tokens=None,
    mtp_layers=0, params_total=0, params_active=None, moe=None, mla=None, linear=None, window=None, refusal="",
)  # fmt: skip


def find_model(catalog: Catalog, slug: str) -> ModelSpec:
    """The model of a slug, in the catalog or added by somebody. Raises UnknownSlug."""
    if not slug.startswith(OwnModel.PREFIX):
        spec: ModelSpec = catalog.find("models", slug)
        return spec
    return _own_spec(slug)


@lru_cache(maxsize=64)
def _own_spec(slug: str) -> ModelSpec:
    row = OwnModel.objects.named(slug)
    if row is None:
        raise UnknownSlug("model", slug, ())
    return spec_of(row)


def spec_of(row: OwnModel) -> ModelSpec:
    """The model a row describes; one that this version of the program no longer understands has a refusal."""
    try:
        if row.kind == "config":
            spec = model_spec_from_config(row.content["config"], row.slug)
        else:
            spec = model_spec_from_gguf(_head(row.content), row.slug, row.name)
    except (UnsupportedConfig, GgufError) as refused:
        spec = replace(_NOTHING, slug=row.slug, refusal=str(refused))
    return replace(spec, name=row.name, hf_repo=row.repository)


def _head(content: dict[str, Any]) -> GgufHead:
    metadata = {key: tuple(value) if isinstance(value, list) else value for key, value in content["metadata"].items()}
    tensors: Sequence[Any] = content["tensors"]
    return GgufHead(metadata, {}, tuple(checked_tensor(name, shape, kind) for name, shape, kind in tensors))
