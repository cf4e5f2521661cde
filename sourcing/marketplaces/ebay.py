"""eBay's Browse API: search, one item, the variations of a group. The demo marketplace speaks it too.

A search is all or nothing: where a page fails, the search fails, and nobody takes the rest for all there is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from sourcing.marketplaces import backoff, budget
from sourcing.marketplaces.asking import ask, guarded, origin, read_json
from sourcing.marketplaces.ebay_account import Account
from sourcing.marketplaces.ebay_offers import Dropped, check_filters, group_id, read_row, read_variations, row_id
from sourcing.marketplaces.ebay_token import token
from sourcing.marketplaces.errors import BadQuestion, Broken, Gone, Unauthorised
from sourcing.marketplaces.offers import Found, Offer, SearchQuery

ROWS_A_PAGE = 200
MOST_PAGES = 3
"""Pages read for one category of one search, unless the caller wants more."""
MOST_GROUPS = 5
"""Groups of variations that one search asks for, one call each; the others stay marked as groups."""
TRIES = 2
LONGEST_WORDS = 100
"""Characters of the words searched for; eBay cuts the rest off without a word."""
_SEARCH = "/buy/browse/v1/item_summary/search"
_ITEM = "/buy/browse/v1/item/"
_GROUP = "/buy/browse/v1/item/get_items_by_item_group"
_RATE_LIMIT = "/developer/analytics/v1_beta/rate_limit/"
_MOST_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the marketplace itself counts: calls a day, and how many of them are left."""

    limit: int
    remaining: int


class _Search:
    """One search under way: what was found so far, and what it took."""

    def __init__(self, client: httpx.Client, account: Account, query: SearchQuery, now: datetime) -> None:
        self.client, self.account, self.query, self.now = client, account, query, now
        self.offers: dict[str, Offer] = {}
        self.dropped: Counter[str] = Counter()
        self.warnings: set[int] = set()
        self.complete = True
        self.calls = 0
        self.groups: set[str] = set()
        self.seen: set[str] = set()

    def ask(self, address: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        self.calls += 1
        return _ask(self.client, self.account, address, params, self.query)

    def read_category(self, category_id: str, most_pages: int) -> None:
        address, params = f"{self.account.api_url}{_SEARCH}", _params(self.query, category_id)
        seen, ids = set(), set[str]()
        for _ in range(most_pages):
            try:
                page = self.ask(address, params or None)
            except Gone:  # of a search, this says nothing about any listing
                raise Broken(f"{self.account.name} answered a search as if it had none.") from None
            rows, total = self.rows_of(page)
            self.warnings |= _warnings(page)
            # A search that was not answered as it was asked does not know what is missing.
            self.complete = self.complete and not page.get("warnings")
            for row in rows:
                self.read(row, category_id)
            ids |= {number for row in rows if (number := row_id(row))}
            following = page.get("next")
            if not following:
                self.complete = self.complete and len(ids) >= total
                return
            address, params = self.next_address(following), {}
            if address in seen:
                raise Broken(f"The result pages of {self.account.name} lead in a circle.")
            seen.add(address)
        self.complete = False

    def rows_of(self, page: Mapping[str, Any]) -> tuple[list[Any], int]:
        """The rows of a page, and how many all pages have. No rows are an answer only where it says that there are
        none: an answer that leaves them out must not look as if everything had been sold."""
        total = page.get("total")
        rows = page.get("itemSummaries", [] if total == 0 else None)
        known = isinstance(total, int) and not isinstance(total, bool) and total >= 0
        if not known or not isinstance(rows, list) or page.get("errors"):
            raise Broken(f"{self.account.name} answered a search with something that is no list of listings.")
        return rows, int(total or 0)

    def next_address(self, following: object) -> str:
        """The next page's address, if it is a search on the server that was asked: the token goes along."""
        try:
            if not isinstance(following, str):
                raise ValueError("not an address")
            at_home = origin(following) == origin(self.account.api_url)
            at_home = at_home and urlsplit(following).path == urlsplit(self.account.api_url + _SEARCH).path
        except ValueError:
            at_home = False
        if not at_home:
            raise Broken(f"{self.account.name} names a next page that is not its own, which is not followed.")
        return str(following)

    def read(self, row: object, category_id: str) -> None:
        try:
            offer = read_row(row, self.account, self.now)
            if offer.external_id in self.offers:
                raise Dropped("duplicate")
            if offer.item_group_type is not None and self.expand(row, category_id):
                return
            check_filters(row, offer, self.query, category_id)
        except Dropped as reason:
            self.drop(row, str(reason))
        else:
            self.offers[offer.external_id] = offer

    def drop(self, row: object, reason: str) -> None:
        """Count a row that is not taken. It is still there, unless it says that it has ended."""
        self.dropped[reason] += 1
        if reason != "ended" and (number := row_id(row)):
            self.seen.add(number)

    def expand(self, row: object, category_id: str) -> bool:
        """Take the variations of a group in place of its row. False = the row stays, marked as a group."""
        group = group_id(row)
        if group in self.groups:
            raise Dropped("duplicate")
        if not group or len(self.groups) >= MOST_GROUPS:
            return False
        self.groups.add(group)
        try:
            document = self.ask(f"{self.account.api_url}{_GROUP}", {"item_group_id": group})
        except Gone:
            raise Dropped("ended") from None
        except BadQuestion:
            self.complete = False
            return False
        _check_group(document, self.account)
        variations, dropped = read_variations(document, self.account, self.now, row)
        for one, reason in dropped:
            self.drop(one, reason)
        for one, offer in variations:
            try:
                if offer.external_id in self.offers:
                    raise Dropped("duplicate")
                check_filters(one, offer, self.query, category_id)
                self.offers[offer.external_id] = offer
            except Dropped as reason:
                self.drop(one, str(reason))
        return True


def search(
    client: httpx.Client,
    account: Account,
    query: SearchQuery,
    *,
    most_pages: int = MOST_PAGES,
    now: datetime | None = None,
) -> Found:
    """All offers of a search, in the marketplace's order, each once. One call a page and one for each group.

    Raises:
        MarketplaceError: of whatever kind; then nothing is known, and nothing must be changed.
    """
    under_way = _Search(client, account, query, now or datetime.now(UTC))
    for category_id in query.category_ids or ("",):
        under_way.read_category(category_id, most_pages)
    return Found(
        offers=tuple(under_way.offers.values()),
        dropped=dict(under_way.dropped),
        complete=under_way.complete,
        warnings=tuple(sorted(under_way.warnings)),
        calls=under_way.calls,
        seen=frozenset(under_way.seen | under_way.offers.keys()),
    )


def item(client: httpx.Client, account: Account, external_id: str, *, now: datetime | None = None) -> Offer | None:
    """One listing as it stands now; None where the marketplace says that it is gone, or it has no price any more.

    Raises MarketplaceError where that is not known.
    """
    address = f"{account.api_url}{_ITEM}{quote(external_id, safe='')}"
    try:
        offer = read_row(_ask(client, account, address), account, now or datetime.now(UTC))
    except Gone:
        return None
    except Dropped as reason:
        if str(reason) == "ended":
            return None
        raise Broken(f"{account.name} answered with a listing that cannot be read ({reason}).") from None
    if offer.external_id != external_id:
        raise Broken(f"{account.name} answered with another listing than the one asked for.")
    return offer


def items_by_group(
    client: httpx.Client, account: Account, item_group_id: str, *, now: datetime | None = None
) -> tuple[Offer, ...]:
    """The variations of a group, what tells them apart written behind the title; none where it is gone.

    Raises MarketplaceError where that is not known.
    """
    try:
        document = _ask(client, account, f"{account.api_url}{_GROUP}", {"item_group_id": item_group_id})
    except Gone:
        return ()
    _check_group(document, account)
    return tuple(offer for _, offer in read_variations(document, account, now or datetime.now(UTC))[0])


def _check_group(document: Mapping[str, Any], account: Account) -> None:
    if not isinstance(document.get("items"), list) or document.get("errors"):
        raise Broken(f"{account.name} answered for a group with something that is no list of listings.")


def rate_limit(client: httpx.Client, account: Account) -> RateLimit:
    """What the marketplace counts of our calls; our own count is raised to it. Raises MarketplaceError."""
    document = _ask(client, account, account.api_url + _RATE_LIMIT, {"api_context": "buy", "api_name": "browse"})
    try:
        rates = [rate for api in document["rateLimits"] for one in api["resources"] for rate in one["rates"]]
        # All methods share one limit, apart from getItems, which is not used here.
        rate = next(rate for rate in rates if rate["timeWindow"] == 86_400)
        read = RateLimit(int(rate["limit"]), int(rate["remaining"]))
    except (LookupError, TypeError, ValueError, OverflowError, StopIteration):
        raise Broken(f"{account.name} does not say how many calls are left.") from None
    if not 0 <= read.remaining <= read.limit < 10**8:
        raise Broken(f"{account.name} gives a number of calls left that cannot be.")
    budget.at_least_used(account.slug, read.limit - read.remaining)
    return read


def _ask(
    client: httpx.Client,
    account: Account,
    address: str,
    params: Mapping[str, str] | None = None,
    query: SearchQuery | None = None,
) -> dict[str, Any]:
    """The JSON object at an address. What is Broken is tried once more, everything else is not."""
    for attempt in range(TRIES):
        try:
            with guarded(account.slug, account.calls_per_day):
                return _ask_once(client, account, address, params, _headers(account, query))
        except BadQuestion:
            raise
        except Broken:
            if attempt == TRIES - 1:
                raise
            sleep(backoff.wait_s(attempt, base_s=0.5))
    raise AssertionError("unreachable")


def _ask_once(
    client: httpx.Client, account: Account, address: str, params: Mapping[str, str] | None, headers: Mapping[str, str]
) -> dict[str, Any]:
    bearer = token(client, account)
    try:
        return read_json(
            ask(client, "GET", address, account.name, params=params, headers=_with(headers, bearer)), account.name
        )
    except Unauthorised:
        # Its time may have been cut short. A fresh one, once: a second 401 is about us.
        fresh = token(client, account, refused=bearer)
    budget.take(account.slug, account.calls_per_day)
    return read_json(
        ask(client, "GET", address, account.name, params=params, headers=_with(headers, fresh)), account.name
    )


def _with(headers: Mapping[str, str], bearer: str) -> dict[str, str]:
    return {**headers, "Authorization": f"Bearer {bearer}"}


def _headers(account: Account, query: SearchQuery | None) -> dict[str, str]:
    country = query.country if query is not None and query.country else account.country
    postal_code = query.postal_code if query is not None and query.country else account.postal_code
    place = f"country={country}" + (f",zip={postal_code}" if postal_code else "")
    return {
        "Accept": "application/json",
        "X-EBAY-C-MARKETPLACE-ID": account.marketplace_id,
        "X-EBAY-C-ENDUSERCTX": f"contextualLocation={quote(place, safe='')}",
    }


def _params(query: SearchQuery, category_id: str) -> dict[str, str]:
    filters = []
    if query.conditions:
        filters.append(f"conditionIds:{{{'|'.join(str(one) for one in query.conditions)}}}")
    if query.buying_options:
        filters.append(f"buyingOptions:{{{'|'.join(query.buying_options)}}}")
    if query.located_in:
        filters.append(f"itemLocationCountry:{query.located_in}")
    if query.low is not None or query.high is not None:
        low, high = ("" if bound is None else f"{bound:f}" for bound in (query.low, query.high))
        filters += [f"price:[{low}..{high}]", f"priceCurrency:{query.currency}"]
    params = {
        "q": query.text.strip()[:LONGEST_WORDS],
        "category_ids": category_id,
        "limit": str(ROWS_A_PAGE),
        "filter": ",".join(filters),
    }
    return {name: value for name, value in params.items() if value}


def _warnings(page: Mapping[str, Any]) -> set[int]:
    stated = page.get("warnings")
    rows = stated[:_MOST_WARNINGS] if isinstance(stated, list) else []
    numbers = [row.get("errorId") for row in rows if isinstance(row, Mapping)]
    return {number for number in numbers if isinstance(number, int) and 0 <= number < 10**6}
