"""Models people add, from the hub, a text or a file, to an estimate."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog import snapshot
from configurator.choice import InvalidChoice, parse
from configurator.estimates import specs
from configurator.estimation.weights import file_weights
from configurator.models import OwnModel
from configurator.own_models.add import CannotAdd, ChooseFile, add_file, add_text, checkpoint_quant, known_files
from configurator.own_models.find import find_model, spec_of
from tests.configurator.own_models.gguf_files import PUBLISHED, tensors_of, write_gguf
from tests.configurator.own_models.hub_server import HubServer

pytestmark = pytest.mark.django_db

LLAMA_1B = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
}


def gguf_bytes(slug: str, quant: str, file_type: int, path: Path) -> bytes:
    architecture, _, keys = PUBLISHED[slug]
    listed = tensors_of(snapshot.current().models[slug], quant)
    return write_gguf(path / "head.gguf", architecture, keys, listed, file_type=file_type).read_bytes()


def safetensors_bytes(sizes: dict[str, int]) -> bytes:
    head, at = {}, 0
    for name, size in sizes.items():
        head[name] = {"dtype": "BF16", "shape": [size // 2], "data_offsets": [at, at + size]}
        at += size
    body = json.dumps(head).encode()
    return len(body).to_bytes(8, "little") + body + bytes(2000)


def ask(row: OwnModel, **settings: Any) -> Any:
    question = {"model": row.slug, "gpu": "v100-sxm2-16gb", **settings}
    return specs(parse(question), snapshot.current(), None)[1]


def test_a_pasted_config_json_can_be_estimated() -> None:
    row = add_text(json.dumps(LLAMA_1B))
    workload = ask(row)
    assert (workload.model.n_layers, workload.model.slug) == (16, row.slug)
    # the published llama-3.2-1b Q8_0 blob is 1,321,082,688 bytes, its vocabulary included
    assert file_weights(workload.model, "Q8_0").file == pytest.approx(1_321_082_688, rel=0.01)


def test_the_same_config_is_kept_once() -> None:
    assert add_text(json.dumps(LLAMA_1B)).slug == add_text(json.dumps(LLAMA_1B, indent=4)).slug
    assert OwnModel.objects.count() == 1


def test_another_config_has_another_address() -> None:
    assert add_text(json.dumps(LLAMA_1B)).slug != add_text(json.dumps({**LLAMA_1B, "num_hidden_layers": 8})).slug


def test_a_key_that_is_not_understood_is_named_and_nothing_is_kept() -> None:
    with pytest.raises(CannotAdd, match="num_memory_slots") as refused:
        add_text(json.dumps({**LLAMA_1B, "num_memory_slots": 4}))
    assert refused.value.key == "num_memory_slots"
    assert not OwnModel.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ',
        "{" * 10_000,
        '{"a": NaN}',
        '{"model_type": "ll\\u0000ama"}',
        '{"model_type": "\\ud800"}',
        '{"x": 1e999}',
    ],
)
def test_texts_that_are_no_config_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(CannotAdd):
        add_text(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "a\0b", "\ud800"])
def test_values_no_database_holds_are_refused(value: object) -> None:
    with pytest.raises(CannotAdd):
        add_text(json.dumps({**LLAMA_1B, "transformers_version": value}))


def test_a_repository_gives_its_config_and_the_exact_bytes_of_its_checkpoint(hub: HubServer) -> None:
    hub.add(
        "meta/small",
        config__json={**LLAMA_1B, "quantization_config": {"quant_method": "fp8"}},
        **{
            "model-00001-of-00002__safetensors": safetensors_bytes({"model.layers.0.mlp.up_proj.weight": 4000}),
            "model-00002-of-00002__safetensors": safetensors_bytes({"lm_head.weight": 600, "vision_tower.a": 100}),
        },
    )
    row = add_text("meta/small")
    assert (row.name, row.quant, row.weights_bytes) == ("small", "FP8", 4600)
    assert row.address == f"{hub.address}/meta/small"
    assert find_model(snapshot.current(), row.slug).hf_repo == "meta/small"


def test_a_head_longer_than_the_first_read_is_read_to_its_end(hub: HubServer) -> None:
    many = {f"model.layers.{layer}.mlp.experts.{n}.weight": 2 for layer in range(16) for n in range(400)}
    whole = safetensors_bytes(many)
    assert len(whole) > 2**18
    hub.add("meta/small", config__json=LLAMA_1B, model__safetensors=whole)
    assert add_text("meta/small").weights_bytes == 2 * len(many)


def test_a_gguf_file_on_the_hub_is_read_by_its_head_only(hub: HubServer, tmp_path: Path) -> None:
    head = gguf_bytes("qwen3-30b-a3b", "Q4_K_M", 15, tmp_path)
    hub.add("a/q", **{"Qwen3-30B-A3B-Q4_K_M__gguf": head + bytes(30_000_000)})
    row = add_text(f"{hub.address}/a/q/blob/main/Qwen3-30B-A3B-Q4_K_M.gguf")
    model = snapshot.current().models["qwen3-30b-a3b"]
    assert (row.name, row.quant, row.weights_bytes) == (
        "Qwen3-30B-A3B-Q4_K_M",
        "Q4_K_M",
        file_weights(model, "Q4_K_M").file,
    )
    assert hub.sent_bytes < 3_000_000
    assert ask(row, quant="Q4_K_M").model.params_total == model.params_total


def test_all_parts_of_a_file_are_read(hub: HubServer, tmp_path: Path) -> None:
    architecture, _, keys = PUBLISHED["qwen3-30b-a3b"]
    listed = tensors_of(snapshot.current().models["qwen3-30b-a3b"], "Q8_0")
    first = write_gguf(tmp_path / "1", architecture, {**keys}, listed[:200], file_type=7).read_bytes()
    second = write_gguf(tmp_path / "2", architecture, {}, listed[200:]).read_bytes()
    hub.add("a/q", **{"q-00001-of-00002__gguf": first, "q-00002-of-00002__gguf": second})
    row = add_text(f"{hub.address}/a/q/resolve/main/q-00001-of-00002.gguf")
    assert len(row.content["tensors"]) == len(listed)


def test_a_repository_of_gguf_files_asks_which(hub: HubServer, tmp_path: Path) -> None:
    head = gguf_bytes("qwen3-30b-a3b", "Q8_0", 7, tmp_path)
    hub.add("a/q", **{"q-Q8_0__gguf": head, "q-Q4_K_M__gguf": b"GGUF", "mmproj-q-F16__gguf": b"GGUF"})
    with pytest.raises(ChooseFile) as several:
        add_text("a/q")
    assert [file.quant for file in several.value.files] == ["Q4_K_M", "Q8_0"]
    row = add_text("a/q:q8_0")
    assert row.quant == "Q8_0"
    assert {file["quant"] for file in row.files} == {"Q4_K_M", "Q8_0"}


def test_a_quantisation_that_is_not_there_names_those_that_are(hub: HubServer) -> None:
    hub.add("a/q", **{"q-Q8_0__gguf": b"GGUF", "q-Q4_K_M__gguf": b"GGUF"})
    with pytest.raises(CannotAdd, match=r"has no GGUF file Q3_K_M\. It has: Q4_K_M, Q8_0"):
        add_text("a/q:Q3_K_M")


def test_a_repository_without_anything_to_read_is_said_so(hub: HubServer) -> None:
    hub.add("a/lora", adapter_config__json={})
    with pytest.raises(CannotAdd, match=r"neither a config\.json nor a GGUF file"):
        add_text("a/lora")


def test_a_file_that_ends_within_its_head_is_said_so(hub: HubServer, tmp_path: Path) -> None:
    hub.add("a/q", q__gguf=gguf_bytes("qwen3-30b-a3b", "Q8_0", 7, tmp_path)[:5000])
    with pytest.raises(CannotAdd, match="ends before its head does"):
        add_text(f"{hub.address}/a/q/resolve/main/q.gguf")


def test_a_chosen_file_is_read_by_what_it_holds(tmp_path: Path) -> None:
    row = add_file("my model.gguf", gguf_bytes("llama-3.3-70b", "Q4_K_M", 15, tmp_path) + bytes(1000))
    assert (row.name, row.kind, row.quant) == ("my model", "gguf", "Q4_K_M")
    assert add_file("config.json", json.dumps(LLAMA_1B).encode()).kind == "config"


@pytest.mark.parametrize("start", [b"\x89PNG\r\n", b"GGUF", b"", b"{}", b"GGUF" + bytes(100), "é".encode("latin-1")])
def test_other_files_are_refused_with_a_sentence(start: bytes) -> None:
    with pytest.raises(CannotAdd):
        add_file("x\u202egnp.exe", start)


def test_one_part_of_a_chosen_file_points_to_the_whole(tmp_path: Path) -> None:
    written = write_gguf(tmp_path / "a", "llama", {}, [("token_embd.weight", (256, 4), "F16")])
    data = written.read_bytes()
    with pytest.raises(CannotAdd):
        add_file("a-00001-of-00003.gguf", data)


@pytest.mark.parametrize(
    ("described", "quant"),
    [
        ({"quant_method": "awq", "bits": 4}, "AWQ"),
        ({"quant_method": "gptq", "bits": 4}, "GPTQ-Int4"),
        ({"quant_method": "gptq", "bits": 8}, "GPTQ-Int8"),
        ({"quant_method": "gptq", "bits": 3}, ""),
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "FP8"),
        ({"quant_method": "mxfp4"}, "MXFP4_MOE"),
        ({"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized"}, "NVFP4"),
        ({"quant_method": "compressed-tensors", "format": "pack-quantized"}, ""),
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, "FP8"),
        ("fp8", ""),
    ],
)
def test_the_quantisation_of_a_checkpoint_is_read_or_left_unknown(described: object, quant: str) -> None:
    assert checkpoint_quant({"quantization_config": described}) == quant


def test_an_unquantised_checkpoint_is_named_by_its_type() -> None:
    assert checkpoint_quant({"text_config": {"dtype": "bfloat16"}}) == "BF16"


@pytest.mark.parametrize(
    ("path", "quant"),
    [
        ("Llama-3.3-70B-Instruct-Q4_K_M.gguf", "Q4_K_M"),
        ("UD-Q4_K_XL/DeepSeek-V3-UD-Q4_K_XL-00001-of-00009.gguf", "UD-Q4_K_XL"),
        ("BF16/model-BF16-00001-of-00002.gguf", "BF16"),
        ("qwen3-8b-iq3_xxs.gguf", "IQ3_XXS"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("model-fp16.gguf", "F16"),
        ("model.gguf", ""),
    ],
)
def test_the_quantisation_is_read_from_a_file_s_name(path: str, quant: str) -> None:
    assert [file.quant for file in known_files({path: 10})] == [quant]


def test_parts_of_a_file_are_summed_up() -> None:
    (file,) = known_files({f"a-Q8_0-0000{n}-of-00003.gguf": 10 * n for n in (1, 2, 3)})
    assert (file.size_bytes, file.path) == (60, "a-Q8_0-00001-of-00003.gguf")


def test_a_slug_nobody_added_is_an_error_of_the_model() -> None:
    with pytest.raises(InvalidChoice, match="own-0123456789abcdef"):
        specs(parse({"model": "own-0123456789abcdef", "gpu": "v100-sxm2-16gb"}), snapshot.current(), None)


def test_a_row_this_version_no_longer_understands_says_so() -> None:
    row = OwnModel(slug="own-1", kind="config", name="Old", content={"config": {"model_type": "gone"}})
    assert "gone" in (spec_of(row).refusal or "")
