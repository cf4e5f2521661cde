"""Which parts are polled, and that none starves another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.models import Part
from sourcing import schedule
from sourcing.listing_models import Poll

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_every_part_with_search_words_has_a_row_at_each_marketplace() -> None:
    made = schedule.ensure_polls(["demo", "ebay"], NOW)
    searchable = [part for part in Part.objects.all() if part.search.get("english")]
    assert made == 2 * len(searchable) > 40
    assert schedule.ensure_polls(["demo", "ebay"], NOW) == 0


def test_new_rows_come_due_within_the_hour_and_not_at_once() -> None:
    schedule.ensure_polls(["demo"], NOW)
    due = list(Poll.objects.values_list("due_at", flat=True))
    assert all(NOW <= at <= NOW + timedelta(hours=1) for at in due)
    assert max(due) - min(due) > timedelta(minutes=20)


def test_a_query_is_short_enough_for_the_search_and_names_the_part() -> None:
    for part in Part.objects.all():
        query = schedule.query_for(part)
        if query is not None:
            assert 3 < len(query.text) <= 100, query.text


def test_the_longest_unasked_are_handed_out_first_and_a_few_seconds_apart(settings: Any) -> None:
    parts = list(Part.objects.all()[: schedule.MOST_AT_ONCE + 5])
    for place, part in enumerate(parts):
        asked = None if place == 0 else NOW - timedelta(hours=place)
        Poll.objects.create(marketplace="demo", part=part, due_at=NOW, interval_s=3600, last_started=asked)
    handed = schedule.hand_out(["demo"], NOW)
    left_out = {part.pk for part in parts} - set(
        Poll.objects.filter(pk__in=[one.poll_id for one in handed]).values_list("part_id", flat=True)
    )
    assert left_out == {part.pk for part in parts[1:6]}  # those asked last
    assert [one.after_s for one in handed] == [7 * place for place in range(schedule.MOST_AT_ONCE)]


def test_a_part_that_never_has_results_does_not_keep_others_from_being_asked() -> None:
    empty, other = Part.objects.all()[:2]
    for part, asked in ((empty, NOW - timedelta(hours=3)), (other, NOW - timedelta(hours=4))):
        Poll.objects.create(marketplace="demo", part=part, due_at=NOW, interval_s=3600, last_started=asked)
    first = Poll.objects.due(NOW).first()
    assert first is not None
    assert first.part == other


@pytest.mark.parametrize(
    "changes", [{"due_at": NOW + timedelta(hours=3)}, {"claimed_until": NOW + timedelta(minutes=9)}]
)
def test_a_poll_that_is_made_while_others_are_handed_out_keeps_its_time(
    changes: dict[str, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Poll.objects.create(marketplace="demo", part=Part.objects.all()[0], due_at=NOW, interval_s=3600)
    monkeypatch.setattr("random.shuffle", lambda due: Poll.objects.update(**changes))
    assert schedule.hand_out(["demo"], NOW + timedelta(minutes=1)) == []
    row.refresh_from_db()
    assert row.due_at == changes.get("due_at", NOW)


def test_what_was_handed_out_is_not_handed_out_again_before_its_turn() -> None:
    schedule.ensure_polls(["demo"], NOW - timedelta(hours=1))
    first = schedule.hand_out(["demo"], NOW)
    again = schedule.hand_out(["demo"], NOW + timedelta(seconds=6))
    assert len(first) == schedule.MOST_AT_ONCE
    turn = {one.poll_id: one.after_s for one in first}
    assert all(turn.get(one.poll_id, 0) == 0 for one in again)
    assert Poll.objects.filter(pk=first[-1].poll_id, due_at__gt=NOW).exists()
