"""From hours to instants, across clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.slots import Override, Weekly, difference, expand, replaced, week_on

ALWAYS = date(2020, 1, 1)
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
QUARTER = timedelta(minutes=15)


def on(day: date, zone: str, starts: int, ends: int) -> list[str]:
    """The starts (UTC) of one day, from hours on its weekday."""
    found = expand([Weekly(day.weekday(), starts, ends, ALWAYS)], [], ZoneInfo(zone), day, day)
    return [f"{start:%d %H:%M}" for start in found]


@pytest.mark.parametrize(
    ("zone", "day", "starts", "ends", "expected"),
    [
        # 02:00 to 03:00 is skipped, or 01:00 to 02:00 occurs twice.
        ("America/New_York", date(2026, 3, 8), 60, 210, ["08 06:00", "08 06:30", "08 07:00"]),
        ("America/New_York", date(2026, 11, 1), 60, 150, ["01 05:00", "01 05:30", "01 07:00"]),
        ("Europe/London", date(2026, 3, 29), 60, 150, ["29 01:00"]),
        ("Europe/London", date(2026, 10, 25), 60, 150, ["25 00:00", "25 00:30", "25 02:00"]),
        ("Europe/Berlin", date(2026, 3, 29), 120, 240, ["29 01:00", "29 01:30"]),
        ("Europe/Berlin", date(2026, 10, 25), 120, 210, ["25 00:00", "25 00:30", "25 02:00"]),
        ("Australia/Sydney", date(2026, 10, 4), 120, 240, ["03 16:00", "03 16:30"]),
        ("Australia/Sydney", date(2026, 4, 5), 120, 210, ["04 15:00", "04 15:30", "04 17:00"]),
        # A change of half an hour.
        ("Australia/Lord_Howe", date(2026, 10, 4), 90, 210, ["03 15:00", "03 15:30", "03 16:00"]),
        ("Australia/Lord_Howe", date(2026, 4, 5), 60, 180, ["04 14:00", "04 14:30", "04 15:30", "04 16:00"]),
        # Offsets that are not whole hours.
        ("Asia/Kathmandu", date(2026, 6, 1), 540, 600, ["01 03:15", "01 03:45"]),
        ("America/St_Johns", date(2026, 6, 1), 540, 600, ["01 11:30", "01 12:00"]),
        # Ends of days, months and years, and 29 February.
        ("Europe/Berlin", date(2026, 12, 31), 1380, 1440, ["31 22:00", "31 22:30"]),
        ("Pacific/Auckland", date(2027, 1, 1), 0, 60, ["31 11:00", "31 11:30"]),
        ("America/Los_Angeles", date(2028, 2, 29), 1380, 1440, ["01 07:00", "01 07:30"]),
        # Too short for a slot, and a remainder that is.
        ("UTC", date(2026, 6, 1), 540, 569, []),
        ("UTC", date(2026, 6, 1), 540, 600 + 29, ["01 09:00", "01 09:30"]),
    ],
)
def test_a_day_of_a_zone(zone: str, day: date, starts: int, ends: int, expected: list[str]) -> None:
    assert on(day, zone, starts, ends) == expected


def test_a_day_that_a_zone_never_had_has_no_slots() -> None:
    assert on(date(2011, 12, 30), "Pacific/Apia", 540, 600) == []


def test_rules_hold_from_their_first_to_their_last_day() -> None:
    monday = date(2026, 11, 23)
    rule = Weekly(0, 540, 570, monday + 7 * DAY, monday + 14 * DAY)
    found = expand([rule], [], ZoneInfo("UTC"), monday, monday + 28 * DAY)
    assert [start.date() for start in found] == [monday + 7 * DAY, monday + 14 * DAY]


def test_a_date_that_differs_has_its_own_hours_or_none() -> None:
    monday = date(2026, 11, 23)
    rule = Weekly(0, 540, 570, ALWAYS)
    differing = [Override(monday), Override(monday + DAY, ((600, 660),))]
    found = expand([rule], differing, ZoneInfo("UTC"), monday, monday + 7 * DAY)
    assert [f"{start:%d %H:%M}" for start in found] == ["24 10:00", "24 10:30", "30 09:00"]


def test_a_leap_of_the_clocks_makes_no_slots_that_overlap() -> None:
    """Two ranges, one on each side of the half hour that Lord Howe skips."""
    day = date(2026, 10, 4)
    found = expand([], [Override(day, ((105, 135), (150, 225)))], ZoneInfo("Australia/Lord_Howe"), day, day)
    assert [f"{start:%d %H:%M}" for start in found] == ["03 15:15", "03 16:00"]


def by_watching_the_clock(
    hours: list[Weekly], differing: dict[date, tuple[tuple[int, int], ...]], zone: ZoneInfo, first: date, last: date
) -> list[datetime]:
    """A reference: step through UTC in quarters of an hour, and look at the local wall clock."""
    found: list[datetime] = []
    shown = set()
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC) - 2 * DAY
    while moment.date() <= last + 2 * DAY:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if first <= wall.date() <= last and wall not in shown:
            shown.add(wall)
            minute = wall.hour * 60 + wall.minute
            ranges = differing.get(wall.date())
            if ranges is None:
                ranges = tuple(
                    (rule.starts, rule.ends)
                    for rule in hours
                    if rule.weekday == wall.weekday()
                    and rule.valid_from <= wall.date()
                    and (rule.valid_to is None or wall.date() <= rule.valid_to)
                )
            is_apart = not found or moment - found[-1] >= 2 * QUARTER
            if is_apart and any(a <= minute <= b - 30 and (minute - a) % 30 == 0 for a, b in ranges):
                found.append(moment)
        moment += QUARTER
    return found


ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca"]
)
MINUTES = st.integers(0, 96).map(lambda quarter: quarter * 15)
RANGES = st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 6), RANGES, st.integers(-5, 5), st.none() | st.integers(0, 9)), max_size=5),
    st.dictionaries(st.integers(-2, 8), st.lists(RANGES, max_size=2).map(tuple), max_size=3),
    ZONES,
    st.sampled_from([date(2026, 3, 5), date(2026, 10, 1), date(2026, 10, 30), date(2026, 12, 29), date(2028, 2, 27)]),
)
def test_slots_are_those_of_the_clock_on_the_wall(
    rules: list[tuple[int, tuple[int, int], int, int | None]],
    differing: dict[int, tuple[tuple[int, int], ...]],
    name: str,
    first: date,
) -> None:
    zone, last = ZoneInfo(name), first + 7 * DAY
    hours = [
        Weekly(weekday, a, b, first + start * DAY, None if more is None else first + (start + more) * DAY)
        for weekday, (a, b), start, more in rules
    ]
    dates = {first + number * DAY: ranges for number, ranges in differing.items()}
    overrides = [Override(day, ranges) for day, ranges in dates.items()]
    assert expand(hours, overrides, zone, first, last) == by_watching_the_clock(hours, dates, zone, first, last)


def test_a_difference_says_what_appears_vanishes_and_stays() -> None:
    nine, ten, eleven, twelve = (datetime(2026, 6, 1, hour, tzinfo=UTC) for hour in (9, 10, 11, 12))
    found = difference([nine, ten, eleven], [ten, twelve], booked=[eleven])
    assert (found.appear, found.vanish, found.stay) == ([twelve], [nine], [eleven])
    assert not difference([nine], [nine], booked=[nine])


@given(
    st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=4),
    st.integers(0, 30),
    st.none() | st.integers(0, 30),
)
def test_a_new_week_holds_in_its_days_and_changes_no_other(
    old: list[tuple[int, int | None]], start: int, length: int | None
) -> None:
    """Whatever the rules: within the range only the new week holds, outside nothing changes."""
    rules = [
        Weekly(
            0, 540 + 60 * n, 600 + 60 * n, MONDAY + first * DAY, None if more is None else MONDAY + (first + more) * DAY
        )
        for n, (first, more) in enumerate(old)
    ]
    first = MONDAY + start * DAY
    last = None if length is None else first + length * DAY
    after = replaced(rules, {0: [(60, 120)]}, first, last)
    for number in range(-1, 70):
        day = MONDAY + number * DAY
        inside = first <= day and (last is None or day <= last)
        assert week_on(after, day) == ({0: [(60, 120)]} if inside else week_on(rules, day))
