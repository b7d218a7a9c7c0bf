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
