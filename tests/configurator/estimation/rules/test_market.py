"""Duty on the day of entry and the age of prices."""

from datetime import date
from decimal import Decimal

import pytest

from configurator.estimation.findings import Facts
from configurator.estimation.types import LinePrice
from tests.configurator.estimation.builds import finding, make_build, make_facts, make_gpu, make_market, severity

ADA = make_gpu(slug="rtx-4090", form_factor="pcie", architecture="ada")


def priced(*as_of: date | None, unit: Decimal | None = Decimal(99)) -> Facts:
    lines = tuple(LinePrice("v100-sxm2-16gb", 4, unit, day, "quote") for day in as_of)
    return make_facts(market=make_market(as_of=date(2026, 11, 23), prices=lines))


def quoted(unit: Decimal, band_low: Decimal | None) -> Facts:
    line = LinePrice("v100-sxm2-16gb", 4, unit, date(2026, 10, 20), "quote", band_low)
    return make_facts(market=make_market(prices=(line,)))


def entering(day: date, **market: object) -> Facts:
    return make_facts(market=make_market(entry_date=day, **market))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        # the tariff heading says "through November 9, 2026"
        ("duty-exclusions", entering(date(2026, 11, 9)), "ok"),
        ("price-too-good", quoted(Decimal(40), Decimal(99)), "caution"),
        ("price-too-good", quoted(Decimal("49.50"), Decimal(99)), "ok"),
        ("price-too-good", quoted(Decimal(40), None), "unknown"),
        ("price-too-good", make_facts(market=make_market(prices=())), None),
        ("agent-address", make_facts(market=make_market(agent="superbuy")), "caution"),
        ("agent-address", make_facts(market=make_market(agent="cssbuy")), "unknown"),
        ("agent-address", make_facts(market=make_market()), None),
        ("duty-exclusions", entering(date(2026, 11, 10), excluded_parts=("v100-sxm2-16gb",)), "caution"),
        ("duty-exclusions", entering(date(2026, 11, 10)), None),
        ("duty-exclusions", entering(date(2024, 6, 14)), "unknown"),
        ("duty-exclusions", entering(date(2024, 6, 15)), "ok"),
        ("duty-exclusions", make_facts(make_build(ADA, 1, None), market=make_market()), None),
        ("duty-exclusions", entering(date(2026, 11, 10), exclusions_extended=True), "ok"),
        ("duty-exclusions", entering(date(2026, 11, 10), destination="DE"), None),
        ("duty-exclusions", make_facts(), "unknown"),
        ("stale-prices", priced(date(2026, 3, 1)), "caution"),
        ("stale-prices", priced(date(2026, 10, 23)), "caution"),
        ("stale-prices", priced(date(2026, 10, 24)), "ok"),
        ("stale-prices", priced(None), "caution"),
        ("stale-prices", priced(None, unit=None), "unknown"),
        ("stale-prices", priced(), "unknown"),
        ("stale-prices", make_facts(), "unknown"),
    ],
)
def test_market(rule: str, facts: Facts, expected: str | None) -> None:
    assert severity(rule, facts) == expected


def test_the_parts_that_pay_duty_again_are_named_and_boards_are_told_apart() -> None:
    found = finding("duty-exclusions", entering(date(2026, 11, 23), excluded_parts=("v100-sxm2-16gb",)))
    assert found
    assert "V100 SXM2 16 GB would pay 25 % again" in found.why
    assert "Boards and PLX cards were never excluded" in found.why


def test_old_prices_are_named_with_their_age() -> None:
    found = finding("stale-prices", priced(date(2026, 3, 1)))
    assert found
    assert "V100 SXM2 16 GB 267 days" in found.why
