"""Other times that a specialist proposes for a meeting. The client takes one, or keeps the meeting as it is.

A proposal holds no slot: whoever is first has it. It is gone once the meeting is moved or cancelled, and counts no more
once it begins. To take one is `bookings.reschedule`.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultations import policy
from consultations.mails import Kind
from consultations.models import Booking, Slot
from consultations.models.bookings import Side
from consultations.proposals import Proposal, State
from consultations.services.booking_changes import notify_others, reseal, tell_other_side
from consultations.services.locks import changing, lock_booking
from consultations.services.refusals import Gone, NotNow
from consultations.services.waiting import bookable


def slots_to_propose(specialist: User, now: datetime) -> list[Slot]:
    """The specialist's own open slots, the soonest first; none while they take no bookings."""
    return list(bookable(Slot.objects.filter(specialist=specialist.pk), now))


def with_slots(booking: Booking, proposal: Proposal, now: datetime) -> list[tuple[datetime, int | None]]:
    """What is proposed, with the slot of each time that is still free."""
    theirs = Slot.objects.filter(specialist=booking.specialist_id, starts_at__in=proposal.starts)
    free = {slot.starts_at: slot.pk for slot in bookable(theirs, now)}
    return [(start, free.get(start)) for start in sorted(proposal.starts)]


def overtaken(proposed: Iterable[tuple[Booking, Proposal | None]], now: datetime) -> set[UUID]:
    """Those of these bookings whose proposal waits for an answer, and has no time left that is free. One query."""
    waiting = [(booking, one) for booking, one in proposed if one and one.is_open and policy.is_upcoming(booking, now)]
    if not waiting:
        return set()
    starts = {start for _booking, one in waiting for start in one.starts}
    theirs = Slot.objects.filter(specialist__in={booking.specialist_id for booking, _one in waiting})
    free = set(bookable(theirs.filter(starts_at__in=starts), now).values_list("specialist", "starts_at"))
    return {
        booking.pk
        for booking, one in waiting
        if not any((booking.specialist_id, start) in free for start in one.starts)
    }


@changing
def propose(*, booking_id: UUID, specialist: User, slots: Collection[int], words: str, now: datetime) -> None:
    """Propose these slots, in place of what was proposed before, and tell the client.

    Raises NotNow, Gone and CannotOpen.
    """
    booking = lock_booking(Booking.objects.of_specialist(specialist), booking_id)
    if booking.client is None or not policy.may_propose(booking, now):
        raise NotNow
    found = bookable(Slot.objects.filter(specialist=specialist.pk, pk__in=slots), now)
    starts = tuple(slot.starts_at for slot in found)
    if len(starts) < len(set(slots)):
        raise Gone
    before = Proposal.of(booking.document(booking.client))
    since = before.since if before and before.is_open else now.isoformat()
    reseal(booking, booking.client, proposal=Proposal(starts, words, since=since).stored)
    notify_others(booking, Side.SPECIALIST, now, mailed=True)
    tell_other_side(booking, Side.SPECIALIST, Kind.PROPOSED, now, since=since)


@changing
def withdraw(*, booking_id: UUID, specialist: User, now: datetime) -> None:
    """Take the proposal back; the notice that the client has says so. Idempotent. Raises NotNow and CannotOpen."""
    booking = lock_booking(Booking.objects.of_specialist(specialist), booking_id)
    if booking.client is None or not policy.may_propose(booking, now):
        raise NotNow
    proposal = Proposal.of(booking.document(booking.client))
    if proposal and proposal.is_open:
        withdrawn = Proposal(state=State.WITHDRAWN, since=proposal.since, until=now.isoformat())
        reseal(booking, booking.client, proposal=withdrawn.stored)


@changing
def keep(*, booking_id: UUID, client: User, now: datetime) -> None:
    """Keep the meeting as it is, and tell the specialist. Idempotent. Raises NotNow and CannotOpen."""
    booking = lock_booking(Booking.objects.of_client(client), booking_id)
    proposal = policy.proposal_in(booking, booking.document(client), now)
    if proposal is None:
        raise NotNow
    if proposal.kept:
        return
    reseal(booking, client, proposal=replace(proposal, state=State.KEPT, until=now.isoformat()).stored)
    notify_others(booking, Side.CLIENT, now, mailed=True)
    tell_other_side(booking, Side.CLIENT, Kind.KEPT, now, since=proposal.since)
