"""How a questionnaire was answered: the same answer many times in a row can be true, and it can be haste. Pure.

This never changes a score.
"""

from collections.abc import Iterable
from functools import lru_cache

from assessments.instrument import Instrument
from assessments.scoring import Answer, Answers


def in_a_row(instrument: Instrument, answers: Answers) -> int:
    """The most equal answers in a row, in the order of the questions, across parts and scales.

    The overall feeling and choices do not count: their scales are other ones.
    """
    given = answers.answers
    return longest_run([given.get(key) for key in _in_order(instrument, answers.form, answers.partnered)])


def longest_run(values: Iterable[Answer]) -> int:
    """The most equal answers in a row. A non-answer ends a row."""
    longest = run = 0
    before: Answer = None
    for answer in values:
        run = 0 if not isinstance(answer, int) else run + 1 if answer == before else 1
        before = answer
        if run > longest:
            longest = run
    return longest


@lru_cache(maxsize=64)
def _in_order(instrument: Instrument, form: str, partnered: bool) -> tuple[str, ...]:
    parts = instrument.parts(form, partnered=partnered)
    apart = {item.key for item in instrument.choices}
    return tuple(key for part in parts if part.kind != "felt" for key in part.keys if key not in apart)
