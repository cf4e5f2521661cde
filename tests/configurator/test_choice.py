"""A choice is read, checked and written in one way, whoever asks."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.choice import InvalidChoice, parse
from configurator.estimation.runtimes import RUNTIMES
from configurator.fields import FIELD_BY_NAME

MACHINE = {"model": "llama-3.1-70b", "gpu": "v100-sxm2-16gb", "gpu_count": 4}


def errors_of(given_settings: dict[str, object]) -> dict[str, str]:
    with pytest.raises(InvalidChoice) as refused:
        parse(given_settings)
    return {error.field: error.message for error in refused.value.errors}


def test_what_is_left_out_takes_the_schema_default() -> None:
    choice = parse(MACHINE)
    assert (choice["quant"], choice["context_tokens"], choice["kv_dtype"]) == ("Q4_K_M", 8192, "f16")
    assert (choice["circuit"], choice["electricity_usd_per_kwh"], choice["hours_per_day"]) == ("us-120v-15a", 0.12, 24)
    assert choice["flash_attention"] is True
    assert choice["power_limit_w"] is None


def test_text_from_a_query_string_and_values_from_json_mean_the_same() -> None:
    assert parse({**MACHINE, "gpu_count": "4", "flash_attention": "false"}) == parse(
        {**MACHINE, "flash_attention": False}
    )


@pytest.mark.parametrize(
    ("settings", "field", "says"),
    [
        ({"gpu_count": -1}, "gpu_count", "from 1 to 64"),
        ({"gpu_count": "four"}, "gpu_count", "a whole number"),
        ({"gpu_count": 2.5}, "gpu_count", "a whole number"),
        ({"gpu_count": True}, "gpu_count", "a whole number"),
        ({"context_tokens": 10**9}, "context_tokens", "16,777,216"),
        ({"context_tokens": "1e999999999"}, "context_tokens", "16,777,216"),
        ({"context_tokens": float("nan")}, "context_tokens", "a whole number"),
        ({"quant": "Q4_K_XXXL"}, "quant", "Q4_K_M"),
        ({"runtime": "tensorrt"}, "runtime", ", ".join(RUNTIMES)),
        ({"model": ["llama"]}, "model", "a name from the catalog"),
        ({"model": "x" * 500}, "model", "a name from the catalog"),
        ({"entry_date": "2026-13-01"}, "entry_date", "a date such as"),
        ({"flash_attention": "maybe"}, "flash_attention", "true or false"),
        ({"gpu_price": "99.999"}, "gpu_price", "a number"),
        ({"colour": "red"}, "colour", "is not a setting"),
    ],
)
def test_a_bad_setting_is_named_with_what_is_allowed(settings: dict[str, object], field: str, says: str) -> None:
    assert says in errors_of({**MACHINE, **settings})[field]


def test_all_bad_settings_are_named_at_once() -> None:
    assert set(errors_of({"gpu_count": 0, "streams": "many", "nonsense": 1})) == {"gpu_count", "streams", "nonsense"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"gpu_count": 1}, ("none", 1, 1)),
        ({}, ("layer", 1, 4)),
        ({"runtime": "1cat-vllm"}, ("tensor", 4, 1)),
        ({"runtime": "lmdeploy", "gpu_count": 8, "tensor_parallel": 4}, ("tensor", 4, 2)),
        ({"split": "tensor"}, ("tensor", 4, 1)),
        ({"split": "tensor", "pipeline_parallel": 2}, ("tensor", 2, 2)),
        ({"split": "row"}, ("row", 4, 1)),
        ({"split": "none"}, ("none", 1, 1)),
        ({"pipeline_parallel": 4}, ("layer", 1, 4)),
    ],
)
def test_the_split_follows_runtime_and_count(settings: dict[str, object], expected: tuple[str, int, int]) -> None:
    cut = parse({**MACHINE, **settings}).parallelism
    assert (cut.split, cut.tensor_parallel, cut.pipeline_parallel) == expected


def test_parallelism_that_is_not_the_gpu_count_is_refused() -> None:
    assert (
        "2 x 3"
        in errors_of({**MACHINE, "split": "tensor", "tensor_parallel": 2, "pipeline_parallel": 3})["tensor_parallel"]
    )


def test_layer_split_with_tensor_parallelism_is_refused() -> None:
    assert "split" in errors_of({**MACHINE, "split": "layer", "tensor_parallel": 4})


def test_changing_the_gpu_count_does_not_contradict_an_earlier_split() -> None:
    assert parse(MACHINE).replacing({"gpu_count": 8}).parallelism.pipeline_parallel == 8


def test_the_written_form_leaves_defaults_out() -> None:
    assert parse({**MACHINE, "context_tokens": 8192, "cooler_count": 4}).to_query() == (
        "model=llama-3.1-70b&gpu=v100-sxm2-16gb&gpu_count=4"
    )


settings = st.fixed_dictionaries(
    {"model": st.just("llama-3.1-70b"), "gpu": st.just("v100-sxm2-16gb"), "gpu_count": st.integers(1, 16)},
    optional={
        "context_tokens": st.integers(1, 10**6),
        "streams": st.integers(1, 64),
        "power_limit_w": st.integers(100, 400),
        "electricity_usd_per_kwh": st.floats(0, 1).map(lambda price: round(price, 9)),
        "cooler": st.just("heatsink-a100-passive"),
        "cooler_count": st.integers(0, 16),
        "gpu_price": st.decimals(0, 10_000, places=2),
        "entry_date": st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        "exclusions_extended": st.booleans(),
        "flash_attention": st.booleans(),
    },
)


@given(settings)
def test_reading_what_was_written_gives_the_same_address(given_settings: dict[str, object]) -> None:
    choice = parse({"cooler": "heatsink-a100-passive", **given_settings})
    assert parse(dict(parse_qsl(choice.to_query()))).as_dict() == choice.as_dict()


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.binary(max_size=9),
    st.lists(st.integers(), max_size=2),
    st.decimals(),
)


@given(st.dictionaries(st.one_of(st.sampled_from(sorted(FIELD_BY_NAME)), st.text(max_size=9)), anything, max_size=8))
def test_nothing_but_a_clear_refusal_comes_of_nonsense(nonsense: dict[str, object]) -> None:
    with suppress(InvalidChoice):
        parse(nonsense)


def test_money_is_decimal() -> None:
    assert parse({**MACHINE, "gpu_price": 99.5})["gpu_price"] == Decimal("99.5")
