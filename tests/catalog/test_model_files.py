"""The language models under catalog/data/models, checked against what is known of them elsewhere."""

import pytest

from catalog.specs import ModelSpec
from tests.catalog.model_files import SLUGS, catalog_model, model_file


def layers_with_a_cache(model: ModelSpec) -> int:
    if model.linear is None:
        return model.n_layers
    assert model.linear.n_full_layers is not None
    return model.linear.n_full_layers


def test_there_are_87_models() -> None:
    assert len(SLUGS) == 87


@pytest.mark.parametrize("slug", SLUGS)
def test_a_file_is_named_after_its_slug_and_gives_a_spec(slug: str) -> None:
    assert model_file(slug)["slug"] == slug
    assert catalog_model(slug).slug == slug


def test_models_that_cannot_be_described_are_refused_with_a_reason() -> None:
    refused = {slug for slug in SLUGS if catalog_model(slug).refusal}
    assert refused == {"llama-4-behemoth", "kimi-k3", "nemotron-super-49b"}
    assert catalog_model("llama-4-behemoth").refusal == (
        "No weights and no configuration were ever published, so there is nothing to size."
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_a_source_without_an_address_is_not_called_official_for_sizes(slug: str) -> None:
    item = model_file(slug)
    source = item["sources"][item["figures"]["n_layers"]["source"]]
    assert source["href"].startswith("https://") or source["confidence"] == "unverified"


# Bytes of key and value cache a token at 16 bits, as runtimes log them or the configuration gives them.
@pytest.mark.parametrize(
    ("slug", "bytes_per_token"),
    [
        ("llama-3.1-8b", 131_072),
        ("llama-3.1-405b", 516_096),
        ("qwen2.5-72b", 327_680),
        ("qwen3-235b-a22b", 192_512),
        ("qwen3-next-80b-a3b", 24_576),
        ("qwen3.6-27b", 65_536),
        ("qwen3.8-27b", 65_536),
        ("command-r-v01", 1_310_720),
        ("glm-4.5-air", 188_416),
        ("minimax-m1", 40_960),
        ("nemotron-3-nano-30b-a3b", 6_144),
        ("falcon-7b", 8_192),
    ],
)
def test_the_cache_of_a_token_is_as_large_as_runtimes_say(slug: str, bytes_per_token: int) -> None:
    model = catalog_model(slug)
    assert layers_with_a_cache(model) * 2 * model.n_kv_heads * model.head_dim * 2 == bytes_per_token


@pytest.mark.parametrize(("slug", "bytes_per_token"), [("deepseek-v3", 70_272), ("glm-5", 89_856)])
def test_the_latent_cache_of_a_token_is_as_large_as_runtimes_say(slug: str, bytes_per_token: int) -> None:
    model = catalog_model(slug)
    assert model.mla is not None
    assert model.n_layers * (model.mla.kv_lora_rank + model.mla.qk_rope_head_dim) * 2 == bytes_per_token


# What llama.cpp's layer split counts: DeepSeek V3 on four GPUs holds 16, 15, 16 and 14 layers, so 62 units, not 63.
@pytest.mark.parametrize(
    ("slug", "blocks"),
    [
        ("deepseek-v3", 0),
        ("deepseek-r1", 0),
        ("glm-4.5-air", 1),
        ("glm-4.6", 1),
        ("qwen3.5-27b", 0),
        ("qwen3.5-35b-a3b", 0),
        ("qwen3.5-122b-a10b", 1),
        ("qwen3.6-27b", 1),
        ("qwen3.6-35b-a3b", 1),
        ("qwen3.8-27b", 1),
        ("qwen3-next-80b-a3b", 0),
    ],
)
def test_multi_token_prediction_layers_are_those_the_file_carries(slug: str, blocks: int) -> None:
    assert catalog_model(slug).mtp_layers == blocks


@pytest.mark.parametrize(
    ("slug", "tokens", "period", "chunked"),
    [
        ("gemma-2-27b", 4096, 2, False),
        ("gemma-3-27b", 1024, 6, False),
        ("gemma-4-31b", 1024, 6, False),
        ("gpt-oss-120b", 128, 2, False),
        ("llama-4-scout", 8192, 4, True),
        ("mistral-7b-v0.1", 4096, 1, False),
    ],
)
def test_windows_are_those_of_llama_cpp(slug: str, tokens: int, period: int, chunked: bool) -> None:
    window = catalog_model(slug).window
    assert window is not None
    assert (window.window_tokens, window.period, window.chunked) == (tokens, period, chunked)


@pytest.mark.parametrize("slug", ["phi-4", "olmo-2-32b", "mistral-7b-v0.3", "qwen2.5-72b"])
def test_models_without_a_window_have_none(slug: str) -> None:
    assert catalog_model(slug).window is None
