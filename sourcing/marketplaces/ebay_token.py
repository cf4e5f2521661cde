"""The application token of eBay: one for all workers, fetched by one of them.

eBay gives out a thousand a day, and each is good for two hours.
"""

import hashlib
from time import monotonic, sleep, time
from uuid import uuid4

import httpx
from django.core.cache import cache

from sourcing.marketplaces import budget
from sourcing.marketplaces.asking import SECONDS_IN_ALL, ask, read_json
from sourcing.marketplaces.ebay_account import Account
from sourcing.marketplaces.errors import Broken, Unauthorised

TOKENS_PER_DAY = 1_000
MARGIN_S = 60.0
"""A token is no longer used when it has less than this to live."""
SCOPE = "https://api.ebay.com/oauth/api_scope"
_LONGEST_LIFE_S = 86_400.0
_LOCK_S = SECONDS_IN_ALL + 5
_MOST_BYTES = 64 * 1024
_LONGEST_TOKEN = 8_000


def token(client: httpx.Client, account: Account, *, refused: str = "") -> str:
    """A token that is good for now; never the one in ``refused``, which the marketplace has just answered 401 to.

    Raises:
        Unauthorised: where client id and secret are not accepted.
        OverBudget: where a day's tokens have been fetched.
        Broken: where the token endpoint does not answer as it should.
    """
    key = _key(account)
    lock, mine = f"{key}:lock", uuid4().hex
    ends_at = monotonic() + _LOCK_S
    while monotonic() < ends_at:
        if found := _kept(key, refused):
            return found
        # Only one worker can add a key: it fetches, the others look again until the token is there.
        if not cache.add(lock, mine, timeout=_LOCK_S):
            sleep(0.05)
            continue
        try:
            # It may have come between the look and the lock.
            return _kept(key, refused) or _fetch(client, account, key)
        finally:
            if cache.get(lock) == mine:
                cache.delete(lock)
    raise Broken(f"{account.name} gave no token in time.")


def _kept(key: str, refused: str) -> str:
    kept = cache.get(key)
    if isinstance(kept, list) and kept[1] - MARGIN_S > time() and kept[0] != refused:
        return str(kept[0])
    return ""


def _fetch(client: httpx.Client, account: Account, key: str) -> str:
    budget.take(f"{account.slug}-token", TOKENS_PER_DAY)
    asked_at = time()
    answer = ask(
        client,
        "POST",
        f"{account.api_url}/identity/v1/oauth2/token",
        account.name,
        data={"grant_type": "client_credentials", "scope": SCOPE},
        auth=(account.client_id, account.client_secret),
        most_bytes=_MOST_BYTES,
    )
    if answer.status in (400, 401):
        raise Unauthorised(
            f"{account.name} does not accept client id and secret ({answer.status}). Nor is a new keyset until its "
            "owner has subscribed to account deletion notifications or opted out of them."
        )
    document = read_json(answer, account.name)
    text, life_s = document.get("access_token"), document.get("expires_in")
    sound = isinstance(text, str) and 0 < len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable()
    if not sound or isinstance(life_s, bool) or not isinstance(life_s, int | float) or not life_s > MARGIN_S:
        raise Broken(f"{account.name} gave a token that is none.")
    life_s = min(float(life_s), _LONGEST_LIFE_S)
    cache.set(key, [text, asked_at + life_s], timeout=life_s)
    return str(text)


def _key(account: Account) -> str:
    """Another address, id or secret has another token: a change of settings takes effect at once."""
    told = "\n".join((account.api_url, account.client_id, account.client_secret))
    return f"marketplace-token:{account.slug}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
