"""The word lists mean one thing each."""

import pytest

from sourcing.matching.lexicon import make_lexicon
from sourcing.matching.normalize import read
from sourcing.matching.vocabulary import vocabulary


def test_one_phrase_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="means"):
        make_lexicon({"thing": {"fan": "blower", "psu": "Blower"}})


def test_choices_in_braces_stand_for_each_of_their_pairs() -> None:
    lexicon = make_lexicon({"fault": {"fault": "{not, never} {seen,\n fired up}"}})
    assert {phrase for phrase, _ in lexicon.phrases()} == {
        ("not", "seen"), ("not", "fired", "up"), ("never", "seen"), ("never", "fired", "up"),
    }  # fmt: skip


def test_a_doubt_gives_way_to_what_is_certain() -> None:
    lexicon = make_lexicon({"fault": {"fault": "loose"}}, {"fault": {"doubt": "loose"}})
    assert lexicon.single["loose"].value == "fault"


def test_the_longest_phrase_is_found() -> None:
    row = read("not included").tokens
    found = vocabulary().longest(row, 0)
    assert found is not None
    assert found[0] == 2


def test_a_phrase_does_not_reach_over_a_clause() -> None:
    found = vocabulary().longest(read("not, included").tokens, 0)
    assert found is not None
    assert found[0] == 1


def test_a_lexicon_can_be_made_without_a_phrase() -> None:
    lexicon = make_lexicon({"thing": {"fan": "blower | fan"}})
    assert lexicon.without({("fan",)}).longest(read("fan").tokens, 0) is None


def test_an_inflected_word_is_known_by_its_beginning() -> None:
    found = vocabulary().longest(read("radiatorem").tokens, 0)
    assert found is not None
    assert found[1].value == "heatsink"
