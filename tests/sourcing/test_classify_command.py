"""The command line says what each listing sells, a line a listing."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command


def run(text: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    output = io.StringIO()
    call_command("classify", stdout=output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def question(title: str, **more: Any) -> str:
    row = {"marketplace": "ebay", "title": title, "condition_id": 3000, "item_group_type": None, "currency": "USD"}
    return json.dumps({**row, "price": "100", **more})


def test_each_line_is_answered_in_order_and_a_bad_one_spoils_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    good = question("Lot of 2 Tesla V100 SXM2 16GB", price="$289.99", id="x", expect={})
    answers = run(f"{good}\n{{bad\n[]\n{question('x', condition_id=[])}\n{good}\n", monkeypatch)
    assert [answer.get("part") for answer in answers] == ["v100-sxm2-16gb", None, None, None, "v100-sxm2-16gb"]
    assert answers[0]["quantity"] == 2
    assert answers[0]["unit_price"] == "144.995"
    assert list(answers[0]) == ["part", "quantity", "accept", "reason", "unit_price", "evidence", "confidence"]
    assert "not JSON" in answers[1]["error"]["message"]
    assert "give an object" in answers[2]["error"]["message"]
    assert answers[3]["error"]["fields"][0]["field"] == "condition_id"


@pytest.mark.parametrize(
    ("price", "each"),
    [("1.6万", "16000.00"), (85, "85.00"), (None, None), ("ask", None), ("$10 - $20", None), ("0", None)],
)
def test_a_price_that_cannot_be_read_gives_no_unit_price(
    price: Any, each: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (answer,) = run(question("Tesla V100 SXM2 16GB", price=price), monkeypatch)
    assert (answer["part"], answer["unit_price"]) == ("v100-sxm2-16gb", each)


def test_a_lot_that_only_the_price_names_is_the_quantity(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(question("Tesla V100 SXM2 16GB", price="$289.99 (lot of 2)"), monkeypatch)
    assert (answer["quantity"], answer["unit_price"]) == (2, "144.995")


def test_a_lot_of_the_price_that_contradicts_the_title_leaves_the_unit_price_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (answer,) = run(question("Lot of 4 Tesla V100 SXM2 16GB", price="$289.99 (lot of 2)"), monkeypatch)
    assert (answer["quantity"], answer["unit_price"]) == (4, None)


@pytest.mark.parametrize("title", ["Tesla V100 SXM2 16GB", "Lot of 4 Tesla V100 SXM2 16GB"])
@pytest.mark.parametrize("price", ["$100 each (lot of 4)", "lot of 4, $100 each"])
def test_a_price_of_each_is_that_of_one_whoever_names_the_lot(
    title: str, price: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (answer,) = run(question(title, price=price), monkeypatch)
    assert (answer["quantity"], answer["unit_price"]) == (4, "100.00")


def test_a_cable_of_any_length_is_named_by_its_family(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(question("SFF-8654 8i cable 1m"), monkeypatch)
    assert answer["part"] == "sff-8654-8i-cable"


@pytest.mark.parametrize("title", ["", "\u0000", "\ud800", "<b>" * 4000])
def test_a_hostile_title_is_answered(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(question(title), monkeypatch)
    assert answer["accept"] is False
