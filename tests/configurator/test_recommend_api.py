"""`POST /api/v1/recommend` and `manage.py recommend`: one answer, one way of refusing."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from configurator.goals import KEYS
from configurator.recommend_api import QUESTION_SCHEMA

pytestmark = pytest.mark.django_db

QUESTION = {"model": "llama-3.1-8b", "quants": ["Q4_K_M"], "runtimes": ["llama.cpp"], "limit": 2}


def post(client: Client, body: Any) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    response = client.post("/api/v1/recommend", data=text, content_type="application/json")
    return response.status_code, response.json()


def run(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode("utf-8", "surrogateescape"))))
    out = io.StringIO()
    call_command("recommend", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_api_and_command_line_give_the_same_answer_and_go_on_after_a_mistake(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, answer = post(client, QUESTION)
    assert status == 200
    assert len(answer["builds"]) == 2
    lines = ["{broken", "[]", json.dumps(QUESTION | {"colour": 1}), "", json.dumps(QUESTION), "\udcff"]
    answers = run(lines, monkeypatch)
    assert [set(one) == {"error"} for one in answers] == [True, True, True, True, False, True]
    assert answers[2]["error"]["fields"][0]["field"] == "colour"
    for key in ("builds", "rejected", "candidates", "nearest", "relax"):
        assert answers[4][key] == answer[key]


def test_whatever_is_sent_is_answered_with_422_and_the_field_and_never_with_500(client: Client) -> None:
    bodies: list[tuple[Any, str]] = [
        ("", ""), ("{", ""), ("[]", ""), ("null", ""), ('"x"', ""), ("NaN", ""), (b"\xff\xfe", ""), ("[" * 100_000, ""),
        ({}, "model"), ({"model": None}, "model"), ({"model": "own-\x00"}, "model"), ({"model": "own-\ud800"}, "model"),
        ({"model": "own-0123456789abcdef"}, "model"), ('{"model": "qwen3-8b", "streams": NaN}', "streams"),
        ('{"model": "qwen3-8b", "streams": 1e999}', "streams"), (QUESTION | {"limit": 51}, "limit"),
        ('{"model": "qwen3-8b", "max_landed_usd": ' + "9" * 4000 + "}", "max_landed_usd"),
        ('{"model": "qwen3-8b", "max_landed_usd": -Infinity}', "max_landed_usd"),
        (QUESTION | {"hours_per_day": 24.5}, "hours_per_day"), (QUESTION | {"circuit_count": 0}, "circuit_count"),
        (QUESTION | {"entry_date": "2026-02-30"}, "entry_date"), (QUESTION | {"entry_date": 20261125}, "entry_date"),
        (QUESTION | {"kv_dtypes": ["f32"]}, "kv_dtypes"), (QUESTION | {"runtimes": ["vLLM 2"]}, "runtimes"),
    ]  # fmt: skip
    for body, field in bodies:
        status, answer = post(client, body)
        assert status == 422, body
        assert field in [error["field"] for error in answer["error"]["fields"]], (body, answer)
        assert answer["error"]["message"]


def test_the_ends_of_what_is_allowed_are_answered(client: Client) -> None:
    ends: list[dict[str, Any]] = [
        {"circuit_count": 64, "electricity_usd_per_kwh": 10, "hours_per_day": 24, "prompt_tokens": 16_777_216},
        {"electricity_usd_per_kwh": 0, "hours_per_day": 0.1234567891, "min_decode_tok_s": 0, "limit": 1},
        {"context_tokens": 16_777_216, "depth_tokens": 16_777_216},
        {"streams": 1024, "max_landed_usd": 10_000_000, "min_prefill_tok_s": 0},
        {"entry_date": "2000-01-01", "agent": "superbuy", "freight_mode": "sea", "exclusions_extended": True},
        {"entry_date": "2100-12-31", "destination": "CA-ON", "owned": {"existing-pc": 0, "v100-sxm2-32gb": 128}},
        {"quants": ["IQ1_S"], "kv_dtypes": ["q4_0", "fp8"], "runtimes": ["sglang", "ollama"], "quiet": True},
        {"max_landed_usd": 0},
    ]
    for changes in ends:
        status, answer = post(client, QUESTION | changes)
        assert status == 200, (changes, answer)
        assert answer["builds"] or answer["rejected"]


def test_the_documentation_names_every_key_of_a_question(client: Client) -> None:
    assert set(QUESTION_SCHEMA["properties"]) == set(KEYS)
    assert "/api/v1/recommend" in client.get("/api/v1/openapi.json").json()["paths"]
