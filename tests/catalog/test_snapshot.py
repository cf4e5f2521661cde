from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog import snapshot
from catalog.models import CatalogRevision, LanguageModel, Part
from catalog.snapshot import UnknownSlug

pytestmark = pytest.mark.usefixtures("empty_catalog")

AddPart = Callable[..., Part]
AddModel = Callable[..., LanguageModel]


def test_an_unchanged_catalog_costs_one_query(
    add_part: AddPart, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_part("cable", length_mm=(750, "mm"))
    CatalogRevision.objects.bump()
    first = snapshot.current()
    with django_assert_num_queries(1):
        again = snapshot.current()
    assert again is first


def test_within_one_state_the_catalog_is_asked_once(
    add_part: AddPart, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_part("cable")
    CatalogRevision.objects.bump()
    snapshot.current()
    with django_assert_num_queries(1), snapshot.one_state():
        before = snapshot.current()
        snapshot.current()
    CatalogRevision.objects.bump()
    assert snapshot.current() is not before


def test_a_change_within_one_state_is_seen_after_it(add_part: AddPart) -> None:
    CatalogRevision.objects.bump()
    with snapshot.one_state():
        before = snapshot.current()
        add_part("cable")
        CatalogRevision.objects.bump()
        assert snapshot.current() is before
    assert len(snapshot.current().parts) == len(before.parts) + 1


def test_a_new_revision_is_read(add_part: AddPart) -> None:
    add_part("cable")
    CatalogRevision.objects.bump()
    assert set(snapshot.current().parts) == {"cable"}
    add_part("fan", kind="fan")
    assert set(snapshot.current().parts) == {"cable"}
    CatalogRevision.objects.bump()
    assert set(snapshot.current().parts) == {"cable", "fan"}


def test_another_database_with_the_same_number_is_read_too(add_part: AddPart) -> None:
    CatalogRevision.objects.bump()
    snapshot.current()
    CatalogRevision.objects.all().delete()
    add_part("cable")
    CatalogRevision.objects.bump()
    assert CatalogRevision.objects.get().number == 1
    assert set(snapshot.current().parts) == {"cable"}


def test_before_the_first_load_the_catalog_is_empty_and_not_kept(add_part: AddPart) -> None:
    assert snapshot.current().parts == {}
    add_part("cable")
    assert set(snapshot.current().parts) == {"cable"}


def test_every_part_is_a_line_with_its_sources(add_part: AddPart, add_model: AddModel) -> None:
    add_part("cable", length_mm=(750, "mm"), weight_kg=(None, "kg"))
    add_model("llama-3.1-8b")
    catalog = snapshot.current()
    assert catalog.parts["cable"].figures == {"length_mm": 750}
    assert catalog.sources["cable"]["weight_kg"].title == "A read-out"
    assert catalog.models["llama-3.1-8b"].n_layers == 32
    assert "n_layers" in catalog.sources["llama-3.1-8b"]


def test_lists_to_choose_from_are_by_kind(add_part: AddPart, add_model: AddModel) -> None:
    add_part("plx", kind="io-card", name="PLX8749 card")
    add_part("cable")
    add_model("llama-3.1-8b", name="Llama 3.1 8B")
    catalog = snapshot.current()
    assert catalog.names_for("io_card") == catalog.names_for("io-card") == (("plx", "PLX8749 card"),)
    assert catalog.names_for("model") == (("llama-3.1-8b", "Llama 3.1 8B"),)
    assert catalog.names_for("circuit") == ()


def test_an_unknown_slug_is_answered_with_what_comes_close(add_model: AddModel) -> None:
    add_model("llama-3.1-70b")
    with pytest.raises(UnknownSlug) as unknown:
        snapshot.current().find("models", "llama-3.1-70")
    assert str(unknown.value) == "unknown model 'llama-3.1-70'; did you mean llama-3.1-70b?"
    assert unknown.value.close == ("llama-3.1-70b",)


def test_where_nothing_comes_close_a_short_list_is_given() -> None:
    assert str(UnknownSlug("circuit", "zzz", ["us-120v-15a", "eu-230v-16a"])) == (
        "unknown circuit 'zzz'; allowed: eu-230v-16a, us-120v-15a"
    )
    assert str(UnknownSlug("model", "zzz", [f"m{n}" for n in range(100)])) == (
        "unknown model 'zzz'; allowed is one of the 100 in the catalog, for example m0, m1, m10"
    )


def test_a_very_long_slug_is_not_said_back_in_full() -> None:
    assert len(str(UnknownSlug("model", "x" * 100_000, ["llama-3.1-8b"]))) < 200
