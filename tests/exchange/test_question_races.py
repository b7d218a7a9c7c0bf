"""Forms of questions that are sent twice, and authors and moderators who act at once: one outcome each."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from exchange.models import Question, Submission
from exchange.own import own
from exchange.services import day, question_drafts, questions
from exchange.services.publishing import publish
from exchange.services.questions import EnoughToday, NotNow, SentAlready
from exchange.services.submissions import changing
from tests.consultations.racing import at_once
from tests.exchange.asked import ASKED, CHANGE, asked, moderated

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
State = Submission.State
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]


def test_ten_requests_of_one_form_are_one_question(ana: User) -> None:
    def send() -> str:
        try:
            questions.ask(author=User.objects.get(pk=ana.pk), stamp=stamp, asked=ASKED, now=NOW)
        except SentAlready as before:
            return "the same" if before.same else "another"
        return "sent"

    stamp = uuid4()
    assert sorted(map(str, at_once(*[send] * 10))) == ["sent", *["the same"] * 9]
    assert len(own(ana)) == Submission.objects.count() == 1


def test_of_many_forms_at_once_two_are_sent(ana: User) -> None:
    def send() -> str:
        try:
            asked(User.objects.get(pk=ana.pk), now=NOW)
        except EnoughToday:
            return "enough"
        return "sent"

    assert sorted(map(str, at_once(*[send] * 6))) == [*["enough"] * 4, "sent", "sent"]
    assert len(own(ana)) == 2


def test_a_question_that_is_withdrawn_while_it_is_published_is_gone(ana: User, ben: User) -> None:
    """Whichever comes first, and while others send theirs, which moves all rows."""

    @changing
    def read(pk: UUID) -> str:
        row = Submission.objects.get(pk=pk)
        if row.state != State.WAITING:
            return "too late"
        publish(row, ASKED, changed=False, today=NOW.date())
        return "published"

    for _ in range(3):
        Submission.objects.all().delete()
        row = asked(ana, now=NOW)
        done = at_once(
            partial(read, row.pk),
            partial(questions.withdraw, author=User.objects.get(pk=ana.pk), submission_id=row.pk),
            partial(asked, User.objects.get(pk=ben.pk), now=NOW),
            partial(day.end_day, now=NOW),
        )
        assert done[0] in {"published", "too late"}
        row.refresh_from_db()
        assert (row.state, row.sealed, Question.objects.count()) == (State.WITHDRAWN, "", 0)
        assert [one.state for one in own(ben)] == [State.WAITING]


def test_agreeing_and_writing_it_differently_at_once_do_one_of_them(ana: User) -> None:
    row = asked(ana, now=NOW)
    moderated(row, State.AGREE, change=CHANGE)

    def do(change: partial[None]) -> str:
        try:
            change()
        except NotNow:
            return "not now"
        return "done"

    agree = partial(questions.agree, author=ana, submission_id=row.pk, seen=questions.digest(CHANGE))
    again = partial(questions.send_again, author=ana, submission_id=row.pk, asked=ASKED, now=NOW)
    assert sorted(map(str, at_once(partial(do, agree), partial(do, again)))) == ["done", "not now"]


def test_drafts_of_two_windows_both_stay(ana: User) -> None:
    keep = [
        partial(question_drafts.keep_draft, owner=ana, about=str(number), fields={"text": f"Words {number}."})
        for number in range(5)
    ]
    at_once(*keep)
    assert set(question_drafts.drafts_of(ana)) == set("01234")
