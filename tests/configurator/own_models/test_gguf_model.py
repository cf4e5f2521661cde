"""Models out of the metadata of published GGUF files, beside the catalog's, which come from config.json."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import snapshot
from catalog.specs import ModelSpec
from configurator.estimation.families import family_of
from configurator.estimation.memory import memory
from configurator.estimation.token_work import token_work
from configurator.estimation.types import Build, Workload
from configurator.estimation.weights import file_weights
from configurator.own_models.gguf import GgufError, GgufHead, GgufTensor, read_head
from configurator.own_models.gguf_keys import UnsupportedGguf
from configurator.own_models.gguf_model import ARCHITECTURES, file_quant, model_spec_from_gguf
from tests.configurator.own_models.gguf_files import PUBLISHED, Written, tensors_of, write_gguf

pytestmark = pytest.mark.django_db

QUANTS = {7: "Q8_0", 15: "Q4_K_M", 38: "MXFP4_MOE"}


def head_of(slug: str, path: Path, changes: Mapping[str, Any] | None = None, extra: Written | None = None) -> GgufHead:
    """The head of a published file, keys changed (None = taken out), one tensor added."""
    architecture, file_type, published = PUBLISHED[slug]
    keys = {key: value for key, value in {**published, **(changes or {})}.items() if value is not None}
    listed = tensors_of(snapshot.current().models[slug], QUANTS[file_type])
    listed += [extra] if extra else []
    written = write_gguf(path / f"{slug}.gguf", architecture, keys, listed, name=slug, file_type=file_type)
    return read_head(written.read_bytes())


def read(head: GgufHead) -> ModelSpec:
    return model_spec_from_gguf(head, "own-0", "a file")


@pytest.mark.parametrize("slug", PUBLISHED)
def test_a_file_gives_the_same_architecture_as_the_catalog(slug: str, tmp_path: Path) -> None:
    known, found = snapshot.current().models[slug], read(head_of(slug, tmp_path))
    assert family_of(found) == family_of(known)
    assert nameless(found) == nameless(known)


def nameless(model: ModelSpec) -> ModelSpec:
    return replace(model, slug="", name="", hf_repo="", architecture="", file=None)


@pytest.mark.parametrize(
    ("slug", "tensor_count", "billions"),
    # llama.cpp's own figures for these files, multi-token-prediction layers included
    [("glm-4.5-air", 803, 110.469), ("kimi-k2", 1096, 1026.408)],
)
def test_tensors_and_parameters_are_those_llama_cpp_printed(
    slug: str, tensor_count: int, billions: float, tmp_path: Path
) -> None:
    head = head_of(slug, tmp_path)
    assert len(head.tensors) == tensor_count
    assert sum(tensor.elements for tensor in head.tensors) / 1e9 == pytest.approx(billions, abs=0.0005)


@pytest.mark.parametrize("slug", PUBLISHED)
def test_a_file_of_the_usual_types_is_estimated_like_the_catalog_s_model(slug: str, tmp_path: Path) -> None:
    catalog = snapshot.current()
    known, found = catalog.models[slug], read(head_of(slug, tmp_path))
    quant = found.file.quant if found.file else ""
    assert file_weights(found, quant) == file_weights(known, quant)
    assert token_work(found, quant) == token_work(known, quant)
    build = Build(catalog.gpus["v100-sxm2-32gb"], 4, None, 0)
    plans = [memory(build, Workload(m, quant, split="layer", pipeline_parallel=4)) for m in (known, found)]
    assert plans[0] == plans[1]


def test_a_file_s_own_types_count_in_its_quantisation_only(tmp_path: Path) -> None:
    model = snapshot.current().models["llama-3.3-70b"]
    better = [(name, shape, "Q8_0" if kind == "Q6_K" else kind) for name, shape, kind in tensors_of(model, "Q4_K_M")]
    architecture, file_type, keys = PUBLISHED["llama-3.3-70b"]
    written = write_gguf(tmp_path / "own.gguf", architecture, keys, better, file_type=file_type)
    head = read_head(written.read_bytes())
    own = read(head)
    assert file_weights(own, "Q4_K_M").file == sum(tensor.stored_bytes for tensor in head.tensors)
    assert file_weights(own, "Q4_K_M").file > file_weights(model, "Q4_K_M").file
    assert file_weights(own, "Q5_K_M") == file_weights(model, "Q5_K_M")


@pytest.mark.parametrize(
    ("slug", "changes", "named"),
    [
        ("llama-3.3-70b", {"attention.sliding_window_pattern": 4, "wkv.head_size": 64}, "llama.wkv.head_size"),
        ("qwen3-30b-a3b", {"attention.sliding_window": 4096}, "qwen3moe.attention.sliding_window"),
        ("gemma-3-27b", {"attention.sliding_window_pattern": 3}, "gemma3.attention.sliding_window_pattern"),
        ("kimi-k2", {"attention.key_length_mla": None}, "deepseek2.attention.key_length_mla"),
        ("gpt-oss-20b", {"attention.value_length": 128}, "gpt-oss.attention.value_length"),
        ("llama-3.3-70b", {"attention.head_count_kv": [8] * 79 + [4]}, "llama.attention.head_count_kv"),
        ("llama-3.3-70b", {"embedding_length": None}, "llama.embedding_length"),
        ("llama-3.3-70b", {"attention.shared_kv_layers": 4}, "llama.attention.shared_kv_layers"),
    ],
)
def test_what_is_not_understood_is_named(slug: str, changes: Mapping[str, Any], named: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedGguf) as refused:
        read(head_of(slug, tmp_path, changes))
    assert refused.value.key == named
    assert named in str(refused.value)


def test_an_architecture_nobody_listed_is_named_with_those_that_are(tmp_path: Path) -> None:
    written = write_gguf(tmp_path / "a.gguf", "rwkv7", {"block_count": 4}, [("token_embd.weight", (256, 100), "F16")])
    with pytest.raises(UnsupportedGguf, match=r"general\.architecture is rwkv7; understood are llama"):
        read(read_head(written.read_bytes()))


def test_large_tensors_nobody_expects_are_refused(tmp_path: Path) -> None:
    strange = ("blk.3.laurel_l.weight", (8192, 120_000), "Q4_K")
    with pytest.raises(UnsupportedGguf, match="laurel_l"):
        read(head_of("llama-3.3-70b", tmp_path, extra=strange))


def test_one_part_of_several_is_told_apart_from_a_strange_model(tmp_path: Path) -> None:
    head = head_of("llama-3.3-70b", tmp_path)
    with pytest.raises(UnsupportedGguf, match="comes in parts"):
        read(replace(head, tensors=head.tensors[: len(head.tensors) // 2]))


def test_a_projector_for_pictures_is_no_language_model(tmp_path: Path) -> None:
    head = head_of("llama-3.3-70b", tmp_path)
    with pytest.raises(UnsupportedGguf, match="projector"):
        read(replace(head, tensors=(GgufTensor("v.patch_embd.weight", (14, 14, 3), "F16"),)))


def test_without_a_file_type_the_most_used_type_names_the_quantisation() -> None:
    tensors = (GgufTensor("a", (256, 10), "Q6_K"), GgufTensor("b", (256, 100), "Q5_K"))
    assert file_quant(GgufHead({}, {}, tensors)) == "Q5_K_S"


def test_layers_without_a_cache_may_be_written_as_zero_heads(tmp_path: Path) -> None:
    heads = [4 if (layer + 1) % 4 == 0 else 0 for layer in range(65)]
    found = read(head_of("qwen3.6-27b", tmp_path, {"attention.head_count_kv": heads}))
    assert found.n_kv_heads == 4


values = st.one_of(st.integers(-(2**63), 2**63), st.booleans(), st.text(max_size=5), st.tuples(st.integers(0, 9)))


@given(
    architecture=st.sampled_from(sorted(ARCHITECTURES)),
    keys=st.dictionaries(st.sampled_from(sorted({k for _, _, keys in PUBLISHED.values() for k in keys})), values),
    shapes=st.lists(st.tuples(st.sampled_from(["token_embd.weight", "blk.0.attn_q.weight"]), st.integers(1, 2**20))),
)
def test_any_metadata_end_in_a_model_or_a_refusal(
    architecture: str, keys: dict[str, Any], shapes: list[tuple[str, int]]
) -> None:
    metadata = {"general.architecture": architecture, **{f"{architecture}.{key}": keys[key] for key in keys}}
    tensors = tuple(GgufTensor(name, (256, size), "F16") for name, size in dict(shapes).items())
    try:
        read(GgufHead(metadata, {}, tensors))
    except GgufError:
        return
