"""Asking the model hub for small things: lists of files, config.json, the heads of weight files.

Only the hub itself and its own storage hosts are asked, over the hub's own scheme; a redirect to anywhere else ends the
request. Every request has a time limit and a size limit, and nothing of a file is read beyond what was asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit

import httpx
from django.conf import settings

from catalog.certificates import trusted

STORAGE_SUFFIXES = (".hf.co", ".huggingface.co")
"""Where huggingface.co sends requests for large files: cdn-lfs.hf.co, cas-bridge.xethub.hf.co and their kin."""

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
JSON_LIMIT = 4 * 2**20
SECONDS_IN_ALL = 25.0
_TIMEOUT = httpx.Timeout(8.0, connect=5.0)
_MOST_REDIRECTS = 4
_NO_SUCH_HOST = "Only addresses on {host} are read. Paste the config.json, or choose the file's first megabytes."
_STATUS = {
    401: "{what} is not open to everybody, or does not exist. Paste its config.json instead.",
    403: "{what} is gated. Paste its config.json instead.",
    404: "{what} does not exist on {host}. Check the name.",
    429: "{host} answers that it is asked too often. Try again in a few minutes, or paste the config.json.",
}


class HubError(Exception):
    """The hub could not be asked, or did not answer as expected; the message is for the person who asked."""


class Hub:
    """A conversation with the hub within one time limit. Use it as a context manager."""

    def __init__(self) -> None:
        self.endpoint: str = settings.HF_ENDPOINT.rstrip("/")
        self._home = urlsplit(self.endpoint)
        self.host = self._home.hostname or ""
        self._ends_at = monotonic() + SECONDS_IN_ALL
        self._client = httpx.Client(
            timeout=_TIMEOUT,
            verify=trusted(),
            follow_redirects=False,
            trust_env=True,
            headers={"User-Agent": "Voltaic"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def repository_files(self, repository: str) -> dict[str, int]:
        """Path -> bytes of every file of a repository."""
        document = self._json(f"/api/models/{repository}?blobs=true", repository)
        siblings = document.get("siblings")
        if not isinstance(siblings, list):
            raise HubError(f"{self.host} gave no list of files for {repository}.")
        return {
            entry["rfilename"]: entry["size"] if isinstance(entry.get("size"), int) else 0
            for entry in siblings
            if isinstance(entry, Mapping) and isinstance(entry.get("rfilename"), str)
        }

    def config(self, repository: str) -> dict[str, Any]:
        """The config.json of a repository."""
        return self._json(self.file_path(repository, "config.json"), f"config.json of {repository}")

    @staticmethod
    def file_path(repository: str, path: str, revision: str = "main") -> str:
        return f"/{repository}/resolve/{quote(revision, safe='')}/{quote(path)}"

    def read(self, path: str, what: str, *, start: int = 0, length: int) -> bytes:
        """At most ``length`` bytes of a file from ``start`` on."""
        headers = {"Range": f"bytes={start}-{start + length - 1}"}
        with self._answer(path, what, headers) as response:
            # A server that knows no ranges sends the whole file: its beginning is passed over, the rest not read.
            before = start if response.status_code == 200 else 0
            return self._collected(response, before + length)[before:]

    def _json(self, path: str, what: str) -> dict[str, Any]:
        with self._answer(path, what, {}) as response:
            body = self._collected(response, JSON_LIMIT + 1)
        if len(body) > JSON_LIMIT:
            raise HubError(f"The answer of {self.host} about {what} is larger than {JSON_LIMIT // 2**20} MiB.")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            raise HubError(f"{self.host} answered about {what} with something that is not JSON.") from None
        if not isinstance(document, dict):
            raise HubError(f"{self.host} answered about {what} with something that is not an object.")
        return document

    @contextmanager
    def _answer(self, path: str, what: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The answer to a GET, after redirects between allowed hosts. Raises HubError for everything else."""
        address = self.endpoint + path
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                self._check_address(address)
                self._check_time()
                with self._client.stream("GET", address, headers=headers) as response:
                    if not response.is_redirect:
                        self._check_status(response, what)
                        yield response
                        return
                    address = urljoin(address, response.headers.get("Location", ""))
        except (httpx.HTTPError, httpx.InvalidURL):
            raise HubError(
                f"{self.host} could not be reached or did not answer in time. Try again, or paste the config.json."
            ) from None
        raise HubError(f"{self.host} redirects too often for {what}.")

    def _collected(self, response: httpx.Response, length: int) -> bytes:
        collected = bytearray()
        for chunk in response.iter_bytes():
            collected += chunk
            self._check_time()
            if len(collected) >= length:
                break
        return bytes(collected[:length])

    def _check_address(self, address: str) -> None:
        parts = urlsplit(address)
        at_home = (parts.scheme, parts.netloc) == (self._home.scheme, self._home.netloc)
        in_storage = (
            parts.scheme == "https"
            and parts.netloc == parts.hostname  # no user, no password, no port
            and parts.netloc.endswith(STORAGE_SUFFIXES)
        )
        if not at_home and not in_storage:
            raise HubError(f"{self.host} sends on to another host, which is not followed.")

    def _check_status(self, response: httpx.Response, what: str) -> None:
        if response.status_code in (200, 206):
            return
        message = _STATUS.get(response.status_code, "{host} answered {status} for {what}. Try again later.")
        raise HubError(message.format(what=what, host=self.host, status=response.status_code))

    def _check_time(self) -> None:
        if monotonic() > self._ends_at:
            raise HubError(f"{self.host} took longer than {SECONDS_IN_ALL:.0f} seconds. Try again later.")
