"""The daily agenda: one mail to a specialist who wants it, on the morning of a day with meetings."""

from datetime import UTC, date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts import outbox
from accounts.models import Mail, User
from consultations.availability import begins
from consultations.mails import Kind
from consultations.models import Booking, Specialist
from consultations.slots import DAY
from consultations.times import AGENDA_AT, AGENDA_WITHIN
from lib.zones import zone

BATCH = 500


def set_mails(*, user: User, agenda_mailed: bool, reminder: str) -> None:
    """Store which mails a specialist wants besides those about changes."""
    Specialist.objects.of(user).update(agenda_mailed=agenda_mailed, reminder=reminder)


def post_agendas(*, now: datetime) -> None:
    """Queue the agendas that are due: from AGENDA_AT, by the clock of each practice. Idempotent."""
    wanting = Specialist.objects.filter(agenda_mailed=True)
    for name in wanting.order_by("timezone").values_list("timezone", flat=True).distinct():
        today = now.astimezone(zone(name)).date()
        due = datetime.combine(today, AGENDA_AT, zone(name)).astimezone(UTC)
        if due <= now < due + AGENDA_WITHIN:
            once = f"{Kind.AGENDA}:{today}"
            while batch := list(to_tell(name, today, once, now)[:BATCH]):
                outbox.post_each(batch, kind=Kind.AGENDA, once=once, now=now)


def to_tell(name: str, today: date, once: str, now: datetime) -> QuerySet[User]:
    """Those in one time zone who want an agenda, still have meetings today and were not told yet."""
    until = begins(today + DAY, zone(name))
    meetings = Booking.objects.upcoming(now).filter(specialist=OuterRef("pk"), starts_at__lt=until)
    told = Mail.objects.filter(owner=OuterRef("pk"), about=None, once=once)
    practices = Specialist.objects.filter(agenda_mailed=True, timezone=name)
    return User.objects.filter(Exists(meetings), ~Exists(told), pk__in=practices.values("pk"), is_active=True)
