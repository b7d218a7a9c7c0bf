"""A specialist's own calendars: what the job reads and keeps, and what it does to the times that are offered."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.busy.answers import Failure
from consultations.busy.reading import Reader
from consultations.models import BusyCalendar, Slot, Specialist
from consultations.models.calendars import Words
from consultations.services import own_calendars
from consultations.services.busy import busy_ranges, overlapping
from consultations.services.own_calendars import TooManyCalendars, connect, note_look, read_due
from consultations.tasks import read_calendars, read_calendars_now
from consultations.times import BUSY_HOLDS, CALENDAR_FAILS, CALENDAR_OFTEN, CALENDAR_SELDOM, EXPANDED_AGAIN, LOOK_NOTED
from tests.calendar_server import CalendarServer, calendar_of, calendar_server
from tests.conftest import AsUser
from tests.consultations.cast import NOW, booked, slot, verified

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TEN = datetime(2026, 11, 26, 10, tzinfo=UTC)
PATH = "/private-marker9/basic.ics"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("tls")) as server:
        yield server


@pytest.fixture
def host(cole: User) -> Specialist:
    return verified(cole)


def connected(server: CalendarServer, host: Specialist, **about: Any) -> BusyCalendar:
    """A calendar of this specialist, which is due."""
    server.give(PATH, calendar_of((TEN, TEN + HOUR)))
    words = Words(f"https://localhost{PATH}", "Private")
    chosen = {"all_day": True, "now": NOW, **about}
    return connect(owner=host.user, words=words, **chosen)


def read(server: CalendarServer, now: datetime = NOW) -> None:
    read_due(now=now, opening=server.opening)


def is_busy(free: Slot) -> bool:
    free.refresh_from_db()
    return free.busy


def test_an_event_closes_its_time_until_it_is_deleted(server: CalendarServer, host: Specialist) -> None:
    inside, outside = slot(host, TEN + HOUR / 2), slot(host, TEN + HOUR)
    calendar = connected(server, host)
    read(server)
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert (inside.busy, inside.is_open) == (True, False)
    assert (outside.busy, outside.is_open) == (False, True)
    calendar.refresh_from_db()
    assert (calendar.read_at, calendar.failure, calendar.left_out) == (NOW, "", 0)
    assert busy_ranges(host, NOW) == [(TEN, TEN + HOUR)]

    server.give(PATH, calendar_of())
    read(server, NOW + HOUR)
    inside.refresh_from_db()
    assert (inside.busy, inside.is_open) == (False, True)


def test_a_booked_meeting_is_never_cancelled_by_an_event(server: CalendarServer, host: Specialist, ana: User) -> None:
    booking = booked(ana, host, TEN)
    connected(server, host)
    read(server)
    booking.refresh_from_db()
    assert booking.status == "booked"
    assert overlapping([booking], BusyCalendar.objects.all(), host.user, NOW) == {booking.pk}


def test_a_meeting_from_our_own_feed_is_not_busy(server: CalendarServer, host: Specialist, ana: User) -> None:
    ours = booked(ana, host, TEN)
    connected(server, host)
    server.give(PATH, calendar_of((TEN, TEN + HOUR)).replace(b"UID:0@example.org", f"UID:{ours.pk}@reflect".encode()))
    read(server)
    assert busy_ranges(host, NOW) == []


def test_what_its_owner_declined_is_free(server: CalendarServer, host: Specialist) -> None:
    connected(server, host)
    declined = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{host.user.email}"
    server.give(PATH, calendar_of((TEN, TEN + HOUR), words=declined))
    read(server)
    assert busy_ranges(host, NOW) == []


def test_google_says_in_the_address_whose_calendar_it_is() -> None:
    address = "https://calendar.google.com/calendar/ical/Cole%40practice.example/private-1/basic.ics"
    assert own_calendars.owner_in(address) == {"cole@practice.example"}
    assert own_calendars.owner_in("https://example.org/a.ics") == set()


def test_unchanged_bytes_are_kept_as_they_are(
    server: CalendarServer, host: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = connected(server, host)
    read(server)
    calendar.refresh_from_db()
    kept: list[object] = []
    monkeypatch.setattr(own_calendars, "keep", lambda *words: kept.append(words))
    read(server, NOW + HOUR)
    assert not kept
    again = BusyCalendar.objects.get()
    assert again.read_at == NOW + HOUR
    assert again.sealed_ranges == calendar.sealed_ranges
    read(server, NOW + EXPANDED_AGAIN)  # what repeats has come nearer
    assert kept
    kept.clear()
    Specialist.objects.update(timezone="Asia/Tokyo")
    read(server, NOW + 2 * HOUR + EXPANDED_AGAIN)
    assert kept


def test_the_digest_tells_nothing_without_the_key(server: CalendarServer, host: Specialist, ben: User) -> None:
    other = verified(ben)
    connected(server, host)
    connected(server, other)
    read(server)
    one, two = BusyCalendar.objects.all()
    assert one.digest
    assert bytes(one.digest) != bytes(two.digest or b"")


def test_address_name_and_times_are_sealed_for_their_owner(server: CalendarServer, host: Specialist, ben: User) -> None:
    calendar = connected(server, host)
    read(server)
    calendar.refresh_from_db()
    assert calendar.words(host.user) == Words(f"https://localhost{PATH}", "Private")
    assert calendar.ranges(host.user) == [(int(TEN.timestamp()), int((TEN + HOUR).timestamp()))]
    with pytest.raises(CannotOpen):
        calendar.words(ben)
    with pytest.raises(CannotOpen):
        calendar.ranges(ben)


def test_all_day_is_a_choice_of_each_calendar(server: CalendarServer, host: Specialist) -> None:
    calendar = connected(server, host)
    day = b"DTSTART;VALUE=DATE:20261126"
    server.give(PATH, b"\n".join([b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", day, b"END:VEVENT", b"END:VCALENDAR"]))
    read(server)
    assert len(busy_ranges(host, NOW)) == 1
    own_calendars.change(owner=host.user, calendar_id=calendar.pk, name="Birthdays", all_day=False)
    read(server)
    assert busy_ranges(host, NOW) == []
    calendar.refresh_from_db()
    assert calendar.words(host.user).name == "Birthdays"


def test_old_times_hold_for_seven_days_and_are_then_forgotten(server: CalendarServer, host: Specialist) -> None:
    later = NOW + 10 * DAY
    free = slot(host, later)
    calendar = connected(server, host)
    server.give(PATH, calendar_of((later, later + HOUR)))
    read(server)
    server.give(PATH, b"", status=404)
    for hours in (1, 23, 25, 24 * 7 - 1):
        read(server, NOW + hours * HOUR)
        calendar.refresh_from_db()
        assert (calendar.failing_since, calendar.failure, calendar.read_at) == (NOW + HOUR, Failure.GONE, NOW)
        assert calendar.is_failing(NOW + hours * HOUR) == (hours * HOUR >= HOUR + CALENDAR_FAILS)
        assert busy_ranges(host, NOW + hours * HOUR)
    assert busy_ranges(host, NOW + BUSY_HOLDS - MINUTE)
    assert not busy_ranges(host, NOW + BUSY_HOLDS)
    assert is_busy(free)
    read(server, NOW + BUSY_HOLDS + HOUR)
    calendar.refresh_from_db()
    assert not is_busy(free)
    assert (calendar.sealed_ranges, calendar.digest) == (None, None)

    server.give(PATH, calendar_of((later, later + HOUR)))
    read(server, NOW + BUSY_HOLDS + 3 * HOUR)
    calendar.refresh_from_db()
    assert (calendar.failing_since, calendar.failure) == (None, "")
    assert is_busy(free)


def test_five_calendars_and_the_same_address_once(server: CalendarServer, host: Specialist) -> None:
    for number in range(own_calendars.MOST_CALENDARS):
        connect(owner=host.user, words=Words(f"https://a.example/{number}", "x"), all_day=True, now=NOW)
    connect(owner=host.user, words=Words("https://a.example/0", "y"), all_day=False, now=NOW)
    assert BusyCalendar.objects.count() == own_calendars.MOST_CALENDARS
    with pytest.raises(TooManyCalendars):
        connect(owner=host.user, words=Words("https://a.example/new", "x"), all_day=True, now=NOW)


def test_removing_a_calendar_opens_its_times(server: CalendarServer, host: Specialist) -> None:
    free = slot(host, TEN)
    calendar = connected(server, host)
    read(server)
    own_calendars.remove(owner=host.user, calendar_id=calendar.pk, now=NOW)
    free.refresh_from_db()
    assert (free.busy, free.is_open) == (False, True)
    assert not BusyCalendar.objects.exists()


def due_in(calendar: BusyCalendar, now: datetime) -> timedelta:
    calendar.refresh_from_db()
    assert calendar.due_at
    return calendar.due_at - now


def test_often_while_somebody_looks_and_else_seldom(server: CalendarServer, host: Specialist) -> None:
    calendar = connected(server, host)
    read(server)
    assert 0.9 * CALENDAR_OFTEN <= due_in(calendar, NOW) <= CALENDAR_OFTEN
    tomorrow = NOW + DAY + MINUTE
    read(server, tomorrow)
    assert 0.9 * CALENDAR_SELDOM <= due_in(calendar, tomorrow) <= CALENDAR_SELDOM
    note_look(specialist_id=host.pk, now=tomorrow)
    assert due_in(calendar, tomorrow) <= CALENDAR_OFTEN
    read(server, tomorrow + CALENDAR_OFTEN)
    assert due_in(calendar, tomorrow + CALENDAR_OFTEN) <= CALENDAR_OFTEN


def test_what_is_not_due_is_left_alone(server: CalendarServer, host: Specialist) -> None:
    connected(server, host)
    read(server)
    asked = len(server.asked)
    read(server, NOW + MINUTE)
    assert len(server.asked) == asked
    own_calendars.read_now(owner=host.user)
    read(server, NOW + MINUTE)
    assert len(server.asked) == asked + 1


@pytest.mark.parametrize("fields", [{"status": "suspended"}, {"is_active": False}, {"closes_at": NOW + DAY}])
def test_nothing_is_read_of_whoever_is_shut_out(
    server: CalendarServer, host: Specialist, fields: dict[str, Any]
) -> None:
    connected(server, host)
    rows: Any = Specialist if "status" in fields else User
    rows.objects.filter(pk=host.pk).update(**fields)
    asked = len(server.asked)
    read(server)
    assert len(server.asked) == asked


def test_a_look_is_noted_once_an_hour(host: Specialist, ana: User, as_user: AsUser, clock: Traveller) -> None:
    calendar = connect(owner=host.user, words=Words("https://a.example/", "x"), all_day=True, now=NOW)
    client, address = as_user(ana), reverse("specialist", args=[host.slug])

    def looked() -> datetime:
        assert client.get(address).status_code == 200
        calendar.refresh_from_db()
        return calendar.looked_at

    assert looked() == NOW
    clock.move_to(NOW + LOOK_NOTED - MINUTE)
    assert looked() == NOW
    clock.move_to(NOW + LOOK_NOTED)
    assert looked() == NOW + LOOK_NOTED


def test_logs_errors_and_jobs_say_nothing_of_an_address(
    server: CalendarServer, host: Specialist, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    calendar = connected(server, host)
    read(server)
    server.give(PATH, b"", status=302, headers={"Location": "https://169.254.169.254/marker9"})
    read(server, NOW + HOUR)
    calendar.refresh_from_db()
    assert calendar.failure == Failure.ADDRESS
    said = caplog.text + "".join(capfd.readouterr())
    assert "marker9" not in said
    assert read_calendars_now.queue == read_calendars.queue == "calendars"


def test_words_of_events_are_stored_nowhere(server: CalendarServer, host: Specialist) -> None:
    calendar = connected(server, host)
    read(server)
    calendar.refresh_from_db()
    assert set(calendar.words(host.user).__dataclass_fields__) == {"address", "name"}
    assert b"Private words" not in bytes(calendar.sealed_ranges or b"")


def test_a_calendar_that_was_removed_meanwhile_stays_removed(
    server: CalendarServer, host: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = connected(server, host)
    opened = own_calendars.opened([calendar.pk], NOW)
    own_calendars.remove(owner=host.user, calendar_id=calendar.pk, now=NOW)
    with Reader(opening=server.opening) as reader:
        own_calendars.read_each(reader, opened, NOW)
    assert not BusyCalendar.objects.exists()
    assert not Slot.objects.filter(busy=True).exists()


def test_the_queries_of_a_batch_do_not_grow(
    server: CalendarServer, host: Specialist, ben: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for specialist in (host, verified(ben)):
        connected(server, specialist)
    read(server)
    with django_assert_max_num_queries(6):  # unchanged: take, rows, addresses, meetings, one update, and take nothing
        read(server, NOW + HOUR)
