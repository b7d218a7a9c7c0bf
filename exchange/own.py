"""A person's own questions: found by tags that are made with their data key, counted up from 0. No row names them."""

from uuid import UUID

from accounts.models import User
from accounts.sealing import CannotOpen, tag
from exchange.models import Submission

LABEL = "exchange.question"
ID_LABEL = "exchange.question_id"
WINDOW = 16  # tags that are asked for at once


def tag_of(author: User, number: int) -> bytes:
    """The tag of an author's submission of this number. Raises CannotOpen."""
    return tag(author, LABEL, str(number).encode())


def id_of(author: User, stamp: UUID) -> UUID:
    """The id of the submission that a form with this stamp becomes. Nobody chooses it, nor the pen name it makes."""
    return UUID(bytes=tag(author, ID_LABEL, stamp.bytes)[:16], version=4)


def own(author: User) -> list[Submission]:
    """An author's submissions in the order in which they were sent, those withdrawn included. Raises CannotOpen."""
    found: list[Submission] = []
    while True:
        rows = window(author, len(found))
        found += rows
        if len(rows) < WINDOW:
            return found


def window(author: User, begin: int) -> list[Submission]:
    tags = [tag_of(author, number) for number in range(begin, begin + WINDOW)]
    rows = {bytes(row.tag): row for row in Submission.objects.tagged(tags)}
    return [rows[one] for one in tags if one in rows]


def own_of_id(author: User, submission_id: UUID) -> Submission:
    """Raises Submission.DoesNotExist, for what is somebody else's or withdrawn, too."""
    for row in own(author):
        if row.pk == submission_id and row.state != Submission.State.WITHDRAWN:
            return row
    raise Submission.DoesNotExist


def with_news(author: User) -> list[Submission]:
    """Those with something that their author has not opened yet; none where the key cannot be opened."""
    try:
        return [row for row in own(author) if row.news]
    except CannotOpen:
        return []
