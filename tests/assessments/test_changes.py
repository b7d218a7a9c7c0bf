"""What is said of a new result beside earlier ones: in which line it stands, what is stored, and that it stays."""

import io
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import consents
from accounts.importing import import_file
from accounts.models import User
from assessments import services
from assessments.algorithms import constants, score_by
from assessments.changes import moved_words, read_change, read_changes
from assessments.comparing import AGAINST, began, between, opened, said_of, stored
from assessments.how_sure import simulated
from assessments.models import InstrumentVersion, Response, Result
from assessments.scoring import FIRST_LINE, Answers, Document
from tests.accounts.portable import exported, parts, read
from tests.answered import begin
from tests.assessments.conftest import NOW, Answered, MakeResult
from tests.assessments.vectors import INSTRUMENT, PUBLIC, PUBLIC_ANSWERS, SOURCE, assert_same

ABOUT = {"result", "on", "constants", "moved", "needed", "ill_shown"}  # beside what the vectors have


def days(count: int) -> timedelta:
    return timedelta(days=count)


def chosen(owner: User, first: Result, second: Result, *, chosen: bool = True) -> Document:
    """The comparison of two results, as the page of two works it out."""
    used = constants()
    return between(opened(owner, first, used), opened(owner, second, used), used, chosen=chosen)


def compared(owner: User, result: Result) -> dict[str, Any]:
    document: dict[str, Any] = Result.objects.get(pk=result.pk).score(owner)["compared"]
    return document


# --- The line, and what is stored ---


@pytest.mark.parametrize("vector", PUBLIC["histories"], ids=lambda vector: vector["why"])
def test_every_history_of_the_vectors_through_the_services(
    vector: dict[str, Any], ana: User, answered: Answered
) -> None:
    results = [answered(one["sheet"], one["same_relationship"]) for one in vector["results"]]
    lines: list[str] = []
    for result, expected in zip(results, vector["expected"], strict=True):
        found = compared(ana, result)
        lines += [found["line"]] if found["line"] not in lines else []
        assert lines.index(found["line"]) + 1 == expected["line"]
        for name in AGAINST:
            said = found[name] and {key: value for key, value in found[name].items() if key not in ABOUT}
            assert_same(said, expected[name], name)


def test_a_comparison_names_the_other_result_and_what_can_be_seen(ana: User, answered: Answered) -> None:
    first, _second, third = answered(), answered("worked-2"), answered("change-10-0", form="full")
    said = compared(ana, third)["first"]
    assert (said["result"], said["on"]) == (str(first.pk), first.created_at.isoformat())
    assert said["constants"] == constants().version
    change = read_changes(INSTRUMENT, stored(third.score(ana)))[1]
    assert (change.name, change.needed, change.power) == ("first", 51, 80)  # nine areas
    ten = answered("change-10-9")
    assert read_changes(INSTRUMENT, stored(ten.score(ana)))[0].needed == 50


def test_areas_that_moved_are_named_in_one_sentence_for_each_side() -> None:
    assert moved_words(INSTRUMENT, {"time": "receive", "money": "give", "repair": "give"}) == (
        "Moved towards giving, which chance alone seldom does: money and things, after a disagreement.",
        "Moved towards receiving, which chance alone seldom does: time for each other.",
    )
    assert moved_words(INSTRUMENT, {}) == ()


def test_a_part_that_moved_is_told_with_how_often_chance_does_that() -> None:
    said = {
        "result": str(uuid.uuid4()),
        "on": NOW.isoformat(),
        "comparable": True,
        "word": "wobble",
        "areas": 10,
        "B_first": 0.0,
        "B_second": 0.0,
        "change": 0.0,
        "ill_shown": False,
        "parts": {"ref": {"word": "more"}, "rfl": {"word": "wobble"}},
    }
    change = read_change(INSTRUMENT, "previous", said)
    assert len(change.parts) == 1
    assert change.parts[0].endswith("”.")  # not that chance seldom does it: among many parts it often does
    found = simulated()["cells"]["wide"]["assumed"]["false_alarms"]["any_part"]
    often = f"chance alone moves at least one this far in {100 * found:.0f} of 100 results (in a simulation)."
    assert change.rest.endswith(f"With the many parts of the full form, {often}")
    still = said | {"parts": {"rfl": {"word": "wobble"}}}
    assert read_change(INSTRUMENT, "previous", still).rest == "Around the balance, every change is too small to tell."


def test_a_no_begins_a_new_line_and_nothing_is_compared_across_it(ana: User, answered: Answered) -> None:
    before = answered("extreme-give")
    new = answered("extreme-receive", False)
    assert compared(ana, new)["previous"] is compared(ana, new)["first"] is None
    assert compared(ana, new)["line"] != compared(ana, before)["line"] == FIRST_LINE
    assert new.response.answers(ana).same_relationship is False
    assert chosen(ana, before, new)["reason"] == "relationship"
    after = answered("worked-1", True)
    assert compared(ana, after)["previous"]["result"] == str(new.pk)
    assert compared(ana, after)["first"] is None
    assert chosen(ana, before, after)["reason"] == "relationship"


def test_a_line_goes_on_without_its_first_result(ana: User, answered: Answered) -> None:
    answered("extreme-give")
    began = answered("worked-1", False)
    second, third = answered("worked-2", True), answered("worked-1", True)
    services.delete_result(owner=ana, result_id=began.pk)
    new = answered("worked-2", True)
    assert compared(ana, new)["previous"]["result"] == str(third.pk)
    assert compared(ana, new)["first"]["result"] == str(second.pk)


def test_a_result_deleted_while_answering_does_not_join_two_relationships(
    ana: User, balance_1: InstrumentVersion, answered: Answered
) -> None:
    answered("extreme-give")
    other = answered("extreme-receive", False)
    at = NOW + days(9)
    response = begin(ana, balance_1, PUBLIC_ANSWERS["worked-1"], at, same=True)
    services.delete_result(owner=ana, result_id=other.pk)
    result = services.submit_response(owner=ana, response_id=response.pk, now=at)
    assert compared(ana, result)["previous"] is compared(ana, result)["first"] is None


def test_a_result_of_another_line_that_comes_in_between_is_not_compared(
    ana: User, balance_1: InstrumentVersion, answered: Answered, make_result: MakeResult
) -> None:
    """From a file that is imported while somebody answers."""
    first, _second = answered("extreme-give"), answered("worked-1", True)
    at = NOW + days(9)
    response = begin(ana, balance_1, PUBLIC_ANSWERS["worked-2"], at, same=True)
    other = replace(PUBLIC_ANSWERS["extreme-receive"], line=began(NOW + days(5)))
    make_result(ana, other, at=NOW + days(5))
    found = compared(ana, services.submit_response(owner=ana, response_id=response.pk, now=at))
    assert found["previous"] is None
    assert found["first"]["result"] == str(first.pk)


def test_after_a_result_that_cannot_be_opened_a_new_line_begins(ana: User, answered: Answered) -> None:
    first, second = answered(), answered()
    Result.objects.filter(pk=second.pk).update(sealed=first.sealed)
    assert compared(ana, answered(same=True))["previous"] is None


def test_another_version_of_the_questions_is_not_compared(ana: User, answered: Answered) -> None:
    answered()
    newer, _ = services.load_version(
        source=SOURCE.replace("instrument.version = 1", "instrument.version = 2"), publish=True, now=NOW
    )
    at = NOW + days(5)
    response = begin(ana, newer, PUBLIC_ANSWERS["worked-2"], at, same=True)
    result = services.submit_response(owner=ana, response_id=response.pk, now=at)
    assert compared(ana, result)["previous"]["reason"] == "version"
    (change,) = read_changes(result.instrument, stored(result.score(ana)))
    assert change.words == "This cannot be compared: the questions changed in between."


def test_a_copy_of_the_database_does_not_tell_who_said_no(ana: User, answered: Answered) -> None:
    answered("worked-1")
    yes, no = answered("worked-2", True), answered("worked-2", False)
    assert len(yes.sealed) == len(no.sealed)
    assert len(yes.response.sealed) == len(no.response.sealed)
    assert "filler" not in yes.score(ana)


def test_the_largest_comparison_fits_into_the_filler(ana: User, answered: Answered) -> None:
    answered("extreme-give", form="full")
    answered("worked-1", True)
    result = answered("extreme-receive", True, form="full")
    assert len(result.sealed) == len(answered("extreme-receive", False, form="full").sealed)


def test_results_of_algorithm_1_and_2_are_compared_by_their_answers(
    ana: User, make_result: MakeResult, answered: Answered
) -> None:
    """Whatever the results themselves were scored with."""
    old = make_result(ana, "worked-1")
    assert old.algorithm == 1
    new = answered("worked-2", True)
    assert compared(ana, new)["previous"]["result"] == str(old.pk)
    expected = PUBLIC["histories"][1]["expected"][1]["previous"]
    assert_same({key: compared(ana, new)["previous"][key] for key in expected}, expected)


# --- It stays ---


def words_of(owner: User) -> dict[Any, list[str]]:
    found = {}
    for result in Result.objects.visible_to(owner).oldest_first().select_related("response"):
        said = said_of(owner, result, result.score(owner))
        found[result.pk] = [f"{one.name} {one.on} {one.words} {one.needed}" for one in read_changes(INSTRUMENT, said)]
    return found


SHEETS = ("worked-1", "worked-2", "extreme-give", "extreme-receive", "six-pairs", "leaning-20")
ANSWERING = st.tuples(st.sampled_from(SHEETS), st.sampled_from([True, None, False]))
STEPS = st.lists(st.one_of(st.integers(0, 2), ANSWERING), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.lists(ANSWERING, min_size=2, max_size=3), steps=STEPS)
def test_what_was_said_is_never_changed_by_later_results_nor_by_deleting(
    start: list[Any], steps: list[Any], ana: User, answered: Answered
) -> None:
    """A step is an answering, or the place of a result that is deleted."""
    Response.objects.all().delete()
    said: dict[Any, list[str]] = {}
    for step in start + steps:
        results = list(Result.objects.oldest_first())
        if isinstance(step, tuple):
            answered(*step)
        elif step < len(results):
            services.delete_result(owner=ana, result_id=results[step].pk)
        now = words_of(ana)
        assert {key: words for key, words in now.items() if key in said} == {
            key: words for key, words in said.items() if key in now
        }
        said |= now


def test_later_constants_change_nothing_that_was_said(
    ana: User, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered("extreme-receive")
    answered("extreme-give", True)
    before = words_of(ana)
    used = constants()
    larger = replace(used, version=3, s=replace(used.s, value=80.0), cuts=replace(used.cuts, likely=9.0))
    monkeypatch.setattr("assessments.services.constants_in_use", lambda _version: larger)
    assert words_of(ana) == before
    assert compared(ana, answered("extreme-receive", True))["previous"]["word"] == "maybe"


# --- What leaves with the person ---


def test_the_download_tells_the_relationship_and_what_was_said(ana: User, answered: Answered) -> None:
    answered("worked-1")
    gone = answered("extreme-give", True)
    answered("extreme-receive", True)
    answered("worked-2", False)
    services.delete_result(owner=ana, result_id=gone.pk)
    rows = parts(exported(ana))["questionnaires"]
    assert [row["same_relationship"] for row in rows] == [None, True, False]
    assert [bool(row["result"]["figures"]["compared"]["previous"]) for row in rows] == [False, True, False]
    text = read(exported(ana), "results.md")
    assert "### Since last time, 2026-03-03\n\nYour balance has probably moved towards receiving." in text
    assert "### Since the first time, 2026-03-02" in text
    assert text.count("This is about another relationship than the result before.") == 1
    assert text.count("### Since") == 2


def test_a_download_that_is_imported_says_the_same_again(ana: User, ben: User, answered: Answered) -> None:
    for sheet, same in (("worked-1", None), ("worked-2", True), ("extreme-give", False), ("extreme-receive", True)):
        answered(sheet, same)
    consents.give(owner=ben, purpose=consents.QUESTIONNAIRE.purpose, now=NOW)
    import_file(owner=ben, file=io.BytesIO(exported(ana)), now=NOW + days(30))
    assert list(words_of(ben).values()) == list(words_of(ana).values())
    assert [row["same_relationship"] for row in parts(exported(ben))["questionnaires"]] == [None, True, False, True]


# --- Results from before ---


def test_an_old_result_is_imported_as_an_old_one(ana: User, ben: User, make_result: MakeResult) -> None:
    make_result(ana, sheet(0))
    make_result(ana, sheet(34), at=NOW + days(1))
    consents.give(owner=ben, purpose=consents.QUESTIONNAIRE.purpose, now=NOW)
    import_file(owner=ben, file=io.BytesIO(exported(ana)), now=NOW + days(30))
    second = Result.objects.visible_to(ben).newest_first()[0]
    assert "compared" not in second.score(ben)


def test_an_old_result_keeps_the_word_of_algorithm_1(ana: User, make_result: MakeResult) -> None:
    """Probably: with the cut of algorithm 2 it would be "may have"."""
    first, second = make_result(ana, sheet(0)), make_result(ana, sheet(34), at=NOW + days(1))
    said = said_of(ana, second, second.score(ana))
    (change,) = read_changes(INSTRUMENT, said)
    assert change.balance == "Your balance has probably changed."
    assert (change.areas, change.parts, change.rest, change.needed) == ((), (), "", 0)
    assert said_of(ana, first, first.score(ana)) == {}
    assert chosen(ana, first, second, chosen=False)["word"] == "maybe"


def sheet(balance: int) -> Answers:
    """Ten areas, with about this balance."""
    steps, answers = round(balance * 40 / 100), {}
    for place, area in enumerate(INSTRUMENT.areas):
        give, receive = area.answer_keys()
        answers[give], answers[receive] = 2 + (steps + 9 - place) // 10, 2
    return Answers("full", True, answers, {})


def test_a_score_by_algorithm_2_without_comparisons_says_nothing(ana: User, make_result: MakeResult) -> None:
    make_result(ana)
    result = make_result(ana, at=NOW + days(1))
    result.algorithm = 2
    assert said_of(ana, result, score_by(2, INSTRUMENT)(INSTRUMENT, PUBLIC_ANSWERS["worked-1"])) == {}
