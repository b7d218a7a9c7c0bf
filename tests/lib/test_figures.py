"""Numbers and lengths of time in words."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext_lazy, ngettext_lazy

from lib.figures import lasting, spelled, with_figures


@pytest.mark.parametrize(
    ("length", "unit", "words"),
    [
        (timedelta(weeks=6), "weeks", "6 weeks"),
        (timedelta(days=45), "weeks", "45 days"),
        (timedelta(days=7), "days", "7 days"),
        (timedelta(hours=36), "days", "36 hours"),
        (timedelta(hours=1), "hours", "1 hour"),
        (timedelta(minutes=90), "hours", "90 minutes"),
    ],
)
def test_a_length_is_said_in_its_unit_or_the_next_that_fits(length: timedelta, unit: str, words: str) -> None:
    assert lasting(length, unit) == words


def test_small_and_usual_numbers_are_spelled() -> None:
    assert [spelled(number) for number in (1, 9, 10, 11, 12, 30, 45)] == [
        "one",
        "nine",
        "ten",
        "11",
        "twelve",
        "thirty",
        "45",
    ]
    assert lasting(timedelta(minutes=30), "minutes", spell=True) == "thirty minutes"


def test_a_sentence_takes_its_figures_when_it_is_shown() -> None:
    rule = {"most": 1}
    plain = with_figures(gettext_lazy("At most %(most)d."), lambda: rule)
    counted = with_figures(ngettext_lazy("%(most)d thing", "%(most)d things", "most"), lambda: rule)
    assert [str(plain), str(counted)] == ["At most 1.", "1 thing"]
    rule["most"] = 2
    assert [str(plain), str(counted)] == ["At most 2.", "2 things"]
