"""The words of a result: every figure of the worked example, and what the page says where figures are missing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.beam import Bar, Span
from assessments.instrument import Instrument
from assessments.reading import Line, Reading, read
from assessments.scoring import score
from assessments.words import gap_words, position_words, range_signed, range_words, side_words, sides, signed, whole
from tests.assessments.vectors import ANSWERS, INSTRUMENT


def reading(name: str, before: str | None = None, instrument: Instrument = INSTRUMENT) -> Reading:
    earlier = score(instrument, ANSWERS[before]) if before else None
    return read(instrument, score(instrument, ANSWERS[name]), ANSWERS[name], earlier)


def line(of: Reading, title: str) -> Line:
    return next(line for line in of.lines if line.title == title)


def test_the_worked_example_in_words() -> None:
    found = reading("worked-1")
    assert found.heading == "In your answers, you give more than you receive."
    assert found.text.startswith("You give more in 7 of 9 areas, and receive more in 2.")
    assert found.sure.startswith("Quite sure: ")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("leaning-20", "Fairly sure: it points this way"),
        ("worked-2", "Fairly sure: overall the two sides look about even"),
        ("extreme-receive", "Quite sure: if you answered again, it would very likely point the same way."),
        ("level-50", "Quite sure: if you answered again, the two sides would very likely still be about even"),
        ("cancelling", "Quite sure: if you answered again, the two sides would very likely still be about even"),
        ("tie-66", "Too close to call"),
        ("six-pairs", ""),
    ],
)
def test_what_is_about_even_does_not_point_anywhere(name: str, begins: str) -> None:
    assert reading(name).sure.startswith(begins)
    assert bool(reading(name).sure) is bool(begins)


@pytest.mark.parametrize(
    ("position", "give", "receive", "begins"),
    [
        ("gives_more", 7, 0, "You give more in all 7 areas. This is"),
        ("gives_more", 6, 0, "You give more in 6 of 7 areas, and receive more in none. This is"),
        ("receives_more", 0, 7, "You receive more in all 7 areas. This is"),
    ],
)
def test_nobody_gives_more_in_seven_of_seven(position: str, give: int, receive: int, begins: str) -> None:
    counts = {"areas": 7, "give": give, "receive": receive, "even": 7 - give - receive}
    assert position_words(INSTRUMENT.positions[position].reading, counts).startswith(begins)


def test_the_worked_example_drawn() -> None:
    balance = reading("worked-1").balance
    assert balance
    assert (balance.shown.given, balance.shown.received, balance.shown.signed) == (81, 50, "+31")
    assert balance.title == (
        "Balance beam. You give 81 of 100 and receive 50, so the beam tips to the left by 31, towards giving."
    )
    assert balance.beam.tilt == "-6.11"
    assert balance.beam.range
    assert (balance.dot, balance.span) == ("35.33%", Span("28.44%", "13.78%"))
    assert balance.range == "Allowing for that, your balance is most likely between 16 and 45 towards giving."


def test_the_areas_stand_by_size_with_both_answers() -> None:
    found = reading("worked-1")
    assert [(area.label, int(area.give), int(area.receive), area.difference) for area in found.areas] == [
        ("Everyday help", 4, 1, "gives more, by 75 of 100"),
        ("After a disagreement", 4, 1, "gives more, by 75 of 100"),
        ("Attention and listening", 4, 2, "gives more, by 50 of 100"),
        ("Time for each other", 3, 1, "gives more, by 50 of 100"),
        ("Planning and remembering", 4, 2, "gives more, by 50 of 100"),
        ("Money and things", 1, 3, "receives more, by 50 of 100"),
        ("Comfort and support", 3, 2, "gives more, by 25 of 100"),
        ("Warmth and affection", 4, 3, "gives more, by 25 of 100"),
        ("Physical intimacy", 2, 3, "receives more, by 25 of 100"),
    ]
    assert found.areas[0].bar == Bar("4%", "46%", "61.5%", "11.5%")
    assert found.areas_asked == 10


def test_the_lines_of_the_worked_example() -> None:
    found = reading("worked-1")
    assert [(line.title, line.figure, line.dot) for line in found.lines] == [
        ("My overall feeling", "level", "50%"),
        ("How heavy it feels", "56 of 100", "56%"),
        ("Stories I tell myself", "64 of 100", "63.71%"),
        ("Being myself", "33 of 100", "34%"),
        ("What I expect and notice", "25 of 100", "26%"),
        ("Pressing and pulling back", "69 of 100", "68%"),
        ("Guessing what is meant", "50 of 100", "50%"),
        ("Asking, and hearing no", "33 of 100", "34%"),
        ("What I have of my own", "34 of 100", "35%"),
        ("Thinking it over", "50 of 100", "50%"),
        ("What goes both ways", "42 of 100", "42%"),
        ("Ready for a small change", "75 of 100", "74%"),
    ]
    bands = {key: found["band"] for key, found in score(INSTRUMENT, ANSWERS["worked-1"])["subscales"].items()}
    assert [line.text for line in found.lines] == [
        subscale.band_text(bands[key]) for key, subscale in INSTRUMENT.subscales.items()
    ]
    assert [(line.answered, line.asked) for line in found.lines if line.is_incomplete] == [(7, 8)]


def test_the_roles_are_words() -> None:
    assert reading("worked-1").roles == (
        ("Me, pressing for an answer", "often"),
        ("Me, stepping back", "sometimes"),
        ("My partner, pressing for an answer", "often"),
        ("My partner, stepping back", "often"),
        ("Sudden closeness after distance", "sometimes"),
        ("The same distance coming back", "sometimes"),
    )
    assert dict(reading("missing-rules").roles)["My partner, pressing for an answer"] == "not answered"
    assert reading("tie-66").roles == ()


def test_the_figures_behind_the_worked_example() -> None:
    found = reading("worked-1")
    assert found.weighted
    assert [(figure.name, figure.value, figure.weighted) for figure in found.figures] == [
        ("Given", "81", "87"),
        ("Received", "50", "46"),
        ("Balance", "+31", "+41"),
        ("Unevenness", "47", "49"),
        ("Level", "65", "66"),
        ("One direction", "65 %", "84 %"),
        ("Spread", "43", ""),
        ("Error of the balance", "11.2", ""),
        ("80 % range", "+16 to +45", ""),
        ("95 % range", "+9 to +53", ""),
        ("Chance of giving more", "92 %", ""),
        ("Chance of about even", "8 %", ""),
        ("Chance of receiving more", "less than 1 %", ""),
    ]
    assert "assumed until a pilot of 100 retests" in found.figures[7].meaning


def test_the_short_form_has_no_weighted_figures() -> None:
    found = reading("leaning-20")
    assert not found.weighted
    assert {figure.weighted for figure in found.figures} == {""}


def test_the_gap_between_feeling_and_count_is_said() -> None:
    assert reading("worked-1").gap.endswith("Your feeling leaves out 31 of 100.")
    assert reading("mask-25").gap.endswith("25 of 100.")
    assert (
        reading("leaning-20").gap == "Added up area by area, things are about as uneven as your overall feeling says."
    )
    assert gap_words(INSTRUMENT, 24.999999, 25, 0) == gap_words(INSTRUMENT, 0, 0, 0)
    assert "different directions" in gap_words(INSTRUMENT, 50, -50, 100)
    assert gap_words(INSTRUMENT, 0, 0, -100).startswith("Your overall feeling is more uneven")
    assert gap_words(INSTRUMENT, 0, 50, 100).startswith("Your overall feeling is more uneven")
    assert reading("missing-rules").gap == ""


def test_the_time_before_is_an_open_ring() -> None:
    found = reading("mask-25", before="worked-1")
    heavy = line(found, "How heavy it feels")
    assert (heavy.last, heavy.ring) == ("56 of 100", "56%")
    assert line(found, "My overall feeling").last == "level"
    assert not any(line.ring or line.last for line in reading("mask-25").lines)


def test_too_close_to_call_is_said_in_place_of_a_side() -> None:
    found = reading("tie-plus-15")
    assert found.heading == "Your answers are too close to call."
    assert "In 6 of 10 areas you give more, in none you receive more." in found.text
    assert found.sure.startswith("Too close to call: ")


def test_without_enough_areas_there_is_no_balance_but_everything_else() -> None:
    found = reading("six-pairs")
    assert found.heading == "There are not enough answers for the balance."
    assert "You have answered both in 6." in found.text
    assert (found.balance, found.sure, found.figures, found.gap) == (None, "", (), "")
    assert len(found.areas) == 6
    assert line(found, "Pressing and pulling back").figure == "75 of 100"


def test_illusions_are_read_only_with_an_imbalance() -> None:
    unread = line(reading("worked-2"), "Stories I tell myself")
    assert unread.text == "Your answers show no clear imbalance, so we read nothing into this part."
    assert (unread.figure, unread.dot, unread.is_incomplete) == ("", "", False)
    assert line(reading("worked-1", before="worked-2"), "Stories I tell myself").ring == ""
    assert line(reading("worked-2", before="worked-1"), "Stories I tell myself").ring == ""


def test_a_line_with_too_few_answers_says_so() -> None:
    found = line(reading("missing-rules"), "Being myself")
    assert found.text == "There are too few answers to say anything here."
    assert (found.figure, found.dot, found.is_incomplete) == ("", "", True)
    assert (found.answered, found.asked) == (4, 6)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_sheet_can_be_read_and_leaves_no_blank(name: str) -> None:
    found = reading(name)
    assert not re.search(r"[{}]", found.heading + found.text)
    assert all(line.text for line in found.lines)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((16.2, 44.9), "between 16 and 45 towards giving."),
        ((0.2, 28.9), "between 0 and 29 towards giving."),
        ((-4.4, 24.4), "between 4 towards receiving and 24 towards giving."),
        ((-28.9, -0.2), "between 0 and 29 towards receiving."),
        ((-100, -85.6), "between 86 and 100 towards receiving."),
    ],
)
def test_both_ends_of_a_range_are_said(interval: tuple[float, float], words: str) -> None:
    assert range_words(interval).endswith(words)


def test_signs_are_real() -> None:
    assert [signed(value) for value in (12, 0, -12)] == ["+12", "0", "−12"]
    assert range_signed((-4.35, 24.35)) == "−4 to +24"
    assert [side_words(value) for value in (12, 0, -12)] == [
        "gives more, by 12 of 100",
        "level",
        "receives more, by 12 of 100",
    ]


@given(st.floats(-100, 100))
def test_whole_numbers_have_no_side(value: float) -> None:
    assert whole(-value) == -whole(value)
    assert abs(whole(value) - value) <= 0.5


@given(st.integers(0, 40), st.integers(0, 40))
def test_what_is_printed_adds_up(give: int, receive: int) -> None:
    shown = sides({"G": 2.5 * give, "V": 2.5 * receive})
    assert shown.given - shown.received == shown.balance
    assert abs(shown.balance - 2.5 * (give - receive)) <= 0.5
