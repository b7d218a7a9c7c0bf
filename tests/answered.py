"""Answered questionnaires for tests that start from them, made through the services."""

from dataclasses import replace
from datetime import UTC, datetime

from accounts.models import User
from assessments import services
from assessments.answering import Posted
from assessments.models import InstrumentVersion, Response, Result
from assessments.scoring import Answers
from tests.assessments.vectors import ANSWERS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def begun(owner: User, version: InstrumentVersion, vector: str = "worked-1", now: datetime = NOW) -> Response:
    """An unsubmitted response with the answers of one of the public test vectors."""
    return begin(owner, version, replace(ANSWERS[vector], partnered=True), now)


def begin(
    owner: User, version: InstrumentVersion, answers: Answers, now: datetime, *, same: bool | None = None
) -> Response:
    """An unsubmitted response with these answers."""
    response = services.start_response(
        owner=owner, version=version, form=answers.form, partnered=answers.partnered, same_relationship=same, now=now
    )
    posted = Posted(answers.answers, answers.importance)
    services.save_part(owner=owner, response_id=response.pk, posted=posted, now=now)
    return response


def finished(owner: User, version: InstrumentVersion, vector: str = "worked-1", now: datetime = NOW) -> Result:
    """The result of one of the public test vectors."""
    response = begun(owner, version, vector, now)
    return services.submit_response(owner=owner, response_id=response.pk, now=now)
