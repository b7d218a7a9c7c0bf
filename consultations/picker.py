"""Free slots grouped by day and week in the reader's time zone. PURE.

A slot may fall on another day for the reader than for the specialist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import NamedTuple

from consultations.times import DURATION, monday_of

WEEK = timedelta(days=7)


class FreeSlot(NamedTuple):
    """A slot that the reader can book, by its id; `starts_at` is aware."""

    pk: int
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + DURATION

    @property
    def is_twice(self) -> bool:
        """Whether this wall-clock time occurs twice that day."""
        return self.starts_at.replace(fold=0).utcoffset() != self.starts_at.replace(fold=1).utcoffset()


class Day(NamedTuple):
    """One day and its free slots, in order."""

    date: date
    slots: Sequence[FreeSlot]


@dataclass(frozen=True, slots=True)
class Week:
    """One week as shown: its days from today on, and the Mondays of the nearest weeks before and after with slots.

    `turns_at` is the first slot after the clocks change within these days, if they do.
    """

    days: Sequence[Day]
    earlier: date | None
    later: date | None
    first_moment: datetime
    turns_at: datetime | None

    @property
    def count(self) -> int:
        return sum(len(day.slots) for day in self.days)


def week(free: Iterable[FreeSlot], zone: tzinfo, *, today: date, wanted: date | None = None) -> Week:
    """The week that contains `wanted`, or the first with a free slot. `free` is ordered by start.

    A week runs from Monday to Sunday; past days are left out.
    """
    slots = [FreeSlot(pk, moment.astimezone(zone)) for pk, moment in free]
    by_day = {day: tuple(group) for day, group in groupby(slots, key=lambda free: free.starts_at.date())}
    first = monday_of(max(wanted or next(iter(by_day), today), today))
    shown = [first + timedelta(days=number) for number in range(7) if first + timedelta(days=number) >= today]
    days = [Day(day, by_day.get(day, ())) for day in shown]
    before = [day for day in by_day if day < first]
    after = [day for day in by_day if day >= first + WEEK]
    moments = [free.starts_at for day in days for free in day.slots]
    start = moments[0] if moments else datetime.combine(max(first, today), time(), zone)
    return Week(
        days=days,
        earlier=monday_of(max(before)) if before else None,
        later=monday_of(min(after)) if after else None,
        first_moment=start,
        turns_at=next((moment for moment in moments if moment.utcoffset() != start.utcoffset()), None),
    )


def windows(
    zone: tzinfo, *, first: date, days: int, hours: tuple[int, int], weekday: int | None
) -> list[tuple[datetime, datetime]]:
    """UTC intervals of these hours (0 to 24) of each local day, from `first` on.

    `weekday` (1 is Monday, to 7) restricts them to that day of the week.
    """
    chosen = [first + timedelta(days=number) for number in range(days)]
    return [
        (instant(day, hours[0], zone), instant(day, hours[1], zone))
        for day in chosen
        if weekday is None or day.isoweekday() == weekday
    ]


def instant(day: date, hour: int, zone: tzinfo) -> datetime:
    """The UTC instant of this hour of a local day; 24 is its end."""
    wall = datetime.combine(day, time()) + timedelta(hours=hour)
    return wall.replace(tzinfo=zone).astimezone(UTC)
