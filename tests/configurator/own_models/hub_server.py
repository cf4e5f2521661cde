"""A local server that stands in for the model hub: real HTTP, with ranges, redirects and faults."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass
class HubServer:
    """What the hub holds, and what it was asked. ``redirects``, ``statuses`` and ``delays_s`` go by path."""

    address: str = ""
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    delays_s: dict[str, float] = field(default_factory=dict)
    knows_ranges: bool = True
    asked: list[str] = field(default_factory=list)
    sent_bytes: int = 0

    def add(self, repository: str, **files: bytes | dict[str, Any]) -> None:
        """Files by name, a double underscore standing for the dot."""
        held = self.files.setdefault(repository, {})
        for name, content in files.items():
            held[name.replace("__", ".")] = content if isinstance(content, bytes) else json.dumps(content).encode()

    def body(self, path: str) -> bytes | None:
        if listed := re.fullmatch(r"/api/models/([^/]+/[^/]+)", path):
            if listed[1] not in self.files:
                return None
            siblings = [{"rfilename": name, "size": len(body)} for name, body in self.files[listed[1]].items()]
            return json.dumps({"id": listed[1], "siblings": siblings}).encode()
        if named := re.fullmatch(r"/([^/]+/[^/]+)/resolve/main/(.+)", path):
            return self.files.get(named[1], {}).get(named[2])
        return None


@contextmanager
def hub_server() -> Iterator[HubServer]:
    hub = HubServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(path)
            sleep(hub.delays_s.get(path, 0))
            if path in hub.redirects:
                self.send_response(302)
                self.send_header("Location", hub.redirects[path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = hub.body(path)
            status = hub.statuses.get(path, 404 if body is None else 200)
            body = body or b""
            ranged = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if ranged and status == 200 and hub.knows_ranges:
                body, status = body[int(ranged[1]) : int(ranged[2]) + 1], 206
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for start in range(0, len(body), 65536):
                    # Counted first: whoever asked may look as soon as the last byte has come.
                    hub.sent_bytes += len(body[start : start + 65536])
                    self.wfile.write(body[start : start + 65536])
            except (BrokenPipeError, ConnectionResetError):
                pass  # whoever asked has read enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
