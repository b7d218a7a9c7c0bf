"""Which times can be booked: kept beside the bookings, under the specialist's lock."""

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
    """The starts that hours ask for, from now to the end of the horizon's last day in the specialist's zone."""
    here = zone(specialist.timezone)
    first, last = (moment.astimezone(here).date() for moment in (now, now + HORIZON))
    return {start for start in expand(hours, overrides, here, first, last) if start > now}


def close_overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """A meeting fills this time: no slot that overlaps it can be booked."""
    overlapping(specialist, starts_at, ends_at).filter(is_open=True).update(is_open=False)


def open_slots_again(specialist: Specialist, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """A meeting has left this time: what is free again opens, if the hours still ask for it, and who waits is told.

    What is nearer than the notice opens too: nobody can book it, and a shorter notice needs no second look.
    """
    free = list(freed(specialist, starts_at, ends_at).only("starts_at", "extra"))
    if not free:
        return
    asked_for = wanted_starts(specialist, specialist.hours.rules(), specialist.overrides.rules(), now)
    reopened = [slot.pk for slot in free if slot.extra or slot.starts_at in asked_for]
    Slot.objects.filter(pk__in=reopened).update(is_open=True)
    # The others are gone with the next run of the generator.
    Slot.objects.filter(pk__in={slot.pk for slot in free} - set(reopened)).update(closed=True)
    waiting.slots_opened(reopened, now)


def keep_closed(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """A meeting has left this time, and the specialist has something else to do then; they can open it again."""
    freed(specialist, starts_at, ends_at).update(closed=True, extra=True)


def freed(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    """Slots within this time that no meeting fills any more, and that were not closed by hand."""
    bookings = Booking.objects.occupying().filter(
        specialist=specialist, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    return overlapping(specialist, starts_at, ends_at).filter(~Exists(bookings), is_open=False, closed=False)


def overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    # Every slot is as long as a meeting: asked for by their starts, they are read from the index.
    return Slot.objects.filter(specialist=specialist, starts_at__gt=starts_at - DURATION, starts_at__lt=ends_at)
