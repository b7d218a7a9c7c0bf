"""A specialist's private notes on a meeting: stored as they are typed."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from accounts import drafts
from accounts.drafts import Write
from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.services.locks import lock_rows
from meetings.models import PrivateNote


@transaction.atomic
def save_note(*, owner: User, booking_id: UUID, write: Write[str], now: datetime) -> PrivateNote:
    """Store a note, and return the row in which it stands (`accounts.drafts.store`).

    Raises `quota.Full`, Booking.DoesNotExist, and PrivateNote.DoesNotExist for the id of somebody else's.
    """
    booking = lock_rows(Booking.objects.of_specialist(owner)).get(pk=booking_id)  # two tabs write one after the other
    own = PrivateNote.objects.visible_to(owner).filter(booking=booking)
    return cast("PrivateNote", drafts.store(owner, own, write, now, booking=booking))


@transaction.atomic
def prefer_note(*, owner: User, note_id: UUID, now: datetime) -> None:
    """Make this version the one that counts."""
    PrivateNote.objects.visible_to(owner).filter(pk=note_id).update(changed_at=now)


@transaction.atomic
def delete_note(*, owner: User, note_id: UUID) -> None:
    PrivateNote.objects.visible_to(owner).filter(pk=note_id).delete()


def delete_all(*, specialist: Specialist, **_kwargs: object) -> None:
    """They go with the practice (receiver of `practice_over`)."""
    PrivateNote.objects.visible_to(specialist.user).delete()
