import pytest

from sourcing.marketplaces import BreakerOpen, breaker


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_800_000_000.0]
    monkeypatch.setattr(breaker, "time", lambda: now[0])
    return now


def fail(times: int) -> None:
    for _ in range(times):
        breaker.check("demo")
        breaker.failed("demo")


def test_failures_in_a_row_open_it(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN - 1)
    assert breaker.state("demo") == "closed"
    fail(1)
    assert breaker.state("demo") == "open"
    with pytest.raises(BreakerOpen) as raised:
        breaker.check("demo")
    assert raised.value.retry_after_s == breaker.OPEN_S


def test_a_success_in_between_counts_from_the_beginning(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN - 1)
    breaker.succeeded("demo")
    fail(breaker.FAILURES_TO_OPEN - 1)
    assert breaker.state("demo") == "closed"


def test_one_marketplace_does_not_open_anothers(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN)
    breaker.check("ebay")


def test_after_a_while_one_worker_may_try_and_its_success_closes(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN)
    clock[0] += breaker.OPEN_S
    assert breaker.state("demo") == "half-open"
    breaker.check("demo")
    with pytest.raises(BreakerOpen, match="another worker"):
        breaker.check("demo")
    breaker.succeeded("demo")
    assert breaker.state("demo") == "closed"
    breaker.check("demo")


def test_a_probe_that_fails_opens_it_again_at_once(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN)
    clock[0] += breaker.OPEN_S
    fail(1)
    assert breaker.state("demo") == "open"


def test_a_probe_that_learned_nothing_leaves_the_try_to_another(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN)
    clock[0] += breaker.OPEN_S
    breaker.check("demo")
    breaker.undecided("demo")
    breaker.check("demo")


def test_everybody_waits_as_long_as_the_longest_wait(clock: list[float]) -> None:
    breaker.hold("demo", 60)
    breaker.hold("demo", 5)
    assert breaker.state("demo") == "held"
    with pytest.raises(BreakerOpen) as raised:
        breaker.check("demo")
    assert raised.value.retry_after_s == 60
    clock[0] += 61
    breaker.check("demo")


def test_a_person_can_close_it(clock: list[float]) -> None:
    fail(breaker.FAILURES_TO_OPEN)
    breaker.hold("demo", 60)
    breaker.reset("demo")
    assert breaker.state("demo") == "closed"
