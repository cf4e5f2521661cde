"""`manage.py estimate`: JSON Lines in, JSON Lines out."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db

GOOD = {"model": "llama-3.1-8b", "gpu": "v100-sxm2-16gb"}


def run(lines: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    stdin = io.TextIOWrapper(io.BytesIO(lines.encode("utf-8", "surrogateescape")))
    monkeypatch.setattr("sys.stdin", stdin)
    out = io.StringIO()
    call_command("estimate", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_question_gets_one_answer_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(json.dumps({**GOOD, "context_tokens": context}) for context in (2048, 4096))
    first, second = run(lines, monkeypatch)
    assert first["memory"]["per_gpu"][0]["kv_mib"] * 2 == second["memory"]["per_gpu"][0]["kv_mib"]


def test_a_bad_line_answers_an_error_and_the_rest_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["{broken", json.dumps({**GOOD, "colour": 1}), "\udcff", '{"gpu": "\\ud800"}', json.dumps(GOOD)]
    answers = run("\n".join(lines), monkeypatch)
    assert [set(answer) == {"error"} for answer in answers] == [True, True, True, True, False]
    assert answers[1]["error"]["fields"][0]["field"] == "colour"


def test_an_empty_line_between_questions_is_answered_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = run("{bad\n\n{bad\n\n", monkeypatch)
    assert ["empty" in answer["error"]["message"] for answer in answers] == [False, True, False]


def test_no_question_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("\n\n", monkeypatch) == []
