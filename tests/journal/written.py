"""Entries for tests."""

import uuid
from datetime import UTC, datetime

from accounts.models import User
from journal import services
from journal.content import Content
from journal.models import Entry, Revision
from journal.services import Conflict, Write

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written(
    owner: User,
    text: str = "A quiet evening.",
    *,
    at: datetime = NOW,
    content: Content | None = None,
    pinned: bool = False,
) -> Entry:
    """One entry of the owner's, written once."""
    write = Write(content=content or Content(texts=(text,)), pinned=pinned)
    return services.save_entry(owner=owner, entry_id=uuid.uuid4(), write=write, now=at).entry


def written_twice(owner: User) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """The ids of an entry, of its earlier version, and of a conflicting text beside it."""
    entry = written(owner)
    write = Write(content=Content(texts=("Written beside.",)))
    second = services.save_entry(owner=owner, entry_id=entry.pk, write=write, now=NOW)
    assert isinstance(second, Conflict)
    return entry.pk, Revision.objects.visible_to(owner).kept().get().pk, second.other.pk
