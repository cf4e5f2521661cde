"""Questions are read strictly: every mistake is told, with the field it is in, and nothing else comes of it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog import snapshot
from catalog.field_errors import InvalidFields
from configurator.goals import KEYS, Question, read_question
from configurator.own_models.find import find_model

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
GOOD = {"model": "llama-3.3-70b"}
RUBBISH: tuple[Any, ...] = (
    {"a": {"b": [1, {}]}}, [[[]]], [None], [{}], "x" * 5000, "\x00", "<script>", float("nan"), float("inf"), -1, 10**30,
    Decimal("1e-300"), Decimal("1e300"), "1_000", "٣", [1] * 100, {"": ""}, "-0x10", ["\ud800"],
)  # fmt: skip
MAY_BE_EMPTY = {"quiet": False, "exclusions_extended": True}


def read(question: Any) -> Question:
    return read_question(question, snapshot.current(), TODAY)


def fields(question: Any) -> set[str]:
    with pytest.raises(InvalidFields) as refused:
        read(question)
    for error in refused.value.errors:
        assert error.message.endswith(".")
        assert len(error.message) < 2000
        assert error.field.split(".")[0].split("[")[0] in error.message or not error.field
        json.dumps(error.message)
    return {error.field for error in refused.value.errors}


def test_every_key_refuses_rubbish_by_its_name() -> None:
    for key in KEYS:
        for rubbish in RUBBISH:
            question = {**({} if key == "models" else GOOD), key: rubbish}
            if key == "owned" and rubbish == {"": ""}:
                rubbish = question[key] = {"": 1}
            named = {field.split(".")[0].split("[")[0] for field in fields(question)}
            allowed = {key, "model"} if key == "models" else {key}
            assert named & allowed, (key, rubbish, named)
            assert named <= allowed, (key, rubbish, named)


def test_a_question_that_is_no_object_or_has_other_keys_is_refused() -> None:
    for question in ([], [GOOD], None, "llama-3.3-70b", 5, True):
        assert "" in fields(question)
    assert fields({}) == {"model"}
    assert fields(GOOD | {"colour": "red", "budget": 1}) == {"colour", "budget"}
    assert fields({"model": "llama-3.3-70", "circuit": "us", "agent": "nobody"}) == {"model", "circuit", "agent"}
    assert fields(GOOD | {"models": ["qwen3-8b"]}) == {"models"}
    assert fields({"models": ["qwen3-8b", "gone", 5]}) == {"models"}
    assert fields({"models": ["qwen3-8b"] * 5}) == {"models"}
    assert fields({"model": "kimi-k3"}) == {"model"}  # its memory cannot be told
    assert fields(GOOD | {"context_tokens": 4096, "depth_tokens": 4097}) == {"depth_tokens"}
    assert fields(GOOD | {"destination": {"country": "ZZ"}}) == {"destination.country"}
    assert fields(GOOD | {"destination": {"country": "DE", "region": "OR"}}) == {"destination.region"}
    assert fields(GOOD | {"destination": {"country": "US", "town": "Bend"}}) == {"destination.town"}
    assert fields(GOOD | {"owned": [{"part": "v100-sxm2-16gb", "quantity": 4}]}) == {"owned[0].quantity"}
    assert fields(GOOD | {"owned": {"v100-sxm2-16gb": 129}}) == {"owned"}
    assert fields(GOOD | {"owned": {"v100-sxm2-16gb": 1.5, "gone": 1}}) == {"owned"}


def test_what_is_left_out_has_its_usual_value_and_words_are_read_as_people_write_them() -> None:
    usual = read(GOOD)
    assert (usual.goal.context_tokens, usual.goal.streams, usual.limit) == (8192, 1, 10)
    assert (usual.destination.country, usual.entry_date, usual.circuit_wished) == ("US", TODAY, False)
    # The weakest household circuit of the country comes first.
    assert [one.slug for one in usual.goal.circuits][:2] == ["us-120v-15a", "us-120v-20a"]
    assert read(GOOD | {"destination": "DE"}).goal.circuits[0].slug == "eu-230v-16a"
    assert read(GOOD | {"destination": "us-or"}).destination.region == "OR"
    told = read(
        GOOD | {"quants": "q4_k_m", "owned": ["rtx-3090", {"part": "rtx-3090", "count": 2}], "quiet": "yes",
                "max_landed_usd": "1,5"[:1], "circuit": "uk-230v-13a", "min_decode_tok_s": Decimal("7.5")}
    )  # fmt: skip
    assert told.goal.quants == ("Q4_K_M",)
    assert told.goal.owned == {"rtx-3090": 3}
    assert told.goal.quiet
    assert told.goal.min_decode_tok_s == 7.5
    assert [one.slug for one in told.goal.circuits] == ["uk-230v-13a"]
    two = read({"models": ["qwen3-8b", "gpt-oss-20b"]})
    assert [goal.model.slug for goal in two.goals] == ["qwen3-8b", "gpt-oss-20b"]
    assert two.goals[0].model == find_model(snapshot.current(), "qwen3-8b")
