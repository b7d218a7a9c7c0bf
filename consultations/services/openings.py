"""Which times can be booked: kept beside the bookings, under the specialist's lock."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from consultations.models import Booking, Slot, Specialist
from consultations.services import waiting
from consultations.times import DURATION


def close_overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """A meeting fills this time: no slot that overlaps it can be booked."""
    overlapping(specialist, starts_at, ends_at).filter(is_open=True).update(is_open=False)


def open_slots_again(specialist: Specialist, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """A meeting has left this time: what is free again opens, and who waits is told.

    What is nearer than the notice opens too: nobody can book it, and a shorter notice needs no second look.
    """
    meetings = Booking.objects.occupying().filter(
        specialist=specialist, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    free = overlapping(specialist, starts_at, ends_at).filter(~Exists(meetings), is_open=False, closed=False)
    opened = list(free.values_list("pk", flat=True))
    Slot.objects.filter(pk__in=opened).update(is_open=True)
    waiting.opened(opened, now)


def overlapping(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    # Every slot is as long as a meeting: asked for by their starts, they are read from the index.
    return Slot.objects.filter(specialist=specialist, starts_at__gt=starts_at - DURATION, starts_at__lt=ends_at)
