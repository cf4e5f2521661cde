"""The picture of what machines and rents have cost by month. Expected numbers are worked by hand."""

import re
from itertools import pairwise

import pytest

from configurator.cost_picture import CostLine, CostPicture, cost_picture, crossing_months, horizon

MINE = CostLine("My quad", False, 1800, 30, 30)
THEIRS = CostLine("Rent two", True, 0, 180, 420)  # 300 in the middle


def drawn(*lines: CostLine) -> CostPicture:
    picture = cost_picture(lines)
    assert picture is not None
    return picture


def test_lines_cross_where_the_saving_has_paid_for_the_machine() -> None:
    assert crossing_months(MINE, THEIRS) == pytest.approx(1800 / 270)  # 6.67
    assert crossing_months(MINE, CostLine("as dear as electricity", True, 0, 30, 30)) is None
    picture = drawn(MINE, THEIRS)
    assert picture.months == 12
    [(x, y)] = picture.crossings
    share = (x - picture.left) / (picture.right - picture.left)
    assert share == pytest.approx(1800 / 270 / 12, abs=0.002)
    highest = picture.y_ticks[-1].value  # both have cost $2,000 by then
    assert (picture.bottom - y) / (picture.bottom - picture.top) == pytest.approx(2000 / highest, abs=0.002)


def test_the_span_shows_every_crossing_but_those_beyond_ten_years() -> None:
    assert horizon([6.7, 11.9]) == 12
    assert horizon([6.7, 12.1]) == 24
    assert horizon([6.7, 500.0, None]) == 12
    assert horizon([None]) == 36


def test_a_line_that_leaves_at_the_top_is_cut_there_and_says_so() -> None:
    picture = drawn(MINE, CostLine("Rent eight", True, 0, 4000, 6000))
    rent = picture.lines[1]
    assert rent.leaves
    ends = [float(number) for number in re.findall(r"[\d.]+", rent.path)]
    assert ends[3] == picture.top
    assert picture.left < ends[2] < picture.right
    assert not picture.lines[0].leaves


def test_names_never_lie_on_each_other_nor_outside() -> None:
    picture = drawn(*(CostLine(f"{n}", n > 3, 1000 + n, 30, 30) for n in range(8)))
    places = sorted(line.label_y for line in picture.lines)
    assert all(below - above >= 14.9 for above, below in pairwise(places))
    assert picture.top <= places[0]
    assert places[-1] <= picture.bottom


def test_one_kind_alone_is_no_picture() -> None:
    assert cost_picture([MINE]) is None
    assert cost_picture([THEIRS]) is None


def test_the_description_says_who_meets_whom() -> None:
    description = drawn(MINE, THEIRS, CostLine("Rent one", True, 0, 20, 20)).description
    assert "My quad has cost as much as rent two after 6.7 months." in description
    assert "My quad has cost as much as rent one at no time." in description
