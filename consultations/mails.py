"""Mails about bookings: queued in the transaction of the change, sent by the worker.

All content is looked up when a mail is sent. It says when the appointment is and where to log in, never what it is
about or with whom; nothing goes to a client who has not said that e-mail is safe.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from accounts.models import User
from consultations.models import Booking, Message, WaitingEntry
from consultations.models.bookings import CANCELLED, Status
from consultations.times import REMINDERS
from lib.constraints import constraint_of
from lib.zones import zone

Kind = Message.Kind

SEND = "consultations.tasks.send_message"
NEWS = "consultations/email/news"
TEMPLATES = {
    Kind.CONFIRMED: "consultations/email/confirmed",
    Kind.MOVED: "consultations/email/moved",
    Kind.CANCELLED: "consultations/email/cancelled",
    Kind.REMIND_DAY: "consultations/email/reminder",
    Kind.REMIND_HOUR: "consultations/email/reminder",
}


@transaction.atomic
def tell(
    *,
    owner: User,
    kind: Message.Kind,
    booking: Booking | None = None,
    waiting_entry: WaitingEntry | None = None,
    key: str,
    now: datetime,
) -> None:
    """Queue a mail, once per owner, booking and key.

    Row and job belong to the caller's transaction: if it is rolled back, nothing is sent.
    """
    message = Message(owner=owner, booking=booking, waiting_entry=waiting_entry, kind=kind, key=key, made_at=now)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "message_once":
            raise
    else:
        app.configure_task(SEND).defer(message_id=str(message.pk))


@transaction.atomic(savepoint=False)
def tell_each(owners: Sequence[User], *, kind: Message.Kind, booking: Booking, key: str, now: datetime) -> None:
    """Queue a mail to several people, in two queries. An existing message is skipped; its extra job is a no-op."""
    messages = [Message(owner=owner, booking=booking, kind=kind, key=key, made_at=now) for owner in owners]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    jobs: list[JSONDict] = [{"message_id": str(message.pk)} for message in messages]
    app.configure_task(SEND).batch_defer(*jobs)


def send(*, message_id: UUID, now: datetime) -> bool:
    """Send a mail unless it was sent already or no longer applies. Returns whether it was sent now.

    The row is locked while sending and marked before and after. A crash in between may repeat the mail, with the same
    Message-ID. Errors of the mail server propagate.
    """
    with transaction.atomic():
        message = lock_unsent(message_id)
        if message is None:
            return False
        message.begun_at = now
        message.save(update_fields=["begun_at"])
    with transaction.atomic():
        message = lock_unsent(message_id)
        if message is None:
            return False
        says_something = is_to_be_sent(message, now)
        if says_something:
            mail_of(message).send()
            message.sent_at = now
        else:
            message.dropped_at = now
        message.save(update_fields=["sent_at", "dropped_at"])
    return says_something


def lock_unsent(message_id: UUID) -> Message | None:
    """Lock a message that is still to be sent; None if there is none."""
    waiting = Message.objects.filter(sent_at=None, dropped_at=None)
    rows = waiting.select_related("owner", "booking__specialist", "waiting_entry").select_for_update(
        of=("self",), no_key=True
    )
    return rows.filter(pk=message_id).first()


def is_to_be_sent(message: Message, now: datetime) -> bool:
    """Whether a mail is allowed, and what it says still holds."""
    if not message.owner.is_active:
        return False
    if message.kind == Kind.VERIFICATION:
        return True
    if message.kind == Kind.SLOT_OPENED:
        entry = message.waiting_entry
        return entry is not None and entry.mail is True and entry.has_open_slot(now)
    booking = message.booking
    if booking is None:
        return False
    if booking.client_id == message.owner_id and booking.mail is not True:
        return False
    if booking.client_id != message.owner_id != booking.specialist_id:
        return False
    return is_still_true(Kind(message.kind), booking, now)


def is_still_true(kind: Message.Kind, booking: Booking, now: datetime) -> bool:
    """Whether what a mail says about a booking still holds."""
    if kind == Kind.OBJECTION:
        return True
    if booking.starts_at <= now:
        return False
    if kind == Kind.CANCELLED:
        return booking.status in CANCELLED
    if booking.status != Status.BOOKED:
        return False
    if kind == Kind.REMIND_DAY:
        return booking.remind_day and booking.starts_at - now <= REMINDERS[kind]
    if kind == Kind.REMIND_HOUR:
        return booking.remind_hour and booking.starts_at - now <= REMINDERS[kind]
    return True


def mail_of(message: Message) -> EmailMessage:
    """Render the mail in its owner's language and time zone."""
    owner, booking = message.owner, message.booking
    here = zone(zone_name_of(owner, booking))
    headers = {"Message-ID": f"<{message.pk}@{urlsplit(settings.SITE_URL).hostname}>"}
    context: dict[str, Any] = {"log_in": settings.SITE_URL + reverse("account_login")}
    if booking:
        context |= {"starts_at": booking.starts_at, "is_host": booking.specialist_id == owner.pk}
        if message.kind == Kind.MOVED:
            moves = booking.changes.filter(moved_from__isnull=False).order_by("-at", "-pk")
            context["moved_from"] = moves.values_list("moved_from", flat=True).first()
    with translation.override(owner.language), timezone.override(here):
        template = TEMPLATES.get(Kind(message.kind), NEWS)
        mail: EmailMessage = get_adapter().render_mail(template, owner.email, context, headers)
    return mail


def zone_name_of(owner: User, booking: Booking | None) -> str:
    """The time zone to write to somebody in: that of the practice for its specialist, else the person's own."""
    specialist = booking and booking.specialist
    return specialist.timezone if specialist and specialist.pk == owner.pk else owner.timezone
