"""Offers, history and polls, as a stranger reads them: two simulated marketplaces, asked over real HTTP."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from sourcing.demo import browse
from sourcing.demo.server import Market, running
from tests.e2e.conftest import serving
from tests.prepared import ROOT, environment

pytestmark = pytest.mark.e2e

FAILING, HOSTILE = "waterblock-bykski-n-nvv100-32g-x", "v100-sxm2-16gb"
PART, BOARD = "v100-sxm2-32gb", "quad-board-taq-sxm2-4p5a5"
PRICES = f"/parts/{PART}/prices/"
# In one process, since starting it takes longer than the polls.
FILL = f"""
import django; django.setup()
from contextlib import suppress
from django.core.management import CommandError, call_command
call_command("demo_past", days=12)
with suppress(CommandError):
    call_command("poll", "{FAILING}")
call_command("poll", "{HOSTILE}")
call_command("poll", "{PART}", "{BOARD}")
"""


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Voltaic on two simulated marketplaces, one of them in eBay's place: there the first search fails, the second try
    of it too, and the next is answered with hostile titles."""
    folder = tmp_path_factory.mktemp("market") / "data"
    shutil.copytree(prepared, folder)
    demo, ebay = Market(), Market(seed=2)
    ebay.faults.switch_on({"fault": "server-error", "path": browse.SEARCH, "times": 2})
    ebay.faults.switch_on({"fault": "hostile-titles", "path": browse.SEARCH, "times": 1})
    with running(demo) as demo_url, running(ebay) as ebay_url:
        asked = environment(folder) | {
            "DEMO_MARKETPLACE_URL": demo_url,
            "EBAY_API_URL": ebay_url,
            "EBAY_CLIENT_ID": "simulated",
            "EBAY_CLIENT_SECRET": "simulated",
        }
        subprocess.run(
            [sys.executable, "-c", FILL], cwd=ROOT, env=asked, check=True, stdout=subprocess.DEVNULL, timeout=60
        )
        with serving(asked) as address:
            yield address


def amounts(cells: Locator) -> list[Decimal]:
    """The first amount of dollars in each cell."""
    found = [re.search(r"\$([\d,.]*\d)", text) for text in cells.all_inner_texts()]
    return [Decimal(one[1].replace(",", "")) for one in found if one]


def test_each_marketplace_stands_apart_with_prices_age_and_verdict(page: Page) -> None:
    page.goto(PRICES)
    expect(page.get_by_role("note")).to_contain_text("simulated")
    headings = page.locator("#part-offers h3")
    expect(headings).to_have_text(["eBay", "Demo marketplace (simulated)"])
    tables = page.locator("#part-offers table.offers")
    expect(tables).to_have_count(2)
    for table in tables.all():
        rows = table.locator("tbody tr")
        assert 1 <= rows.count() <= 10
        expect(table.locator("td[data-label=Seen] time")).to_have_count(rows.count())
        expect(table.locator("td[data-label=Seen]").first).to_contain_text(re.compile("ago|now"))
        expect(table.locator(".offer-verdict").first).to_have_text(re.compile("band|low"))
        units = amounts(table.locator("tr:not(:has(.offer-auction)) td[data-label='One piece']"))
        assert units == sorted(units)
        doors = amounts(table.locator("td[data-label='At the door']"))
        assert len(doors) == rows.count()
    assert page.locator("a[rel~=nofollow]").count() == page.locator(".offers tbody tr").count()


def test_the_history_is_a_chart_with_the_same_as_a_table_below(page: Page) -> None:
    page.goto(PRICES)
    history = page.locator("#part-history")
    expect(history.locator("h3")).to_have_text(["Demo marketplace (simulated)"])
    chart = history.get_by_role("img")
    expect(chart).to_be_visible()
    table = history.locator("table")
    expect(table).to_be_hidden()
    history.get_by_text("The same as a table").click()
    expect(table).to_be_visible()
    below, above = table.bounding_box(), chart.bounding_box()
    assert below
    assert above
    assert below["y"] > above["y"] + above["height"]
    days = table.locator("tbody tr").count()
    assert 10 <= days <= 13
    points = chart.locator("polyline:not(.history-dot)").evaluate_all(
        "all => all.flatMap(one => [...one.points]).length"
    )
    assert points + chart.locator(".history-dot").count() == days
    expect(history.locator("figcaption")).to_contain_text(f"Last {table.locator('tbody td').first.inner_text()} on")


def test_another_destination_changes_the_price_at_the_door_and_nothing_else(page: Page) -> None:
    page.goto(PRICES)
    doors, units = page.locator("td[data-label='At the door']"), page.locator("td[data-label='One piece']")
    before, pieces = amounts(doors), amounts(units)
    with page.expect_response(lambda response: "country=DE" in response.url):
        page.get_by_label("Delivered to").select_option("DE")
    expect(page.get_by_label("Delivered to")).to_have_value("DE")
    after = amounts(doors)
    assert len(after) == len(before)
    assert all(dearer > was for dearer, was in zip(after, before, strict=True))  # VAT on goods and freight
    assert amounts(units) == pieces


def test_a_hostile_title_is_text(page: Page) -> None:
    alerts: list[str] = []

    def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(f"/parts/{HOSTILE}/prices/")
    hostile = page.get_by_role("link", name=browse.HOSTILE_TITLES[0])
    expect(hostile.first).to_be_visible()
    assert "<script>alert" not in page.content()
    assert not alerts


def test_the_status_page_tells_what_was_read_and_what_failed(page: Page) -> None:
    page.goto("/sourcing/status/")
    demo = page.locator("section", has=page.get_by_role("heading", name="Demo marketplace (simulated)"))
    ebay = page.locator("section", has=page.get_by_role("heading", name="eBay"))
    expect(demo).to_contain_text(re.compile(r"4 of \d+ parts read;\s+last success .*(ago|now)"))
    expect(ebay).to_contain_text("1 failing")
    expect(demo).not_to_contain_text("failing")
    failed = ebay.get_by_role("row", name=re.compile("Bykski N-NVV100"))
    expect(failed).to_contain_text("failed")
    expect(failed).to_contain_text("never")
    read = demo.get_by_role("row", name=re.compile("V100 SXM2 32 GB"))
    expect(read).to_contain_text("from now")
    assert int(read.locator("td[data-label=Listings]").inner_text()) > 0


def test_it_all_works_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/parts/{BOARD}/")
    page.get_by_role("link", name="Show offers, history and published prices").click()
    before = amounts(page.locator("td[data-label='At the door']"))
    page.get_by_label("Delivered to").select_option("GB")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("country=GB"))
    assert amounts(page.locator("td[data-label='At the door']")) != before
    page.locator("#part-history summary").click()
    expect(page.locator("#part-history tbody tr").first).to_be_visible()
    page.get_by_role("link", name="When each marketplace was asked").first.click()
    expect(page.locator(".market-status").first).to_contain_text("parts read")
    context.close()


def test_a_phone_shows_every_figure_without_sideways_scrolling(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for address in (PRICES, f"/parts/{HOSTILE}/prices/", f"/parts/{BOARD}/", "/sourcing/status/"):
        page.goto(address)
        expect(page.locator(".stacked").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
        assert page.locator(".scroll:has(.stacked)").evaluate_all(cut) == 0, address
    context.close()
