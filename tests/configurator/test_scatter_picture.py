"""The scatter of measured against predicted values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.scatter_picture import Mark, ScatterPicture, scatter_picture

POSITIVE = st.floats(min_value=0.5, max_value=1e6)


def drawn(*marks: Mark, band_percent: int = 30) -> ScatterPicture:
    picture = scatter_picture(marks, "tok/s", band_percent)
    assert picture is not None
    return picture


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)h0", path)]


def test_nothing_to_draw_gives_no_picture() -> None:
    assert scatter_picture([], "MiB") is None
    assert scatter_picture([Mark(0.0, 12.0), Mark(5.0, 0.0)], "MiB") is None


def test_exact_predictions_lie_on_the_diagonal() -> None:
    picture = drawn(Mark(10, 10), Mark(100, 100), Mark(1000, 1000))
    (x1, y1), (x2, y2) = [tuple(map(float, pair.split())) for pair in picture.diagonal.removeprefix("M").split("L")]
    for x, y in points(picture.within):
        on_line = y1 + (x - x1) / (x2 - x1) * (y2 - y1)
        assert y == pytest.approx(on_line, abs=0.2)


def test_more_is_further_right_and_higher_up() -> None:
    (x1, y1), (x2, y2) = points(drawn(Mark(10, 11), Mark(100, 90)).within)
    assert x1 < x2
    assert y1 > y2  # SVG counts downwards


def test_equal_ratios_are_equal_distances() -> None:
    (x1, _), (x2, _), (x3, _) = points(drawn(Mark(10, 10), Mark(100, 100), Mark(1000, 1000)).within)
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)


def test_points_beyond_the_band_have_another_shape() -> None:
    picture = drawn(Mark(100, 129), Mark(100, 131), Mark(100, 71), Mark(100, 69))
    assert len(points(picture.within)) == 2
    assert picture.beyond.count("z") == 2


def test_whiskers_stand_only_where_a_range_was_given() -> None:
    assert drawn(Mark(10, 10, 8, 12), Mark(20, 20)).whiskers.count("V") == 1
    assert drawn(Mark(20, 20)).whiskers == ""


def test_whiskers_are_left_out_where_they_would_hide_the_points() -> None:
    assert drawn(*[Mark(10 + i, 10 + i, 8 + i, 12 + i) for i in range(400)]).whiskers == ""


def test_ticks_are_round_numbers_within_the_frame() -> None:
    picture = drawn(Mark(4.2, 5), Mark(120, 100))
    assert [tick.value for tick in picture.x_ticks] == [5, 10, 20, 50, 100]
    assert all(picture.left <= tick.at <= picture.right for tick in picture.x_ticks)
    assert all(picture.top <= tick.at <= picture.bottom for tick in picture.y_ticks)


def test_a_wide_range_is_marked_by_powers_of_ten_alone() -> None:
    assert [tick.value for tick in drawn(Mark(1, 1), Mark(20000, 20000)).y_ticks] == [1, 10, 100, 1000, 10000]


def test_the_description_says_how_near_the_points_are() -> None:
    description = drawn(Mark(100, 110, 90, 130), Mark(200, 210, 205, 220), Mark(50, 100)).description
    assert "3 points, measured 50 to 200 tok/s" in description
    assert "2 of them lie within 30 %" in description
    assert "half are off by less than 10 %" in description
    assert "For 1 of 2 the measured value lies inside the range given" in description


def test_the_description_writes_large_values_out() -> None:
    assert "measured 747.9 to 394,512 MiB" in str(scatter_picture([Mark(747.9, 748), Mark(394512.3, 394000)], "MiB"))


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=30))
def test_every_point_lies_inside_the_frame(values: list[tuple[float, float]]) -> None:
    picture = drawn(*[Mark(measured, predicted) for measured, predicted in values])
    dots = points(picture.within)
    diamonds = [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)l", picture.beyond)]
    assert len(dots) + len(diamonds) == len(values)
    for x, y in dots + diamonds:
        assert picture.left <= x <= picture.right
        assert picture.top - 4 <= y <= picture.bottom  # a diamond begins at its upper corner
