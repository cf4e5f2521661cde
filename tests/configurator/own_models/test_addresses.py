"""What people paste, told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.own_models.addresses import LONGEST, NotAModel, Pasted, read_pasted

HOSTS = ("huggingface.co", "hf.co")


@pytest.mark.parametrize(
    "text",
    [
        "Qwen/Qwen3-8B",
        " Qwen/Qwen3-8B\n",
        "hf.co/Qwen/Qwen3-8B",
        "huggingface.co/Qwen/Qwen3-8B/",
        "https://huggingface.co/Qwen/Qwen3-8B",
        "https://huggingface.co/Qwen/Qwen3-8B/tree/main",
        "https://huggingface.co/Qwen/Qwen3-8B?library=vllm#files",
        "http://HF.co/Qwen/Qwen3-8B",
    ],
)
def test_a_repository_is_understood_however_it_is_written(text: str) -> None:
    assert read_pasted(text, HOSTS) == Pasted(repository="Qwen/Qwen3-8B")


@pytest.mark.parametrize("verb", ["blob", "resolve", "raw"])
def test_the_address_of_a_file_keeps_revision_and_path(verb: str) -> None:
    found = read_pasted(f"https://huggingface.co/a/b/{verb}/v1/Q4_K_M/b%20c-00001-of-00002.gguf", HOSTS)
    assert found == Pasted(repository="a/b", revision="v1", path="Q4_K_M/b c-00001-of-00002.gguf")


def test_a_quantisation_after_a_colon_is_kept() -> None:
    assert read_pasted("hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M", HOSTS).wanted == "Q4_K_M"


def test_braces_begin_a_config_json() -> None:
    assert read_pasted('  {"model_type": "llama"}', HOSTS) == Pasted(config='{"model_type": "llama"}')


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a/b/resolve/main/c.gguf",
        "https://huggingface.co.example.org/a/b",
        "https://huggingface.co@example.org/a/b",
        "https://huggingface.co:8443/a/b",
        "file:///etc/passwd",
        "ftp://huggingface.co/a/b",
        "http://[::1",
    ],
)
def test_addresses_of_other_hosts_are_refused(text: str) -> None:
    with pytest.raises(NotAModel):
        read_pasted(text, HOSTS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "llama",
        "a/..",
        "../b",
        "a b/c",
        "a/b:c d",
        "https://huggingface.co/a/b/blob/main/../../c.gguf",
        "a" * (LONGEST + 1),
    ],
)
def test_what_names_no_model_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotAModel) as refused:
        read_pasted(text, HOSTS)
    assert str(refused.value).endswith(".") or str(refused.value).endswith(").")


@given(st.text(max_size=200))
def test_no_text_leads_out_of_the_hub(text: str) -> None:
    for pasted in (text, f"https://huggingface.co/{text}", f"a/b/resolve/main/{text}"):
        try:
            found = read_pasted(pasted, HOSTS)
        except NotAModel:
            continue
        assert found.config or found.repository.count("/") == 1
        assert ".." not in found.path.split("/")
