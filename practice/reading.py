"""What a specialist's pages show of their meetings, under the names that the clients chose, and of their week."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.availability import begins
from consultations.models import Absence, Booking, Slot, Specialist
from consultations.models.bookings import BookingQuerySet, Status
from consultations.policy import link_is_shown, proposal_in
from consultations.proposals import Proposal
from consultations.services.absences import name_of
from consultations.services.proposals import overtaken
from consultations.templatetags.booking_words import state_of_slot
from consultations.templatetags.specialist_words import nobody_can_book
from consultations.times import COMPLETED_AFTER, DURATION, SESSION_LINK
from lib.figures import spelled
from lib.zones import zone
from practice.week import DAY, DAYS, Absent, Day, Time, days_of


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booking with what its client said; `name` is "" where it cannot be opened, or is no longer kept.

    `proposal`: other times, while the client has not answered; `none_is_free`: whether nothing is left of them.
    """

    booking: Booking
    name: str
    has_note: bool
    is_first: bool
    proposal: Proposal | None = None
    none_is_free: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.booking.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.booking.ends_at


def meetings(rows: BookingQuerySet) -> list[Meeting]:
    """One query, however many clients there are: each name opens with its client's own key, read with the row.

    One more if other times are proposed for any of them.
    """
    now = timezone.now()
    found = [opened(row, now) for row in rows.select_related("client__data_key").with_earlier().with_last_change()]
    gone = overtaken([(one.booking, one.proposal) for one in found], now)
    return [replace(one, none_is_free=True) if one.booking.pk in gone else one for one in found]


def opened(booking: Booking, now: datetime) -> Meeting:
    words: dict[str, Any] = {"name": "", "note": ""}
    if booking.client and booking.sealed:
        with suppress(CannotOpen):
            words = booking.document(booking.client)
    is_first = booking.client_id is not None and not booking.has_earlier
    proposal = proposal_in(booking, words, now)
    open_one = proposal if proposal and proposal.is_open else None
    return Meeting(booking, words["name"], bool(words["note"]), is_first, open_one)


def meetings_at(owner: User, starts: Collection[datetime]) -> list[Meeting]:
    """What is booked during the half hours that begin then. One query."""
    if not starts:
        return []
    near = Q(starts_at__gt=min(starts) - DURATION, starts_at__lt=max(starts) + DURATION)
    rows = Booking.objects.of_specialist(owner).occupying().filter(near).order_by("starts_at", "id")
    return [one for one in meetings(rows) if any(abs(one.starts_at - start) < DURATION for start in starts)]


def proposed_elsewhere(owner: User, booking_id: UUID, now: datetime) -> dict[datetime, str]:
    """The times that are proposed for other meetings than this one, with the name of the client whose answer waits."""
    others = meetings(Booking.objects.of_specialist(owner).upcoming(now).exclude(pk=booking_id))
    return {start: one.name for one in others if one.proposal for start in one.proposal.starts}


def by_day(found: Iterable[Meeting]) -> list[tuple[date, list[Meeting]]]:
    """Sorted meetings, by their date in the active time zone."""
    return [(day, [*those]) for day, those in groupby(found, key=lambda one: localtime(one.starts_at).date())]


@dataclass(frozen=True, slots=True)
class Week:
    """One week, and what else is at hand: what goes on now, what comes next, and what is over and not yet marked."""

    monday: date
    days: Sequence[Day[Meeting]]
    going_on: Sequence[Meeting]
    next: Meeting | None
    to_mark: Sequence[Meeting]
    closed: str  # why none of its times can be booked; "" while they can

    @property
    def sunday(self) -> date:
        return self.monday + DAY * (DAYS - 1)

    @property
    def first_in_words(self) -> str:
        """Monday, with as much as differs from Sunday: "28 December 2026"."""
        if self.monday.year != self.sunday.year:
            return date_format(self.monday, "j F Y")
        return date_format(self.monday, "j" if self.monday.month == self.sunday.month else "j F")

    @property
    def last_in_words(self) -> str:
        """Sunday, with the year unless the whole week is in this one."""
        is_of_this_year = self.monday.year == self.sunday.year == timezone.localdate().year
        return date_format(self.sunday, "j F" if is_of_this_year else "j F Y")

    @property
    def earlier(self) -> date:
        return self.monday - DAY * DAYS

    @property
    def later(self) -> date:
        return self.monday + DAY * DAYS

    @property
    def meetings(self) -> list[Meeting]:
        return [one for day in self.days for one in day.meetings]

    def in_words(self) -> str:
        """How much there is: "Six meetings, three of them with new clients. Five times are free." """
        if self.closed:
            return f"{self.meetings_in_words()} {self.closed}"
        free = sum(time.is_free for day in self.days for time in day.times)
        words = ngettext("One time is free.", "%(count)s times are free.", free) if free else _("No free times.")
        return f"{self.meetings_in_words()} {words % {'count': spelled(free).capitalize()}}"

    def meetings_in_words(self) -> str:
        found, first = self.meetings, sum(one.is_first for one in self.meetings)
        count = spelled(len(found)).capitalize()
        if not found:
            return _("No meetings.")
        if not first:
            return ngettext("One meeting.", "%(count)s meetings.", len(found)) % {"count": count}
        if len(found) == 1:
            return _("One meeting, with a new client.")
        if first == len(found):
            both = _("%(count)s meetings, both with new clients.")
            return (both if first == 2 else _("%(count)s meetings, all with new clients.")) % {"count": count}
        words = ngettext(
            "%(count)s meetings, one of them with a new client.",
            "%(count)s meetings, %(first)s of them with new clients.",
            first,
        )
        return words % {"count": count, "first": spelled(first)}


def time_of(slot: Slot, specialist: Specialist, now: datetime) -> Time:
    """A slot as the week shows it: free is what can still be booked."""
    is_free = slot.is_open and specialist.takes_bookings and slot.starts_at >= now + specialist.notice
    return Time(slot.starts_at, slot.ends_at, state_of_slot(slot, now), is_free)


def next_after(owner: User, now: datetime, moment: datetime) -> Meeting | None:
    """The first upcoming meeting from a moment on."""
    upcoming = Booking.objects.of_specialist(owner).upcoming(now)
    return next(iter(meetings(upcoming.filter(starts_at__gte=moment)[:1])), None)


def week(owner: User, specialist: Specialist, monday: date, now: datetime) -> Week:
    """Three queries, or up to five: bookings, slots, absences, this week the next meeting, if it comes later, and which
    of the proposed times are free.

    Each looks at one specialist and a few days (see the indexes).
    """
    here = zone(specialist.timezone)
    first, last = begins(monday, here), begins(monday + DAY * DAYS, here)
    of_week = Q(starts_at__gte=first, starts_at__lt=last)
    at_hand = Q(starts_at__gt=now - COMPLETED_AFTER - DAY, starts_at__lte=now + SESSION_LINK)
    rows = Booking.objects.of_specialist(owner).occupying().filter(of_week | at_hand)
    found = meetings(rows.order_by("starts_at", "id"))
    slots = specialist.slots.filter(of_week).order_by("starts_at")
    sunday = monday + DAY * (DAYS - 1)
    coming = (one for one in found if one.starts_at > now and not link_is_shown(one.booking, now))
    absences = Absence.objects.of(owner).filter(first__lte=sunday, last__gte=monday).order_by("first", "id")
    return Week(
        monday,
        days_of(
            monday,
            here,
            meetings=[one for one in found if first <= one.starts_at < last],
            times=[time_of(slot, specialist, now) for slot in slots],
            absences=[Absent(row.first, row.last, name_of(row, owner) or "") for row in absences],
            now=now,
        ),
        going_on=[one for one in found if link_is_shown(one.booking, now)],
        next=next(coming, None) or (next_after(owner, now, last) if first <= now < last else None),
        to_mark=[one for one in found if one.booking.status == Status.BOOKED and one.ends_at <= now],
        closed=nobody_can_book(specialist),
    )
