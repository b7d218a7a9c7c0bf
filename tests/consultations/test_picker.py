"""Free slots by day and week, in many zones, against a straightforward reference."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import picker

MONDAY = date(2026, 11, 23)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def week(moments: list[datetime], zone: str, **options: date) -> picker.Week:
    slots = [picker.FreeSlot(*one) for one in enumerate(moments)]
    return picker.week(slots, ZoneInfo(zone), today=options.get("today", MONDAY), wanted=options.get("wanted"))


def shown(found: picker.Week) -> dict[str, list[str]]:
    """The slots of each day as local times with offset."""
    return {
        day.date.isoformat(): [f"{time.starts_at:%H:%M%z}" for time in day.slots] for day in found.days if day.slots
    }


def test_a_week_runs_from_monday_without_the_days_that_are_over() -> None:
    found = week([at(2026, 11, 26, 9), at(2026, 11, 29, 9)], "UTC", today=date(2026, 11, 25))
    assert [day.date.day for day in found.days] == [25, 26, 27, 28, 29]
    assert found.count == 2
    assert (found.earlier, found.later) == (None, None)


def test_the_first_week_with_a_slot_is_shown() -> None:
    found = week([at(2026, 12, 9, 9), at(2027, 1, 2, 9)], "UTC")
    assert found.days[0].date == date(2026, 12, 7)
    assert (found.earlier, found.later) == (None, date(2026, 12, 28))
    before = week([at(2026, 12, 9, 9)], "UTC", wanted=MONDAY)
    assert before.count == 0
    assert before.later == date(2026, 12, 7)
    after = week([at(2026, 12, 9, 9)], "UTC", wanted=date(2027, 6, 1))
    assert after.earlier == date(2026, 12, 7)


def test_nothing_free_shows_this_week() -> None:
    found = week([], "Pacific/Auckland")
    assert len(found.days) == 7
    assert found.count == 0
    assert found.first_moment == datetime(2026, 11, 23, tzinfo=ZoneInfo("Pacific/Auckland"))


def test_a_day_that_is_over_shows_the_week_of_today() -> None:
    assert week([], "UTC", wanted=date(1999, 1, 1)).days[0].date == MONDAY


@pytest.mark.parametrize(
    ("zone", "moment", "day", "clock"),
    [
        ("Pacific/Auckland", at(2026, 11, 24, 12), "2026-11-25", "01:00+1300"),
        ("America/Los_Angeles", at(2026, 11, 24, 2), "2026-11-23", "18:00-0800"),
        ("Asia/Kathmandu", at(2026, 11, 24, 18, 30), "2026-11-25", "00:15+0545"),
        ("America/St_Johns", at(2026, 11, 24, 3), "2026-11-23", "23:30-0330"),
        ("Australia/Lord_Howe", at(2026, 11, 24, 12, 30), "2026-11-24", "23:30+1100"),
        ("Europe/London", at(2026, 11, 30, 23, 30), "2026-11-30", "23:30+0000"),
        ("Europe/Lisbon", at(2026, 12, 31, 23, 30), "2026-12-31", "23:30+0000"),
        ("Europe/Berlin", at(2026, 12, 31, 23, 30), "2027-01-01", "00:30+0100"),
        ("UTC", at(2028, 2, 29, 9), "2028-02-29", "09:00+0000"),
    ],
)
def test_a_slot_falls_on_the_readers_own_day(zone: str, moment: datetime, day: str, clock: str) -> None:
    assert shown(week([moment], zone)) == {day: [clock]}


@pytest.mark.parametrize(
    ("zone", "first", "clocks", "twice"),
    [
        # Clocks go back at 02:00: 01:00 to 02:00 occurs twice.
        (
            "America/New_York",
            at(2026, 11, 1, 5),
            ["01:00-0400", "01:30-0400", "01:00-0500", "01:30-0500", "02:00-0500"],
            4,
        ),
        (
            "Europe/Berlin",
            at(2026, 10, 25, 0),
            ["02:00+0200", "02:30+0200", "02:00+0100", "02:30+0100", "03:00+0100"],
            4,
        ),
        # By half an hour.
        (
            "Australia/Lord_Howe",
            at(2026, 4, 4, 14),
            ["01:00+1100", "01:30+1100", "01:30+1030", "02:00+1030", "02:30+1030"],
            2,
        ),
        # Clocks go forward: an hour, or half of one, is skipped.
        (
            "America/New_York",
            at(2026, 3, 8, 6),
            ["01:00-0500", "01:30-0500", "03:00-0400", "03:30-0400", "04:00-0400"],
            0,
        ),
        (
            "Australia/Sydney",
            at(2026, 10, 3, 15),
            ["01:00+1000", "01:30+1000", "03:00+1100", "03:30+1100", "04:00+1100"],
            0,
        ),
        (
            "Australia/Lord_Howe",
            at(2026, 10, 3, 15),
            ["01:30+1030", "02:30+1100", "03:00+1100", "03:30+1100", "04:00+1100"],
            0,
        ),
    ],
)
def test_clocks_that_change(zone: str, first: datetime, clocks: list[str], twice: int) -> None:
    moments = [first + timedelta(minutes=30 * number) for number in range(5)]
    found = week(moments, zone, today=date(2026, 1, 1))
    assert [time for times in shown(found).values() for time in times] == clocks
    assert sum(time.is_twice for day in found.days for time in day.slots) == twice
    assert found.turns_at
    assert found.turns_at.astimezone(UTC) == next(
        moment for moment in moments if moment.astimezone(ZoneInfo(zone)).strftime("%z") != clocks[0][5:]
    )


def test_without_a_change_of_clocks_there_is_nothing_to_say() -> None:
    assert week([at(2026, 11, 24, 9), at(2026, 11, 28, 9)], "Europe/Berlin").turns_at is None


ZONES = ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"]


@given(
    st.sets(st.integers(0, 6 * 7 * 48), max_size=40),
    st.sampled_from(ZONES),
    st.sampled_from([date(2026, 2, 23), date(2026, 3, 30), date(2026, 10, 5), date(2027, 12, 20)]),
)
def test_turning_the_weeks_shows_every_slot_once(halves: set[int], zone: str, today: date) -> None:
    here = ZoneInfo(zone)
    start = datetime.combine(today, time(), here).astimezone(UTC)
    slots = [picker.FreeSlot(number, start + timedelta(minutes=30 * number)) for number in sorted(halves)]
    found = picker.week(slots, here, today=today)
    seen: list[int] = []
    while True:
        for day in found.days:
            for free in day.slots:
                assert free.starts_at.date() == day.date
                assert free.starts_at.astimezone(UTC) == slots[[number for number, _ in slots].index(free.pk)][1]
                seen.append(free.pk)
        if found.later is None:
            break
        found = picker.week(slots, here, today=today, wanted=found.later)
        assert found.count
    assert seen == sorted(halves)


@pytest.mark.parametrize(
    ("zone", "hours", "weekday", "expected"),
    [
        ("UTC", (0, 12), None, [(at(2026, 11, 23), at(2026, 11, 23, 12)), (at(2026, 11, 24), at(2026, 11, 24, 12))]),
        ("UTC", (17, 24), 2, [(at(2026, 11, 24, 17), at(2026, 11, 25))]),
        ("Asia/Kathmandu", (12, 17), 1, [(at(2026, 11, 23, 6, 15), at(2026, 11, 23, 11, 15))]),
        ("Pacific/Auckland", (0, 24), 1, [(at(2026, 11, 22, 11), at(2026, 11, 23, 11))]),
        ("UTC", (0, 24), 5, []),
    ],
)
def test_windows_are_parts_of_the_readers_days(
    zone: str, hours: tuple[int, int], weekday: int | None, expected: list[tuple[datetime, datetime]]
) -> None:
    assert picker.windows(ZoneInfo(zone), first=MONDAY, days=2, hours=hours, weekday=weekday) == expected


def test_a_window_keeps_its_hours_over_a_change_of_clocks() -> None:
    (first, end), *_ = picker.windows(
        ZoneInfo("America/New_York"), first=date(2026, 3, 8), days=1, hours=(0, 12), weekday=None
    )
    assert end - first == timedelta(hours=11)
