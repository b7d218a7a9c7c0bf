"""Published questions and their answers, as tests need them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import User
from consultations.models import Specialist
from exchange.models import Answer, Question, Submission
from exchange.models.questions import Asked
from exchange.services import questions
from exchange.services.publishing import publish
from exchange.services.submissions import changing

DAY = date(2026, 11, 17)
TEXT = "When I say no I add five reasons, and then we talk about the reasons."


@changing
def published(author: User, *, on: date = DAY, more: str = "", changed: bool = False, **words: str) -> Question:
    """A question that its author has sent, on a day of its own, and a moderator has published."""
    asked = Asked(**{"title": "How do I say no?", "text": TEXT, "theme": "refusals", **words})
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=Submission.objects.count())
    row = questions.ask(author=author, stamp=uuid4(), asked=asked, now=now)
    question = publish(row, asked, changed=changed, today=on)
    Question.objects.filter(pk=question.pk).update(more=more)
    question.refresh_from_db()
    return question


def answered(question: Question, specialist: Specialist, **fields: Any) -> Answer:
    about = {"text": "Reasons invite repair.", "on": DAY, **fields}
    return Answer.objects.create(question=question, specialist=specialist.user, **about)


def withdrawn(author: User, question: Question) -> None:
    questions.withdraw(author=author, submission_id=question.pk)
