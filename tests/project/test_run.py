"""`make run` says plainly when the port is no good."""

import socket

import pytest

from project.run import port_from_environment


def test_a_free_port_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setenv("PORT", str(free))
    assert port_from_environment() == free


def test_a_taken_port_is_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit, match=f"Port {port} is already in use. Choose another: make run PORT="):
            port_from_environment()


@pytest.mark.parametrize("nonsense", ["", "http", "-1", "0", "65536", "80.5"])
def test_what_is_no_port_is_a_clear_message(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(SystemExit, match="is not a port number"):
        port_from_environment()
