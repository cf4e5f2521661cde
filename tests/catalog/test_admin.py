from collections.abc import Callable

import pytest
from django.test import Client

from catalog.models import CatalogRevision, LanguageModel, Part

pytestmark = pytest.mark.usefixtures("empty_catalog")

AddPart = Callable[..., Part]


def _form(part: Part, **changed: str) -> dict[str, str]:
    return {
        "slug": part.slug,
        "name": part.name,
        "summary": part.summary,
        "kind": part.kind,
        "sources": '{"s": {"title": "T", "href": "", "checked_on": "2026-11-23", "confidence": "guide"}}',
        "figures": '{"length_mm": {"value": 500, "unit": "mm", "source": "s"}}',
        "search": "{}",
        "buy": "[]",
        **changed,
    }


def test_saving_and_deleting_a_row_makes_a_new_revision(admin_client: Client, add_part: AddPart) -> None:
    part = add_part("cable", length_mm=(750, "mm"))
    address = f"/admin/catalog/part/{part.pk}/"
    assert admin_client.post(f"{address}change/", _form(part)).status_code == 302
    assert Part.objects.get().values() == {"length_mm": 500}
    assert CatalogRevision.objects.get().number == 1
    assert admin_client.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert CatalogRevision.objects.get().number == 2


def test_deleting_many_rows_makes_a_new_revision(admin_client: Client, add_part: AddPart) -> None:
    rows = [add_part("cable").pk, add_part("other-cable").pk]
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    assert admin_client.post("/admin/catalog/part/", chosen).status_code == 302
    assert not Part.objects.exists()
    assert CatalogRevision.objects.get().number == 1


def test_a_wrong_figure_is_refused_beside_its_field(admin_client: Client, add_part: AddPart) -> None:
    part = add_part("cable", length_mm=(750, "mm"))
    wrong = '{"length_mm": {"value": 500, "unit": "cm", "source": "s"}}'
    response = admin_client.post(f"/admin/catalog/part/{part.pk}/change/", _form(part, figures=wrong))
    assert response.status_code == 200
    assert "length_mm has unit &#x27;cm&#x27;, allowed: mm" in response.content.decode()
    assert not CatalogRevision.objects.exists()


def test_columns_for_filters_follow_the_figures(admin_client: Client, add_model: Callable[..., LanguageModel]) -> None:
    model = add_model("llama-3.1-8b")
    address = f"/admin/catalog/languagemodel/{model.pk}/change/"
    page = admin_client.get(address)
    form = page.context["adminform"].form
    figures = form["figures"].value()
    assert '\n  "n_layers": {\n' in figures
    admin_client.post(
        address,
        {
            "slug": model.slug,
            "name": model.name,
            "summary": model.summary,
            "sources": form["sources"].value(),
            "figures": figures.replace("8030261248", "8030261249"),
        },
    )
    assert LanguageModel.objects.get().params_total == 8030261249


@pytest.mark.parametrize("table", ["part", "languagemodel", "circuit", "preset"])
def test_every_table_has_a_list_and_a_search(admin_client: Client, table: str) -> None:
    assert admin_client.get(f"/admin/catalog/{table}/?q=v100").status_code == 200
