"""Calendar files, parsed by another library: a later one replaces an earlier one, and none says what for."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from pytest_django import Settings

from accounts.models import User
from consultations.calendars import booking_file, feed
from consultations.models import Booking
from consultations.models.bookings import Status
from tests.consultations.cast import NOW, booked, verified

pytestmark = pytest.mark.django_db
SOON = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def booking(ana: User, cole: User) -> Booking:
    return booked(ana, verified(cole), SOON)


def events(file: bytes) -> list[vobject.base.Component]:
    """The events that another library finds in a file."""
    calendar = vobject.readOne(file.decode())
    assert calendar.version.value == "2.0"
    calendar.validate()
    return list(getattr(calendar, "vevent_list", []))


def moved(booking: Booking, by: timedelta) -> Booking:
    booking.starts_at += by
    booking.ends_at += by
    booking.sequence += 1
    booking.changed_at = NOW
    booking.save()
    return booking


def test_a_file_says_when_and_nothing_else(booking: Booking, settings: Settings) -> None:
    settings.SITE_URL = "https://reflect.example"
    file = booking_file(booking, now=NOW)
    [event] = events(file)
    assert event.summary.value == "Appointment"
    assert event.contents["class"][0].value == "PRIVATE"
    assert b"METHOD:PUBLISH" in file
    assert (event.dtstart.value, event.dtend.value) == (SOON, SOON + HALF_AN_HOUR)
    assert b"DTSTART:20261125T183000Z" in file
    assert event.dtstamp.value == NOW  # when the file was made, so that a changed title alone is newer
    assert event.sequence.value == "0"
    assert event.status.value == "CONFIRMED"
    allowed = {"summary", "class", "dtstart", "dtend", "dtstamp", "uid", "sequence", "status"}
    assert set(event.contents) == allowed
    for word in (
        "reflect.example",
        "http",
        "attendee",
        "organizer",
        "location",
        "ana",
        "cole",
        "marker",
        "consult",
        "specialist",
        "example/room",
    ):
        assert word not in file.decode().lower()


@pytest.mark.parametrize("words", ["Dentist", "Zahnarzt; 10, Straße 5", "a\nBEGIN:VALARM\nb", "x" * 200, "歯医者 🦷"])
def test_a_client_may_choose_the_words(booking: Booking, words: str) -> None:
    [event] = events(booking_file(booking, words, now=NOW))
    assert event.summary.value == words
    assert "valarm" not in event.contents


def test_a_move_and_a_cancellation_replace_the_first_in_order(booking: Booking) -> None:
    first = booking_file(booking, now=NOW)
    second = booking_file(moved(booking, timedelta(days=1)), now=NOW)
    booking.status, booking.sequence = Status.CANCELLED_BY_SPECIALIST, booking.sequence + 1
    third = booking_file(booking, now=NOW)
    calendar: dict[str, vobject.base.Component] = {}  # as a program keeps it: by UID, the highest sequence
    for file in (second, third, first):
        [event] = events(file)
        kept = calendar.setdefault(event.uid.value, event)
        if int(event.sequence.value) > int(kept.sequence.value):
            calendar[event.uid.value] = event
    [event] = calendar.values()
    assert event.status.value == "CANCELLED"
    assert event.dtstart.value == SOON + timedelta(days=1)
    assert [events(file)[0].sequence.value for file in (first, second, third)] == ["0", "1", "2"]


def test_lines_end_and_fold_as_the_standard_says(booking: Booking) -> None:
    file = booking_file(booking, "ä" * 100, now=NOW)
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_a_feed_says_when_and_how_and_not_with_whom(
    ben: User, dana: User, booking: Booking, cole: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://reflect.example"
    later = booked(ben, cole.specialist, SOON + timedelta(hours=1))
    gone = booked(dana, cole.specialist, SOON + timedelta(hours=2))
    Booking.objects.filter(pk=gone.pk).update(status=Status.CANCELLED_BY_CLIENT)
    file = feed(cole.specialist, now=NOW)
    found = events(file)
    assert [event.dtstart.value for event in found] == [booking.starts_at, later.starts_at]
    for event in found:
        assert event.summary.value == "Booked (Video)"
        assert set(event.contents) == {"summary", "class", "dtstart", "dtend", "dtstamp", "uid", "sequence", "url"}
    assert found[0].url.value == f"https://reflect.example/practice/meetings/{booking.pk}/"
    assert b"X-WR-CALNAME:Reflect meetings" in file
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in file
    for word in ("ana", "ben", "marker"):
        assert word not in file.decode().lower()
    assert len({event.uid.value for event in found}) == 2


def test_a_meeting_that_took_place_stays_in_the_feed_for_a_year(booking: Booking, cole: User) -> None:
    for status in Status:
        Booking.objects.filter(pk=booking.pk).update(status=status)
        took_place = status in {Status.BOOKED, Status.COMPLETED, Status.CLIENT_NO_SHOW}
        for days, expected in ((30, took_place), (366, False)):
            assert bool(events(feed(cole.specialist, now=SOON + timedelta(days=days)))) == expected


def test_a_feed_without_bookings_is_a_valid_calendar_too(cole: User) -> None:
    """RFC 5545 asks for at least one component."""
    file = feed(verified(cole), now=NOW)
    assert events(file) == []
    assert [component.name for component in vobject.readOne(file.decode()).components()] == ["VTIMEZONE"]
