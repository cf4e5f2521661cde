"""Reading config.json. hf_configs.json holds what the published files of these models say."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.hf_config import UnsupportedConfig, model_spec_from_config
from catalog.hf_defaults import CLASS_DEFAULTS, READ_ON, SOURCE
from catalog.param_count import family_of
from catalog.specs import ModelSpec
from tests.catalog.model_files import catalog_model

Config = dict[str, Any]

CONFIGS: dict[str, Config] = json.loads((Path(__file__).parent / "hf_configs.json").read_text())
LLAMA_8B = CONFIGS["llama-3.1-8b"]
DEEPSEEK_V3 = CONFIGS["deepseek-v3"]
GPT_OSS_20B = CONFIGS["gpt-oss-20b"]
QWEN36_27B = CONFIGS["qwen3.6-27b"]


def described(model: ModelSpec) -> dict[str, Any]:
    """What a config.json can say: all but the names."""
    return {
        name: getattr(model, name) for name in ModelSpec.__dataclass_fields__ if name not in ("slug", "name", "hf_repo")
    }


def refusal(config: Any) -> UnsupportedConfig:
    with pytest.raises(UnsupportedConfig) as caught:
        model_spec_from_config(config)
    return caught.value


@pytest.mark.parametrize("slug", CONFIGS)
def test_a_config_gives_the_model_that_the_catalog_has(slug: str) -> None:
    assert described(model_spec_from_config(CONFIGS[slug])) == described(catalog_model(slug))


def test_the_slug_is_custom_unless_given() -> None:
    assert model_spec_from_config(LLAMA_8B).slug == "custom"
    assert model_spec_from_config(LLAMA_8B, slug="mine").slug == "mine"


def test_normalised_queries_and_keys_are_counted_where_the_config_says_so() -> None:
    # Command R+ has one vector of 128 for each of its 96 query and 8 key heads in 64 layers.
    config = {**CONFIGS["command-r-08-2024"], "num_hidden_layers": 64, "num_attention_heads": 96, "head_dim": 128}
    plain, normalised = (model_spec_from_config({**config, "use_qk_norm": on}).params_total for on in (False, True))
    assert normalised - plain == 64 * (96 + 8) * 128


def test_biases_are_counted_where_the_config_says_so() -> None:
    plain = model_spec_from_config(LLAMA_8B).params_total
    biased = model_spec_from_config({**LLAMA_8B, "attention_bias": True, "mlp_bias": True}).params_total
    assert biased - plain == 32 * (4096 + 2 * 1024 + 4096) + 32 * (2 * 14336 + 4096)


def test_a_dense_qwen_hybrid_needs_no_list_of_layer_types() -> None:
    text = {key: value for key, value in QWEN36_27B["text_config"].items() if key != "layer_types"}
    assert model_spec_from_config({**QWEN36_27B, "text_config": text}) == model_spec_from_config(QWEN36_27B)


def test_the_multi_token_prediction_layer_of_deepseek_is_not_in_the_file() -> None:
    assert DEEPSEEK_V3["num_nextn_predict_layers"] == 1
    assert model_spec_from_config(DEEPSEEK_V3).mtp_layers == 0


@pytest.mark.parametrize(
    "model_type",
    [
        "falcon",
        "mamba2",
        "nemotron_h",
        "deepseek_v32",
        "deepseek_v4",
        "glm_moe_dsa",
        "olmo3",
        "cohere2",
        "gemma3n",
        "x",
    ],
)
def test_a_model_type_that_is_not_understood_is_refused(model_type: str) -> None:
    error = refusal({**LLAMA_8B, "model_type": model_type})
    assert error.key == "model_type"
    assert model_type in error.message
    assert "qwen3_moe" in error.message  # what is supported instead


def test_an_architecture_class_that_is_not_understood_is_refused() -> None:
    assert refusal({**LLAMA_8B, "architectures": ["LlamaForSequenceClassification"]}).key == "architectures"


def test_a_class_and_a_model_type_of_two_families_are_refused() -> None:
    assert refusal({**LLAMA_8B, "architectures": ["Qwen3ForCausalLM"]}).key == "architectures"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("compress_ratios", [0, 4, 128]),
        ("ssm_cfg", {"d_state": 16}),
        ("mamba_d_state", 128),
        ("kv_lora_rank", 512),
        ("num_local_experts", 8),
        ("sliding_window", 4096),
        ("index_topk", 2048),
        ("hybrid_override_pattern", "M*M*"),
        ("block_configs", [{"attention": {"no_op": True}}]),
        ("linear_attn_config", {"kda_layers": [1]}),
        ("attn_type_list", [0, 1]),
        ("num_kv_shared_layers", 10),
        ("cross_attention_layers", [3, 8]),
        ("hc_mult", 4),
        ("moe_latent_size", 1024),
    ],
)
def test_a_key_about_layers_or_caches_that_the_family_does_not_have_is_refused_by_name(key: str, value: object) -> None:
    error = refusal({**LLAMA_8B, key: value})
    assert error.key == key
    assert key in error.message


@pytest.mark.parametrize("off", [None, False, 0, [], {}, ""])
def test_such_a_key_is_no_obstacle_where_it_is_off(off: object) -> None:
    assert model_spec_from_config({**LLAMA_8B, "num_kv_shared_layers": off}) == model_spec_from_config(LLAMA_8B)


@pytest.mark.parametrize(
    ("base", "change", "key"),
    [
        (LLAMA_8B, {"layer_types": ["full_attention"] * 31 + ["mamba"]}, "layer_types"),
        (LLAMA_8B, {"layer_types": ["full_attention"] * 31}, "layer_types"),
        (LLAMA_8B, {"layer_types": [["full_attention"]] * 32}, "layer_types"),
        (GPT_OSS_20B, {"layer_types": ["sliding_attention"] * 24}, "layer_types"),
        (GPT_OSS_20B, {"layer_types": ["full_attention", "sliding_attention"] * 12}, "layer_types"),
        (CONFIGS["qwen2.5-72b"], {"use_sliding_window": True}, "use_sliding_window"),
        (CONFIGS["qwen3-30b-a3b"], {"mlp_only_layers": [0]}, "mlp_only_layers"),
        (CONFIGS["qwen3-30b-a3b"], {"decoder_sparse_step": 2}, "decoder_sparse_step"),
        (CONFIGS["qwen3-30b-a3b"], {"num_experts_per_tok": 129}, "num_experts_per_tok"),
        (CONFIGS["qwen3-next-80b-a3b"], {"attn_output_gate": False}, "attn_output_gate"),
        (DEEPSEEK_V3, {"moe_layer_freq": 2}, "moe_layer_freq"),
        (DEEPSEEK_V3, {"first_k_dense_replace": 61}, "first_k_dense_replace"),
        (DEEPSEEK_V3, {"mlp_layer_types": ["sparse"] * 61}, "mlp_layer_types"),
        (LLAMA_8B, {"num_key_value_heads": 5}, "num_key_value_heads"),
        (LLAMA_8B, {"num_attention_heads": 24}, "head_dim"),
        (LLAMA_8B, {"text_config": {"model_type": "llama"}}, "text_config"),
        (QWEN36_27B, {"text_config": []}, "text_config"),
        (LLAMA_8B, {"architectures": "LlamaForCausalLM"}, "architectures"),
        (LLAMA_8B, {"model_type": 7}, "model_type"),
        (LLAMA_8B, {"tie_word_embeddings": "no"}, "tie_word_embeddings"),
        (LLAMA_8B, {"hidden_size": 65536, "intermediate_size": 10**6, "num_hidden_layers": 512}, "num_hidden_layers"),
    ],
)
def test_what_does_not_fit_together_is_refused(base: Config, change: Config, key: str) -> None:
    error = refusal({**base, **change})
    assert error.key == key
    assert key in error.message or key == "num_hidden_layers"


@pytest.mark.parametrize(
    "key", ["num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size"]
)
@pytest.mark.parametrize("value", [None, 0, -1, 10**30, 4096.0, float("nan"), float("inf"), "4096", True, [1], {}])
def test_a_size_that_is_missing_ill_typed_or_implausible_is_refused(key: str, value: object) -> None:
    error = refusal({**LLAMA_8B, key: value})
    assert error.key == key
    assert "whole number from" in error.message


@pytest.mark.parametrize("config", [None, [], "llama", 7, {}, {"model_type": None}, {1: 2}])
def test_what_is_no_config_is_refused(config: object) -> None:
    refusal(config)


def test_a_number_too_long_to_print_is_refused() -> None:
    assert refusal({**LLAMA_8B, "vocab_size": 10**100_000}).key == "vocab_size"


def test_a_long_key_or_value_does_not_fill_the_message() -> None:
    assert len(refusal({**LLAMA_8B, "attn_" + "x" * 10**6: 1}).message) < 200
    assert len(refusal({**LLAMA_8B, "model_type": "x" * 10**6}).message) < 500


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just(10**30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
text_keys = sorted({key for config in CONFIGS.values() for key in config.get("text_config", config)})
all_keys = st.sampled_from([*text_keys, "text_config", "no_rope_layers", "mlp_layer_types"]) | st.text(max_size=20)


@settings(deadline=None)
@given(st.dictionaries(all_keys, json_values, max_size=12))
def test_any_mapping_is_read_or_refused(config: Config) -> None:
    read_or_refuse(config)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CONFIGS)), st.dictionaries(all_keys, json_values, min_size=1, max_size=3))
def test_a_config_with_hostile_values_is_read_or_refused(slug: str, changes: Config) -> None:
    config = CONFIGS[slug]
    read_or_refuse({**config, **changes})
    if "text_config" in config:
        read_or_refuse({**config, "text_config": {**config["text_config"], **changes}})


def read_or_refuse(config: Config) -> None:
    try:
        model = model_spec_from_config(config)
    except UnsupportedConfig:
        return
    assert 0 < (model.params_active or 0) <= model.params_total


@pytest.mark.parametrize("slug", CONFIGS)
def test_a_config_without_one_of_its_keys_is_read_alike_or_refused(slug: str) -> None:
    config = CONFIGS[slug]
    for dropped in config:
        shorter = {key: value for key, value in config.items() if key != dropped}
        try:
            model = model_spec_from_config(shorter)
        except UnsupportedConfig:
            continue
        assert model.n_layers == catalog_model(slug).n_layers
        assert model.moe == catalog_model(slug).moe


# As google/gemma-3-4b-it, -12b-it and -27b-it have them: only what differs from transformers' Gemma3TextConfig.
GEMMA_3_OF_THE_HUB: dict[str, Config] = {
    "gemma-3-4b": {"hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34},
    "gemma-3-12b": {
        "hidden_size": 3840,
        "intermediate_size": 15360,
        "num_attention_heads": 16,
        "num_hidden_layers": 48,
        "num_key_value_heads": 8,
    },
    "gemma-3-27b": {
        "head_dim": 128,
        "hidden_size": 5376,
        "intermediate_size": 21504,
        "num_attention_heads": 32,
        "num_hidden_layers": 62,
        "num_key_value_heads": 16,
        "query_pre_attn_scalar": 168,
    },
}


def on_the_hub(slug: str) -> Config:
    text = {**GEMMA_3_OF_THE_HUB[slug], "model_type": "gemma3_text", "sliding_window": 1024}
    text["rope_scaling"] = {"factor": 8.0, "rope_type": "linear"}
    return {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "image_token_index": 262144,
        "mm_tokens_per_image": 256,
        "model_type": "gemma3",
        "text_config": text,
        "vision_config": {"hidden_size": 1152, "num_hidden_layers": 27},
    }


@pytest.mark.parametrize("slug", GEMMA_3_OF_THE_HUB)
def test_a_gemma_3_is_read_as_the_hub_has_it(slug: str) -> None:
    read, known = model_spec_from_config(on_the_hub(slug)), catalog_model(slug)
    sizes = ("n_layers", "hidden_size", "n_heads", "n_kv_heads", "head_dim", "intermediate_size", "window")
    assert {name: getattr(read, name) for name in sizes} == {name: getattr(known, name) for name in sizes}
    assert read.vocab_size == 262_208
    assert read.max_context_tokens == 131_072
    assert read.tie_embeddings


def test_what_a_config_says_goes_before_its_class() -> None:
    config = on_the_hub("gemma-3-4b")
    config["text_config"]["vocab_size"] = 262_144
    assert model_spec_from_config(config).vocab_size == 262_144


def test_sizes_that_no_file_leaves_out_are_still_asked_for() -> None:
    config = on_the_hub("gemma-3-4b")
    del config["text_config"]["hidden_size"]
    assert refusal(config).key == "hidden_size"


def test_no_class_lends_its_defaults_to_another_model_type() -> None:
    without = {key: value for key, value in LLAMA_8B.items() if key != "vocab_size"}
    assert refusal(without).key == "vocab_size"
    assert refusal({**LLAMA_8B, "num_attention_heads": None}).key == "num_attention_heads"


@pytest.mark.parametrize(
    ("slug", "left_out"),
    [
        ("gpt-oss-20b", ("head_dim", "num_key_value_heads", "num_attention_heads", "num_experts_per_tok")),
        ("gemma-2-27b", ("vocab_size", "sliding_window", "max_position_embeddings")),
        ("mixtral-8x7b", ("num_key_value_heads", "num_local_experts", "num_experts_per_tok")),
        ("mistral-7b-v0.1", ("num_key_value_heads",)),
        ("qwen3-4b", ("head_dim",)),
    ],
)
def test_keys_equal_to_the_class_may_be_left_out(slug: str, left_out: tuple[str, ...]) -> None:
    short = {key: value for key, value in CONFIGS[slug].items() if key not in left_out}
    assert model_spec_from_config(short) == model_spec_from_config(CONFIGS[slug])


def test_the_defaults_are_dated_and_sourced() -> None:
    assert date.fromisoformat(READ_ON).year == 2026
    assert SOURCE.startswith("https://github.com/huggingface/transformers")
    assert {family_of(family) for family in CLASS_DEFAULTS} == set(CLASS_DEFAULTS)
