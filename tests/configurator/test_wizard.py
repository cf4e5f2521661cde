"""A first build: five pages with everything in the address, defaults that work, and what every answer would change."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog import snapshot
from configurator.estimates import EstimateResult, estimate_choice
from configurator.sharing import choice_from_query
from configurator.wizard.answers import read_answers, work_out

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
STEPS = ("/build/new/", *(f"/build/new/{key}/" for key in ("platform", "parts", "power", "sourcing")))
HTMX = {"HX-Request": "true"}


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(tag: Any) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" ", strip=True)).replace("\u00a0", " ")


def one(page: Tag, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def filled_in(page: Tag) -> dict[str, str]:
    """What a browser would send from the form."""
    form = one(page, "#wizard-form")
    sent = {str(each["name"]): str(each.get("value", "")) for each in form.select("input") if each["type"] != "radio"}
    sent |= {str(each["name"]): str(each["value"]) for each in form.select("input[type=radio][checked]")}
    return sent | {str(each["name"]): str(one(each, "[selected]")["value"]) for each in form.select("select")}


def option(page: Tag, name: str, value: str) -> str:
    return words(one(page, f"label:has(> input[name={name}][value='{value}'])"))


def computed(query: str) -> EstimateResult:
    return estimate_choice(choice_from_query(query), as_of=TODAY)


def worked_out(**answers: str) -> EstimateResult:
    return work_out(read_answers(answers, snapshot.current()), as_of=TODAY).result


def test_who_only_presses_next_ends_with_a_build_without_blockers(client: Client) -> None:
    address, sent = STEPS[0], {"model": "llama-3.3-70b"}
    for number, step in enumerate(STEPS):
        page = soup(client.get(address, sent))
        assert address == step
        assert words(one(page, "[aria-current=step]")).startswith(str(number + 1))
        address, sent = str(one(page, "#wizard-form")["action"]), filled_in(page)
    landed = client.get(address, sent)
    assert landed.status_code == 302
    assert landed["Location"].startswith("/build/?")
    assert computed(landed["Location"]).query == worked_out().query
    # 5 GB, 42 GB and 141 GB of weights: one module, four of 16 GB, eight of 32 GB.
    for model, quant, gpus in (
        ("llama-3.1-8b", "Q4_K_M", 1),
        ("llama-3.3-70b", "Q4_K_M", 4),
        ("qwen2.5-72b", "F16", 8),
    ):
        result = worked_out(model=model, quant=quant)
        assert (result.severity_counts["blocker"], result.build.gpu_count) == (0, gpus), model
        assert result.estimate.memory.fits


def test_power_is_what_board_and_circuit_carry() -> None:
    # Two EPS inputs of 336 W shared by four modules are 168 W each, so 160 W; by three, 224 W, so 220 W. Eight modules
    # at 300 W are 2,400 W and no 120 V circuit carries that; in Europe 230 V x 16 A does for four.
    for answers, limit_w, circuit in (
        ({"platform": "quad"}, 160, "us-120v-15a"),
        ({"platform": "quad", "gpu_count": "3"}, 220, "us-120v-15a"),
        ({"platform": "quad", "country": "DE"}, 160, "eu-230v-16a"),
        ({"platform": "server"}, None, "us-208v-30a"),
        ({"platform": "quad", "circuit": "us-120v-20a"}, 160, "us-120v-20a"),
    ):
        result = worked_out(**answers)
        assert (result.choice["power_limit_w"], result.choice["circuit"]) == (limit_w, circuit), answers
        assert result.severity_counts["blocker"] == 0


def test_what_was_left_automatic_follows_and_what_was_chosen_stays() -> None:
    assert worked_out(model="llama-3.1-8b").build.gpu_count == 1
    assert worked_out(model="llama-3.3-70b", cooler="waterblock-microchannel").build.gpu_count == 4
    stays = worked_out(model="llama-3.3-70b", platform="adapter", circuit="eu-230v-16a")
    assert stays.build.gpu_count == 1
    assert not stays.estimate.memory.fits
    assert stays.choice["circuit"] == "us-120v-15a"  # a circuit of another country is none
    parts = worked_out(platform="quad", cooler="waterblock-microchannel", frame="none", cooler_owned="3")
    assert (parts.choice["cooler"], parts.choice["cooler_count"], parts.choice["frame"]) == (
        "waterblock-microchannel", 4, "",
    )  # fmt: skip
    assert [line.priced.quantity for line in parts.lines if line.slot == "cooler"] == [1]


def test_an_option_says_what_it_changes_and_why_it_is_blocked(client: Client) -> None:
    now, then = worked_out(platform="quad"), worked_out(platform="quad", gpu="v100-sxm2-32gb")
    text = option(soup(client.get(STEPS[1], {"platform": "quad"})), "gpu", "v100-sxm2-32gb")
    assert f"+${then.cost.total.mid - now.cost.total.mid:,.0f}" in text
    assert "±0 tok/s ±0 W" in text  # as fast as the smaller one, and as hungry
    assert "4 × 32 GB, quad board, up to 131,072 tokens of context" in text
    power = soup(client.get(STEPS[3], {"platform": "quad"}))
    assert "Too much current for the board's power inputs" in option(power, "power_limit_w", "200")
    assert "no difference" in option(power, "power_limit_w", "160")
    assert "Does not fit" in option(soup(client.get(STEPS[1])), "platform", "adapter")
    blocked = soup(client.get(STEPS[1], {"platform": "adapter"}))
    assert "no blocker" in option(blocked, "platform", "dual")
    assert "Does not fit" not in option(blocked, "gpu", "v100-sxm2-16gb")  # the totals say so already
    assert "price unknown" in option(soup(client.get(STEPS[2])), "host", "host-romed8-2t")


def test_what_cannot_be_is_left_out_with_a_sentence(client: Client) -> None:
    bad = {"platform": "moon", "gpu_count": "9", "quant": "Q99", "context_tokens": "-1", "country": "XX",
           "model": "nope", "cooler_owned": "x", "gpu": "rtx-4090", "power_limit_w": "300", "junk": "<b>"}  # fmt: skip
    page = soup(client.get(STEPS[4], bad))
    notes = " ".join(words(note) for note in page.select(".form-note"))
    for said in ("'moon'", "'9'", "'Q99'", "'-1'", "'XX'", "'nope'", "'x'", "'rtx-4090'"):
        assert said in notes, said
    assert filled_in(page)["power_limit_w"] == "300"
    unheard_of = soup(client.get(STEPS[0], {"model": "llama-4-behemoth", "agent": "nobody", "streams": "2"}))
    notes = " ".join(words(note) for note in unheard_of.select(".form-note"))
    assert "cannot be estimated" in notes
    assert "unknown agent 'nobody'" in notes
    assert filled_in(unheard_of)["streams"] == "2"
    assert client.get("/build/new/nothing/").status_code == 404
    assert client.get("/build/new/done/", bad).status_code == 302


def test_page_and_fragment_are_one_and_ask_little_of_the_database(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for step in STEPS:
        page = soup(client.get(step, {"model": "qwen3-32b"}))
        with django_assert_max_num_queries(3):
            response = client.get(step, {"model": "qwen3-32b", "platform": ""}, headers=HTMX)
        fragment = soup(response)
        assert words(one(fragment, "#step")) == words(one(page, "#step"))
        assert fragment.select_one("header") is None
        assert "HX-Request" in response["Vary"]
        assert response["HX-Replace-Url"] == f"{step}?model=qwen3-32b"
        assert "fit" in words(one(fragment, "#announcement")).lower()
