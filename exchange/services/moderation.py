"""What moderators decide about questions.

A moderator reads the words, and learns neither whose they are nor when they came, but for the age in days. A decision
is written into the question alone: its author is told with all others, once a day (`news`).
"""

import json
from bisect import bisect_right
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from accounts.notices import Kind, notify
from accounts.sealing import CannotOpen
from exchange.models import Answer, Flag, Question, Submission
from exchange.models.questions import Asked, Words
from exchange.services import publishing
from exchange.services.question_drafts import answer_to, keep_draft
from exchange.services.submissions import changing
from lib.waiting import MOST, Tally

LONGEST_REASON, LONGEST_PRIVATE = 1_000, 4_000  # characters
MOST_WAITING = 1_000  # of which the queue finds the oldest
PAGE = 50

State, News = Submission.State, Submission.News


class DecidedMeanwhile(Exception):
    """Somebody else, or the author, has changed the question since the page was made."""


class Gone(Exception):
    """The author has withdrawn the question, or deleted the account."""


# The queue


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in a list. `days`: how long it has waited, None where that is not known or does not matter."""

    submission: Submission
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Waiting]
    after: UUID | None  # where the next page begins, if there is one


def waiting(*, today: date, after: UUID | None = None) -> Page:
    """What has to be read, the oldest first. The day stands sealed in each, so all of them are opened for the order."""
    rows = Submission.objects.for_moderators().order_by("pk")[:MOST_WAITING]
    asked_on = {row.pk: day_of(row) for row in rows}
    by_id = {row.pk: row for row in rows}
    order = sorted((day, pk) for pk, day in asked_on.items())
    first = Submission.objects.filter(pk=after).first() if after else None
    begin = bisect_right(order, (day_of(first), first.pk)) if first else 0
    return cut([Waiting(by_id[pk], age(by_id[pk], day, today)) for day, pk in order[begin : begin + PAGE + 1]])


def tally_of_waiting() -> Tally:
    """How many have to be read, and since when the oldest of those whose day is known."""
    rows = [*Submission.objects.for_moderators()[: MOST + 1]]
    days = [day for row in rows if not row.asks_more and (day := day_of(row)) > date.min]
    return Tally(len(rows), min(days, default=None))


def age(row: Submission, asked_on: date, today: date) -> int | None:
    """In days. Nobody knows when the one thing more was asked, nor how old is what can't be opened."""
    return None if row.asks_more or asked_on == date.min else (today - asked_on).days


def day_of(row: Submission) -> date:
    """When it was asked. What can't be opened comes first, so that somebody sees it."""
    try:
        return row.words().asked_on
    except CannotOpen:
        return date.min


def flagged(*, today: date, after: UUID | None = None) -> Page:
    """Published questions with flags that nobody has settled, the oldest flag first."""
    flags = Flag.objects.filter(settled_on=None).order_by("on", "pk").values_list("question", "on")[:MOST_WAITING]
    flagged_on: dict[UUID, date] = {}
    for question, on in flags:
        flagged_on.setdefault(question, on)
    ids = [*flagged_on]
    begin = ids.index(after) + 1 if after in flagged_on else 0
    rows = Submission.objects.defer("sealed").in_bulk(ids[begin : begin + PAGE + 1])
    return cut([Waiting(rows[pk], (today - flagged_on[pk]).days) for pk in ids[begin:] if pk in rows])


def everything(*, after: UUID | None = None) -> Page:
    """All questions that were not withdrawn, in the order of their ids, which are random."""
    rows = Submission.objects.exclude(state=State.WITHDRAWN).defer("sealed").order_by("pk")
    return cut([Waiting(row) for row in (rows.filter(pk__gt=after) if after else rows)[: PAGE + 1]])


def cut(rows: Sequence[Waiting]) -> Page:
    return Page(rows[:PAGE], rows[PAGE - 1].submission.pk if len(rows) > PAGE else None)


# One question


def seen(row: Submission, words: Words) -> str:
    """A keyed hash of what a moderator decides about, to tell whether that has changed since."""
    shown = [row.state, row.asks_more, words.asked and asdict(words.asked), words.change and asdict(words.change)]
    shown += [words.reason, *words.private, words.more if row.asks_more else ""]
    return salted_hmac("exchange.moderation", json.dumps(shown), algorithm="sha256").hexdigest()


def standing(submission_id: UUID) -> Submission:
    """Raises Gone."""
    row = Submission.objects.exclude(state=State.WITHDRAWN).filter(pk=submission_id).first()
    if row is None:
        raise Gone
    return row


# Decisions. Each returns whether it was made now: pressing a button twice decides once. `shown` is `seen` of the page.
# They raise Gone, DecidedMeanwhile and CannotOpen.


@changing
def publish(*, submission_id: UUID, shown: str, now: datetime) -> bool:
    """Publish it as it was asked."""
    row, words = opened(submission_id)
    if row.state == State.PUBLISHED and not Question.objects.filter(pk=row.pk, changed=True).exists():
        return False
    check(row, words, shown, State.WAITING)
    if words.asked is None:
        raise DecidedMeanwhile
    publishing.publish(row, words.asked, changed=False, today=now.date())
    return True


@changing
def propose(*, submission_id: UUID, shown: str, title: str, text: str, theme: str, reason: str) -> bool:
    """Ask the author whether it may be published like this."""
    row, words = opened(submission_id)
    change = Asked(title, text, theme)
    if row.state == State.AGREE and (words.change, words.reason) == (change, reason):
        return False
    check(row, words, shown, State.WAITING)
    save(row, replace(words, change=change, reason=reason), State.AGREE)
    return True


@changing
def take_back(*, submission_id: UUID, shown: str) -> bool:
    """Take back a proposed change. The author finds the question waiting again, and is told nothing."""
    row, words = opened(submission_id)
    if row.state == State.WAITING and words.change is None:
        return False
    check(row, words, shown, State.AGREE)
    save(row, replace(words, change=None, reason=""), State.WAITING, news=News.NONE)
    return True


@changing
def send_back(*, submission_id: UUID, shown: str, reason: str) -> bool:
    """Give it back to the author, who may write it anew."""
    row, words = opened(submission_id)
    if row.state == State.BACK and words.reason == reason:
        return False
    check(row, words, shown, State.WAITING)
    save(row, replace(words, change=None, reason=reason), State.BACK)
    return True


@changing
def answer(*, submission_id: UUID, shown: str, text: str) -> bool:
    """Answer for the author alone. The question is never published; more answers may follow."""
    row, words = opened(submission_id)
    if row.state == State.PRIVATE and text in words.private[-1:]:
        return False
    check(row, words, shown, State.WAITING, State.PRIVATE)
    save(row, replace(words, change=None, reason="", private=[*words.private, text]), State.PRIVATE)
    return True


@changing
def take_down(*, submission_id: UUID, shown: str, reason: str, now: datetime) -> bool:
    """Give a published question back to its author. What members read is deleted, with its answers and flags.

    Whoever answered it is told.
    """
    row, words = opened(submission_id)
    if row.state == State.BACK and words.reason == reason:
        return False
    check(row, words, shown, State.PUBLISHED)
    question = Question.objects.select_for_update().get(pk=row.pk)
    asked = Asked(question.title, question.text, question.theme)
    row.asks_more = row.due = False
    save(row, replace(words, asked=asked, reason=reason, more="", more_reason="", thanks=()), State.BACK)
    answers = Answer.objects.filter(question=question).select_related("specialist__data_key").order_by("specialist")
    for one in answers:
        notify(owner=one.specialist, kind=Kind.TAKEN_DOWN, target=row.pk, now=now)
    question.delete()
    return True


@changing
def publish_more(*, submission_id: UUID, shown: str) -> bool:
    """Publish the one thing more under the question."""
    row, words = opened(submission_id)
    question = Question.objects.select_for_update().filter(pk=row.pk).first()
    if question and question.more and not row.asks_more:
        return False
    check_more(row, words, shown)
    assert question  # the database holds one for each that is published
    question.more = words.more
    question.save(update_fields=["more"])
    return settle_more(row, replace(words, more="", more_reason=""))


@changing
def send_back_more(*, submission_id: UUID, shown: str, reason: str) -> bool:
    """Give the one thing more back to the author, who may write it anew."""
    row, words = opened(submission_id)
    if not row.asks_more and words.more_reason == reason:
        return False
    check_more(row, words, shown)
    return settle_more(row, replace(words, more_reason=reason))


@changing
def answer_more(*, submission_id: UUID, shown: str, text: str) -> bool:
    """Answer the one thing more for the author alone: it is not published."""
    row, words = opened(submission_id)
    if not row.asks_more and text in words.private[-1:]:
        return False
    check_more(row, words, shown)
    return settle_more(row, replace(words, more="", more_reason="", private=[*words.private, text]))


@changing
def settle(*, submission_id: UUID, flags: Collection[UUID], now: datetime) -> bool:
    """Mark these flags as settled: those that came since the page was made stay open."""
    standing(submission_id)
    due = Flag.objects.filter(question=submission_id, pk__in=flags, settled_on=None)
    return bool(due.update(settled_on=now.date()))


@changing
def take_down_answer(*, submission_id: UUID, answer: UUID, reason: str, now: datetime) -> bool:
    """Give a published answer back to its specialist, who is told, with the reason.

    Its flags and earlier versions are deleted.
    """
    standing(submission_id)
    found = Answer.objects.filter(pk=answer, question=submission_id).select_related("specialist__data_key").first()
    if found is None:
        return False
    with suppress(CannotOpen):  # without their key, the specialist could not read it
        words = {"text": found.text, "reply": found.reply, "reason": reason}
        keep_draft(owner=found.specialist, about=answer_to(submission_id), fields=words)
    found.delete()
    notify(owner=found.specialist, kind=Kind.TAKEN_DOWN, target=submission_id, now=now)
    return True


def opened(submission_id: UUID) -> tuple[Submission, Words]:
    row = standing(submission_id)
    return row, row.words()


def check(row: Submission, words: Words, shown: str, *states: str) -> None:
    if row.state not in states or seen(row, words) != shown:
        raise DecidedMeanwhile


def check_more(row: Submission, words: Words, shown: str) -> None:
    check(row, words, shown, State.PUBLISHED)
    if not row.asks_more:
        raise DecidedMeanwhile


def settle_more(row: Submission, words: Words) -> bool:
    row.asks_more = False
    save(row, words, State.PUBLISHED)
    return True


def save(row: Submission, words: Words, state: str, *, news: str = News.NEW) -> None:
    """Store a decision, and that the author is to be told."""
    row.state, row.news = state, news
    row.seal(words)
    row.save(force_update=True)


def flags_of(question_id: UUID) -> Sequence[tuple[Flag, Answer | None]]:
    """Those that nobody has settled, with the answer that each is about, if it is not the question."""
    flags = Flag.objects.filter(question=question_id, settled_on=None).order_by("on", "pk")
    flags = flags.select_related("answer__specialist__specialist")
    return [(flag, flag.answer) for flag in flags[:PAGE]]
