"""A member's notes for a meeting: stored as they are typed."""

from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from accounts import drafts
from accounts.drafts import Write
from accounts.models import User
from consultations.models import Booking
from consultations.policy import notes_are_kept
from consultations.services.locks import lock_rows
from meetings.models import Preparation
from meetings.models.preparation import Plan


class Over(Exception):
    """The meeting is so long ago that notes for it are deleted; nothing was stored."""


@transaction.atomic
def save_plan(*, owner: User, booking_id: UUID, write: Write[Plan], now: datetime) -> Preparation:
    """Store the notes, and return the row in which they stand (`accounts.drafts.store`).

    Raises Over, `quota.Full`, Booking.DoesNotExist, and Preparation.DoesNotExist for the id of somebody else's.
    """
    booking = lock_rows(Booking.objects.of_client(owner)).get(pk=booking_id)  # two tabs write one after the other
    if not notes_are_kept(booking, now):
        raise Over
    own = Preparation.objects.visible_to(owner).filter(booking=booking)
    return cast("Preparation", drafts.store(owner, own, write, now, booking=booking))


@transaction.atomic
def choose_entries(*, owner: User, preparation_id: UUID, entries: tuple[str, ...], now: datetime) -> None:
    """Replace which entries the notes name. Raises Preparation.DoesNotExist, and CannotOpen."""
    row = lock_rows(Preparation.objects.visible_to(owner)).get(pk=preparation_id)
    row.seal(owner, replace(row.words(owner), entries=entries))
    row.revision += 1
    row.changed_at = now
    row.save(update_fields=["sealed", "revision", "changed_at"])


@transaction.atomic
def prefer(*, owner: User, preparation_id: UUID, now: datetime) -> None:
    """Make this version of the notes the one that counts."""
    Preparation.objects.visible_to(owner).filter(pk=preparation_id).update(changed_at=now)


@transaction.atomic
def discard(*, owner: User, preparation_id: UUID) -> None:
    Preparation.objects.visible_to(owner).filter(pk=preparation_id).delete()


@transaction.atomic
def forget(*, before: datetime) -> None:
    """Delete notes for meetings that ended before a moment."""
    Preparation.objects.filter(booking__ends_at__lte=before).delete()
