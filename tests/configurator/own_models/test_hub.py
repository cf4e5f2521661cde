"""Asking the hub, over real HTTP against a server on this machine."""

import pytest
from pytest_django import Settings

from configurator.own_models import hub as hub_module
from configurator.own_models.hub import Hub, HubError
from tests.configurator.own_models.hub_server import HubServer


def test_files_of_a_repository_come_with_their_sizes(hub: HubServer) -> None:
    hub.add("a/b", config__json={"model_type": "llama"}, model__gguf=bytes(1000))
    with Hub() as asked:
        assert asked.repository_files("a/b") == {"config.json": 23, "model.gguf": 1000}


def test_only_the_wanted_bytes_are_read(hub: HubServer) -> None:
    hub.add("a/b", model__gguf=bytes(range(256)) * 4000)
    with Hub() as asked:
        path = asked.file_path("a/b", "model.gguf")
        assert asked.read(path, "it", start=250, length=10) == bytes(range(250, 256)) + bytes(range(4))
    assert hub.sent_bytes == 10


def test_a_server_without_ranges_is_not_read_to_the_end(hub: HubServer) -> None:
    hub.knows_ranges = False
    hub.add("a/b", model__gguf=b"ab" * 20_000_000)
    with Hub() as asked:
        assert asked.read(asked.file_path("a/b", "model.gguf"), "it", start=1, length=4) == b"baba"
    assert hub.sent_bytes < 40_000_000


def test_a_redirect_within_the_hub_is_followed(hub: HubServer) -> None:
    hub.add("a/b", config__json={"x": 1})
    hub.redirects["/old/name/resolve/main/config.json"] = "/a/b/resolve/main/config.json"
    with Hub() as asked:
        assert asked.config("old/name") == {"x": 1}


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.1:9/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/x",
        "http://cdn-lfs.hf.co/x",
        "https://cdn-lfs.hf.co:8443/x",
        "https://user@cdn-lfs.hf.co/x",
        "https://evilhf.co/x",
        "https://hf.co.example.org/x",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_to_another_host_is_not_followed(hub: HubServer, elsewhere: str) -> None:
    hub.redirects["/a/b/resolve/main/config.json"] = elsewhere
    with Hub() as asked, pytest.raises(HubError, match="another host"):
        asked.config("a/b")


def test_redirects_in_a_circle_end(hub: HubServer) -> None:
    hub.redirects["/a/b/resolve/main/config.json"] = "/a/b/resolve/main/config.json"
    with Hub() as asked, pytest.raises(HubError, match="too often"):
        asked.config("a/b")
    assert len(hub.asked) <= 5


@pytest.mark.parametrize(
    ("status", "word"), [(401, "not open"), (403, "gated"), (404, "does not exist"), (429, "too often"), (500, "500")]
)
def test_each_refusal_says_what_to_do(hub: HubServer, status: int, word: str) -> None:
    hub.add("a/b", config__json={})
    hub.statuses["/a/b/resolve/main/config.json"] = status
    with Hub() as asked, pytest.raises(HubError, match=word):
        asked.config("a/b")


def test_a_config_that_never_ends_is_cut_off(hub: HubServer) -> None:
    hub.add("a/b", config__json=b"[" + b" " * 30_000_000)
    with Hub() as asked, pytest.raises(HubError, match="larger than 4 MiB"):
        asked.config("a/b")
    assert hub.sent_bytes < 30_000_000


@pytest.mark.parametrize("body", [b"<html>", b"[1, 2]", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_object_is_refused(hub: HubServer, body: bytes) -> None:
    hub.add("a/b", config__json=body)
    with Hub() as asked, pytest.raises(HubError, match="something that is not"):
        asked.config("a/b")


def test_a_hub_that_does_not_answer_in_time_is_given_up(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "_TIMEOUT", 0.2)
    hub.add("a/b", config__json={})
    hub.delays_s["/a/b/resolve/main/config.json"] = 1.0
    with Hub() as asked, pytest.raises(HubError, match="in time"):
        asked.config("a/b")


def test_many_slow_answers_share_one_time_limit(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "SECONDS_IN_ALL", 0.5)
    hub.add("a/b", config__json={})
    hub.delays_s["/a/b/resolve/main/config.json"] = 0.3
    with Hub() as asked:
        asked.config("a/b")
        with pytest.raises(HubError, match="took longer"):
            asked.config("a/b")


def test_a_hub_that_is_not_there_is_said_so(settings: Settings) -> None:
    settings.HF_ENDPOINT = "http://127.0.0.1:9"
    with Hub() as asked, pytest.raises(HubError, match="could not be reached"):
        asked.config("a/b")
