"""What a host's robots.txt allows us. What cannot be known is not allowed."""

from urllib.robotparser import RobotFileParser

import httpx
from django.core.cache import cache

from sourcing.marketplaces.asking import ask
from sourcing.marketplaces.errors import Broken, Refused

AGENT = "Voltaic"
KEPT_S = 86_400
MOST_BYTES = 512 * 1024


def check_allowed(client: httpx.Client, base: str, address: str, name: str) -> float:
    """Seconds that the host wants between two requests, 0 where it says none.

    Raises:
        Refused: where its robots.txt does not allow the address.
        Broken: where that cannot be read.
    """
    key = f"robots:{base}"
    text = cache.get(key)
    if not isinstance(text, str):
        text = _fetch(client, base, name)
        cache.set(key, text, timeout=KEPT_S)
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    if not rules.can_fetch(AGENT, address):
        raise Refused(f"The robots.txt of {name} does not allow us to read this page; type the price instead.")
    delay = rules.crawl_delay(AGENT)
    try:
        return min(max(float(delay or 0), 0.0), 86_400.0)
    except ValueError:
        return 0.0


def _fetch(client: httpx.Client, base: str, name: str) -> str:
    answer = ask(client, "GET", f"{base}/robots.txt", name, most_bytes=MOST_BYTES)
    if answer.status == 200:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            # A challenge, or a page for everything: not rules.
            raise Broken(f"The robots.txt of {name} is a web page, so that nothing is known to be allowed.")
        return answer.body.decode("utf-8", "replace")
    if answer.status in (401, 403):
        return "User-agent: *\nDisallow: /"
    if 400 <= answer.status < 500 and answer.status != 429:
        return ""  # RFC 9309: none there, so nothing is forbidden
    raise Broken(f"The robots.txt of {name} cannot be read ({answer.status}), so that nothing is known to be allowed.")
