"""Numbers as people read them: the expected words are those the design and the community use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.templatetags import quantities as q

NBSP = "\u00a0"


@dataclass(frozen=True)
class Spread:
    low: float | Decimal
    mid: float | Decimal
    high: float | Decimal


def spread(low: float, high: float) -> Spread:
    return Spread(low, (low + high) / 2, high)


def dollars(low: str, high: str) -> Spread:
    return Spread(Decimal(low), (Decimal(low) + Decimal(high)) / 2, Decimal(high))


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("1152"), "$1,152"),
        (Decimal("87.50"), "$87.50"),
        (Decimal("99"), "$99"),
        (Decimal("0"), "$0"),
        (Decimal("212.50"), "$213"),
        (Decimal("-12.5"), "-$12.50"),
        (18.36, "$18.36"),
    ],
)
def test_money_has_cents_only_below_a_hundred_dollars(amount: Decimal | float, words: str) -> None:
    assert q.money(amount) == words


def test_a_range_of_money_repeats_no_sign() -> None:
    assert q.money(dollars("1110", "1290")) == "$1,110–1,290"


def test_a_range_with_cents_shows_them_at_both_ends() -> None:
    assert q.money(dollars("8", "12.50")) == "$8.00–12.50"


def test_a_range_that_is_one_amount_reads_as_one() -> None:
    assert q.money(dollars("130", "130")) == "$130"
    assert q.money_range(dollars("1152.10", "1152.30")) == "$1,152"


def test_a_change_has_its_sign_and_a_range_of_tenths_one_number_where_both_ends_read_alike() -> None:
    assert [plain(q.signed_percent(change)) for change in (0.034, -0.48, -0.002, 0)] == [
        "+3.4 %",
        "−48 %",
        "−0.2 %",
        "0 %",
    ]
    assert q.signed_percent(None) == q.tenths_range(None) == "unknown"
    assert q.tenths_range(spread(3.2, 12.8)) == "3.2–12.8"
    assert q.tenths_range(spread(7.98, 8.0)) == "8.0"


EVERY_FILTER = (
    *(q.money, q.money_range, q.spoken_dollars, q.mib, q.gib, q.gib_number, q.gb, q.gb_of_bytes, q.count, q.plain),
    *(q.parameters, q.tok_s, q.seconds, q.milliseconds, q.watts, q.wall_watts, q.amps, q.gb_s, q.percent),
    *(q.share_percent, q.spoken, q.day, q.month),
)


@pytest.mark.parametrize("show", EVERY_FILTER)
def test_what_is_not_known_is_called_unknown_and_never_zero(show: Callable[[None], str]) -> None:
    assert show(None) == "unknown"


def test_a_card_exposes_less_than_its_label() -> None:
    # nvidia-smi reports 16,145 MiB for the 16 GB module: 15.8 GiB, 16.9 decimal GB.
    assert plain(q.mib(16145)) == "16,145 MiB"
    assert plain(q.gib(16145)) == "15.8 GiB"
    assert plain(q.gb(16145)) == "16.9 GB"


def test_files_are_counted_in_decimal_gigabytes() -> None:
    # The published size of Llama 3.1 70B Q4_K_M.
    assert plain(q.gb_of_bytes(42_520_395_552)) == "42.5 GB"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (12.4, 15.2, "12–15 tok/s"),
        (4.21, 5.13, "4.2–5.1 tok/s"),
        (9.4, 22, "9–22 tok/s"),
        (301, 452, "301–452 tok/s"),
        (1204, 1810, "1,204–1,810 tok/s"),
    ],
)
def test_a_speed_has_as_many_figures_as_it_deserves(low: float, high: float, words: str) -> None:
    assert plain(q.tok_s(spread(low, high))) == words


def test_one_speed_reads_without_a_dash() -> None:
    assert plain(q.tok_s(13.8)) == "14 tok/s"
    assert plain(q.tok_s(6.25)) == "6.3 tok/s"


def test_seconds_and_milliseconds() -> None:
    assert plain(q.seconds(spread(2.12, 3.04))) == "2.1–3.0 s"
    assert plain(q.milliseconds(61.24)) == "61.2 ms"


@pytest.mark.parametrize(("power", "words"), [(863, "860 W"), (865, "870 W"), (1480, "1,480 W"), (44.6, "45 W")])
def test_a_headline_in_watts_is_rounded_to_the_ten(power: float, words: str) -> None:
    assert plain(q.wall_watts(power)) == words


def test_watts_amperes_and_percent() -> None:
    assert plain(q.watts(1730)) == "1,730 W"
    assert plain(q.amps(15.0)) == "15 A"
    assert plain(q.amps(7.19)) == "7.2 A"
    assert plain(q.percent(59.9)) == "60 %"
    assert plain(q.share_percent(0.8)) == "80 %"


def test_sizes_of_models() -> None:
    assert plain(q.parameters(70_553_706_496)) == "70.6 B"
    assert plain(q.parameters(671_026_419_200)) == "671.0 B"
    assert plain(q.parameters(610_000_000)) == "610 M"


def test_a_screen_reader_hears_words_instead_of_dashes() -> None:
    assert q.spoken(spread(12.4, 15.6)) == "12 to 16"
    assert q.spoken_dollars(dollars("1483", "1610")) == "1,483 to 1,610 dollars"
    assert q.spoken_dollars(dollars("1480", "1480")) == "1,480 dollars"


def test_a_quantity_can_leave_its_unit_to_the_heading() -> None:
    assert q.without_unit(q.tok_s(spread(12, 16))) == "12–16"


def test_a_difference_always_has_its_sign() -> None:
    shown: tuple[tuple[Decimal | float | None, str], ...] = (
        (1000.4, "USD"), (Decimal("-6.5"), "USD"), (0.3, "USD"), (-317, "W"), (4, "W"), (0, "W"), (-0.04, "tok/s"),
        (1.55, "tok/s"), (None, "USD"),
    )  # fmt: skip
    assert [plain(q.signed(value, unit)) for value, unit in shown] == [
        "+$1,000", "−$7", "±$0", "−320 W", "+4 W", "±0 W", "±0.0 tok/s", "+1.6 tok/s", "unknown",
    ]  # fmt: skip


def test_severities_are_counted_in_words() -> None:
    assert q.tally(2, "caution") == "2 cautions"
    assert q.tally(1, "blocker") == "1 blocker"
    assert q.tally(3, "unknown") == "3 unknown"
    assert q.tally(31, "ok") == "31 ok"


def test_days_and_months() -> None:
    assert plain(q.day(date(2026, 11, 9))) == "9 Nov 2026"
    assert plain(q.month(date(2026, 3, 1))) == "Mar 2026"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (16145, "MiB", "16,145 MiB"),
        (7.0, "generation", "7.0"),
        (900, "GB/s", "900 GB/s"),
        (True, "flag", "yes"),
        (False, "flag", "no"),
        ("8473.30.1180", "code", "8473.30.1180"),
        (0.8, "fraction", "80 %"),
        (94, "percent", "94 %"),
        (131072, "tokens", "131,072"),
        (1.25, "kg", "1.25 kg"),
        (Decimal("87.50"), "USD", "$87.50"),
        (Decimal("400"), "CNY", "CNY 400"),
        (Decimal("150"), "GBP", "£150"),
        (((0, 2), (2, 0)), "matrix", "0 2 / 2 0"),
        (None, "W", "unknown"),
        ("", "name", "unknown"),
        (0, "count", "0"),
    ],
)
def test_a_catalog_figure_reads_with_its_unit(value: object, unit: str, words: str) -> None:
    assert plain(q.quantity(value, unit)) == words


def test_an_entry_is_found_by_a_key_that_varies() -> None:
    assert q.at_key({"psu": "/build/?psu=x"}, "psu") == "/build/?psu=x"
    assert q.at_key({}, "psu") == ""
    assert q.at_key(None, "psu") == ""


@given(st.decimals(min_value=0, max_value=10_000_000, places=2))
def test_money_is_never_further_off_than_half_a_dollar(amount: Decimal) -> None:
    shown = Decimal(q.money(amount).lstrip("$").replace(",", ""))
    assert abs(shown - amount) <= Decimal("0.5")


@given(st.floats(min_value=0, max_value=100_000), st.floats(min_value=0, max_value=100_000))
def test_a_range_of_speeds_never_reads_backwards(one: float, other: float) -> None:
    low, high = sorted((one, other))
    ends = [float(end.replace(",", "")) for end in q.without_unit(q.tok_s(spread(low, high))).split("–")]
    assert ends == sorted(ends)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_float_breaks_a_page(value: float) -> None:
    for show in (q.mib, q.count, q.watts, q.wall_watts, q.percent, q.milliseconds, q.tok_s):
        assert show(value)
