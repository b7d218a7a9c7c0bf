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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import Kind, Line, register
from accounts.sealing import CannotOpen
from consultations.models import Booking, Offer, Slot, Specialist, WaitingEntry
from consultations.models.bookings import AreApart, Status
from consultations.policy import proposal_in
from consultations.services.waiting import bookable
from consultations.templatetags.booking_words import state_for_client, state_for_specialist
from lib.direction import isolated

FOR_CLIENTS: Mapping[str, Promise] = {
    Status.BOOKED: _("The specialist has changed how you meet."),
    Status.COMPLETED: _("The specialist says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("The specialist says that you did not come."),
    Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there. Someone on our team will look at it."),
    Status.CANCELLED_BY_SPECIALIST: _("The specialist cancelled this meeting."),
}
FOR_SPECIALISTS: Mapping[str, Promise] = {
    Status.BOOKED: _("A client booked this meeting."),
    Status.COMPLETED: _("The client says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("The client says that they were there. Someone on our team will look at it."),
    Status.SPECIALIST_NO_SHOW: _("The client says that you did not come."),
    Status.CANCELLED_BY_CLIENT: _("The client cancelled this meeting."),
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
    rows = theirs.filter(pk__in=targets).select_related("specialist", "client__data_key")
    return {row.pk: for_client(row, now) if row.client_id == reader.pk else for_specialist(row, now) for row in rows}


def document_of(booking: Booking) -> dict[str, Any]:
    """What is sealed in a booking; empty if that was erased or cannot be opened."""
    with suppress(CannotOpen):
        return booking.document(booking.client) if booking.client and booking.sealed else {}
    return {}


def for_client(booking: Booking, now: datetime) -> Line:
    name, document = booking.specialist.name if booking.specialist else "", document_of(booking)
    words, said = words_of(booking, FOR_CLIENTS, state_for_client(booking)), ""
    proposal = proposal_in(booking, document, now)
    if proposal and not proposal.kept:
        words, said = gettext("The specialist proposes another time for this meeting."), proposal.words
    elif booking.status == Status.CANCELLED_BY_SPECIALIST:
        said = document.get("from_specialist", "")
    return Line(words, when(booking, name), reverse("booking", args=[booking.pk]), said)


def for_specialist(booking: Booking, now: datetime) -> Line:
    words = words_of(booking, FOR_SPECIALISTS, state_for_specialist(booking))
    proposal = proposal_in(booking, document_of(booking), now)
    if proposal and proposal.kept:
        words = gettext("The client keeps the time of this meeting.")
    elif booking.status == Status.BOOKED and booking.sequence:
        words = gettext("A client moved a meeting to this time.")
    return Line(words, when(booking), reverse("practice:booking", args=[booking.pk]))


def words_of(booking: Booking, words: Mapping[str, Promise], state: str) -> str:
    if booking.settled_at:
        return gettext("The objection has been settled: %(state)s.") % {"state": state}
    return str(words.get(booking.status) or gettext("Something about this meeting has changed."))


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
