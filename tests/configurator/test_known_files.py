"""Real files whose size is known, offered beside the computed size."""

import pytest
from django.test import Client
from django.urls import reverse

from configurator.known_files import estimable_quant, known_files
from configurator.models import OwnModel

pytestmark = pytest.mark.django_db


def test_published_files_of_a_model_are_known_smallest_first() -> None:
    files = known_files("qwen3.6-27b")
    assert len(files) > 10
    assert list(files) == sorted(files, key=lambda file: file.size_bytes)
    assert all(file.source and file.source.title for file in files)


def test_blobs_that_may_hold_a_tower_for_pictures_are_left_out() -> None:
    # ollama's Gemma 3 27B Q4_K_M blob is 17.4 GB, tower included; llama.cpp loads 16.5 GB of it
    assert all(file.size_bytes < 17_000_000_000 or file.quant != "Q4_K_M" for file in known_files("gemma-3-27b"))


def test_a_model_nobody_published_files_of_has_none() -> None:
    assert known_files("no-such-model") == ()


def test_files_of_an_added_model_are_those_of_its_repository() -> None:
    listed = [
        {"quant": "Q8_0", "size_bytes": 9_000_000_000, "path": "a-Q8_0.gguf"},
        {"quant": "Q4_K_M", "size_bytes": 5_000_000_000, "path": "a-Q4_K_M.gguf"},
        {"quant": "", "size_bytes": 1, "path": "a.gguf"},
    ]
    row = OwnModel.objects.create(slug="own-1", kind="config", name="a", content={}, files=listed)
    assert [(file.quant, file.size_bytes) for file in known_files(row.slug)] == [
        ("Q4_K_M", 5_000_000_000),
        ("Q8_0", 9_000_000_000),
    ]


@pytest.mark.parametrize(("name", "known"), [("Q4_K_M", True), ("iq3_xxs", True), ("AWQ", False), ("Q9_Z", False)])
def test_only_gguf_quantisations_are_files(name: str, known: bool) -> None:
    assert bool(estimable_quant(name)) is known


def test_a_click_takes_a_file_s_quantisation_and_size(client: Client) -> None:
    address = reverse("configurator:build")
    page = client.get(address, {"model": "qwen3.6-27b"}).content.decode()
    file = known_files("qwen3.6-27b")[-1]
    assert f"weights_bytes={file.size_bytes}" in page
    assert "(computed)" in page
    taken = client.get(f"{address}?model=qwen3.6-27b&quant={file.quant}&weights_bytes={file.size_bytes}")
    assert f"{file.name} (taken)" in taken.content.decode()
    assert "(as given)" in taken.content.decode()
