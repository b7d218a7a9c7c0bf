"""What would stand in the way of a booking, told before anything is typed. Hints only: under the locks all of it is
checked again.
"""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import User
from consultations import limits
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import Status, occupies_time
from consultations.picker import Time
from consultations.services import refusals
from consultations.services.refusals import Refused
from consultations.times import HORIZON


def obstacle(client: User, specialist: Specialist, time: Time | None, now: datetime) -> Refused | None:
    """Why this person can book no time with a specialist at present, or not at this time."""
    if client.pk == specialist.pk:
        return refusals.WithOneself()
    if not EmailAddress.objects.filter(user=client, verified=True).exists():
        return refusals.NotConfirmed()
    mine = Booking.objects.of_client(client).defer("sealed")
    if limit := limit_reached(mine, specialist, now):
        return refusals.TooMany(limit)
    if time is None:
        return None
    then = occupies_time & Q(starts_at__lt=time.ends_at, ends_at__gt=time.starts_at)
    theirs = Booking.objects.filter(Q(client=client) | Q(specialist=client.pk), then)
    return refusals.Occupied() if theirs.exists() else None


def why_lost(specialist: Specialist, slot_id: int | None, now: datetime) -> Refused:
    """Why a time is not among those that can be booked. One that a block keeps from somebody counts as taken."""
    slot = Slot.objects.filter(specialist=specialist, pk=slot_id).first() if slot_id else None
    if slot is None:
        return refusals.Gone()
    if slot.is_open and slot.starts_at - now < specialist.notice:
        return refusals.TooSoon()
    if slot.is_open and slot.starts_at >= now + HORIZON:
        return refusals.TooFar()
    return refusals.Taken()


def limit_reached(mine: Iterable[Booking], specialist: Specialist, now: datetime) -> limits.Limit | None:
    """The limit that keeps a client, who has booked all of `mine`, from booking this specialist, if there is any."""
    counts = limits.count([counted(row, specialist) for row in mine], now)
    return limits.reached(counts, allows_another=specialist.allows_another)


def counted(row: Booking, specialist: Specialist) -> limits.Meeting:
    """A booking of a client, as the limits see it when they book this specialist."""
    is_contested = row.objected_at is not None and row.settled_at is None
    return limits.Meeting(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        made_at=row.made_at,
        booked=row.status == Status.BOOKED,
        completed=row.status == Status.COMPLETED,
        missed=row.status == Status.CLIENT_NO_SHOW and not is_contested,
        called_off=row.status == Status.CANCELLED_BY_SPECIALIST,
        pair=row.specialist_id == specialist.pk,
    )
