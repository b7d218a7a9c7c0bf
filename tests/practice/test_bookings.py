"""One meeting as its specialist sees it, and what may be done about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import bookings, meetings
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, page, slot, verified


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Cole's profile; his practice goes by the clock of New York."""
    return verified(cole, timezone="America/New_York", name="Mara L.")


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    """Tomorrow at 09:00 UTC: 04:00 in New York."""
    return booked(ana, mara, TOMORROW)


def address(meeting: Booking, step: str = "") -> str:
    return f"/practice/meetings/{meeting.pk}/{step}"


def test_a_specialist_sees_what_the_client_chose_to_say_and_nothing_else(
    ana: User, cole: User, meeting: Booking, as_user: AsUser
) -> None:
    said = page(as_user(cole).get(address(meeting)))
    assert "Tuesday 24 November 2026, 04:00" in said
    assert "New York, UTC" in said, said
    for words in ("Ana", "marker", "For the first time", "Video"):
        assert words in said
    assert ana.email not in said


def test_a_second_meeting_is_not_the_first(ana: User, cole: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, mara, NOW - timedelta(days=3), status=Status.COMPLETED)
    assert "Not for the first time" in page(as_user(cole).get(address(booked(ana, mara, TOMORROW))))


def test_nobody_else_finds_it(ana: User, ben: User, meeting: Booking, as_user: AsUser) -> None:
    verified(ben)
    for step in ("", "cancel/", "no-show/", "object/", "block/"):
        assert as_user(ben).get(address(meeting, step)).status_code == 404
        assert as_user(ben).post(address(meeting, step)).status_code == 404
    assert as_user(ana).get(address(meeting)).headers["Location"] == "/practice/start/"


def test_cancelling_asks_first_and_tells_the_client(cole: User, meeting: Booking, as_user: AsUser) -> None:
    client = as_user(cole)
    page(client.get(address(meeting, "cancel/")))
    meeting.refresh_from_db()
    assert meeting.status == Status.BOOKED
    client.post(address(meeting, "cancel/"))
    meeting.refresh_from_db()
    assert (meeting.status, meeting.unseen) == (Status.CANCELLED_BY_SPECIALIST, True)
    assert client.get(address(meeting, "cancel/")).status_code == 302


def test_another_address_is_sealed_until_the_start(
    ana: User, cole: User, meeting: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    said = page(client.post(address(meeting), {"action": "address", "address": "http://room.example"}), 400)
    assert "begins with https://" in said
    client.post(address(meeting), {"action": "address", "address": "https://room.example/other"})
    meeting.refresh_from_db()
    assert meeting.document(ana)["address"] == "https://room.example/other"
    assert meeting.document(ana)["note"] == "marker"
    clock.move_to(TOMORROW)
    client = as_user(cole)
    assert 'name="address"' not in client.get(address(meeting)).content.decode()
    client.post(address(meeting), {"action": "address", "address": "https://room.example/late"})
    meeting.refresh_from_db()
    assert meeting.document(ana)["address"] == "https://room.example/other"


def test_a_meeting_is_marked_once_it_can_have_taken_place(
    cole: User, meeting: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    client.post(address(meeting), {"action": "completed"})
    meeting.refresh_from_db()
    assert meeting.status == Status.BOOKED
    clock.move_to(TOMORROW + timedelta(minutes=30))
    client = as_user(cole)
    assert "It took place" in page(client.get(address(meeting)))
    client.post(address(meeting), {"action": "completed"})
    meeting.refresh_from_db()
    assert meeting.status == Status.COMPLETED


def test_a_private_answer_is_kept_for_one_side(cole: User, meeting: Booking, as_user: AsUser, clock: Traveller) -> None:
    clock.move_to(TOMORROW + timedelta(hours=1))
    client = as_user(cole)
    assert "Choose an answer" in page(client.post(address(meeting), {"action": "fit"}), 400)
    client.post(address(meeting), {"action": "fit", "fit": "no"})
    meeting.refresh_from_db()
    assert (meeting.client_fit, meeting.specialist_fit) == ("", "no")


def test_a_client_who_did_not_come_is_reported_in_its_time(
    cole: User, meeting: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    assert client.get(address(meeting, "no-show/")).status_code == 302
    clock.move_to(TOMORROW + timedelta(minutes=10))
    client = as_user(cole)
    page(client.get(address(meeting, "no-show/")))
    client.post(address(meeting, "no-show/"))
    meeting.refresh_from_db()
    assert meeting.status == Status.CLIENT_NO_SHOW
    assert "the client did not come" in page(client.get(address(meeting))).lower()


def test_a_specialist_objects_to_a_no_show_once(ana: User, cole: User, mara: Specialist, as_user: AsUser) -> None:
    meeting = booked(ana, mara, NOW - timedelta(days=1), status=Status.SPECIALIST_NO_SHOW)
    client = as_user(cole)
    page(client.get(address(meeting, "object/")))
    client.post(address(meeting, "object/"))
    meeting.refresh_from_db()
    assert meeting.objected_at == NOW
    assert "A person on our side looks at it" in page(client.get(address(meeting)))
    assert client.get(address(meeting, "object/")).status_code == 302


def test_blocking_calls_off_what_is_booked(ana: User, cole: User, meeting: Booking, as_user: AsUser) -> None:
    client = as_user(cole)
    page(client.get(address(meeting, "block/")))
    client.post(address(meeting, "block/"))
    meeting.refresh_from_db()
    assert meeting.status == Status.CANCELLED_BY_SPECIALIST
    assert Block.objects.get().other == ana
    assert "You take no more bookings" in page(client.get(address(meeting)))
    client.post(address(meeting), {"action": "unblock"})
    assert not Block.objects.exists()
    assert "Take no more bookings" in page(client.get(address(meeting)))
    meeting.refresh_from_db()
    assert meeting.status == Status.CANCELLED_BY_SPECIALIST


def test_a_meeting_that_goes_on_stays_in_sight(cole: User, meeting: Booking, as_user: AsUser, clock: Traveller) -> None:
    clock.move_to(meeting.starts_at + timedelta(minutes=5))
    said = page(as_user(cole).get("/practice/"))
    assert "No meeting is booked." not in said
    answer = as_user(cole).get(address(meeting))
    assert 'href="https://meet.example/room"' in answer.content.decode()
    clock.move_to(meeting.ends_at + timedelta(minutes=15))
    assert "Go to the meeting" not in page(as_user(cole).get(address(meeting)))
    assert "No meeting is booked." in page(as_user(cole).get("/practice/"))


def test_a_move_stands_on_the_practice(
    ana: User, cole: User, meeting: Booking, mara: Specialist, as_user: AsUser
) -> None:
    bookings.reschedule(
        booking_id=meeting.pk, client=ana, slot_id=slot(mara, TOMORROW + timedelta(hours=5)).pk, now=NOW
    )
    said = page(as_user(cole).get("/practice/"))
    assert said.index("Changed lately") < said.index("moved")


def test_what_others_changed_stands_on_the_practice_for_a_week(
    ana: User, cole: User, meeting: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    assert "Changed lately" not in page(client.get("/practice/"))
    clock.move_to(meeting.starts_at + timedelta(minutes=10))
    meetings.mark_no_show(booking_id=meeting.pk, by=ana, now=timezone.now())
    client = as_user(cole)
    said = page(client.get("/practice/"))
    assert (
        said.index("Changed lately") < said.index("noted that you did not come") < said.index("No meeting is booked.")
    )
    meetings.object_to(booking_id=meeting.pk, by=cole, now=timezone.now())
    assert "The specialist says that they were there." in page(as_user(ana).get("/today/"))
    meetings.settle(booking_id=meeting.pk, outcome=Status.COMPLETED, now=timezone.now())
    assert "took place · objection settled" in page(as_user(cole).get("/practice/"))
    clock.shift(timedelta(days=7))
    assert "Changed lately" not in page(as_user(cole).get("/practice/"))


def test_a_person_who_is_gone_leaves_only_times(ana: User, cole: User, meeting: Booking, as_user: AsUser) -> None:
    Booking.objects.update(client=None, sealed=None)
    said = page(as_user(cole).get(address(meeting)))
    assert "deleted 30 days after" in said
    assert "No more meetings" not in said
    assert as_user(cole).post(address(meeting, "block/")).status_code == 302


def test_words_that_cannot_be_opened_are_said_to_be_there(cole: User, meeting: Booking, as_user: AsUser) -> None:
    Booking.objects.update(sealed=b"\x01" + bytes(64))
    said = page(as_user(cole).get(address(meeting)))
    assert "can't be opened. It has not been changed." in said
    assert "How you meet" not in said


def test_past_meetings_come_page_by_page_with_constant_queries(
    ana: User, cole: User, mara: Specialist, as_user: AsUser
) -> None:
    client = as_user(cole)
    client.get("/practice/meetings/")  # notes in the session that it is in use
    counts = []
    for many in (1, 21):
        for number in range(many):
            start = NOW - timedelta(days=1 + number + many)
            booked(ana, mara, start, status=Status.CANCELLED_BY_CLIENT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = page(client.get("/practice/meetings/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
    assert "Older meetings" in said
    assert client.get("/practice/meetings/?after=nothing").status_code == 404
    last = Booking.objects.order_by("-starts_at")[19]
    rest = page(client.get(f"/practice/meetings/?after={last.pk}"))
    assert rest.count("cancelled by the client") == 2
