import dataclasses
import types
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.figures import (
    FigureError,
    carrier_spec,
    check_figure,
    circuit_spec,
    gpu_spec,
    model_spec,
    part_spec,
    sourced_figures,
)
from catalog.provenance import Confidence
from catalog.specs import (
    CarrierSpec,
    CircuitSpec,
    GpuSpec,
    LinearAttentionSpec,
    MlaSpec,
    ModelSpec,
    MoeSpec,
    WindowSpec,
)
from catalog.vocabulary import FIGURES, KINDS, PART_KINDS, FigureDefinition, Unit

# nvidia-smi topo -m of an 8-GPU V100 server with a hybrid cube mesh: two meshed quads, row sums of six.
HYBRID_CUBE_MESH = [
    [0, 1, 2, 1, 0, 0, 0, 2],
    [1, 0, 1, 2, 0, 0, 2, 0],
    [2, 1, 0, 2, 0, 1, 0, 0],
    [1, 2, 2, 0, 1, 0, 0, 0],
    [0, 0, 0, 1, 0, 2, 2, 1],
    [0, 0, 1, 0, 2, 0, 1, 2],
    [0, 2, 0, 0, 2, 1, 0, 1],
    [2, 0, 0, 0, 1, 2, 1, 0],
]

CARRIER = {
    "kind": "server",
    "socket": "sxm2",
    "sockets": 8,
    "topology": "hybrid-cube-mesh",
    "links": HYBRID_CUBE_MESH,
    "links_verified": True,
    "has_host": True,
    "external_12v": False,
    "instruction_set": "x86_64",
    "needs_fabric_manager": False,
    "vendor": "NVIDIA",
}


def _spec_fields() -> list[tuple[str, str, Any]]:
    """(kind, figure, annotation) of every field of every spec that is a figure."""
    specs = [
        ("gpu", "", GpuSpec),
        ("carrier", "", CarrierSpec),
        ("circuit", "", CircuitSpec),
        ("model", "", ModelSpec),
        ("model", "moe_", MoeSpec),
        ("model", "mla_", MlaSpec),
        ("model", "linear_", LinearAttentionSpec),
        ("model", "window_", WindowSpec),
    ]
    found = []
    for kind, prefix, spec in specs:
        hints = typing.get_type_hints(spec)
        for field in dataclasses.fields(spec):
            if field.name in ("slug", "name") or (
                spec is ModelSpec and field.name in ("moe", "mla", "linear", "window", "file", "checkpoint")
            ):
                continue
            name = field.name if field.name.startswith(prefix) else prefix + field.name
            found.append((kind, name, hints[field.name]))
    return found


@pytest.mark.parametrize(("kind", "figure", "annotation"), _spec_fields())
def test_every_field_of_a_spec_is_a_figure_of_its_type(kind: str, figure: str, annotation: Any) -> None:
    optional = isinstance(annotation, types.UnionType)
    plain = next(arg for arg in typing.get_args(annotation) if arg is not type(None)) if optional else annotation
    definition = FIGURES[kind][figure]
    assert definition.type is (typing.get_origin(plain) or plain)
    assert definition.required is not optional


def test_no_gpu_carrier_circuit_or_model_figure_is_without_a_field() -> None:
    known = {(kind, figure) for kind, figure, _ in _spec_fields()}
    trade = {"weight_kg", "hts_code", "origin_country", "imported"}
    for kind in ("gpu", "carrier", "circuit", "model"):
        assert {figure for figure in FIGURES[kind] if (kind, figure) not in known} <= trade


def test_every_kind_has_figures_and_every_part_can_be_weighed_and_declared() -> None:
    assert set(FIGURES) == set(KINDS)
    for kind in PART_KINDS:
        assert {"weight_kg", "hts_code", "origin_country", "imported"} <= set(FIGURES[kind])


@pytest.mark.parametrize(
    ("kind", "name", "value", "unit", "key", "said"),
    [
        ("gpu", "memory_mib", 16145, "GB", "unit", "memory_mib has unit 'GB', allowed: MiB"),
        ("gpu", "memory_mib", 16145, None, "unit", "memory_mib has unit None, allowed: MiB"),
        ("gpu", "memory_mib", "16145", "MiB", "value", "memory_mib is '16145', allowed: a whole number"),
        ("gpu", "memory_mib", 16145.5, "MiB", "value", "allowed: a whole number"),
        ("gpu", "memory_mib", True, "MiB", "value", "allowed: a whole number"),
        ("gpu", "memory_mib", 0, "MiB", "value", "allowed: a number above zero"),
        ("gpu", "memory_bandwidth_gb_s", float("inf"), "GB/s", "value", "allowed: a finite number"),
        ("gpu", "nvlink_links", -1, "count", "value", "allowed: zero or more"),
        ("gpu", "bf16", "no", "flag", "value", "allowed: true or false"),
        ("gpu", "form_factor", "sxm5", "name", "value", "allowed: sxm2, sxm3, sxm4, pcie, apu"),
        ("gpu", "origin_country", False, "code", "value", "allowed: text (in quotes)"),
        ("circuit", "continuous_fraction", 80, "fraction", "value", "allowed: 0 to 1"),
        ("psu", "efficiency_percent", 940, "percent", "value", "allowed: 0 to 100"),
        ("carrier", "links", [[0, "2"], [2, 0]], "matrix", "value", "allowed: a list of rows of whole numbers"),
        ("gpu", "colour", "green", "name", "", "unknown figure 'colour' for kind gpu"),
        ("toaster", "power_w", 900, "W", "", "unknown kind 'toaster', allowed: gpu, carrier"),
    ],
)
def test_a_wrong_figure_is_refused_in_a_sentence(
    kind: str, name: str, value: object, unit: object, key: str, said: str
) -> None:
    with pytest.raises(FigureError) as refused:
        check_figure(kind, name, value, unit)
    assert said in str(refused.value)
    assert (refused.value.figure, refused.value.key) == (name, key)


def test_a_figure_may_be_explicitly_not_known() -> None:
    check_figure("gpu", "idle_power_w", None, "W")


def test_gpu_figures_become_a_gpu(gpu_values: dict[str, Any]) -> None:
    gpu = gpu_spec("v100-sxm2-16gb", "V100", gpu_values | {"idle_power_w": None, "weight_kg": 0.5})
    assert gpu.memory_mib == 16145
    assert isinstance(gpu.memory_bandwidth_gb_s, float)
    assert gpu.idle_power_w is None
    assert gpu.fp16_tflops is None


def test_a_gpu_without_a_required_figure_is_refused(gpu_values: dict[str, Any]) -> None:
    del gpu_values["memory_mib"]
    with pytest.raises(FigureError, match="memory_mib is not known, but every gpu needs it"):
        gpu_spec("x", "X", gpu_values)


def test_the_hybrid_cube_mesh_is_a_carrier() -> None:
    carrier = carrier_spec("server-dgx-1v", "DGX-1V", CARRIER)
    assert [sum(row) for row in carrier.links] == [6] * 8
    assert carrier.psu_count is None


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([[0, 2], [2, 0]], "one row and one column for each of 8 sockets"),
        ([row[:7] for row in HYBRID_CUBE_MESH], "one row and one column for each of 8 sockets"),
        ([], "0 rows of nothing"),
        ([[1, *HYBRID_CUBE_MESH[0][1:]], *HYBRID_CUBE_MESH[1:]], "links[0][0] is 1, allowed: 0 on the diagonal"),
        ([[0, 2, *HYBRID_CUBE_MESH[0][2:]], *HYBRID_CUBE_MESH[1:]], "links[0][1] is 2 but links[1][0] is 1"),
        ([[0, -1, *HYBRID_CUBE_MESH[0][2:]], *HYBRID_CUBE_MESH[1:]], "links[0][1] is -1, allowed: zero or more"),
    ],
)
def test_a_link_matrix_that_cannot_be_is_refused(links: list[list[int]], said: str) -> None:
    with pytest.raises(FigureError) as refused:
        carrier_spec("x", "X", CARRIER | {"links": links})
    assert said in str(refused.value)
    assert refused.value.figure == "links"


@given(st.data(), st.integers(1, 8))
def test_every_symmetric_matrix_without_diagonal_is_taken_and_no_lopsided_one(data: st.DataObject, size: int) -> None:
    upper = data.draw(st.lists(st.integers(0, 6), min_size=size * size, max_size=size * size))
    links = [[0 if i == j else upper[min(i, j) * size + max(i, j)] for j in range(size)] for i in range(size)]
    values = CARRIER | {"sockets": size, "links": links}
    assert carrier_spec("x", "X", values).links == tuple(tuple(row) for row in links)
    if size > 1:
        links[0][1] += 1
        with pytest.raises(FigureError):
            carrier_spec("x", "X", values)


def test_a_part_keeps_what_is_known_only() -> None:
    part = part_spec("psu", "PSU", "psu", {"power_w": 850, "efficiency_percent": None, "standard": "atx"})
    assert part.figures == {"power_w": 850, "standard": "atx"}
    assert part.number("power_w") == 850
    assert part.number("efficiency_percent") is None


def test_a_carrier_as_an_order_line_leaves_its_links_to_its_spec() -> None:
    assert "links" not in part_spec("x", "X", "carrier", CARRIER).figures


def test_a_part_with_a_figure_of_another_kind_is_refused() -> None:
    with pytest.raises(FigureError, match="unknown figure 'length_mm' for kind psu"):
        part_spec("psu", "PSU", "psu", {"length_mm": 75})


def test_a_circuit_says_what_it_carries_for_hours() -> None:
    values = {
        "country": "US",
        "voltage_v": 120,
        "breaker_a": 15,
        "continuous_fraction": 0.8,
        "phases": 1,
        "socket": "NEMA 5-15",
    }
    assert circuit_spec("us-120v-15a", "US", values).continuous_w == 1440


def test_a_dense_model_has_none_of_the_groups(llama_values: dict[str, Any]) -> None:
    model = model_spec("llama-3.1-8b", "Llama 3.1 8B", llama_values)
    assert (model.moe, model.mla, model.linear, model.window) == (None, None, None, None)
    assert model.refusal is None


def test_flat_figures_fold_into_their_groups(llama_values: dict[str, Any]) -> None:
    model = model_spec(
        "x",
        "X",
        llama_values
        | {
            "moe_n_experts": 256,
            "moe_n_experts_per_token": 8,
            "moe_n_shared": 1,
            "moe_expert_intermediate_size": 2048,
            "moe_first_k_dense": 3,
            "moe_layer_frequency": 1,
            "moe_parallel_dense": False,
            "mla_kv_lora_rank": 512,
            "mla_q_lora_rank": 1536,
            "mla_qk_rope_head_dim": 64,
            "mla_qk_nope_head_dim": 128,
            "mla_v_head_dim": 128,
            "linear_kind": "gated_deltanet",
            "linear_full_attention_interval": 4,
            "window_tokens": 4096,
            "window_period": 2,
            "window_chunked": False,
        },
    )
    assert model.moe == MoeSpec(256, 8, 1, 2048, None, 3, 1, False)
    assert model.mla == MlaSpec(512, 1536, 64, 128, 128)
    assert model.linear is not None
    assert model.linear.full_attention_interval == 4
    assert model.window == WindowSpec(4096, 2, False, None, None)


def test_half_a_group_is_refused(llama_values: dict[str, Any]) -> None:
    with pytest.raises(FigureError, match="moe_n_experts_per_token is not known"):
        model_spec("x", "X", llama_values | {"moe_n_experts": 256})


def test_only_a_refused_model_may_lack_its_shape(llama_values: dict[str, Any]) -> None:
    shapeless = llama_values | {"n_layers": None}
    with pytest.raises(FigureError, match="n_layers is not known"):
        model_spec("x", "X", shapeless)
    assert model_spec("x", "X", shapeless | {"refusal": "Never published."}).refusal == "Never published."


def test_figures_are_shown_in_one_order_with_their_sources() -> None:
    sources = {"s": {"title": "T", "href": "", "checked_on": "2026-11-23", "confidence": "guide"}}
    figures: dict[str, dict[str, Any]] = {
        "weight_kg": {"value": None, "unit": "kg", "source": "s", "note": "Nobody says."},
        "length_mm": {"value": 750, "unit": "mm", "source": "s"},
    }
    length, weight = sourced_figures("cable", figures, sources)
    assert (length.name, length.label, length.value, length.unit, length.note) == ("length_mm", "Length", 750, "mm", "")
    assert (weight.value, weight.note, weight.source.confidence) == (None, "Nobody says.", Confidence.GUIDE)


def test_every_figure_has_a_label_and_a_unit_of_the_closed_set() -> None:
    for definitions in FIGURES.values():
        for definition in definitions.values():
            assert isinstance(definition, FigureDefinition)
            assert definition.label
            assert definition.unit in Unit
