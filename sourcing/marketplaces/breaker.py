"""A circuit breaker for each marketplace, shared by all workers through the cache.

Closed, it counts failures in a row. After FAILURES_TO_OPEN it opens, and nobody asks for OPEN_S seconds. Then one
worker may ask, the probe, while the others still wait: its success closes the breaker, its failure opens it again.
Beside that, ``hold`` makes everybody wait for as long as the marketplace has asked for.
"""

from time import time
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from sourcing.marketplaces.errors import BreakerOpen

FAILURES_TO_OPEN = 5
OPEN_S = 300.0
PROBE_S = 120.0
"""How long a probe may take before another worker may try; longer than any request with its retries."""
_REMEMBERED_S = 86_400

State = Literal["closed", "open", "half-open", "held"]
Known = Literal[State, "not-shared", "no-answer"]


def check(name: str) -> None:
    """Pass, or raise BreakerOpen. Whoever passes must call ``succeeded``, ``failed`` or ``undecided`` afterwards."""
    now = time()
    held_until = cache.get(_key(name, "held"))
    if isinstance(held_until, float) and held_until > now:
        raise BreakerOpen(f"{name} has asked us to wait.", held_until - now)
    open_until = cache.get(_key(name, "open"))
    if not isinstance(open_until, float):
        return
    if open_until > now:
        raise BreakerOpen(f"{name} has failed {FAILURES_TO_OPEN} times in a row and is left alone.", open_until - now)
    # Adding a key is the one thing in a cache that only one of many can do.
    if not cache.add(_key(name, "probe"), now, timeout=PROBE_S):
        raise BreakerOpen(f"{name} is being tried by another worker.", PROBE_S / 4)


def succeeded(name: str) -> None:
    """The marketplace has answered as it should: closed."""
    cache.delete_many([_key(name, "failures"), _key(name, "open"), _key(name, "probe")])


def failed(name: str) -> None:
    """The marketplace has failed once more."""
    failures_key = _key(name, "failures")
    cache.add(failures_key, 0, timeout=_REMEMBERED_S)
    try:
        failures = cache.incr(failures_key)
    except ValueError:  # it has expired, or a success has removed it, in between: this failure is the first again
        cache.set(failures_key, 1, timeout=_REMEMBERED_S)
        failures = 1
    if failures >= FAILURES_TO_OPEN:
        cache.set(_key(name, "open"), time() + OPEN_S, timeout=_REMEMBERED_S)
    cache.delete(_key(name, "probe"))


def undecided(name: str) -> None:
    """Nothing was learned about the marketplace; another worker may be the probe."""
    cache.delete(_key(name, "probe"))


def hold(name: str, seconds: float) -> None:
    """Let nobody ask for ``seconds``, unless they already have to wait for longer."""
    until = time() + seconds
    before = cache.get(_key(name, "held"))
    if seconds > 0 and not (isinstance(before, float) and before > until):
        cache.set(_key(name, "held"), until, timeout=seconds)


def reset(name: str) -> None:
    """Forget everything, as after a person has mended what was broken."""
    cache.delete_many([_key(name, what) for what in ("failures", "open", "probe", "held")])


def state(name: str) -> State:
    """How it stands, as this cache knows it."""
    now = time()
    held_until = cache.get(_key(name, "held"))
    if isinstance(held_until, float) and held_until > now:
        return "held"
    open_until = cache.get(_key(name, "open"))
    if not isinstance(open_until, float):
        return "closed"
    return "open" if open_until > now else "half-open"


def known_state(name: str) -> Known:
    """For people to look at, whatever becomes of the cache. Without a shared one each process has a breaker of its own,
    and the web's says nothing about the worker's."""
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        return "not-shared"
    try:
        return state(name)
    except RedisError:
        return "no-answer"


def _key(name: str, what: str) -> str:
    return f"marketplace-breaker:{name}:{what}"
