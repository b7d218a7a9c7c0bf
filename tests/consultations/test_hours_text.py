"""Hours as specialists write them, and what a new week does to those that there are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.hours_text import BadHours, Flaw, read_ranges, replaced, week_on, write_ranges
from consultations.slots import Weekly

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", ()),
        ("  ", ()),
        ("9-12", ((540, 720),)),
        ("09:00–12:30, 14:00–18:00", ((540, 750), (840, 1080))),
        ("14:00—18:00; 9.00 to 12.30", ((540, 750), (840, 1080))),
        ("22:00–24:00", ((1320, 1440),)),
        ("22:00–00:00", ((1320, 1440),)),
        ("0:00-0:30,", ((0, 30),)),
        ("10:00–11:00, 11:00–12:00", ((600, 660), (660, 720))),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, ranges: tuple[tuple[int, int], ...]) -> None:
    assert read_ranges(text) == ranges


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("nine to five", Flaw.UNREADABLE),
        ("9", Flaw.UNREADABLE),
        ("09:60–11:00", Flaw.UNREADABLE),
        ("09:00–24:30", Flaw.UNREADABLE),
        ("24:00–24:00", Flaw.UNREADABLE),
        ("999–1000", Flaw.UNREADABLE),
        ("12:00–09:00", Flaw.BACKWARDS),
        ("22:00–02:00", Flaw.BACKWARDS),
        ("09:00–09:00", Flaw.BACKWARDS),
        ("09:00–09:29", Flaw.SHORT),
        ("09:00–12:00, 11:30–13:00", Flaw.OVERLAP),
        ("09:00–12:00, 09:00–12:00", Flaw.OVERLAP),
    ],
)
def test_what_is_wrong_with_hours_is_named(text: str, flaw: Flaw) -> None:
    with pytest.raises(BadHours) as bad:
        read_ranges(text)
    assert bad.value.flaw is flaw


@given(st.lists(st.integers(0, 47), unique=True, min_size=2, max_size=8).map(sorted))
def test_hours_read_again_are_the_same(halves: list[int]) -> None:
    ranges = tuple((a * 30, b * 30) for a, b in zip(halves[::2], halves[1::2], strict=False))
    assert read_ranges(write_ranges(ranges)) == ranges


@given(
    st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=4),
    st.integers(0, 30),
    st.none() | st.integers(0, 30),
)
def test_a_new_week_holds_in_its_days_and_changes_no_other(
    old: list[tuple[int, int | None]], start: int, length: int | None
) -> None:
    """Whatever rules there were: inside the days the new week is all there is, outside all is as it was."""
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
