"""What an order costs at the door, as a stranger works it out in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e


def test_a_change_repaints_the_figures_and_the_address(page: Page) -> None:
    page.goto("/sourcing/")
    before = page.locator("#landed h2").inner_text()
    with page.expect_response(lambda response: "/sourcing/?" in response.url):
        page.locator("#id_region").select_option("CA")
    expect(page.locator("#landed h2")).not_to_have_text(before)
    expect(page.locator("#landed")).to_contain_text("Sales or use tax, California")
    expect(page).to_have_url(re.compile(r"region=CA"))
    page.reload()
    expect(page.locator("#id_region")).to_have_value("CA")


def test_a_mistake_stands_by_its_field_and_goes_when_mended(page: Page) -> None:
    page.goto("/sourcing/")
    page.locator(".order-line summary").first.click()
    page.locator("#id_0-hts").fill("12")
    expect(page.locator("#id_0-hts_error")).to_contain_text("six to ten digits")
    page.locator("#id_0-hts").fill("8473.30.5100")
    expect(page.locator("#id_0-hts_error")).to_have_text("")
    expect(page.locator("#landed h2").first).to_contain_text("at the door")


def test_a_pasted_link_gives_links_while_one_types(page: Page) -> None:
    page.goto("/sourcing/")
    page.locator("#id_link").fill("https://detail.1688.com/offer/612345678901.html")
    expect(page.locator("#agent-links a[href*='cssbuy.com/item-1688-612345678901']")).to_be_visible()
    page.locator("#id_link").fill("https://evil.example/1")
    expect(page.locator("#agent-links")).to_contain_text("evil.example")


def test_a_search_term_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/sourcing/")
    page.locator("#terms copy-link button").first.click()
    expect(page.locator("#terms .copy-said").first).to_have_text(re.compile("Copied|Selected"))


def test_it_all_works_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sourcing/")
    page.locator("#id_country").select_option("DE")
    page.locator("#order-form button.primary").click()
    expect(page.locator("#landed")).to_contain_text("VAT, Germany")
    page.locator("#order-form button[name=more]").click()
    expect(page.locator(".order-line")).to_have_count(7)
    page.locator("#id_link").fill("https://weidian.com/item.html?itemID=7654321")
    page.locator(".link-form button").click()
    expect(page.locator("#agent-links a").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", ["/sourcing/", "/sourcing/renting/", "/sourcing/links/?link=https://evil.example"])
def test_a_phone_shows_everything_without_sideways_scrolling(browser: Browser, server: str, path: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
