"""Answering part by part: the pure rules."""

from pathlib import Path

import pytest

from assessments import answering
from assessments.answering import Posted, merge, read_part
from assessments.instrument import Instrument, Part, build, read
from assessments.scoring import Answers
from tests.assessments.vectors import INSTRUMENT, INSTRUMENT_2

FILE = Path(__file__).parents[2] / "assessments" / "instruments" / "balance-1.toml"


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return build(read(FILE.read_text()))


def parts(instrument: Instrument, form: str = "full", *, partnered: bool = True) -> tuple[Part, ...]:
    return answering.parts_of(instrument, form, partnered)


def answered(form: str = "full", **answers: int | str) -> Answers:
    return Answers(form=form, partnered=True, answers=answers, importance={})  # type: ignore[arg-type]


def test_the_short_form_has_18_parts_and_the_full_form_28(instrument: Instrument) -> None:
    assert len(parts(instrument, "short")) == 18
    assert len(parts(instrument, "full")) == 28
    assert len(parts(instrument, "full", partnered=False)) == 28


def test_a_page_is_read_with_numbers_and_non_answers(instrument: Instrument) -> None:
    part = parts(instrument)[1]
    fields = {"attention_give": "4", "attention_receive": "na", "attention_importance": "skip"}
    posted = read_part(instrument, part, fields)
    assert posted == Posted({"attention_give": 4, "attention_receive": "na"}, {"attention": "skip"})
    assert posted.is_valid


def test_the_overall_feeling_has_negative_stops(instrument: Instrument) -> None:
    assert read_part(instrument, parts(instrument)[0], {"felt1": "-3"}).answers == {"felt1": -3}


@pytest.mark.parametrize("value", ["5", "-1", "4.0", " 4", "four", "", "None", "٣", "true", "skipped"])
def test_a_value_off_the_scale_is_named_and_not_taken(instrument: Instrument, value: str) -> None:
    fields = {"attention_give": value, "attention_receive": "2"}
    posted = read_part(instrument, parts(instrument)[1], fields)
    assert posted.off_scale == ("attention_give",)
    assert posted.answers == {"attention_receive": 2}
    assert not posted.is_valid


@pytest.mark.parametrize("name", ["practical_give", "felt1", "practical_importance", "attention", "owner"])
def test_a_field_of_another_page_is_unknown(instrument: Instrument, name: str) -> None:
    posted = read_part(instrument, parts(instrument)[1], {name: "1"})
    assert posted.unknown == (name,)
    assert not posted.is_valid


def test_importance_is_unknown_in_the_short_form(instrument: Instrument) -> None:
    part = parts(instrument, "short")[1]
    assert read_part(instrument, part, {"attention_importance": "1"}).unknown == ("attention_importance",)


def test_merging_changes_only_what_was_posted() -> None:
    before = Answers("full", True, {"felt1": 1, "attention_give": 2, "attention_receive": 3}, {"attention": 1})
    after = merge(before, Posted({"attention_give": "skip"}, {"practical": 2}))
    assert after.answers == {"felt1": 1, "attention_give": "skip", "attention_receive": 3}
    assert after.importance == {"attention": 1, "practical": 2}
    assert before.answers["attention_give"] == 2


def test_coming_back_leads_to_the_first_page_with_an_open_question(instrument: Instrument) -> None:
    all_parts = parts(instrument)
    assert answering.first_open(all_parts, answered()) is all_parts[0]
    assert answering.first_open(all_parts, answered(felt1=0)) is all_parts[1]
    assert answering.first_open(all_parts, answered(felt1=0, attention_give=0)) is all_parts[1]
    later = answered(felt1="skip", attention_give=0, attention_receive="na", emotional_give=3)
    assert answering.first_open(all_parts, later) is all_parts[2]


def test_when_every_question_is_answered_no_page_is_open(instrument: Instrument) -> None:
    full = answered("short", **{key: "skip" for part in parts(instrument, "short") for key in part.keys})
    assert answering.first_open(parts(instrument, "short"), full) is None


def test_an_area_is_complete_with_both_answers(instrument: Instrument) -> None:
    answers = answered(attention_give=0, attention_receive=0, time_give=1, time_receive="na", money_give=2)
    assert answering.complete_areas(instrument, answers) == 1


def test_a_page_is_answered_when_no_question_is_open(instrument: Instrument) -> None:
    answers = answered("short", felt1=0, attention_give=1, practical_give="na", practical_receive="skip")
    assert answering.answered_parts(parts(instrument, "short"), answers) == {1, 3}


@pytest.mark.parametrize(("still_open", "minutes"), [(18, 5), (9, 3), (1, 1), (0, 1)])
def test_the_minutes_left_follow_the_open_parts(instrument: Instrument, still_open: int, minutes: int) -> None:
    assert answering.minutes_left(instrument, "short", still_open=still_open, parts=18) == minutes


def test_the_second_version_takes_that_something_did_not_come_up() -> None:
    part = parts(INSTRUMENT_2)[1]
    posted = read_part(INSTRUMENT_2, part, {"attention_give": "no_occasion", "attention_receive": "na"})
    assert posted == Posted({"attention_give": "no_occasion", "attention_receive": "na"}, {})
    assert not answering.open_questions(part, merge(answered(), posted))
    assert answering.complete_areas(INSTRUMENT_2, merge(answered(), posted)) == 0


@pytest.mark.parametrize(
    ("version", "number", "field"), [(1, 1, "attention_give"), (2, 0, "felt1"), (2, 1, "attention_importance")]
)
def test_it_did_not_come_up_is_refused_where_it_is_not_offered(version: int, number: int, field: str) -> None:
    of = {1: INSTRUMENT, 2: INSTRUMENT_2}[version]
    assert read_part(of, parts(of)[number], {field: "no_occasion"}).off_scale == (field,)


def test_ways_not_to_answer_in_the_order_of_the_page() -> None:
    ways = answering.ways_not_to_answer
    assert [*ways(INSTRUMENT_2, "str1").items()] == [
        ("no_occasion", "It did not come up"),
        ("na", "Does not apply to me"),
        ("skip", "I prefer not to say"),
    ]
    assert [*ways(INSTRUMENT_2, "felt1")] == [*ways(INSTRUMENT, "str1")] == ["na", "skip"]
    assert [*ways(INSTRUMENT_2, "time_importance")] == [*ways(INSTRUMENT, "time_importance")] == ["skip"]
