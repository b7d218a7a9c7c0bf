"""What either side of a meeting may do now, by name. Booking has rules of its own (services/bookings.py)."""

from datetime import datetime

from consultations.limits import MOST_MOVES
from consultations.models import Booking
from consultations.models.bookings import Side, Status
from consultations.times import NO_SHOW_FROM, NO_SHOW_UNTIL, SESSION_LINK

NO_SHOW = {Side.CLIENT: Status.CLIENT_NO_SHOW, Side.SPECIALIST: Status.SPECIALIST_NO_SHOW}  # who did not come
OTHER = {Side.CLIENT: Side.SPECIALIST, Side.SPECIALIST: Side.CLIENT}


def is_upcoming(booking: Booking, now: datetime) -> bool:
    return booking.status == Status.BOOKED and booking.starts_at > now


def may_cancel(booking: Booking, now: datetime) -> bool:
    """Either side, up to the start, without a reason."""
    return is_upcoming(booking, now)


def may_move(booking: Booking, now: datetime) -> bool:
    """The client, up to the start, three times at most."""
    return is_upcoming(booking, now) and booking.reschedules < MOST_MOVES


def may_set_reminders(booking: Booking, now: datetime) -> bool:
    return is_upcoming(booking, now)


def may_replace_address(booking: Booking, now: datetime) -> bool:
    """The specialist, up to the start."""
    return is_upcoming(booking, now)


def link_is_shown(booking: Booking, now: datetime) -> bool:
    """How to meet, from 15 minutes before until 15 minutes after."""
    return booking.status == Status.BOOKED and booking.starts_at - SESSION_LINK <= now < booking.ends_at + SESSION_LINK


def may_mark_no_show(booking: Booking, now: datetime) -> bool:
    """Either side about the other, from 10 minutes after the start until 7 days later, unless it was said already."""
    is_time = booking.starts_at + NO_SHOW_FROM <= now <= booking.starts_at + NO_SHOW_UNTIL
    return is_time and booking.status in (Status.BOOKED, Status.COMPLETED) and booking.objected_at is None


def may_take_back(booking: Booking, by: Side) -> bool:
    """The side that said that the other one did not come, until there is an objection."""
    return booking.status == NO_SHOW.get(OTHER[by]) and booking.objected_at is None


def may_mark_completed(booking: Booking, now: datetime) -> bool:
    """The specialist, as soon as a no-show could be marked; a no-show of the client can be taken back so."""
    statuses = (Status.BOOKED, Status.CLIENT_NO_SHOW)
    return booking.starts_at + NO_SHOW_FROM <= now and booking.status in statuses and booking.settled_at is None


def may_object(booking: Booking, by: Side) -> bool:
    """The side that is said not to have come, once."""
    return booking.status == NO_SHOW.get(by) and booking.objected_at is None


def may_settle(booking: Booking) -> bool:
    """Staff, once there is an objection."""
    return booking.objected_at is not None and booking.settled_at is None


def may_answer_fit(booking: Booking, now: datetime) -> bool:
    """Either side for themselves, after a meeting that took place as far as anybody knows."""
    return booking.status in (Status.BOOKED, Status.COMPLETED) and booking.ends_at <= now
