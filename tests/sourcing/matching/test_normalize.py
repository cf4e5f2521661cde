"""What a title looks like does not change what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.matching.normalize import LONGEST_TITLE, Gap, fold, read


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｖ１００", "v100"),
        ("PCle", "pcie"),
        ("V1OO ", "v100 "),
        ("für pièces", "fur pieces"),
        ("顯卡 轉接板", "显卡 转接板"),
        ("S\u200bXM2\x00", "sxm2 "),
    ],
)
def test_forms_that_look_alike_are_one(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_with_and_without_are_read_from_their_abbreviations() -> None:
    assert [token.text for token in read("w/o heatsink w/ board").tokens] == ["without", "heatsink", "with", "board"]


def test_a_count_is_parted_from_the_word_it_is_glued_to() -> None:
    assert [token.text for token in read("8xV100").tokens] == ["8", "x", "v", "100"]


def test_the_gap_before_a_token_tells_a_clause_from_a_word() -> None:
    gaps = [token.gap for token in read("v100 sxm2-16gb, no gpu/board (new) + fan").tokens]
    assert [gap for gap in gaps if gap > Gap.SOFT] == [Gap.LIST, Gap.SLASH, Gap.HARD, Gap.HARD]


@given(st.text(max_size=3000))
@settings(deadline=None)
def test_of_any_text_a_bounded_part_is_read(title: str) -> None:
    text = read(title)
    assert text.too_long or len(title) <= LONGEST_TITLE
    assert all(text.text[token.start : token.end] == token.text for token in text.tokens)
