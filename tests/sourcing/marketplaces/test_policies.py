"""Each clause of what may be done with a marketplace's content, pinned."""

from dataclasses import fields
from datetime import timedelta

import pytest
from pytest_django import Settings

from sourcing.marketplaces import MARKETPLACES, Offer, policy
from sourcing.marketplaces.policies import DataPolicy


def test_ebays_listings_are_shown_for_six_hours_at_most() -> None:
    assert policy("ebay").show_at_most == timedelta(hours=6)


def test_ebays_content_is_deleted_when_it_is_gone() -> None:
    assert policy("ebay").delete_when_gone


def test_ebays_content_stands_apart_from_everything_else() -> None:
    assert policy("ebay").apart


def test_nothing_of_ebays_becomes_a_price_model_or_travels_in_a_shared_build() -> None:
    assert not policy("ebay").feeds_bands
    assert not policy("ebay").feeds_snapshots


def test_no_field_of_an_offer_says_who_sells() -> None:
    names = {field.name for field in fields(Offer)}
    assert not [name for name in names if "seller" in name or "user" in name or "feedback" in name]


@pytest.mark.parametrize(("said", "kept"), [("", False), ("yes", False), ("true", False), ("8.1(d)", True)])
def test_ebays_prices_are_kept_only_by_an_operator_who_names_the_clause(
    said: str, kept: bool, settings: Settings
) -> None:
    settings.EBAY_HISTORY_CLAUSE = said
    assert policy("ebay").keep_history is kept
    # Permission for history changes nothing else.
    assert policy("ebay").delete_when_gone
    assert policy("ebay").show_at_most == timedelta(hours=6)


def test_the_rules_are_named() -> None:
    for clause in ("3.1(b)", "8.1(b)(1)", "8.1(b)(2)", "8.1(c)", "8.1(d)", "8.2", "9.5"):
        assert clause in policy("ebay").clause


def test_quotes_are_a_persons_own() -> None:
    assert policy("agents") == DataPolicy(
        show_at_most=timedelta(days=14),
        delete_when_gone=False,
        keep_history=True,
        apart=True,
        feeds_bands=False,
        feeds_snapshots=True,
        clause=policy("agents").clause,
    )


def test_simulated_data_are_shown_like_ebays_and_feed_nothing() -> None:
    demo, ebay = policy("demo"), policy("ebay")
    assert (demo.show_at_most, demo.delete_when_gone, demo.apart) == (ebay.show_at_most, True, True)
    assert not demo.feeds_bands
    assert not demo.feeds_snapshots


def test_every_marketplace_has_a_policy_and_nothing_else_has() -> None:
    assert all(policy(slug).clause for slug in MARKETPLACES)
    with pytest.raises(KeyError):
        policy("pandabuy")
