"""Differences between two builds: what is unknown stays unknown, and never becomes a saving."""

from decimal import Decimal

from configurator.changes import Change, Figures, change

NOW = Figures(12.5, 980.0, Decimal(1859), frozenset({"fan", "tax"}))


def test_a_change_is_the_other_figures_less_these() -> None:
    # Worked by hand: 14.1 - 12.5, 920 - 980, 1853 - 1859.
    cases = [
        (Figures(14.1, 920.0, Decimal(1853), NOW.unpriced), (1.6, -60.0, Decimal(-6), (), False)),
        (Figures(None, 920.0, Decimal(1859), NOW.unpriced), (None, -60.0, Decimal(0), (), False)),
        # A block nobody has a price of may cost anything; doing without an unpriced fan saves its price besides.
        (Figures(12.5, 980.0, Decimal(1700), NOW.unpriced | {"block"}), (0.0, 0.0, None, ("block",), False)),
        (Figures(12.5, 970.0, Decimal(1859), frozenset({"tax"})), (0.0, -10.0, Decimal(0), (), True)),
        (Figures(12.5, 970.0, Decimal(1859), frozenset({"tax", "block"})), (0.0, -10.0, None, ("block",), False)),
    ]
    for then, (tok_s, wall_w, usd, unpriced, is_most) in cases:
        found = change(NOW, then)
        rounded = None if found.tok_s is None else round(found.tok_s, 6)
        assert Change(rounded, *(found.wall_w, found.usd, found.unpriced, found.is_most)) == Change(
            tok_s, wall_w, usd, unpriced, is_most
        )


def test_without_a_speed_now_there_is_no_difference_in_speed() -> None:
    assert change(Figures(None, 1.0, Decimal(1)), Figures(9.0, 1.0, Decimal(1))).tok_s is None
