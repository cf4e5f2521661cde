"""The page that shows how far off the estimates are, and the comparison on it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from configurator.accuracy import measurements
from configurator.accuracy.comparison import OURS, OURS_LEFT_OUT, compare, score
from configurator.accuracy.report import report

pytestmark = pytest.mark.django_db


def test_the_page_shows_goals_scatters_rivals_and_every_fitted_row(client: Client) -> None:
    response = client.get("/accuracy/")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.select("svg.scatter")) == 3
    assert all(svg.select_one("desc") for svg in page.select("svg.scatter"))
    assert f"{len(report().speed_left_out)} of {len(report().speed_left_out)} rows" in page.text
    assert "text-generation-webui" in page.text
    assert not page.select("[style]")


def test_the_page_counts_what_was_left_out_by_reason_and_lists_each(client: Client) -> None:
    page = BeautifulSoup(client.get("/accuracy/").content, "html.parser")
    section = page.select_one("section[aria-labelledby=selection-title]")
    assert section is not None
    reasons, rows = section.select("table")
    counts = [int(row.select("td")[0].text) for row in reasons.select("tbody tr")]
    assert sum(counts) == len(rows.select("tbody tr")) == len(measurements.not_asked())
    assert f"Of {report().collected} published speeds" in section.text
    assert "Public report, repository not known" in section.text


@pytest.mark.parametrize("kind", ["speed", "unfitted", "memory", "sizes", "cache"])
def test_every_row_of_every_kind_can_be_reached(client: Client, kind: str) -> None:
    labels: list[str] = []
    address: str | None = f"/accuracy/?kind={kind}"
    while address:
        page = BeautifulSoup(client.get(address, headers={"HX-Request": "true"}).content, "html.parser")
        labels += [row.text for row in page.select("tbody th")]
        following = page.select_one("a[rel=next]")
        address = f"/accuracy/{following['href']}" if following else None
    status = page.select_one("[role=status]")
    assert status is not None
    assert status.text.replace(",", "").split()[0] == str(len(labels))
    assert labels


def test_rows_are_filtered_by_words_and_by_error(client: Client) -> None:
    response = client.get("/accuracy/?kind=sizes&q=gemma+q4_k_m&above=20", headers={"HX-Request": "true"})
    page = BeautifulSoup(response.content, "html.parser")
    rows = [row.text for row in page.select("tbody th")]
    assert rows
    assert all("Gemma" in row and "Q4_K_M" in row for row in rows)
    assert "not counted: The blob holds the tower for pictures too." in page.text


@pytest.mark.parametrize("query", ["kind=nonsense", "above=-1", "above=many", f"q={'a' * 101}"])
def test_a_wrong_filter_says_why_and_lists_nothing(client: Client, query: str) -> None:
    page = BeautifulSoup(client.get(f"/accuracy/?{query}").content, "html.parser")
    assert page.select(".field-error")
    assert "0 of" in page.text


@pytest.mark.parametrize("query", ["page=999", "page=-1", "page=x", "kind=memory&page=2"])
def test_any_page_number_leads_to_a_page(client: Client, query: str) -> None:
    page = BeautifulSoup(client.get(f"/accuracy/?{query}").content, "html.parser")
    assert page.select("#results tbody tr")


def test_speed_is_judged_where_its_source_was_left_out() -> None:
    goals = {goal.what: goal for goal in report().goals}
    decode = goals["Decode on V100"]
    assert decode.left_out is not None
    assert decode.left_out.median >= decode.in_sample.median
    assert decode.reached
    assert goals["Memory of each GPU, against llama.cpp's plan"].left_out is None


def test_a_goal_that_is_not_reached_says_so(client: Client) -> None:
    goals = {goal.what: goal for goal in report().goals}
    dynamic = goals["Size of GGUF files of dynamic mixes (UD-…), by their base type"]
    assert dynamic.reached == (dynamic.in_sample.median <= 0.005 and dynamic.in_sample.p95 <= 0.025)
    assert ("not yet" in client.get("/accuracy/").content.decode()) == any(not goal.reached for goal in report().goals)


def test_at_least_two_other_calculators_answer_memory_and_none_is_closer() -> None:
    words, scores = compare().scores[0]
    assert "Memory" in words
    ours, *others = scores
    assert ours.calculator == OURS
    assert ours.answered == ours.asked
    answering = [other for other in others if other.answered]
    assert len(answering) >= 2
    assert ours.median_error is not None
    assert all(other.median_error > ours.median_error for other in answering if other.median_error is not None)


def test_decode_is_also_compared_without_the_row_s_own_source() -> None:
    words, scores = compare().scores[2]
    assert "Decode" in words
    assert [each.calculator for each in scores[:2]] == [OURS_LEFT_OUT, OURS]
    assert scores[0].answered == scores[0].asked


def test_who_says_nothing_of_a_measure_is_named_and_not_scored() -> None:
    comparison = compare()
    for words, scores in comparison.scores:
        assert all(each.answered for each in scores)
        assert not set(comparison.silent[words]) & {each.calculator for each in scores}


def test_a_calculator_is_scored_by_what_it_says_and_how_often_it_says_too_little() -> None:
    found = score("somebody", [100, 100, 100, 100], [None, 80, 130, 95])
    assert (found.answered, found.asked, found.too_little) == (3, 4, 1)
    assert found.median_error == pytest.approx(0.2)
    assert found.worst_error == pytest.approx(0.3)
    assert score("mute", [100], [None]).median_error is None
