"""Changes to a specialist's hours; the slots follow in the same transaction."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from consultations.models import DateOverride, Slot, Specialist, WeeklyHours
from consultations.services.busy import busy_ranges
from consultations.services.open_slots import practice_of, refresh
from consultations.services.slots import generate, lock_schedule, occupied, overlaps
from consultations.slots import Minutes, Override, Week, Weekly, replaced, with_dates
from consultations.times import DURATION
from lib.zones import zone

CLOSED: Sequence[tuple[int | None, int | None]] = [(None, None)]  # the row of a closed date


class CannotAdd(Exception):
    """The slot is in the past, or overlaps another slot or a booking: `in_the_way` is then its start and end.

    Or the specialist is away on that day.
    """

    def __init__(self, in_the_way: tuple[datetime, datetime] | None = None, *, is_away: bool = False) -> None:
        super().__init__()
        self.in_the_way, self.is_away = in_the_way, is_away


@transaction.atomic
def change_week(
    *, specialist_id: UUID, week: Week, other: Week | None = None, first: date, last: date | None, now: datetime
) -> None:
    """Set the weekly hours between two days, both included; without `last`, for good. With `other`, weeks take turns.

    An empty week with a last day closes its dates, which stay so when the week changes again.
    """
    if last and not week and not other:
        set_dates(specialist_id=specialist_id, first=first, last=last, ranges=(), now=now)
        return
    specialist = lock_schedule(specialist_id)
    hours = replaced(specialist.hours.rules(), week, first, last, other)
    WeeklyHours.objects.filter(specialist=specialist).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            specialist=specialist,
            weekday=rule.weekday,
            starts=rule.starts,
            ends=rule.ends,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            anchor=rule.anchor,
        )
        for rule in hours
    )
    generate(specialist_id=specialist_id, now=now)


@transaction.atomic
def set_dates(*, specialist_id: UUID, first: date, last: date, ranges: Sequence[Minutes] | None, now: datetime) -> None:
    """Override the hours of these dates, both included; no ranges close them, None returns them to the week.

    A date that is closed loses its free single slots, too.
    """
    specialist = lock_schedule(specialist_id)
    if is_off(ranges):
        booked = occupied(specialist, now)
        ended = [slot.pk for slot in singles_on(specialist, first, last, now) if not overlaps(slot.starts_at, booked)]
        Slot.objects.filter(pk__in=ended).delete()
    DateOverride.objects.filter(specialist=specialist, date__range=(first, last)).delete()
    DateOverride.objects.bulk_create(
        DateOverride(specialist=specialist, date=one.date, starts=starts, ends=ends)
        for one in with_dates([], first, last, ranges)
        for starts, ends in one.ranges or CLOSED
    )
    generate(specialist_id=specialist_id, now=now)


@transaction.atomic
def change_zone(*, specialist_id: UUID, timezone: str, now: datetime) -> None:
    """Change the time zone: hours keep their wall-clock times, bookings keep their instants."""
    specialist = lock_schedule(specialist_id)
    specialist.timezone, specialist.changed_at = timezone, now
    specialist.save(update_fields=["timezone", "changed_at"])
    generate(specialist_id=specialist_id, now=now)


@transaction.atomic
def add_slot(*, specialist_id: UUID, starts_at: datetime, now: datetime) -> Slot:
    """Add a single slot by hand. Raises CannotAdd."""
    specialist = lock_schedule(specialist_id)
    if starts_at <= now:
        raise CannotAdd
    slots = Slot.objects.filter(specialist=specialist, ends_at__gt=starts_at, closed=False)
    here = [*slots.filter(starts_at__lt=starts_at + DURATION).values_list("starts_at", "ends_at")]
    for one in [*here, *occupied(specialist, now)]:
        if overlaps(starts_at, [one]):
            raise CannotAdd(one)
    practice = practice_of(specialist)
    if practice.is_away(practice.day_of(starts_at)):
        raise CannotAdd(is_away=True)
    same = {"specialist": specialist, "starts_at": starts_at, "ends_at": starts_at + DURATION}
    Slot.objects.filter(specialist=specialist, starts_at=starts_at).delete()  # a closed one at the same start
    is_busy = overlaps(starts_at, busy_ranges(specialist, now))
    slot = Slot.objects.create(**same, extra=True, is_open=False, busy=is_busy)
    refresh([specialist], now, (slot.starts_at, slot.ends_at))
    return slot


def singles_on(specialist: Specialist, first: date, last: date, now: datetime) -> list[Slot]:
    """The single slots to come on these dates, both included, without those that were closed by hand."""
    starts, ends = (
        datetime.combine(day, datetime.min.time(), zone(specialist.timezone))
        for day in (first, last + timedelta(days=1))
    )
    singles = Slot.objects.filter(specialist=specialist, extra=True, closed=False, starts_at__gt=now)
    return [*singles.filter(starts_at__gte=starts, starts_at__lt=ends)]


def stored(specialist: Specialist, now: datetime) -> str:
    """SHA-256 of what a preview compares with: zone, hours, dates, absences with their sealed names, single slots.

    Single slots that are closed count, too: the hours make no slot in their place. Those that are past do not.
    """
    absences = specialist.absences.order_by("pk").values_list("pk", "first", "last", "sealed")
    singles = specialist.slots.filter(extra=True, starts_at__gt=now).order_by("starts_at")
    found = (
        specialist.timezone,
        sorted(map(repr, specialist.hours.rules())),
        specialist.overrides.rules(),
        [(pk, first, last, bytes(sealed)) for pk, first, last, sealed in absences],
        list(singles.values_list("starts_at", "closed")),
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()


def is_off(ranges: Sequence[Minutes] | None) -> bool:
    return ranges is not None and not ranges


def after_week(
    specialist: Specialist, week: Week, first: date, last: date | None, other: Week | None = None
) -> tuple[list[Weekly], list[Override]]:
    """The weekly hours and the overrides as `change_week` would leave them, for the preview."""
    weekly, overrides = specialist.hours.rules(), specialist.overrides.rules()
    if last and not week and not other:
        return weekly, with_dates(overrides, first, last, ())
    return replaced(weekly, week, first, last, other), overrides


def after_dates(specialist: Specialist, first: date, last: date, ranges: Sequence[Minutes] | None) -> list[Override]:
    """The overrides as `set_dates` would leave them, for the preview."""
    return with_dates(specialist.overrides.rules(), first, last, ranges)
