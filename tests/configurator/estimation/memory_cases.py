"""Reference cases of the memory tests (cases/memory_plan.json says where they come from), and small builders."""

import json
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from catalog.specs import GpuSpec, LinearAttentionSpec, MlaSpec, ModelSpec, MoeSpec, WindowSpec
from configurator.estimation.types import Build

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "cases" / "memory_plan.json").read_text())

_LINEAR_FIELDS = [field.name for field in fields(LinearAttentionSpec)]


@cache
def model(slug: str) -> ModelSpec:
    """The architecture of that slug."""
    figures = dict(CASES["models"][slug])
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
    gpu = GpuSpec(
        slug="gpu",
        name="GPU",
        architecture=architecture,
        compute_capability=7.0,
        form_factor="sxm2",
        memory_mib=memory_mib,
        memory_label_gb=memory_mib // 1000,
        memory_bandwidth_gb_s=900.0,
        fp16_tflops=125.0,
        tensor_cores=True,
        bf16=False,
        default_power_w=300,
        power_limit_min_w=150,
        power_limit_max_w=300,
        idle_power_w=41.0,
        nvlink_links=6,
        nvlink_gb_s_per_link=25.0,
        heatsink_pitch_mm=32.0,
        input_rail_v=12,
        passive=True,
    )
    return Build(gpu=gpu, gpu_count=gpu_count, carrier=None, carrier_count=1)
