"""The drawings' geometry: known figures, and what holds for all of them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import cos, isclose, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.beam import (
    SCALE,
    Bar,
    Beam,
    Span,
    balance_span,
    bar,
    grid,
    on_balance_line,
    on_line,
    trend,
)
from assessments.beam import beam as draw_beam
from lib.drawing import number

levels = st.floats(0, 100)
balances = st.floats(-100, 100)


def beam(give: float, receive: float, interval: Sequence[float] | None = None, *, level: float = 15) -> Beam:
    return draw_beam(give, receive, interval, level=level)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.001, "0"), (1.005, "1"), (2.5, "2.5"), (-20, "-20"), (33.333333, "33.33")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("give", "receive", "tilt", "radius", "side"),
    [
        (50, 50, "0", "32.53", "57.65"),
        (100, 0, "-20", "46", "0"),
        (0, 100, "20", "0", "81.53"),
        (80.555556, 50, "-6.11", "41.29", "57.65"),
        (72.5, 47.5, "-5", "39.17", "56.19"),  # the weights of the reference page: 2.9 and 1.9 of 4
    ],
)
def test_the_beam(give: float, receive: float, tilt: str, radius: str, side: str) -> None:
    drawn = beam(give, receive)
    assert (drawn.tilt, drawn.radius, drawn.side) == (tilt, radius, side)
    assert drawn.range == ""


@given(levels, levels)
def test_swapping_the_sides_turns_the_beam_the_other_way(give: float, receive: float) -> None:
    assert isclose(float(beam(give, receive).tilt), -float(beam(receive, give).tilt), abs_tol=1e-9)


@given(levels)
def test_equal_sides_have_weights_of_equal_area(level: float) -> None:
    drawn = beam(level, level)
    assert drawn.tilt == "0"
    assert isclose(pi * float(drawn.radius) ** 2, float(drawn.side) ** 2, abs_tol=2.5)  # both are rounded to 0.01


@given(levels, levels, levels)
def test_more_given_is_heavier_and_lower_on_the_left(receive: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert float(beam(more, receive).tilt) <= float(beam(less, receive).tilt)
    assert float(beam(more, receive).radius) >= float(beam(less, receive).radius)


@given(levels, levels)
def test_everything_stays_in_the_picture(give: float, receive: float) -> None:
    drawn = beam(give, receive)
    turn = radians(float(drawn.tilt))
    radius, side = float(drawn.radius), float(drawn.side)
    left, top = float(drawn.square_x), float(drawn.square_y)
    points = [(-236.0, 2.0), (236.0, 2.0)]
    points += [(-186 + radius * cos(a), float(drawn.disc_y) + radius * sin(a)) for a in (0, pi / 2, pi, -pi / 2)]
    points += [(x, y) for x in (left, left + side) for y in (top, top + side)]
    for x, y in points:
        assert 0 <= 320 + x * cos(turn) - y * sin(turn) <= 640
        assert 0 <= 236 + x * sin(turn) + y * cos(turn) <= 346


def ends(path: str) -> list[float]:
    """The x of every point of a path, in order."""
    return [float(x) for x in re.findall(r"(?:[ML]|A\d+ \d+ 0 0 [01] )([\d.]+) ", path)]


def test_the_range_lies_on_the_arc() -> None:
    drawn = beam(80.555556, 50, (16.202173, 44.908938))
    assert drawn.range == "M290.34 48.33A190 190 0 0 1 309.26 46.3L310.39 66.27A170 170 0 0 0 293.46 68.08z"


@given(levels, levels, st.lists(balances, min_size=2, max_size=2))
def test_the_range_goes_from_most_given_at_the_left(give: float, receive: float, two: list[float]) -> None:
    outer_left, outer_right, inner_right, inner_left = ends(beam(give, receive, sorted(two)).range)
    assert outer_left <= outer_right
    assert inner_left <= inner_right
    assert all(220 < x < 420 for x in (outer_left, outer_right, inner_left, inner_right))


def test_the_scale_and_the_level_part_are_symmetric() -> None:
    ticks = sorted(set(ends(SCALE)))
    assert all(isclose(a + b, 640, abs_tol=0.02) for a, b in zip(ticks, reversed(ticks), strict=True))
    left, right, *_ = ends(beam(50, 50).level)
    assert isclose(left + right, 640, abs_tol=0.02)
    assert left < 320


def test_the_level_part_is_as_wide_as_the_version_says() -> None:
    assert ends(beam(50, 50, level=30).level)[0] < ends(beam(50, 50, level=15).level)[0] < 320


@pytest.mark.parametrize(
    ("give", "receive", "drawn"),
    [
        (0, 0, Bar("50%", "0%", "50%", "0%")),
        (4, 1, Bar("4%", "46%", "61.5%", "11.5%")),
        (4, 4, Bar("4%", "46%", "96%", "46%")),
    ],
)
def test_bars_grow_from_the_middle(give: int, receive: int, drawn: Bar) -> None:
    assert bar(give, receive, 4) == drawn


@pytest.mark.parametrize("top", [2, 4, 6])
def test_every_point_of_the_scale_has_a_line_where_a_bar_can_end(top: int) -> None:
    ends = [
        getattr(bar(point, point, top), side) for side in ("give_end", "receive_end") for point in range(1, top + 1)
    ]
    assert sorted(ends) == sorted(grid(top))


def test_a_dot_stands_where_its_value_is() -> None:
    assert [on_line(value) for value in (0, 33.333333, 50, 100)] == ["2%", "34%", "50%", "98%"]
    assert on_line(0, -100, 100) == "50%"
    assert [on_balance_line(value) for value in (100, 0, -100)] == ["2%", "50%", "98%"]


def test_the_range_of_a_balance_is_mirrored_like_its_dot() -> None:
    assert balance_span(-100, 100) == Span("2%", "96%")
    assert balance_span(16.202173, 44.908938) == Span("28.44%", "13.78%")


def test_a_course_over_time_follows_the_dates() -> None:
    one, two, three = trend([0, 10, 40], [100, 0, -100], [(80, 100), (-20, 20), (-100, -80)])
    assert [point.x for point in (one, two, three)] == ["2%", "26%", "98%"]
    assert [point.y for point in (one, two, three)] == ["12", "88", "164"]
    assert two.span == Span("72.8", "30.4")
    assert (two.from_x, two.from_y) == (one.x, one.y)
    assert (one.from_x, one.from_y) == (one.x, one.y)


def test_results_of_one_moment_are_spread_out() -> None:
    assert [point.x for point in trend([5, 5, 5], [0, 0, 0], [(0, 0)] * 3)] == ["2%", "50%", "98%"]


@given(st.lists(balances, min_size=1, max_size=20))
def test_a_course_stays_in_the_picture(values: list[float]) -> None:
    drawn = trend(range(len(values)), values, [(max(-100, b - 14), min(100, b + 14)) for b in values])
    assert all(0 <= float(p.span.start) <= float(p.y) + 0.02 <= 176 for p in drawn)
    assert all(float(p.span.start) + float(p.span.length) <= 164.02 for p in drawn)
    assert all(float(a.x[:-1]) < float(b.x[:-1]) for a, b in pairwise(drawn))
