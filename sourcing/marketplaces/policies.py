"""What may be done with each marketplace's content. Every clause here is pinned by a test.

eBay's side is read from quotations of its API License Agreement (September 2025); an operator reads the text itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from django.conf import settings

HISTORY_CLAUSE = "8.1(d)"
"""What EBAY_HISTORY_CLAUSE must say: the clause by which statistics need eBay's written permission."""


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """What may be done with what a marketplace says.

    ``show_at_most``: how old a row may be that is still shown; older rows are purged. ``delete_when_gone``: a listing
    that has ended is deleted, not marked. ``keep_history``: its prices may be kept after it has gone. ``apart``: it is
    never shown in one table with another marketplace's. ``feeds_bands``, ``feeds_snapshots``: price bands may be
    computed from it, shared builds may carry it. ``clause`` names the rule.
    """

    show_at_most: timedelta
    delete_when_gone: bool
    keep_history: bool
    apart: bool
    feeds_bands: bool
    feeds_snapshots: bool
    clause: str


_POLICIES: Mapping[str, DataPolicy] = MappingProxyType(
    {
        "ebay": DataPolicy(
            show_at_most=timedelta(hours=6),
            delete_when_gone=True,
            keep_history=False,
            apart=True,
            feeds_bands=False,
            feeds_snapshots=False,
            clause="eBay API License Agreement 3.1(b), 8.1(b)(1), 8.1(b)(2), 8.1(c), 8.1(d), 8.2, 9.5",
        ),
        # Prices that people typed or read off pages themselves are theirs to keep.
        "agents": DataPolicy(
            show_at_most=timedelta(days=14),
            delete_when_gone=False,
            keep_history=True,
            apart=True,
            feeds_bands=False,
            feeds_snapshots=True,
            clause="Quotes a person has typed or pasted; pages are only read where robots.txt allows it",
        ),
        # As strict as eBay's where it concerns showing, so that what is seen on simulated data is what happens later.
        "demo": DataPolicy(
            show_at_most=timedelta(hours=6),
            delete_when_gone=True,
            keep_history=True,
            apart=True,
            feeds_bands=False,
            feeds_snapshots=False,
            clause="Simulated data, which must never look like a market's",
        ),
    }
)


def policy(slug: str) -> DataPolicy:
    """The policy of a marketplace, as the operator's settings leave it. Raises KeyError for an unknown one."""
    found = _POLICIES[slug]
    if slug == "ebay" and settings.EBAY_HISTORY_CLAUSE == HISTORY_CLAUSE:
        return replace(found, keep_history=True)
    return found
