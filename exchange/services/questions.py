"""What the author of a question does. Nothing here leaves a time, or a row that names them."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.models import Answer, Question, Submission
from exchange.models.questions import Asked, Words
from exchange.own import id_of, own, own_of_id, tag_of
from exchange.services.question_drafts import forget_all, forget_draft, forget_sent, more_about
from exchange.services.submissions import changing, shuffle

A_DAY = 2  # questions of one person

State = Submission.State


class SentAlready(Exception):
    """This form was sent before; `same`: with these very words, as far as they are still here to be compared."""

    def __init__(self, *, same: bool) -> None:
        super().__init__()
        self.same = same


class EnoughToday(Exception):
    """The author has asked as many questions today as one may."""


class NotNow(Exception):
    """The question is no longer in a state in which this can be done."""


@changing
def ask(*, author: User, stamp: UUID, asked: Asked, now: datetime) -> Submission:
    """Send a question for review, and delete its draft. Raises SentAlready and EnoughToday."""
    before, pk = own(author), id_of(author, stamp)
    for row in before:
        if row.pk == pk:
            raise SentAlready(same=row.state == State.WITHDRAWN or row.words().asked in (asked, None))
    if asked_today(before, now) >= A_DAY:
        raise EnoughToday
    submission = Submission(pk=pk, tag=tag_of(author, len(before)))
    submission.seal_author(author, now)
    submission.seal(Words(asked=asked, asked_on=now.date()))
    submission.save(force_insert=True)
    forget_sent(author, stamp)
    shuffle(pk)
    return submission


def may_ask(author: User, now: datetime) -> bool:
    return asked_today(own(author), now) < A_DAY


def asked_today(rows: list[Submission], now: datetime) -> int:
    """How many of these were sent today, withdrawn or not."""
    count = 0
    for row in reversed(rows):
        if not row.author or row.author_and_day()[1] != now.date():
            break
        count += 1
    return count


@changing
def send_again(*, author: User, submission_id: UUID, asked: Asked, now: datetime) -> None:
    """Send other words for review, instead of those that came back or that a moderator would change. Raises NotNow."""
    submission = own_of_id(author, submission_id)
    words = submission.words()
    if submission.state == State.WAITING and words.asked == asked:
        return  # sent twice
    if submission.state not in {State.BACK, State.AGREE}:
        raise NotNow
    submission.state, submission.news = State.WAITING, Submission.News.NONE
    submission.seal(replace(words, asked=asked, asked_on=now.date(), change=None, reason=""))
    forget_draft(owner=author, about=str(submission_id))
    save(submission)


@changing
def agree(*, author: User, submission_id: UUID, seen: str) -> None:
    """Agree to be published with the change that was on the page: it appears with the others of the day.

    `seen` is its digest. Raises NotNow.
    """
    submission = own_of_id(author, submission_id)
    if submission.state == State.AGREED:
        return
    change = submission.words().change
    if submission.state != State.AGREE or change is None or digest(change) != seen:
        raise NotNow
    submission.state, submission.due, submission.news = State.AGREED, True, Submission.News.NONE
    save(submission)


@changing
def thank(*, author: User, submission_id: UUID, answer_id: UUID) -> None:
    """Give thanks for an answer: it shows with those of the others of the day. Raises NotNow."""
    submission = own_of_id(author, submission_id)
    if not Answer.objects.filter(pk=answer_id, question=submission_id).exists():
        raise NotNow
    words = submission.words()
    if str(answer_id) in words.thanks:
        return
    submission.due = True
    submission.seal(replace(words, thanks=[*words.thanks, str(answer_id)]))
    save(submission)


@changing
def ask_more(*, author: User, submission_id: UUID, text: str) -> None:
    """Send one thing more for review, once there is an answer; it can be sent again if it came back. Raises NotNow."""
    submission = own_of_id(author, submission_id)
    words = submission.words()
    if submission.asks_more and words.more == text:
        return
    answered = Question.objects.filter(pk=submission_id, answers__gt=0, more="")
    if submission.asks_more or not answered.exists():
        raise NotNow
    submission.asks_more = True
    submission.seal(replace(words, more=text, more_reason=""))
    forget_draft(owner=author, about=more_about(submission_id))
    save(submission)


@changing
def open_news(*, author: User, submission_id: UUID) -> None:
    """Note that the author has seen what is new. Idempotent."""
    submission = own_of_id(author, submission_id)
    if submission.news:
        submission.news = Submission.News.NONE
        save(submission)


@changing
def withdraw(*, author: User, submission_id: UUID) -> None:
    """Delete a question with all that belongs to it, at once. What stays is an empty row. Idempotent.

    Raises Submission.DoesNotExist for what is somebody else's.
    """
    submission = next((row for row in own(author) if row.pk == submission_id), None)
    if submission is None:
        raise Submission.DoesNotExist
    if submission.state == State.WITHDRAWN:
        return
    empty(submission)
    forget_all(owner=author, about=str(submission_id))
    save(submission)


@changing
def erase(author: User, _now: datetime) -> None:
    """Delete all that somebody has asked; their account is being erased (`accounts.privacy.before_erasure`)."""
    try:
        rows = own(author)
    except CannotOpen:
        rows = [row for row in Submission.objects.exclude(author="").iterator() if is_of(row, author)]
    ids = [row.pk for row in rows]
    Question.objects.filter(pk__in=ids).delete()
    Submission.objects.filter(pk__in=ids).delete()


def is_of(row: Submission, author: User) -> bool:
    """Whether this is the author, for one whose own key cannot be opened any more."""
    try:
        return row.author_and_day()[0] == author.pk
    except CannotOpen:
        return False


def digest(asked: Asked) -> str:
    """Tells one wording from another."""
    return sha256(repr(asked).encode()).hexdigest()


def empty(submission: Submission) -> None:
    Question.objects.filter(pk=submission.pk).delete()
    submission.state, submission.sealed, submission.news = State.WITHDRAWN, "", Submission.News.NONE
    submission.asks_more = submission.due = False


def save(submission: Submission) -> None:
    submission.save(force_update=True)
    shuffle(submission.pk)
