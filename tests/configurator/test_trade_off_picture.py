"""Cost against speed. The box is 40 to 374 wide and 24 to 274 high; coordinates are worked out by hand from that."""

from decimal import Decimal
from itertools import combinations
from random import Random

from configurator.estimation.types import Range
from configurator.plot import Tick
from configurator.trade_off_picture import Mark, TradeOffPoint, trade_off_picture
from sourcing.landed.types import Money


def point(cost: tuple[int, int, int] | None, speed: Range | None, *, is_front: bool = False) -> TradeOffPoint:
    landed = Money(*(Decimal(amount) for amount in cost)) if cost else None
    return TradeOffPoint(landed, speed, "4 × V100", "/build/?gpu_count=4", is_front)


CHEAP = point((900, 1000, 1200), Range(4, 10, 20), is_front=True)
DEAR = point((1800, 2000, 2200), Range(20, 30, 40), is_front=True)


def test_points_whiskers_and_front_stand_where_they_should() -> None:
    # Costs from 500 to 2,500 dollars in steps of 500, speeds to 40 tok/s in steps of 10.
    picture = trade_off_picture([CHEAP, DEAR])
    assert picture.x_ticks == (Tick(40, 500), Tick(123.5, 1000), Tick(207, 1500), Tick(290.5, 2000), Tick(374, 2500))
    assert picture.y_ticks == (Tick(274, 0), Tick(211.5, 10), Tick(149, 20), Tick(86.5, 30), Tick(24, 40))
    assert [(mark.x, mark.y) for mark in picture.marks] == [(123.5, 211.5), (290.5, 86.5)]
    assert picture.front == "M123.5 211.5H290.5V86.5"
    assert picture.whiskers == "M106.8 211.5H156.9M123.5 249V149M257.1 86.5H323.9M290.5 149V24"
    assert [(mark.number_x, mark.number_y, mark.leader) for mark in picture.marks] == [
        (123.5, 199.5, ""),
        (290.5, 74.5, ""),
    ]


def test_only_the_front_is_joined_in_order_of_cost() -> None:
    beaten = point((1400, 1500, 1600), Range(5, 9, 12))
    picture = trade_off_picture([DEAR, beaten, CHEAP])
    assert picture.front == "M123.5 211.5H290.5V86.5"
    assert [mark.number for mark in picture.marks] == [1, 2, 3]


def test_an_unknown_cost_or_speed_is_listed_and_not_drawn_at_zero() -> None:
    picture = trade_off_picture([point(None, Range(4, 10, 20)), CHEAP, point((900, 1000, 1200), None)])
    assert [mark.number for mark in picture.marks] == [2]
    assert [number for number, _ in picture.rows] == [1, 2, 3]
    assert picture.not_drawn == 2
    assert trade_off_picture([]).marks == ()
    assert trade_off_picture([point(None, None)]).not_drawn == 1


def test_numbers_collide_neither_with_each_other_nor_with_points() -> None:
    def box(mark: Mark) -> tuple[float, float, float, float]:
        half = 3.5 * len(str(mark.number))
        return mark.number_x - half, mark.number_y - 6, mark.number_x + half, mark.number_y + 6

    def apart(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
        return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]

    random = Random(1)  # noqa: S311 - the same crowds every time
    crowds = [[CHEAP] * 12, [CHEAP, DEAR] * 8]
    for _ in range(20):
        costs = [random.choice((900, 950, 1500, 4000)) + random.randrange(40) for _ in range(14)]
        crowds.append([point((c - 50, c, c + 90), Range(8, 10 + c / 300, 40)) for c in costs])
    for crowd in crowds:
        marks = trade_off_picture(crowd).marks
        assert all(apart(box(one), box(other)) for one, other in combinations(marks, 2))
        dots = [(mark.x - 4.5, mark.y - 4.5, mark.x + 4.5, mark.y + 4.5) for mark in marks]
        assert all(apart(box(mark), dot) for mark in marks for dot in dots)
        assert all(0 < mark.number_x < 400 and 0 < mark.number_y < 274 for mark in marks)


def test_costs_and_speeds_that_are_all_alike_still_have_an_axis() -> None:
    picture = trade_off_picture([point((1000, 1000, 1000), Range(0, 0, 0))])
    assert len(picture.x_ticks) > 1
    assert len(picture.y_ticks) > 1
