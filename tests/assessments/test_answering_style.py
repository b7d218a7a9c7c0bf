"""The same answer many times in a row is counted in the order of the questions."""

import pytest

from assessments.answering_style import in_a_row
from assessments.scoring import Answer, Answers
from tests.assessments.vectors import INSTRUMENT

ORDER = [key for part in INSTRUMENT.parts("full", partnered=True) if part.kind != "felt" for key in part.keys]


def answered(*given: Answer, form: str = "full") -> Answers:
    return Answers(form, True, dict(zip(ORDER, given, strict=False)), {})


@pytest.mark.parametrize(
    ("given", "run"),
    [
        ([], 0),
        ([2] * 12, 12),
        ([1, *[2] * 11, 3], 11),
        ([2] * 6 + ["skip"] + [2] * 6, 6),
        ([2] * 6 + [None] + [2] * 7, 7),
        (["na"] * 20, 0),
        ([0, 1] * 20, 1),
    ],
)
def test_rows_of_equal_answers(given: list[Answer], run: int) -> None:
    assert in_a_row(INSTRUMENT, answered(*given)) == run


def test_all_answers_alike_are_one_row_whatever_was_felt() -> None:
    answers: dict[str, Answer] = dict.fromkeys(INSTRUMENT.scale_of, 2)
    assert in_a_row(INSTRUMENT, Answers("full", True, answers | {"felt1": -1}, {})) == len(ORDER) == 80
    assert in_a_row(INSTRUMENT, Answers("short", True, answers, {})) == 41


def test_what_the_situation_leaves_out_does_not_count() -> None:
    answers: dict[str, Answer] = {item.key: 2 for item in INSTRUMENT.items}
    asked = in_a_row(INSTRUMENT, Answers("full", False, answers, {}))
    assert asked == 60 - len([item for item in INSTRUMENT.items if item.if_partnered])
