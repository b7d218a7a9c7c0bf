"""Changes to a specialist's slots, each under the lock on the specialist's row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from consultations.availability import Days, Practice, Span, Spans, in_the_way
from consultations.models import Booking, Slot, Specialist
from consultations.services.busy import busy_ranges, mark
from consultations.services.open_slots import (
    limits_of,
    practice_of,
    refresh,
    refresh_all,
    settle,
    taken_from,
    wanted_starts,
)
from consultations.services.waiting import slots_opened
from consultations.slots import Difference, Override, Weekly, difference
from consultations.times import DURATION
from lib.zones import zone


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
    """Bring the slots up to HORIZON in line with the hours, and open and close them. Idempotent.

    Slots that are booked, or were added or closed by hand, stay; none is added that overlaps one made by hand.
    """
    specialist = lock_schedule(specialist_id)
    practice = practice_of(specialist)
    future = list(Slot.objects.filter(specialist=specialist, starts_at__gt=now))
    taken = taken_from(specialist, practice, now)
    busy = busy_ranges(specialist, now)
    by_hand, elsewhere = Spans(span_of(slot) for slot in future if slot.extra), Spans(busy)
    wanted = {start for start in wanted_starts(practice, now) if not by_hand.overlap(start)}
    # The last booking of a slot was cancelled after its hours had changed, and now they make it again.
    again = [slot for slot in future if slot.closed and not slot.extra and slot.starts_at in wanted]
    Slot.objects.filter(pk__in=[slot.pk for slot in again]).update(closed=False)
    for slot in again:
        slot.closed = False
    missing = [
        Slot(
            specialist=specialist,
            starts_at=start,
            ends_at=start + DURATION,
            busy=elsewhere.overlap(start),
            is_open=in_the_way(start, taken, busy=elsewhere.overlap(start)) is None,
        )
        for start in sorted(wanted - {slot.starts_at for slot in future})
    ]
    over = {
        slot.pk
        for slot in future
        if not slot.extra and slot.starts_at not in wanted and not taken.booked.overlap(slot.starts_at)
    }
    Slot.objects.filter(pk__in=over).delete()
    left = [slot for slot in future if slot.pk not in over]
    mark(left, busy)
    opened = settle(specialist, left, taken, now, practice)
    opened += [slot.pk for slot in Slot.objects.bulk_create(missing) if slot.is_open]
    slots_opened(opened, now)
    return Made(added=len(missing), removed=len(over))


def preview(
    *,
    specialist: Specialist,
    now: datetime,
    hours: Sequence[Weekly] | None = None,
    overrides: Sequence[Override] | None = None,
    absences: Sequence[Days] | None = None,
    timezone: str | None = None,
    singles: Iterable[Slot] = (),
) -> Difference:
    """Which slots would appear, vanish, or stay because they are booked, with these hours, dates, absences or zone.

    `singles` are single slots on dates that would be closed. A slot that the hours do not make now, and a single one in
    an absence, are not offered, and so do not vanish.
    """
    practice = practice_of(specialist)
    changed = Practice(
        zone=zone(timezone) if timezone else practice.zone,
        hours=practice.hours if hours is None else hours,
        overrides=practice.overrides if overrides is None else overrides,
        absences=practice.absences if absences is None else absences,
    )
    future = list(Slot.objects.filter(specialist=specialist, starts_at__gt=now))
    by_hand = Spans(span_of(slot) for slot in future if slot.extra)
    taken = Spans(occupied(specialist, now))
    added = [slot.starts_at for slot in future if slot.extra and not slot.closed]

    def offered(rules: Practice) -> set[datetime]:
        usual = {start for start in wanted_starts(rules, now) if not by_hand.overlap(start)}
        return usual.union(start for start in added if not rules.is_away(rules.day_of(start)))

    before, after = offered(practice), offered(changed) - {slot.starts_at for slot in singles}
    return difference(before, after, filter(taken.overlap, before | after))


def occupied(specialist: Specialist, now: datetime) -> list[Span]:
    """Start and end of each booking of the specialist that is not over."""
    rows = Booking.objects.occupying().filter(specialist=specialist, ends_at__gt=now)
    return list(rows.values_list("starts_at", "ends_at"))


def span_of(slot: Slot) -> Span:
    return slot.starts_at, slot.ends_at


def overlaps(start: datetime, ranges: Iterable[Span]) -> bool:
    """Whether a slot that starts then overlaps one of these ranges."""
    return Spans(ranges).overlap(start)


@transaction.atomic
def close_slot(*, specialist_id: UUID, slot_id: int) -> None:
    """Close one slot; a booking in it stays. The generator does not make it again."""
    lock_schedule(specialist_id)
    Slot.objects.filter(specialist_id=specialist_id, pk=slot_id).update(is_open=False, closed=True, extra=True)


class AwayThen(Exception):
    """The specialist is away on the day of the slot."""


@transaction.atomic
def open_slot(*, specialist_id: UUID, slot_id: int, now: datetime) -> None:
    """Reopen a slot that is closed. Raises AwayThen."""
    specialist = lock_schedule(specialist_id)
    slot = Slot.objects.filter(specialist_id=specialist_id, pk=slot_id, closed=True).first()
    if slot:
        practice = practice_of(specialist)
        day = practice.day_of(slot.starts_at)
        if practice.is_away(day):
            raise AwayThen
        usual = practice.starts(day, day)
        Slot.objects.filter(pk=slot.pk).update(closed=False, extra=slot.starts_at not in usual)
        refresh([specialist], now, span_of(slot))


@transaction.atomic
def set_limits(
    *,
    specialist_id: UUID,
    buffer_before: int,
    buffer_after: int,
    most_a_day: int | None,
    most_a_week: int | None,
    now: datetime,
) -> None:
    """Keep minutes free around meetings, and take no more than so many a day and a week. Meetings that exist stay."""
    specialist = lock_schedule(specialist_id)
    specialist.buffer_before, specialist.buffer_after = buffer_before, buffer_after
    specialist.most_a_day, specialist.most_a_week = most_a_day, most_a_week
    specialist.save(update_fields=["buffer_before", "buffer_after", "most_a_day", "most_a_week"])
    refresh_all(specialist, now)


def differing(now: datetime) -> Iterator[tuple[int, str, datetime, bool]]:
    """Future slots whose `is_open` is wrong: id, specialist's slug, start, and what it should be.

    A closed slot within the notice is not reported: it may not have been reopened after a cancellation.
    """
    slots = Slot.objects.filter(starts_at__gt=now)
    for specialist in Specialist.objects.filter(Exists(slots.filter(specialist=OuterRef("pk")))).order_by("pk"):
        absences = list(specialist.absences.values_list("first", "last"))
        rules = replace(limits_of(specialist), absences=absences)
        taken = taken_from(specialist, rules, now)
        for slot in slots.filter(specialist=specialist).order_by("starts_at"):
            should_be_open = in_the_way(slot.starts_at, taken, closed=slot.closed, busy=slot.busy) is None
            is_near = should_be_open and slot.starts_at < now + specialist.notice
            if slot.is_open != should_be_open and not is_near:
                yield slot.pk, specialist.slug, slot.starts_at, should_be_open
