from math import exp, log
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import psychometrics
from tests.assessments.vectors import VECTORS, assert_same


@pytest.mark.parametrize("vector", VECTORS["reliability"]["alpha_omega"], ids=lambda vector: vector["name"])
def test_alpha_and_omega_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    matrix = psychometrics.covariances(vector["rows"])
    omega = psychometrics.omega(matrix)
    found = {
        "item_variances": [matrix[i][i] for i in range(len(matrix))],
        "total_variance": sum(map(sum, matrix)),
        "alpha": psychometrics.alpha(matrix),
        "alpha_standardised": psychometrics.alpha_standardised(matrix),
        "loadings": omega.loadings,
        "theta": omega.theta,
        "omega": omega.omega,
        "omega_refused": omega.refused,
    }
    assert_same(found, vector["expected"])


@pytest.mark.parametrize("vector", VECTORS["reliability"]["difference"])
def test_reliability_of_a_difference(vector: dict[str, Any]) -> None:
    assert_same(psychometrics.difference_reliability(*vector["input"]), vector["expected"])


def test_parallel_items_are_no_heywood_case() -> None:
    """Their θ is 0, and a float may come out a little below it."""
    rows = [[answer] * 5 for answer in (0, 1, 1, 4, 3, 2, 2)]
    omega = psychometrics.omega(psychometrics.covariances(rows))
    assert (omega.omega, omega.theta, omega.refused) == (1.0, [0.0] * 5, None)


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=3, max_size=12), st.permutations(range(4))
)
def test_order_of_items_changes_no_coefficient(rows: list[list[int]], order: list[int]) -> None:
    here = psychometrics.covariances(rows)
    there = psychometrics.covariances([[row[place] for place in order] for row in rows])
    assert_same(psychometrics.alpha(there), psychometrics.alpha(here))
    assert psychometrics.omega(there).refused == psychometrics.omega(here).refused
    assert_same(psychometrics.omega(there).omega, psychometrics.omega(here).omega)
    if (found := psychometrics.omega(here).omega) is not None:
        assert 0 < found <= 1


# Alpha, items, people, and the two ends, worked out apart from this code: by the formula, and with quantiles of F.
BONETT = [
    ((0.85, 7, 89), (0.795552, 0.892407)),
    ((0.83, 20, 100), (0.775693, 0.873723)),
    ((0.8, 4, 500), (0.769618, 0.827069)),
    ((0.3, 3, 100), (0.023522, 0.508182)),
]
FELDT = [
    ((0.83, 20, 100), (0.777648, 0.874804)),
    ((0.7, 10, 200), (0.633990, 0.758357)),
    ((0.8, 4, 100), (0.727332, 0.857123)),
    ((0.6, 2, 100), (0.405506, 0.730863)),
    ((0.9, 8, 1000), (0.890350, 0.909105)),
]


@pytest.mark.parametrize(("given", "expected"), BONETT)
def test_the_interval_is_bonetts(given: tuple[float, int, int], expected: tuple[float, float]) -> None:
    value, items, people = given
    assert psychometrics.alpha_interval(value, items=items, people=people) == pytest.approx(expected, abs=1e-6)
    assert psychometrics.omega_interval(value, items=items, people=people) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("given", "expected"), FELDT)
def test_the_interval_is_near_feldts(given: tuple[float, int, int], expected: tuple[float, float]) -> None:
    value, items, people = given
    assert psychometrics.alpha_interval(value, items=items, people=people) == pytest.approx(expected, abs=0.01)


def in_logarithms(value: float, items: int, people: int) -> tuple[float, float]:
    """The middle of the interval, and the error that it is made of."""
    low, high = (log(1 - end) for end in psychometrics.alpha_interval(value, items=items, people=people))
    return (low + high) / 2, (low - high) / 2 / psychometrics.Z95


def test_the_error_is_that_of_published_software() -> None:
    """`ci.cronbach(.05, .85, 7, 89)` of Bonett's statpsych prints SE 0.02456518."""
    assert 0.15 * in_logarithms(0.85, 7, 89)[1] == pytest.approx(0.02456518, abs=1e-8)


def test_a_published_example() -> None:
    """Feldt, Woodruff & Salih (1987, p. 95): 26 items, 41 examinees, alpha 0.79; 90 % lie between 0.704 and 0.861."""
    middle, error = in_logarithms(0.79, 26, 41)
    ends = [1 - exp(middle + side * 1.644854 * error) for side in (1, -1)]
    assert ends == pytest.approx([0.704, 0.861], abs=0.005)


@given(st.floats(-1, 1), st.integers(2, 20), st.integers(100, 5000))
def test_an_interval_is_narrower_with_more_people_and_with_more_items(value: float, items: int, people: int) -> None:
    low, high = psychometrics.alpha_interval(value, items=items, people=people)
    assert low <= value <= high <= 1
    for more in ({"items": items, "people": 2 * people}, {"items": items + 1, "people": people}):
        lower, upper = psychometrics.alpha_interval(value, **more)
        assert upper - lower <= high - low
    assert psychometrics.omega_interval(value, items=items, people=people)[0] == max(0, low)


def test_of_a_hundred_intervals_about_ninety_five_hold_alpha() -> None:
    """Four parallel items with correlations of 0.5: alpha and omega are 0.8."""
    chance, held = Random("alpha"), {"alpha": 0, "omega": 0}
    for _ in range(400):
        people = [chance.gauss() for _ in range(100)]
        matrix = psychometrics.covariances([[person + chance.gauss() for _ in range(4)] for person in people])
        found = {"alpha": psychometrics.alpha(matrix), "omega": psychometrics.omega(matrix).omega}
        for name, value in found.items():
            assert value is not None
            low, high = psychometrics.alpha_interval(value, items=4, people=100)
            held[name] += low <= 0.8 <= high
    assert all(0.92 <= number / 400 <= 0.98 for number in held.values()), held


@given(st.floats(0.1, 0.9), st.integers(3, 6), st.randoms(use_true_random=False))
def test_omega_moves_as_alpha_does_at_parallel_items(correlation: float, items: int, chance: Random) -> None:
    """So it has the same error there, and the same interval."""
    matrix = [[1.0 if i == j else correlation for j in range(items)] for i in range(items)]
    for i in range(items):
        for j in range(i + 1):
            matrix[i][j] = matrix[j][i] = matrix[i][j] + chance.uniform(-1e-4, 1e-4)
    assert psychometrics.omega(matrix).omega == pytest.approx(psychometrics.alpha(matrix), abs=3e-6)
