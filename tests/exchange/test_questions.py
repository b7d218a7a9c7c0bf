"""Asking a question, its draft, and what the database keeps of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import DataKey, Held, Pace, User
from accounts.services import erase_account
from exchange.models import Question, QuestionDraft, Submission
from exchange.models.questions import LONGEST
from exchange.own import WINDOW, own
from exchange.pen_names import FIRST, SECOND, pen_name
from exchange.services import day, questions
from exchange.services.submissions import shuffle
from tests.conftest import AsUser
from tests.consultations.cast import verified
from tests.exchange.asked import ASKED, MINE, NEW, address, answered, asked, fields, moderated, page, published

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
State = Submission.State
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def mara(db: None) -> User:
    return verified(User.objects.create_user("mara@example.org", "look-at-the-balance")).user


# Asking


def test_a_question_is_sent_sealed_and_found_by_its_author_alone(as_user: AsUser, ana: User, ben: User) -> None:
    client = as_user(ana)
    sent = client.post(NEW, fields(client))
    assert (sent.status_code, sent.headers["Location"]) == (303, MINE)
    [row] = own(ana)
    assert row.words().asked == ASKED
    assert (row.state, own(ben), Question.objects.count()) == (State.WAITING, [], 0)
    assert "Marked" not in row.sealed + row.author
    said = page(client.get(MINE))
    assert "Your question has been sent." in said
    assert f"As {row.pen_name}" in said
    assert ASKED.text in page(client.get(address("question_mine", row.pk)))
    assert as_user(ben).get(address("question_mine", row.pk)).status_code == 404


def test_visitors_are_asked_to_log_in(client: Client) -> None:
    assert client.get(NEW).headers["Location"] == f"/accounts/login/?next={NEW}"


def test_the_same_form_twice_is_one_question(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    form = fields(client)
    for _ in range(2):
        assert client.post(NEW, form).headers["Location"] == MINE
    assert len(own(ana)) == 1


def test_the_same_form_with_other_words_is_another_question(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    form = fields(client)
    client.post(NEW, form)
    back = client.post(NEW, form | {"text": "Other words."})
    assert "sent before, with other words" in page(back)
    again = fields(client)
    assert again["stamp"] != form["stamp"]
    assert client.post(NEW, again | {"text": "Other words."}).headers["Location"] == MINE
    assert len(own(ana)) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Write a title."),
        ({"title": "\u200e \u2800"}, "Write a title."),
        ({"text": "\u200b\n"}, "Write your question."),
        ({"text": "x" * (LONGEST + 1)}, "too long"),
        ({"theme": "everything"}, "Choose a topic."),
        ({"stamp": "no id"}, "could not be checked"),
    ],
)
def test_a_refused_form_comes_back_from_the_draft_alone(
    as_user: AsUser, ana: User, changed: dict[str, str], said: str
) -> None:
    client = as_user(ana)
    back = client.post(NEW, fields(client, **changed))
    assert back.status_code == 303
    shown = page(client.get(back.headers["Location"]))
    assert said in shown
    assert (Held.objects.count(), Pace.objects.count(), own(ana)) == (0, 0, [])
    rest = {"title": ASKED.title, "text": ASKED.text} | changed
    html = client.get(NEW).text
    assert rest["title"] in html
    assert rest["text"].strip() in html
    assert client.post(NEW, fields(client)).headers["Location"] == MINE
    assert QuestionDraft.objects.count() == 0


def test_a_stale_token_keeps_the_words_in_the_draft(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    back = client.post(NEW, {"writer": str(ana.pk), "title": "Kept", "text": "Kept words", "theme": "balance"})
    assert back.status_code == 303
    assert "The form could not be checked." in page(client.get(back.headers["Location"]))
    assert "Kept words" in client.get(NEW).text
    assert Held.objects.count() == 0


def test_whoever_was_signed_out_sees_their_words_again(client: Client, ana: User) -> None:
    sent = client.post(NEW, {"writer": str(ana.pk), "title": "Kept", "text": "Kept words", "theme": "balance"})
    assert sent.status_code == 401
    assert "Kept words" in sent.text
    assert QuestionDraft.objects.count() == 0


@pytest.mark.parametrize("name", ["question_edit", "question_more"])
def test_words_sent_about_a_question_that_was_withdrawn_meanwhile_come_back(
    as_user: AsUser, ana: User, name: str
) -> None:
    row = asked(ana, now=NOW)
    moderated(row, State.BACK, reason="It names a town.")
    client, form = as_user(ana), address(name, row.pk)
    questions.withdraw(author=ana, submission_id=row.pk)
    sent = client.post(form, {"title": "A new title", "text": "New words.", "theme": "balance", "writer": ana.pk})
    assert sent.status_code == 303
    said = page(sent, 404)
    assert "Nothing was sent. Your words are below" in said
    assert "New words." in said
    assert not Held.objects.exists()


def test_two_questions_a_day_withdrawn_or_not(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    first = asked(ana, now=NOW)
    questions.withdraw(author=ana, submission_id=first.pk)
    asked(ana, now=NOW)
    back = client.post(NEW, {"stamp": str(uuid4()), "title": "Third", "text": "Third words", "theme": "balance"})
    shown = page(client.get(back.headers["Location"]))
    assert "You have asked two questions today." in shown
    assert "Third words" in client.get(NEW).text
    assert len(own(ana)) == 2
    assert asked(ana, now=NOW + DAY)


def test_a_draft_is_kept_and_deleted(as_user: AsUser, ana: User, ben: User) -> None:
    client = as_user(ana)
    client.post(NEW, fields(client, keep="yes", theme=""))
    row = QuestionDraft.objects.get()
    assert b"Marked" not in bytes(row.sealed)
    assert "Marked" in client.get(NEW).text
    assert "Continue your draft" in page(client.get(MINE))
    assert "Marked" not in as_user(ben).get(NEW).text
    client = as_user(ana)
    client.post(reverse("question_draft_delete"))
    assert QuestionDraft.objects.count() == 0


DRAFT = reverse("question_draft")


def typed(client: Client, form: dict[str, Any], sequence: int = 1, **words: str) -> Any:
    """What the script of a page sends while somebody types."""
    return client.post(DRAFT, form | {"sequence": sequence} | words)


def test_a_draft_is_kept_while_somebody_types(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    form = fields(client)
    for sequence, text in enumerate(("Marked", "Marked words", "Marked words that are kept"), start=1):
        saved = typed(client, form, sequence, text=text)
        assert (saved.status_code, saved.json()["revision"]) == (200, sequence)
    assert typed(client, form, 2, text="Late").json()["revision"] == 3
    assert "Marked words that are kept</textarea>" in client.get(NEW).text
    assert (Held.objects.count(), Pace.objects.count()) == (0, 0)
    assert client.post(NEW, fields(client)).headers["Location"] == MINE
    assert not QuestionDraft.objects.exists()
    assert typed(client, form, 4).status_code == 404  # it has been sent
    assert not QuestionDraft.objects.exists()


def test_two_pages_keep_both_drafts(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    one, other = fields(client), fields(client)
    assert typed(client, one, text="Of one page.").status_code == 200
    for sequence, text in enumerate(("Of the", "Of the other page."), start=1):
        conflict = typed(client, other, sequence, text=text)
        assert (conflict.status_code, conflict.json()["decide"]) == (409, NEW)
    refused = client.post(NEW, other | {"sequence": 3, "text": "Of the other page, sent.", "theme": ""})
    shown = page(client.get(refused.headers["Location"]))
    assert "Of one page." in shown
    assert "Other drafts" in shown
    assert "Of the other page, sent." in shown
    assert client.post(NEW, other | {"sequence": 4}).headers["Location"] == MINE
    html = client.get(NEW).text
    assert "Of one page.</textarea>" in html
    assert "Other drafts" not in html
    typed(client, fields(client) | {"client": str(uuid4()), "base_revision": "0"}, text="Beside.")
    [key] = re.findall(r'name="draft" value="([^"]+)"', client.get(NEW).text)
    client.post(reverse("question_draft_delete"), {"draft": key})
    html = client.get(NEW).text
    assert "Beside." not in html
    assert "Of one page.</textarea>" in html


def test_a_script_keeps_nothing_for_nobody_or_somebody_else(as_user: AsUser, ana: User, ben: User) -> None:
    form = fields(as_user(ana))
    assert typed(Client(), form).status_code == 401
    assert typed(as_user(ben), form).status_code == 403
    client = as_user(ana)
    assert typed(client, form, text="x" * 50_001).status_code == 413
    for broken in ({"stamp": "x"}, {"client": "x"}, {"base_revision": "-1"}):
        assert typed(client, form | broken).status_code == 404
    assert not QuestionDraft.objects.exists()


def test_nobody_chooses_a_pen_name(ana: User, ben: User) -> None:
    stamp = uuid4()
    rows = [questions.ask(author=author, stamp=stamp, asked=ASKED, now=NOW) for author in (ana, ben)]
    assert rows[0].pk != rows[1].pk
    assert stamp not in {row.pk for row in rows}
    assert pen_name(UUID(int=0)) == "Amber Acorn"
    assert len(set(FIRST)) == len(FIRST)
    assert len(set(SECOND)) == len(SECOND)


def test_many_questions_are_all_found(ana: User) -> None:
    rows = [asked(ana, now=NOW + DAY * number) for number in range(WINDOW + 1)]
    questions.withdraw(author=ana, submission_id=rows[3].pk)
    day.end_day(now=NOW + DAY * 30)
    assert [row.pk for row in own(ana)] == [row.pk for row in rows]
    assert Submission.objects.get(author="").pk == rows[3].pk


# The database


def test_a_question_stands_in_clear_exactly_while_it_is_published(ana: User) -> None:
    row = asked(ana, now=NOW)
    clear = {"title": "a", "text": "b", "theme": "balance", "pen_name": "c", "published_on": NOW.date()}
    refused(lambda: Question.objects.create(id=row.pk, **clear), "in clear exactly")
    published(row, now=NOW)
    refused(lambda: Question.objects.all().delete(), "in clear exactly")
    refused(lambda: Submission.objects.update(state=State.WITHDRAWN), "without_words")
    questions.withdraw(author=ana, submission_id=row.pk)
    refused(lambda: Submission.objects.update(state=State.WAITING, sealed="x", author="x"), "from withdrawn to waiting")


def refused(change: Callable[[], object], why: str) -> None:
    def at_the_end() -> None:
        with transaction.atomic():
            change()
            connection.check_constraints()

    with pytest.raises(IntegrityError, match=why):
        at_the_end()


def test_rows_keep_all_they_hold_when_they_are_shuffled(ana: User) -> None:
    rows = [asked(ana, now=NOW + DAY * number) for number in range(5)]
    before = [*Submission.objects.order_by("pk").values()]
    shuffle(rows[0].pk, most=2)
    shuffle(most=None)
    assert [*Submission.objects.order_by("pk").values()] == before


def test_erasing_an_account_deletes_its_questions(ana: User, ben: User, mara: User) -> None:
    row, other = asked(ana, now=NOW), asked(ben, now=NOW)
    answered(published(row, now=NOW), mara, now=NOW)
    erase_account(owner=ana, now=NOW)
    assert Submission.objects.get() == other
    assert Question.objects.count() == 0


def test_erasing_works_without_the_key_of_the_account(ana: User, ben: User) -> None:
    asked(ana, now=NOW)
    other = asked(ben, now=NOW)
    DataKey.objects.filter(owner=ana).update(wrapped=b"\x01" + bytes(60))
    erase_account(owner=User.objects.get(pk=ana.pk), now=NOW)
    assert Submission.objects.get() == other
