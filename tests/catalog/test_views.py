from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.load import load
from catalog.models import LanguageModel, Part

pytestmark = pytest.mark.usefixtures("empty_catalog")

AddPart = Callable[..., Part]
AddModel = Callable[..., LanguageModel]
HTMX = {"HX-Request": "true"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def _slugs(client: Client, address: str) -> list[str]:
    context = client.get(address).context
    return [row.slug for row in context.get("parts") or context.get("models") or []]


@pytest.fixture
def parts(add_part: AddPart) -> None:
    add_part("taq-board", kind="carrier", name="Quad board", **_BOARD)
    add_part("cable-75cm", name="SFF-8654 cable", length_mm=(750, "mm"))
    add_part("cable-50cm", name="SFF-8654 cable", length_mm=(500, "mm"))


_BOARD = {"socket": ("sxm2", "name"), "sockets": (4, "count")}


@pytest.fixture
def models(add_model: AddModel) -> None:
    add_model("llama-3.1-8b", name="Llama 3.1 8B")
    add_model("deepseek-v3", name="DeepSeek V3", arch_class="mla_moe", params_total=671026419200)
    add_model("unpublished", name="Unpublished", params_total=None, n_layers=None, refusal="Never published.")


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["taq-board", "cable-50cm", "cable-75cm"]),
        ("kind=cable", ["cable-50cm", "cable-75cm"]),
        ("form_factor=sxm2", ["taq-board"]),
        ("q=sff+75cm", ["cable-75cm"]),
        ("kind=cable&q=quad", []),
        ("page=3", ["taq-board", "cable-50cm", "cable-75cm"]),
    ],
)
def test_parts_are_filtered(client: Client, query: str, slugs: list[str]) -> None:
    assert _slugs(client, f"/parts/?{query}") == slugs


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["deepseek-v3", "llama-3.1-8b", "unpublished"]),
        ("arch_class=mla_moe", ["deepseek-v3"]),
        ("max_params_b=8.1", ["llama-3.1-8b"]),
        ("max_params_b=8", []),
        ("q=llama", ["llama-3.1-8b"]),
    ],
)
def test_models_are_filtered(client: Client, query: str, slugs: list[str]) -> None:
    assert _slugs(client, f"/models/?{query}") == slugs


@pytest.mark.usefixtures("parts", "models")
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/parts/?kind=toaster", "kind"),
        ("/parts/?form_factor=sxm9", "form_factor"),
        ("/parts/?q=" + "x" * 101, "q"),
        ("/parts/?q=%00", "q"),
        ("/models/?arch_class=odd", "arch_class"),
        ("/models/?max_params_b=many", "max_params_b"),
        ("/models/?max_params_b=-1", "max_params_b"),
        ("/models/?max_params_b=1e999", "max_params_b"),
        ("/models/?max_params_b=NaN", "max_params_b"),
    ],
)
def test_a_wrong_filter_lists_nothing_and_says_why(client: Client, address: str, field: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert _slugs(client, address) == []


@pytest.mark.usefixtures("parts", "models")
@pytest.mark.parametrize("address", ["/parts/", "/models/"])
def test_htmx_gets_the_results_only_and_history_the_page(client: Client, address: str) -> None:
    page = client.get(address)
    results = client.get(address, headers=HTMX)
    restored = client.get(address, headers=RESTORE)
    assert "</html>" in page.content.decode()
    assert "</html>" not in results.content.decode()
    assert "</html>" in restored.content.decode()
    for response in (page, results, restored):
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(response["Vary"].split(", "))


@pytest.mark.usefixtures("parts")
def test_the_whole_count_stands_beside_what_was_found(client: Client) -> None:
    context = client.get("/parts/?kind=cable").context
    assert (len(context["parts"]), context["total"]) == (2, 3)


@pytest.mark.usefixtures("parts")
def test_a_part_has_a_page_with_figures_and_sources(client: Client) -> None:
    response = client.get(reverse("catalog:part_detail", args=["cable-75cm"]))
    assert [figure.label for figure in response.context["figures"]] == ["Length"]
    assert [source.title for source in response.context["sources"]] == ["A read-out"]
    page = response.content.decode()
    assert "SFF-8654 cable" in page
    assert "Length" in page
    assert "A read-out" in page


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("slug", ["llama-3.1-8b", "deepseek-v3", "unpublished"])
def test_a_model_has_a_page_with_figures_sources_and_spec(client: Client, slug: str) -> None:
    response = client.get(reverse("catalog:model_detail", args=[slug]))
    assert response.status_code == 200
    assert response.context["spec"].slug == slug
    assert response.context["model"].name in response.content.decode()
    assert len(response.context["figures"]) >= 15


@pytest.mark.usefixtures("models", "parts")
@pytest.mark.parametrize(
    "address",
    [
        "/parts/cable-75/",
        "/models/llama-3.1-70b/",
        "/parts/a%00b/",
        "/parts/%F0%9F%90%8C/",
    ],
)
def test_an_unknown_slug_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("address", ["/parts/", "/models/", "/models/llama-3.1-8b/"])
def test_pages_are_for_reading(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, add_part: AddPart, add_model: AddModel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for wanted in (2, 20):
        for number in range(Part.objects.count(), wanted):
            add_part(f"cable-{number}", length_mm=(number, "mm"))
            add_model(f"model-{number}")
        for address in ("/parts/", "/models/"):
            with django_assert_num_queries(2):
                assert len(_slugs(client, address)) == wanted
        for address, queries in (("/parts/cable-0/", 2), ("/models/model-0/", 1)):  # a part's claims beside it
            with django_assert_num_queries(queries):
                client.get(address)


def test_every_page_of_the_shipped_catalog_can_be_shown(client: Client) -> None:
    load()
    parts = [f"/parts/{slug}/" for slug in Part.objects.values_list("slug", flat=True)]
    models = [f"/models/{slug}/" for slug in LanguageModel.objects.values_list("slug", flat=True)]
    assert parts
    assert models
    failed = [page for page in ("/parts/", "/models/", *parts, *models) if client.get(page).status_code != 200]
    assert not failed
