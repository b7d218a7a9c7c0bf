"""What the author of a question can do afterwards, and what they are told."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Mail, Notice, User
from accounts.self_document import change
from exchange.models import Answer, Question, QuestionDraft, Submission
from exchange.models.questions import Asked
from exchange.services import day, questions
from exchange.services.question_drafts import drafts_of
from tests.conftest import AsUser
from tests.consultations.cast import verified
from tests.exchange.asked import ASKED, CHANGE, MINE, address, answered, asked, fields, moderated, page, published
from tests.outbox import mailed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
State = Submission.State
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def mara(db: None) -> User:
    return verified(User.objects.create_user("mara@example.org", "look-at-the-balance")).user


def state(submission: Submission) -> str:
    submission.refresh_from_db()
    return submission.state


# What a moderator did


def test_a_change_is_published_with_the_others_of_the_day_once_its_author_agrees(as_user: AsUser, ana: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    moderated(row, State.AGREE, change=CHANGE, reason="It names a town.")
    mine = address("question_mine", row.pk)
    shown = page(client.get(mine))
    assert "It names a town." in shown
    assert CHANGE.text in shown
    sent = client.post(address("question_agree", row.pk), {"seen": "another"})
    assert "Something has changed" in page(client.get(sent.headers["Location"]))
    assert state(row) == State.AGREE
    for _ in range(2):
        client.post(address("question_agree", row.pk), {"seen": questions.digest(CHANGE)})
    assert (state(row), Question.objects.count()) == (State.AGREED, 0)
    assert f"As it will be published {CHANGE.title} {CHANGE.text}" in " ".join(page(client.get(mine)).split())
    day.end_day(now=NOW + DAY)
    question = Question.objects.get()
    assert (question.text, question.changed, question.published_on) == (CHANGE.text, True, (NOW + DAY).date())
    assert question.pen_name == row.pen_name
    row.refresh_from_db()
    assert row.words().asked is row.words().change is None
    assert "Published. There is no answer yet." in page(client.get(mine))
    assert f'href="{address("question", row.pk)}"' in client.get(mine).text


def test_what_came_back_is_sent_again_in_other_words(as_user: AsUser, ana: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    moderated(row, State.BACK, reason="It names a town.")
    edit = address("question_edit", row.pk)
    assert "It names a town." in page(client.get(edit))
    back = client.post(edit, fields(client, edit, text=""))
    assert "Write your question." in page(client.get(back.headers["Location"]))
    form = fields(client, edit, text="Without a town.")
    for _ in range(2):
        client.post(edit, form)
    assert state(row) == State.WAITING
    words = row.words()
    assert (words.asked, words.reason) == (Asked(ASKED.title, "Without a town.", ASKED.theme), "")
    assert QuestionDraft.objects.count() == 0


def test_words_that_come_too_late_are_kept(as_user: AsUser, ana: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    moderated(row, State.BACK, reason="It names a town.")
    edit = address("question_edit", row.pk)
    form = fields(client, edit, text="Other words.")
    questions.send_again(author=ana, submission_id=row.pk, asked=CHANGE, now=NOW)
    back = client.post(edit, form)
    shown = client.get(back.headers["Location"])
    assert "This can’t be sent as things are now." in page(shown)
    assert "Other words." in shown.text


def typed(ana: User, **fields: str) -> dict[str, object]:
    return {"client": str(uuid4()), "sequence": 1, "base_revision": 0, "writer": str(ana.pk), **fields}


@pytest.mark.parametrize("is_more", [False, True])
def test_what_is_typed_about_a_question_is_kept_until_it_is_sent(
    as_user: AsUser, ana: User, mara: User, is_more: bool
) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    if is_more:
        answered(published(row, now=NOW), mara, now=NOW)
    else:
        moderated(row, State.BACK, reason="It names a town.")
    form, draft = (
        address(f"question_{name}", row.pk) for name in (("more", "more_draft") if is_more else ("edit", "edit_draft"))
    )
    assert f'data-draft="{draft}"' in client.get(form).text
    words = {} if is_more else {"title": ASKED.title, "theme": ASKED.theme}
    saved = client.post(draft, typed(ana, text="Begun", **words))
    assert (saved.status_code, saved.json()["revision"], saved.json()["address"]) == (200, 1, form)
    assert "Begun</textarea>" in client.get(form).text
    assert client.post(draft, typed(ana, text="Of another page.", **words)).status_code == 409
    shown = page(client.get(form))
    assert "Begun" in shown
    assert "Of another page." in shown
    [about] = [about for about in drafts_of(ana) if about.count("+") == 1 + is_more]
    client.post(address("question_own_draft_delete", row.pk), {"draft": about})
    client.post(form, {"keep": "yes", "text": "Kept by hand.", "writer": ana.pk, **words})
    assert "Kept by hand.</textarea>" in client.get(form).text
    client.post(form, {"text": "Sent.", "writer": ana.pk, **words})
    assert not QuestionDraft.objects.exists()


def test_a_draft_of_other_words_is_no_draft_of_one_thing_more(as_user: AsUser, ana: User, mara: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    moderated(row, State.BACK, reason="It names a town.")
    client.post(address("question_edit_draft", row.pk), typed(ana, text="Other words."))
    questions.send_again(author=ana, submission_id=row.pk, asked=CHANGE, now=NOW)
    client.post(address("question_edit_draft", row.pk), typed(ana, text="Other words."))
    row.refresh_from_db()
    answered(published(row, now=NOW), mara, now=NOW)
    assert "Other words." not in client.get(address("question_more", row.pk)).text


def test_withdrawing_deletes_every_draft_and_nothing_more_is_kept(as_user: AsUser, ana: User, ben: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    moderated(row, State.BACK, reason="It names a town.")
    drafts = [address(name, row.pk) for name in ("question_edit_draft", "question_more_draft")]
    for draft in [*drafts, drafts[0]]:
        client.post(draft, typed(ana, text=f"Begun {uuid4()}"))
    assert len(drafts_of(ana)) == 3
    assert as_user(ben).post(drafts[0], typed(ben, text="Not mine.")).status_code == 404
    assert not drafts_of(ben)
    client = as_user(ana)
    client.post(address("question_withdraw", row.pk))
    assert not QuestionDraft.objects.exists()
    assert [client.post(draft, typed(ana, text="Late.")).status_code for draft in drafts] == [404, 404]
    assert not QuestionDraft.objects.exists()


def test_a_private_answer_is_for_the_author_and_never_published(as_user: AsUser, ana: User) -> None:
    row = asked(ana, now=NOW)
    moderated(row, State.PRIVATE, private=["Please call this number."])
    assert "Please call this number." in page(as_user(ana).get(address("question_mine", row.pk)))
    with pytest.raises(IntegrityError, match="does not go from private to published"), transaction.atomic():
        published(row, now=NOW)


# Published


def test_thanks_show_with_those_of_the_day(as_user: AsUser, ana: User, mara: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    answer = answered(published(row, now=NOW), mara, now=NOW)
    for _ in range(2):
        client.post(address("question_thank", row.pk, answer.pk))
    assert "You said thank you." in page(client.get(address("question_mine", row.pk)))
    assert not Answer.objects.get().thanked
    day.end_day(now=NOW + DAY)
    assert Answer.objects.get().thanked
    assert not Submission.objects.get().due
    client.post(address("question_thank", row.pk, uuid4()))  # an answer that is somewhere else
    assert not Submission.objects.get().due


def test_one_thing_more_is_read_by_a_moderator_first(as_user: AsUser, ana: User, mara: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    question, more = published(row, now=NOW), address("question_more", row.pk)
    back = client.post(more, {"text": "And then?"})
    assert "as things are now" in page(client.get(back.headers["Location"]))  # there is no answer yet
    answered(question, mara, now=NOW)
    assert client.post(more, {"text": ""}).headers["Location"] == f"{more}?again=form"
    for _ in range(2):
        client.post(more, {"text": "And then?"})
    row.refresh_from_db()
    assert (row.asks_more, row.words().more) == (True, "And then?")
    assert Question.objects.get().more == ""
    assert Submission.objects.for_moderators().get() == row
    assert QuestionDraft.objects.count() == 0


def test_withdrawing_leaves_an_empty_row(as_user: AsUser, ana: User, mara: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ana)
    answered(published(row, now=NOW), mara, now=NOW)
    gone = address("question_withdraw", row.pk)
    assert "This can’t be undone." in page(client.get(gone))
    for _ in range(2):
        assert client.post(gone).headers["Location"] == MINE
    assert Question.objects.count() == Answer.objects.count() == 0
    row.refresh_from_db()
    assert (row.state, row.sealed) == (State.WITHDRAWN, "")
    assert "You have not asked anything yet." in page(client.get(MINE))
    for name in ("question_mine", "question_edit", "question_more", "question_withdraw"):
        back = client.get(address(name, row.pk))
        assert "This question is not here, or not any more." in page(back, 404)
        assert f'href="{MINE}">Your questions<' in back.text
    day.end_day(now=NOW + DAY)
    row.refresh_from_db()
    assert row.author == ""


def test_somebody_elses_question_is_not_there_for_any_act(as_user: AsUser, ana: User, ben: User, mara: User) -> None:
    row, client = asked(ana, now=NOW), as_user(ben)
    answer = answered(published(row, now=NOW), mara, now=NOW)
    for name in ("question_agree", "question_open", "question_edit", "question_more"):
        assert client.post(address(name, row.pk)).status_code == 404
    assert client.post(address("question_thank", row.pk, answer.pk)).status_code == 404
    assert client.post(address("question_withdraw", row.pk)).status_code == 404
    assert Question.objects.exists()


# News


def test_authors_are_told_once_by_an_e_mail_that_names_nobody(as_user: AsUser, ana: User, ben: User) -> None:
    change(ana, mail_is_safe=True)
    rows = [asked(ana, now=NOW), asked(ana, now=NOW), asked(ben, now=NOW)]
    for row in rows:
        moderated(row, State.BACK, reason="It names a town.")
    for _ in range(2):
        day.end_day(now=NOW + DAY)
    [letter] = mailed(NOW + DAY)
    assert letter.to == [ana.email]
    assert "There is something new for you on Reflect." in letter.body
    mail = Mail.objects.get()
    assert (mail.owner, mail.about, mail.sealed) == (None, None, None)
    assert Notice.objects.count() == 0
    client = as_user(ana)
    assert "See what is new" in page(client.get(MINE))
    assert "something new about 2 questions" in page(client.get(reverse("notices")))
    for row in rows[:2]:
        client.post(address("question_open", row.pk))
    assert "See what is new" not in page(client.get(MINE))


def test_who_wants_one_e_mail_a_week_is_told_on_monday(ana: User) -> None:
    change(ana, mail_is_safe=True, mail_weekly=True)
    moderated(asked(ana, now=NOW), State.BACK, reason="It names a town.")
    day.end_day(now=NOW + DAY)
    assert mailed(NOW + DAY) == []
    day.end_day(now=NOW + 7 * DAY)
    assert len(mailed(NOW + 7 * DAY)) == 1


def test_an_e_mail_that_is_not_wanted_any_more_is_not_sent(ana: User) -> None:
    change(ana, mail_is_safe=True)
    moderated(asked(ana, now=NOW), State.BACK, reason="It names a town.")
    day.end_day(now=NOW + DAY)
    change(ana, not_mailed=["answer"])
    assert mailed(NOW + DAY) == []
