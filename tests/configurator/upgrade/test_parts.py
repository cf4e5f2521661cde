"""Parts over the phases of a path, counted by hand."""

from configurator.upgrade.parts import Bill, at_least, move, together, without


def test_modules_move_and_what_is_not_used_is_idle_until_it_is_wanted_again() -> None:
    quad: Bill = {"board": 1, "v100-16": 4, "cable": 4, "psu": 2}
    two_quads: Bill = {"board": 2, "v100-16": 8, "cable": 8, "psu": 3}
    server: Bill = {"server": 1, "v100-16": 8}
    larger: Bill = {"board": 2, "v100-32": 8, "cable": 8, "psu": 3}

    first = move({}, quad, {})
    assert (first.bought, first.moved, first.idle, first.owned) == (quad, {}, {}, quad)

    second = move(first.owned, two_quads, first.idle)
    assert second.bought == {"board": 1, "v100-16": 4, "cable": 4, "psu": 1}
    assert second.moved == quad
    assert second.owned == two_quads

    third = move(second.owned, server, second.idle)
    assert (third.bought, third.moved) == ({"server": 1}, {"v100-16": 8})
    assert third.idle == third.newly_idle == {"board": 2, "cable": 8, "psu": 3}

    # Back on the boards with larger modules: nothing of them is bought again, and the server stands idle.
    fourth = move(third.owned, larger, third.idle)
    assert fourth.bought == {"v100-32": 8}
    assert fourth.idle == fourth.newly_idle == {"v100-16": 8, "server": 1}
    assert fourth.owned == {"board": 2, "v100-16": 8, "cable": 8, "psu": 3, "server": 1, "v100-32": 8}

    # A smaller machine leaves a part of what it is made of idle; what was idle before is not so newly.
    fifth = move(fourth.owned, quad, fourth.idle)
    assert fifth.bought == {}
    assert fifth.idle == {"board": 1, "v100-16": 4, "cable": 4, "psu": 1, "server": 1, "v100-32": 8}
    assert fifth.newly_idle == {"board": 1, "cable": 4, "psu": 1, "v100-32": 8}


def test_bills_add_up_and_never_go_below_none() -> None:
    assert together({"a": 1, "b": 2}, {"b": 1, "c": 3}) == {"a": 1, "b": 3, "c": 3}
    assert without({"a": 1, "b": 2}, {"a": 5, "b": 1}) == {"b": 1}
    assert at_least({"a": 1, "b": 2}, {"a": 5, "b": 1, "c": 1}) == {"a": 5, "b": 2, "c": 1}
