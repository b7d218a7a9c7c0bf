"""Quantile dots: where they stand, and that they overlap nowhere."""

from itertools import combinations
from math import dist, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.algorithm_2.balance import dots as quantiles
from assessments.beam import PIVOT_X, PIVOT_Y
from assessments.dots import ABOVE, BELOW, LINE_ROW, SCALE, Dot, arc, line

DOT = 4.6  # the radius that the drawing gives a dot on the arc
BALANCES = st.floats(-100, 100, allow_nan=False)


def place(dot: Dot) -> tuple[float, float]:
    return float(dot.x), float(dot.y)


def test_twenty_dots_of_which_sixteen_are_inside() -> None:
    found = arc(11, quantiles(11, 11.6), level=15).dots
    assert len(found) == 20
    assert [dot.inside for dot in found] == [True] * 16 + [False] * 4
    assert {dot.inside for dot in line(11, quantiles(11, 11.6)).dots} == {True, False}


def test_giving_more_is_on_the_left() -> None:
    assert all(float(dot.x) < PIVOT_X for dot in arc(60, quantiles(60, 11.6), level=15).dots)
    assert all(float(dot.x) > PIVOT_X for dot in arc(-60, quantiles(-60, 11.6), level=15).dots)


def test_mirrored_answers_are_mirrored_dots() -> None:
    left, right = (arc(balance, quantiles(balance, 11.6), level=15).dots for balance in (20, -20))
    mirrored = {(round(2 * PIVOT_X - x, 1), round(y, 1)) for x, y in map(place, left)}
    assert mirrored == {(round(x, 1), round(y, 1)) for x, y in map(place, right)}


@given(BALANCES, st.floats(8, 14))
def test_no_dot_covers_another_or_leaves_the_drawing(balance: float, error: float) -> None:
    found = [place(dot) for dot in arc(balance, quantiles(balance, error), level=15).dots]
    assert all(dist(one, other) > 2 * DOT for one, other in combinations(found, 2))
    assert all(40 <= x <= 600 and 0 <= y <= 350 for x, y in found)
    assert all(hypot(x - PIVOT_X, y - PIVOT_Y) >= 170 + DOT for x, y in found)


@given(BALANCES, st.floats(8, 14))
def test_the_line_is_as_high_as_its_dots(balance: float, error: float) -> None:
    found = line(balance, quantiles(balance, error))
    heights = [float(dot.y) for dot in found.dots]
    assert min(heights) == ABOVE
    assert max(heights) == found.at - BELOW == found.height - 2 * BELOW
    assert len({(dot.x, dot.y) for dot in found.dots}) == 20
    assert all(0 <= float(dot.x.removesuffix("%")) <= 100 for dot in found.dots)
    assert (max(heights) - min(heights)) % LINE_ROW == 0


@pytest.mark.parametrize("level", [15.0, 30.0])
def test_the_arc_shades_what_counts_as_level(level: float) -> None:
    found = arc(0, quantiles(0, 11.6), level=level)
    assert found.scale == SCALE
    assert found.level.startswith("M")
    assert found.level != arc(0, quantiles(0, 11.6), level=level + 1).level
