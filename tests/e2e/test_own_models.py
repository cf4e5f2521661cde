"""A model of one's own, from a pasted config.json or a large file, to an estimate."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.configurator.own_models.gguf_files import write_gguf
from tests.configurator.test_add_model_command import CONFIG

pytestmark = pytest.mark.e2e


def test_a_pasted_config_is_estimated_and_stays_chosen(page: Page) -> None:
    page.goto("/models/")
    page.get_by_role("link", name="Add it").click()
    page.get_by_label("Name, address or config.json").fill(CONFIG)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("link", name="Try it on a quad board").click()
    expect(page.locator("#id_model")).to_have_value(re.compile("^own-"))
    with page.expect_response("**/build/?**"):
        page.locator("#id_context_tokens").fill("4096")
    expect(page).to_have_url(re.compile(r"model=own-[0-9a-f]{16}.*context_tokens=4096"))
    expect(page.locator("#panel")).to_contain_text("Fits")


def test_of_a_large_file_only_the_first_megabytes_are_sent(page: Page, tmp_path: Path) -> None:
    shapes = {
        "token_embd.weight": (256, 512), "output.weight": (256, 512), "blk.0.attn_q.weight": (256, 256),
        "blk.0.attn_k.weight": (256, 256), "blk.0.attn_v.weight": (256, 256), "blk.0.attn_output.weight": (256, 256),
        "blk.0.ffn_gate.weight": (256, 512), "blk.0.ffn_up.weight": (256, 512), "blk.0.ffn_down.weight": (512, 256),
    }  # fmt: skip
    keys = {"block_count": 1, "embedding_length": 256, "feed_forward_length": 512, "attention.head_count": 4}
    listed = [(name, shape, "F16") for name, shape in shapes.items()]
    path = write_gguf(tmp_path / "Tiny-F16.gguf", "llama", keys, listed, file_type=1)
    with path.open("ab") as file:
        file.truncate(100 * 2**20)
    page.goto("/models/add/")
    page.set_input_files("input[type=file]", path)
    page.wait_for_function("document.querySelector('input[type=file]').files[0].size === 32 * 2 ** 20")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiny-F16")
