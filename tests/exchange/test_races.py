"""Forms that are sent twice, and staff who act at once: one outcome each. Over real connections."""

from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.models import Mail, User
from exchange.models import Contact
from exchange.services import contact
from tests.consultations.racing import at_once
from tests.exchange.written import CONTACT, fields, written

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]


def test_a_double_click_is_one_message_and_shows_its_code(db: None) -> None:
    cache.clear()
    first, second = Client(), Client()
    sent = fields(first)
    second.cookies.load({settings.CSRF_COOKIE_NAME: first.cookies[settings.CSRF_COOKIE_NAME].value})
    answers = at_once(partial(first.post, CONTACT, sent), partial(second.post, CONTACT, sent))
    assert [one.headers["Location"] for one in answers] == ["/contact/sent/"] * 2  # type: ignore[attr-defined]
    row = Contact.objects.get()
    shown = second.get("/contact/sent/").text  # in the browser, which shows the answer to the second click
    assert [code for code in shown.replace("<", ">").split(">") if contact.digest(code) == row.code_sha256]


def test_ten_requests_of_one_form_store_one_message(ana: User) -> None:
    def send() -> str:
        try:
            about = {"owner": ana, "topic": "press", "text": "Words.", "email": "", "now": NOW}
            contact.send(contact_id=pk, **about)  # type: ignore[arg-type]
        except contact.SentAlready as before:
            return "the same" if before.same else "another"
        return "sent"

    pk = uuid4()
    assert sorted(map(str, at_once(*[send] * 10))) == ["sent", *["the same"] * 9]
    assert Contact.objects.count() == 1


def test_of_two_who_answer_at_once_one_does(dana: User) -> None:
    row, _ = written(now=NOW, email="somebody@example.org")

    def answer(text: str) -> str:
        try:
            contact.answer(contact_id=row.pk, staff=dana, text=text, after=0, now=NOW)
        except contact.AnsweredMeanwhile:
            return "too late"
        return "answered"

    texts = [f"Answer {number}." for number in range(5)]
    outcomes = at_once(*(partial(answer, text) for text in texts))
    assert sorted(map(str, outcomes)) == ["answered", *["too late"] * 4]
    row.refresh_from_db()
    assert len(row.words().answers) == Mail.objects.count() == 1


def test_of_two_who_assign_at_once_the_second_is_told(ana: User, dana: User) -> None:
    row, _ = written(now=NOW)

    def assign(assignee: User) -> str:
        try:
            new = contact.assign(contact_id=row.pk, assignee=assignee, was=None, now=NOW)
        except contact.AssignedMeanwhile:
            return "too late"
        return "assigned" if new else "the same"

    assert sorted(map(str, at_once(partial(assign, ana), partial(assign, dana)))) == ["assigned", "too late"]


def test_an_answer_and_a_note_at_once_lose_neither(dana: User) -> None:
    row, _ = written(now=NOW)
    calls = [partial(contact.note, contact_id=row.pk, text=f"Note {number}.", now=NOW) for number in range(5)]
    answer = partial(contact.answer, contact_id=row.pk, staff=dana, text="Answer.", after=0, now=NOW)
    at_once(*calls, answer)
    row.refresh_from_db()
    assert (len(row.words().notes), len(row.words().answers), row.state) == (5, 1, "answered")
