from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import CatalogRevision, Circuit, LanguageModel, Part, Preset
from catalog.provenance import Confidence
from catalog.specs import CarrierSpec, GpuSpec, PartSpec

pytestmark = pytest.mark.usefixtures("empty_catalog")

AddPart = Callable[..., Part]
AddModel = Callable[..., LanguageModel]

BOARD = {
    "socket": ("sxm2", "name"),
    "sockets": (2, "count"),
    "topology": ("pair", "name"),
    "links": ([[0, 6], [6, 0]], "matrix"),
    "links_verified": (True, "flag"),
    "has_host": (False, "flag"),
    "external_12v": (False, "flag"),
    "instruction_set": ("x86_64", "name"),
    "needs_fabric_manager": (False, "flag"),
    "vendor": ("TNS", "name"),
}


@pytest.fixture
def board(add_part: AddPart) -> Part:
    """A dual board; the figure that says it is one has the name of a column, so it goes in apart."""
    board = add_part("dual-board", kind="carrier", **BOARD)
    board.figures["kind"] = {"value": "board", "unit": "name", "source": "s"}
    board.save()
    return board


@pytest.fixture
def preset() -> Preset:
    return Preset(slug="starter", name="Starter", summary="S.", total_usd=Decimal("1152"), query={"gpu": "v100 a"})


@pytest.mark.parametrize("table", [Part, Circuit, LanguageModel])
def test_the_database_refuses_an_empty_slug(table: Any) -> None:
    extra = {"kind": "cable"} if table is Part else {}
    with pytest.raises(IntegrityError, match="slug_not_empty"), transaction.atomic():
        table.objects.create(slug="", name="x", summary="x", **extra)


def test_the_database_refuses_a_kind_outside_the_set(add_part: AddPart) -> None:
    with pytest.raises(IntegrityError, match="catalog_part_kind_is_known"), transaction.atomic():
        Part.objects.create(slug="x", name="x", summary="x", kind="toaster")


def test_the_database_refuses_a_negative_total(preset: Preset) -> None:
    preset.total_usd = Decimal("-0.01")
    with pytest.raises(IntegrityError, match="catalog_preset_total_not_negative"), transaction.atomic():
        preset.save()


def test_there_is_one_revision_row_which_counts_up() -> None:
    CatalogRevision.objects.bump()
    first = CatalogRevision.objects.get()
    CatalogRevision.objects.bump()
    second = CatalogRevision.objects.get()
    assert (first.number, second.number) == (1, 2)
    assert second.loaded_at > first.loaded_at
    with pytest.raises(IntegrityError, match="catalog_revision_is_one_row"), transaction.atomic():
        CatalogRevision.objects.create(pk=2, number=1, loaded_at=timezone.now())


def test_a_part_gives_the_spec_of_its_kind(add_part: AddPart, board: Part) -> None:
    assert isinstance(add_part("cable", length_mm=(750, "mm")).spec(), PartSpec)
    spec = board.spec()
    assert isinstance(spec, CarrierSpec)
    assert (spec.kind, spec.links) == ("board", ((0, 6), (6, 0)))
    assert board.line_spec().kind == "carrier"
    assert (board.form_factor, board.sockets, board.memory_mib) == ("sxm2", 2, None)


def test_a_gpu_gives_a_gpu(add_part: AddPart, gpu_values: dict[str, Any]) -> None:
    spec = add_part("v100", kind="gpu", **{name: (value, "") for name, value in gpu_values.items()}).spec()
    assert isinstance(spec, GpuSpec)
    assert spec.memory_mib == 16145


def test_figures_come_with_their_sources(add_part: AddPart) -> None:
    part = add_part("cable", weight_kg=(None, "kg"), length_mm=(750, "mm"))
    length, weight = part.sourced()
    assert (length.label, length.value, length.unit) == ("Length", 750, "mm")
    assert weight.value is None
    assert weight.source.confidence is Confidence.MEASURED
    assert part.references() == (length.source,)


def test_text_finds_parts_that_hold_every_word(add_part: AddPart) -> None:
    add_part("v100-sxm2-16gb", name="NVIDIA Tesla V100 SXM2 16 GB")
    add_part("v100-sxm2-32gb", name="NVIDIA Tesla V100 SXM2 32 GB")
    found = Part.objects.matching("tesla 32gb")
    assert [part.slug for part in found] == ["v100-sxm2-32gb"]
    assert Part.objects.matching("  ").count() == 2
    assert not Part.objects.matching("100%").exists()


def test_parts_come_in_the_order_of_a_part_list(add_part: AddPart) -> None:
    for kind in ("cable", "psu", "gpu", "carrier"):
        add_part(f"a-{kind}", kind=kind)
    assert [part.kind for part in Part.objects.in_build_order()] == ["gpu", "carrier", "cable", "psu"]


def test_a_model_of_unknown_size_is_not_up_to_any_size(add_model: AddModel) -> None:
    add_model("small")
    add_model("unpublished", params_total=None, refusal="Never published.")
    found = LanguageModel.objects.up_to_params(10**13)
    assert [model.slug for model in found] == ["small"]
    assert LanguageModel.objects.of_class("dense").count() == 2


def test_presets_start_with_the_cheapest(preset: Preset) -> None:
    preset.save()
    Preset.objects.create(slug="less", name="Less", summary="L.", total_usd=Decimal("99"))
    assert [row.slug for row in Preset.objects.for_start()] == ["less", "starter"]
    assert preset.query_string == "gpu=v100+a"


def test_a_row_edited_by_hand_is_held_to_the_rules_of_the_files(add_part: AddPart, preset: Preset) -> None:
    part = add_part("cable", length_mm=(750, "mm"))
    part.full_clean()
    part.figures["length_mm"]["unit"] = "cm"
    part.buy = [{"label": "Here"}]
    with pytest.raises(ValidationError) as refused:
        part.full_clean()
    assert set(refused.value.message_dict) == {"figures", "buy"}
    assert "allowed: mm" in refused.value.message_dict["figures"][0]
    preset.sources = part.sources
    preset.lines = [{"part": "cable", "quantity": 4, "unit_usd": "19", "label": "Cables"}]
    with pytest.raises(ValidationError, match="the lines add up to 76"):
        preset.full_clean()
    preset.total_usd = Decimal("76.00")
    preset.full_clean()
