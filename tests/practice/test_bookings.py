"""One booking as its specialist sees it, and what may be done about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import Traveller

from accounts.models import Notice, User
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import booking_changes, bookings
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, page, slot, verified
from tests.exchange.messaging import thread
from tests.notices import new_about


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Cole's profile, in the time zone of New York."""
    return verified(cole, timezone="America/New_York", name="Mara L.")


@pytest.fixture
def booking(ana: User, mara: Specialist) -> Booking:
    """Tomorrow at 09:00 UTC: 04:00 in New York."""
    return booked(ana, mara, TOMORROW)


def address(booking: Booking, step: str = "") -> str:
    return f"/practice/meetings/{booking.pk}/{step}"


def test_a_specialist_sees_what_the_client_chose_to_say_and_nothing_else(
    ana: User, cole: User, booking: Booking, as_user: AsUser
) -> None:
    said = page(as_user(cole).get(address(booking)))
    assert "Tuesday 24 November 2026, 04:00" in said
    assert "New York, UTC" in said, said
    for words in ("Ana", "marker", "First meeting with you yes", "Video"):
        assert words in said
    assert ana.email not in said


@pytest.mark.parametrize("name", ["Ana", "Somebody else"])
def test_it_leads_to_the_conversation_only_under_the_same_name(
    ana: User, cole: User, mara: Specialist, booking: Booking, as_user: AsUser, name: str
) -> None:
    """Who chose another name there is not told apart from anybody."""
    client = as_user(cole)
    assert "Your conversation" not in client.get(address(booking)).text
    _, theirs = thread(ana, mara, now=NOW, name=name)
    leads = f'href="{reverse("message_thread", args=[theirs.pk])}"' in client.get(address(booking)).text
    assert leads == (name == "Ana")


def test_a_second_booking_is_not_the_first(ana: User, cole: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, mara, NOW - timedelta(days=3), status=Status.COMPLETED)
    assert "First meeting with you no" in page(as_user(cole).get(address(booked(ana, mara, TOMORROW))))


def test_nobody_else_finds_it(ana: User, ben: User, booking: Booking, as_user: AsUser) -> None:
    verified(ben)
    for step in ("", "cancel/", "no-show/", "object/", "block/"):
        assert as_user(ben).get(address(booking, step)).status_code == 404
        assert as_user(ben).post(address(booking, step)).status_code == 404
    assert as_user(ana).get(address(booking)).headers["Location"] == "/practice/start/"


def test_cancelling_asks_first_and_tells_the_client(ana: User, cole: User, booking: Booking, as_user: AsUser) -> None:
    client = as_user(cole)
    page(client.get(address(booking, "cancel/")))
    booking.refresh_from_db()
    assert booking.status == Status.BOOKED
    client.post(address(booking, "cancel/"))
    booking.refresh_from_db()
    assert (booking.status, new_about(ana)) == (
        Status.CANCELLED_BY_SPECIALIST,
        [(Notice.Kind.MEETING_CHANGED, booking.pk)],
    )
    assert client.get(address(booking, "cancel/")).status_code == 302


def test_cancelling_carries_a_sentence_and_words_of_ones_own(
    ana: User, cole: User, booking: Booking, as_user: AsUser
) -> None:
    here, desk = address(booking, "cancel/"), as_user(cole)
    too_long = page(desk.post(here, {"sentence": "ill", "words": "sorry " * 100}), 400)
    assert "sorry sorry" in too_long
    assert "This is too long: 500 characters at most" in too_long
    desk.post(here, {"sentence": "ill", "words": "\nPlease write to me.\n"})
    booking.refresh_from_db()
    both = "I am ill and cannot be there. I am sorry.\n\nPlease write to me."
    assert booking.document(ana)["from_specialist"] == both
    assert "Please write to me." in page(desk.get(address(booking)))
    for place in (f"/consultations/{booking.pk}/", "/notices/"):
        assert " ".join(both.split()) in page(as_user(ana).get(place))


@pytest.mark.parametrize("step", ["cancel/", "propose/"])
def test_words_come_back_if_the_client_was_first(
    ana: User, cole: User, mara: Specialist, booking: Booking, as_user: AsUser, step: str
) -> None:
    free, desk = slot(mara, TOMORROW + timedelta(days=1)), as_user(cole)
    page(desk.get(address(booking, step)))
    booking_changes.cancel_by_client(booking_id=booking.pk, client=ana, now=NOW)
    said = page(desk.post(address(booking, step), {"first": free.pk, "words": "I would rather talk later."}), 400)
    assert "Something has changed in the meantime. Look at the meeting again." in said
    assert "I would rather talk later." in said
    assert desk.get(address(booking, step)).headers["Location"] == address(booking)


@pytest.mark.parametrize("step", ["cancel/", "propose/"])
def test_back_after_it_was_done_shows_no_refused_form(
    cole: User, mara: Specialist, booking: Booking, as_user: AsUser, step: str
) -> None:
    desk, free = as_user(cole), slot(mara, TOMORROW + timedelta(days=1))
    refused = desk.post(address(booking, step), {"first": free.pk, "words": "sorry " * 100}).headers["Location"]
    assert "This is too long" in page(desk.get(refused), 400)
    assert desk.post(refused, {"first": free.pk, "words": "Sorry."}).headers["Location"] == address(booking)
    assert "sorry sorry" not in page(desk.get(refused, follow=True))


def test_what_is_sent_twice_is_cancelled_once(cole: User, booking: Booking, as_user: AsUser) -> None:
    desk = as_user(cole)
    for _again in range(2):
        assert desk.post(address(booking, "cancel/"), {"words": "Sorry."}).headers["Location"] == address(booking)
    assert "Something has changed" not in page(desk.get(address(booking)))


def test_another_address_is_sealed_until_the_start(
    ana: User, cole: User, booking: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    said = page(client.post(address(booking), {"action": "address", "address": "http://room.example"}), 400)
    assert "begins with https://" in said
    assert "Write an address that begins with https://" in page(
        client.post(address(booking), {"action": "address"}), 400
    )
    client.post(address(booking), {"action": "address", "address": "https://room.example/other"})
    booking.refresh_from_db()
    assert booking.document(ana)["address"] == "https://room.example/other"
    assert booking.document(ana)["note"] == "marker"
    clock.move_to(TOMORROW)
    client = as_user(cole)
    assert 'name="address"' not in client.get(address(booking)).content.decode()
    client.post(address(booking), {"action": "address", "address": "https://room.example/late"})
    booking.refresh_from_db()
    assert booking.document(ana)["address"] == "https://room.example/other"


def test_a_booking_is_marked_once_it_can_have_taken_place(
    cole: User, booking: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    client.post(address(booking), {"action": "completed"})
    booking.refresh_from_db()
    assert booking.status == Status.BOOKED
    clock.move_to(TOMORROW + timedelta(minutes=30))
    client = as_user(cole)
    assert "It took place" in page(client.get(address(booking)))
    again = "Take it back: the meeting took place"
    assert again not in page(client.get(address(booking)))
    booking_changes.mark_no_show(booking_id=booking.pk, by=cole, now=timezone.now())
    said = page(client.get(address(booking)))
    assert again in said
    assert "It took place" not in said
    client.post(address(booking), {"action": "completed"})
    booking.refresh_from_db()
    assert booking.status == Status.COMPLETED


def test_a_private_answer_is_kept_for_one_side(cole: User, booking: Booking, as_user: AsUser, clock: Traveller) -> None:
    clock.move_to(TOMORROW + timedelta(hours=1))
    client = as_user(cole)
    assert "Choose an answer" in page(client.post(address(booking), {"action": "fit"}), 400)
    client.post(address(booking), {"action": "fit", "fit": "no"})
    booking.refresh_from_db()
    assert (booking.client_fit, booking.specialist_fit) == ("", "no")


def test_a_client_who_did_not_come_is_reported_in_its_time(
    cole: User, booking: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    assert client.get(address(booking, "no-show/")).status_code == 302
    clock.move_to(TOMORROW + timedelta(minutes=10))
    client = as_user(cole)
    page(client.get(address(booking, "no-show/")))
    client.post(address(booking, "no-show/"))
    booking.refresh_from_db()
    assert booking.status == Status.CLIENT_NO_SHOW
    assert "the client did not come" in page(client.get(address(booking))).lower()


def test_a_specialist_objects_to_a_no_show_once(ana: User, cole: User, mara: Specialist, as_user: AsUser) -> None:
    booking = booked(ana, mara, NOW - timedelta(days=1), status=Status.SPECIALIST_NO_SHOW)
    client = as_user(cole)
    page(client.get(address(booking, "object/")))
    client.post(address(booking, "object/"))
    booking.refresh_from_db()
    assert booking.objected_at == NOW
    assert "Someone on our team will look at it" in page(client.get(address(booking)))
    assert "I was there" not in page(client.get(address(booking, "object/")))


def test_blocking_calls_off_what_is_booked(ana: User, cole: User, booking: Booking, as_user: AsUser) -> None:
    client = as_user(cole)
    assert "Tuesday 24 November 2026, 04:00 Video · New York" in page(client.get(address(booking, "block/")))
    client.post(address(booking, "block/"), {"action": "block"})
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_SPECIALIST
    assert Block.objects.get().other == ana
    assert "You have blocked this person" in page(client.get(address(booking)))
    client.post(address(booking, "block/"), {"action": "unblock"})
    assert not Block.objects.exists()
    assert "Block this person" in page(client.get(address(booking)))
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_SPECIALIST


def test_a_booking_that_goes_on_stays_in_sight(cole: User, booking: Booking, as_user: AsUser, clock: Traveller) -> None:
    clock.move_to(booking.starts_at + timedelta(minutes=5))
    assert f'href="{address(booking, "meeting/")}"' in as_user(cole).get("/practice/").text
    assert "You have no meetings booked." not in page(as_user(cole).get("/practice/meetings/"))
    answer = as_user(cole).get(address(booking))
    assert 'href="https://meet.example/room"' in answer.content.decode()
    clock.move_to(booking.ends_at + timedelta(minutes=15))
    assert "Go to the meeting" not in page(as_user(cole).get(address(booking)))
    assert f'href="{address(booking, "meeting/")}"' not in as_user(cole).get("/practice/").text
    assert "You have no meetings booked." in page(as_user(cole).get("/practice/meetings/"))


def test_a_move_stands_on_the_practice(
    ana: User, cole: User, booking: Booking, mara: Specialist, as_user: AsUser
) -> None:
    bookings.reschedule(
        booking_id=booking.pk, client=ana, slot_id=slot(mara, TOMORROW + timedelta(hours=5)).pk, now=NOW
    )
    week, _heading, changes = page(as_user(cole).get("/practice/")).partition("Recent changes")
    assert "moved" in week
    assert "moved" in changes


def test_what_others_changed_stands_on_the_practice_for_a_week(
    ana: User, cole: User, booking: Booking, as_user: AsUser, clock: Traveller
) -> None:
    client = as_user(cole)
    assert "Recent changes" not in page(client.get("/practice/"))
    clock.move_to(booking.starts_at + timedelta(minutes=10))
    booking_changes.mark_no_show(booking_id=booking.pk, by=ana, now=timezone.now())
    client = as_user(cole)
    week, _heading, changes = page(client.get("/practice/")).partition("Recent changes")
    assert "marked as missed" in week
    assert "marked as missed" in changes
    booking_changes.object_to(booking_id=booking.pk, by=cole, now=timezone.now())
    assert "The specialist says that they were there." in page(as_user(ana).get("/today/"))
    booking_changes.settle(booking_id=booking.pk, outcome=Status.COMPLETED, now=timezone.now())
    assert "took place · objection settled" in page(as_user(cole).get("/practice/"))
    clock.shift(timedelta(days=7))
    assert "Recent changes" not in page(as_user(cole).get("/practice/"))


def test_what_the_specialist_changed_last_is_no_recent_change(
    ana: User, cole: User, booking: Booking, mara: Specialist, as_user: AsUser
) -> None:
    another = slot(mara, TOMORROW + timedelta(hours=5))
    bookings.reschedule(booking_id=booking.pk, client=ana, slot_id=another.pk, now=NOW)
    booking_changes.cancel_by_specialist(booking_id=booking.pk, specialist=cole, now=NOW)
    assert "Recent changes" not in page(as_user(cole).get("/practice/"))


def test_a_person_who_is_gone_leaves_only_slots(ana: User, cole: User, booking: Booking, as_user: AsUser) -> None:
    Booking.objects.update(client=None, sealed=None)
    said = page(as_user(cole).get(address(booking)))
    assert "are deleted after 30 days." in said
    assert "No more meetings" not in said
    assert as_user(cole).post(address(booking, "block/")).status_code == 302


def test_words_that_cannot_be_opened_are_said_to_be_there(cole: User, booking: Booking, as_user: AsUser) -> None:
    Booking.objects.update(sealed=b"\x01" + bytes(64))
    said = page(as_user(cole).get(address(booking)))
    assert "can’t be opened. They have not been changed." in said
    assert "How you meet" not in said


def test_past_bookings_come_page_by_page_with_constant_queries(
    ana: User, cole: User, mara: Specialist, as_user: AsUser
) -> None:
    client = as_user(cole)
    client.get("/practice/meetings/past/")  # updates the session's time of last use
    counts = []
    for many in (1, 21):
        for number in range(many):
            start = NOW - timedelta(days=1 + number + many)
            booked(ana, mara, start, status=Status.CANCELLED_BY_CLIENT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = page(client.get("/practice/meetings/past/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
    assert "Older meetings" in said
    assert client.get("/practice/meetings/past/?after=nothing").status_code == 404
    last = Booking.objects.order_by("-starts_at")[19]
    rest = page(client.get(f"/practice/meetings/past/?after={last.pk}"))
    assert rest.count("cancelled by the client") == 2


def test_button_of_an_earlier_release_changes_nothing(as_user: AsUser, cole: User, ana: User) -> None:
    booking = booked(ana, verified(cole), TOMORROW)
    sealed = bytes(booking.sealed or b"")
    address = "https://meet.example/another"
    answer = as_user(cole).post(
        f"/practice/meetings/{booking.pk}/", {"done": "address", "address": address}, follow=True
    )
    assert "this page was out of date" in page(answer)
    booking.refresh_from_db()
    assert bytes(booking.sealed or b"") == sealed


def test_an_address_in_capitals_is_a_link(as_user: AsUser, cole: User, ana: User) -> None:
    booking = booked(ana, verified(cole), TOMORROW)
    as_user(cole).post(
        f"/practice/meetings/{booking.pk}/", {"action": "address", "address": "HTTPS://meet.example/another"}
    )
    booking.refresh_from_db()
    assert booking.document(ana)["address"] == "https://meet.example/another"
