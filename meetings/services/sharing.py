"""Sharing for a meeting: a copy of this moment, until it is taken back, its time is over, or the meeting cancelled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Result
from consultations.models import Booking
from consultations.services.locks import changing, lock_booking, lock_rows
from consultations.services.refusals import NotNow, Refused
from journal.models import Entry
from meetings import policy
from meetings.copies import copies, mark_of
from meetings.models import Opening, Share
from meetings.models.preparation import Plan


class Changed(Refused):
    """What would be shared is not what the member has looked at."""

    words = _("Something has changed since you looked, so nothing was shared. Please look again.")


@changing
def share(*, owner: User, booking_id: UUID, plan: Plan, seen: str, now: datetime) -> None:
    """Share what the plan names, instead of what was shared before. `seen`: the mark of the copies looked at.

    Raises NotNow and Changed.
    """
    booking = lock_booking(Booking.objects.of_client(owner), booking_id)  # it may be cancelled meanwhile
    if not policy.may_share(booking, now):
        raise NotNow
    list(lock_rows(Entry.objects.visible_to(owner).filter(pk__in=plan.entries)))  # or be deleted
    list(lock_rows(Result.objects.visible_to(owner).filter(pk__in=[plan.result] if plan.result else [])))
    found = copies(owner, plan)
    if not found or mark_of(owner, found) != seen:
        raise Changed
    Share.objects.filter(booking=booking).delete()
    rows = []
    for number, copy in enumerate(found):
        about: dict[str, Any] = {"kind": copy.kind, "result_id": copy.result, "entry_id": copy.entry}
        row = Share(owner=owner, booking=booking, number=number, made_at=now, **about)
        row.seal(owner, copy.document)
        rows.append(row)
    Share.objects.bulk_create(rows)


@transaction.atomic
def stop(*, owner: User, booking_id: UUID) -> None:
    """Take everything back. The specialist is not told, and what is open on a screen does not open again."""
    Share.objects.of_client(owner).filter(booking=booking_id).delete()


@changing
def open_shared(*, specialist: User, booking_id: UUID, share_id: UUID, now: datetime) -> None:
    """Open something for OPEN_FOR, and note it for the member. Raises Share.DoesNotExist, and CannotOpen."""
    own = Share.objects.of_specialist(specialist).filter(booking=booking_id)
    row = lock_rows(own.select_related("owner__data_key", "booking__client", "booking__specialist")).get(pk=share_id)
    if not policy.may_see(row.booking, now):
        raise Share.DoesNotExist
    earlier = Opening.objects.filter(booking=booking_id, share=share_id).latest_first().first()
    if policy.is_open(earlier.at if earlier else None, now):
        return
    document = row.document(row.owner)
    opening = Opening(owner=row.owner, booking=row.booking, share=row.pk, at=now)
    opening.seal(row.owner, {"kind": row.kind, "on": document.get("on", ""), "title": document.get("title", "")})
    opening.save(force_insert=True)


def stop_called_off(*, booking: Booking, **_kwargs: object) -> None:
    """Nothing stays shared for a meeting that is cancelled (receiver of `called_off`)."""
    Share.objects.filter(booking=booking).delete()


def stop_parted(*, bookings: QuerySet[Booking], **_kwargs: object) -> None:
    """Nor between two people who have no more to do with each other (receiver of `parted`)."""
    Share.objects.filter(booking__in=bookings.order_by()).delete()


@transaction.atomic
def forget(*, before: datetime) -> None:
    """Delete what was shared for meetings that ended before a moment."""
    Share.objects.filter(booking__ends_at__lte=before).delete()


@transaction.atomic
def forget_openings(*, before: datetime) -> None:
    Opening.objects.filter(at__lt=before).delete()
