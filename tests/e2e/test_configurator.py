"""The main job, as a stranger does it in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e


def choose(page: Page, field: str, value: str) -> None:
    """Set a control and wait until the panel has answered."""
    with page.expect_response(lambda response: "/build/?" in response.url and response.status == 200):
        control = page.locator(f"#id_{field}")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    expect(page.locator("#panel.htmx-request")).to_have_count(0)


def test_changing_an_input_changes_the_panel_and_keeps_the_focus(page: Page) -> None:
    page.goto("/build/")
    before = page.locator("#panel").inner_text()
    page.locator("#id_context_tokens").focus()
    choose(page, "context_tokens", "32768")
    expect(page.locator("#panel")).not_to_have_text(before)
    expect(page.locator("#id_context_tokens")).to_be_focused()
    expect(page).to_have_url(re.compile(r"context_tokens=32768"))
    expect(page.locator("[aria-live]").first).to_contain_text(re.compile("fit", re.IGNORECASE))


def test_typing_keeps_the_caret_where_it_was(page: Page) -> None:
    page.goto("/build/")
    field = page.locator("#id_context_tokens")
    field.fill("")
    with page.expect_response("**/build/?**"):
        field.press_sequentially("16384", delay=30)
    page.wait_for_timeout(400)
    field.press("1")
    expect(field).to_have_value("163841")


def test_the_address_opens_the_same_build_elsewhere(page: Page, browser: Browser, server: str) -> None:
    page.goto("/build/")
    choose(page, "model", "llama-3.1-8b")
    elsewhere = browser.new_context(base_url=server).new_page()
    elsewhere.goto(page.url)
    assert elsewhere.locator("#panel").inner_text() == page.locator("#panel").inner_text()
    elsewhere.context.close()


def test_back_returns_to_the_configurator_as_it_was(page: Page) -> None:
    page.goto("/build/")
    choose(page, "model", "deepseek-v3")
    expect(page.locator("#panel")).to_contain_text("Does not fit")
    page.goto("/parts/")
    page.go_back()
    expect(page.locator("#panel")).to_contain_text("Does not fit")
    expect(page.locator("#id_model")).to_have_value("deepseek-v3")


def test_an_error_stands_by_its_field_and_goes_when_mended(page: Page) -> None:
    page.goto("/build/")
    choose(page, "gpu_count", "-1")
    expect(page.locator("#id_gpu_count_error")).to_contain_text("from 1 to 64")
    choose(page, "gpu_count", "4")
    expect(page.locator("#id_gpu_count_error")).to_be_empty()
    expect(page.locator("#panel")).to_contain_text("Fits")


def test_it_all_works_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/build/")
    page.locator("#id_model").select_option("llama-3.1-8b")
    page.get_by_role("button", name="Update").click()
    expect(page).to_have_url(re.compile("model=llama-3.1-8b"))
    expect(page.locator("#panel")).to_contain_text("Fits")
    page.get_by_role("button", name="Save and share").first.click()
    expect(page).to_have_url(re.compile(r"/b/[\w-]+/$"))
    context.close()


def test_save_open_elsewhere_and_clone(page: Page, browser: Browser, server: str) -> None:
    page.goto("/build/")
    choose(page, "gpu", "v100-sxm2-32gb")
    page.get_by_role("button", name="Save and share").first.click()
    expect(page).to_have_url(re.compile(r"/b/[\w-]+/$"))
    shared = page.url
    reader = browser.new_context(base_url=server)
    other = reader.new_page()
    other.goto(shared)
    expect(other.locator("#panel")).to_contain_text("Fits")
    expect(page.locator("#edit-url")).to_have_value(re.compile(r"/edit/"))
    assert "/edit/" not in other.content()
    other.get_by_role("link", name=re.compile("clone", re.IGNORECASE)).first.click()
    expect(other).to_have_url(re.compile(r"/build/\?.*gpu=v100-sxm2-32gb"))
    expect(other.locator("#id_gpu")).to_have_value("v100-sxm2-32gb")
    reader.close()


def test_a_phone_shows_everything_without_sideways_scrolling(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    for address in ("/", "/build/", "/parts/", "/parts/v100-sxm2-16gb/", "/models/", "/models/llama-3.1-70b/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.goto("/build/")
    expect(page.locator("#bottom-bar")).to_be_in_viewport()
    page.locator("#bottom-bar a").first.click()
    expect(page.locator("#panel")).to_be_in_viewport()
    expect(page.locator("#curves svg")).to_have_count(0)  # asked for when they come into sight
    page.locator("#curves").scroll_into_view_if_needed()
    expect(page.locator("#curves svg")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_a_build_can_be_made_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/build/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=re.compile("skip", re.IGNORECASE))).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_context_tokens":
            break
    expect(page.locator("#id_context_tokens")).to_be_focused()
    with page.expect_response("**/build/?**"):
        page.keyboard.press("Control+A")
        page.keyboard.type("4096")
    expect(page).to_have_url(re.compile("context_tokens=4096"))
    save = page.get_by_role("button", name="Save and share").first
    for _ in range(200):
        page.keyboard.press("Tab")
        if save.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/b/[\w-]+/$"))


def test_an_older_answer_never_replaces_a_newer_one(page: Page) -> None:
    page.goto("/build/")
    for context_tokens in ("4096", "8192", "12288", "65536"):
        page.locator("#id_context_tokens").fill(context_tokens)
    page.locator("#id_model").select_option("llama-3.1-8b")
    expect(page).to_have_url(re.compile(r"model=llama-3.1-8b.*context_tokens=65536"))
    page.wait_for_timeout(600)
    expect(page).to_have_url(re.compile(r"model=llama-3.1-8b.*context_tokens=65536"))


def test_a_save_in_the_same_breath_as_a_change_saves_the_change(page: Page) -> None:
    page.goto("/build/")
    page.locator("#id_gpu_count").fill("2")
    page.get_by_role("button", name="Save and share").first.click()
    expect(page).to_have_url(re.compile(r"/b/[\w-]+/$"))
    expect(page.locator("main")).to_contain_text("2 × NVIDIA")


def test_no_answer_from_the_server_is_said_to_everybody(browser: Browser, server: str) -> None:
    page = browser.new_context(base_url=server).new_page()  # the browser logs the 503 as an error
    page.goto("/build/")
    page.route("**/build/?**", lambda route: route.fulfill(status=503, body="down"))
    page.locator("#id_model").select_option("llama-3.1-8b")
    expect(page.locator(".not-updated")).to_be_visible()
    page.unroute("**/build/?**")
    choose(page, "model", "qwen3-32b")
    expect(page.locator(".not-updated")).to_have_count(0)
    page.context.close()


def test_paper_holds_the_build_of_the_moment_in_ink_and_no_controls(page: Page) -> None:
    page.add_init_script("window.print = () => window.dispatchEvent(new Event('beforeprint'))")
    page.goto("/build/")
    page.locator("#theme-toggle").click()
    choose(page, "gpu", "v100-sxm2-32gb")
    page.get_by_role("button", name="print").click()
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.locator(".paper-only")
    expect(paper.get_by_role("row", name="NVIDIA Tesla V100 SXM2 32 GB")).to_be_visible()
    expect(paper).to_contain_text(re.compile(r"/build/\?model=llama-3\.3-70b&gpu=v100-sxm2-32gb&"))
    expect(page.locator("#findings-notes .finding").first).to_be_visible()
    for control in ("#build-form", ".save", ".exports", "#bottom-bar", ".site-nav"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator("body")).to_have_css("color", "rgb(27, 32, 37)")  # --ink of the light theme, #1b2025


def test_a_build_is_compared_and_the_workload_changed_for_all(page: Page) -> None:
    page.goto("/build/")
    page.locator("#main").get_by_role("link", name="Compare").click()
    table = page.locator("table.compare")
    expect(table.locator("thead th")).to_have_count(4)
    with page.expect_response(lambda response: "/compare/?" in response.url):
        page.locator("#id_streams").fill("2")
    expect(table).to_contain_text("Decode, 2 streams together")
    expect(page).to_have_url(re.compile(r"streams=2"))
    with page.expect_response(lambda response: "/compare/?" in response.url):
        page.get_by_label("A100 PCIe, 80 GB").check()
    expect(table.locator("thead th")).to_have_count(5)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
