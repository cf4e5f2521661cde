"""Small catalogs to load, and rows to read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.claim_models import Claim
from catalog.models import CatalogRevision, Circuit, LanguageModel, Part, Preset

SOURCE = {"title": "A read-out", "href": "", "checked_on": "2026-11-23", "confidence": "measured"}

GPU_FILE = """\
slug: v100-sxm2-16gb
name: NVIDIA Tesla V100 SXM2 16 GB
kind: gpu
summary: The module this is about.
sources:
  smi: {title: "nvidia-smi -q", href: "", checked_on: "2026-11-23", confidence: measured}
  dell: {title: "Reference guide", href: "https://example.org/guide", checked_on: "2026-11-23", confidence: datasheet}
figures:
  architecture: {value: volta, unit: name, source: dell}
  compute_capability: {value: 7.0, unit: generation, source: dell}
  form_factor: {value: sxm2, unit: name, source: dell}
  memory_mib:
    value: 16145
    unit: MiB
    source: smi
    note: Less than 16384, as the driver keeps some.
  memory_label_gb: {value: 16, unit: GB, source: dell}
  memory_bandwidth_gb_s: {value: 900, unit: GB/s, source: dell}
  tensor_cores: {value: true, unit: flag, source: dell}
  bf16: {value: false, unit: flag, source: dell}
  default_power_w: {value: 300, unit: W, source: smi}
  idle_power_w: {value: null, unit: W, source: smi}
  nvlink_links: {value: 6, unit: count, source: dell}
  passive: {value: true, unit: flag, source: dell}
  origin_country: {value: "CN", unit: code, source: smi}
search: {english: ["V100 SXM2 16GB"], chinese: ["V100 SXM2 16G"]}
buy: [{label: eBay search, href: "https://www.ebay.com/sch/i.html?_nkw=V100"}]
"""

CABLE_FILE = """\
slug: sff-8654-8i-cable-75cm
name: SFF-8654 8i cable, 75 cm
kind: cable
summary: Joins a board to its link card.
sources:
  guide: {title: "Guide", href: "", checked_on: "2026-11-23", confidence: guide}
figures:
  length_mm: {value: 750, unit: mm, source: guide}
"""

PRESET_FILE = """\
slug: guide-starter
name: The starter
summary: As the guide has it.
total_usd: "175"
sources:
  guide: {title: "Guide", href: "", checked_on: "2026-11-23", confidence: guide}
lines:
  - {part: v100-sxm2-16gb, quantity: 1, unit_usd: "99", label: One module}
  - {part: sff-8654-8i-cable-75cm, quantity: 4, unit_usd: "19", label: Cables}
query: {gpu: v100-sxm2-16gb, gpu_count: 1}
verdicts:
  - {claim: C160, text: The sum holds.}
"""

CLAIMS_FILE = """\
section: "17"
sources:
  sum: {title: "Arithmetic", href: "", checked_on: "2026-11-23", confidence: computed}
claims:
  - number: C160
    name: Supply of configuration 1
    guide: "850W+ recommended"
    verdict: wrong
    holds: 1,600 W and more.
    sources: [sum]
    parts: [v100-sxm2-16gb]
    computes:
      - what: Load
        figure: supply_load
        query: {gpu: v100-sxm2-16gb, gpu_count: 4}
"""


@pytest.fixture
def empty_catalog(db: None) -> None:
    """Nothing loaded, for the length of one test."""
    for table in (Part, Circuit, LanguageModel, Preset, Claim, CatalogRevision):
        table.objects.all().delete()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A sound catalog of a module, a cable and a preset, as files."""
    folder = tmp_path / "catalog" / "data"
    for name, text in {
        "gpus/v100-sxm2-16gb.yaml": GPU_FILE,
        "parts/sff-8654-8i-cable-75cm.yaml": CABLE_FILE,
        "presets/guide-starter.yaml": PRESET_FILE,
        "claims/17-configurations.yaml": CLAIMS_FILE,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def change(data_dir: Path) -> Callable[[str, str, str], None]:
    """Replace a text that stands once in one of the files."""

    def replace(name: str, old: str, new: str) -> None:
        path = data_dir / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


def _figures(values: dict[str, tuple[Any, str]]) -> dict[str, dict[str, Any]]:
    return {name: {"value": value, "unit": unit, "source": "s"} for name, (value, unit) in values.items()}


@pytest.fixture
def gpu_values() -> dict[str, Any]:
    """A V100 SXM2 16 GB as plain figure values."""
    return {
        "architecture": "volta",
        "compute_capability": 7.0,
        "form_factor": "sxm2",
        "memory_mib": 16145,
        "memory_label_gb": 16,
        "memory_bandwidth_gb_s": 900,
        "tensor_cores": True,
        "bf16": False,
        "default_power_w": 300,
        "power_limit_min_w": 150,
        "power_limit_max_w": 300,
        "nvlink_links": 6,
        "nvlink_gb_s_per_link": 25,
        "passive": True,
    }


@pytest.fixture
def llama_values() -> dict[str, Any]:
    """Llama 3.1 8B as plain figure values, from its config.json."""
    return {
        "hf_repo": "meta-llama/Llama-3.1-8B-Instruct",
        "architecture": "LlamaForCausalLM",
        "arch_class": "dense",
        "n_layers": 32,
        "hidden_size": 4096,
        "n_heads": 32,
        "n_kv_heads": 8,
        "head_dim": 128,
        "intermediate_size": 14336,
        "vocab_size": 128256,
        "tie_embeddings": False,
        "max_context_tokens": 131072,
        "mtp_layers": 0,
        "params_total": 8030261248,
        "params_active": 7504924672,
    }


@pytest.fixture
def add_part(empty_catalog: None) -> Callable[..., Part]:
    """Put a part into the database; it needs no figures unless it is a GPU or carrier."""

    def add(slug: str, *, kind: str = "cable", name: str = "", **figures: tuple[Any, str]) -> Part:
        part = Part(
            slug=slug, name=name or slug, kind=kind, summary="A part.", sources={"s": SOURCE}, figures=_figures(figures)
        )
        part.copy_figures_to_columns()
        part.save()
        return part

    return add


@pytest.fixture
def add_model(empty_catalog: None, llama_values: dict[str, Any]) -> Callable[..., LanguageModel]:
    """Put a language model into the database: Llama 3.1 8B, but for the figures given."""
    units = {"max_context_tokens": "tokens", "tie_embeddings": "flag"}
    names = ("hf_repo", "architecture", "arch_class", "refusal")

    def add(slug: str, *, name: str = "", **changed: Any) -> LanguageModel:
        values = llama_values | changed
        model = LanguageModel(
            slug=slug,
            name=name or slug,
            summary="A model.",
            sources={"s": SOURCE},
            figures=_figures(
                {
                    figure: (value, "name" if figure in names else units.get(figure, "count"))
                    for figure, value in values.items()
                }
            ),
        )
        model.copy_figures_to_columns()
        model.save()
        return model

    return add
