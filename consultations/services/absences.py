"""A specialist's absences, and the meetings in them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sealing import CannotOpen, seal
from consultations.availability import Days, begins
from consultations.models import Absence, Booking, Specialist
from consultations.models.bookings import BookingQuerySet
from consultations.services.booking_changes import cancel_by_specialist
from consultations.services.refusals import NotNow
from consultations.services.slots import generate, lock_schedule
from consultations.slots import DAY
from lib.zones import zone

MOST_ABSENCES = 30  # that are not over


class TooManyAbsences(Exception):
    """There are MOST_ABSENCES already."""


def absences_of(owner: User, today: date) -> list[tuple[Absence, str | None]]:
    """Those that are not over, with their names; None for a name that cannot be opened."""
    return [(row, name_of(row, owner)) for row in Absence.objects.of(owner).not_over(today).order_by("first", "id")]


def name_of(absence: Absence, owner: User) -> str | None:
    """What its owner calls it; None if that cannot be opened."""
    with suppress(CannotOpen):
        return absence.name(owner)
    return None


@transaction.atomic
def set_absence(*, owner: User, absence_id: UUID, first: date, last: date, name: str, now: datetime) -> None:
    """Add an absence, or change it. What is booked stays. Raises TooManyAbsences."""
    specialist = lock_schedule(owner.pk)
    here = Absence.objects.of(owner)
    row = here.filter(pk=absence_id).first() or Absence(pk=absence_id, specialist=specialist)
    if row._state.adding and here.not_over(now.astimezone(zone(specialist.timezone)).date()).count() >= MOST_ABSENCES:
        raise TooManyAbsences
    row.first, row.last = first, last
    row.sealed = seal(owner, Absence.LABEL, row.pk, {"name": name})
    row.save()
    generate(specialist_id=specialist.pk, now=now)


@transaction.atomic
def remove_absence(*, owner: User, absence_id: UUID, now: datetime) -> None:
    """The usual hours hold again. Meetings that were cancelled stay cancelled."""
    specialist = lock_schedule(owner.pk)
    Absence.objects.of(owner).filter(pk=absence_id).delete()
    generate(specialist_id=specialist.pk, now=now)


def after_absence(specialist: Specialist, absence_id: UUID, days: Days | None) -> list[Days]:
    """The absences as `set_absence` would leave them, for the preview; with None, as `remove_absence` would."""
    others = specialist.absences.exclude(pk=absence_id).values_list("first", "last")
    return [*others, *([days] if days else [])]


def meetings_in(specialist: Specialist, days: Days, now: datetime) -> BookingQuerySet:
    """What is booked on these days, both included, and has not begun."""
    here, (first, last) = zone(specialist.timezone), days
    theirs = Booking.objects.of_specialist(specialist.user).upcoming(now)
    return theirs.filter(starts_at__gte=begins(first, here), starts_at__lt=begins(last + DAY, here))


def counts_of_meetings(specialist: Specialist, absences: Sequence[Absence], now: datetime) -> list[int]:
    """How many meetings `meetings_in` finds in each of these absences. One query, however many there are."""
    if not absences:
        return []
    here = zone(specialist.timezone)
    span = min(one.first for one in absences), max(one.last for one in absences)
    starts = meetings_in(specialist, span, now).values_list("starts_at", flat=True)
    days = [start.astimezone(here).date() for start in starts]
    return [sum(one.first <= day <= one.last for day in days) for one in absences]


def cancel_meetings(*, absence: Absence, owner: User, chosen: Iterable[UUID], words: str, now: datetime) -> int:
    """Cancel these of the meetings in an absence, with the same words for each client. Returns how many there were.

    Each is a transaction of its own. One that was cancelled meanwhile, or has begun, is left out.
    """
    cancelled = 0
    found = meetings_in(absence.specialist, (absence.first, absence.last), now).filter(pk__in=list(chosen))
    for pk in list(found.values_list("pk", flat=True)):
        with suppress(NotNow):
            cancel_by_specialist(booking_id=pk, specialist=owner, words=words, keeps_closed=False, now=now)
            cancelled += 1
    return cancelled


def forget_absences(*, before: date) -> None:
    """Delete those that ended before a day."""
    Absence.objects.filter(last__lt=before).delete()
