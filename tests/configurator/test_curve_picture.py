"""Small line pictures. The box is 40 to 300 wide and 20 to 154 high; coordinates are worked out by hand from that."""

from configurator.curve_picture import curve_picture
from configurator.curves import Curve, Point
from configurator.estimation.types import Range
from configurator.plot import Tick


def curve(*points: tuple[float, Range | None], chosen: float = 0, limit: float | None = None) -> Curve:
    return Curve(
        tuple(Point(value, speed, speed, "" if speed else "does not fit") for value, speed in points), chosen, limit
    )


# The axis ends at 50, the round number above 40: 40 is four fifths of 134 above 154.
FAST, SLOW = Range(10, 20, 40), Range(5, 10, 20)


def test_the_band_runs_along_the_high_ends_and_back_along_the_low_ones() -> None:
    picture = curve_picture(curve((0, FAST), (50, SLOW), (100, None), limit=50))
    assert picture.band == "M40 46.8L170 100.4L170 140.6L40 127.2Z"
    assert picture.line == "M40 100.4L170 127.2"
    assert (picture.limit_x, picture.beyond_width) == (170, 130)
    assert [tick.at for tick in picture.y_ticks] == [154, 87, 20]
    assert (picture.first, picture.last) == (picture.points[0], picture.points[1])


def test_what_does_not_run_is_a_gap_and_not_a_zero() -> None:
    picture = curve_picture(curve((0, FAST), (25, None), (50, SLOW), (75, FAST), (100, None)))
    assert picture.band.count("Z") == 1
    assert picture.line == "M170 127.2L235 100.4"
    assert picture.dots == "M40 127.2V46.8M40 100.4h0"
    assert " 154" not in picture.band + picture.line + picture.dots


def test_where_nothing_runs_nothing_is_drawn() -> None:
    picture = curve_picture(curve((0, None), (10, None)))
    assert (picture.band, picture.line, picture.dots, picture.first) == ("", "", "", None)
    assert picture.chosen.speed is None


def test_the_present_choice_has_a_tick_with_its_words_above_the_band() -> None:
    chosen = curve_picture(curve((0, FAST), (50, SLOW), (100, SLOW))).chosen
    assert (chosen.x, chosen.y, chosen.label_y, chosen.is_end) == (40, 100.4, 41.8, True)
    # Its words reach 80 to the left, over the band's highest end there.
    right = curve_picture(curve((0, SLOW), (75, FAST), (100, SLOW), chosen=100)).chosen
    assert (right.x, right.y, right.label_y, right.is_end) == (300, 127.2, 41.8, False)
    stuck = curve_picture(curve((0, FAST), (100, None), chosen=100)).chosen
    assert (stuck.y, stuck.speed) == (154, None)


def test_axes_have_a_few_round_ticks() -> None:
    watts = curve_picture(curve((150, SLOW), (300, FAST), chosen=150), from_zero=False)
    assert watts.x_ticks == (Tick(40, 150), Tick(126.7, 200), Tick(213.3, 250), Tick(300, 300))
    tokens = curve_picture(curve((0, FAST), (65536, SLOW)))
    assert [tick.value for tick in tokens.x_ticks] == [0, 16384, 32768, 49152, 65536]
    streams = curve_picture(curve((1, SLOW), (2, SLOW), (3, SLOW), (4, FAST), chosen=1), doubling=True, from_zero=False)
    assert streams.x_ticks == (Tick(40, 1), Tick(170, 2), Tick(300, 4))


def test_one_value_alone_is_drawn_too() -> None:
    picture = curve_picture(curve((300, FAST), chosen=300), from_zero=False)
    assert picture.dots == "M40 127.2V46.8M40 100.4h0"
