"""What moderators decide about questions: once, by whoever comes first, and not about what was withdrawn."""

from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import notices
from accounts.models import Mail, Notice, User
from accounts.sealing import CannotOpen
from exchange.models import Answer, Flag, Question, Submission
from exchange.models.questions import Asked
from exchange.services import moderation, questions
from exchange.services.moderation import DecidedMeanwhile, Gone
from tests.consultations.racing import at_once
from tests.exchange.waiting import ASKED, flagged, published, shown, waiting
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
CHANGE = {"title": "Marked title", "text": "Without the name.", "theme": "pressure", "reason": "A name."}
PROPOSED = questions.digest(Asked(CHANGE["title"], CHANGE["text"], CHANGE["theme"]))
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]

# Each decision about a question that waits, with the state that it leads to.
DECISIONS: dict[str, tuple[Callable[..., bool], dict[str, Any], str]] = {
    "publish": (moderation.publish, {"now": NOW}, "published"),
    "propose": (moderation.propose, CHANGE, "agree"),
    "send_back": (moderation.send_back, {"reason": "Too short."}, "back"),
    "answer": (moderation.answer, {"text": "Marked answer."}, "private"),
}
MORE: dict[str, tuple[Callable[..., bool], dict[str, Any]]] = {
    "publish": (moderation.publish_more, {}),
    "send_back": (moderation.send_back_more, {"reason": "A name."}),
    "answer": (moderation.answer_more, {"text": "Marked answer."}),
}


def asks_more(row: Submission) -> Submission:
    row.seal(replace(row.words(), more="Marked more."))
    row.asks_more = True
    row.save()
    return row


def decide(row: Submission, name: str, page: str = "", table: Any = DECISIONS) -> bool:
    act, values, *_state = table[name]
    return bool(act(submission_id=row.pk, shown=page or shown(row), **values))


def test_a_question_without_its_words_is_not_published(ana: User) -> None:
    row = waiting(ana)
    row.seal(replace(row.words(), asked=None))
    row.save()
    with pytest.raises(DecidedMeanwhile):
        decide(row, "publish")


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_tells_the_author_later_and_names_nobody(ana: User, name: str) -> None:
    row = waiting(ana)
    tag, author = bytes(row.tag), row.author
    assert decide(row, name)
    row.refresh_from_db()
    assert (row.state, row.news, bytes(row.tag), row.author) == (DECISIONS[name][2], "new", tag, author)
    assert not Mail.objects.exists()
    assert not Notice.objects.exists()
    assert Question.objects.exists() == (name == "publish")


@pytest.mark.parametrize("name", DECISIONS)
def test_pressing_twice_decides_once(ana: User, name: str) -> None:
    row = waiting(ana)
    page = shown(row)
    assert decide(row, name, page)
    after = shown(row)
    assert not decide(row, name, page)
    assert shown(row) == after


@pytest.mark.parametrize("first", DECISIONS)
@pytest.mark.parametrize("second", DECISIONS)
def test_the_second_moderator_hears_of_the_first(ana: User, first: str, second: str) -> None:
    if first == second:
        return
    row = waiting(ana)
    page = shown(row)
    decide(row, first, page)
    after = shown(row)
    with pytest.raises(DecidedMeanwhile):
        decide(row, second, page)
    with pytest.raises(DecidedMeanwhile):  # nor is it to be had with a page that is made anew
        decide(row, second)
    assert shown(row) == after


@pytest.mark.parametrize("name", DECISIONS)
def test_nothing_is_decided_about_what_was_withdrawn(ana: User, name: str) -> None:
    row = waiting(ana)
    page = shown(row)
    questions.withdraw(author=ana, submission_id=row.pk)
    with pytest.raises(Gone):
        decide(row, name, page)
    Submission.objects.all().delete()  # the account is deleted
    with pytest.raises(Gone):
        decide(row, name, page)
    assert not Question.objects.exists()


def test_published_words_stand_in_clear_and_nowhere_sealed(ana: User) -> None:
    row = published(ana)
    question = Question.objects.get()
    assert (question.pk, question.title, question.text, question.theme) == (row.pk, *astuple(ASKED))
    assert (question.pen_name, question.published_on, question.changed) == (row.pen_name, NOW.date(), False)
    assert (row.words().asked, row.words().asked_on) == (None, NOW.date())


def test_a_change_waits_for_the_author_and_is_taken_back(ana: User) -> None:
    row = waiting(ana)
    decide(row, "propose")
    row.refresh_from_db()
    words = row.words()
    assert words.asked == ASKED
    assert words.change == Asked("Marked title", "Without the name.", "pressure")
    assert words.reason == "A name."
    assert moderation.take_back(submission_id=row.pk, shown=shown(row))
    row.refresh_from_db()
    assert (row.state, row.news, row.words().change, row.words().reason) == ("waiting", "", None, "")
    assert not moderation.take_back(submission_id=row.pk, shown="x")


def test_a_change_to_which_the_author_agreed_is_not_taken_back(ana: User) -> None:
    row = waiting(ana)
    decide(row, "propose")
    page = shown(row)
    questions.agree(author=ana, submission_id=row.pk, seen=PROPOSED)
    with pytest.raises(DecidedMeanwhile):
        moderation.take_back(submission_id=row.pk, shown=page)
    with pytest.raises(DecidedMeanwhile):
        moderation.take_back(submission_id=row.pk, shown=shown(row))


def test_more_than_one_private_answer_is_given(ana: User) -> None:
    row = waiting(ana)
    for text in ("First.", "Second."):
        moderation.answer(submission_id=row.pk, shown=shown(row), text=text)
    row.refresh_from_db()
    assert (row.state, [*row.words().private]) == ("private", ["First.", "Second."])
    with pytest.raises(DecidedMeanwhile):
        decide(row, "publish")


def test_what_is_taken_down_goes_back_with_its_words(ana: User, cole: User) -> None:
    row = asks_more(published(ana))
    flagged(row)
    Answer.objects.create(question_id=row.pk, specialist=cole, text="Marked answer.", on=NOW.date())
    page = shown(row)
    assert moderation.take_down(submission_id=row.pk, shown=page, reason="A name.", now=NOW)
    assert not moderation.take_down(submission_id=row.pk, shown=page, reason="A name.", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.news, row.asks_more) == ("back", "new", False)
    assert (row.words().asked, row.words().reason) == (ASKED, "A name.")
    assert not Question.objects.exists()
    assert not Answer.objects.exists()
    assert not Flag.objects.exists()
    assert new_about(cole) == [(Notice.Kind.TAKEN_DOWN, row.pk)]
    [told] = notices.shown(cole, [Notice.objects.get()], NOW)
    assert (told.line.words, told.line.link) == (
        "Our team had taken down an answer of yours. Its question is not here any more.",
        "",
    )
    connection.check_constraints()


@pytest.mark.parametrize("name", MORE)
def test_the_one_thing_more_is_moderated_too(ana: User, name: str) -> None:
    row = asks_more(published(ana))
    page = shown(row)
    assert decide(row, name, page, MORE)
    assert not decide(row, name, page, MORE)
    row.refresh_from_db()
    words = row.words()
    assert (row.state, row.asks_more, row.news) == ("published", False, "new")
    assert Question.objects.get().more == ("Marked more." if name == "publish" else "")
    assert words.more_reason == ("A name." if name == "send_back" else "")
    assert [*words.private] == (["Marked answer."] if name == "answer" else [])
    assert words.more == ("Marked more." if name == "send_back" else "")  # to be written anew
    for other in MORE.keys() - {name}:
        with pytest.raises(DecidedMeanwhile):
            decide(row, other, page, MORE)
        with pytest.raises(DecidedMeanwhile):
            decide(row, other, table=MORE)


def test_flags_that_came_since_stay_open(ana: User) -> None:
    row = published(ana)
    first, second = flagged(row), flagged(row)
    elsewhere = flagged(published(ana))
    settle = partial(moderation.settle, submission_id=row.pk, now=NOW)
    assert settle(flags=[first.pk, elsewhere.pk, uuid4()])
    assert not settle(flags=[first.pk])
    assert {*Flag.objects.filter(settled_on=None)} == {second, elsewhere}
    assert Flag.objects.get(pk=first.pk).settled_on == NOW.date()


def test_thanks_are_no_change(ana: User) -> None:
    row = published(ana)
    page = shown(row)
    row.seal(replace(row.words(), thanks=["x"]))
    row.save()
    assert shown(row) == page


# Lists


def test_the_oldest_waits_first_and_pages_follow_by_key(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "PAGE", 2)
    rows = [waiting(ana, on=(NOW - days * DAY).date()) for days in (1, 4, 2, 0, 3)]
    expected = [rows[number].pk for number in (1, 4, 2, 0, 3)]
    for done in (waiting(ana), waiting(ana), waiting(ana)):
        decide(done, "send_back")
    found: list[Any] = []
    days: list[Any] = []
    after = None
    for _page in range(3):
        page = moderation.waiting(today=NOW.date(), after=after)
        found += [one.submission.pk for one in page.rows]
        days += [one.days for one in page.rows]
        after = page.after
    assert (found, days, after) == (expected, [4, 3, 2, 1, 0], None)
    # What began behind one that was decided meanwhile goes on there; behind one that is gone it begins anew.
    decide(rows[4], "send_back")
    page = moderation.waiting(today=NOW.date(), after=rows[4].pk)
    assert [one.submission.pk for one in page.rows] == expected[2:4]
    assert moderation.waiting(today=NOW.date(), after=uuid4()).rows[0].submission.pk == expected[0]
    questions.withdraw(author=ana, submission_id=rows[1].pk)
    assert moderation.waiting(today=NOW.date(), after=rows[1].pk).rows[0].submission.pk == expected[2]


def test_what_asks_more_waits_without_an_age_and_what_cannot_be_opened_comes_first(ana: User) -> None:
    newest = waiting(ana)
    more = asks_more(published(ana, on=(NOW - DAY).date()))
    broken = waiting(ana)
    Submission.objects.filter(pk=broken.pk).update(sealed="key:AAAA")
    page = moderation.waiting(today=NOW.date())
    assert [(one.submission.pk, one.days) for one in page.rows] == [(broken.pk, None), (more.pk, None), (newest.pk, 0)]
    with pytest.raises(CannotOpen):
        moderation.answer(submission_id=broken.pk, shown="x", text="x")


def test_flagged_questions_come_by_their_oldest_open_flag(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "PAGE", 1)
    first, second, third = published(ana), published(ana), published(ana)
    for row, days in ((third, 1), (first, 3), (second, 2), (third, 0), (first, 0)):
        flagged(row, on=(NOW - days * DAY).date())
    found: list[Any] = []
    after = None
    for _page in range(3):
        page = moderation.flagged(today=NOW.date(), after=after)
        found += [(one.submission.pk, one.days) for one in page.rows]
        after = page.after
    assert (found, after) == ([(first.pk, 3), (second.pk, 2), (third.pk, 1)], None)


def test_all_others_come_by_their_ids(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "PAGE", 2)
    rows = sorted(waiting(ana).pk for _number in range(3))
    questions.withdraw(author=ana, submission_id=waiting(ana).pk)
    page = moderation.everything()
    assert ([one.submission.pk for one in page.rows], page.after) == (rows[:2], rows[1])
    assert [one.submission.pk for one in moderation.everything(after=page.after).rows] == rows[2:]


# Races, over real connections


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(ana: User) -> None:
    row = waiting(ana)
    page = shown(row)
    outcomes = race(*(partial(decide, row, name, page) for name in DECISIONS))
    assert sorted(map(str, outcomes)) == ["DecidedMeanwhile"] * 3 + ["True"]
    row.refresh_from_db()
    assert Question.objects.exists() == (row.state == "published")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DECISIONS)
def test_withdrawn_while_it_is_moderated(ana: User, name: str) -> None:
    for _round in range(5):
        row = waiting(ana)
        page = shown(row)
        outcomes = race(partial(decide, row, name, page), partial(questions.withdraw, author=ana, submission_id=row.pk))
        assert outcomes[0] in {True, "Gone"}
        row.refresh_from_db()
        assert (row.state, row.sealed) == ("withdrawn", "")
        assert not Question.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_author_agrees_while_a_moderator_takes_the_change_back(ana: User) -> None:
    for _round in range(5):
        row = waiting(ana)
        decide(row, "propose")
        page = shown(row)
        outcomes = race(
            partial(moderation.take_back, submission_id=row.pk, shown=page),
            partial(questions.agree, author=ana, submission_id=row.pk, seen=PROPOSED),
        )
        row.refresh_from_db()
        assert (*outcomes, row.state) in {(True, "NotNow", "waiting"), ("DecidedMeanwhile", None, "agreed")}


def race(*calls: Callable[[], object]) -> list[object]:
    """Results, or the names of refusals."""

    def named(call: Callable[[], object]) -> object:
        try:
            return call()
        except (Gone, DecidedMeanwhile, questions.NotNow) as refused:
            return type(refused).__name__

    return at_once(*(partial(named, call) for call in calls))


def test_lists_ask_as_often_for_one_as_for_many(ana: User) -> None:
    def queries() -> list[int]:
        counts = []
        today = timezone.now().date()
        for listed in (moderation.waiting, moderation.flagged, lambda today: moderation.everything()):
            with CaptureQueriesContext(connection) as captured:
                listed(today=today)
            counts.append(len(captured))
        return counts

    waiting(ana)
    flagged(published(ana))
    before = queries()
    for _number in range(4):
        waiting(ana)
        flagged(asks_more(published(ana)))
    assert queries() == before == [1, 2, 1]
