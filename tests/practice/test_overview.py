"""The specialist's first page: their week, under the names that the clients chose."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from accounts.models import User
from accounts.sealing import seal
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.times import DURATION
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, a_host, absent, booked, page, slot, verified
from tests.html import parse, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, timezone="Europe/Lisbon", name="Mara L.")


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def client(number: int) -> User:
    return User.objects.create_user(f"client{number}@example.org")


def named(booking: Booking, name: str, note: str = "") -> Booking:
    """The same booking, under this name."""
    assert booking.client
    words = {"name": name, "note": note, "address": "https://meet.example/room", "summary": ""}
    booking.sealed = seal(booking.client, Booking.LABEL, booking.pk, words)
    booking.save()
    return booking


def days(desk: Client, week: str = "") -> list[str]:
    """The text of each day."""
    root = parse(desk.get("/practice/", {"week": week} if week else {}).content)
    return [text_of(day) for day in root.findall(".//div[@class='day']")]


def test_each_day_has_its_meetings_free_times_and_absences(desk: Client, mara: Specialist, cole: User) -> None:
    named(booked(client(1), mara, TOMORROW, format="phone"), "Wren")
    known = client(2)
    booked(known, mara, NOW - 30 * DAY, status=Status.COMPLETED)
    named(booked(known, mara, TOMORROW + timedelta(hours=1)), "Ivo")
    slot(mara, TOMORROW + timedelta(hours=2))
    slot(mara, TOMORROW + timedelta(hours=3), is_open=False, closed=True)
    absent(cole, first=date(2026, 11, 26), last=date(2026, 11, 26), name="Training")
    monday, tuesday, wednesday, thursday, *_ = days(desk)
    assert "23 Nov, today Nothing" in monday
    assert re.search("09:00 Wren Phone First time 10:00 Ivo Video 11:00 Free 12:00–12:30: closed$", tuesday)
    assert wednesday.endswith("Nothing")
    assert thursday.endswith("Away: Training")
    said = page(desk.get("/practice/"))
    assert "Your week, 23 to 29 November Two meetings, one of them with a new client. One time is free." in said


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"paused": True}, "You have paused: nobody can book these times."),
        ({"paused": True, "ended_at": NOW}, "Your practice has ended: nobody can book these times."),
        ({"offers_free": False}, "Your profile does not offer the free first meeting: nobody can book these times."),
        ({"status": "draft"}, "Your profile is a draft: nobody can book these times."),
        ({"status": "submitted"}, "Your profile is not verified yet: nobody can book these times."),
        ({"status": "hidden"}, "Your profile is not shown: nobody can book these times."),
        (
            {"status": "suspended", "paused": True, "ended_at": NOW},
            "Your profile is suspended: nobody can book these times.",
        ),
    ],
)
def test_times_that_nobody_can_book_are_not_called_free(
    desk: Client, mara: Specialist, fields: dict[str, object], words: str
) -> None:
    slot(mara, TOMORROW)
    slot(mara, TOMORROW + 7 * DAY)
    Specialist.objects.filter(pk=mara.pk).update(**fields)
    for address in ("/practice/", "/practice/?week=2026-11-30", "/practice/slots/", "/practice/slots/?week=2026-11-30"):
        said = page(desk.get(address))
        assert words in said
        assert "is free" not in said
        assert "Free" not in said
        assert "nobody can book this time" in said.lower()


@pytest.mark.parametrize(
    ("known", "new", "words"),
    [
        (0, 0, "No meetings. No free times."),
        (1, 0, "One meeting. No free times."),
        (0, 1, "One meeting, with a new client. No free times."),
        (2, 0, "Two meetings. No free times."),
        (1, 1, "Two meetings, one of them with a new client. No free times."),
        (0, 2, "Two meetings, both with new clients. No free times."),
        (0, 3, "Three meetings, all with new clients. No free times."),
        (1, 3, "Four meetings, three of them with new clients. No free times."),
    ],
)
def test_how_much_there_is_stands_on_top(desk: Client, mara: Specialist, known: int, new: int, words: str) -> None:
    for number in range(known + new):
        someone = client(number)
        if number < known:
            booked(someone, mara, NOW - (30 + number) * DAY, status=Status.COMPLETED)
        booked(someone, mara, TOMORROW + number * timedelta(hours=1))
    assert words in page(desk.get("/practice/"))


def test_a_cancelled_meeting_before_leaves_the_next_one_the_first(desk: Client, mara: Specialist) -> None:
    ana = client(1)
    booked(ana, mara, NOW - DAY, status=Status.CANCELLED_BY_CLIENT)
    booked(ana, mara, TOMORROW)
    assert "First time" in days(desk)[1]


def test_other_weeks_are_a_click_away_and_hold_the_week_alone(desk: Client, mara: Specialist) -> None:
    named(booked(client(1), mara, NOW + 8 * DAY), "Wren")
    first = parse(desk.get("/practice/").content)
    later = [link.get("href") for link in first.iter("a") if text_of(link) == "Later"]
    assert later == ["?week=2026-11-30"]
    said = page(desk.get("/practice/?week=2026-12-02"))  # any of its days
    assert "Your week, 30 November to 6 December" in said
    assert "Wren" in said
    assert "People can find you" not in said
    this = page(desk.get("/practice/"))
    assert "No meetings." in this
    assert this.count("Wren") == this.count("Next meeting Tue 1 Dec 2026, 09:00 Wren") == 1
    for week in ("nothing", "2026-13-01", "1999-01-01"):
        assert desk.get("/practice/", {"week": week}).status_code == 404


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-21", "Your week, 21 to 27 December No"),
        ("2026-12-28", "Your week, 28 December 2026 to 3 January 2027 No"),
        ("2027-01-04", "Your week, 4 to 10 January 2027 No"),
        ("2027-01-25", "Your week, 25 to 31 January 2027 No"),
        ("2027-03-29", "Your week, 29 March to 4 April 2027 No"),
    ],
)
def test_a_week_that_is_not_of_this_year_says_which_year(desk: Client, day: str, said: str) -> None:
    assert said in page(desk.get("/practice/", {"week": day}))


def test_the_week_and_what_is_to_come_have_a_page_to_print(desk: Client, mara: Specialist) -> None:
    named(booked(client(1), mara, TOMORROW), "Wren")
    for address in ("/practice/", "/practice/meetings/"):
        links = [
            link.get("href")
            for link in parse(desk.get(address).content).iter("a")
            if text_of(link) == "A page to print"
        ]
        assert len(links) == 1
        said = page(desk.get(f"{address}{links[0]}"))
        assert "Wren" in said
        assert "You can print this page. On paper, anyone can read it." in said
        for words in (
            "A page to print",
            "Recent changes",
            "All messages",
            "Calendar feed",
        ):
            assert words not in said


def test_what_goes_on_stands_on_top_in_every_week(desk: Client, mara: Specialist, clock: Traveller) -> None:
    booking = named(booked(client(1), mara, NOW + timedelta(minutes=15)), "Wren", note="Evenings.")
    for address in ("/practice/", "/practice/?week=2026-12-07"):
        answer = desk.get(address)
        assert "Now 09:15 Wren Video, until 09:45. The first meeting with you. There is a note for you." in page(answer)
        assert "Evenings." not in answer.text
        assert f'href="/practice/meetings/{booking.pk}/meeting/"' in answer.text
    Booking.objects.update(starts_at=NOW + timedelta(minutes=16), ends_at=NOW + timedelta(minutes=46))
    said = page(desk.get("/practice/"))
    assert "Go to the meeting" not in said
    assert "Next meeting Mon 23 Nov 2026, 09:16 Wren" in said
    later = NOW + timedelta(days=21)
    Booking.objects.update(starts_at=later, ends_at=later + timedelta(minutes=30))
    assert "Next meeting Mon 14 Dec 2026, 09:00 Wren" in page(desk.get("/practice/"))
    assert "Next meeting" not in page(desk.get("/practice/?week=2026-12-14"))


def test_names_that_cannot_be_opened_or_are_gone_leave_the_meeting(desk: Client, mara: Specialist) -> None:
    moved = booked(client(1), mara, TOMORROW)
    Booking.objects.filter(pk=moved.pk).update(sealed=booked(client(2), mara, TOMORROW + DAY).sealed)
    erased = booked(client(3), mara, TOMORROW + timedelta(hours=1))
    Booking.objects.filter(pk=erased.pk).update(client=None, sealed=None)
    _monday, tuesday, *_ = days(desk)
    assert "09:00 No name Video First time 10:00 No name Video" in tuesday


def test_nobody_elses_meetings_are_in_it(desk: Client, mara: Specialist, ben: User) -> None:
    other = verified(ben)
    named(booked(client(1), other, TOMORROW), "Wren")
    named(booked(mara.user, other, TOMORROW + timedelta(hours=1)), "Mara as a client")
    slot(other, TOMORROW + timedelta(hours=2))
    absent(ben, first=date(2026, 11, 23), last=date(2026, 11, 29), name="Their summer")
    for address in ("/practice/", "/practice/meetings/", "/practice/meetings/past/"):
        said = page(desk.get(address))
        for words in ("Wren", "Mara as a client", "11:00", "Their summer"):
            assert words not in said


def test_one_client_under_two_names_is_not_told_apart(desk: Client, mara: Specialist) -> None:
    """Each meeting has the name that was chosen for it, and no other."""
    ana = client(1)
    named(booked(ana, mara, NOW - DAY, status=Status.COMPLETED), "Before")
    named(booked(ana, mara, TOMORROW), "Now")
    assert "Before" not in page(desk.get("/practice/meetings/"))


def queries(desk: Client, address: str) -> int:
    desk.get(address)  # updates the session's time of last use
    with CaptureQueriesContext(connection) as asked:
        page(desk.get(address))
    return len(asked)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/practice/", 12),
        ("/practice/?week=2026-11-30", 7),
        ("/practice/meetings/", 4),
        ("/practice/meetings/past/", 5),
    ],
)
def test_more_clients_cost_no_more_queries(desk: Client, mara: Specialist, cole: User, address: str, most: int) -> None:
    def more(first: int, last: int) -> None:
        for number in range(first, last):
            named(booked(client(number), mara, TOMORROW + number * timedelta(hours=1)), f"Client {number}", "A note.")
            booked(client(100 + number), mara, NOW + 7 * DAY + number * timedelta(hours=1))
            booked(client(200 + number), mara, NOW - number * timedelta(hours=1) - timedelta(hours=1))
            slot(mara, TOMORROW + timedelta(hours=number, minutes=30))
            absent(cole, first=date(2026, 11, 24), last=date(2026, 12, 1))

    more(0, 1)
    before = queries(desk, address)
    more(1, 9)
    assert queries(desk, address) == before <= most


def test_many_bookings_are_answered_by_indexes(desk: Client, mara: Specialist) -> None:
    """Each query on bookings, as it is planned among four thousand of them: none reads the whole table."""
    hosts = [mara, *(a_host(f"host{number}") for number in range(9))]
    guests = [client(number) for number in range(40)]
    moments = [TOMORROW - number * timedelta(hours=1) for number in range(4_000)]
    Booking.objects.bulk_create(
        Booking(
            client=guests[number % 40],
            specialist=hosts[number % 10],
            starts_at=moment,
            ends_at=moment + DURATION,
            status="completed",
            format="video",
            token=uuid.uuid4(),
            made_at=NOW,
            changed_at=NOW,
        )
        for number, moment in enumerate(moments)
    )
    with connection.cursor() as cursor:
        cursor.execute("REINDEX TABLE consultations_booking")  # what other tests have left there counts as cost
        cursor.execute("ANALYZE consultations_booking")
    for address in ("/practice/?week=2026-11-30", "/practice/meetings/", "/practice/meetings/past/"):
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        on_bookings = [one["sql"] for one in asked if 'FROM "consultations_booking"' in one["sql"]]
        assert on_bookings
        for sql in on_bookings:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert not re.search(r"Seq Scan on consultations_booking\b", plan), plan  # its changes are another table


def test_all_upcoming_meetings_come_by_day_and_page_by_page(
    desk: Client, mara: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.views.lists.AHEAD_PAGE", 3)
    for number in range(7):
        named(booked(client(number), mara, TOMORROW + number * timedelta(hours=5)), f"Client {number}")
    address, found, pages = "/practice/meetings/", [], 0
    while address:
        answer = desk.get(address)
        root = parse(answer.content)
        found += re.findall(r"Client \d", page(answer))
        further = [link.get("href") for link in root.iter("a") if link.get("rel") == "next"]
        address, pages = (f"/practice/meetings/{further[0]}" if further else ""), pages + 1
    assert found == [f"Client {number}" for number in range(7)]
    assert pages == 3
    said = page(desk.get("/practice/meetings/"))
    assert "Tuesday 24 November 2026 09:00 Client 0" in said
    assert desk.get("/practice/meetings/?after=nothing").status_code == 404
    gone = page(desk.get("/practice/meetings/?after=00000000-0000-4000-8000-000000000000"))
    assert "There are no later meetings." in gone


def test_a_log_in_leads_specialists_to_their_week(desk: Client, ana: User, as_user: AsUser) -> None:
    assert desk.get("/").headers["Location"] == "/practice/"
    assert as_user(ana).get("/").headers["Location"] == "/today/"


def test_the_week_names_the_time_zone_as_the_lists_do(desk: Client) -> None:
    assert "Monday 23 November 2026 · Lisbon Your week" in page(desk.get("/practice/"))
    assert "Times are in your time zone (Lisbon)." in page(desk.get("/practice/meetings/"))
