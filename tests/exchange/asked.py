"""Questions in any state, as tests need them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from exchange.models import Answer, Question, Submission
from exchange.models.questions import Asked
from exchange.services import questions
from exchange.services.publishing import publish
from exchange.services.submissions import changing
from tests.html import assert_valid_html, followed, parse, text_of

NEW, MINE = reverse("question_new"), reverse("questions_mine")
ASKED = Asked("Marked title", "Marked words of a question.", "balance")
CHANGE = Asked("Marked title", "Marked words.", "balance")


def fields(client: Client, address: str = NEW, **changed: Any) -> dict[str, Any]:
    """What the form of a page that is opened now holds, filled in."""
    root = parse(client.get(address).text)
    hidden = {one.get("name", ""): one.get("value", "") for one in root.iter("input") if one.get("type") == "hidden"}
    del hidden["csrfmiddlewaretoken"]
    return hidden | {"title": ASKED.title, "text": ASKED.text, "theme": ASKED.theme} | changed


def asked(author: User, *, now: datetime, words: Asked = ASKED) -> Submission:
    return questions.ask(author=author, stamp=uuid4(), asked=words, now=now)


@changing
def moderated(submission: Submission, state: str, **words: Any) -> None:
    """As a moderator leaves it."""
    submission.refresh_from_db()
    submission.seal(replace(submission.words(), **words))
    submission.state, submission.news = state, Submission.News.NEW
    submission.save()


@changing
def published(submission: Submission, *, now: datetime) -> Question:
    submission.refresh_from_db()
    return publish(submission, ASKED, changed=False, today=now.date())


def answered(question: Question, specialist: User, *, now: datetime, text: str = "An answer.") -> Answer:
    return Answer.objects.create(question=question, specialist=specialist, text=text, on=now.date())


def address(name: str, pk: UUID, *more: UUID) -> str:
    return reverse(name, args=[pk, *more])


def page(response: Any, status: int = 200) -> str:
    response = followed(response)
    assert response.status_code == status
    return text_of(assert_valid_html(response.content))
