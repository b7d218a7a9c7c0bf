"""Booking a slot, and moving a booking. All is checked again under the locks; constraints catch what is left."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from accounts.models import Notice, User
from accounts.notices import notify
from accounts.sealing import CannotOpen, seal, unseal
from consultations import limits, proposals, rooms
from consultations.mails import Kind, tell_each
from consultations.models import Booking, BookingChange, Slot, Specialist
from consultations.models.bookings import OCCUPYING, Side, Status, occupies_time
from consultations.policy import limit_reached, may_move, proposal_in
from consultations.proposals import Proposal, State
from consultations.services import refusals
from consultations.services.booking_changes import complete, notify_others, resealed
from consultations.services.locks import Parties, changing, lock_booking, lock_parties, lock_slots
from consultations.services.open_slots import close_around, close_during, refresh
from consultations.services.refusals import Refused
from consultations.times import DURATION, HORIZON


@dataclass(frozen=True, slots=True)
class Details:
    """What a client enters when booking. `mail`: whether e-mail is safe (None: not answered, so none is sent)."""

    format: str
    name: str
    note: str
    mail: bool | None
    remind_day: bool = False
    remind_hour: bool = False


def book(
    *,
    client: User,
    specialist_id: UUID,
    slot_id: int,
    details: Details,
    token: UUID,
    now: datetime,
    dry_run: bool = False,
) -> Booking:
    """Book a slot, and tell both sides. Raises a `refusals.Refused`.

    Idempotent per form: a repeated `token` returns the booking that the first submission made.

    `dry_run`: check and store everything, then take it back, in the caller's transaction and with the caller's lock
    timeout. Nobody is told, and nothing stays.
    """
    if dry_run:
        with transaction.atomic():
            booking, _parties = insert(client.pk, specialist_id, slot_id, details, token, now)
            connection.check_constraints()  # those that would be checked at the commit
            transaction.set_rollback(True)
        return booking
    try:
        return insert_and_tell(client.pk, specialist_id, slot_id, details, token, now)
    except Refused:
        made_before = Booking.objects.of_client(client).filter(token=token).first()
        if made_before is None:
            raise
        return made_before


@changing
def insert_and_tell(
    client_id: UUID, specialist_id: UUID, slot_id: int, details: Details, token: UUID, now: datetime
) -> Booking:
    """Create the booking in one locked transaction."""
    booking, parties = insert(client_id, specialist_id, slot_id, details, token, now)
    notify(owner=parties.host, kind=Notice.Kind.MEETING_CHANGED, target=booking.pk, now=now, mails=False)
    tell_parties(parties, booking, Kind.CONFIRMED, now)
    return booking


def insert(
    client_id: UUID, specialist_id: UUID, slot_id: int, details: Details, token: UUID, now: datetime
) -> tuple[Booking, Parties]:
    """Lock, check everything, and create the booking, in the caller's transaction."""
    parties = lock_parties(client_id, specialist_id)
    slot = checked(parties, lock_slots(specialist_id, [slot_id]).get(slot_id), now)
    if not parties.is_confirmed:
        raise refusals.NotConfirmed
    address = address_of(parties, details.format)
    complete(check_limits(parties, slot, now), now)  # frees the pair for the unique constraint on upcoming bookings
    pk = uuid4()
    words = {"name": details.name, "note": details.note, "address": address, "summary": "", "room": rooms.fresh_word()}
    booking = Booking(
        id=pk,
        client=parties.client,
        specialist=parties.specialist,
        slot=slot,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        format=details.format,
        sealed=seal(parties.client, Booking.LABEL, pk, words),
        mail=details.mail,
        remind_day=details.remind_day and details.mail is True,
        remind_hour=details.remind_hour and details.mail is True,
        token=token,
        made_at=now,
        changed_at=now,
    )
    store(booking)
    close_around(parties.specialist, now, (slot.starts_at, slot.ends_at))
    if parties.own:
        close_during(parties.own, (slot.starts_at, slot.ends_at))
    return booking, parties


@changing
def reschedule(*, booking_id: UUID, client: User, slot_id: int, now: datetime, is_proposed: bool = False) -> Booking:
    """Move a booking to another slot of the same specialist, and tell both sides. On failure the old slot stands.

    `is_proposed`: the slot has to be one that the specialist proposes, and the move does not count for MOST_MOVES.
    Raises a `refusals.Refused`, Booking.DoesNotExist and, for a proposal, `accounts.sealing.CannotOpen`.
    """
    mine = Booking.objects.of_client(client)
    old = mine.get(pk=booking_id)
    if old.specialist_id is None:
        raise refusals.NobodyThere
    parties = lock_parties(client.pk, old.specialist_id)
    slots = lock_slots(old.specialist_id, [slot_id, *([old.slot_id] if old.slot_id else [])])
    booking = lock_booking(mine, booking_id)
    if booking.slot_id == slot_id:
        return booking  # sent twice
    if is_proposed:
        require_proposed(booking, parties.client, slots.get(slot_id), now)
    elif booking.reschedules >= limits.MOST_MOVES:
        raise refusals.TooMany(limits.Limit.MOVES)
    elif not may_move(booking, now):
        raise refusals.NotNow
    slot = checked(parties, slots.get(slot_id), now)
    keep_apart(parties, slot, Booking.objects.filter(bookings_at(parties, slot)).defer("sealed"))
    before = booking.starts_at, booking.ends_at
    booking.slot, booking.starts_at, booking.ends_at = slot, slot.starts_at, slot.ends_at
    booking.reschedules += not is_proposed
    booking.sequence += 1
    booking.changed_at = now
    with suppress(CannotOpen):  # then there is no address either
        taken = Proposal(state=State.TAKEN, until=now.isoformat()).stored
        words = {proposals.KEY: taken} if is_proposed else {}
        booking.sealed = resealed(booking, parties.client, without=proposals.KEY, room=rooms.fresh_word(), **words)
    store(booking)
    BookingChange.objects.create(booking=booking, at=now, side=Side.CLIENT, status=booking.status, moved_from=before[0])
    concerned = [parties.specialist, *([parties.own] if parties.own else [])]
    refresh(concerned, now, before, (slot.starts_at, slot.ends_at))
    notify_others(booking, Side.CLIENT, now, mailed=True)
    tell_parties(parties, booking, Kind.MOVED, now)
    return booking


def require_proposed(booking: Booking, client: User, slot: Slot | None, now: datetime) -> None:
    """Raise NotNow if nothing is proposed any more, Gone if this slot is not, and CannotOpen."""
    proposal = proposal_in(booking, booking.document(client), now)
    if proposal is None or not proposal.is_open:
        raise refusals.NotNow
    if slot is None or slot.starts_at not in proposal.starts:
        raise refusals.Gone


def checked(parties: Parties, slot: Slot | None, now: datetime) -> Slot:
    """Check the slot and the specialist's side (reachable, not blocked, free, notice, horizon). Raises Refused."""
    if parties.client.pk == parties.specialist.pk:
        raise refusals.WithOneself
    if not parties.is_reachable:
        raise refusals.NobodyThere
    if slot is None:
        raise refusals.Gone
    if parties.is_blocked:
        raise refusals.Taken
    if not slot.is_open:
        if parties.own:  # what closes it may be a meeting of the two, for which this specialist is the client
            keep_apart(parties, slot, Booking.objects.filter(bookings_at(parties, slot)).defer("sealed"))
        raise refusals.not_open(slot)
    if slot.starts_at <= now or slot.starts_at - now < parties.specialist.notice:
        raise refusals.TooSoon
    if slot.starts_at >= now + HORIZON:
        raise refusals.TooFar
    return slot


def address_of(parties: Parties, way: str) -> str:
    """The address or number for this format. Raises NotOffered."""
    sealed = bytes(parties.specialist.sealed_addresses or b"")
    try:
        addresses: dict[str, str] = unseal(parties.host, Specialist.LABEL, parties.specialist.pk, sealed)
    except CannotOpen:
        raise refusals.NotOffered from None
    if way not in parties.specialist.formats or not addresses.get(way):
        raise refusals.NotOffered
    return addresses[way]


def check_limits(parties: Parties, slot: Slot, now: datetime) -> list[Booking]:
    """Check the client's limits, and that both are free. Raises TooMany, Occupied or Taken.

    Returns the pair's bookings that are over but not completed yet, since the same query reads them.
    """
    rows = list(Booking.objects.filter(Q(client=parties.client) | bookings_at(parties, slot)).defer("sealed"))
    mine = [row for row in rows if row.client_id == parties.client.pk]
    if limit := limit_reached(mine, parties.specialist, now):
        raise refusals.TooMany(limit)
    keep_apart(parties, slot, rows)
    pair = [row for row in mine if row.specialist_id == parties.specialist.pk]
    return [row for row in pair if row.status == Status.BOOKED and row.ends_at <= now]


def bookings_at(parties: Parties, slot: Slot) -> Q:
    """Bookings of either person that overlap the slot, in either role."""
    people = parties.client.pk, parties.specialist.pk
    then = occupies_time & Q(starts_at__gt=slot.starts_at - DURATION, starts_at__lt=slot.ends_at)
    return then & (Q(client__in=people) | Q(specialist__in=people))


def keep_apart(parties: Parties, slot: Slot, rows: Iterable[Booking]) -> None:
    """Raise Occupied (the client) or Taken (the specialist) if one of these bookings overlaps the slot."""
    then = [row for row in rows if row.starts_at < slot.ends_at and row.ends_at > slot.starts_at]
    for row in then:
        if row.status in OCCUPYING:
            raise refusals.Occupied if parties.client.pk in (row.client_id, row.specialist_id) else refusals.Taken


def store(booking: Booking) -> None:
    """Save. Raises Refused for a constraint that stands for a refusal; other errors propagate."""
    try:
        booking.save(force_insert=booking._state.adding)
    except IntegrityError as error:
        refused = refusals.refused_by(error)
        if refused is None:
            raise
        raise refused from error


def tell_parties(parties: Parties, booking: Booking, kind: Kind, now: datetime) -> None:
    """Mail the specialist, and the client if they said that e-mail is safe."""
    owners = [parties.host, parties.client] if booking.mail is True else [parties.host]
    tell_each(owners, kind=kind, about=booking, key=f"{kind}:{booking.sequence}", now=now)
