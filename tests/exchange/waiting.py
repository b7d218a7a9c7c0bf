"""Questions as moderators find them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from exchange.models import Flag, Question, Submission
from exchange.models.questions import Asked, Words
from exchange.own import own, tag_of
from exchange.services import moderation

ASKED = Asked("Marked title", "Marked question,\nwith two lines.", "balance")


def waiting(author: User, *, on: date | None = None, asked: Asked = ASKED, pk: UUID | None = None) -> Submission:
    """A question that waits for review, asked today or on a day before."""
    now = timezone.now()
    row = Submission(pk=pk or uuid4(), tag=tag_of(author, len(own(author))))
    row.seal_author(author, now)
    row.seal(Words(asked=asked, asked_on=on or now.date()))
    row.save()
    return row


def shown(row: Submission) -> str:
    """What a page that is made now holds."""
    row.refresh_from_db()
    return moderation.seen(row, row.words())


def published(author: User, **asked: Any) -> Submission:
    row = waiting(author, **asked)
    moderation.publish(submission_id=row.pk, shown=shown(row), now=timezone.now())
    row.refresh_from_db()
    return row


def flagged(row: Submission | Question, *, on: date | None = None, reason: str = "Marked reason.") -> Flag:
    flag = Flag(pk=uuid4(), question_id=row.pk, on=on or timezone.now().date())
    flag.seal(reason)
    flag.save()
    return flag
