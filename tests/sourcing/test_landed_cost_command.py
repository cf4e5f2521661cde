"""The command line answers as API and page do, a line a question."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db
QUESTION = {
    "lines": [{"part": "v100-sxm2-16gb", "quantity": 4, "unit_price": "85", "currency": "USD", "origin": "CN"}],
    "destination": {"country": "US", "region": "OR"},
    "entry_date": "2026-11-15",
    "freight": {"price": "60"},
}


def run(text: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    output = io.StringIO()
    call_command("landed_cost", stdout=output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_each_line_is_answered_in_order_and_a_bad_one_spoils_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    good = json.dumps(QUESTION)
    answers = run(f"{good}\n{{bad\n[1]\n{good}\n", monkeypatch)
    assert [answer.get("total") for answer in answers] == ["487.77", None, None, "487.77"]
    assert "not JSON" in answers[1]["error"]["message"]
    assert "give an object with lines" in answers[2]["error"]["message"]


def test_the_api_gives_the_same_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = client.post("/api/v1/landed-cost", json.dumps(QUESTION), content_type="application/json")
    assert response.status_code == 200
    assert [response.json()] == run(json.dumps(QUESTION), monkeypatch)


def test_the_api_names_each_mistake(client: Client) -> None:
    body = json.dumps({**QUESTION, "agent": "pandabuy", "entry_date": "soon"})
    response = client.post("/api/v1/landed-cost", body, content_type="application/json")
    assert response.status_code == 422
    assert [field["field"] for field in response.json()["error"]["fields"]] == ["entry_date", "agent"]


def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    response = client.post("/api/v1/landed-cost", "{", content_type="application/json")
    assert response.status_code == 422
    assert "not JSON" in response.json()["error"]["message"]


def test_the_api_document_holds_question_and_answer(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/landed-cost"]["post"]
    assert set(operation["responses"]) == {"200", "422"}
    question = operation["requestBody"]["content"]["application/json"]["schema"]
    response = client.post("/api/v1/landed-cost", json.dumps(question["example"]), content_type="application/json")
    assert response.status_code == 200
