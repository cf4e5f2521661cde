"""Start page and configurator: page and partial are one, the address is the state, bad input is a sentence."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db.models import F
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import CatalogRevision
from configurator import views

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
QUERY = "model=llama-3.1-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def one(page: BeautifulSoup, selector: str) -> Any:
    """The first match; a test that finds none has failed."""
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def words(tag: Any) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" ", strip=True))


def test_the_first_visit_shows_a_working_build(client: Client) -> None:
    page = soup(client.get("/build/"))
    assert "Fits" in words(page.select_one("#panel"))


def test_the_partial_is_the_panel_of_the_page(client: Client) -> None:
    page = soup(client.get(f"/build/?{QUERY}"))
    partial = soup(client.get(f"/build/?{QUERY}", headers=HTMX))
    assert words(partial.select_one("#panel")) == words(page.select_one("#panel"))
    assert partial.select_one("form#build-form") is None


def test_caches_are_told_that_htmx_gets_another_answer(client: Client) -> None:
    assert "HX-Request" in client.get("/build/")["Vary"]


def test_history_restore_gets_the_whole_page(client: Client) -> None:
    response = client.get("/build/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert soup(response).select_one("form#build-form") is not None


def test_the_address_fills_in_every_control(client: Client) -> None:
    page = soup(client.get(f"/build/?{QUERY}&context_tokens=32768&kv_dtype=q8_0&gpu_price=75.50"))
    assert one(page, "#id_context_tokens")["value"] == "32768"
    assert one(page, "#id_kv_dtype option[selected]")["value"] == "q8_0"
    assert one(page, "#id_gpu_price")["value"] == "75.50"


def test_a_model_alone_is_put_on_the_starting_machine(client: Client) -> None:
    page = soup(client.get("/build/?model=llama-3.1-8b"))
    assert one(page, "#id_model option[selected]")["value"] == "llama-3.1-8b"
    assert one(page, "#id_gpu option[selected]")["value"] == "v100-sxm2-16gb"
    assert "Fits" in words(page.select_one("#panel"))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("model=nope&gpu=v100-sxm2-16gb", "nknown model"),
        (QUERY.replace("gpu_count=4", "gpu_count=-1"), "from 1 to 64"),
        (QUERY + "&context_tokens=1000000000", "16,777,216"),
        (QUERY + "&quant=Q99", "one of"),
        (QUERY + "&tensor_parallel=3", "must be the number of GPUs"),
    ],
)
def test_a_bad_setting_stands_by_its_field_and_is_no_500(client: Client, query: str, says: str) -> None:
    response = client.get(f"/build/?{query}")
    assert response.status_code == 200
    assert says in words(soup(response))
    assert says in words(soup(client.get(f"/build/?{query}", headers=HTMX)))


@pytest.mark.parametrize(
    "query", ["%ff%fe=%00", "&&&===", "model=%F0%28%8C%28", "a" * 3000, "gpu[]=1&gpu_count[$gt]=1"]
)
def test_a_broken_query_string_is_no_500(client: Client, query: str) -> None:
    assert client.get(f"/build/?{query}").status_code == 200


def test_an_unknown_setting_is_mentioned(client: Client) -> None:
    assert "colour" in words(soup(client.get(f"/build/?{QUERY}&colour=red")))


def test_hostile_text_in_the_address_is_escaped(client: Client) -> None:
    text = client.get('/build/?model="><script>alert(1)</script>&gpu=v100-sxm2-16gb').content.decode()
    assert "<script>alert" not in text


def test_no_script_or_style_is_inline(client: Client) -> None:
    for address in ("/", f"/build/?{QUERY}", "/parts/", "/models/", "/parts/v100-sxm2-16gb/", "/models/llama-3.1-70b/"):
        response = client.get(address)
        assert "script-src 'self'" in response["Content-Security-Policy"]
        page = soup(response)
        assert all(script.get("src") for script in page.select("script")), address
        assert not page.select("style, [style]"), address
        assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)], address


def test_nothing_is_loaded_from_elsewhere(client: Client) -> None:
    page = soup(client.get("/build/"))
    tags = page.select("script, link[rel=stylesheet], img, link[rel=icon]")
    loaded = [str(tag.get("src") or tag.get("href")) for tag in tags]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


def test_the_start_page_offers_other_questions_and_the_guides_four_builds(client: Client) -> None:
    page = soup(client.get("/"))
    text = words(page)
    more = [str(link["href"]) for link in page.select("#goal-answer ~ section .more-questions a")]
    assert more[:2] == ["/build/new/", "/upgrade/"]
    assert more[2:] == ["/compare/", "/scale-out/", "/training/", "/audit/", "/sourcing/renting/", "/build/import/"]
    for total in ("1,152", "2,429", "1,550", "3,850"):
        assert total in text
    links = [str(link["href"]) for link in page.select("a[href^='/build/?']")]
    assert len(links) == 4
    for link in links:
        assert "Not computed" not in words(one(soup(client.get(link)), "#panel"))


def test_a_mend_is_one_click(client: Client) -> None:
    page = soup(client.get(f"/build/?{QUERY}&power_limit_w=400"))
    fixes = [str(link["href"]) for link in page.select("#panel .finding a[href^='/build/?']")]
    assert any("power_limit_w=300" in fix or "power_limit_w=" not in fix for fix in fixes)
    assert "#finding-power-limit-out-of-range" in {f"#{tag['id']}" for tag in page.select("#panel details[id]")}
    mended = [soup(client.get(fix)) for fix in fixes]
    assert any(not page.select("#finding-power-limit-out-of-range") for page in mended)


def test_markdown_of_a_build_that_is_none_says_why(client: Client) -> None:
    response = client.get("/build/export.md?model=nope")
    assert response.status_code == 422
    assert "unknown model" in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/build/", "/parts/", "/models/llama-3.1-70b/sizes/"])
def test_link_previews_may_ask_for_the_head_only(client: Client, address: str) -> None:
    response = client.head(address)
    assert response.status_code == 200
    assert response.content == b""


def test_the_list_of_errors_names_each_setting_once(client: Client) -> None:
    panel = one(soup(client.get(f"/build/?{QUERY}&streams=-1&context_tokens=0")), "#panel")
    lines = [words(line) for line in panel.select("li")]
    assert [line.split(":")[0] for line in lines] == ["Context", "Streams"]
    assert all(line.count("is not allowed") == 1 for line in lines)


def test_an_unknown_slug_is_named_beside_a_malformed_number(client: Client) -> None:
    panel = one(soup(client.get("/build/?model=nope&gpu=v100-sxm2-16gb&gpu_count=-3")), "#panel")
    assert [words(line).split(":")[0] for line in panel.select("li")] == ["GPUs", "Model"]


QUAD = "model=llama-3.3-70b&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"


def fragment(client: Client, query: str) -> Any:
    return client.get(f"/build/?{query}", headers={"HX-Request": "true"})


def without_token(body: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body.decode())


@pytest.mark.parametrize("query", [QUAD, f"{QUAD}&context_tokens=32768", f"{QUAD}&gpu_count=0", "model=nothing"])
def test_a_kept_fragment_is_what_a_fresh_one_is(client: Client, query: str) -> None:
    views._fragment.cache_clear()
    fresh = fragment(client, query)
    kept = fragment(client, query)
    assert views._fragment.cache_info().hits == 1
    assert without_token(kept.content) == without_token(fresh.content)
    assert kept.headers["Vary"] == fresh.headers["Vary"]
    assert kept.get("HX-Replace-Url") == fresh.get("HX-Replace-Url")


def test_a_kept_fragment_carries_the_token_of_whoever_asks() -> None:
    views._fragment.cache_clear()
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    bodies = [fragment(client, QUAD).content.decode() for client in (first, second)]
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[0] for body in bodies]
    assert tokens[0] != tokens[1]
    assert all(views.TOKEN_GOES_HERE.decode() not in body for body in bodies)
    for client, token in zip((first, second), tokens, strict=True):
        assert client.post("/b/", {"query": QUAD, "title": "", "csrfmiddlewaretoken": token}).status_code == 302


def test_a_change_of_the_catalog_makes_kept_fragments_anew(client: Client) -> None:
    views._fragment.cache_clear()
    fragment(client, QUAD)
    CatalogRevision.objects.update(number=F("number") + 1)
    fragment(client, QUAD)
    assert views._fragment.cache_info().hits == 0


def test_a_fragment_asks_for_the_catalogs_state_and_for_offers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(f"/build/?{QUERY}", headers=HTMX)
    with django_assert_num_queries(2):
        client.get(f"/build/?{QUERY}&context_tokens=4096", headers=HTMX)


def test_a_split_that_the_runtime_lacks_is_said_in_place_of_a_speed(client: Client) -> None:
    query = "model=llama-3.1-8b&quant=F16&gpu=v100-sxm2-32gb&gpu_count=4&runtime=lmdeploy&split=layer"
    text = client.get(f"/build/?{query}").content.decode()
    assert "lmdeploy cannot cut a model this way" in text
    assert "LMDeploy has no pipeline stages" in text
    assert "what does not fit does not run" not in text
