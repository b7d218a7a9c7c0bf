from typing import Any

import pytest

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
