"""Keeps `Slot.is_open` consistent with the bookings. Callers hold the specialist's lock."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from consultations.models import Booking, Slot, Specialist
from consultations.services import waiting
from consultations.slots import Override, Weekly, expand
from consultations.times import DURATION, HORIZON
from lib.zones import zone


def wanted_starts(
    specialist: Specialist, hours: Iterable[Weekly], overrides: Iterable[Override], now: datetime
) -> set[datetime]:
    """Starts (UTC) that these hours produce, from now to the end of the horizon's last day in the local zone."""
    here = zone(specialist.timezone)
    first, last = (moment.astimezone(here).date() for moment in (now, now + HORIZON))
    return {start for start in expand(hours, overrides, here, first, last) if start > now}


def close_overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """Close every slot that overlaps a new booking."""
    overlapping(specialist, starts_at, ends_at).filter(is_open=True).update(is_open=False)


def open_slots_again(specialist: Specialist, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Reopen the slots that a booking has freed, if the hours still produce them, and notify the waiting list.

    Slots within the notice reopen too: they cannot be booked, and a shorter notice then needs no recomputation.
    """
    free = list(freed(specialist, starts_at, ends_at).only("starts_at", "extra"))
    if not free:
        return
    asked_for = wanted_starts(specialist, specialist.hours.rules(), specialist.overrides.rules(), now)
    reopened = [slot.pk for slot in free if slot.extra or slot.starts_at in asked_for]
    Slot.objects.filter(pk__in=reopened).update(is_open=True)
    # The generator deletes the others on its next run.
    Slot.objects.filter(pk__in={slot.pk for slot in free} - set(reopened)).update(closed=True)
    waiting.slots_opened(reopened, now)


def keep_closed(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """Keep the freed slots closed: the specialist has other plans then. They can reopen them by hand."""
    freed(specialist, starts_at, ends_at).update(closed=True, extra=True)


def freed(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    """Slots in this range that no booking overlaps any more, and that were not closed by hand."""
    bookings = Booking.objects.occupying().filter(
        specialist=specialist, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    return overlapping(specialist, starts_at, ends_at).filter(~Exists(bookings), is_open=False, closed=False)


def overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    # All slots last DURATION, so overlap can be expressed by their starts, which are indexed.
    return Slot.objects.filter(specialist=specialist, starts_at__gt=starts_at - DURATION, starts_at__lt=ends_at)
