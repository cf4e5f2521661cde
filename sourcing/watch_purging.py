"""What may not be kept of watches: unconfirmed ones, mails that went out long ago or were kept, people without any."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from sourcing import mail_folder, watch_limits
from sourcing.outbox_models import Alert, Digest, Notice
from sourcing.watch_models import Subscriber, Watch
from sourcing.watch_tokens import CONFIRM_LIVES

MAILS_KEPT = timedelta(days=90)


def purge(now: datetime) -> None:
    """Running it again deletes nothing more. What a watch remembers of its alerts stays with it."""
    before = now - CONFIRM_LIVES
    # One whose mail is still to be sent, or was asked for again, can be confirmed yet.
    alive = Notice.objects.to_confirm(since=before).values("watch")
    Watch.objects.never_confirmed(before).exclude(pk__in=alive).delete()
    for rows in (Alert.objects.all(), Digest.objects.all(), Notice.objects.all()):
        rows.filter(created_at__lt=now - MAILS_KEPT).exclude(state="pending").delete()
    Subscriber.objects.filter(watches=None, created_at__lt=before).delete()
    watch_limits.forget_uses(now)
    mail_folder.delete_old_mails(Path(settings.EMAIL_FILE_PATH), now)
