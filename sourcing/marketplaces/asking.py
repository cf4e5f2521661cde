"""Asking an outside server: within limits of time and size, without redirects, every failure a MarketplaceError."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from redis import RedisError

from catalog.certificates import trusted
from sourcing.marketplaces import backoff, breaker, budget
from sourcing.marketplaces.errors import (
    BadQuestion,
    Broken,
    Gone,
    MarketplaceError,
    Refused,
    Throttled,
    Unauthorised,
    Wait,
)

MOST_BYTES = 8 * 2**20
"""Of one answer; a search page of 200 rows has some 500 kB."""
SECONDS_IN_ALL = 25.0
"""For one request, however slowly its answer trickles in."""
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
THROTTLED_S = 60.0
"""How long everybody waits after a 429 that does not say for how long."""
REFUSED_S = 3_600.0
"""How long everybody stays away after a 403."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the whole body, and the headers."""

    status: int
    body: bytes
    headers: httpx.Headers


def new_client() -> httpx.Client:
    """A client for any marketplace. Close it, or use it as a context manager."""
    return httpx.Client(
        timeout=TIMEOUT,
        verify=trusted(),
        follow_redirects=False,
        # Nothing compressed: a size limit then limits what arrives as well as what is kept.
        headers={"User-Agent": settings.MARKETPLACE_USER_AGENT, "Accept-Encoding": "identity"},
    )


@contextmanager
def guarded(name: str, per_day: int) -> Iterator[None]:
    """One call to a marketplace: breaker and budget are asked before, and the breaker is told how it went.

    Raises:
        BreakerOpen, OverBudget: before anything is asked.
        Broken: also where the shared cache does not answer, since calls could then not be counted.
    """
    try:
        breaker.check(name)
        try:
            budget.take(name, per_day)
            yield
        except Throttled as throttled:
            breaker.undecided(name)
            breaker.hold(name, throttled.retry_after_s)
            raise
        except Refused:
            breaker.undecided(name)
            breaker.hold(name, REFUSED_S)
            raise
        except (BadQuestion, Gone):  # an answer by a marketplace in good health
            breaker.succeeded(name)
            raise
        except (Broken, Unauthorised):
            breaker.failed(name)
            raise
        except BaseException:
            breaker.undecided(name)
            raise
        breaker.succeeded(name)
    except RedisError as error:
        raise Broken(f"{name} was not asked: the shared cache does not answer.") from error


def ask(
    client: httpx.Client,
    method: str,
    address: str,
    name: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """The answer to one request, whatever its status. ``name`` is the marketplace's, for messages.

    Raises Broken for a server that cannot be reached, is too slow, breaks off, sends elsewhere, or sends too much.
    """
    ends_at = monotonic() + SECONDS_IN_ALL
    # An address with a query of its own (a next page) must not lose it to an empty one.
    more: dict[str, Any] = {"params": dict(params)} if params else {}
    identified = {"User-Agent": settings.MARKETPLACE_USER_AGENT, "Accept-Encoding": "identity", **(headers or {})}
    try:
        with client.stream(
            method,
            address,
            headers=identified,
            data=data,
            auth=auth or httpx.USE_CLIENT_DEFAULT,
            timeout=TIMEOUT,
            follow_redirects=False,
            **more,
        ) as response:
            if response.is_redirect:
                raise Broken(f"{name} sends on to another address, which is not followed.")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise Broken(f"{name} sent compressed data, which was not asked for.")
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > most_bytes:
                    raise Broken(f"The answer of {name} is longer than {most_bytes:,} bytes.")
                if monotonic() > ends_at:
                    raise Broken(f"{name} took longer than {SECONDS_IN_ALL:.0f} seconds.")
            return Answer(response.status_code, bytes(body), response.headers)
    except httpx.TimeoutException as error:
        raise Broken(f"{name} did not answer in time.") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise Broken(f"{name} could not be reached, or broke off: {type(error).__name__}.") from error


def read_json(answer: Answer, name: str) -> dict[str, Any]:
    """The object in an answer, if its status is 200.

    Raises:
        Unauthorised, Refused, Throttled, Gone, BadQuestion, Broken: for every other status, and for a body that is not
            a JSON object.
    """
    if answer.status != 200:
        raise _error_of(answer, name)
    return _json_object(answer.body, name)


def _error_of(answer: Answer, name: str) -> MarketplaceError:
    status = answer.status
    if status == 401:
        return Unauthorised(f"{name} does not accept our credentials (401).")
    if status == 403:
        return Refused(f"{name} refuses us (403); nothing more is asked for an hour.")
    if status == 429:
        return throttled(answer, name)
    if 400 <= status < 500:
        # Only an answer that speaks the marketplace's language says something about an item or a question. A proxy's
        # page for 404 must not look as if everything had been sold.
        number = _first_error_number(answer)
        if number is None:
            return Broken(f"{name} answered {status} with something that is not its own error.")
        if status == 404:
            return Gone(f"{name} has no such item (error {number}).")
        return BadQuestion(f"{name} does not accept the question ({status}, error {number}).")
    return Broken(f"{name} answered {status}.")


def throttled(answer: Answer, name: str) -> Wait:
    """What a 429 means."""
    seconds = backoff.read_retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
    return Throttled(f"{name} says that it is asked too often (429).", THROTTLED_S if seconds is None else seconds)


def _first_error_number(answer: Answer) -> int | None:
    try:
        errors = _json_object(answer.body, "").get("errors")
    except Broken:
        return None
    first = errors[0] if isinstance(errors, list) and errors else None
    number = first.get("errorId") if isinstance(first, dict) else None
    return number if isinstance(number, int) and 0 <= number < 10**9 else None


def _json_object(body: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        what = "a web page instead of data" if start.startswith((b"<!doctype", b"<html")) else "no JSON, or cut JSON"
        raise Broken(f"{name} answered with {what}.") from None
    if not isinstance(document, dict):
        raise Broken(f"{name} answered with JSON that is not an object.")
    return document


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address, the usual port filled in. Raises ValueError for one that has none."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("not a plain web address")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
