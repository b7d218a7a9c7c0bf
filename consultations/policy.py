"""What either side of a meeting may do now, by name, and the limits of a client. What else booking asks for is told
under its locks (services/bookings.py).
"""

from collections.abc import Iterable
from datetime import datetime

from consultations import limits
from consultations.models import Booking, Specialist
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
    return is_upcoming(booking, now) and booking.reschedules < limits.MOST_MOVES


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


def limit_reached(mine: Iterable[Booking], specialist: Specialist, now: datetime) -> limits.Limit | None:
    """The limit that keeps a client, who has booked all of `mine`, from booking this specialist, if there is any."""
    counts = limits.count([counted(row, specialist) for row in mine], now)
    return limits.reached(counts, allows_another=specialist.allows_another)


def counted(row: Booking, specialist: Specialist) -> limits.CountedBooking:
    """A booking of a client, as the limits see it when they book this specialist."""
    is_contested = row.objected_at is not None and row.settled_at is None
    return limits.CountedBooking(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        made_at=row.made_at,
        booked=row.status == Status.BOOKED,
        completed=row.status == Status.COMPLETED,
        missed=row.status == Status.CLIENT_NO_SHOW and not is_contested,
        called_off=row.status == Status.CANCELLED_BY_SPECIALIST,
        pair=row.specialist_id == specialist.pk,
    )
