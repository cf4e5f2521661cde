"""The landed-cost calculator as a page and as a fragment, with what stands around it."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
V100 = {"0-part": "v100-sxm2-16gb", "0-quantity": "4", "0-unit_price": "77.50"}
ORDER = {**V100, "country": "US", "region": "OR", "entry_date": "2026-11-15", "freight_price": "100"}
HTMX = {"HX-Request": "true"}


def page(client: Client, query: dict[str, str], **headers: str) -> BeautifulSoup:
    response = client.get(f"/sourcing/?{urlencode(query)}", headers=headers or None)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split()).replace("\u00a0", " ")


def test_an_order_is_computed_with_every_row(client: Client) -> None:
    landed = words(page(client, ORDER), "#landed")
    assert "At least $490 at the door" in landed
    for row in ("Goods", "International freight", "Duty", "Merchandise processing fee", "Sales or use tax, Oregon"):
        assert row in landed
    assert "Until 9 Nov 2026, the last day before its duty changed, it was at least $413 , $77.50 less." in landed


def test_the_first_visit_shows_an_order_of_a_whole_quad_board(client: Client) -> None:
    soup = page(client, {})
    chosen = [option["value"] for option in soup.select("select[name$=-part] option[selected]")]
    assert chosen[:2] == ["quad-board-taq-sxm2-4p5a5", "v100-sxm2-16gb"]
    assert "at the door" in words(soup, "#landed h2")


def test_htmx_gets_the_figures_alone_and_the_short_address(client: Client) -> None:
    response = client.get(f"/sourcing/?{urlencode(ORDER)}", headers=HTMX)
    assert b"<html" not in response.content
    assert b'id="landed"' in response.content
    assert "HX-Request" in response.headers["Vary"]
    assert "country" not in response.headers["HX-Replace-Url"]  # the default is left out
    assert "region=OR" in response.headers["HX-Replace-Url"]


def test_the_short_address_gives_the_same_figures(client: Client) -> None:
    first = client.get(f"/sourcing/?{urlencode(ORDER)}", headers=HTMX)
    again = client.get(first.headers["HX-Replace-Url"])
    assert words(BeautifulSoup(again.content, "html.parser"), "#landed") == words(
        BeautifulSoup(first.content, "html.parser"), "#landed"
    )


def test_a_mistake_stands_by_its_field_and_in_the_list(client: Client) -> None:
    soup = page(client, {**ORDER, "0-hts": "12", "entry_date": "soon"})
    assert "give six to ten digits" in words(soup, "#id_0-hts_error")
    assert "give one such as 2026-11-23" in words(soup, "#id_entry_date_error")
    assert "Not computed" in words(soup, "#landed")
    field = soup.select_one("#id_0-hts")
    assert field is not None
    assert field["value"] == "12"  # nothing that was typed is lost


def test_a_wrong_day_to_compare_with_is_named(client: Client) -> None:
    assert "is not a date" in words(page(client, {**ORDER, "compare_date": "x"}), "#id_compare_date_error")


def test_a_chosen_day_is_compared_with(client: Client) -> None:
    landed = words(page(client, {**ORDER, "compare_date": "2026-11-01"}), "#landed")
    assert "Entered on 1 Nov 2026 it would be at least $413" in landed


def test_totals_that_leave_out_different_things_are_not_compared(client: Client) -> None:
    landed = words(page(client, {**ORDER, "compare_date": "2025-12-01"}), "#landed")
    assert "that cannot be compared, for one of the two leaves out: Duty" in landed
    assert "less." not in landed


def test_every_mistake_is_told_beside_a_wrong_day_to_compare_with(client: Client) -> None:
    soup = page(client, {**ORDER, "compare_date": "x", "0-quantity": "-3", "agent": "pandabuy"})
    for name in ("compare_date", "0-quantity", "agent"):
        assert words(soup, f"#id_{name}_error")


def test_a_country_that_is_not_on_the_list_is_not_shown_as_another(client: Client) -> None:
    chosen = page(client, {**ORDER, "country": "ZZ"}).select_one("#id_country option[selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.get_text()) == ("ZZ", "ZZ (not on the list)")


def test_the_duty_of_each_good_stands_in_a_picture_and_in_a_table(client: Client) -> None:
    soup = page(client, ORDER)
    assert soup.select("#landed svg.timeline-row rect.duty-free")
    assert soup.select("#landed svg.timeline-row rect.duty-middle")
    table = words(soup, "#timeline-table table")
    assert "Section 301, China list 3 25 % (9903.88.03)" in table
    assert "lifted by Section 301 exclusion, graphics and accelerator modules" in table
    assert "9 Nov 2026" in table


def test_ten_orders_together_cost_less_each(client: Client) -> None:
    query = {name: value for name, value in ORDER.items() if name != "freight_price"}
    quoted = page(client, {**query, "insurance_usd": "20"})
    assert not quoted.select("[aria-labelledby=together-title]")  # a sum for this very order says nothing of ten
    rows = page(client, query).select("[aria-labelledby=together-title] tbody tr")
    assert [" ".join(row.get_text(" ").split()).split(" ")[0] for row in rows] == ["1", "2", "5", "10"]


def test_hostile_values_are_shown_as_text(client: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    soup = page(client, {**ORDER, "0-hts": hostile, "1-part": hostile, "agent": hostile, "region": hostile})
    assert not [script for script in soup.select("script") if "alert" in script.get_text()]


@pytest.mark.parametrize("name", ["0-quantity", "0-part", "country", "entry_date", "compare_date", "divisor", "link"])
@pytest.mark.parametrize("value", ["\0", "9" * 500, "\u202e", "١٢", "1e999999", "-1", "' OR 1=1", "NaN"])
def test_whatever_an_address_says_there_is_a_page(client: Client, name: str, value: str) -> None:
    assert client.get(f"/sourcing/?{urlencode({**ORDER, name: value})}").status_code == 200


def test_queries_do_not_grow_with_lines(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    many = {f"{index}-part": "v100-sxm2-16gb" for index in range(20)}
    client.get("/sourcing/", query_params=many)
    with django_assert_num_queries(1):
        client.get("/sourcing/", query_params=ORDER)
    with django_assert_num_queries(1):
        client.get("/sourcing/", query_params=many)


def test_the_guide_stands_below_with_agents_terms_and_what_not_to_do(client: Client) -> None:
    soup = page(client, {})
    buying = words(soup, "#buying")
    for text in ("Basetao", "CSSBuy", "Superbuy", "Do not use PandaBuy. Police raided", "superbuy.me"):
        assert text in buying
    assert not soup.select("select[name=agent] option[value=pandabuy]")
    terms = [field["value"] for field in soup.select("#terms input")]
    assert "V100 SXM2 四卡 NVLink 转接板" in terms
    assert len(soup.select("#terms copy-link")) == len(terms)


def test_a_pasted_link_gives_the_links_of_all_agents(client: Client) -> None:
    pasted = (
        "https://www.superbuy.com/en/page/buy/?url=https%253A%252F%252Fitem.taobao.com%252Fitem.htm%253Fid%253D654321"
    )
    soup = BeautifulSoup(client.get("/sourcing/links/", {"link": pasted}).content, "html.parser")
    links = {link["href"] for link in soup.select(".agent-links a")}
    assert "https://www.cssbuy.com/item-654321.html" in links
    assert len(links) == 3
    assert not any("pandabuy" in link for link in links)


def test_a_link_to_another_host_is_a_sentence_and_no_link(client: Client) -> None:
    response = client.get("/sourcing/links/", {"link": "https://evil.example/item.htm?id=654321"})
    soup = BeautifulSoup(response.content, "html.parser")
    assert "evil.example" in words(soup, "#id_link_error")
    assert not soup.select(".agent-links a")


def test_htmx_gets_the_links_alone(client: Client) -> None:
    response = client.get("/sourcing/links/", {"link": "https://weidian.com/item.html?itemID=7654321"}, headers=HTMX)
    assert b"<html" not in response.content
    assert b"cssbuy.com/item-micro-7654321.html" in response.content


def test_the_guides_claim_on_renting_is_audited(client: Client) -> None:
    page = BeautifulSoup(client.get("/sourcing/renting/").content, "html.parser")
    text = " ".join(page.get_text(" ").split())
    assert page.select_one("a[href='/audit/#C154']")
    assert "They never are." in text
    assert "$0.08 an hour" in text
    assert "$0.102 of electricity" in text


def test_owning_is_even_after_so_many_days(client: Client) -> None:
    # (4 × 0.30 − 0.85 × 0.12) × 24 = 26.352 a day; 1,152 / 26.352 = 43.7 days.
    query = {"rent_usd_per_gpu_hour": "0.30", "hours_per_day": "24"}
    soup = BeautifulSoup(client.get("/sourcing/renting/", query).content, "html.parser")
    assert "43.7 days" in words(soup, "#break-even .verdict")


def test_nonsense_on_renting_is_named_by_its_field(client: Client) -> None:
    soup = BeautifulSoup(
        client.get("/sourcing/renting/", {"gpus": "0", "power_w": "10", "idle_w": "20"}).content, "html.parser"
    )
    assert "greater than or equal to 1" in words(soup, "#id_gpus_error")
    assert "At most 10" in words(soup, "#id_idle_w_error")


def test_the_configurator_leads_here_with_what_it_ships(client: Client) -> None:
    build = client.get(
        "/build/?region=OR&gpu_price=80&gpu=v100-sxm2-16gb&gpu_count=4&carrier=quad-board-taq-sxm2-4p5a5"
    )
    soup = BeautifulSoup(build.content, "html.parser")
    link = soup.select_one("#cost a[href^='/sourcing/?']")
    assert link is not None
    assert "1-part=v100-sxm2-16gb" in str(link["href"])
    assert "1-unit_price=80" in str(link["href"])
    assert client.get(str(link["href"])).status_code == 200
