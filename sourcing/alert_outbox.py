"""Sending what is to be sent, each mail exactly once, whatever dies meanwhile.

A row is claimed by a conditional UPDATE; a claim ends by itself, so that nothing a dead worker held is lost. Just
before the line that ends a mail the row is marked as in doubt: who dies or hears no answer after that leaves the mark,
and only then can a mail arrive twice, under the same Message-ID, and no more than twice. Everything before is simply
tried again, later and later.
"""

import logging
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from sourcing import alert_mail, alerts, mail_folder, suppression
from sourcing.delivery import ClaimLost, Outcome, deliver
from sourcing.mail_ids import new_message_id
from sourcing.outbox_models import MOST_DOUBTS, Alert, Digest, Notice, Outgoing
from sourcing.watch_models import Subscriber, Watch

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""Longer than a mail can take: the server has ten minutes for its last answer (RFC 5321, 4.5.3.2.6)."""
RETRY_FIRST, RETRY_LONGEST = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 16
"""With these waits about a day and a half."""
MOST_REFUSALS = 3
"""A server that refuses a mail for good may still be mistaken about itself; an unknown mailbox is believed at once."""
MOST_COMPOSED = 3
"""How often a mail is written anew at one attempt, because something in it was stopped meanwhile."""
MOST_LINES = 25
MOST_AT_ONCE = 500

KINDS: dict[str, type[Alert] | type[Digest] | type[Notice]] = {"alert": Alert, "digest": Digest, "notice": Notice}


def send(kind: str, pk: int, now: datetime) -> str:
    """Send one mail if it is due and nobody else is at it. Returns the state it leaves the mail in, or "not due"."""
    # An alert whose watch has gone over to the daily mail meanwhile waits for that one.
    rows: Any = Alert.objects.at_once() if kind == "alert" else KINDS[kind].objects.all()
    claim = uuid4().hex
    claimed = rows.due(now).filter(pk=pk).update(claim=claim, claimed_until=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return "not due"
    try:
        return _attempt(rows.get(pk=pk), now)
    except ObjectDoesNotExist:
        return "deleted"


def _attempt(row: Any, now: datetime) -> str:
    """Send a mail that is claimed. Raises ObjectDoesNotExist where its owner has deleted it meanwhile."""
    if row.doubts >= MOST_DOUBTS:
        _bury(row, "Twice the server gave no answer to the whole mail: it may have arrived twice, or never.")
        return "dead"
    if row.attempts > MOST_ATTEMPTS:
        _bury(row, "Every attempt ended without an outcome: the log of the workers says why.")
        return "dead"
    for _ in range(MOST_COMPOSED):
        letter = _compose(row, now)
        if letter is None:
            return "withdrawn"
        try:
            outcome, said = _deliver(row, letter, now)
        except ClaimLost:
            return "not due"
        except Outdated:
            continue
        if outcome is not Outcome.ACCEPTED:
            _failed(row, outcome, said, now)
        row.refresh_from_db(fields=["state"])
        return str(row.state)
    _ours(row).update(claim="", claimed_until=None, due_at=now + RETRY_FIRST)
    return "pending"


class Outdated(Exception):
    """Since the mail was written its owner has stopped something that it tells of; it was not sent."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is to go out, and the alerts it tells of."""

    message: EmailMultiAlternatives
    alerts: tuple[int, ...] = ()


def _deliver(row: Outgoing, letter: Letter, now: datetime) -> tuple[Outcome, str]:
    done = deliver(
        letter.message, lambda: _hand_over(row, letter), lambda: _take_back(row), lambda: _accepted(row, now)
    )
    if not KINDS[_kind(row)].objects.filter(pk=row.pk).exists():
        # Deleted with all that is its owner's while it was written to the folder.
        mail_folder.delete_mails_to(Path(settings.EMAIL_FILE_PATH), letter.message.to[0])
    return done


def _compose(row: Outgoing, now: datetime) -> Letter | None:
    """The mail as it is true now; None where there is nothing to say any more, which is then noted."""
    if isinstance(row, Alert):
        return _compose_alert(row, now)
    if isinstance(row, Digest):
        return _compose_digest(row, now)
    if isinstance(row, Notice):
        if row.subscriber.suppressed_at is None:
            return Letter(alert_mail.notice(row, now))
        Notice.objects.filter(pk=row.pk).withdraw(suppression.WORDS)
    return None


def _compose_alert(alert: Alert, now: datetime) -> Letter | None:
    told = _still_true(alert, now)
    return None if told is None else Letter(alert_mail.alert(told, now), (alert.pk,))


def _compose_digest(digest: Digest, now: datetime) -> Letter | None:
    if not digest.doubts:
        # Who fired again since is told of that today: what it has overtaken was to be told today too.
        again = Alert.objects.filter(digest=digest).values("watch")
        Alert.objects.for_digest().filter(watch__in=again).update(digest=digest)
    rows = Alert.objects.pending().filter(digest=digest).order_by("pk")
    told = [line for alert in rows if (line := _still_true(alert, now)) is not None]
    if not told:
        Digest.objects.filter(pk=digest.pk).withdraw("Nothing in it holds any more.")
        return None
    return Letter(alert_mail.digest(digest, told, now), tuple(line.alert.pk for line in told))


def _still_true(alert: Alert, now: datetime) -> "alert_mail.Told | None":
    """The alert with what is on offer now; None where it no longer holds, which is then noted."""
    watch = alerts.with_lines(Watch.objects.filter(pk=alert.watch_id)).get()
    if not watch.lines.all():
        raise Watch.DoesNotExist  # its owner is deleting it: the lines went first
    this = Alert.objects.filter(pk=alert.pk)
    if Alert.objects.filter(watch=watch, pk__gt=alert.pk).exists():
        this.withdraw(alerts.OVERTAKEN)
        return None
    if watch.paused_at is not None or watch.subscriber.suppressed_at is not None:
        alerts.forget(this, "The watch is paused." if watch.paused_at else suppression.WORDS)
        return None
    found = alerts.standing(alert, watch, now)
    if found.find is None:
        alerts.forget(this, found.words)
        return None
    alerts.retell(alert, found.find)
    return alert_mail.Told(alert, watch, found.find, found.words, found.markets.listings)


def _hand_over(row: Outgoing, letter: Letter) -> None:
    """From here on nobody but the server knows. Raises ClaimLost where the row is not ours any more, Outdated where
    something that the mail tells of was stopped since it was written."""
    with transaction.atomic():
        told = Alert.objects.filter(pk__in=letter.alerts)
        alerts.lock_watches(told.values("watch"))
        if not _ours(row).exists():
            raise ClaimLost
        if told.pending().filter(watch__in=Watch.objects.active()).count() < len(letter.alerts):
            raise Outdated
        if not _ours(row).filter(doubts__lt=MOST_DOUBTS).update(doubts=F("doubts") + 1):
            raise ClaimLost
        if isinstance(row, Digest):
            Alert.objects.pending().filter(digest=row, doubts__lt=MOST_DOUBTS).update(doubts=F("doubts") + 1)
    row.doubts += 1


def _take_back(row: Outgoing) -> None:
    """The server has said no: there is no doubt about this attempt."""
    with transaction.atomic():
        _ours(row).filter(doubts__gt=0).update(doubts=F("doubts") - 1)
        if isinstance(row, Digest):
            Alert.objects.pending().filter(digest=row, doubts__gt=0).update(doubts=F("doubts") - 1)


def _accepted(row: Outgoing, now: datetime) -> None:
    """It is out, whoever has the claim by now."""
    sent = {"state": "sent", "sent_at": now, "claim": "", "claimed_until": None, "last_error": ""}
    with transaction.atomic():
        KINDS[_kind(row)].objects.pending().filter(pk=row.pk).update(**sent)
        if isinstance(row, Digest):
            Alert.objects.pending().filter(digest=row).update(**sent)


def _failed(row: Outgoing, outcome: Outcome, said: str, now: datetime) -> None:
    """Try again later, or give it up."""
    logger.warning("%s %s was not sent: %s", _kind(row), row.pk, said)
    if outcome is Outcome.NO_MAILBOX:
        _bury(row, said)
        suppression.suppress(_subscriber(row).address, "rejected", now)
    elif row.attempts >= (MOST_REFUSALS if outcome is Outcome.REFUSED else MOST_ATTEMPTS):
        _bury(row, said)
    else:
        wait = min(RETRY_FIRST * 2 ** (row.attempts - 1), RETRY_LONGEST) * random.uniform(0.8, 1.2)  # noqa: S311 not for secrets
        _ours(row).update(claim="", claimed_until=None, due_at=now + wait, last_error=said[:200])


def _bury(row: Outgoing, said: str) -> None:
    """A dead letter: the admin shows it and can send it again."""
    dead = {"state": "dead", "claim": "", "claimed_until": None, "last_error": said[:200]}
    _ours(row).update(**dead)
    if isinstance(row, Digest):
        Alert.objects.pending().filter(digest=row).update(**dead)


def _ours(row: Outgoing) -> Any:
    return KINDS[_kind(row)].objects.pending().filter(pk=row.pk, claim=row.claim)


def _kind(row: Outgoing) -> str:
    return type(row).__name__.lower()


def _subscriber(row: Any) -> Subscriber:
    return row.watch.subscriber if isinstance(row, Alert) else row.subscriber


def revive(kind: str, pks: "list[int]", now: datetime) -> int:
    """Send dead letters again: an operator has looked at them, so that earlier doubts do not count. An alert of a daily
    mail goes with all that died with it."""
    if kind == "alert":
        daily = set(Alert.objects.filter(pk__in=pks, state="dead", digest__state="dead").values_list("digest", "pk"))
        if daily:
            alone = list(set(pks) - {pk for _, pk in daily})
            return revive("digest", [digest for digest, _ in daily], now) + revive("alert", alone, now)
    with transaction.atomic():
        fresh: dict[str, Any] = {"state": "pending", "due_at": now, "attempts": 0, "doubts": 0}
        revived = KINDS[kind].objects.filter(pk__in=pks, state="dead").update(**fresh)
        if kind == "digest":
            Alert.objects.filter(digest__in=pks, state="dead").update(**fresh)
    return revived


def overdue(now: datetime) -> list[tuple[str, int]]:
    """Every mail that is due and in nobody's hands: what a broker has lost, what failed and what dead workers held."""
    at_once = [("alert", pk) for pk in _pks(Alert.objects.at_once().due(now))]
    digests = [("digest", pk) for pk in _pks(Digest.objects.due(now))]
    return at_once + digests + [("notice", pk) for pk in _pks(Notice.objects.due(now))]


def _pks(rows: Any) -> list[int]:
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE])


def gather_digests(now: datetime) -> list[int]:
    """Put the alerts of everybody whose hour has come into digests, one mail for each so many of them.

    A person has one gathering a day; what fires after it waits for the next.
    """
    waiting = Alert.objects.for_digest().filter(watch__subscriber=OuterRef("pk"))
    made: list[int] = []
    for subscriber in Subscriber.objects.filter(Exists(waiting), suppressed_at=None).order_by("pk").iterator():
        local = subscriber.local(now)
        if local.hour >= subscriber.digest_hour:
            made += _gather(subscriber, local.date(), now)
        else:
            # Nobody was there at yesterday's hour to gather what waited for it.
            day = local.date() - timedelta(days=1)
            hour = datetime.combine(day, time(subscriber.digest_hour), local.tzinfo)
            made += _gather(subscriber, day, now, fired_by=hour)
    return made


def _gather(subscriber: Subscriber, day: date, now: datetime, *, fired_by: datetime | None = None) -> list[int]:
    """The alerts that wait, or those of them that fired by then, in digests of a day that has none yet."""
    with transaction.atomic():
        Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        today = Digest.objects.filter(subscriber=subscriber, day=day)
        if today.exclude(state="withdrawn").exists():
            return []
        waiting = Alert.objects.for_digest().filter(watch__subscriber=subscriber)
        if fired_by is not None:
            waiting = waiting.filter(created_at__lte=fired_by)
        pks = list(waiting.order_by("pk").values_list("pk", flat=True))
        made = []
        for number, start in enumerate(range(0, len(pks), MOST_LINES), start=today.count()):
            row = Digest.objects.create(
                subscriber=subscriber,
                day=day,
                number=number,
                created_at=now,
                due_at=now,
                message_id=new_message_id(),
            )
            Alert.objects.for_digest().filter(pk__in=pks[start : start + MOST_LINES]).update(digest=row)
            made.append(row.pk)
        return made
