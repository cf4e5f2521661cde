from dataclasses import replace

import pytest

from catalog.param_count import LAYOUTS, count_parameters, family_of
from catalog.specs import LinearAttentionSpec
from tests.catalog.model_files import SLUGS, catalog_model

# Totals as Hugging Face states them for repositories of the main weights alone.
PUBLISHED = {
    "llama-3.1-8b": 8_030_261_248,
    "llama-3.1-70b": 70_553_706_496,
    "llama-3.1-405b": 405_853_388_800,
    "llama-3.3-70b": 70_553_706_496,
    "llama-3.2-1b": 1_235_814_400,
    "llama-3.2-3b": 3_212_749_824,
    "llama-2-70b": 68_976_648_192,
    "r1-distill-llama-8b": 8_030_261_248,
    "r1-distill-llama-70b": 70_553_706_496,
    "nemotron-70b": 70_553_706_496,
    "qwen2.5-7b": 7_615_616_512,
    "qwen2.5-32b": 32_763_876_352,
    "qwen2.5-72b": 72_706_203_648,
    "qwq-32b": 32_763_876_352,
    "r1-distill-qwen-7b": 7_615_616_512,
    "r1-distill-qwen-32b": 32_763_876_352,
    "qwen3-4b": 4_022_468_096,
    "qwen3-8b": 8_190_735_360,
    "qwen3-32b": 32_762_123_264,
    "qwen3-30b-a3b": 30_532_122_624,
    "qwen3-235b-a22b": 235_093_634_560,
    "qwen3-coder-30b-a3b": 30_532_122_624,
    "qwen3-coder-480b-a35b": 480_154_875_392,
    "qwen3-coder-next-80b-a3b": 79_674_391_296,
    "deepseek-v3": 671_026_419_200,
    "deepseek-r1": 671_026_419_200,
    "deepseek-v3.1": 671_026_419_200,
    "deepseek-v2-lite": 15_706_484_224,
    "kimi-k2": 1_026_408_235_864,
    "glm-4.5-air": 106_852_251_264,
    "gpt-oss-20b": 20_914_757_184,
    "gpt-oss-120b": 116_829_156_672,
    "mistral-7b-v0.3": 7_248_023_552,
    "mistral-7b-v0.1": 7_241_732_096,
    "mistral-nemo-12b": 12_247_782_400,
    "mistral-small-24b": 23_572_403_200,
    "mistral-large-123b": 122_610_069_504,
    "mixtral-8x7b": 46_702_792_704,
    "mixtral-8x22b": 140_620_634_112,
    "gemma-2-9b": 9_241_705_984,
    "gemma-2-27b": 27_227_128_320,
    "phi-4": 14_659_507_200,
    "granite-3.3-8b": 8_170_864_640,
    "olmo-2-7b": 7_298_617_344,
}


COUNTED = [slug for slug in SLUGS if family_of(catalog_model(slug).architecture)]


@pytest.mark.parametrize("slug", PUBLISHED)
def test_the_count_is_what_hugging_face_states(slug: str) -> None:
    # Kimi K2's figure includes 3,416 scales; Mixtral 8x22B's is that of the smaller base vocabulary.
    assert count_parameters(catalog_model(slug)).total == pytest.approx(PUBLISHED[slug], rel=1e-4)


@pytest.mark.parametrize("slug", COUNTED)
def test_the_count_is_what_the_catalog_has(slug: str) -> None:
    model = catalog_model(slug)
    counted = count_parameters(model)
    assert counted.total == pytest.approx(model.params_total, rel=1e-5)
    assert counted.active == pytest.approx(model.params_active, rel=1e-5)


def test_most_of_the_catalog_can_be_counted() -> None:
    assert len(COUNTED) >= 70


def test_an_untied_input_embedding_is_not_read_for_a_token() -> None:
    model = catalog_model("llama-3.1-8b")
    counted = count_parameters(model)
    assert counted.total - counted.active == 128_256 * 4096
    tied = count_parameters(replace(model, tie_embeddings=True))
    assert tied.total == tied.active == counted.active


def test_experts_that_are_not_chosen_are_not_read_for_a_token() -> None:
    counted = count_parameters(catalog_model("mixtral-8x7b"))
    assert counted.total - counted.active == 32 * (8 - 2) * 3 * 4096 * 14336 + 32_000 * 4096


def test_an_architecture_without_a_known_layout_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="FalconForCausalLM"):
        count_parameters(catalog_model("falcon-7b"))


def test_linear_attention_of_another_kind_cannot_be_counted() -> None:
    model = catalog_model("qwen3.6-27b")
    assert isinstance(model.linear, LinearAttentionSpec)
    with pytest.raises(ValueError, match="kda"):
        count_parameters(replace(model, linear=replace(model.linear, kind="kda")))
    with pytest.raises(ValueError, match="which layers"):
        count_parameters(replace(model, linear=replace(model.linear, full_attention_interval=None)))


def test_every_family_names_itself() -> None:
    assert all(family_of(family) == family for family in LAYOUTS)
    assert family_of("MambaForCausalLM") is None
