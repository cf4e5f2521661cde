"""The start page asks what to run; its answer is the search's, with and without htmx."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from configurator.choice import parse

pytestmark = pytest.mark.django_db

ASKED: dict[str, Any] = {
    "model": "llama-3.3-70b", "quant": "Q4_K_M", "context_tokens": "32768", "min_decode_tok_s": "20",
    "max_landed_usd": "2000", "circuit": "us-120v-15a", "country": "US",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


def get(client: Client, query: dict[str, Any], **headers: str) -> str:
    response = client.get("/", query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_nobody_is_searched_for_until_somebody_asks(client: Client) -> None:
    page = get(client, {})
    assert 'id="goal-form"' in page
    assert 'class="advice"' not in page


def test_builds_lead_to_the_configurator_and_the_partial_is_the_same_answer(client: Client) -> None:
    page, partial = get(client, ASKED), get(client, ASKED, **HTMX)
    assert "<html" in page
    assert "<html" not in partial
    queries = re.findall(r'href="/build/\?([^"]+)"', partial)
    assert len(queries) >= 3
    assert set(queries) <= set(re.findall(r'href="/build/\?([^"]+)"', page))
    for query in queries:
        choice = parse(dict(parse_qsl(unescape(query))))
        assert (choice["model"], choice["quant"], choice["circuit"]) == ("llama-3.3-70b", "Q4_K_M", "us-120v-15a")
    assert "more than your budget" in unescape(partial)
    # An owned module is in the address, and the configurator does not buy it.
    owning = get(client, ASKED | {"own_gpu": "v100-sxm2-16gb", "own_gpu_count": "4"}, **HTMX)
    assert "gpu_owned=4" in unescape(owning)


def test_an_error_stands_by_its_field_and_what_was_typed_stays(client: Client) -> None:
    wrong = {
        "model": "llama-4.4", "quant": "Q99", "context_tokens": "many", "streams": "0", "min_decode_tok_s": "NaN",
        "max_landed_usd": "<b>2000</b>", "circuit": "us", "country": "XX", "region": "QQ", "quiet": "perhaps",
        "own_gpu": "v100-sxm2-16gb", "own_gpu_count": "-3",
    }  # fmt: skip
    page = get(client, wrong)
    assert "Nothing was searched" in page
    for name in set(wrong) - {"own_gpu", "region"}:  # a region is judged once its country is known
        (text,) = re.findall(rf'id="id_{name}_error"[^>]*>([^<]*)<', page)[:1]
        assert text.strip(), name
    for typed in ("many", "NaN", "-3"):
        assert f'value="{typed}"' in page
    assert "<b>2000</b>" not in page
    assert "&lt;b&gt;2000" in page
    only_region = get(client, ASKED | {"region": "QQ"})
    (text,) = re.findall(r'id="id_region_error"[^>]*>([^<]*)<', only_region)[:1]
    assert "QQ" in unescape(text)


def test_wishes_nobody_can_meet_say_which_one_to_give_up(client: Client) -> None:
    partial = unescape(get(client, ASKED | {"min_decode_tok_s": "60"}, **HTMX))
    assert "Nothing meets every wish" in partial
    assert re.search(r"Speed</strong>\s+to \d+\.\d gives", partial)
    hopeless = unescape(get(client, ASKED | {"min_decode_tok_s": "600", "max_landed_usd": "1"}, **HTMX))
    assert "No single wish is enough to give up." in hopeless
    assert "Nearest builds" in hopeless
