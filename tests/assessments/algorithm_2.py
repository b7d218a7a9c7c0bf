"""Scoring by algorithm 2, as tests need it."""

from typing import Any

from assessments.algorithm_2 import change
from assessments.algorithm_2.scoring import score
from assessments.algorithms import constants
from assessments.scoring import Answers
from tests.assessments.vectors import INSTRUMENT

CONSTANTS = constants()


def found(answers: Answers) -> dict[str, Any]:
    return score(INSTRUMENT, answers, CONSTANTS)


def result(answers: Answers) -> change.Result:
    return change.Result(INSTRUMENT, answers, found(answers))


def compared(first: Answers, second: Answers, *, chosen: bool = False) -> dict[str, Any]:
    return change.compare(result(first), result(second), CONSTANTS, chosen=chosen)
