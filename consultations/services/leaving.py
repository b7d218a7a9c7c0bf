"""Cancel upcoming bookings; strip personal data from past ones."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import Side
from consultations.services.booking_changes import cancel
from consultations.services.locks import changing, lock_circle, lock_rows
from consultations.services.refusals import AccountGone
from consultations.signals import parted


@transaction.atomic
def leave(user: User, now: datetime) -> None:
    """End both roles of this person. Runs in the transaction that erases the account."""
    lock_circle(user.pk, now)
    # First, so that nobody is offered the slots that open.
    Specialist.objects.of(user).update(status=Specialist.Status.SUSPENDED)
    leave_as_client(user, now)
    leave_as_specialist(user.pk, now)


def leave_as_client(user: User, now: datetime) -> None:
    """Cancel what this person has booked; past bookings keep their times but lose the client's words."""
    mine = Booking.objects.of_client(user)
    for pk in list(mine.upcoming(now).values_list("pk", flat=True)):
        cancel(mine, pk, Side.CLIENT, now)
    mine.update(sealed=None, client_fit="")
    parted.send(Booking, bookings=mine)


@transaction.atomic
def leave_as_specialist(specialist_id: UUID, now: datetime, *, by: Side | None = None) -> None:
    """Cancel the bookings with a specialist who is leaving, or whom staff suspend (`by`).

    Callers hold the locks of `lock_circle`.
    """
    theirs = Booking.objects.filter(specialist=specialist_id)
    for pk in list(theirs.upcoming(now).values_list("pk", flat=True)):
        cancel(theirs, pk, Side.SPECIALIST, now, by=by)
    parted.send(Booking, bookings=theirs)


@transaction.atomic
def unblock(*, owner: User, other_id: UUID) -> None:
    """Remove a block; bookings that it cancelled stay cancelled."""
    Block.objects.filter(owner=owner, other=other_id).delete()


@changing
def block(*, owner: User, other_id: UUID, now: datetime) -> None:
    """Block somebody in either role, and cancel what the two have booked. Idempotent. Raises AccountGone."""
    people = lock_rows(User.objects.filter(pk__in=[owner.pk, other_id]))  # waits for a booking between the two
    if other_id not in {user.pk for user in people}:
        raise AccountGone
    list(lock_rows(Specialist.objects.filter(pk__in=[owner.pk, other_id])))
    Block.objects.get_or_create(owner=owner, other_id=other_id, defaults={"made_at": now})
    theirs = Booking.objects.between(owner, other_id)
    for booking in list(lock_rows(theirs.upcoming(now))):
        cancel(theirs, booking.pk, Side.CLIENT if booking.client_id == owner.pk else Side.SPECIALIST, now)
    parted.send(Booking, bookings=theirs)
