"""A first build with the keyboard alone: figures follow, the focus stays, back goes back."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def test_the_steps_with_the_keyboard(page: Page) -> None:
    page.goto("/build/new/platform/?model=llama-3.3-70b")
    before = page.locator("#panel").inner_text()
    page.locator("input[name=platform][value='']").focus()
    with page.expect_response("**/build/new/platform/?**"):
        page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=platform][value=adapter]")).to_be_focused()
    expect(page.locator("#panel")).not_to_have_text(before)
    expect(page.locator("#panel")).to_contain_text("Does not fit")
    expect(page.locator("#announcement")).to_contain_text("Does not fit")
    expect(page).to_have_url(re.compile(r"/build/new/platform/\?model=llama-3.3-70b&platform=adapter$"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/build/new/parts/\?.*platform=adapter"))
    page.go_back()
    expect(page.locator("input[name=platform][value=adapter]")).to_be_checked()
