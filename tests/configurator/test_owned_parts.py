"""Parts that are there already: in the machine, and not in the order."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from configurator.choice import InvalidChoice, parse
from configurator.estimates import EstimateResult, estimate_choice

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
BUILD: dict[str, Any] = {
    "model": "llama-3.3-70b", "gpu": "v100-sxm2-16gb", "gpu_count": 4, "carrier": "quad-board-taq-sxm2-4p5a5",
    "cooler": "heatsink-a100-passive", "cooler_count": 4,
}  # fmt: skip


def ask(**settings: Any) -> EstimateResult:
    return estimate_choice(parse({**BUILD, **settings}), as_of=TODAY)


def test_what_is_owned_runs_and_is_not_bought() -> None:
    plain, some, more = ask(), ask(gpu_owned=3), ask(gpu_owned=128, carrier_owned=1, cooler_owned=4)
    assert plain.estimate.speed == some.estimate.speed == more.estimate.speed
    assert plain.estimate.memory == some.estimate.memory
    line = next(line for line in some.lines if line.slot == "gpu")
    assert (line.count, line.owned, line.priced.quantity) == (4, 3, 1)
    (unit,) = {line.priced.unit for line in plain.lines if line.slot == "gpu"}
    assert unit is not None
    assert line.subtotal == unit  # one is left to buy
    assert plain.cost.total.mid - some.cost.total.mid >= 3 * unit.mid
    # With everything there, nothing is ordered and nothing costs anything.
    assert more.cost.total.high == 0
    assert more.cost.unknown == ()
    assert all(line.subtotal is not None and line.subtotal.mid == 0 for line in more.lines)


def test_owned_parts_are_in_the_address_and_refused_beyond_what_there_can_be() -> None:
    assert "gpu_owned=3" in ask(gpu_owned=3).query
    assert "owned" not in ask().query
    for wrong in (-1, 129, "many", 1.5):
        with pytest.raises(InvalidChoice) as refused:
            ask(gpu_owned=wrong)
        assert [error.field for error in refused.value.errors] == ["gpu_owned"]


def test_page_and_api_show_a_machine_that_is_there_already(client: Client) -> None:
    owning = {**BUILD, "gpu_owned": 4, "carrier_owned": 1}
    page = client.get("/build/", owning)
    assert page.status_code == 200
    assert 'name="gpu_owned"' in page.content.decode()
    answer = client.post("/api/v1/estimate", data=owning, content_type="application/json")
    assert answer.status_code == 200
