"""The list of one's bookings and the page of one, as the client sees them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from accounts.sealing import seal
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import Status
from consultations.services import booking_changes
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, first_slot, page


def test_how_to_join_is_shown_in_its_window_alone(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, NOW + timedelta(hours=30))
    client = as_user(ana)
    for minutes, is_shown in ((-16, False), (-15, True), (20, True), (44, True), (45, False)):
        clock.move_to(made.starts_at + timedelta(minutes=minutes))
        client.force_login(ana)
        html = client.get(f"/consultations/{made.pk}/").content.decode()
        assert ('href="https://meet.example/room"' in html) is is_shown, minutes
        assert ("Upcoming" in page(client.get("/consultations/")).partition("Past")[0]) is True


def test_a_number_to_ring_is_no_link(ana: User, mara: Specialist, as_user: AsUser, clock: Traveller) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=1))
    words = made.document(ana) | {"address": "+44 20 7946 0000"}
    Booking.objects.update(format="phone", sealed=seal(ana, Booking.LABEL, made.pk, words))
    assert "The number to ring appears here from 08:45 to 09:45." in page(
        as_user(ana).get(f"/consultations/{made.pk}/")
    )
    clock.move_to(made.starts_at)
    assert "Ring this number: +44 20 7946 0000" in page(as_user(ana).get(f"/consultations/{made.pk}/"))


def test_a_booking_is_moved(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/move/"))
    assert "It is booked for Friday 27 November 2026, 09:00" in said
    assert "Tuesday 24 November, 5 free times" in said
    client.post(f"/consultations/{made.pk}/move/", {"slot": first_slot(mara).pk})
    made.refresh_from_db()
    assert (made.starts_at, made.sequence) == (TOMORROW, 1)
    assert "The meeting has been moved." in page(client.get(f"/consultations/{made.pk}/"))


def test_a_move_that_fails_leaves_the_booking(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    free_slot = first_slot(mara)
    Slot.objects.filter(pk=free_slot.pk).update(is_open=False)
    client = as_user(ana)
    said = page(client.post(f"/consultations/{made.pk}/move/", {"slot": free_slot.pk}), 409)
    assert "That time has just been taken. The meeting stays as it is." in said
    assert "Choose a time." in page(client.post(f"/consultations/{made.pk}/move/", {}), 409)
    made.refresh_from_db()
    assert made.starts_at == TOMORROW + timedelta(days=3)


def test_looking_at_a_page_cancels_nothing(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/cancel/"))
    assert "Cancel the meeting" in said
    assert "Keep the meeting" in said
    client.head(f"/consultations/{made.pk}/cancel/")
    made.refresh_from_db()
    assert made.status == "booked"
    client.post(f"/consultations/{made.pk}/cancel/")
    made.refresh_from_db()
    assert made.status == "cancelled_by_client"
    assert "The meeting is cancelled. " in page(client.get("/consultations/"))
    assert "With this file, your calendar can mark the meeting as cancelled." in page(
        client.get(f"/consultations/{made.pk}/")
    )


def test_what_is_over_is_neither_moved_nor_cancelled(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    clock.move_to(made.starts_at)
    client = as_user(ana)
    for name in ("move", "cancel"):
        for ask in (client.get, client.post):
            assert ask(f"/consultations/{made.pk}/{name}/").headers["Location"] == f"/consultations/{made.pk}/"
    made.refresh_from_db()
    assert made.status == "booked"


def test_a_no_show_is_reported_in_its_window(ana: User, mara: Specialist, as_user: AsUser, clock: Traveller) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    clock.move_to(made.starts_at + timedelta(minutes=9))
    client = as_user(ana)
    assert "Did nobody come?" not in page(client.get(f"/consultations/{made.pk}/"))
    assert client.post(f"/consultations/{made.pk}/no-show/").status_code == 302
    made.refresh_from_db()
    assert made.status == "booked"
    clock.move_to(made.starts_at + timedelta(minutes=10))
    assert "Did nobody come?" in page(client.get(f"/consultations/{made.pk}/"))
    assert "Report it" in page(client.get(f"/consultations/{made.pk}/no-show/"))
    client.post(f"/consultations/{made.pk}/no-show/")
    made.refresh_from_db()
    assert made.status == "specialist_no_show"


def test_a_no_show_is_seen_and_objected_to(ana: User, mara: Specialist, as_user: AsUser, clock: Traveller) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    clock.move_to(made.starts_at + timedelta(hours=1))
    booking_changes.mark_no_show(booking_id=made.pk, by=mara.user, now=timezone.now())
    client = as_user(ana)
    assert "The specialist says that you did not come." in page(client.get("/today/"))
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "The specialist says that you did not come." in said
    assert "I was there" in page(client.get(f"/consultations/{made.pk}/object/"))
    client.post(f"/consultations/{made.pk}/object/")
    made.refresh_from_db()
    assert made.objected_at
    assert "Someone on our team will look at it." in page(client.get(f"/consultations/{made.pk}/"))
    assert "I was there" not in page(client.get(f"/consultations/{made.pk}/object/"))


def test_whether_it_was_a_fit_is_asked_afterwards(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    assert "Was it a good fit?" not in page(client.get(f"/consultations/{made.pk}/"))
    clock.move_to(made.ends_at)
    client = as_user(ana)
    assert "Only you can see your answer." in page(client.get(f"/consultations/{made.pk}/"))
    assert "Choose an answer." in page(client.post(f"/consultations/{made.pk}/fit/", {"fit": "x"}), 400)
    client.post(f"/consultations/{made.pk}/fit/", {"fit": "unsure"})
    made.refresh_from_db()
    assert made.client_fit == "unsure"
    assert client.get(f"/consultations/{made.pk}/fit/").status_code == 302


def test_reminders_are_changed_and_stopped(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client, path = as_user(ana), f"/consultations/{made.pk}/"
    said = page(client.post(path, {"action": "mails", "remind_day": "on"}), 400)
    assert "Reminders are sent by e-mail. Say yes above, or leave them out." in said
    client.post(path, {"action": "mails", "mail": "yes", "remind_day": "on"})
    made.refresh_from_db()
    assert (made.mail, made.remind_day) == (True, True)
    assert re.search(r'name="remind_day"[^>]* checked', client.get(path).content.decode())
    client.post(path, {"action": "mails", "mail": "no"})
    made.refresh_from_db()
    assert (made.mail, made.remind_day) == (False, False)


def test_the_calendar_file_has_the_clients_own_words(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client, path = as_user(ana), f"/consultations/{made.pk}/appointment.ics"
    file = client.get(path)
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in file.headers["Cache-Control"]
    assert b"SUMMARY:Appointment\r\n" in file.content
    assert b"SUMMARY:Tea with Jo\r\n" in client.post(path, {"summary": "Tea with Jo"}).content
    assert b"SUMMARY:Tea with Jo\r\n" in client.get(path).content
    assert 'value="Tea with Jo"' in client.get(f"/consultations/{made.pk}/").content.decode()
    assert b"SUMMARY:Appointment\r\n" in client.post(path, {"summary": ""}).content
    assert "60 characters at most" in page(client.post(path, {"summary": "x" * 61}), 400)
    for words in (b"marker", b"Mara", b"meet.example"):
        assert words not in client.get(path).content


def test_a_booking_that_its_specialist_cancelled_offers_others(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    booking_changes.cancel_by_specialist(booking_id=made.pk, specialist=mara.user, now=NOW)
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "Cancelled by the specialist" in said
    assert "The meeting is cancelled Other times that are free: Tuesday 24 November 2026, 09:00" in said
    assert "Other specialists" in said
    assert "The specialist cancelled this meeting." in page(client.get("/today/"))
    client.get(f"/consultations/{made.pk}/")
    opens = re.search(r'action="(/notices/[^"]+/open/)"', client.get("/today/").content.decode())
    assert opens
    answer = client.post(opens[1])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/consultations/{made.pk}/")
    assert "The specialist cancelled this meeting." not in page(client.get("/today/"))


def test_words_that_cannot_be_opened_hide_nothing_else(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(sealed=b"broken")
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "Your words can’t be opened. They have not been changed." in said
    assert client.post(f"/consultations/{made.pk}/appointment.ics", {"summary": "Tea"}).status_code == 200


def test_a_booking_whose_specialist_is_gone_is_still_listed(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(status="cancelled_by_specialist", specialist=None, slot=None)
    client = as_user(ana)
    page(client.get("/consultations/"))
    page(client.get("/today/"))
    assert "Other specialists" in page(client.get(f"/consultations/{made.pk}/"))


@pytest.mark.parametrize("number", [1, 3, 25])
def test_past_bookings_follow_by_key_in_four_queries(ana: User, mara: Specialist, as_user: AsUser, number: int) -> None:
    for day in range(number):
        made = booked(ana, mara, NOW - timedelta(days=day + 1))
        Booking.objects.filter(pk=made.pk).update(status="completed")
    client = as_user(ana)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/consultations/").content.decode()
    assert len(asked) <= 4
    seen, link = re.findall(r'/consultations/([0-9a-f-]{36})/"', html), re.search(r'href="(\?after=[^"]+)"', html)
    while link:
        html = client.get(f"/consultations/{link[1]}").content.decode()
        seen += re.findall(r'/consultations/([0-9a-f-]{36})/"', html)
        link = re.search(r'href="(\?after=[^"]+)"', html)
    assert len(seen) == len(set(seen)) == number
    assert client.get("/consultations/?after=x").status_code == 404


def test_others_bookings_are_not_found(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ben)
    for path in ("", "move/", "cancel/", "no-show/", "object/", "fit/", "appointment.ics"):
        for ask in (client.get, client.post):
            assert ask(f"/consultations/{made.pk}/{path}").status_code == 404
    assert "Mara" not in page(client.get("/consultations/"))


def test_today_names_the_next_booking_in_few_queries(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Your next meeting" not in page(client.get("/today/"))
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/today/")
    assert len(asked) <= 10
    assert "Your next meeting All meetings Friday 27 November 2026, 09:00 Mara · Video" in page(answer)
    assert f"/consultations/{made.pk}/" in answer.content.decode()


def test_today_moves_cancels_and_in_its_window_joins_the_next_meeting(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, TOMORROW, slot=first_slot(mara))
    said = page(as_user(ana).get("/today/"))
    assert "Move the meeting Cancel the meeting" in said
    assert "Join the meeting" not in said
    clock.move_to(made.starts_at - timedelta(minutes=15))
    assert "Join the meeting" in page(as_user(ana).get("/today/"))


def test_what_went_wrong_with_meetings_stands_below_the_next_one(ana: User, mara: Specialist, as_user: AsUser) -> None:
    free = first_slot(mara)
    for day in range(5):
        missed = booked(ana, mara, NOW - timedelta(days=day + 1))
        booking_changes.mark_no_show(booking_id=missed.pk, by=mara.user, now=NOW)
    booked(ana, mara, TOMORROW, slot=free)
    said = page(as_user(ana).get("/today/"))
    assert said.index("Your next meeting") < said.index("The specialist says that you did not come.")
    assert said.count("The specialist says that you did not come.") == 3


def test_every_page_is_small_on_the_wire(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    paths = ["", "move/", "cancel/"]
    addresses = [f"/consultations/{made.pk}/{path}" for path in paths]
    addresses += ["/consultations/", "/consultations/waiting/", "/consultations/waiting/new/", "/today/"]
    addresses += [f"/specialists/mara/book/?slot={first_slot(mara).pk}"]
    for path in addresses:
        assert len(client.get(path, headers={"accept-encoding": "gzip"}).content) < 14_000, path


def test_the_slot_is_the_clients_own_everywhere(ana: User, mara: Specialist, as_user: AsUser) -> None:
    ana.timezone = "Pacific/Auckland"
    ana.save()
    made = booked(ana, mara, datetime.fromisoformat("2026-11-27T11:30+00:00"))
    client = as_user(ana)
    for path in ("/today/", "/consultations/", f"/consultations/{made.pk}/", f"/consultations/{made.pk}/cancel/"):
        assert "Saturday 28 November 2026, 00:30" in page(client.get(path)), path


def test_a_report_can_be_taken_back_until_there_is_an_objection(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, TOMORROW, slot=first_slot(mara), status="specialist_no_show")
    clock.move_to(made.starts_at + timedelta(minutes=12))
    client = as_user(ana)
    assert "The specialist came after all" in page(client.get(f"/consultations/{made.pk}/"))
    client.post(f"/consultations/{made.pk}/", {"action": "came"})
    made.refresh_from_db()
    assert made.status == "booked"  # and one can join
    Booking.objects.update(status="specialist_no_show")
    another = booked(ana, mara, TOMORROW + timedelta(days=3))
    client.post(f"/consultations/{made.pk}/", {"action": "came"})
    made.refresh_from_db()
    assert made.status == "completed"
    another.delete()
    Booking.objects.update(status="specialist_no_show")
    clock.move_to(made.ends_at)
    client.post(f"/consultations/{made.pk}/", {"action": "came"})
    made.refresh_from_db()
    assert made.status == "completed"
    Booking.objects.update(status="specialist_no_show", objected_at=NOW)
    assert "The specialist came after all" not in page(client.get(f"/consultations/{made.pk}/"))
    client.post(f"/consultations/{made.pk}/", {"action": "came"})
    made.refresh_from_db()
    assert made.status == "specialist_no_show"


def test_today_asks_for_a_week_whether_it_was_a_fit(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    made = booked(ana, mara, TOMORROW, slot=first_slot(mara))
    clock.move_to(made.ends_at - timedelta(minutes=1))
    assert "Was it a good fit?" not in page(as_user(ana).get("/today/"))
    clock.move_to(made.ends_at + timedelta(days=6, hours=23))
    assert "Was it a good fit?" in page(as_user(ana).get("/today/"))
    clock.move_to(made.ends_at + timedelta(days=7))
    assert "Was it a good fit?" not in page(as_user(ana).get("/today/"))
    assert "Was it a good fit?" in page(as_user(ana).get("/consultations/"))
    Booking.objects.update(client_fit="yes")
    assert "Was it a good fit?" not in page(as_user(ana).get("/consultations/"))


def test_a_settled_objection_is_told_with_its_outcome(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, NOW - timedelta(days=1), status="client_no_show", objected_at=NOW)
    booking_changes.settle(booking_id=made.pk, outcome=Status.COMPLETED, now=NOW)
    assert "The objection is settled: the meeting took place." in page(as_user(ana).get("/today/"))


@pytest.mark.parametrize(
    ("zone", "starts_at", "said"),
    [
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "until 01:00 (UTC-05:00). Times are in"),
        ("America/New_York", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), "until 03:00 (UTC-04:00). Times are in"),
        ("Europe/Lisbon", datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "until Tuesday 1 December, 00:00. Times are in"),
        ("Europe/Lisbon", datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "to Tuesday 1 December, 00:15. Open this"),
    ],
)
def test_the_end_has_its_own_day_and_offset(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller, zone: str, starts_at: datetime, said: str
) -> None:
    User.objects.filter(pk=ana.pk).update(timezone=zone)
    clock.move_to(starts_at - timedelta(days=1))
    booking = booked(ana, mara, starts_at)
    assert said in page(as_user(ana).get(f"/consultations/{booking.pk}/"))


def test_a_booking_that_was_moved_three_times_says_why_it_stays(ana: User, mara: Specialist, as_user: AsUser) -> None:
    booking = booked(ana, mara, TOMORROW + timedelta(days=3), reschedules=3)
    said = page(as_user(ana).get(f"/consultations/{booking.pk}/"))
    assert "It has been moved three times" in said
    assert "Move the meeting" not in said


def test_button_of_an_earlier_release_changes_nothing(as_user: AsUser, ana: User, mara: Specialist) -> None:
    booking = booked(ana, mara, TOMORROW + timedelta(days=1))
    answer = as_user(ana).post(f"/consultations/{booking.pk}/", {"mails": "", "mail": "yes"}, follow=True)
    assert "this page was out of date" in page(answer)
    booking.refresh_from_db()
    assert booking.mail is None
