"""Changes to a specialist's hours; the slots follow in the same transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from consultations.models import DateOverride, Slot, Specialist, WeeklyHours
from consultations.services import waiting
from consultations.services.slots import generate, lock_schedule, occupied, overlaps
from consultations.slots import Minutes, Override, Week, Weekly, replaced
from consultations.times import DURATION


class CannotAdd(Exception):
    """The slot is in the past, or overlaps another slot or a booking."""


@transaction.atomic
def change_week(*, specialist_id: UUID, week: Week, first: date, last: date | None, now: datetime) -> None:
    """Set the weekly hours between two days, both included; without `last`, for good."""
    specialist = lock_schedule(specialist_id)
    hours = replaced(specialist.hours.rules(), week, first, last)
    WeeklyHours.objects.filter(specialist=specialist).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            specialist=specialist,
            weekday=rule.weekday,
            starts=rule.starts,
            ends=rule.ends,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
        )
        for rule in hours
    )
    generate(specialist_id=specialist_id, now=now)


@transaction.atomic
def set_date(*, specialist_id: UUID, day: date, ranges: Sequence[Minutes], now: datetime) -> None:
    """Override the hours of one date; no ranges close it."""
    specialist = lock_schedule(specialist_id)
    DateOverride.objects.filter(specialist=specialist, date=day).delete()
    rows = [DateOverride(specialist=specialist, date=day, starts=starts, ends=ends) for starts, ends in ranges]
    DateOverride.objects.bulk_create(rows or [DateOverride(specialist=specialist, date=day)])
    generate(specialist_id=specialist_id, now=now)


@transaction.atomic
def clear_date(*, specialist_id: UUID, day: date, now: datetime) -> None:
    """Remove the override of a date."""
    DateOverride.objects.filter(specialist=lock_schedule(specialist_id), date=day).delete()
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
    around = Slot.objects.filter(
        specialist=specialist, starts_at__gt=starts_at - DURATION, starts_at__lt=starts_at + DURATION, closed=False
    )
    if starts_at <= now or around.exists() or overlaps(starts_at, occupied(specialist, now)):
        raise CannotAdd
    same = {"specialist": specialist, "starts_at": starts_at, "ends_at": starts_at + DURATION}
    Slot.objects.filter(specialist=specialist, starts_at=starts_at).delete()  # a closed one at the same start
    slot = Slot.objects.create(**same, extra=True)
    waiting.slots_opened([slot.pk], now)
    return slot


def week_replaced(specialist: Specialist, week: Week, first: date, last: date | None) -> list[Weekly]:
    """The weekly hours as `change_week` would leave them, for the preview."""
    return replaced(specialist.hours.rules(), week, first, last)


def date_replaced(specialist: Specialist, day: date, ranges: Sequence[Minutes] | None) -> list[Override]:
    """The overrides as they would be after a change, for the preview; `ranges` None removes that of the date."""
    others = [override for override in specialist.overrides.rules() if override.date != day]
    return others if ranges is None else [*others, Override(day, tuple(ranges))]
