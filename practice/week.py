"""One week of a practice, by local day: meetings, free times, and what is not offered. PURE."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

DAY = timedelta(days=1)
DAYS = 7


class Spanned(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Time:
    """A slot without a meeting and what is said of it; or several in a row that are not offered for the same reason."""

    starts_at: datetime
    ends_at: datetime
    words: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """Days on which nobody is met, both included, and what the specialist calls them."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class Day[M: Spanned]:
    """What begins on a day, in order. `away`: the names of the absences that hold."""

    date: date
    away: Sequence[str]
    meetings: Sequence[M]
    times: Sequence[Time]

    @property
    def is_empty(self) -> bool:
        return not (self.away or self.meetings or self.times)

    @property
    def entries(self) -> list[M | Time]:
        return sorted([*self.meetings, *self.times], key=lambda one: one.starts_at)


def days_of[M: Spanned](
    monday: date,
    zone: tzinfo,
    *,
    meetings: Sequence[M],
    times: Iterable[Time],
    absences: Sequence[Absent],
    now: datetime,
) -> list[Day[M]]:
    """The seven days. A time that is past, or that a meeting overlaps, is left out: nothing comes of it any more."""
    ahead = [time for time in sorted(times, key=starts) if time.starts_at > now and not overlaps(time, meetings)]
    return [
        Day(
            day,
            [one.name for one in absences if one.first <= day <= one.last],
            [one for one in sorted(meetings, key=starts) if local_day(one, zone) == day],
            joined(time for time in ahead if local_day(time, zone) == day),
        )
        for day in (monday + DAY * number for number in range(DAYS))
    ]


def starts(one: Spanned) -> datetime:
    return one.starts_at


def local_day(one: Spanned, zone: tzinfo) -> date:
    return one.starts_at.astimezone(zone).date()


def overlaps(time: Time, meetings: Iterable[Spanned]) -> bool:
    return any(one.starts_at < time.ends_at and time.starts_at < one.ends_at for one in meetings)


def joined(times: Iterable[Time]) -> list[Time]:
    """Of one day, in order: those not offered for the same reason become one where they follow each other."""
    found: list[Time] = []
    for time in times:
        last = found[-1] if found else None
        if last and not time.is_free and (last.words, last.ends_at) == (time.words, time.starts_at):
            found[-1] = replace(last, ends_at=time.ends_at)
        else:
            found.append(time)
    return found
