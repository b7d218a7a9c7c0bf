"""When a specialist can be booked: hours − overrides − absences − busy − buffers − caps − bookings. PURE.

`slots.expand` turns hours and overrides into starts. What may be in the way of one is decided here, and only here.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from functools import cached_property

from consultations.slots import DAY, Override, Weekly, expand, instant
from consultations.times import DURATION, monday_of

WEEK = timedelta(days=7)

type Span = tuple[datetime, datetime]  # start and end (UTC), the end excluded
type Days = tuple[date, date]  # first and last, both included


class Reason(Enum):
    """Why a time is not offered: the first that applies."""

    BOOKED = "booked"  # overlaps a meeting
    OWN_MEETING = "own meeting"  # overlaps one that the specialist has booked with a colleague
    CLOSED = "closed"  # by hand
    AWAY = "away"
    BUSY = "busy"  # in the specialist's own calendar
    BUFFER = "buffer"  # too close to a meeting
    DAY_FULL = "day full"
    WEEK_FULL = "week full"
    # No slot is made at all:
    SKIPPED = "skipped"  # by the clocks
    DAY_OFF = "day off"
    OTHER_HOURS = "other hours"  # of that date
    OTHER_WEEK = "other week"  # of those that have these hours
    NO_HOURS = "no hours"
    BETWEEN = "between"  # within the hours, but no slot starts then
    # There is a slot, or there will be one, but now nobody can book it:
    PAST = "past"
    TOO_SOON = "too soon"
    TOO_FAR = "too far"
    NOT_LISTED = "not listed"


class Spans:
    """Ranges of time, merged, to be asked often whether another overlaps them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        for starts, ends in sorted(spans):
            if self.ends and starts <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], ends)
            else:
                self.starts.append(starts)
                self.ends.append(ends)

    def overlap(self, start: datetime) -> bool:
        """Whether a slot that starts then overlaps one of them."""
        before = bisect_left(self.starts, start + DURATION) - 1
        return before >= 0 and self.ends[before] > start


@dataclass(frozen=True, slots=True)
class Practice:
    """The rules of one specialist. Between two meetings there are both buffers: after the one, before the other."""

    zone: tzinfo
    hours: Sequence[Weekly] = ()
    overrides: Sequence[Override] = ()
    absences: Sequence[Days] = ()
    before: timedelta = timedelta()
    after: timedelta = timedelta()
    most_a_day: int | None = None
    most_a_week: int | None = None

    @property
    def gap(self) -> timedelta:
        """The least time between two meetings."""
        return self.before + self.after

    @property
    def has_caps(self) -> bool:
        return self.most_a_day is not None or self.most_a_week is not None

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.absences)

    def starts(self, first: date, last: date) -> list[datetime]:
        """Starts of the slots that the hours make on these days, both included."""
        days = (first + number * DAY for number in range((last - first).days + 1))
        away = [Override(day) for day in days if self.is_away(day)]
        return expand(self.hours, [*self.overrides, *away], self.zone, first, last)

    def reach(self, starts_at: datetime, ends_at: datetime) -> Span:
        """Around a meeting, the range of starts that it can be in the way of, both ends excluded."""
        starts_at, ends_at = starts_at - self.gap - DURATION, ends_at + self.gap
        if not self.has_caps:
            return starts_at, ends_at
        first, last = self.day_of(starts_at), self.day_of(ends_at)
        if self.most_a_week is not None:
            first, last = monday_of(first), monday_of(last) + WEEK - DAY
        return begins(first, self.zone) - timedelta.resolution, begins(last + DAY, self.zone)


@dataclass(frozen=True)
class Taken:
    """The meetings of a practice. They have to be all those within `Practice.reach` of the times that are asked for.

    `own` are those that the specialist has booked with others, as a client. They take their time and nothing else:
    buffers and caps are about meeting clients.
    """

    practice: Practice
    meetings: Sequence[Span]
    own: Sequence[Span] = ()

    @cached_property
    def booked(self) -> Spans:
        return Spans(self.meetings)

    @cached_property
    def as_client(self) -> Spans:
        return Spans(self.own)

    @cached_property
    def kept_free(self) -> Spans:
        gap = self.practice.gap
        return Spans((starts - gap, ends + gap) for starts, ends in self.meetings)

    @cached_property
    def full_days(self) -> set[date]:
        return self.full(self.practice.most_a_day, lambda day: day)

    @cached_property
    def full_weeks(self) -> set[date]:
        """By their Monday."""
        return self.full(self.practice.most_a_week, monday_of)

    def full(self, most: int | None, unit: Callable[[date], date]) -> set[date]:
        if most is None:
            return set()
        counts = Counter(unit(self.practice.day_of(starts)) for starts, _ends in self.meetings)
        return {day for day, count in counts.items() if count >= most}


def in_the_way(start: datetime, taken: Taken, *, closed: bool = False, busy: bool = False) -> Reason | None:
    """Why the slot that starts then is not offered; None if it is."""
    day = taken.practice.day_of(start)
    if taken.booked.overlap(start):
        return Reason.BOOKED
    if taken.as_client.overlap(start):
        return Reason.OWN_MEETING
    if closed:
        return Reason.CLOSED
    if taken.practice.is_away(day):
        return Reason.AWAY
    if busy:
        return Reason.BUSY
    if taken.kept_free.overlap(start):
        return Reason.BUFFER
    if day in taken.full_days:
        return Reason.DAY_FULL
    return Reason.WEEK_FULL if monday_of(day) in taken.full_weeks else None


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a specialist added and closed: starts of single slots, and of slots that were closed."""

    added: frozenset[datetime] = field(default_factory=frozenset)
    closed: frozenset[datetime] = field(default_factory=frozenset)


def availability(
    practice: Practice,
    first: date,
    last: date,
    *,
    by_hand: ByHand,
    busy: Iterable[Span],
    meetings: Sequence[Span],
    own: Sequence[Span],
) -> dict[datetime, Reason | None]:
    """Every time that hours or hand make on these days, both included, and why it is not offered."""
    taken, elsewhere = Taken(practice, meetings, own), Spans(busy)
    made = made_by(practice, first, last, by_hand)
    return {
        start: in_the_way(start, taken, closed=start in by_hand.closed, busy=elsewhere.overlap(start)) for start in made
    }


def made_by(practice: Practice, first: date, last: date, by_hand: ByHand) -> list[datetime]:
    """Starts of all slots of these days, both included. What was made by hand replaces what overlaps it."""
    hand = by_hand.added | by_hand.closed
    spans = Spans((start, start + DURATION) for start in hand)
    here = {start for start in hand if first <= practice.day_of(start) <= last}
    return sorted(here.union(start for start in practice.starts(first, last) if not spans.overlap(start)))


def unmade(practice: Practice, day: date, minutes: int) -> Reason:
    """Why the hours make no slot at this local time of a day, given in minutes after midnight."""
    if instant(day, minutes, practice.zone) is None:
        return Reason.SKIPPED
    if practice.is_away(day):
        return Reason.AWAY
    override = next((one for one in practice.overrides if one.date == day), None)
    if override is not None and not override.ranges:
        return Reason.DAY_OFF
    held = [rule for rule in practice.hours if rule.holds_on(day)]
    ranges = [(rule.starts, rule.ends) for rule in held] if override is None else override.ranges
    if within(minutes, ranges):
        return Reason.BETWEEN
    if override is not None:
        return Reason.OTHER_HOURS
    fortnightly = [rule for rule in practice.hours if rule.weekday == day.weekday() and rule.in_force(day)]
    if within(minutes, [(rule.starts, rule.ends) for rule in fortnightly]):
        return Reason.OTHER_WEEK
    return Reason.NO_HOURS


def within(minutes: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(starts <= minutes < ends for starts, ends in ranges)


def away_until(absences: Iterable[Days], today: date) -> date | None:
    """The first day after the absence that holds today, and after those that follow it; None without one."""
    until = today
    for first, last in sorted(absences):
        if first <= until <= last:
            until = last + DAY
    return until if until > today else None


def begins(day: date, zone: tzinfo) -> datetime:
    """The instant (UTC) at which a local day begins."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
