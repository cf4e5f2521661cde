from concurrent.futures import ThreadPoolExecutor
from time import time
from typing import Any

import pytest
from django.core.cache import cache

from sourcing.marketplaces import Broken, OverBudget, budget, ebay_token
from sourcing.marketplaces.asking import Answer
from sourcing.marketplaces.ebay_account import demo_account
from sourcing.marketplaces.ebay_token import token
from tests.sourcing.marketplaces.conftest import Demo


def test_a_token_is_kept_for_its_time_less_a_minute(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = token(demo.client, demo_account())
    now = time()
    monkeypatch.setattr(ebay_token, "time", lambda: now + 7_200 - 61)
    assert token(demo.client, demo_account()) == first
    monkeypatch.setattr(ebay_token, "time", lambda: now + 7_200 - 59)
    assert token(demo.client, demo_account()) != first
    assert demo.market.given_out == 2


def test_eight_threads_fetch_one_token(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    # The database of a test is its thread's own; the budget has tests with processes.
    monkeypatch.setattr(budget, "take", lambda name, per_day: None)
    demo.fault("slow", times=1, path="token", seconds=0.2)
    account = demo_account()
    with ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(lambda _: token(demo.client, account), range(8)))
    assert (len(tokens), demo.market.given_out) == (1, 1)


def test_a_token_that_another_worker_has_replaced_already_is_not_replaced_again(demo: Demo) -> None:
    old = token(demo.client, demo_account())
    new = token(demo.client, demo_account(), refused=old)
    assert token(demo.client, demo_account(), refused=old) == new
    assert demo.market.given_out == 2


def test_the_days_tokens_are_counted_too(demo: Demo) -> None:
    budget.at_least_used("demo-token", 1_000)
    with pytest.raises(OverBudget, match="demo-token"):
        token(demo.client, demo_account())
    assert demo.market.asked["token"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"access_token": "", "expires_in": 7200}',
        b'{"access_token": "a b\\u0000", "expires_in": 7200}',
        b'{"access_token": "a\\r\\nX-Evil: 1", "expires_in": 7200}',
        b'{"access_token": "a", "expires_in": "7200"}',
        b'{"access_token": "a", "expires_in": true}',
        b'{"access_token": "a", "expires_in": 5}',
        b'{"access_token": "a", "expires_in": NaN}',
        b'{"access_token": 7, "expires_in": 7200}',
    ],
)
def test_what_is_no_token_is_not_kept(body: bytes, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: Any, **__: Any) -> Answer:
        return Answer(200, body, {})  # type: ignore[arg-type]

    monkeypatch.setattr(ebay_token, "ask", answer)
    with pytest.raises(Broken, match="a token that is none"):
        token(demo.client, demo_account())
    monkeypatch.undo()
    assert cache.get(ebay_token._key(demo_account())) is None


def test_a_lock_that_a_dead_worker_has_left_does_not_keep_the_others_out(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ebay_token, "_LOCK_S", 0.3)
    cache.set(f"{ebay_token._key(demo_account())}:lock", "dead", timeout=0.1)
    assert token(demo.client, demo_account())
