"""A specialist's hours as the pure rules take them, and the times that they ask for."""

from collections.abc import Iterable
from datetime import date, datetime

from consultations.models import DateOverride, Specialist, WeeklyHours
from consultations.slots import Override, Weekly, expand
from consultations.times import HORIZON
from reflect.lib.zones import zone


def wanted_starts(
    specialist: Specialist, hours: Iterable[Weekly], overrides: Iterable[Override], now: datetime
) -> set[datetime]:
    """The starts that hours ask for, from now to the end of the horizon's last day in the specialist's zone."""
    here = zone(specialist.timezone)
    first, last = (moment.astimezone(here).date() for moment in (now, now + HORIZON))
    return {start for start in expand(hours, overrides, here, first, last) if start > now}


def weekly_of(specialist: Specialist) -> list[Weekly]:
    """The weekly hours as the pure rules take them."""
    rows = WeeklyHours.objects.filter(specialist=specialist)
    return [Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_to) for row in rows]


def overrides_of(specialist: Specialist) -> list[Override]:
    """The dates that differ, as the pure rules take them."""
    dates: dict[date, list[tuple[int, int]]] = {}
    for row in DateOverride.objects.filter(specialist=specialist).order_by("date", "starts"):
        ranges = dates.setdefault(row.date, [])
        if row.starts is not None and row.ends is not None:
            ranges.append((row.starts, row.ends))
    return [Override(day, tuple(ranges)) for day, ranges in dates.items()]
