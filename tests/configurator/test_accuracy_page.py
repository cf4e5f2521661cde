"""The page that shows how far off the estimates are, and the comparison on it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from configurator.accuracy.comparison import OURS, compare, score
from configurator.accuracy.report import report

pytestmark = pytest.mark.django_db


def test_the_page_shows_goals_scatters_rivals_and_every_fitted_row(client: Client) -> None:
    response = client.get("/accuracy/")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.select("svg.scatter")) == 3
    assert all(svg.select_one("desc") for svg in page.select("svg.scatter"))
    assert len(page.select("#rows-speed tbody tr")) == len(report().speed_left_out)
    assert "text-generation-webui" in page.text
    assert not page.select("[style]")


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


def test_a_calculator_is_scored_by_what_it_says_and_how_often_it_says_too_little() -> None:
    found = score("somebody", [100, 100, 100, 100], [None, 80, 130, 95])
    assert (found.answered, found.asked, found.too_little) == (3, 4, 1)
    assert found.median_error == pytest.approx(0.2)
    assert found.worst_error == pytest.approx(0.3)
    assert score("mute", [100], [None]).median_error is None
