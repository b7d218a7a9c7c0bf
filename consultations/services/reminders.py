"""Reminders of meetings, for those who asked for them, and how long mails are remembered."""

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from consultations.mails import tell
from consultations.models import Booking, BookingChange, Message
from consultations.models.bookings import Status
from consultations.times import REMINDERS

Kind = Message.Kind

# How long before a meeting each reminder is worth sending: the first one no more when the second is near.
WINDOWS = {
    Kind.REMIND_DAY: (REMINDERS[Kind.REMIND_HOUR], REMINDERS[Kind.REMIND_DAY]),
    Kind.REMIND_HOUR: (timedelta(0), REMINDERS[Kind.REMIND_HOUR]),
}
BATCH = 500


def remind(*, now: datetime) -> int:
    """Write down every reminder whose time has come, and say how many. Asked for again, nothing is written twice."""
    written = 0
    for kind in WINDOWS:
        while batch := list(due(kind, now)[:BATCH]):
            for booking in batch:
                if booking.client:
                    tell(owner=booking.client, kind=kind, booking=booking, key=f"{kind}:{booking.sequence}", now=now)
            written += len(batch)
    return written


def due(kind: Message.Kind, now: datetime) -> QuerySet[Booking]:
    """Meetings of which their clients want to be reminded now, and were not.

    One that was booked or moved when there was less time left needs no reminder.
    """
    near, far = WINDOWS[kind]
    wanted = Q(remind_day=True) if kind == Kind.REMIND_DAY else Q(remind_hour=True)
    key = Concat(Value(f"{kind}:"), Cast(OuterRef("sequence"), CharField()))
    written = Message.objects.filter(booking=OuterRef("pk"), key=key)
    moved_late = BookingChange.objects.filter(
        booking=OuterRef("pk"), moved_from__isnull=False, at__gt=OuterRef("starts_at") - far
    )
    return (
        Booking.objects.filter(wanted, status=Status.BOOKED, starts_at__gt=now + near, starts_at__lte=now + far)
        .filter(
            ~Exists(written), ~Exists(moved_late), mail=True, client__is_active=True, made_at__lte=F("starts_at") - far
        )
        .select_related("client")
        .order_by("starts_at", "pk")
    )


def forget_messages(*, before: datetime) -> None:
    """Forget that mails were written."""
    Message.objects.filter(made_at__lt=before).delete()
