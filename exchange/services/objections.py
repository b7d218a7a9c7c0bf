"""What is written about an objection: by each side to the team, and by the team to each side.

A side's words are optional, and staff read them only because whoever wrote them said that they may.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import User
from accounts.notices import Kind, notify
from accounts.sealing import CannotOpen
from consultations import policy
from consultations.models import Booking
from consultations.models.bookings import Side, Status
from consultations.services import booking_changes
from consultations.services.locks import changing, lock_booking
from consultations.services.refusals import NotNow
from exchange.models import Remark
from exchange.models.contact import AGAIN

LONGEST = 2_000  # characters of a remark
MOST = 10  # remarks of one side about one objection


class Enough(Exception):
    """This side has written MOST remarks about the objection."""


@changing
def object_to(*, booking_id: UUID, by: User, remark_id: UUID, text: str, now: datetime) -> None:
    """Object, with words for the team if there are any. Raises NotNow."""
    booking_changes.object_to(booking_id=booking_id, by=by, now=now)
    if text:
        add(booking_id=booking_id, owner=by, remark_id=remark_id, text=text, now=now)


@changing
def write_to_team(*, booking_id: UUID, by: User, remark_id: UUID, text: str, now: datetime) -> None:
    """Add what one side wants to say while the objection is open; once for each id. Raises NotNow and Enough."""
    booking, _side = booking_changes.of_either_side(booking_id, by)
    mine = Remark.objects.visible_to(by)
    if mine.filter(pk=remark_id).exists():
        return
    if not policy.may_settle(booking):
        raise NotNow
    if mine.filter(booking=booking, by_team=False).count() >= MOST:
        raise Enough
    add(booking_id=booking_id, owner=by, remark_id=remark_id, text=text, now=now)


def add(
    *, booking_id: UUID, owner: User, remark_id: UUID | None = None, text: str, by_team: bool = False, now: datetime
) -> None:
    remark = Remark(booking_id=booking_id, owner=owner, by_team=by_team, at=now)
    remark.pk = remark_id or remark.pk
    remark.seal(text)
    remark.save(force_insert=True)


def opened(remarks: Iterable[Remark]) -> list[tuple[Remark, str | None]]:
    """Each with its text; None for one that cannot be opened."""
    return [(remark, text_of(remark)) for remark in remarks]


def text_of(remark: Remark) -> str | None:
    try:
        return remark.text()
    except CannotOpen:
        return None


def reason_for(booking: Booking, reader: User | AnonymousUser) -> str:
    """Why the team settled the objection as it did: what it wrote to this side at that moment; "" without a reason."""
    if booking.settled_at is None:
        return ""
    said = Remark.objects.visible_to(reader).filter(booking=booking, by_team=True, at=booking.settled_at).first()
    return (said and text_of(said)) or ""


# What staff do


@changing
def write_to_side(*, booking_id: UUID, side: Side, text: str, now: datetime) -> bool:
    """Write to one side, who gets a notice. Raises NotNow if that account is gone.

    Returns False, and sends nothing, if the last words between the team and that side were the same.
    """
    booking = lock_booking(Booking.objects.all(), booking_id)
    owner = person(booking, side)
    if owner is None:
        raise NotNow
    last = Remark.objects.visible_to(owner).filter(booking=booking).in_order().last()
    if last and last.by_team and last.at > now - AGAIN and text_of(last) == text:
        return False
    add(booking_id=booking_id, owner=owner, text=text, by_team=True, now=now)
    notify(owner=owner, kind=Kind.ANSWER, target=booking_id, now=now, mails=may_be_mailed(booking, side))
    return True


@changing
def settle(*, booking_id: UUID, outcome: Status, reason: str, now: datetime) -> None:
    """Settle the objection, with a reason that both sides read if there is one. Raises NotNow."""
    booking = booking_changes.settle(booking_id=booking_id, outcome=outcome, now=now)
    for side in (Side.CLIENT, Side.SPECIALIST) if reason else ():
        if owner := person(booking, side):
            add(booking_id=booking_id, owner=owner, text=reason, by_team=True, now=now)


def person(booking: Booking, side: Side) -> User | None:
    """The account of that side, if it is still there."""
    if side is Side.CLIENT:
        return booking.client
    return booking.specialist.user if booking.specialist else None


def may_be_mailed(booking: Booking, side: Side) -> bool:
    """Whoever has booked may have said that no e-mail about it is safe."""
    return side is Side.SPECIALIST or booking.mail is not False


# What the worker does


@transaction.atomic
def forget(*, before: datetime) -> None:
    """Delete what was written about objections that were settled before a moment."""
    Remark.objects.filter(booking__settled_at__lt=before).delete()
