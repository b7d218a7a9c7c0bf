"""Months and days of the calendar. Pure: no Django."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)  # the dates that an entry can have
MOST_DOTS = 3


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month, and how many entries it has."""

    date: date
    entries: int
    today: bool

    @property
    def dots(self) -> int:
        return min(self.entries, MOST_DOTS)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month between EARLIEST and LATEST."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def earlier(self) -> "Month | None":
        return Month.of(self.first - timedelta(days=1)) if self.first > EARLIEST else None

    @property
    def later(self) -> "Month | None":
        return Month(self.last + timedelta(days=1)) if self.last < LATEST else None

    def weeks(self, entries: Mapping[date, int], today: date) -> list[list[Day | None]]:
        """Its weeks from Monday to Sunday; None for days of the neighbouring months."""
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [
            [Day(day, entries.get(day, 0), day == today) if day.month == self.first.month else None for day in week]
            for week in weeks
        ]


def day_of(text: str) -> date:
    """Parse a day like `2026-11-02`. Raises ValueError for any other text, and for a day that no entry can have."""
    day = date.fromisoformat(text)
    if day.isoformat() != text or not EARLIEST <= day <= LATEST:
        raise ValueError("Not a day that an entry can have.")
    return day


def month_of(text: str) -> Month:
    """Parse a month like `2026-11`. Raises ValueError for any other text."""
    return Month(day_of(f"{text}-01"))
