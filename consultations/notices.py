"""How notices about meetings, opened times and profiles read: as things stand now, for whoever reads them."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import Kind, Line, register
from accounts.sealing import CannotOpen
from consultations.models import Booking, Offer, Slot, Specialist, WaitingEntry
from consultations.models.bookings import CANCELLED, CANCELLED_BY, AreApart, Side, Status
from consultations.policy import is_upcoming
from consultations.proposals import Proposal, State
from consultations.services.proposals import overtaken
from consultations.services.waiting import bookable
from consultations.templatetags.booking_words import (
    objection_for_client,
    objection_for_specialist,
    outcome_for_client,
    outcome_for_specialist,
)
from lib.direction import isolated

FOR_CLIENTS: Mapping[str, Promise] = {
    Status.BOOKED: _("The specialist has changed how you meet."),
    Status.COMPLETED: _("The specialist says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("The specialist says that you did not come."),
    Status.SPECIALIST_NO_SHOW: _("You said that the specialist did not come."),
    Status.CANCELLED_BY_CLIENT: _("You cancelled this meeting."),
    Status.CANCELLED_BY_SPECIALIST: _("The specialist cancelled this meeting."),
}
BECAME: Mapping[str, Promise] = {
    State.KEPT: _("You keep the time of this meeting."),
    State.TAKEN: _("You took a time that the specialist proposed."),
    State.WITHDRAWN: _("The specialist has taken back the other time. Your meeting stays as it is."),
}
FOR_SPECIALISTS: Mapping[str, Promise] = {
    Status.BOOKED: _("%(client)s booked this meeting."),
    Status.COMPLETED: _("%(client)s says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("You said that the client did not come."),
    Status.SPECIALIST_NO_SHOW: _("%(client)s says that you did not come."),
    Status.CANCELLED_BY_CLIENT: _("%(client)s cancelled this meeting."),
    Status.CANCELLED_BY_SPECIALIST: _("You cancelled this meeting."),
}
PROFILES: Mapping[str, Promise] = {
    Specialist.Status.DRAFT: _("Your profile is a draft again."),
    Specialist.Status.SUBMITTED: _("Your profile waits to be checked."),
    Specialist.Status.VERIFIED: _("Your profile has been checked."),
    Specialist.Status.HIDDEN: _("Your profile is not shown until your entry in the register has been checked again."),
    Specialist.Status.SUSPENDED: _("Your profile is suspended, and your booked meetings are cancelled."),
}


def register_notices() -> None:
    """Called once, from `AppConfig.ready`."""
    register(Kind.MEETING_CHANGED, meetings, gone=_("A meeting changed. It is no longer kept here."))
    register(Kind.TIME_FREED, opened_times, gone=_("A time had opened. It is no longer free."))
    register(Kind.PROFILE_CHECKED, profiles, gone=_("Your profile was checked. It is no longer here."))


def meetings(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    """The reader may be the client of one meeting, and the specialist of another."""
    theirs = Booking.objects.of_client(reader) | Booking.objects.of_specialist(reader)
    rows = theirs.filter(pk__in=targets).select_related("specialist", "client__data_key").with_last_change()
    opened = [(row, document_of(row)) for row in rows]
    own = [(row, Proposal.of(document)) for row, document in opened if row.client_id == reader.pk]
    gone = overtaken(own, now)
    return {
        row.pk: for_client(row, document, now, none_is_free=row.pk in gone)
        if row.client_id == reader.pk
        else for_specialist(row, document)
        for row, document in opened
    }


def document_of(booking: Booking) -> dict[str, Any]:
    """What is sealed in a booking; empty if that was erased or cannot be opened."""
    with suppress(CannotOpen):
        return booking.document(booking.client) if booking.client and booking.sealed else {}
    return {}


def for_client(booking: Booking, document: Mapping[str, Any], now: datetime, *, none_is_free: bool) -> Line:
    """`none_is_free`: whether all times that are proposed have been booked by others, or closed."""
    name = booking.specialist.name if booking.specialist else ""
    proposal, said = Proposal.of(document), ""
    if booking.status == Status.CANCELLED_BY_SPECIALIST:
        said = document.get("from_specialist", "")
    elif proposal and proposal.is_open and is_upcoming(booking, now):
        said = proposal.words
    words = words_for_client(booking, proposal, now, none_is_free=none_is_free)
    return Line(words, when(booking, name), reverse("booking", args=[booking.pk]), said)


def words_for_client(booking: Booking, proposal: Proposal | None, now: datetime, *, none_is_free: bool) -> str:
    """What happened last, whoever did it: a notice may be older than what its own reader has done since."""
    if booking.settled_at:
        return settled(outcome_for_client(booking))
    if booking.objected_at:
        return objection_for_client(booking)
    if booking.status == Status.BOOKED:
        return booked_for_client(booking, proposal, now, none_is_free=none_is_free)
    if booking.status == Status.COMPLETED and booking.last_by == Side.SITE:
        return gettext("The meeting took place.")
    if booking.status == Status.COMPLETED and booking.last_by == Side.CLIENT:
        return gettext("You said that the specialist came after all.")
    return cancelled_by_staff(booking, Side.CLIENT) or str(FOR_CLIENTS[booking.status])


def cancelled_by_staff(booking: Booking, side: Side) -> str:
    """Empty unless staff did: one side's meetings go when its account or its profile is closed, and the other does not
    read why.
    """
    if booking.status not in CANCELLED or booking.last_by != Side.STAFF:
        return ""
    is_own = booking.status == CANCELLED_BY[side]
    return gettext("Our team cancelled this meeting.") if is_own else gettext("This meeting was cancelled.")


def booked_for_client(booking: Booking, proposal: Proposal | None, now: datetime, *, none_is_free: bool) -> str:
    if proposal and proposal.is_open:
        if none_is_free:
            return ngettext(
                "The specialist had proposed another time for this meeting. It is no longer free.",
                "The specialist had proposed other times for this meeting. None of them is free any more.",
                len(proposal.starts),
            )
        if is_upcoming(booking, now):
            return gettext("The specialist proposes another time for this meeting.")
        return gettext("The specialist had proposed another time for this meeting.")
    if proposal and is_last(proposal, booking):
        return str(BECAME[proposal.state])
    if booking.last_by == Side.CLIENT:
        moved = gettext("You moved a meeting to this time.")
        return moved if booking.moved_from else gettext("You said that the specialist came after all.")
    return str(FOR_CLIENTS[Status.BOOKED])


def is_last(proposal: Proposal, booking: Booking) -> bool:
    """Whether nothing has changed since a proposal was answered or withdrawn."""
    return not proposal.until or datetime.fromisoformat(proposal.until) >= booking.changed_at


def for_specialist(booking: Booking, document: Mapping[str, Any]) -> Line:
    client = isolated(document.get("name", "")) or gettext("The client")
    words = words_for_specialist(booking, Proposal.of(document)) % {"client": client}
    return Line(words, when(booking), reverse("practice:booking", args=[booking.pk]))


def words_for_specialist(booking: Booking, proposal: Proposal | None) -> str:
    if booking.settled_at:
        return settled(outcome_for_specialist(booking))
    if booking.objected_at:
        theirs = gettext("%(client)s says that they were there. Someone on our team will look at it.")
        return theirs if booking.status == Status.CLIENT_NO_SHOW else objection_for_specialist(booking)
    if booking.status == Status.BOOKED:
        return booked_for_specialist(booking, proposal)
    if booking.status == Status.COMPLETED and booking.last_by == Side.SITE:
        return gettext("The meeting took place.")
    if booking.status == Status.COMPLETED and booking.last_by == Side.SPECIALIST:
        return gettext("You said that the meeting took place.")
    return cancelled_by_staff(booking, Side.SPECIALIST) or str(FOR_SPECIALISTS[booking.status])


def booked_for_specialist(booking: Booking, proposal: Proposal | None) -> str:
    if proposal and proposal.kept:
        return gettext("%(client)s would rather keep this time.")
    if proposal and proposal.state is State.TAKEN:
        words = gettext("%(client)s took a time that you proposed.")
        planned = date_format(timezone.localtime(booking.moved_from), "l j F, H:i") if booking.moved_from else ""
        return f"{words} {gettext('It was planned for %(moment)s.') % {'moment': planned}}" if planned else words
    if booking.last_by == Side.CLIENT and not booking.moved_from:
        return gettext("%(client)s says that you came after all.")
    return (
        gettext("%(client)s moved a meeting to this time.") if booking.sequence else str(FOR_SPECIALISTS[Status.BOOKED])
    )


def settled(outcome: str) -> str:
    return gettext("The objection is settled: %(outcome)s.") % {"outcome": outcome}


def opened_times(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    """The soonest of the times that each waiting entry was told of, and that can still be booked."""
    entries = WaitingEntry.objects.visible_to(reader).filter(pk__in=targets)
    offers = Offer.objects.filter(
        ~Q(AreApart(reader.pk, F("slot__specialist"))),
        waiting_entry__in=entries,
        slot__in=bookable(Slot.objects.all(), now).order_by(),
    )
    lines: dict[UUID, Line] = {}
    for offer in offers.select_related("slot__specialist").order_by("slot__starts_at", "slot"):
        slot, words = offer.slot, gettext("An earlier time has opened.")
        link = f"{reverse('book', args=[slot.specialist.slug])}?{urlencode({'slot': slot.pk})}"
        lines.setdefault(offer.waiting_entry_id, Line(words, when(slot, slot.specialist.name), link))
    return lines


def profiles(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    rows = Specialist.objects.of(reader).filter(pk__in=targets)
    return {row.pk: Line(state_of(row), link=reverse("practice:overview")) for row in rows}


def state_of(specialist: Specialist) -> str:
    if specialist.status == Specialist.Status.DRAFT and specialist.returned_because:
        return gettext("We sent your profile back, because something is missing.")
    return str(PROFILES[specialist.status])


def when(what: Booking | Slot, name: str = "") -> str:
    """The date and time in the reader's time zone, and with whom: "Friday 4 December 2026, 10:00 · Mara"."""
    starts = date_format(timezone.localtime(what.starts_at), "l j F Y, H:i")
    return f"{starts} · {isolated(name)}" if name else starts
