"""What either side may do with a booking now, and the limits of a client. The other conditions of booking a slot are
checked under its locks (services/bookings.py).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from consultations import limits
from consultations.models import Booking, Specialist
from consultations.models.bookings import Side, Status
from consultations.proposals import Proposal
from consultations.times import NO_SHOW_FROM, NO_SHOW_UNTIL, NOTE_KEPT, SESSION_LINK

NO_SHOW = {
    Side.CLIENT: Status.CLIENT_NO_SHOW,
    Side.SPECIALIST: Status.SPECIALIST_NO_SHOW,
}  # by the side that did not come
OTHER = {Side.CLIENT: Side.SPECIALIST, Side.SPECIALIST: Side.CLIENT}


def is_upcoming(booking: Booking, now: datetime) -> bool:
    return booking.status == Status.BOOKED and booking.starts_at > now


def may_cancel(booking: Booking, now: datetime) -> bool:
    """Either side, until the start; no reason needed."""
    return is_upcoming(booking, now)


def may_move(booking: Booking, now: datetime) -> bool:
    """The client, until the start, MOST_MOVES times at most."""
    return is_upcoming(booking, now) and booking.reschedules < limits.MOST_MOVES


def may_propose(booking: Booking, now: datetime) -> bool:
    """The specialist, until the start."""
    return is_upcoming(booking, now)


def proposal_in(booking: Booking, document: Mapping[str, Any] | None, now: datetime) -> Proposal | None:
    """What the specialist proposes for a meeting that is still ahead, answered or not. `document` is the booking's."""
    proposal = Proposal.of(document) if is_upcoming(booking, now) else None
    return proposal if proposal and (proposal.is_open or proposal.kept) else None


def may_set_reminders(booking: Booking, now: datetime) -> bool:
    return is_upcoming(booking, now)


def may_replace_address(booking: Booking, now: datetime) -> bool:
    """The specialist, until the start."""
    return is_upcoming(booking, now)


def is_ahead(booking: Booking, now: datetime) -> bool:
    """Booked, and either not over or still to be joined by those who are late."""
    return booking.status == Status.BOOKED and now < booking.ends_at + SESSION_LINK


def notes_are_kept(booking: Booking, now: datetime) -> bool:
    """Until NOTE_KEPT after the end; of a cancelled meeting, too."""
    return now < booking.ends_at + NOTE_KEPT


def link_is_shown(booking: Booking, now: datetime) -> bool:
    """Whether to show how to meet: from SESSION_LINK before the start until SESSION_LINK after the end."""
    return booking.status == Status.BOOKED and booking.starts_at - SESSION_LINK <= now < booking.ends_at + SESSION_LINK


def may_mark_no_show(booking: Booking, now: datetime) -> bool:
    """Either side about the other, from NO_SHOW_FROM to NO_SHOW_UNTIL after the start, unless one objected before."""
    is_time = booking.starts_at + NO_SHOW_FROM <= now <= booking.starts_at + NO_SHOW_UNTIL
    return is_time and booking.status in (Status.BOOKED, Status.COMPLETED) and booking.objected_at is None


def may_take_back(booking: Booking, by: Side) -> bool:
    """The side that reported the no-show, until there is an objection."""
    return booking.status == NO_SHOW.get(OTHER[by]) and booking.objected_at is None


def may_mark_completed(booking: Booking, now: datetime) -> bool:
    """The specialist, from NO_SHOW_FROM after the start; it also withdraws a no-show of the client."""
    statuses = (Status.BOOKED, Status.CLIENT_NO_SHOW)
    return booking.starts_at + NO_SHOW_FROM <= now and booking.status in statuses and booking.settled_at is None


def may_object(booking: Booking, by: Side) -> bool:
    """The side that was reported as absent, once."""
    return booking.status == NO_SHOW.get(by) and booking.objected_at is None


def may_settle(booking: Booking) -> bool:
    """Staff, while there is an open objection."""
    return booking.objected_at is not None and booking.settled_at is None


def may_answer_fit(booking: Booking, now: datetime) -> bool:
    """Either side for themselves, once it is over and nobody has reported a no-show."""
    return booking.status in (Status.BOOKED, Status.COMPLETED) and booking.ends_at <= now


def limit_reached(mine: Iterable[Booking], specialist: Specialist, now: datetime) -> limits.Limit | None:
    """The limit that keeps a client whose bookings are `mine` from booking this specialist, or None."""
    counts = limits.count([counted(row, specialist) for row in mine], now)
    return limits.reached(counts, allows_another=specialist.allows_another)


def counted(row: Booking, specialist: Specialist) -> limits.CountedBooking:
    """A client's booking as the limits see it, relative to this specialist."""
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
