"""What people do with watches: make one, confirm it, manage all of theirs, stop. The pages call these functions.

An address proves itself by a link in a mail: who only knows it can neither see nor change anything of its owner.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from catalog.field_errors import FieldError
from catalog.models import Part
from sourcing import alerts, mail_folder, suppression, tasks, watch_limits, watch_tokens
from sourcing.alerting import State
from sourcing.mail_ids import new_message_id
from sourcing.outbox_models import CONFIRM, MANAGE, Alert, Firing, Notice
from sourcing.request_limits import TooMany, even_answer
from sourcing.watch_models import DAILY, Subscriber, Watch, WatchLine
from sourcing.watch_wishes import WHAT_COUNTS, InvalidWatch, Wish, columns_of, lines_of, normal_address, time_zone_named


@dataclass(frozen=True, slots=True)
class Created:
    """``left_out``: parts of a build that no marketplace is searched for, so that they cannot be watched. ``watch`` is
    None where a limit of the address kept it from being made: the page must not tell, for anybody can ask.
    """

    watch: Watch | None
    left_out: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Managed:
    """A person's page: their watches, newest first, each with its last alert."""

    subscriber: Subscriber
    watches: tuple[Watch, ...]
    last_alert: dict[int, Alert] = field(default_factory=dict)

    @property
    def is_suppressed(self) -> bool:
        return self.subscriber.suppressed_at is not None


def create_watch(
    wish: Wish, address: str, time_zone: str, ip: str, now: datetime, *, manage_token: str = ""
) -> Created:
    """Make a watch. It is silent until its owner confirms it, by the link that is mailed; one made on the manage page
    (``manage_token``) is confirmed already, and the address is that of the token.

    Raises:
        InvalidWatch: with every field that cannot be used.
        TooMany: where the limit of a network, or on the manage page of the address, is reached; nothing was made.
        BadToken: where the token is no good.
    """
    watch_limits.count_request(ip)
    owner = watch_tokens.read_manage(manage_token) if manage_token else None
    address = owner.address if owner is not None else normal_address(address)
    lines, left_out = lines_of(wish)
    fields = columns_of(wish, lines)
    if owner is not None:
        if suppression.is_suppressed(address):
            raise InvalidWatch([FieldError("address", f"cannot be written to. {suppression.WORDS}")])
        _lift(owner)
        return Created(_make(wish, owner, fields, lines, now, confirmed=True), left_out, confirmed=True)
    zone, watch = time_zone_named(time_zone), None
    # A limit of an address answers as an address nobody knows does: else a form tells who is known here.
    with even_answer(), suppress(TooMany), transaction.atomic():
        if not suppression.is_suppressed(address):
            watch = _make(wish, _subscriber(address, zone, now), fields, lines, now, confirmed=False)
    return Created(watch, left_out, confirmed=False)


def _make(
    wish: Wish,
    subscriber: Subscriber,
    fields: dict[str, object],
    lines: Sequence[tuple[Part, int]],
    now: datetime,
    *,
    confirmed: bool,
) -> Watch:
    """The watch, or the one that asks for the same already; with the mail or the look that comes next. Raises
    TooMany."""
    with transaction.atomic():
        Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        same = _same(subscriber, fields, lines)
        if same is None:
            watch_limits.check_watches(subscriber, confirmed=confirmed)
            same = Watch.objects.create(
                subscriber=subscriber,
                whole=wish.whole,
                created_at=now,
                confirmed_at=now if confirmed else None,
                **fields,
            )
            WatchLine.objects.bulk_create(WatchLine.of(same, part, count) for part, count in lines)
        elif same.confirmed_at is None:
            # Nobody has agreed to the earlier asking, and its link leads to what is asked now.
            for column in ("name", "delivery", "refire_percent"):
                setattr(same, column, fields[column])
            same.save(update_fields=["name", "delivery", "refire_percent"])
        if confirmed:
            _look_at(same)
        elif same.confirmed_at is None or same.paused_at is not None:
            _ask(subscriber, CONFIRM, same, now)
        else:
            # The page must not tell that it is there already; its owner's mail does.
            _ask(subscriber, MANAGE, None, now)
    return same


def look_up(token: str) -> Watch:
    """The watch of a confirmation link, for the page with the button: looking confirms nothing. Raises BadToken."""
    return watch_tokens.read_confirm(token)


def confirm(token: str, now: datetime) -> Watch:
    """Confirm a watch, or resume one that is paused; it is then looked at once. Doing it again changes nothing. Raises
    BadToken."""
    watch = watch_tokens.read_confirm(token)
    with transaction.atomic():
        off = Watch.objects.filter(Q(confirmed_at=None) | Q(paused_at__isnull=False), pk=watch.pk)
        if off.update(confirmed_at=Coalesce("confirmed_at", Value(now)), paused_at=None, checked_at=None):
            Subscriber.objects.filter(pk=watch.subscriber_id, confirmed_at=None).update(confirmed_at=now)
            _look_at(watch)
    watch.refresh_from_db()
    return watch


def request_manage_link(address: str, ip: str, now: datetime) -> None:
    """Mail a link to all of a person's watches. Who asks is not told whether there are any.

    Raises InvalidWatch, TooMany.
    """
    watch_limits.count_request(ip)
    address = normal_address(address)
    with even_answer(), suppress(TooMany), transaction.atomic():  # a limit would tell that the address is known
        subscriber = Subscriber.objects.filter(address=address, suppressed_at=None).first()
        if subscriber is not None:
            _ask(subscriber, MANAGE, None, now)


def manage(token: str) -> Managed:
    """Everything a person has here. Raises BadToken."""
    subscriber = watch_tokens.read_manage(token)
    watches = Watch.objects.filter(subscriber=subscriber).prefetch_related("lines").order_by("-pk")
    last: dict[int, Alert] = {}
    for alert in Alert.objects.filter(watch__subscriber=subscriber, state="sent").order_by("sent_at"):
        last[alert.watch_id] = alert
    return Managed(subscriber, tuple(watches), last)


def edit_watch(token: str, watch_id: int, wish: Wish, now: datetime) -> Watch:
    """Change what a watch asks for, not what it is on. Where that makes another watch of it, it forgets what it told
    and looks again. Raises BadToken, InvalidWatch; Watch.DoesNotExist where it is not this person's."""
    watch = _own(token, watch_id)
    if watch.gone:
        raise InvalidWatch([FieldError("lines", f"{', '.join(watch.gone)} left the catalog: delete it, or watch anew")])
    lines = [(line.part, line.quantity) for line in watch.lines.select_related("part") if line.part is not None]
    fields = columns_of(wish, lines)
    with transaction.atomic():
        watch = Watch.objects.select_for_update().get(pk=watch.pk)
        another = any(getattr(watch, name) != fields[name] for name in WHAT_COUNTS)
        for name, value in fields.items():
            setattr(watch, name, value)
        if another:
            watch.state, watch.last_key, watch.last_price, watch.last_at = State.ARMED, "", None, None
            watch.checked_at = None
            Alert.objects.filter(watch=watch).withdraw("The watch was changed.")
            Firing.objects.filter(watch=watch).rearm()
        watch.save()
        Alert.objects.filter(watch=watch).deliver(watch.delivery, now)
        _look_at(watch)
    return watch


def pause_watch(token: str, watch_id: int, now: datetime) -> None:
    """Raises BadToken; Watch.DoesNotExist where it is not this person's."""
    Watch.objects.filter(pk=_own(token, watch_id).pk, paused_at=None).update(paused_at=now)


def resume_watch(token: str, watch_id: int) -> None:
    """Raises BadToken; Watch.DoesNotExist where it is not this person's."""
    watch = _own(token, watch_id)
    with transaction.atomic():
        Watch.objects.filter(pk=watch.pk).update(paused_at=None, checked_at=None)
        _look_at(watch)


def delete_watch(token: str, watch_id: int) -> None:
    """Raises BadToken; Watch.DoesNotExist where it is not this person's."""
    watch = _own(token, watch_id)
    with transaction.atomic():
        alerts.lock_watches([watch.pk])  # deleting would begin at the other end
        watch.delete()


def set_preferences(token: str, time_zone: str, digest_hour: int) -> Subscriber:
    """When the daily mail comes. Raises BadToken, InvalidWatch."""
    subscriber = watch_tokens.read_manage(token)
    subscriber.time_zone = time_zone_named(time_zone)
    if not 0 <= digest_hour <= 23:
        raise InvalidWatch([FieldError("digest_hour", "give an hour from 0 to 23")])
    subscriber.digest_hour = digest_hour
    subscriber.save(update_fields=["time_zone", "digest_hour"])
    return subscriber


def delete_everything(token: str) -> None:
    """Delete a person and all that is theirs: address, watches, mails, those in the folder too. Raises BadToken."""
    subscriber = watch_tokens.read_manage(token)
    address, folder = subscriber.address, Path(settings.EMAIL_FILE_PATH)
    with transaction.atomic():
        transaction.on_commit(lambda: mail_folder.delete_mails_to(folder, address))
        alerts.lock_watches(subscriber.watches.values("pk"))
        subscriber.delete()


def what_it_ends(token: str) -> tuple[Watch, ...]:
    """The watches an unsubscribe link ends, for the page with the button: looking ends nothing. Raises BadToken."""
    return tuple(_ended_by(token).prefetch_related("lines"))


def unsubscribe(token: str, now: datetime) -> int:
    """Stop what a link is for; returns how many watches that were. For the button and for a mail program's POST (RFC
    8058), never for a GET. Doing it again changes nothing. Raises BadToken."""
    with transaction.atomic():
        stopped = alerts.lock_watches(_ended_by(token).filter(paused_at=None).values("pk"))
        Watch.objects.filter(pk__in=stopped).update(paused_at=now)
        alerts.forget(Alert.objects.filter(watch__in=stopped), "Unsubscribed.")
    return len(stopped)


def look_up_never(token: str) -> None:
    """For the page with the button: looking ends nothing. Raises BadToken."""
    watch_tokens.read_never(token)


def never_write_again(token: str, now: datetime) -> None:
    """Send nothing more to a mailbox, whoever asks. Doing it again changes nothing. Raises BadToken."""
    subscriber_id, mailbox = watch_tokens.read_never(token)
    suppression.never_again(mailbox, subscriber_id, now)


def _ended_by(token: str) -> "QuerySet[Watch]":
    ends = watch_tokens.read_unsubscribe(token)
    own = Watch.objects.filter(subscriber=ends.subscriber_id)
    return own.filter(delivery=DAILY) if ends.watch_id is None else own.filter(pk=ends.watch_id)


def _own(token: str, watch_id: int) -> Watch:
    return Watch.objects.get(pk=watch_id, subscriber=watch_tokens.read_manage(token))


def _look_at(watch: Watch) -> None:
    transaction.on_commit(lambda: tasks.check_watch.delay(watch.pk), robust=True)  # as below


def _ask(subscriber: Subscriber, kind: str, watch: Watch | None, now: datetime) -> None:
    watch_limits.count_mail(subscriber.address, kind, now)
    row = Notice.objects.create(
        subscriber=subscriber, kind=kind, watch=watch, created_at=now, due_at=now, message_id=new_message_id()
    )
    # Where no broker answers the page does all the same: tasks.send_due finds the row. No partial: Django logs a name.
    transaction.on_commit(lambda: tasks.send_mail.delay("notice", row.pk), robust=True)


def _subscriber(address: str, zone: str, now: datetime) -> Subscriber:
    """The person of an address. Once something is confirmed, a form that anybody can send changes no time zone."""
    subscriber, _ = Subscriber.objects.get_or_create(address=address, defaults={"time_zone": zone, "created_at": now})
    _lift(subscriber)
    if subscriber.confirmed_at is None and subscriber.time_zone != zone:
        subscriber.time_zone = zone
        subscriber.save(update_fields=["time_zone"])
    return subscriber


def _lift(subscriber: Subscriber) -> None:
    """An operator has lifted the suppression of an address that asks anew."""
    if subscriber.suppressed_at is not None:
        Subscriber.objects.filter(pk=subscriber.pk).update(suppressed_at=None)


def _same(subscriber: Subscriber, fields: dict[str, object], lines: Sequence[tuple[Part, int]]) -> Watch | None:
    """A watch of this person that asks for the same: asked for twice it is one."""
    told = {name: value for name, value in fields.items() if name in WHAT_COUNTS}
    for watch in Watch.objects.filter(subscriber=subscriber, **told).prefetch_related("lines"):
        if {line.slug: line.quantity for line in watch.lines.all()} == {part.slug: count for part, count in lines}:
            return watch
    return None
