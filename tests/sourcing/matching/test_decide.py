"""A listing is accepted as a part and a number of units, or refused with the reason that comes first."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.matching.decide import match
from sourcing.matching.normalize import LONGEST_TITLE
from sourcing.matching.types import ListingText, Reason
from tests.sourcing.matching.listings import corrections, listing_of, matched, written_titles

ACCEPTED = [row for row in written_titles() if row["reason"] == "ok"]
NOISE = ("fast shipping", "us seller", "look", "great price", "🔥", "warranty", "包邮", "现在", "superb", "thanks")


def test_of_the_written_titles_almost_none_is_accepted_wrongly_and_few_are_missed() -> None:
    right = accepted = reasons = 0
    for row in written_titles():
        found = match(listing_of(row))
        reasons += found.reason == row["reason"]
        accepted += found.accept
        expected = (row.get("part"), row.get("quantity", 1))
        right += found.accept and row["reason"] == "ok" and (found.part, found.quantity) == expected
    assert right / accepted >= 0.98
    assert right / len(ACCEPTED) >= 0.92
    assert reasons / len(written_titles()) >= 0.85


@pytest.mark.parametrize("row", corrections(), ids=lambda row: row["title"])
def test_a_title_corrected_by_hand_is_read_as_it_was_corrected(row: dict[str, Any]) -> None:
    found = match(listing_of(row))
    assert found.reason == row["reason"]
    assert not found.accept or (found.part, found.quantity) == (row["part"], row["quantity"])


def test_a_group_of_variations_is_refused_before_anything_else() -> None:
    found = matched("Tesla V100 SXM2 16GB broken", 7000, "SELLER_DEFINED_VARIATIONS")
    assert found.reason is Reason.VARIATION_GROUP


def test_the_condition_for_parts_refuses_a_clean_title_and_names_the_part() -> None:
    found = matched("Tesla V100 SXM2 16GB fully working", 7000)
    assert (found.reason, found.part, found.accept) == (Reason.FOR_PARTS, "v100-sxm2-16gb", False)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Hire a V100 SXM2 16GB by the hour, per hour price", Reason.RENTAL_OR_SERVICE),
        ("Tesla V100 32GB SXM2 empty box", Reason.BOX_OR_MANUAL_ONLY),
        ("Tesla V100 SXM2 16GB, untested", Reason.FOR_PARTS),
        ("Tesla V100 SXM2 16GB with heatsink", Reason.BUNDLE),
        ("Tesla V100 16GB PCIe SXM2", Reason.WRONG_FORM_FACTOR),
        ("Tesla V100 SXM2", Reason.AMBIGUOUS_MEMORY),
        ("Tesla V100 SXM2 12GB", Reason.CUT_DOWN_MEMORY),
        ("Fan for Tesla V100 SXM2", Reason.ACCESSORY_ONLY),
        ("Tesla P100 SXM2 16GB", Reason.NOT_IN_CATALOGUE),
        ("", Reason.NOT_IN_CATALOGUE),
    ],
)
def test_each_refusal_names_its_reason(title: str, reason: Reason) -> None:
    found = matched(title)
    assert (found.accept, found.reason) == (False, reason)


@pytest.mark.parametrize("ending", ["balance", "auction entry", "防静电帽"])
def test_words_not_known_that_end_the_name_of_a_product_leave_it_in_doubt(ending: str) -> None:
    assert matched("V100 SXM2 32GB excellent condition").confidence >= 0.95
    found = matched(f"V100 SXM2 32GB {ending}")
    assert found.confidence <= 0.7
    assert "not known" in found.evidence[-1]


def test_evidence_quotes_what_the_title_says() -> None:
    evidence = " ".join(matched("Lot of 2 Tesla V100 SXM2 16GB").evidence)
    assert "'v100'" in evidence
    assert "'sxm2'" in evidence
    assert "quantity 2" in evidence


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script> Nvidia Tesla V100 SXM2 16GB",
        "\u202eNvidia\u202c Tesla V100\x00 SXM2 16GB",
        "Nvidia Tesla V100 S\u200bXM2 16\u00adGB",
    ],
)
def test_a_hostile_title_is_read_like_any_other(title: str) -> None:
    assert matched(title).part == "v100-sxm2-16gb"


@pytest.mark.parametrize(
    "tail", ["A" * 10_000, " heatsink" * 1_200, "(" * 10_000, "1x" * 5_000, "无" * 10_000, "\ud800" * 500]
)
def test_a_title_longer_than_any_marketplace_allows_is_read_in_part_and_never_accepted(tail: str) -> None:
    assert len(tail) > LONGEST_TITLE
    assert not matched(f"Nvidia Tesla V100 SXM2 16GB {tail}").accept


@given(st.text(max_size=300), st.sampled_from([None, 1000, 7000]), st.sampled_from([None, "SELLER_DEFINED_VARIATIONS"]))
@settings(max_examples=300, deadline=None)
def test_no_text_raises_and_every_quantity_is_at_least_one(
    title: str, condition: int | None, group: str | None
) -> None:
    found = match(ListingText("ebay", title, condition, group))
    assert found.quantity >= 1
    assert found.accept == (found.reason is Reason.OK)
    assert not found.accept or found.part
    assert 0 <= found.confidence <= 1


WORDS = st.lists(
    st.sampled_from(sorted({word for row in written_titles() for word in row["title"].split()})),
    min_size=1,
    max_size=14,
)


@given(WORDS)
@settings(max_examples=300, deadline=None)
def test_no_order_of_sellers_words_raises(words: list[str]) -> None:
    found = match(ListingText("ebay", " ".join(words), 3000))
    assert found.quantity >= 1
    assert found.accept == (found.reason is Reason.OK)


@given(st.sampled_from(ACCEPTED), st.lists(st.sampled_from(NOISE), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_words_that_say_nothing_do_not_change_what_is_accepted(row: dict[str, str], noise: list[str]) -> None:
    listing = listing_of(row)
    louder = ListingText(listing.marketplace, f"{listing.title} - {' - '.join(noise)}", listing.condition_id)
    before, after = match(listing), match(louder)
    if before.accept:
        assert (after.part, after.quantity) == (before.part, before.quantity)


def _fullwidth(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else "\u3000" if one == " " else one for one in text)


@given(st.sampled_from(written_titles()))
@settings(max_examples=200, deadline=None)
def test_case_and_fullwidth_forms_make_no_difference(row: dict[str, str]) -> None:
    listing = listing_of(row)
    plain = match(listing)
    for other in (listing.title.upper(), listing.title.lower(), _fullwidth(listing.title)):
        if unicodedata.normalize("NFKC", other).casefold() == unicodedata.normalize("NFKC", listing.title).casefold():
            changed = match(ListingText(listing.marketplace, other, listing.condition_id, listing.item_group_type))
            assert (changed.part, changed.quantity, changed.reason) == (plain.part, plain.quantity, plain.reason)
