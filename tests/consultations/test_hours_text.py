"""Parsing hours as specialists write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.hours_text import BadHours, Flaw, read_ranges, write_ranges


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", ()),
        ("  ", ()),
        ("9-12", ((540, 720),)),
        ("09:00–12:30, 14:00–18:00", ((540, 750), (840, 1080))),
        ("14:00—18:00; 9.00 to 12.30", ((540, 750), (840, 1080))),
        ("9am to 1pm, 1.30 p.m.–5 PM", ((540, 780), (810, 1020))),
        ("12am-12pm", ((0, 720),)),
        ("10pm-12am", ((1320, 1440),)),
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
        ("1-5pm", Flaw.UNREADABLE),
        ("13pm-2pm", Flaw.UNREADABLE),
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
