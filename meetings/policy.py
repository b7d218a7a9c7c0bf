"""What may be seen and done around a meeting, decided by the state of its booking and the clock. No query."""

from datetime import datetime, timedelta

from consultations.models import Booking, Specialist
from consultations.models.bookings import CANCELLED, Status
from consultations.policy import is_ahead
from consultations.times import SESSION_LINK
from meetings.limits import OPEN_FOR, SHARED_FOR, STEP_ASKED_AFTER, STEP_WRITTEN_WITHIN


def shared_until(booking: Booking) -> datetime:
    """The end of what is shared, which moves with the meeting."""
    return booking.ends_at + SHARED_FOR


def may_share(booking: Booking, now: datetime) -> bool:
    """The member, until those who are late can no longer join."""
    return is_ahead(booking, now) and booking.specialist is not None


def may_see(booking: Booking, now: datetime) -> bool:
    """The specialist of the meeting, what is shared for it."""
    if booking.client is None or booking.specialist is None or booking.status in CANCELLED:
        return False
    stands = booking.client.is_active and booking.specialist.status != Specialist.Status.SUSPENDED
    return stands and now < shared_until(booking)


def is_open(opened_at: datetime | None, now: datetime) -> bool:
    """Whether something that was last opened then is still open."""
    return opened_at is not None and timedelta(0) <= now - opened_at < OPEN_FOR


def may_write_step(booking: Booking, now: datetime) -> bool:
    """The member, from when the page of the meeting opens until STEP_WRITTEN_WITHIN after the end."""
    in_time = booking.starts_at - SESSION_LINK <= now < booking.ends_at + STEP_WRITTEN_WITHIN
    return in_time and booking.status in (Status.BOOKED, Status.COMPLETED)


def is_time_to_ask(written_at: datetime, now: datetime) -> bool:
    """How it is with a step; whoever writes it says whether they want to be asked at all."""
    return written_at + STEP_ASKED_AFTER <= now
