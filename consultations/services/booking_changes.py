"""Changes to an existing booking. One side makes each change, and the other side sees it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Notice, User
from accounts.notices import notify, open_about
from accounts.sealing import CannotOpen, seal
from consultations import policy, proposals, rooms
from consultations.mails import Kind, tell, tell_each
from consultations.models import Booking, BookingChange
from consultations.models.bookings import CANCELLED_BY, Fit, Side, Status
from consultations.services.locks import changing, lock_booking, lock_both, lock_specialist
from consultations.services.open_slots import keep_closed, refresh
from consultations.services.refusals import NotNow
from consultations.signals import called_off
from consultations.times import COMPLETED_AFTER, DURATION

BATCH = 500


@changing
def cancel_by_client(*, booking_id: UUID, client: User, now: datetime) -> Booking:
    """Cancel a booking; its slot reopens. Idempotent. Raises NotNow."""
    mine = Booking.objects.of_client(client)
    return cancel(mine, booking_id, Side.CLIENT, now)


@changing
def cancel_by_specialist(
    *, booking_id: UUID, specialist: User, words: str = "", keeps_closed: bool = True, now: datetime
) -> Booking:
    """Cancel a booking; the client is told, and the slot stays closed. Idempotent. Raises NotNow.

    The client finds `words` on the page of the meeting; no mail has them.
    """
    theirs = Booking.objects.of_specialist(specialist)
    return cancel(theirs, booking_id, Side.SPECIALIST, now, reopens=not keeps_closed, words=words)


def cancel(
    rows: QuerySet[Booking],
    booking_id: UUID,
    side: Side,
    now: datetime,
    *,
    reopens: bool = True,
    words: str = "",
    by: Side | None = None,
) -> Booking:
    """Cancel in the caller's transaction. Freeing a slot cannot conflict, so no person has to be locked.

    `by`: who did it in place of this side.
    """
    specialists = lock_both(rows.filter(pk=booking_id))
    booking = lock_booking(rows, booking_id)
    if booking.status == CANCELLED_BY[side]:
        return booking
    if not policy.may_cancel(booking, now):
        raise NotNow
    booking.sequence += 1
    if booking.client and booking.sealed:
        said = {"from_specialist": words} if words else {}
        with suppress(CannotOpen):  # then nobody could read them
            booking.sealed = resealed(booking, booking.client, without=proposals.KEY, **said)
    change(booking, side, CANCELLED_BY[side], now, mailed=True, by=by)
    specialist = specialists.get(booking.specialist_id) if booking.specialist_id else None
    if specialist and not reopens:
        keep_closed(specialist, booking.starts_at, booking.ends_at)
    refresh(specialists.values(), now, (booking.starts_at, booking.ends_at))
    tell_other_side(booking, side, Kind.CANCELLED, now)
    called_off.send(Booking, booking=booking)
    return booking


@changing
def mark_completed(*, booking_id: UUID, specialist: User, now: datetime) -> Booking:
    """Mark a booking as completed, which also settles an objection to a no-show. Raises NotNow."""
    booking = lock_booking(Booking.objects.of_specialist(specialist), booking_id)
    if not policy.may_mark_completed(booking, now):
        raise NotNow
    booking.settled_at = now if booking.objected_at else None
    return change(booking, Side.SPECIALIST, Status.COMPLETED, now)


@changing
def mark_no_show(*, booking_id: UUID, by: User, now: datetime) -> Booking:
    """Report that the other side did not come; they see it and can object. Raises NotNow."""
    booking, side = of_either_side(booking_id, by)
    if not policy.may_mark_no_show(booking, now):
        raise NotNow
    return change(booking, side, policy.NO_SHOW[policy.OTHER[side]], now)


@changing
def take_back_no_show(*, booking_id: UUID, client: User, now: datetime) -> Booking:
    """Withdraw the report that the specialist did not come: booked again, or completed if it is over. Raises NotNow."""
    mine = Booking.objects.of_client(client)
    lock_specialist(mine.values_list("specialist", flat=True).get(pk=booking_id))
    booking = lock_booking(mine, booking_id)
    if not policy.may_take_back(booking, Side.CLIENT):
        raise NotNow
    has_another = mine.filter(specialist=booking.specialist, status=Status.BOOKED).exists()
    is_over = booking.ends_at <= now or has_another
    return change(booking, Side.CLIENT, Status.COMPLETED if is_over else Status.BOOKED, now)


@changing
def object_to(*, booking_id: UUID, by: User, now: datetime) -> Booking:
    """Object to a reported no-show; staff decide. Raises NotNow."""
    booking, side = of_either_side(booking_id, by)
    if not policy.may_object(booking, side):
        raise NotNow
    booking.objected_at = now
    return change(booking, side, Status(booking.status), now)


@changing
def settle(*, booking_id: UUID, outcome: Status, now: datetime) -> Booking:
    """Settle an objection with the outcome that staff found; both sides are told. Raises NotNow."""
    booking = lock_booking(Booking.objects.all(), booking_id)
    if not policy.may_settle(booking):
        raise NotNow
    booking.settled_at = now
    change(booking, Side.STAFF, outcome, now, mailed=True)
    people = [booking.specialist.user] if booking.specialist else []
    if booking.client and booking.mail is True:
        people.append(booking.client)
    if people:
        tell_each(people, kind=Kind.OBJECTION, about=booking, key="objection", now=now)
    return booking


@changing
def answer_fit(*, booking_id: UUID, by: User, fit: Fit, now: datetime) -> None:
    """Store one side's private answer; the other side never sees it. Raises NotNow."""
    booking, side = of_either_side(booking_id, by)
    if not policy.may_answer_fit(booking, now):
        raise NotNow
    column = {Side.CLIENT: "client_fit", Side.SPECIALIST: "specialist_fit"}[side]
    setattr(booking, column, fit)
    booking.save(update_fields=[column])


@changing
def set_reminders(
    *, booking_id: UUID, client: User, mail: bool | None, remind_day: bool, remind_hour: bool, now: datetime
) -> None:
    """Change whether e-mail is safe, and which reminders are wanted. Raises NotNow."""
    booking = lock_booking(Booking.objects.of_client(client), booking_id)
    if not policy.may_set_reminders(booking, now):
        raise NotNow
    booking.mail = mail
    booking.remind_day, booking.remind_hour = (wanted and mail is True for wanted in (remind_day, remind_hour))
    booking.save(update_fields=["mail", "remind_day", "remind_hour"])


@changing
def set_summary(*, booking_id: UUID, client: User, summary: str) -> None:
    """Store the client's own title for their calendar. Raises `accounts.sealing.CannotOpen`."""
    booking = lock_booking(Booking.objects.of_client(client), booking_id)
    reseal(booking, client, summary=summary)


@changing
def replace_address(*, booking_id: UUID, specialist: User, address: str, now: datetime) -> None:
    """Replace the address or number to meet at, in the same format. Raises NotNow and CannotOpen."""
    booking = lock_booking(Booking.objects.of_specialist(specialist), booking_id)
    if booking.client is None or not policy.may_replace_address(booking, now):
        raise NotNow
    reseal(booking, booking.client, address=address, room=rooms.fresh_word())
    change(booking, Side.SPECIALIST, Status.BOOKED, now)


def complete_past(*, now: datetime) -> int:
    """Complete bookings that ended COMPLETED_AFTER ago and were never marked. Returns how many."""
    over = Booking.objects.filter(status=Status.BOOKED, ends_at__lte=now - COMPLETED_AFTER)
    done = 0
    while batch := complete_batch(over, now):
        done += batch
    return done


@changing
def complete_batch(over: QuerySet[Booking], now: datetime) -> int:
    rows = over.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return complete(rows.order_by("starts_at")[:BATCH], now)


def complete(bookings: Iterable[Booking], now: datetime) -> int:
    """Mark these bookings, which are over, as completed. Returns how many."""
    found = [booking.pk for booking in bookings]
    if not found:
        return 0
    Booking.objects.filter(pk__in=found).update(status=Status.COMPLETED, changed_at=now)
    BookingChange.objects.bulk_create(
        BookingChange(booking_id=pk, at=now, side=Side.SITE, status=Status.COMPLETED) for pk in found
    )
    return len(found)


def forget_notes(*, before: datetime) -> int:
    """Erase what is sealed in bookings that ended before a moment. Returns how many."""
    return Booking.objects.filter(sealed__isnull=False, ends_at__lt=before).update(sealed=None)


def forget_bookings(*, before: datetime) -> None:
    """Delete bookings that ended before a moment, with their history."""
    Booking.objects.filter(starts_at__lt=before - DURATION).delete()  # the start is indexed, the end is not


def of_either_side(booking_id: UUID, person: User) -> tuple[Booking, Side]:
    """Lock a booking of this person. Returns it with the side they are on. Raises Booking.DoesNotExist."""
    rows = Booking.objects.of_client(person) | Booking.objects.of_specialist(person)
    booking = lock_booking(rows, booking_id)
    return booking, Side.CLIENT if booking.client_id == person.pk else Side.SPECIALIST


def change(
    booking: Booking, side: Side, status: Status, now: datetime, *, mailed: bool = False, by: Side | None = None
) -> Booking:
    """Save a booking with its new status, add a line to its history, and give the others a notice.

    That a meeting took place as booked is no news. `mailed`: the change sends a mail of its own to whoever may be told.
    `by`: who did it in place of the side, for the history; what the side is told of that is not told here.
    """
    as_expected = booking.status == Status.BOOKED and status == Status.COMPLETED
    booking.status, booking.changed_at = status, now
    booking.save()
    BookingChange.objects.create(booking=booking, at=now, side=by or side, status=status)
    notify_others(booking, side, now, mailed=mailed, is_news=not as_expected)
    return booking


def notify_others(booking: Booking, side: Side, now: datetime, *, mailed: bool, is_news: bool = True) -> None:
    """Give the others a notice. That of the side itself counts as read: its own act has overtaken it.

    A client who said that no e-mail about this is safe gets none; without an answer, the settings decide.
    """
    people: list[tuple[User, Side, bool]] = []
    if booking.client:
        people.append((booking.client, Side.CLIENT, booking.mail is None or (booking.mail and not mailed)))
    if booking.specialist:
        people.append((booking.specialist.user, Side.SPECIALIST, not mailed))
    for owner, theirs, mails in sorted(people, key=lambda one: one[0].pk):
        if theirs is side:
            open_about(owner=owner, kind=Notice.Kind.MEETING_CHANGED, target=booking.pk, now=now)
        elif is_news:
            notify(owner=owner, kind=Notice.Kind.MEETING_CHANGED, target=booking.pk, now=now, mails=mails)


def reseal(booking: Booking, client: User, *, without: str = "", **words: Any) -> None:
    """Replace some values of the sealed document."""
    booking.sealed = resealed(booking, client, without=without, **words)
    booking.save(update_fields=["sealed"])


def resealed(booking: Booking, client: User, *, without: str = "", **words: Any) -> bytes:
    """The sealed document with some other values, and without one. Raises `accounts.sealing.CannotOpen`."""
    document = {name: value for name, value in booking.document(client).items() if name != without}
    return seal(client, Booking.LABEL, booking.pk, document | words)


def tell_other_side(booking: Booking, side: Side, kind: Kind, now: datetime, *, since: str = "") -> None:
    """Mail the specialist, or the client if they said that e-mail is safe: once a kind, `since`, and state of it."""
    if side is Side.CLIENT:
        owner = booking.specialist.user if booking.specialist else None
    else:
        owner = booking.client if booking.mail is True else None
    if owner:
        tell(
            owner=owner,
            kind=kind,
            about=booking,
            key=f"{kind}:{booking.sequence}" + (f":{since}" if since else ""),
            now=now,
        )
