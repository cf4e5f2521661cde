"""The demo marketplace's web server: many threads, faults that can be switched on, a clock that can be set."""

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sourcing.demo import browse, pages
from sourcing.demo.faults import FAULTS, HEADER, Faults, Switched
from sourcing.demo.state import STEP_S, State, state

CALLS_A_DAY = 5_000
TOKEN_LIFE_S = 7_200
_LONGEST_BODY = 64 * 1024
_DRIP_S = 0.05
_HUGE_BYTES = 64 * 2**20


class Market:
    """What all requests to one server share: seed, clock, faults, tokens, and what was asked."""

    def __init__(self, seed: int = 1, step_s: int = STEP_S, calls_a_day: int = CALLS_A_DAY) -> None:
        self.seed, self.step_s, self.calls_a_day = seed, step_s, calls_a_day
        self.faults = Faults()
        self.asked: Counter[str] = Counter()
        self.tokens: dict[str, float] = {}
        self.given_out = 0
        self.set_to: datetime | None = None
        self.lock = Lock()

    def now(self) -> datetime:
        return self.set_to or datetime.now(UTC)

    def state(self) -> State:
        """What is for sale now."""
        return state(self.now(), self.seed, self.step_s)

    def count(self, path: str) -> None:
        with self.lock:
            self.asked[path] += 1

    def new_token(self) -> str:
        with self.lock:
            self.given_out += 1
            token = f"demo-token-{self.given_out}"
            self.tokens[token] = time.monotonic() + TOKEN_LIFE_S
        return token

    def forget_tokens(self) -> None:
        with self.lock:
            self.tokens.clear()

    def knows(self, token: str) -> bool:
        with self.lock:
            return self.tokens.get(token, 0.0) > time.monotonic()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out in two writes, and nobody shall wait in between
    market: Market

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            self._send(413, b"")
            return
        self._answer(self.rfile.read(int(length)))

    def do_DELETE(self) -> None:
        self._answer(b"")

    def log_message(self, *args: object) -> None:
        """Requests are counted, not written down."""

    @property
    def base(self) -> str:
        return f"http://{self.headers.get('Host', '127.0.0.1')}"

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/demo/"):
            self._control(parts.path, body)
            return
        self.market.count(_kind(parts.path))
        switched = self._fault(parts.path)
        fault = switched.fault if switched else ""
        if switched and self._fails(switched, parts.path):
            return
        if parts.path == browse.TOKEN and self.command == "POST":
            self._give_token()
        elif self.command != "GET":
            self._json(405, browse.error(0, "There is nothing of that kind."))
        elif parts.path.startswith(("/buy/", "/developer/")):
            self._api(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}, fault)
        elif parts.path == "/robots.txt":
            self._send(200, pages.ROBOTS.encode(), "text/plain")
        elif parts.path == "/":
            self._send(200, pages.index(self.market.state()).encode())
        else:
            page = pages.page(self.market.state(), self.path)
            self._send(200 if page else 404, (page or "<html><body>No such item.</body></html>").encode())

    def _fault(self, path: str) -> Switched | None:
        asked = self.headers.get(HEADER, "")
        for fault in FAULTS:
            # The token is not what a request wants to see fail, unless it says so.
            if fault == asked and (path == browse.TOKEN) == (fault == "wrong-token"):
                return Switched(fault, 1, "", 1.0)
        return self.market.faults.next_for(path)

    def _fails(self, switched: Switched, path: str) -> bool:
        """Does what a fault that concerns the whole answer does; False where the answer is only to be spoilt."""
        seconds = switched.seconds
        match switched.fault:
            case "throttled":
                self._json(429, browse.error(2001, "Too many requests.", "ACCESS"), {"Retry-After": f"{seconds:.0f}"})
            case "throttled-until":
                until = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
                self._json(429, browse.error(2001, "Too many requests.", "ACCESS"), {"Retry-After": until})
            case "server-error":
                self._json(500, browse.error(12000, "Something went wrong."))
            case "slow":
                time.sleep(seconds)
                return False
            case "drip":
                self._drip(seconds)
            case "cut" | "drop":
                self._break_off(switched.fault == "cut")
            case "expired-token" if path != browse.TOKEN:
                self.market.forget_tokens()
                return False
            case "wrong-token":
                self._json(401, {"error": "invalid_client", "error_description": "client authentication failed"})
            case "forbidden":
                self._json(403, browse.error(1100, "Access denied.", "ACCESS"))
            case "vanished":
                self._json(404, browse.error(11001, "There is no such item."))
            case "challenge":
                self._send(200, pages.CHALLENGE.encode())
            case "redirect":
                self._send(302, b"", headers={"Location": "http://127.0.0.2:9/elsewhere"})
            case "huge":
                self._huge()
            case "wrong-shape":
                self._send(200, b'[{"itemId": "v1|1|0", "price": {"value": "1.00"}}]', "application/json")
            case "compressed":
                packed = gzip.compress(b'{"total": 0}')
                self._send(200, packed, "application/json", {"Content-Encoding": "gzip"})
            case "proxy-404":
                self._send(404, b"<html><body>No such page on this proxy.</body></html>")
            case "truncated" if path == browse.TOKEN:
                self._send(200, b'{"access_token": "demo', "application/json")
            case _:
                return False
        return True

    def _api(self, path: str, asked: dict[str, str], fault: str) -> None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if not kind:
            self._json(403, browse.error(1002, "Missing access token.", "OAuth"))
            return
        if kind != "Bearer" or not self.market.knows(token):
            self._json(401, browse.error(1001, "Invalid access token.", "OAuth"))
            return
        try:
            found = self._document(path, asked, fault)
        except browse.WrongQuestion as wrong:
            self._json(400, browse.error(wrong.number, wrong.message))
            return
        if found is None:
            self._json(404, browse.error(11001, "There is no such item."))
            return
        text = json.dumps(browse.spoil(found, fault))
        self._send(200, (text[: len(text) // 2] if fault == "truncated" else text).encode(), "application/json")

    def _document(self, path: str, asked: dict[str, str], fault: str) -> dict[str, Any] | None:
        now = self.market.state()
        if path == browse.SEARCH:
            return browse.search(now, asked, self.base, fault)
        if path == browse.RATE_LIMIT:
            used = sum(count for kind, count in self.market.asked.items() if kind in ("search", "item", "group"))
            left = max(self.market.calls_a_day - used, 0)
            return browse.rate_limit(self.market.calls_a_day, left, self.market.now() + timedelta(hours=6))
        if path == browse.GROUP:
            listing = now.listing(f"v1|{asked.get('item_group_id', '')}|0")
            return browse.group(listing, self.base) if listing and listing.variations else None
        if path.startswith(browse.ITEM):
            external_id = unquote(path.removeprefix(browse.ITEM))
            listing = now.listing(external_id)
            variation = next((one for one in listing.variations if one.id == external_id), None) if listing else None
            if listing and (variation or external_id == listing.item_id):
                return browse.item(listing, self.base, variation)
        return None

    def _give_token(self) -> None:
        if not self.headers.get("Authorization", "").startswith("Basic "):
            self._json(401, {"error": "invalid_client", "error_description": "client authentication failed"})
            return
        self._json(
            200,
            {
                "access_token": self.market.new_token(),
                "expires_in": TOKEN_LIFE_S,
                "token_type": "Application Access Token",
            },
        )

    def _control(self, path: str, body: bytes) -> None:
        """Faults, clock and counts, for people at this machine only."""
        if not str(self.client_address[0]).startswith(("127.", "::1")):
            self._json(403, {"detail": "Only from this machine."})
            return
        try:
            asked = json.loads(body or b"{}")
            match (path, self.command):
                case ("/demo/faults", "POST"):
                    self.market.faults.switch_on(asked)
                case ("/demo/faults", "DELETE"):
                    self.market.faults.switch_off()
                case ("/demo/clock", "POST"):
                    self.market.set_to = datetime.fromisoformat(asked["now"]).astimezone(UTC)
                case ("/demo/clock", "DELETE"):
                    self.market.set_to = None
                case ("/demo/requests", "DELETE"):
                    self.market.asked.clear()
                case ("/demo/faults" | "/demo/clock" | "/demo/requests", "GET"):
                    pass
                case _:
                    self._json(404, {"detail": "There are /demo/faults, /demo/clock and /demo/requests."})
                    return
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            self._json(400, {"detail": str(wrong)})
            return
        known = {"faults": FAULTS, "on": self.market.faults.listed()}
        self._json(200, {**known, "now": self.market.now().isoformat(), "requests": dict(self.market.asked)})

    def _json(self, status: int, document: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(document).encode(), "application/json", headers)

    def _send(
        self, status: int, body: bytes, kind: str = "text/html; charset=utf-8", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, seconds: float) -> None:
        """One byte at a time, never long enough silent for a reader to give up on a single one."""
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            self.wfile.write(b" ")
            time.sleep(_DRIP_S)

    def _break_off(self, after_some: bool) -> None:
        self.close_connection = True
        if after_some:
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b'{"href": "", "total": 1')

    def _huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(_HUGE_BYTES))
        self.end_headers()
        self.close_connection = True
        for _ in range(_HUGE_BYTES // 2**16):
            self.wfile.write(b" " * 2**16)


class Server(ThreadingHTTPServer):
    """Threads end with the server, and a client that has gone away is no news."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def make_server(market: Market, host: str, port: int) -> Server:
    """A server that is bound and not yet serving. Port 0 = any free one."""
    return Server((host, port), type("MarketHandler", (Handler,), {"market": market}))


@contextmanager
def running(market: Market) -> Iterator[str]:
    """A server in a thread of its own, at a free port of this machine; yields its address."""
    server = make_server(market, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _kind(path: str) -> str:
    for kind, beginning in (
        ("token", browse.TOKEN),
        ("search", browse.SEARCH),
        ("group", browse.GROUP),
        ("item", browse.ITEM),
        ("rate-limit", browse.RATE_LIMIT),
        ("robots", "/robots.txt"),
    ):
        if path.startswith(beginning):
            return kind
    return "page"
