"""How hard the statements of the questionnaire are to read."""

from statistics import mean

import pytest

from tests.assessments.vectors import INSTRUMENT, INSTRUMENT_2
from tests.reading_level import grade, syllables

EASY, HARDEST = 5, 8


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("the", 1), ("time", 1), ("seemed", 1), ("wanted", 2), ("wishes", 2), ("closeness", 2), ("people", 2)),
        *(
            ("being", 2),
            ("carrying", 3),
            ("everyday", 3),
            ("something", 2),
            ("partner's", 2),
            ("physical", 3),
            ("moved", 1),
            ("safe", 1),
        ),
        *(("disagreement", 4), ("relationship", 4), ("remembering", 4), ("suddenly", 3), ("times", 1), ("needed", 2)),
    ],
)
def test_syllables_are_counted_as_they_are_heard(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grades_are_those_of_the_formula() -> None:
    assert grade("We kept to what we had agreed.") == pytest.approx(0.39 * 7 + 11.8 * 8 / 7 - 15.59)
    assert grade("I went. You stayed.") == pytest.approx(0.39 * 2 + 11.8 - 15.59)
    felt = next(item.text for item in INSTRUMENT.items if item.key == "felt1")
    assert grade(felt) > HARDEST


def test_the_second_version_can_be_read_in_the_fifth_school_year() -> None:
    items = {item.key: item.text for item in INSTRUMENT_2.items}
    for area in INSTRUMENT_2.areas:
        items |= dict(zip(area.answer_keys(), (area.give, area.receive), strict=True))
    grades = {key: grade(text) for key, text in items.items()}
    assert len(grades) == 81
    assert mean(grades.values()) <= EASY
    assert {key: found for key, found in grades.items() if found > HARDEST} == {}
