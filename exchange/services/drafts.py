"""Drafts of messages: kept as they are typed, and never over what somebody else has written meanwhile."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from accounts import drafts
from accounts.drafts import Write
from accounts.models import User
from consultations.services.locks import lock_rows
from exchange.models import Draft, Message, Side, Thread
from exchange.models.messages import Words
from exchange.services.messages import SentAlready


@transaction.atomic
def save_draft(*, owner: User, side: Side, write: Write[Words], now: datetime) -> Draft:
    """Store the words, and return the draft in which they stand (`accounts.drafts.store`).

    Raises SentAlready, `quota.Full`, and Draft.DoesNotExist for the id of somebody else's.
    """
    lock_rows(Side.objects.visible_to(owner)).get(pk=side.pk)  # sending locks it, too: no draft comes back after it
    if Message.objects.filter(pk=write.id).exists():
        raise SentAlready(same=False)
    own = Draft.objects.visible_to(owner).filter(side=side)
    return cast("Draft", drafts.store(owner, own, write, now, side=side))


@transaction.atomic
def discard(*, owner: User, side: Side, draft_id: UUID) -> bool:
    """Delete a draft, and the thread with it if nothing was ever written there; return whether that stands."""
    thread = lock_rows(Thread.objects.all()).get(pk=side.thread_id)
    Draft.objects.visible_to(owner).filter(side=side, pk=draft_id).delete()
    if thread.last_number or Draft.objects.visible_to(owner).filter(side=side).exists():
        return True
    thread.delete()
    return False
