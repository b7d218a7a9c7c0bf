"""Changes to a specialist's slots, each under the lock on the specialist's row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from consultations.models import Booking, Slot, Specialist
from consultations.models.slots import OWN_NOTICE
from consultations.services.open_slots import open_slots_again, wanted_starts
from consultations.services.waiting import slots_opened
from consultations.slots import Difference, Override, Weekly, difference
from consultations.times import DURATION


@dataclass(frozen=True, slots=True)
class Made:
    """How many slots the generator added and removed."""

    added: int
    removed: int


def lock_schedule(specialist_id: UUID) -> Specialist:
    """Lock the specialist's row, as every change of slots and bookings does."""
    return Specialist.objects.select_for_update(of=("self",), no_key=True).get(pk=specialist_id)


@transaction.atomic
def generate(*, specialist_id: UUID, now: datetime) -> Made:
    """Bring the slots up to HORIZON in line with the hours. Idempotent.

    Slots that are booked, or were added or closed by hand, stay; none is added that overlaps one made by hand.
    """
    specialist = lock_schedule(specialist_id)
    future = list(Slot.objects.filter(specialist=specialist, starts_at__gt=now))
    taken = occupied(specialist, now)
    wanted = wanted_starts(specialist, specialist.hours.rules(), specialist.overrides.rules(), now)
    by_hand = [(slot.starts_at, slot.ends_at) for slot in future if slot.extra]
    here = {slot.starts_at for slot in future}
    wanted = {start for start in wanted if not overlaps(start, by_hand)}
    missing = [
        Slot(
            specialist=specialist,
            starts_at=start,
            ends_at=start + DURATION,
            is_open=not overlaps(start, taken),
        )
        for start in sorted(wanted - here)
    ]
    over = [
        slot.pk
        for slot in future
        if not slot.extra and slot.starts_at not in wanted and not overlaps(slot.starts_at, taken)
    ]
    Slot.objects.filter(pk__in=over).delete()
    slots_opened([slot.pk for slot in Slot.objects.bulk_create(missing) if slot.is_open], now)
    return Made(added=len(missing), removed=len(over))


def preview(
    *,
    specialist: Specialist,
    now: datetime,
    hours: Sequence[Weekly] | None = None,
    overrides: Sequence[Override] | None = None,
    timezone: str | None = None,
    singles: Iterable[Slot] = (),
) -> Difference:
    """Which slots would appear, vanish, or stay because they are booked, with these hours, dates or zone.

    `singles` are single slots on dates that would be closed.
    """
    changed = Specialist(pk=specialist.pk, timezone=timezone or specialist.timezone)
    hours = specialist.hours.rules() if hours is None else hours
    overrides = specialist.overrides.rules() if overrides is None else overrides
    future = list(Slot.objects.filter(specialist=specialist, starts_at__gt=now))
    by_hand = [(slot.starts_at, slot.ends_at) for slot in future if slot.extra]
    taken = occupied(specialist, now)
    ending = {slot.starts_at for slot in singles}
    before = {slot.starts_at for slot in future if not slot.extra} | ending
    after = {
        start
        for start in wanted_starts(changed, hours, overrides, now)
        if not overlaps(start, by_hand) and (start in before or not overlaps(start, taken))
    }
    asked_for = wanted_starts(specialist, specialist.hours.rules(), specialist.overrides.rules(), now)
    return difference(before, after, {start for start in before & (asked_for | ending) if overlaps(start, taken)})


def occupied(specialist: Specialist, now: datetime) -> list[tuple[datetime, datetime]]:
    """Start and end of each booking of the specialist that is not over."""
    rows = Booking.objects.occupying().filter(specialist=specialist, ends_at__gt=now)
    return list(rows.values_list("starts_at", "ends_at"))


def overlaps(start: datetime, ranges: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether a slot that starts then overlaps one of these ranges."""
    return any(start < ends and starts < start + DURATION for starts, ends in ranges)


@transaction.atomic
def close_slot(*, specialist_id: UUID, slot_id: int) -> None:
    """Close one slot; a booking in it stays. The generator does not make it again."""
    lock_schedule(specialist_id)
    Slot.objects.filter(specialist_id=specialist_id, pk=slot_id).update(is_open=False, closed=True, extra=True)


@transaction.atomic
def open_slot(*, specialist_id: UUID, slot_id: int, now: datetime) -> None:
    """Reopen a slot that was closed by hand."""
    specialist = lock_schedule(specialist_id)
    slot = Slot.objects.filter(specialist_id=specialist_id, pk=slot_id, closed=True).first()
    if slot:
        asked_for = wanted_starts(specialist, specialist.hours.rules(), specialist.overrides.rules(), now)
        Slot.objects.filter(pk=slot.pk).update(closed=False, extra=slot.starts_at not in asked_for)
        open_slots_again(specialist, slot.starts_at, slot.ends_at, now)


def differing(now: datetime) -> QuerySet[Slot, tuple[int, str, datetime, bool]]:
    """Future slots whose `is_open` is wrong: id, specialist's slug, start, and what it should be.

    A closed slot within the notice is not reported: it may not have been reopened after a cancellation.
    """
    bookings = Booking.objects.occupying().filter(
        specialist=OuterRef("specialist"), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    right = Case(When(Q(closed=True) | Exists(bookings), then=False), default=True, output_field=BooleanField())
    slots = Slot.objects.filter(starts_at__gt=now).annotate(should_be_open=right)
    near = Q(should_be_open=True, starts_at__lt=now + OWN_NOTICE)
    wrong = slots.exclude(is_open=F("should_be_open")).exclude(near).order_by("specialist", "starts_at")
    return wrong.values_list("pk", "specialist__slug", "starts_at", "should_be_open")
