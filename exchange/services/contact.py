"""Writing to those who run the site, and their answers. Everything is sealed under the key of the site."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.codes import new_code, plain
from accounts.models import User
from accounts.notices import Kind, notify
from exchange.mails import post_answer
from exchange.models import Contact
from exchange.models.contact import Said, Words, is_last, signed

LONGEST = 4_000  # characters of a message, and of an answer
REPLY_DAYS = 2  # working days until an answer, usually
CLOSES_AFTER = timedelta(days=30)  # without another word after an answer
CODE_GROUPS, CODE_LENGTH = 4, 5  # 100 bits

State = Contact.State


class SentAlready(Exception):
    """A message of this id is stored already; `same`: with these very words."""

    def __init__(self, *, same: bool) -> None:
        super().__init__()
        self.same = same


class AnsweredMeanwhile(Exception):
    """Somebody else has answered since the page was opened."""


class AssignedMeanwhile(Exception):
    """Somebody else has said who answers since the page was opened."""


def send(*, contact_id: UUID, owner: User | None, topic: str, text: str, email: str, now: datetime) -> str:
    """Store a message, and return the code that its answer waits behind: "" from an account, or with an address.

    Raises SentAlready.
    """
    code = "" if owner or email else new_code(CODE_GROUPS, CODE_LENGTH)
    today = now.date()
    contact = Contact(pk=contact_id, owner=owner, topic=topic, day=today, state_since=today)
    contact.code_sha256 = digest(code) if code else None
    contact.seal(Words(asked=Said(text, now), email="" if owner else email))
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError:
        stored = Contact.objects.filter(pk=contact_id).first()
        raise SentAlready(same=stored is not None and stored.words().asked.text == text) from None
    return code


def behind(code: str) -> Contact | None:
    """The contact whose answer waits behind a code, however that is typed."""
    return Contact.objects.filter(code_sha256=digest(code)).first()


def digest(code: str) -> str:
    """A code is random and long: nobody finds it back from its hash."""
    return hashlib.sha256(plain(code).upper().encode()).hexdigest()


# What staff do


@transaction.atomic
def assign(*, contact_id: UUID, assignee: User, was: UUID | None, now: datetime) -> bool:
    """Say who answers; a new message is open from then on. `was`: whom the page named, if anybody.

    Returns False if it is theirs already. Raises AssignedMeanwhile.
    """
    contact = locked(contact_id)
    if contact.assignee_id == assignee.pk:
        return False
    if contact.assignee_id != was:
        raise AssignedMeanwhile
    contact.assignee = assignee
    set_state(contact, State.OPEN if contact.state == State.NEW else contact.state, now)
    return True


@transaction.atomic
def note(*, contact_id: UUID, staff: User | None = None, text: str, now: datetime) -> bool:
    """Add a note, which only staff read. Returns False if the last one says the same."""
    contact = locked(contact_id)
    words = contact.words()
    if is_last(text, words.notes, now):
        return False
    contact.seal(replace(words, notes=[*words.notes, signed(text, now, staff)]))
    set_state(contact, State.OPEN if contact.state == State.NEW else contact.state, now)
    return True


@transaction.atomic
def answer(*, contact_id: UUID, staff: User, text: str, after: int, now: datetime) -> bool:
    """Answer, and send it where an address was called safe. `after`: how many answers there were on the page.

    Returns False, and sends nothing, if the last answer says the same. Raises AnsweredMeanwhile.
    """
    contact = locked(contact_id)
    if is_answered(contact, text, now):
        return False
    words = contact.words()
    if len(words.answers) != after:
        raise AnsweredMeanwhile
    contact.seal(replace(words, answers=[*words.answers, signed(text, now, staff)]))
    contact.assignee = contact.assignee or staff
    set_state(contact, State.ANSWERED, now)
    if words.email:
        post_answer(contact.pk, words.email, text, once=f"answer:{after}", now=now)
    if contact.owner:
        notify(owner=contact.owner, kind=Kind.ANSWER, target=contact.pk, now=now)
    return True


def is_answered(contact: Contact, text: str, now: datetime) -> bool:
    """Whether the last answer says this, a moment ago. Raises CannotOpen."""
    return is_last(text, contact.words().answers, now)


@transaction.atomic
def close(*, contact_id: UUID, now: datetime) -> None:
    set_state(locked(contact_id), State.CLOSED, now)


@transaction.atomic
def reopen(*, contact_id: UUID, now: datetime) -> None:
    set_state(locked(contact_id), State.OPEN, now)


def locked(contact_id: UUID) -> Contact:
    return Contact.objects.select_for_update(no_key=True).get(pk=contact_id)


def set_state(contact: Contact, state: str, now: datetime) -> None:
    """Save the row with its state, which began today if it is another one."""
    if contact.state != state:
        contact.state, contact.state_since = state, now.date()
    contact.save()


# What the worker does


def close_answered(*, now: datetime) -> None:
    """Close what was answered CLOSES_AFTER ago, and that nobody has written about since."""
    due = Contact.objects.filter(state=State.ANSWERED, state_since__lte=(now - CLOSES_AFTER).date())
    due.update(state=State.CLOSED, state_since=now.date())


def forget(*, before: datetime) -> None:
    """Delete what was closed before that day."""
    Contact.objects.filter(state=State.CLOSED, state_since__lt=before.date()).delete()
