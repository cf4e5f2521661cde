"""What can be made to go wrong on the demo marketplace, by request or for a number of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, get_args

Fault = Literal[
    "throttled",  # 429 with Retry-After in seconds
    "throttled-until",  # 429 with Retry-After as a date
    "server-error",  # 500
    "slow",  # nothing for a while
    "drip",  # an answer that comes byte by byte and never ends
    "truncated",  # JSON that is cut, though its length is right
    "cut",  # fewer bytes than announced
    "expired-token",  # 401 for every token given out so far
    "wrong-token",  # the token endpoint does not accept client id and secret
    "forbidden",  # 403
    "ignored-filters",  # 200 with warnings, and rows that were filtered out
    "duplicates",  # the first rows of a page once more on the next
    "vanished",  # item and group are gone
    "hostile-titles",  # script, marks that turn the writing, NUL, 10 kB
    "price-zero",
    "price-missing",
    "price-negative",
    "price-nan",
    "currency-flip",  # a currency that is no code
    "challenge",  # a web page that wants to see a person
    "drop",  # the connection is closed before an answer
    "foreign-next",  # the next page is on another host
    "circular-next",  # the next page is this one
    "redirect",  # to another host
    "huge",  # an answer without end
    "wrong-shape",  # JSON of another kind
    "no-list",  # JSON whose list is none
    "compressed",  # compressed although that was not asked for
    "proxy-404",  # 404 with a web page
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
HEADER = "X-Demo-Fault"


@dataclass(slots=True)
class Switched:
    """A fault that is switched on. ``times`` None = until it is switched off. ``path``: only where it is contained."""

    fault: Fault
    times: int | None
    path: str
    seconds: float


class Faults:
    """The faults that are on, shared by all threads of a server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._on: list[Switched] = []

    def switch_on(self, asked: Mapping[str, Any]) -> None:
        """Raises ValueError for a fault that there is not."""
        fault, times = asked.get("fault"), asked.get("times")
        seconds = asked.get("seconds", 1.0)
        if fault not in FAULTS:
            raise ValueError(f"fault must be one of {', '.join(FAULTS)}")
        if not (times is None or (isinstance(times, int) and times > 0)) or not isinstance(seconds, int | float):
            raise ValueError("times must be a whole number above zero, seconds a number")
        with self._lock:
            self._on.append(Switched(fault, times, str(asked.get("path", "")), float(seconds)))

    def switch_off(self) -> None:
        with self._lock:
            self._on.clear()

    def next_for(self, path: str) -> Switched | None:
        """The first fault that is on for a path; it counts as used."""
        with self._lock:
            for one in self._on:
                if one.path in path:
                    if one.times is not None:
                        one.times -= 1
                        if one.times == 0:
                            self._on.remove(one)
                    return one
        return None

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"fault": one.fault, "times": one.times, "path": one.path, "seconds": one.seconds} for one in self._on
            ]
