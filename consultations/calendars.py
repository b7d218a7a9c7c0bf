"""Calendar files (RFC 5545): one booking of a client, and a specialist's feed. Neither says what for or with whom."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

from consultations.models import Booking, Specialist
from consultations.models.bookings import CANCELLED, Status
from consultations.times import FEED_BEHIND, FEED_REFRESHED

IN_FEED = (Status.BOOKED, Status.COMPLETED, Status.CLIENT_NO_SHOW)


def booking_file(booking: Booking, summary: str = "", *, now: datetime) -> bytes:
    """The file of one booking, titled with the client's own words (`summary`) or a neutral one.

    DTSTAMP is the time of the download, so that a file with other words alone also replaces an earlier one.
    """
    event = event_of(booking.pk, booking.starts_at, booking.ends_at, changed_at=now)
    event.add("SUMMARY", summary or _("Appointment"))
    event.add("SEQUENCE", booking.sequence)
    event.add("STATUS", "CANCELLED" if booking.status in CANCELLED else "CONFIRMED")
    return written(calendar_of([event]))


def feed(specialist: Specialist, *, now: datetime) -> bytes:
    """The bookings of a specialist that are ahead, or took place within FEED_BEHIND, for a calendar app that polls."""
    shown = specialist.bookings.filter(status__in=IN_FEED, starts_at__gt=now - FEED_BEHIND).order_by("starts_at")
    calendar = calendar_of(busy(booking) for booking in shown)
    calendar.add("X-WR-CALNAME", _("%(site)s meetings") % {"site": settings.SITE_NAME})
    calendar.add("REFRESH-INTERVAL", FEED_REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(FEED_REFRESHED))  # the same for Outlook
    if not shown:
        calendar.add_component(utc())  # a calendar without any component is none
    return written(calendar)


def busy(booking: Booking) -> Event:
    event = event_of(booking.pk, booking.starts_at, booking.ends_at, changed_at=booking.changed_at)
    event.add("SUMMARY", _("Booked (%(way)s)") % {"way": booking.get_format_display()})
    event.add("URL", settings.SITE_URL + reverse("practice:booking", args=[booking.pk]))
    event.add("SEQUENCE", booking.sequence)
    return event


def utc() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("TZID", "UTC")
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001  # RFC 5545 wants local time here
    standard.add("TZOFFSETFROM", timedelta())
    standard.add("TZOFFSETTO", timedelta())
    zone.add_component(standard)
    return zone


def event_of(booking_id: UUID, starts_at: datetime, ends_at: datetime, *, changed_at: datetime) -> Event:
    """What both kinds of file contain. All times are in UTC."""
    event = Event()
    event.add("UID", uid_of(booking_id))
    event.add("DTSTAMP", changed_at)
    event.add("DTSTART", starts_at)
    event.add("DTEND", ends_at)
    event.add("CLASS", "PRIVATE")
    return event


def uid_of(booking_id: UUID) -> str:
    return f"{booking_id}@{settings.SITE_NAME.lower()}"


def calendar_of(events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//{settings.SITE_NAME}//EN")
    calendar.add("METHOD", "PUBLISH")  # with it, Outlook replaces an event by its UID
    for event in events:
        calendar.add_component(event)
    return calendar


def written(calendar: Calendar) -> bytes:
    file: bytes = calendar.to_ical()
    return file
