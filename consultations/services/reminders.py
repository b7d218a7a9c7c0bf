"""Reminders for clients who asked for them for one meeting, and for specialists who want one before each."""

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Mail
from consultations.mails import Kind, tell
from consultations.models import Booking, BookingChange
from consultations.models.bookings import Side, Status
from consultations.times import REMINDERS

# From and until how long before the start each reminder is sent: the first no more once the second is due.
WINDOWS = {
    Kind.REMIND_DAY: (REMINDERS[Kind.REMIND_HOUR], REMINDERS[Kind.REMIND_DAY]),
    Kind.REMIND_HOUR: (timedelta(0), REMINDERS[Kind.REMIND_HOUR]),
}
BATCH = 500


def remind(*, now: datetime) -> int:
    """Queue every reminder that is due. Idempotent. Returns how many were queued."""
    written = 0
    for kind in WINDOWS:
        for side in (Side.CLIENT, Side.SPECIALIST):
            while batch := list(due(kind, now, side)[:BATCH]):
                for booking in batch:
                    owner = booking.client if side is Side.CLIENT else booking.specialist and booking.specialist.user
                    if owner:
                        tell(owner=owner, kind=kind, about=booking, key=f"{kind}:{booking.sequence}", now=now)
                written += len(batch)
    return written


def due(kind: Kind, now: datetime, side: Side = Side.CLIENT) -> QuerySet[Booking]:
    """Bookings whose reminder of this kind, for this side, is due and not queued yet.

    One that was booked or moved when less time was left needs no reminder.
    """
    near, far = WINDOWS[kind]
    if side is Side.CLIENT:
        wanted = Q(remind_day=True) if kind == Kind.REMIND_DAY else Q(remind_hour=True)
        wanted &= Q(mail=True, client__is_active=True)
    else:
        wanted = Q(specialist__reminder=kind, specialist__user__is_active=True)
    key = Concat(Value(f"{kind}:"), Cast(OuterRef("sequence"), CharField()))
    written = Mail.objects.filter(owner=OuterRef(side), about=OuterRef("pk"), once=key)
    moved_late = BookingChange.objects.filter(
        booking=OuterRef("pk"), moved_from__isnull=False, at__gt=OuterRef("starts_at") - far
    )
    return (
        Booking.objects.filter(wanted, status=Status.BOOKED, starts_at__gt=now + near, starts_at__lte=now + far)
        .filter(~Exists(written), ~Exists(moved_late), made_at__lte=F("starts_at") - far)
        .select_related("client", "specialist__user")
        .order_by("starts_at", "pk")
    )
