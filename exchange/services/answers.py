"""What specialists answer, and what readers leave at an answer.

Everything runs under `changing`: a question that is withdrawn meanwhile is there with all that belongs to it, or gone.
"""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from consultations.models import Specialist
from exchange.models import Answer, Answering, AnswerVersion, Flag, Helped, Question
from exchange.published import mark_id
from exchange.services.submissions import changing, shuffle, tell_author

TO_ANSWER = timedelta(minutes=10)  # how long somebody who answers has the question to themselves


class Gone(Exception):
    """The question, or the answer, is not here any more."""


class NotListed(Exception):
    """Only specialists who are verified and reachable answer."""


class Taken(Exception):
    """Somebody else is answering."""

    def __init__(self, row: Answering) -> None:
        super().__init__()
        self.name, self.until = row.specialist.specialist.name, row.until


@changing
def take(*, user: User, question_id: UUID, now: datetime) -> datetime:
    """Have a question to oneself for TO_ANSWER, and no other; once more, it is renewed. Returns until when.

    Raises Gone, NotListed and Taken.
    """
    check(user, question_id, now)
    if Answer.objects.filter(question=question_id, specialist=user.pk).exists():
        return now
    Answering.objects.filter(specialist=user.pk).delete()
    until = now + TO_ANSWER
    Answering.objects.update_or_create(question_id=question_id, defaults={"specialist_id": user.pk, "until": until})
    return until


@changing
def leave(*, user: User, question_id: UUID) -> None:
    """Let others answer."""
    Answering.objects.filter(question=question_id, specialist=user.pk).delete()


@changing
def save_answer(*, user: User, question_id: UUID, text: str, reply: str = "", now: datetime) -> Answer:
    """Publish an answer, or change it: the words before are kept as a version. `reply` is to the one thing more.

    Its author is told of an answer and of a reply, not of changes. Raises Gone, NotListed and Taken.
    """
    question = check(user, question_id, now, is_held=False)
    answer = Answer.objects.filter(question=question, specialist=user.pk).first()
    if answer is None:
        refuse_if_held(user, question_id, now)
        answer = Answer.objects.create(question=question, specialist_id=user.pk, text=text, on=now.date())
        Answering.objects.filter(question=question, specialist=user.pk).delete()
        tell_author(question.pk)
        return answer
    if (answer.text, answer.reply) == (text, reply):
        return answer
    first_reply = bool(reply and not answer.reply)
    if answer.text != text or answer.reply:
        AnswerVersion.objects.create(answer=answer, text=answer.text, reply=answer.reply, until=now.date())
        answer.edited_on = now.date()
    answer.text, answer.reply = text, reply
    answer.replied_on = (answer.replied_on or now.date()) if reply else None
    answer.save(update_fields=["text", "reply", "replied_on", "edited_on"])
    if first_reply:
        tell_author(question.pk)
    return answer


@changing
def delete_answer(*, user: User, question_id: UUID) -> None:
    """Take one's answer back, with its versions and what others left at it."""
    Answer.objects.filter(question=question_id, specialist=user.pk).delete()


def check(user: User, question_id: UUID, now: datetime, *, is_held: bool = True) -> Question:
    """The question, for a specialist who may answer it now."""
    question = Question.objects.defer("search").filter(pk=question_id).first()
    if question is None:
        raise Gone
    if not Specialist.objects.reachable().filter(pk=user.pk).exists():
        raise NotListed
    if is_held:
        refuse_if_held(user, question_id, now)
    return question


def refuse_if_held(user: User, question_id: UUID, now: datetime) -> None:
    held = held_by_another(user, question_id, now)
    if held:
        raise Taken(held)


def held_by_another(user: User, question_id: UUID, now: datetime) -> Answering | None:
    """Who else is answering, if somebody is."""
    rows = Answering.objects.filter(question=question_id, until__gt=now).exclude(specialist=user.pk)
    return rows.select_related("specialist__specialist").first()


def held_until(user: User, question_id: UUID, now: datetime) -> datetime | None:
    """Until when this specialist has the question to themselves."""
    rows = Answering.objects.filter(question=question_id, specialist=user.pk, until__gt=now)
    return rows.values_list("until", flat=True).first()


# What readers leave. As with questions (`submissions.py`), the order in which rows were written tells nothing.


@changing
def say_it_helped(*, reader: User, question_id: UUID, answer_id: UUID) -> None:
    """Count an answer as one that helped: once a person, and without a name. Raises Gone and CannotOpen."""
    answer = answer_of(question_id, answer_id)
    if answer.specialist_id == reader.pk:
        return  # nobody counts for themselves
    row = Helped(pk=mark_id(reader, Helped.LABEL, answer_id), answer=answer)
    Helped.objects.bulk_create([row], ignore_conflicts=True)
    shuffle(row.pk, model=Helped)


@changing
def take_helped_back(*, reader: User, question_id: UUID, answer_id: UUID) -> None:
    """Raises Gone and CannotOpen."""
    answer = answer_of(question_id, answer_id)
    Helped.objects.filter(pk=mark_id(reader, Helped.LABEL, answer_id), answer=answer).delete()


@changing
def flag(*, reader: User, question_id: UUID, answer_id: UUID | None, reason: str, now: datetime) -> None:
    """Ask a moderator to look at a question, or at one answer to it. Another reason of the same person replaces theirs.

    Raises Gone and CannotOpen.
    """
    if answer_id:
        answer_of(question_id, answer_id)
    elif not Question.objects.filter(pk=question_id).exists():
        raise Gone
    row = Flag(pk=mark_id(reader, Flag.LABEL, answer_id or question_id), question_id=question_id, answer_id=answer_id)
    row.on = now.date()
    row.seal(reason)
    row.save()
    shuffle(row.pk, model=Flag)


def answer_of(question_id: UUID, answer_id: UUID) -> Answer:
    answer = Answer.objects.filter(pk=answer_id, question=question_id).first()
    if answer is None:
        raise Gone
    return answer
