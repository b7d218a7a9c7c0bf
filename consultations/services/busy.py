"""When a specialist is busy elsewhere, and the slots that this closes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sealing import unseal_many
from consultations.availability import Span, Spans
from consultations.models import Booking, BusyCalendar, Slot, Specialist
from consultations.services.locks import lock_specialist
from consultations.services.open_slots import refresh_all


def busy_ranges(specialist: Specialist, now: datetime) -> list[Span]:
    """Start and end (UTC) of what stands in the specialist's own calendars and is not over, in order."""
    return ranges_in(BusyCalendar.objects.filter(specialist=specialist.pk), specialist.user, now)


def ranges_in(calendars: Iterable[BusyCalendar], owner: User, now: datetime) -> list[Span]:
    """The same of loaded calendars, all of this owner. What was not read for BUSY_HOLDS holds no more."""
    sealed = [(row.pk, bytes(row.sealed_ranges or b""), row) for row in calendars if row.holds(now)]
    documents = [document for _, document in unseal_many(owner, BusyCalendar.RANGES, sealed) if document]
    pairs = sorted(tuple(pair) for document in documents for pair in document["ranges"] if pair[1] > now.timestamp())
    return [(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)) for starts, ends in pairs]


@transaction.atomic
def mark_busy(*, specialist_id: UUID, now: datetime) -> None:
    """Bring the slots in line with `busy_ranges`, under the specialist's lock; announce what opened."""
    specialist = lock_specialist(specialist_id)
    if specialist and mark(Slot.objects.filter(specialist=specialist, starts_at__gt=now), busy_ranges(specialist, now)):
        refresh_all(specialist, now)


def mark(slots: Iterable[Slot], ranges: Iterable[Span]) -> bool:
    """Set `busy` of these slots; whether it changed. Those no longer busy stay closed until they are settled."""
    elsewhere = Spans(ranges)
    busy = {slot: elsewhere.overlap(slot.starts_at) for slot in slots}
    changed = [slot for slot, is_busy in busy.items() if slot.busy != is_busy]
    for is_busy in {busy[slot] for slot in changed}:
        these = [slot for slot in changed if busy[slot] == is_busy]
        Slot.objects.filter(pk__in=[slot.pk for slot in these]).update(
            busy=is_busy, **({"is_open": False} if is_busy else {})
        )
        for slot in these:
            slot.busy, slot.is_open = is_busy, slot.is_open and not is_busy
    return bool(changed)


def overlapping(
    bookings: Iterable[Booking], calendars: Iterable[BusyCalendar], owner: User, now: datetime
) -> set[UUID]:
    """Those of a specialist's bookings that something in their own calendars overlaps. They stay as they are."""
    elsewhere = Spans(ranges_in(calendars, owner, now))
    return {booking.pk for booking in bookings if elsewhere.overlap(booking.starts_at)}
