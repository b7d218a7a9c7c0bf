"""Calendar files (RFC 5545): one booking of a client, and a specialist's feed. Neither says what for or with whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from consultations.models import Booking, Specialist
from consultations.models.bookings import CANCELLED, Status


def booking_file(booking: Booking, summary: str = "", *, now: datetime) -> bytes:
    """The file of one booking, titled with the client's own words (`summary`) or a neutral one.

    DTSTAMP is the time of the download, so that a file with other words alone also replaces an earlier one.
    """
    event = event_of(booking.pk, booking.starts_at, booking.ends_at, changed_at=now)
    event.add("SUMMARY", summary or _("Appointment"))
    event.add("DESCRIPTION", settings.SITE_URL)
    event.add("SEQUENCE", booking.sequence)
    event.add("STATUS", "CANCELLED" if booking.status in CANCELLED else "CONFIRMED")
    return calendar_of([event])


def feed(specialist: Specialist) -> bytes:
    """The bookings of a specialist, without those cancelled or completed, for a calendar program that polls."""
    booked = specialist.bookings.filter(status=Status.BOOKED).order_by("starts_at")
    return calendar_of(busy(booking) for booking in booked)


def busy(booking: Booking) -> Event:
    event = event_of(booking.pk, booking.starts_at, booking.ends_at, changed_at=booking.changed_at)
    event.add("SUMMARY", _("Booked"))
    event.add("SEQUENCE", booking.sequence)
    return event


def event_of(booking_id: UUID, starts_at: datetime, ends_at: datetime, *, changed_at: datetime) -> Event:
    """What both kinds of file contain. All times are in UTC."""
    event = Event()
    event.add("UID", f"{booking_id}@{settings.SITE_NAME.lower()}")
    event.add("DTSTAMP", changed_at)
    event.add("DTSTART", starts_at)
    event.add("DTEND", ends_at)
    event.add("CLASS", "PRIVATE")
    return event


def calendar_of(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//{settings.SITE_NAME}//EN")
    for event in events:
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
