"""How many mails somebody has asked for one mailbox."""

from typing import ClassVar

from django.db import models

from sourcing.outbox_models import CONFIRM, MANAGE


class MailboxUse(models.Model):
    """Mails of one kind asked for one mailbox, in the hour and the day that began with the first of them.

    The mailbox is a keyed hash, and the row stays when the person's data are deleted: else deleting would reset it.
    """

    mailbox_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=[(CONFIRM, "confirm"), (MANAGE, "manage")])
    hour_began_at = models.DateTimeField()
    in_hour = models.PositiveSmallIntegerField(default=0)
    day_began_at = models.DateTimeField()
    in_day = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mailbox_hash", "kind"], name="sourcing_mailbox_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.in_day} since {self.day_began_at:%Y-%m-%d %H:%M}"
