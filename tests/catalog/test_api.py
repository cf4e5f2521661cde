from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Circuit, LanguageModel, Part

pytestmark = pytest.mark.usefixtures("empty_catalog")

AddPart = Callable[..., Part]
AddModel = Callable[..., LanguageModel]

READ_OUT = {"title": "A read-out", "href": "", "checked_on": "2026-11-23", "confidence": "measured"}


def _get(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1{address}")
    assert response.status_code == status
    return response.json()


def test_parts_are_listed_and_filtered(client: Client, add_part: AddPart) -> None:
    add_part("cable-75cm")
    add_part("taq-board", kind="carrier", socket=("sxm2", "name"), sockets=(4, "count"))
    assert [part["slug"] for part in _get(client, "/parts")] == ["taq-board", "cable-75cm"]
    (board,) = _get(client, "/parts?kind=carrier&form_factor=sxm2&q=board")
    assert (board["sockets"], board["memory_mib"], board["comparator"]) == (4, None, False)


def test_a_part_has_its_figures_with_unit_and_source(client: Client, add_part: AddPart) -> None:
    add_part("cable-75cm", length_mm=(750, "mm"), weight_kg=(None, "kg"), imported=(True, "flag"))
    part = _get(client, "/parts/cable-75cm")
    assert part["figures"]["length_mm"] == {
        "value": 750,
        "unit": "mm",
        "label": "Length",
        "note": "",
        "source": READ_OUT,
    }
    assert part["figures"]["weight_kg"]["value"] is None
    assert part["figures"]["imported"]["value"] is True
    assert part["search"] == {"english": [], "chinese": []}


def test_a_link_matrix_is_given_as_rows(client: Client, add_part: AddPart) -> None:
    add_part("board", kind="carrier", links=([[0, 6], [6, 0]], "matrix"))
    assert _get(client, "/parts/board")["figures"]["links"]["value"] == [[0, 6], [6, 0]]


def test_models_are_listed_filtered_and_shown(client: Client, add_model: AddModel) -> None:
    add_model("llama-3.1-8b")
    add_model("unpublished", params_total=None, refusal="Never published.")
    assert [model["slug"] for model in _get(client, "/models?max_params_b=9")] == ["llama-3.1-8b"]
    model = _get(client, "/models/llama-3.1-8b")
    assert model["params_total"] == 8030261248
    assert model["figures"]["n_layers"] == {
        "value": 32,
        "unit": "count",
        "label": "Layers",
        "note": "",
        "source": READ_OUT,
    }


def test_circuits_say_what_they_carry(client: Client) -> None:
    values = {
        "country": ("US", "code"),
        "voltage_v": (120, "V"),
        "breaker_a": (15, "A"),
        "continuous_fraction": (0.8, "fraction"),
        "phases": (1, "count"),
        "socket": ("NEMA 5-15", "name"),
    }
    figures = {name: {"value": value, "unit": unit, "source": "s"} for name, (value, unit) in values.items()}
    Circuit.objects.create(slug="us", name="US", summary="S.", country="US", sources={"s": READ_OUT}, figures=figures)
    (circuit,) = _get(client, "/circuits")
    assert circuit["continuous_w"] == 1440
    assert circuit["figures"]["socket"]["value"] == "NEMA 5-15"


def test_an_unknown_slug_is_answered_with_what_comes_close(client: Client, add_model: AddModel) -> None:
    add_model("llama-3.1-70b")
    error = _get(client, "/models/llama-3.1-70", 404)["error"]
    assert error["fields"] == [
        {"field": "slug", "message": "unknown model 'llama-3.1-70'; did you mean llama-3.1-70b?"}
    ]
    assert "unknown part 'x'" in _get(client, "/parts/x", 404)["error"]["message"]


@pytest.mark.parametrize(
    ("address", "field", "said"),
    [
        ("/parts?kind=toaster", "kind", "toaster"),
        ("/parts?knd=cable", "knd", "unknown key 'knd', allowed: q, kind, form_factor"),
        ("/models?max_params_b=many", "max_params_b", "Enter a number."),
        ("/models?arch_class=odd", "arch_class", "odd"),
    ],
)
def test_a_wrong_filter_is_refused_by_name(client: Client, address: str, field: str, said: str) -> None:
    error = _get(client, address, 422)["error"]
    assert [problem["field"] for problem in error["fields"]] == [field]
    assert said in error["message"]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, add_part: AddPart, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for wanted in (2, 20):
        for number in range(Part.objects.count(), wanted):
            add_part(f"cable-{number}")
        with django_assert_num_queries(1):
            assert len(_get(client, "/parts")) == wanted
