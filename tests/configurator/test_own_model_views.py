"""The pages that add a model and show what was understood."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog import snapshot
from configurator.models import OwnModel
from tests.configurator.own_models.gguf_files import PUBLISHED, tensors_of, write_gguf
from tests.configurator.test_add_model_command import CONFIG

pytestmark = pytest.mark.django_db

ADD = "/models/add/"


@pytest.fixture
def gguf(tmp_path: Path) -> bytes:
    architecture, file_type, keys = PUBLISHED["llama-3.3-70b"]
    listed = tensors_of(snapshot.current().models["llama-3.3-70b"], "Q4_K_M")
    return write_gguf(tmp_path / "a.gguf", architecture, keys, listed, file_type=file_type).read_bytes()


def test_the_form_asks_for_a_text_or_a_file(client: Client) -> None:
    page = client.get(ADD).content.decode()
    assert 'name="source"' in page
    assert 'type="file"' in page


def test_a_pasted_config_leads_to_the_model_s_page(client: Client) -> None:
    response = client.post(ADD, {"source": CONFIG}, follow=True)
    row = OwnModel.objects.get()
    assert response.redirect_chain == [(row.get_absolute_url(), 302)]
    page = response.content.decode()
    assert "<dd>llama</dd>" in page
    assert f"?model={row.slug}&amp;quant=Q4_K_M" in page
    assert response["X-Robots-Tag"] == "noindex"


def test_the_model_can_then_be_estimated_on_a_build_and_by_the_api(client: Client) -> None:
    client.post(ADD, {"source": CONFIG})
    row = OwnModel.objects.get()
    page = client.get(reverse("configurator:build"), {"model": row.slug}).content.decode()
    assert f'<option value="{row.slug}" selected>Added: {row.name}</option>' in page
    question = {"model": row.slug, "gpu": "v100-sxm2-16gb"}
    answer = client.post("/api/v1/estimate", question, content_type="application/json").json()
    assert answer["memory"]["fits"] is True


def test_a_chosen_gguf_file_is_estimated_with_its_own_sizes(client: Client, gguf: bytes) -> None:
    client.post(ADD, {"file": SimpleUploadedFile("Mine-Q4_K_M.gguf", gguf + bytes(5000))})
    row = OwnModel.objects.get()
    page = client.get(row.get_absolute_url()).content.decode()
    # the published llama-3.1-70b Q4_K_M blob has 42,520,398,176 bytes, 7.9 MB of them head and vocabulary
    assert "(42,512,531,712 bytes)" in page
    assert "724 tensors" in page
    assert client.get(reverse("configurator:model_sizes", args=[row.slug])).status_code == 200


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "Paste a name, an address or a config.json, or choose a file."),
        ("https://example.org/a/b", "Only addresses on"),
        ('{"model_type": "gone"}', "model_type &#x27;gone&#x27; is not supported"),
        ("<script>alert(1)</script>", "Paste a model&#x27;s name on the hub"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(client: Client, source: str, said: str) -> None:
    response = client.post(ADD, {"source": source})
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "<script>alert" not in page
    assert source.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;") in page


@pytest.mark.parametrize("slug", ["own-0", "own-0123456789abcdef"])
def test_a_model_nobody_added_is_a_404(client: Client, slug: str) -> None:
    assert client.get(f"/models/{slug}/").status_code == 404
    assert client.get(f"/models/{slug}/sizes/").status_code == 404


def test_a_build_with_a_model_nobody_added_says_so_beside_the_field(client: Client) -> None:
    page = client.get(reverse("configurator:build"), {"model": "own-0123456789abcdef"}).content.decode()
    assert "Unknown model &#x27;own-0123456789abcdef&#x27;" in page


def test_hostile_names_are_shown_as_text(client: Client, gguf: bytes) -> None:
    client.post(ADD, {"file": SimpleUploadedFile("<img src=x onerror=alert(1)>\u202e.gguf", gguf)})
    row = OwnModel.objects.get()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_a_request_longer_than_the_limit_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.MOST_BODY_BYTES = 1000
    response = client.post(ADD, {"source": "a" * 2000})
    assert response.status_code == 413
    assert "head -c 32M" in response.content.decode()


def test_the_list_of_models_leads_to_the_form(client: Client) -> None:
    assert f'href="{ADD}"' in client.get("/models/").content.decode()
