"""The price bands of the data files in the database."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.load import CatalogError
from sourcing.load import load
from sourcing.measures import DATA_DIR
from sourcing.models import PriceBand

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A copy of the shipped data to spoil."""
    return Path(shutil.copytree(DATA_DIR, tmp_path / "data"))


def _spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_guides_bands_are_loaded_and_the_first_is_the_one_used() -> None:
    call_command("load_catalog", verbosity=0)
    used = PriceBand.objects.used().get(part__slug="v100-sxm2-16gb")
    assert (used.low, used.high, used.currency, used.confidence) == (Decimal(56), Decimal(99), "USD", "guide")
    board = PriceBand.objects.used().get(part__slug="quad-board-taq-sxm2-4p5a5")
    assert (board.low, board.high) == (Decimal(400), Decimal(425))


def test_loading_again_changes_nothing() -> None:
    load()
    counts = load()
    assert not counts.changed
    assert counts.unchanged == PriceBand.objects.count() > 0


def test_a_changed_band_is_updated_and_one_that_is_gone_deleted(data_dir: Path) -> None:
    load(data_dir)
    bands = data_dir / "bands"
    _spoil(bands / "plx8749-card.yaml", '"130"', '"120"')
    (bands / "rtx-4090.yaml").unlink()
    gone = PriceBand.objects.for_part("rtx-4090").count()
    counts = load(data_dir)
    assert (counts.updated, counts.deleted) == (1, gone)
    assert not PriceBand.objects.for_part("rtx-4090").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("part: v100-sxm2-16gb", "part: v100", "v100-sxm2-16gb.yaml:1: part is 'v100', allowed: the slug of a part"),
        ("part: v100-sxm2-16gb", "part: p40", "part is 'p40', allowed: the file's name, 'v100-sxm2-16gb'"),
        ('low: "56"', "low: 56", "low is 56, allowed: a number in quotes"),
        ('low: "56"', 'low: "56.005"', "low is 56.005, allowed: at most two decimals"),
        ('low: "56"', 'low: "560"', "high is 99, allowed: 560 (low) or more"),
        ("currency: USD", "currency: BTC", "currency is 'BTC', allowed: USD, EUR, GBP, CNY"),
        ("market: ebay", "market: bazaar", "market is 'bazaar', allowed: ebay, taobao"),
        ("source: guide", "source: nobody", "source is 'nobody', allowed: guide"),
        ("bands:", "band:", "bands is missing or empty"),
    ],
)
def test_a_wrong_band_is_named_with_file_line_and_what_is_allowed(
    data_dir: Path, old: str, new: str, message: str
) -> None:
    before = PriceBand.objects.count()
    _spoil(data_dir / "bands" / "v100-sxm2-16gb.yaml", old, new)
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert message in str(refused.value)
    assert all(error.startswith("data/bands/v100-sxm2-16gb.yaml:") for error in refused.value.errors)
    assert PriceBand.objects.count() == before


def test_a_wrong_tariff_file_stops_the_load_too(data_dir: Path) -> None:
    _spoil(data_dir / "tariffs" / "s122.yaml", 'rate_percent: "10"', 'rate_percent: "ten"')
    with pytest.raises(CatalogError, match=r"s122\.yaml:\d+: rate_percent is 'ten'"):
        load(data_dir)


def test_a_tariff_file_that_names_a_part_not_in_the_catalog_is_refused(data_dir: Path) -> None:
    _spoil(data_dir / "tariffs" / "s301-excl-47-48.yaml", '"p40"', '"p41"')
    with pytest.raises(CatalogError, match="names part 'p41', which is not in the catalog"):
        load(data_dir)
