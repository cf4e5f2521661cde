"""The certificates that outside servers are known by."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """For every client of this process: reading them takes some 70 ms, which each client would otherwise spend."""
    return httpx.create_ssl_context()
