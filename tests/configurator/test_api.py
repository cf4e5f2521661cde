"""The API answers with the published schema, and refuses with sentences."""

import json
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

QUESTION = {"model": "llama-3.1-70b", "gpu": "v100-sxm2-16gb", "gpu_count": 4, "carrier": "quad-board-taq-sxm2-4p5a5"}


def post(client: Client, body: Any) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    response = client.post("/api/v1/estimate", data=text, content_type="application/json")
    return response.status_code, response.json()


def test_a_question_gets_the_published_schema(client: Client) -> None:
    status, answer = post(client, QUESTION)
    assert status == 200
    assert set(answer["memory"]) == {"fits", "weights_bytes_total", "host_mib", "max_context_tokens", "per_gpu"}
    assert set(answer["memory"]["per_gpu"][0]) == {
        "weights_mib",
        "kv_mib",
        "compute_mib",
        "runtime_mib",
        "total_mib",
        "capacity_mib",
        "fits",
    }
    assert set(answer["speed"]) == {
        "decode_tok_s",
        "aggregate_tok_s",
        "prefill_tok_s",
        "ttft_s",
        "bound_by",
        "decode_ms",
        "basis",
    }
    assert set(answer["speed"]["decode_ms"]) == {"weights", "kv", "launch", "all_reduce", "hops", "host"}
    assert {
        "gpu_w",
        "host_w",
        "psu_loss_w",
        "wall_w",
        "wall_w_unlimited",
        "idle_w",
        "circuit",
        "usd_per_month",
        "usd_per_million_tokens",
        "btu_per_hour",
    } <= set(answer["power"])
    assert {"id", "severity", "title", "why", "fix", "source"} == set(answer["findings"][0])
    assert answer["engine_version"]


def test_what_does_not_fit_has_the_speed_of_experts_in_host_memory_and_says_so(client: Client) -> None:
    status, answer = post(client, {**QUESTION, "model": "deepseek-v3"})
    assert status == 200
    assert answer["memory"]["fits"] is False
    assert answer["offload"]["assumed"] is True
    assert answer["offload"]["expert_layers_in_ram"] > 0
    assert answer["speed"]["bound_by"] == "host"


def test_what_cannot_be_helped_by_host_memory_has_no_speed(client: Client) -> None:
    vllm = {"runtime": "1cat-vllm", "quant": "AWQ", "split": "tensor"}
    status, answer = post(client, {**QUESTION, **vllm, "model": "deepseek-v3"})
    assert status == 200
    assert answer["memory"]["fits"] is False
    assert answer["speed"] is None
    assert answer["offload"] is None


def test_a_pasted_config_stands_in_for_a_model(client: Client) -> None:
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "num_hidden_layers": 80,
        "hidden_size": 8192,
        "num_attention_heads": 64,
        "num_key_value_heads": 8,
        "intermediate_size": 28672,
        "vocab_size": 128256,
        "tie_word_embeddings": False,
        "max_position_embeddings": 131072,
    }
    given = {key: value for key, value in QUESTION.items() if key != "model"}
    _, by_config = post(client, {**given, "architecture": config})
    _, by_name = post(client, QUESTION)
    assert by_config["memory"] == by_name["memory"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"model": "llama-9"}, "model", "unknown model 'llama-9'"),
        ({"gpu_count": -4}, "gpu_count", "from 1 to 64"),
        ({"context_tokens": 10**9}, "context_tokens", "16,777,216"),
        ({"gpu_cuont": 4}, "gpu_cuont", "is not a setting"),
        ({"architecture": {"model_type": "llama"}}, "architecture", "either model or architecture"),
        # 70.55 billion parameters: 8.82 GB are a bit each, 352.8 GB are forty
        ({"weights_bytes": 1}, "weights_bytes", "give from 8,819,213,312 to 352,768,532,480 bytes"),
        ({"weights_bytes": 8_819_213_311}, "weights_bytes", "from 1 to 40 bits"),
        ({"weights_bytes": 352_768_532_481}, "weights_bytes", "Real file size (weights_bytes)"),
    ],
)
def test_a_bad_key_is_422_and_named(client: Client, change: dict[str, Any], field: str, says: str) -> None:
    status, answer = post(client, {**QUESTION, **change})
    assert status == 422
    named = {error["field"]: error["message"] for error in answer["error"]["fields"]}
    assert says in named[field]


@pytest.mark.parametrize("size", [8_819_213_312, 352_768_532_480])
def test_a_size_at_the_edge_of_what_can_be_is_taken(client: Client, size: int) -> None:
    status, answer = post(client, {**QUESTION, "weights_bytes": size})
    assert status == 200
    assert answer["memory"]["weights_bytes_total"] == size


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null", b"\xff\xfe", "[" * 100_000, '{"gpu_count": 1e400}'])
def test_what_is_no_question_is_422(client: Client, body: str | bytes) -> None:
    status, answer = post(client, body)
    assert status == 422
    assert answer["error"]["message"]


def test_a_question_that_is_too_long_is_422_however_long(client: Client) -> None:
    for size in (300_000, 3_000_000):
        status, answer = post(client, " " * size)
        assert status == 422
        assert "too long" in answer["error"]["message"]


def test_an_architecture_nobody_understands_is_422_and_names_the_key(client: Client) -> None:
    given = {key: value for key, value in QUESTION.items() if key != "model"}
    status, answer = post(client, {**given, "architecture": {"model_type": "mystery"}})
    assert status == 422
    assert answer["error"]["fields"][0]["field"].startswith("architecture")


def test_the_api_documents_itself(client: Client) -> None:
    assert client.get("/api/v1/docs").status_code == 200
    document = client.get("/api/v1/openapi.json").json()
    schema = document["paths"]["/api/v1/estimate"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["quant"]["default"] == "Q4_K_M"
    assert {"gpu", "carrier", "context_tokens", "architecture"} <= set(schema["properties"])
