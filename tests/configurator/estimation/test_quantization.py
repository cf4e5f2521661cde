"""Quantisations: names, block sizes, and the types llama.cpp's quantiser gives to the tensors of a file."""

from dataclasses import replace

import pytest

from configurator.estimation.mixes import tensor_types
from configurator.estimation.quantization import BLOCKS, FILE_TYPES, QUANTS, SAFETENSORS_QUANTS, canonical_quant
from configurator.estimation.tensors import tensors
from configurator.estimation.weights import file_weights
from tests.configurator.estimation.memory_cases import CASES, model

MIB = 2**20
# llama-quantize was asked about a gpt-oss of 16 bits throughout, which nobody published.
SIZES = [
    (slug, quant, mib)
    for slug, sizes in CASES["quantised_sizes"].items()
    for quant, mib in sizes.items()
    if (slug, quant) != ("gpt-oss-120b", "F16")
]


@pytest.mark.parametrize(("slug", "quant", "mib"), SIZES)
def test_a_file_is_as_large_as_llama_quantize_says(slug: str, quant: str, mib: float) -> None:
    assert file_weights(model(slug), quant).file / MIB == pytest.approx(mib, abs=0.006)


@pytest.mark.parametrize("case", CASES["published_sizes"], ids=lambda case: f"{case['model']}-{case['quant']}")
def test_a_published_file_is_that_large_within_its_tokenizer(case: dict[str, object]) -> None:
    computed = file_weights(model(str(case["model"])), str(case["quant"])).file
    assert computed == pytest.approx(float(str(case["bytes"])), rel=0.002)


@pytest.mark.parametrize(
    ("slug", "quant", "gigabytes"),
    [("llama-2-70b", "AWQ", 36.61)],  # four published shards of 9.94, 9.9, 9.9 and 6.87 GB
)
def test_a_published_awq_checkpoint_is_that_large(slug: str, quant: str, gigabytes: float) -> None:
    assert file_weights(model(slug), quant).file / 1e9 == pytest.approx(gigabytes, rel=0.002)


@pytest.mark.parametrize(
    ("slug", "quant", "gigabytes"),
    [  # sizes on the publishers' pages
        ("gpt-oss-120b", "F16", 65.39),
        ("qwen2.5-72b", "Q2_K_L", 31.03),
        ("qwen2.5-72b", "Q3_K_XL", 40.60),
        ("llama-3.1-70b", "Q4_K_L", 43.30),
        ("llama-3.1-70b", "Q6_K_L", 58.40),
    ],
)
def test_a_published_file_with_ends_of_eight_bits_or_experts_of_four_is_that_large(
    slug: str, quant: str, gigabytes: float
) -> None:
    assert file_weights(model(slug), quant).file / 1e9 == pytest.approx(gigabytes, rel=0.002)


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("q4_k_m", "Q4_K_M"),
        (" Q8_0 ", "Q8_0"),
        ("UD-Q4_K_XL", "Q4_K_M"),
        ("ud-iq2_xxs", "IQ2_XXS"),
        ("UD-Q3_K_XL", "Q3_K_M"),
        ("Q3_K_XL", "Q3_K_XL"),
        ("q2_k_l", "Q2_K_L"),
        ("Q4_K - Medium", "Q4_K_M"),
        ("Q5_K - Small", "Q5_K_S"),
        ("Q2_K - Medium", "Q2_K"),
        ("IQ4_XS - 4.25 bpw", "IQ4_XS"),
        ("UD-Q8_K_XL", "Q8_0"),
        ("fp16", "F16"),
        ("mxfp4", "MXFP4_MOE"),
        ("awq", "AWQ"),
        ("gptq-int4", "GPTQ-Int4"),
        ("nvfp4", "NVFP4"),
    ],
)
def test_a_quantisation_has_one_canonical_name(name: str, canonical: str) -> None:
    assert canonical_quant(name) == canonical
    assert canonical in QUANTS


@pytest.mark.parametrize("name", ["", "Q9_K", "Q4", "UD-", "int4", "Q4_K_M\n; DROP"])
def test_an_unknown_quantisation_is_refused_with_the_names_that_are_known(name: str) -> None:
    with pytest.raises(ValueError, match=r"Q4_K_M.*GPTQ-Int4"):
        canonical_quant(name)


def test_every_canonical_name_stands_for_itself() -> None:
    assert [canonical_quant(name.lower()) for name in QUANTS] == list(QUANTS)


@pytest.mark.parametrize(
    ("ggml_type", "bits_per_weight"),
    [("Q4_0", 4.5), ("Q8_0", 8.5), ("Q2_K", 2.625), ("Q4_K", 4.5), ("Q6_K", 6.5625), ("IQ4_XS", 4.25), ("MXFP4", 4.25)],
)
def test_a_block_has_the_bits_of_its_format(ggml_type: str, bits_per_weight: float) -> None:
    elements, size = BLOCKS[ggml_type]
    assert 8 * size / elements == bits_per_weight


def test_rows_that_are_no_whole_blocks_fall_back_to_another_type() -> None:
    qwen = model("qwen2.5-72b")  # its feed-forward is 29,568 wide, which 256 does not divide
    listed = tensors(qwen)
    types = dict(zip((t.name for t in listed), tensor_types(qwen, "Q4_K_M", listed), strict=True))
    assert types["blk.0.ffn_down.weight"] == "Q8_0"  # in place of Q6_K
    assert types["blk.20.ffn_down.weight"] == "Q5_0"  # in place of Q4_K
    assert types["blk.0.attn_norm.weight"] == "F32"


def test_an_odd_width_is_still_sized() -> None:
    odd = replace(model("mistral-7b-v0.1"), hidden_size=4099, intermediate_size=10007)
    assert all(file_weights(odd, quant).file > 0 for quant in QUANTS)


def test_more_bits_make_a_larger_file() -> None:
    order = ["IQ1_S", "IQ2_XXS", "IQ3_XXS", "Q3_K_M", "Q4_K_S", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16", "F32"]
    for slug in CASES["models"]:
        if slug.startswith("gpt-oss"):  # its rows fall back, so that many types are one
            continue
        sizes = [file_weights(model(slug), quant).file for quant in order]
        assert sizes == sorted(sizes), slug


def test_every_quantisation_sizes_every_model() -> None:
    assert set(QUANTS) == set(FILE_TYPES) | set(SAFETENSORS_QUANTS)
    for slug in CASES["models"]:
        assert all(file_weights(model(slug), quant).file > 0 for quant in QUANTS)
