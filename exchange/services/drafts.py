"""Drafts of messages: kept as they are typed, and never over what somebody else has written meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from accounts import quota
from accounts.models import User
from consultations.services.locks import lock_rows
from exchange.models import Draft, Message, Side, Thread
from exchange.models.messages import Words
from exchange.services.messages import SentAlready


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a draft: the revision that it is based on (0 for a new one), and its writer.

    A `client` is one open browser tab, and `sequence` numbers its writes.
    """

    id: UUID
    words: Words
    base_revision: int
    client: UUID
    sequence: int


@transaction.atomic
def save_draft(*, owner: User, side: Side, write: Write, now: datetime) -> Draft:
    """Store the words, and return the draft in which they stand.

    That is another one than asked for where somebody has written there since: both are kept. Raises SentAlready,
    `quota.Full`, and Draft.DoesNotExist for the id of somebody else's.
    """
    lock_rows(Side.objects.visible_to(owner)).get(pk=side.pk)  # sending locks it, too: no draft comes back after it
    if Message.objects.filter(pk=write.id).exists():
        raise SentAlready(same=False)
    drafts = Draft.objects.visible_to(owner).filter(side=side)
    draft = drafts.filter(pk=write.id).first()
    if draft and not (is_superseded(owner, draft, write) or follows(draft, write)):
        beside = uuid5(write.id, str(write.client))
        draft = drafts.filter(pk=beside).first() or Draft(id=beside)
    draft = draft or Draft(id=write.id)
    if not (draft.side_id and is_superseded(owner, draft, write)):
        store(owner, side, draft, write, now)
    return draft


def is_superseded(owner: User, draft: Draft, write: Write) -> bool:
    """Whether this writer has already written this or something later: a repeated request changes nothing."""
    if draft.client != write.client or write.sequence > draft.sequence:
        return False
    return write.sequence < draft.sequence or draft.words(owner) == write.words


def follows(draft: Draft, write: Write) -> bool:
    """Whether the write is based on the current state, or its writer only missed the answer to their last write."""
    own = draft.client == write.client and write.sequence > draft.sequence
    return own or draft.revision == write.base_revision


def store(owner: User, side: Side, draft: Draft, write: Write, now: datetime) -> None:
    is_new = draft.side_id is None
    before = len(draft.sealed or b"")
    draft.seal(owner, write.words)
    quota.require_room(owner, len(draft.sealed) - before, begun=not is_new)
    draft.revision = 1 if is_new else draft.revision + 1
    draft.owner, draft.side, draft.changed_at = owner, side, now
    draft.client, draft.sequence = write.client, write.sequence
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError:
        raise Draft.DoesNotExist from None


@transaction.atomic
def discard(*, owner: User, side: Side, draft_id: UUID) -> bool:
    """Delete a draft, and the thread with it if nothing was ever written there; return whether that stands."""
    thread = lock_rows(Thread.objects.all()).get(pk=side.thread_id)
    Draft.objects.visible_to(owner).filter(side=side, pk=draft_id).delete()
    if thread.last_number or Draft.objects.visible_to(owner).filter(side=side).exists():
        return True
    thread.delete()
    return False
