"""What a specialist says of several past meetings at once."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultations.models import Booking
from consultations.models.bookings import BookingQuerySet, Status
from consultations.services.booking_changes import mark_completed, mark_no_show
from consultations.services.refusals import Refused

MOST_AT_ONCE = 50


def to_mark(specialist: User, chosen: Iterable[UUID], now: datetime) -> BookingQuerySet:
    """Those of the chosen meetings that are this specialist's, over, and not marked; the soonest first."""
    theirs = Booking.objects.of_specialist(specialist).filter(pk__in=list(chosen)[:MOST_AT_ONCE])
    return theirs.filter(status=Status.BOOKED, ends_at__lte=now).order_by("starts_at", "id")


def mark_as_held(*, specialist: User, chosen: Iterable[UUID], now: datetime) -> int:
    """Mark these meetings as having taken place. Returns how many."""
    return each(
        to_mark(specialist, chosen, now), lambda pk: mark_completed(booking_id=pk, specialist=specialist, now=now)
    )


def mark_as_missed(*, specialist: User, chosen: Iterable[UUID], now: datetime) -> int:
    """Report that the clients of these meetings did not come. Returns how many."""
    return each(to_mark(specialist, chosen, now), lambda pk: mark_no_show(booking_id=pk, by=specialist, now=now))


def each(rows: BookingQuerySet, mark: Callable[[UUID], object]) -> int:
    """Each is a transaction of its own. One that was changed meanwhile, or is busy, is left out."""
    marked = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with suppress(Refused):
            mark(pk)
            marked += 1
    return marked
