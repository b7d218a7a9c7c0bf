"""The week of a practice, by local day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.week import Absent, Day, Time, days_of

MONDAY = date(2026, 11, 23)
LISBON, NEW_YORK, SYDNEY = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)


@dataclass(frozen=True)
class Meeting:
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + HALF


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def free(starts_at: datetime) -> Time:
    return Time(starts_at, starts_at + HALF, "Free", is_free=True)


def closed(starts_at: datetime, words: str = "Closed") -> Time:
    return Time(starts_at, starts_at + HALF, words, is_free=False)


def week(
    *times: Time,
    meetings: tuple[Meeting, ...] = (),
    absences: tuple[Absent, ...] = (),
    zone: ZoneInfo = LISBON,
    monday: date = MONDAY,
    now: datetime = LONG_AGO,
) -> list[Day[Meeting]]:
    return days_of(monday, zone, meetings=meetings, times=times, absences=absences, now=now)


def test_it_has_seven_days_from_monday_on_even_if_nothing_is_in_them() -> None:
    found = week()
    assert [day.date for day in found] == [MONDAY + timedelta(days=number) for number in range(7)]
    assert all(day.is_empty for day in found)


def test_meetings_and_times_stand_in_order() -> None:
    meeting = Meeting(at(25, 10))
    wednesday = week(free(at(25, 11)), free(at(25, 9)), meetings=(meeting,))[2]
    assert wednesday.entries == [free(at(25, 9)), meeting, free(at(25, 11))]


@pytest.mark.parametrize(("zone", "day"), [(LISBON, 1), (NEW_YORK, 0), (SYDNEY, 1)])
def test_days_are_those_of_the_practice(zone: ZoneInfo, day: int) -> None:
    found = week(meetings=(Meeting(at(24, 3)),), zone=zone)
    assert [bool(one.meetings) for one in found] == [number == day for number in range(7)]


def test_what_is_past_and_was_not_booked_is_left_out() -> None:
    found = week(free(at(25, 9)), free(at(25, 10)), meetings=(Meeting(at(25, 8)),), now=at(25, 9))[2]
    assert found.entries == [Meeting(at(25, 8)), free(at(25, 10))]


def test_what_a_meeting_overlaps_is_left_out() -> None:
    found = week(closed(at(25, 9)), closed(at(25, 10, 15)), free(at(25, 10, 30)), meetings=(Meeting(at(25, 10)),))[2]
    assert found.times == [closed(at(25, 9)), free(at(25, 10, 30))]


def test_times_that_are_not_offered_for_one_reason_become_one() -> None:
    given = [closed(at(25, 9)), closed(at(25, 9, 30)), closed(at(25, 10), "Busy"), closed(at(25, 11), "Busy")]
    assert [(one.starts_at, one.ends_at) for one in week(*given)[2].times] == [
        (at(25, 9), at(25, 10)),
        (at(25, 10), at(25, 10, 30)),
        (at(25, 11), at(25, 11, 30)),
    ]


def test_free_times_stay_apart() -> None:
    assert len(week(free(at(25, 9)), free(at(25, 9, 30)))[2].times) == 2


def test_an_absence_holds_on_its_first_and_last_day() -> None:
    found = week(absences=(Absent(date(2026, 11, 20), date(2026, 11, 24), "Summer"),))
    assert [list(day.away) for day in found] == [["Summer"], ["Summer"], [], [], [], [], []]


def test_an_hour_that_occurs_twice_keeps_both_of_its_meetings_in_order() -> None:
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    found = week(meetings=(Meeting(second), Meeting(first)), zone=NEW_YORK, monday=date(2026, 10, 26))
    assert found[6].entries == [Meeting(first), Meeting(second)]


@given(
    st.lists(
        st.tuples(st.integers(0, 7 * 48 - 1), st.booleans(), st.booleans()), max_size=40, unique_by=lambda one: one[0]
    ),
    st.sampled_from([LISBON, NEW_YORK, SYDNEY]),
)
def test_nothing_is_lost_and_nothing_overlaps(rows: list[tuple[int, bool, bool]], zone: ZoneInfo) -> None:
    """Every half hour of the week is in it once: as a meeting, a free time, or part of one that is not offered."""
    begins = datetime.combine(MONDAY, datetime.min.time(), zone).astimezone(UTC)
    starts = {begins + HALF * number: (is_meeting, is_free) for number, is_meeting, is_free in rows}
    meetings = tuple(Meeting(start) for start, (is_meeting, _) in starts.items() if is_meeting)
    times = [(free if is_free else closed)(start) for start, (is_meeting, is_free) in starts.items() if not is_meeting]
    found = week(*times, meetings=meetings, zone=zone)
    entries = [one for day in found for one in day.entries]
    assert sum(((one.ends_at - one.starts_at) for one in entries), timedelta()) == HALF * len(starts)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(entries))
