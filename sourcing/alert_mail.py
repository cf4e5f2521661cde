"""The mails themselves: text and HTML, with everything a mail program needs to end them in one click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from sourcing import watch_tokens
from sourcing.alerting import Condition, Find, Offer, money
from sourcing.alerting.words import asked_for, of_kind
from sourcing.listing_models import Listing
from sourcing.marketplaces import MARKETPLACES
from sourcing.outbox_models import CONFIRM, Alert, Digest, Notice, Outgoing
from sourcing.watch_models import Subscriber, Watch

CONFIRM_PATH = "/watch/confirm/{}/"
MANAGE_PATH = "/watch/manage/{}/"
UNSUBSCRIBE_PATH = "/watch/unsubscribe/{}/"
NEVER_PATH = "/watch/never/{}/"
LONGEST_SUBJECT = 180


@dataclass(frozen=True, slots=True)
class Shown:
    """One offer as a mail shows it."""

    offer: Offer
    listing: Listing

    @property
    def marketplace(self) -> str:
        return MARKETPLACES[self.listing.marketplace].name

    @property
    def asked(self) -> str:
        """What the listing asks, in its own currency."""
        price = money(self.listing.price, self.listing.currency)
        if self.listing.quantity > 1:
            price += f" for {self.listing.quantity} pieces"
        if self.listing.shipping is None:
            return f"{price}, shipping not told"
        if not self.listing.shipping:
            return f"{price}, free shipping"
        return f"{price} + {money(self.listing.shipping, self.listing.currency)} shipping"


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with what is on offer as the mail is written. ``words`` say why it fires."""

    alert: Alert
    watch: Watch
    find: Find
    words: str
    listings: Mapping[str, Listing]

    @property
    def product(self) -> str:
        lines = list(self.watch.lines.all())
        return self.watch.name if self.watch.whole or len(lines) != 1 else lines[0].name

    @property
    def because(self) -> str:
        said = self.words.removeprefix("Yes: ")
        return said[:1].upper() + said[1:]

    @property
    def headline(self) -> str:
        """Product and price, for a subject."""
        price = None if self.find.price is None else money(self.find.price, self.watch.currency)
        kind = of_kind(self.watch.terms.kind)
        if self.watch.condition == Condition.STOCK:
            return f"{self.product} is on offer" + (f" at {price} {kind}" if price else "")
        return f"{self.product} at {price} {kind}"

    @property
    def asked_for(self) -> str:
        return asked_for(self.watch.terms, self.alert.limit)

    @property
    def offers(self) -> tuple[Shown, ...]:
        return tuple(Shown(offer, self.listings[offer.key]) for offer in self.find.offers if offer.key in self.listings)

    @property
    def simulated(self) -> bool:
        return any(offer.marketplace == "demo" for offer in self.find.offers)


def alert(told: Told, now: datetime) -> EmailMultiAlternatives:
    """The mail of one alert that is sent at once. Its unsubscribe link ends its watch."""
    subscriber = told.watch.subscriber
    token = watch_tokens.unsubscribe_token(subscriber.pk, told.watch.pk)
    warned = "Suspiciously low: " if told.find.suspicious else ""
    return _mail(told.alert, subscriber, f"{warned}{told.headline}", "alert", {"told": told}, now, unsubscribe=token)


def digest(row: Digest, lines: Sequence[Told], now: datetime) -> EmailMultiAlternatives:
    """The mail of a day. Its unsubscribe link ends every watch that comes in it."""
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    token = watch_tokens.unsubscribe_token(row.subscriber_id)
    context = {"lines": lines, "simulated": any(one.simulated for one in lines)}
    return _mail(row, row.subscriber, f"{lines[0].headline}{more}", "digest", context, now, unsubscribe=token)


def notice(row: Notice, now: datetime) -> EmailMultiAlternatives:
    """What somebody has asked for on a page: a button to confirm a watch, or a link to all of them."""
    never = public_url(NEVER_PATH.format(watch_tokens.never_token(row.subscriber)))
    if row.kind == CONFIRM and row.watch is not None:
        link = public_url(CONFIRM_PATH.format(watch_tokens.confirm_token(row.watch)))
        context = {"watch": row.watch, "link": link, "days": watch_tokens.CONFIRM_LIVES.days, "never": never}
        return _mail(row, row.subscriber, f"Confirm your watch: {row.watch.parts}", "confirm", context, now)
    context = {"days": watch_tokens.MANAGE_LIVES.days, "never": never}
    return _mail(row, row.subscriber, "Your watches", "manage", context, now)


def public_url(path: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def _mail(
    row: Outgoing,
    subscriber: Subscriber,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    now: datetime,
    *,
    unsubscribe: str = "",
) -> EmailMultiAlternatives:
    headers = {"Message-ID": row.message_id, "Date": format_datetime(now), "Auto-Submitted": "auto-generated"}
    links = {"manage": public_url(MANAGE_PATH.format(watch_tokens.manage_token(subscriber)))}
    if unsubscribe:
        links["unsubscribe"] = public_url(UNSUBSCRIBE_PATH.format(unsubscribe))
        # RFC 8058: a mail program posts this body to the address, without asking back; a GET only shows a page.
        headers["List-Unsubscribe"] = f"<{links['unsubscribe']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # A name that somebody typed must not become a header of its own.
    subject = " ".join(subject.split())[:LONGEST_SUBJECT]
    filled = {**context, "subject": subject, "subscriber": subscriber, "links": links}
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"sourcing/mail/{template}.txt", filled),
        to=[subscriber.address],
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"sourcing/mail/{template}.html", filled), "text/html")
    return mail
