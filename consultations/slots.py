"""From hours to slots: the one place where wall-clock hours become instants. PURE.

Never done in SQL: Python and PostgreSQL disagree about an hour that occurs twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from consultations.times import DURATION, monday_of

DAY = timedelta(days=1)
MINUTES = DURATION // timedelta(minutes=1)

type Minutes = tuple[int, int]  # minutes after midnight, the end excluded
type Week = Mapping[int, Sequence[Minutes]]  # ranges by weekday (Monday is 0)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours on one weekday (Monday is 0) between two dates, both included; without `valid_to`, for good.

    With `anchor`, the Monday of a week: only in that week, and in every other week before and after it.
    """

    weekday: int
    starts: int
    ends: int
    valid_from: date
    valid_to: date | None = None
    anchor: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.weekday == day.weekday() and self.in_force(day) and self.in_week_of(day)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def in_week_of(self, day: date) -> bool:
        return self.anchor is None or (day - self.anchor).days // 7 % 2 == 0


@dataclass(frozen=True, slots=True)
class Override:
    """A date with other hours than its weekday; without ranges it is closed."""

    date: date
    ranges: Sequence[Minutes] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive dates with the same hours of their own, both ends included; without ranges they are closed."""

    first: date
    last: date
    ranges: Sequence[Minutes] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Effect of a change of hours: starts of slots that appear, vanish, or stay only because they are booked."""

    appear: Sequence[datetime]
    vanish: Sequence[datetime]
    stay: Sequence[datetime]

    def __bool__(self) -> bool:
        return bool(self.appear or self.vanish or self.stay)


def expand(
    hours: Iterable[Weekly], overrides: Iterable[Override], zone: tzinfo, first: date, last: date
) -> list[datetime]:
    """Starts (UTC, sorted) of the slots that fit into the hours of these local days, both included.

    A wall-clock time that is skipped yields no slot; of one that occurs twice, the first does. Where a clock change
    brings two starts closer together than DURATION, the second is dropped.
    """
    weekly, differing = list(hours), {override.date: override.ranges for override in overrides}
    found: set[datetime] = set()
    for number in range((last - first).days + 1):
        day = first + number * DAY
        ranges = differing.get(day)
        if ranges is None:
            ranges = [(rule.starts, rule.ends) for rule in weekly if rule.holds_on(day)]
        found.update(moment for start in starts_of(ranges) if (moment := instant(day, start, zone)))
    starts: list[datetime] = []
    for moment in sorted(found):
        if not starts or moment - starts[-1] >= DURATION:
            starts.append(moment)
    return starts


def starts_of(ranges: Iterable[Minutes]) -> Iterator[int]:
    """Minutes after midnight at which a slot starts that ends within its range."""
    for starts, ends in ranges:
        yield from range(starts, ends - MINUTES + 1, MINUTES)


def instant(day: date, minutes: int, zone: tzinfo) -> datetime | None:
    """The UTC instant of a local wall-clock time, the first if it occurs twice; None if it is skipped."""
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == wall else None


def difference(before: Iterable[datetime], after: Iterable[datetime], booked: Iterable[datetime]) -> Difference:
    """Compare two sets of starts; booked ones neither appear nor vanish."""
    old, new, taken = set(before), set(after), set(booked)
    return Difference(appear=sorted(new - old - taken), vanish=sorted(old - new - taken), stay=sorted(taken - new))


def replaced(
    hours: Iterable[Weekly], week: Week, first: date, last: date | None, other: Week | None = None
) -> list[Weekly]:
    """The hours with this week set from `first` to `last` (None: for good); rules outside that range stay.

    With `other`, the two weeks take turns, beginning with `week` in the week of `first`.
    """
    kept = []
    for rule in hours:
        before = min(rule.valid_to, first - DAY) if rule.valid_to else first - DAY
        if rule.valid_from <= before:
            kept.append(Weekly(rule.weekday, rule.starts, rule.ends, rule.valid_from, before, rule.anchor))
        if last is not None:
            after = max(rule.valid_from, last + DAY)
            if rule.valid_to is None or after <= rule.valid_to:
                kept.append(Weekly(rule.weekday, rule.starts, rule.ends, after, rule.valid_to, rule.anchor))
    anchor = monday_of(first)
    weeks: list[tuple[Week, date | None]] = [(week, None)]
    if other is not None and other != week:
        weeks = [(week, anchor), (other, anchor + 7 * DAY)]
    return kept + [
        Weekly(weekday, starts, ends, first, last, monday)
        for hours_of_week, monday in weeks
        for weekday, ranges in hours_of_week.items()
        for starts, ends in ranges
    ]


def stretches(overrides: Iterable[Override]) -> list[Stretch]:
    """The dates that differ, joined where neighbours have the same hours. Sorted by date."""
    found: list[Stretch] = []
    for one in sorted(overrides, key=lambda one: one.date):
        if found and found[-1].last + DAY == one.date and list(found[-1].ranges) == list(one.ranges):
            found[-1] = replace(found[-1], last=one.date)
        else:
            found.append(Stretch(one.date, one.date, one.ranges))
    return found


def with_dates(
    overrides: Iterable[Override], first: date, last: date, ranges: Sequence[Minutes] | None
) -> list[Override]:
    """The overrides with these hours on every date from `first` to `last`; None removes theirs. Others stay."""
    others = [one for one in overrides if not first <= one.date <= last]
    if ranges is None:
        return others
    return others + [Override(first + number * DAY, ranges) for number in range((last - first).days + 1)]


def week_on(hours: Iterable[Weekly], day: date, week_of: date | None = None) -> dict[int, list[Minutes]]:
    """The weekly hours in force on a day, by weekday: those of the week of that day, or of `week_of`."""
    week: dict[int, list[Minutes]] = {}
    for rule in sorted(hours, key=lambda rule: rule.starts):
        if rule.in_force(day) and rule.in_week_of(week_of or day):
            week.setdefault(rule.weekday, []).append((rule.starts, rule.ends))
    return week
