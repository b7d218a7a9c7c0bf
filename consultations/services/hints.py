"""What would stand in the way of a booking, told before anything is typed. Hints only: under the locks all of it is
checked again.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import User
from consultations import policy
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import occupies_time
from consultations.picker import FreeSlot
from consultations.services import refusals
from consultations.services.refusals import Refused
from consultations.times import HORIZON


def obstacle(client: User, specialist: Specialist, slot: FreeSlot | None, now: datetime) -> Refused | None:
    """Why this person can book no time with a specialist at present, or not at this time."""
    if client.pk == specialist.pk:
        return refusals.WithOneself()
    if not EmailAddress.objects.filter(user=client, verified=True).exists():
        return refusals.NotConfirmed()
    mine = Booking.objects.of_client(client).defer("sealed")
    if limit := policy.limit_reached(mine, specialist, now):
        return refusals.TooMany(limit)
    if slot is None:
        return None
    then = occupies_time & Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
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
