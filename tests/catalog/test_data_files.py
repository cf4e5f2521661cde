"""The data files the product ships with."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from catalog.load import DATA_DIR, CatalogRows, read
from catalog.models import Item
from catalog.specs import CarrierSpec, GpuSpec

GPUS = [
    "v100-sxm2-16gb",
    "v100-sxm2-32gb",
    "v100-sxm3-32gb",
    "v100-pcie-16gb",
    "v100-pcie-32gb",
    "p100-sxm2-16gb",
    "p40",
    "rtx-2080-ti",
    "rtx-3090",
    "rtx-4090",
    "a100-sxm4-40gb",
    "strix-halo-128gb",
]
CARRIERS = [
    "quad-board-taq-sxm2-4p5a5",
    "quad-board-ymzx-4gpu-q1",
    "dual-board-tns-2sxm2-4p54",
    "single-adapter-sxm2-pcie",
    "server-4029gp-tvrt",
    "server-nf5288m5",
    "server-dgx-1v",
    "server-dgx-2",
    "server-c4140",
    "server-ac922",
    "server-nf5488m5",
    "server-9029gp-tnvrt",
    "server-t180-g20",
    "server-t181-g20",
    "board-aom-sxmv",
]
CIRCUITS = [
    "us-120v-15a",
    "us-120v-20a",
    "us-240v-30a",
    "us-240v-50a",
    "us-208v-30a",
    "uk-230v-13a",
    "eu-230v-16a",
    "ca-120v-15a",
    "ca-240v-30a",
    "au-230v-10a",
    "au-230v-15a",
]
# The sums of the guide's four part lists.
GUIDE_TOTALS = [Decimal(total) for total in (1152, 1550, 2429, 3850)]


@pytest.fixture(scope="module")
def rows() -> CatalogRows:
    return read(DATA_DIR)


def _items(rows: CatalogRows) -> Iterator[Item]:
    yield from rows.parts
    yield from rows.circuits
    yield from rows.models


def test_every_figure_has_a_source_with_a_title_and_a_date(rows: CatalogRows) -> None:
    for item in _items(rows):
        for figure in item.sourced():
            assert figure.source.title.strip(), f"{item.slug}: {figure.name}"
            assert date(2020, 1, 1) < figure.source.checked_on, f"{item.slug}: {figure.name}"


def test_every_item_has_figures_and_a_summary_of_one_sentence(rows: CatalogRows) -> None:
    for item in _items(rows):
        assert item.sourced(), item.slug
        assert item.summary.endswith("."), item.slug


def test_no_source_is_a_file_nobody_can_look_up(rows: CatalogRows) -> None:
    for item in [*_items(rows), *rows.presets]:
        for source in item.sources.values():
            for hint in ("public-file-ref", "stored ", "ref "):
                assert not source["title"].startswith(hint), item.slug


def test_the_parts_that_other_data_names_are_there(rows: CatalogRows) -> None:
    specs = {part.slug: part.spec() for part in rows.parts}
    assert not [slug for slug in GPUS if not isinstance(specs.get(slug), GpuSpec)]
    assert not [slug for slug in CARRIERS if not isinstance(specs.get(slug), CarrierSpec)]
    assert not set(CIRCUITS) - {circuit.slug for circuit in rows.circuits}


def test_the_modules_expose_less_than_their_label(rows: CatalogRows) -> None:
    modules = {part.slug: part.memory_mib for part in rows.parts}
    # What PyTorch and nvidia-smi print on these cards; the label is 16 and 32.
    assert modules["v100-sxm2-16gb"] in range(16100, 16384 + 1)
    assert modules["v100-sxm2-32gb"] in range(32400, 32768 + 1)


def test_a_hybrid_cube_mesh_has_six_links_a_module(rows: CatalogRows) -> None:
    meshes = [spec for part in rows.parts if isinstance(spec := part.spec(), CarrierSpec)]
    meshes = [spec for spec in meshes if spec.topology == "hybrid-cube-mesh"]
    assert len(meshes) >= 3
    for spec in meshes:
        assert [sum(row) for row in spec.links] == [6] * 8, spec.slug
        assert [sum(not links for links in row) - 1 for row in spec.links] == [3] * 8, spec.slug


def test_us_circuits_carry_four_fifths_for_hours(rows: CatalogRows) -> None:
    continuous = {circuit.slug: circuit.spec().continuous_w for circuit in rows.circuits}
    assert continuous["us-120v-15a"] == pytest.approx(1440)
    assert continuous["us-120v-20a"] == pytest.approx(1920)
    assert continuous["us-240v-30a"] == pytest.approx(5760)


def test_the_guides_four_configurations_have_the_guides_sums(rows: CatalogRows) -> None:
    assert sorted(preset.total_usd for preset in rows.presets) == GUIDE_TOTALS


def test_the_models_are_complete_and_only_refused_ones_lack_their_shape(rows: CatalogRows) -> None:
    assert len(rows.models) >= 87
    for model in rows.models:
        spec = model.spec()
        assert spec.refusal or (spec.n_layers and spec.params_total), model.slug
        assert spec.params_active is None or spec.params_active <= spec.params_total, model.slug
