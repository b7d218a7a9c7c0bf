"""Which group figures are published, how exactly, and when."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from assessments import disclosure
from assessments.disclosure import (
    APART,
    CELL,
    CHANGES,
    MEAN,
    PAIRS,
    PERCENTILE,
    RELIABILITY,
    STEP,
    count,
    counts,
    is_due,
    joined_or_left,
)
from tests.assessments.conftest import EVEN, NOW

A, B, C = (UUID(int=number) for number in (1, 2, 3))
MOMENT = timedelta(microseconds=1)


def test_the_limits_are_those_of_the_privacy_page() -> None:
    assert (CELL, MEAN, RELIABILITY, PERCENTILE, STEP) == (10, 100, 200, 500, 5)
    assert (10, 20, timedelta(days=7)) == (CHANGES, PAIRS, APART)
    assert not any(size % STEP for size in (CELL, MEAN, RELIABILITY, PERCENTILE))


@pytest.mark.parametrize(
    ("changes", "since", "due"),
    [
        (9, None, False),
        (10, None, True),  # the first publication waits for people only
        (9, 700 * APART, False),
        (10, APART - MOMENT, False),
        (10, APART, True),
        (500, timedelta(0), False),
        (500, -APART, False),  # a job that comes late, with the time it was scheduled for
    ],
)
def test_a_publication_waits_for_people_and_for_days(changes: int, since: timedelta | None, due: bool) -> None:
    assert is_due(changes=changes, last=None if since is None else NOW - since, now=NOW) is due


def test_who_joined_and_who_left_both_count() -> None:
    assert joined_or_left([], {A, B}) == 2
    assert joined_or_left([A, B], {B, C}) == 2
    assert joined_or_left([A, B], {A, B}) == 0
    assert joined_or_left([A, None, None], {A}) == 2  # two accounts are gone


def test_counts_are_rounded_down_so_that_at_least_stays_true() -> None:
    assert [count(people, EVEN) for people in (0, 9, 10, 14, 15, 99, 104)] == [None, None, 10, 10, 15, 95, 100]


def test_small_cells_are_held_back() -> None:
    assert counts({"a": 12, "b": 9, "c": 0}, EVEN) == {"a": 10, "b": None, "c": None}
    assert counts({"a": 10, "b": 11}, EVEN) == {"a": 10, "b": 10}


def test_one_small_cell_takes_another_with_it() -> None:
    assert counts({"a": 50, "b": 3, "c": 20}, EVEN) == {"a": 50, "b": None, "c": None}


def test_which_cell_goes_along_tells_nothing_of_sizes_that_look_alike() -> None:
    assert (
        counts({"a": 14, "b": 12, "c": 3}, EVEN)
        == counts({"a": 12, "b": 14, "c": 3}, EVEN)
        == {"a": None, "b": 10, "c": None}
    )


def test_a_total_is_the_sum_of_what_is_published() -> None:
    assert disclosure.total({"a": 50, "b": None, "c": None}) == 50
    assert disclosure.total({"a": None, "b": None}) is None


def test_an_interval_reaches_as_far_as_the_exact_value_may_be() -> None:
    assert disclosure.interval(0.8, lambda value: (value - 0.1, value + 0.05)) == (0.69, 0.86)
    assert disclosure.interval(1.0, lambda value: (value - 0.1, value)) == (0.89, 1.0)
    for seed in range(50):
        assert abs(disclosure.reliability(0.8123, Random(seed)) - 0.8123) < 0.01
