"""Drafts: stored as they are typed, and never over what somebody else has written meanwhile.

Who writes second, without having seen the first, gets a draft of their own beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import quota
from accounts.models import User


@dataclass(frozen=True, slots=True)
class Write[Words]:
    """One write to a draft: the revision that it is based on (0 for a new one), and its writer.

    A `client` is one open browser tab, and `sequence` numbers its writes.
    """

    id: UUID
    words: Words
    base_revision: int
    client: UUID
    sequence: int


class Draft[Words](Protocol):
    """A row that a draft is stored in; `revision` counts its writes, the next two are those of the last one."""

    revision: int
    client: UUID
    sequence: int
    sealed: bytes | memoryview

    def words(self, owner: User) -> Words: ...
    def seal(self, owner: User, words: Words) -> None: ...


def store[Words](owner: User, drafts: QuerySet[Any], write: Write[Words], now: datetime, **place: object) -> Any:
    """Store the words in one of these drafts of the owner, and return the one in which they stand.

    That is another one than asked for where somebody has written there since: both are kept. A new one gets `place`,
    which says where it belongs. The caller has locked what holds them. Raises `quota.Full`, and the model's
    DoesNotExist for the id of somebody else's.
    """
    draft = drafts.filter(pk=write.id).first()
    pk = write.id
    if draft and not (is_superseded(owner, draft, write) or follows(draft, write)):
        pk = uuid5(write.id, str(write.client))
        draft = drafts.filter(pk=pk).first()
    if draft and is_superseded(owner, draft, write):
        return draft
    new = {"id": pk, "owner": owner, **place} if draft is None else None
    return put(owner, drafts.model(**new) if new else draft, write, now, is_new=new is not None)


def is_superseded[Words](owner: User, draft: Draft[Words], write: Write[Words]) -> bool:
    """Whether this writer has already written this or something later: a repeated request changes nothing."""
    if draft.client != write.client or write.sequence > draft.sequence:
        return False
    return write.sequence < draft.sequence or draft.words(owner) == write.words


def follows[Words](draft: Draft[Words], write: Write[Words]) -> bool:
    """Whether the write is based on the current state, or its writer only missed the answer to their last write."""
    own = draft.client == write.client and write.sequence > draft.sequence
    return own or draft.revision == write.base_revision


def put[Words](owner: User, draft: Any, write: Write[Words], now: datetime, *, is_new: bool) -> Any:
    before = len(draft.sealed or b"")
    draft.seal(owner, write.words)
    quota.require_room(owner, len(draft.sealed) - before, begun=not is_new)
    draft.revision = 1 if is_new else draft.revision + 1
    draft.changed_at, draft.client, draft.sequence = now, write.client, write.sequence
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError:
        raise type(draft).DoesNotExist from None
    return draft
