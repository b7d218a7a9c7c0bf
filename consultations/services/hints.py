"""What would prevent a booking, shown before the form is filled in. Only hints: the locked checks decide."""

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
    """Why this person cannot book this specialist now, or (with `slot`) not this slot; None if they can."""
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
    """Why a slot cannot be booked. One hidden by a block is reported as taken, so as not to reveal the block."""
    slot = Slot.objects.filter(specialist=specialist, pk=slot_id).first() if slot_id else None
    if slot is None:
        return refusals.Gone()
    if slot.is_open and slot.starts_at - now < specialist.notice:
        return refusals.TooSoon()
    if slot.is_open and slot.starts_at >= now + HORIZON:
        return refusals.TooFar()
    return refusals.Taken() if slot.is_open else refusals.not_open(slot)
