"""Pages of the journal as tests need them."""

import uuid
from datetime import UTC, datetime

from accounts.models import User
from journal import services
from journal.content import Content
from journal.models import Entry, Revision
from journal.services import Conflict

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written(
    owner: User, text: str = "A quiet evening.", *, at: datetime = NOW, content: Content | None = None
) -> Entry:
    """One page of the owner's, written once."""
    return services.save_entry(
        owner=owner,
        entry_id=uuid.uuid4(),
        base_revision=0,
        content=content or Content(texts=(text,)),
        client=uuid.uuid4(),
        sequence=1,
        now=at,
        keep_revision=True,
    ).entry


def written_twice(owner: User) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """The ids of a page, of its earlier version, and of the text that another writer wrote beside it."""
    entry = written(owner)
    second = services.save_entry(
        owner=owner,
        entry_id=entry.pk,
        base_revision=0,
        content=Content(texts=("Written beside.",)),
        client=uuid.uuid4(),
        sequence=1,
        now=NOW,
        keep_revision=True,
    )
    assert isinstance(second, Conflict)
    return entry.pk, Revision.objects.visible_to(owner).kept().get().pk, second.other.pk
