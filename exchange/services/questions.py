"""What the author of a question does. Nothing here leaves a time, or a row that names them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sealing import CannotOpen, seal, unseal
from exchange.models import Answer, Question, QuestionDraft, Submission
from exchange.models.questions import Asked, Words
from exchange.own import id_of, own, own_of_id, tag_of
from exchange.services.submissions import changing, shuffle

A_DAY = 2  # questions of one person
MOST_DRAFTS = 20  # the oldest make room
NEW = ""  # what the draft of a new question is about
BESIDE = "+"  # what is about the same, and was written by another page at the same time, has its `client` behind it

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
    forget_draft(owner=author, about=str(submission_id))
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
    forget_draft(owner=author, about=str(submission_id))
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


# Drafts. One row holds all of a person's, by what they are about: "" for a new question, the id of one, or an answer.

ANSWER = "answer:"


def answer_to(question_id: UUID) -> str:
    """What the draft of an answer is about."""
    return f"{ANSWER}{question_id}"


def answers_begun(owner: User) -> list[UUID]:
    """The questions to which drafts are answers, the latest last."""
    begun = (about.removeprefix(ANSWER) for about in drafts_of(owner) if about.startswith(ANSWER))
    return [UUID(one) for one in dict.fromkeys(one.partition(BESIDE)[0] for one in begun)]


@dataclass(frozen=True, slots=True)
class Typed:
    """A write by the script of a page: its `client`, one open tab, numbers its own, and names the revision it read."""

    client: UUID
    sequence: int
    base_revision: int


def keep_draft(*, owner: User, about: str, fields: Mapping[str, str], typed: Typed | None = None) -> bool:
    """Store what stands in a form, in the place of what stood there before.

    `typed`: if another page has written there meanwhile, it is stored beside, and False returned: both are kept.
    """
    return store_draft(owner, about, fields, typed)[0]


@transaction.atomic
def store_draft(owner: User, about: str, fields: Mapping[str, str], typed: Typed | None) -> tuple[bool, int]:
    """Like `keep_draft`; with the revision that is stored now."""
    blank = QuestionDraft(owner=owner, sealed=seal(owner, QuestionDraft.LABEL, owner.pk, {}))
    QuestionDraft.objects.bulk_create([blank], ignore_conflicts=True)
    drafts = drafts_of(owner, lock=True)
    is_next = typed is None or follows(drafts.get(about), fields, typed)
    key = about if typed is None or is_next else f"{about}{BESIDE}{typed.client}"
    before = drafts.pop(key, {})
    revision = int(before.get("revision", 0))
    if typed and is_over(before, typed):
        return is_next, revision
    written = {"client": str(typed.client), "sequence": str(typed.sequence)} if typed else {}
    drafts[key] = dict(fields) | written | {"revision": str(revision + 1)}
    store_drafts(owner, dict([*drafts.items()][-MOST_DRAFTS:]))
    return is_next, revision + 1


def follows(draft: Mapping[str, str] | None, fields: Mapping[str, str], typed: Typed) -> bool:
    """Whether a page has seen what is stored, or has written it itself."""
    return (
        not draft
        or draft.get("client") == str(typed.client)
        or int(draft.get("revision", 0)) == typed.base_revision
        or all(draft.get(name, "") == value for name, value in fields.items() if name != "stamp")
    )


def is_over(draft: Mapping[str, str], typed: Typed) -> bool:
    """Whether this page has written this or something later."""
    return draft.get("client") == str(typed.client) and int(draft.get("sequence", 0)) >= typed.sequence


@transaction.atomic
def forget_draft(*, owner: User, about: str) -> None:
    drafts = drafts_of(owner, lock=True)
    if drafts.pop(about, None) is not None:
        store_drafts(owner, drafts)


@transaction.atomic
def forget_sent(owner: User, stamp: UUID) -> None:
    """Delete the draft that has been sent: that of this form, or of none."""
    drafts = drafts_of(owner, lock=True)
    for about in [NEW, *beside(drafts, NEW)]:
        if drafts.get(about, {}).get("stamp", "") in {"", str(stamp)}:
            drafts.pop(about, None)
    store_drafts(owner, drafts)


def beside(drafts: Mapping[str, Mapping[str, str]], about: str) -> list[str]:
    """What stands beside a draft, as another page wrote it."""
    return [one for one in drafts if one.startswith(f"{about}{BESIDE}")]


def drafts_beside(owner: User, about: str) -> list[tuple[str, Mapping[str, str]]]:
    """The same with their words, for a page that shows them."""
    drafts = drafts_of(owner)
    return [(one, drafts[one]) for one in beside(drafts, about)]


def draft_of(owner: User, about: str) -> dict[str, str]:
    """What stood in a form; nothing if there is no draft of it, or it cannot be opened."""
    return drafts_of(owner).get(about, {})


def drafts_of(owner: User, *, lock: bool = False) -> dict[str, dict[str, str]]:
    rows = QuestionDraft.objects.filter(owner=owner)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    try:
        return unseal(owner, QuestionDraft.LABEL, owner.pk, bytes(row.sealed)) if row else {}
    except CannotOpen:
        return {}


def store_drafts(owner: User, drafts: Mapping[str, Mapping[str, str]]) -> None:
    rows = QuestionDraft.objects.filter(owner=owner)
    if drafts:
        rows.update(sealed=seal(owner, QuestionDraft.LABEL, owner.pk, drafts))
    else:
        rows.delete()
