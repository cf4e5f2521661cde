"""Where parts are for sale: the marketplaces by slug, what each may be asked, and what may be done with its answers.

``search`` and ``item`` raise MarketplaceError, and then nothing is known: nothing that is stored must change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import httpx

from sourcing.marketplaces import ebay
from sourcing.marketplaces.asking import new_client
from sourcing.marketplaces.ebay_account import Account, demo_account, ebay_account
from sourcing.marketplaces.errors import (
    BadQuestion,
    BreakerOpen,
    Broken,
    Gone,
    MarketplaceError,
    NotConfigured,
    OverBudget,
    Refused,
    Throttled,
    Unauthorised,
    Wait,
)
from sourcing.marketplaces.offers import Found, Offer, SearchQuery
from sourcing.marketplaces.policies import DataPolicy, policy

__all__ = [
    "MARKETPLACES",
    "BadQuestion",
    "BreakerOpen",
    "Broken",
    "DataPolicy",
    "Found",
    "Gone",
    "Marketplace",
    "MarketplaceError",
    "NotConfigured",
    "Offer",
    "OverBudget",
    "Refused",
    "SearchQuery",
    "Throttled",
    "Unauthorised",
    "Wait",
    "item",
    "new_client",
    "policy",
    "poll_queue",
    "search",
    "searchable",
    "why_not",
]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """A marketplace. ``account`` gives access to it, or raises NotConfigured; None = it cannot be searched."""

    slug: str
    name: str
    account: Callable[[], Account] | None


MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType(
    {
        "ebay": Marketplace("ebay", "eBay", ebay_account),
        "agents": Marketplace("agents", "Taobao agents", None),
        "demo": Marketplace("demo", "Demo marketplace (simulated)", demo_account),
    }
)


def poll_queue(slug: str) -> str:
    """The queue of a marketplace's polls: one that is slow keeps no other waiting."""
    return f"poll-{slug}"


def why_not(slug: str) -> str:
    """Why a marketplace cannot be searched, in one sentence; empty where it can. Raises KeyError for an unknown one."""
    try:
        _account(slug)
    except NotConfigured as reason:
        return str(reason)
    return ""


def searchable() -> tuple[str, ...]:
    """The marketplaces that are set up to be searched."""
    return tuple(slug for slug in MARKETPLACES if not why_not(slug))


def search(slug: str, client: httpx.Client, query: SearchQuery, *, most_pages: int = ebay.MOST_PAGES) -> Found:
    """All that a marketplace offers for a query. Raises MarketplaceError; KeyError for an unknown marketplace."""
    return ebay.search(client, _account(slug), query, most_pages=most_pages)


def item(slug: str, client: httpx.Client, external_id: str) -> Offer | None:
    """One listing as it stands now; None where it is gone. Raises MarketplaceError where that is not known."""
    return ebay.item(client, _account(slug), external_id)


def _account(slug: str) -> Account:
    account = MARKETPLACES[slug].account
    if account is None:
        raise NotConfigured(f"{MARKETPLACES[slug].name} cannot be searched: their prices are pasted or typed.")
    return account()
