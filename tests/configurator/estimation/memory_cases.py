"""Reference cases of the memory tests (cases/memory_plan.json says where they come from), and small builders."""

import json
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from catalog.specs import LinearAttentionSpec, MlaSpec, ModelSpec, MoeSpec, WindowSpec
from configurator.estimation.types import Build
from tests.configurator.estimation.builds import V100_16

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "cases" / "memory_plan.json").read_text())

HOST_CASES: dict[str, Any] = json.loads((Path(__file__).parent / "cases" / "experts_on_host.json").read_text())

_LINEAR_FIELDS = [field.name for field in fields(LinearAttentionSpec)]


@cache
def model(slug: str) -> ModelSpec:
    """The architecture of that slug."""
    figures = dict({**HOST_CASES["models"], **CASES["models"]}[slug])
    moe, mla, linear, window = (figures.pop(group, None) for group in ("moe", "mla", "linear", "window"))
    return ModelSpec(
        slug=slug,
        name=slug,
        hf_repo="",
        arch_class="",
        params_total=0,
        params_active=None,
        refusal=None,
        max_context_tokens=figures.pop("max_context_tokens", None),
        moe=MoeSpec(**{"shared_intermediate_size": None, **moe}) if moe else None,
        mla=MlaSpec(**{"q_lora_rank": None, **mla}) if mla else None,
        linear=LinearAttentionSpec(**{field: linear.get(field) for field in _LINEAR_FIELDS}) if linear else None,
        window=WindowSpec(**{"global_n_kv_heads": None, "global_head_dim": None, **window}) if window else None,
        **figures,
    )


def build(memory_mib: int = 32494, gpu_count: int = 1, architecture: str = "volta") -> Build:
    """GPUs of one kind in slots."""
    gpu = replace(V100_16, memory_mib=memory_mib, architecture=architecture)
    return Build(gpu=gpu, gpu_count=gpu_count, carrier=None, carrier_count=1)
