"""Booking a time and what comes after, as its client sees it in a browser."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.names import sealed_name
from accounts.sealing import seal
from consultations.models import Block, Booking, Slot, Specialist, Wait
from consultations.services import waiting
from tests.consultations.cast import NOW, booked, slot, verified
from tests.html import assert_valid_html, text_of

type AsUser = Callable[[User], Client]
TOMORROW = NOW + timedelta(days=1)


class Clock:
    """What time it is, until somebody turns it."""

    now = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def mara(db: None) -> Specialist:
    """A specialist with five times tomorrow, from 09:00 UTC on."""
    mara = verified(User.objects.create_user("mara@example.org"), formats=["video"])
    for number in range(5):
        slot(mara, TOMORROW + timedelta(hours=number))
    return mara


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return text_of(assert_valid_html(response.content.decode()))


def posted(user: User, time: Slot, **fields: Any) -> dict[str, Any]:
    answers = {"name": "Noor", "format": "video", "note": "marker words"}
    return {"slot": time.pk, "token": uuid.uuid4(), "writer": user.pk, **answers, **fields}


def first_time(mara: Specialist) -> Slot:
    return mara.slots.order_by("starts_at")[0]


def test_the_chosen_time_is_said_in_full_with_its_zone(ana: User, mara: Specialist, as_user: AsUser) -> None:
    ana.timezone = "Asia/Kathmandu"
    ana.sealed_name = sealed_name(ana, "Noor")
    ana.save()
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_time(mara).pk}")
    said = page(answer)
    assert "Tuesday 24 November 2026, 14:45" in said
    assert "until 15:15. By the clock of your time zone: Kathmandu, UTC+05:45" in said
    assert 'value="Noor"' in answer.content.decode()
    assert said.index("The note is not read at once") < said.index("A note, if you like")
    assert 'turn to <a href="/help-now/">Help now</a>' in answer.content.decode()
    assert not re.search(r"<input[^>]* checked", answer.content.decode())
    assert "Specialist" not in answer.content.decode().partition("</title>")[0]


def test_a_time_is_booked_and_confirmed(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, time = as_user(ana), first_time(mara)
    answer = client.post("/specialists/mara/book/", posted(ana, time, mail="yes", remind_day="on"))
    made = Booking.objects.get()
    assert answer.headers["Location"] == f"/consultations/{made.pk}/"
    assert (made.starts_at, made.format, made.mail, made.remind_day, made.remind_hour) == (
        TOMORROW, "video", True, True, False
    )  # fmt: skip
    assert made.document(ana)["note"] == "marker words"
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "The time is booked." in said
    assert "Booked · Mara Tuesday 24 November 2026, 09:00" in said
    assert "How to join stands here from Tuesday 24 November, 08:45 until 09:45" in said
    assert "https://meet.example" not in said
    assert "marker words" in said


def test_no_answer_about_mails_is_no_yes(ana: User, mara: Specialist, as_user: AsUser) -> None:
    as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara)))
    assert Booking.objects.get().mail is None


def test_a_form_that_is_sent_twice_books_once(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, data = as_user(ana), posted(ana, first_time(mara))
    first = client.post("/specialists/mara/book/", data)
    second = client.post("/specialists/mara/book/", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


def test_a_time_that_was_taken_leaves_the_words_and_three_others(ana: User, mara: Specialist, as_user: AsUser) -> None:
    time = first_time(mara)
    client = as_user(ana)
    Slot.objects.filter(pk=time.pk).update(is_open=False)
    answer = client.post("/specialists/mara/book/", posted(ana, time, mail="no", name="No <b>or"))
    said = page(answer, 409)
    assert "That time has just been taken. Your note is still here. These three times are free." in said
    html = answer.content.decode()
    assert "marker words</textarea>" in html
    assert 'value="No &lt;b&gt;or"' in html
    assert re.search(r'name="mail" value="no"[^>]* checked', html)
    assert re.search(r'name="format" value="video"[^>]* checked', html)
    assert len(re.findall(r'type="radio"[^>]* name="slot"', html)) == 3
    assert not re.search(r'name="slot"[^>]* checked', html)
    assert "Tuesday 24 November 2026, 10:00 (UTC)" in said
    token = re.search(r'name="token" value="([^"]+)"', html)
    assert token
    other = mara.slots.order_by("starts_at")[1]
    answer = client.post("/specialists/mara/book/", posted(ana, other, token=token[1]))
    assert answer.status_code == 302
    assert Booking.objects.get().starts_at == TOMORROW + timedelta(hours=1)


def test_a_time_that_was_taken_before_the_form_was_opened(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Slot.objects.filter(pk=first_time(mara).pk).update(is_open=False)
    said = page(as_user(ana).get(f"/specialists/mara/book/?slot={first_time(mara).pk}"), 409)
    assert "That time has just been taken. These three times are free." in said


def test_a_taken_time_with_something_else_missing_asks_for_both(ana: User, mara: Specialist, as_user: AsUser) -> None:
    time = first_time(mara)
    Slot.objects.filter(pk=time.pk).update(is_open=False)
    said = page(as_user(ana).post("/specialists/mara/book/", posted(ana, time, name=" ")), 400)
    assert "Two things need another look Choose a time." in said
    assert "Write a name to be called by." in said
    assert "marker words" in said


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Write a name to be called by. Any name is fine."),
        ({"name": "\u202e"}, "Write a name to be called by. Any name is fine."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"format": ""}, "Choose a way to meet."),
        ({"format": "phone"}, "Choose a way to meet."),
        ({"note": "x" * 501}, "at most 500 characters"),
        ({"remind_day": "on"}, "A reminder is an e-mail. Say yes above, or leave it out."),
        ({"mail": "perhaps"}, "Select a valid choice"),
        ({"token": "x"}, "This page came in incomplete, so nothing was booked."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_is_kept(
    ana: User, mara: Specialist, as_user: AsUser, fields: dict[str, str], says: str
) -> None:
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara), **fields))
    assert says in page(answer, 400)
    assert Booking.objects.count() == 0
    if "note" not in fields:
        assert "marker words</textarea>" in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "999999", "x", "9" * 30, ""])
def test_a_time_that_is_none_books_nothing(ana: User, mara: Specialist, as_user: AsUser, number: str) -> None:
    client = as_user(ana)
    answer = client.post("/specialists/mara/book/", posted(ana, first_time(mara)) | {"slot": number})
    assert answer.status_code in {400, 409}
    assert "marker words" in page(answer, answer.status_code)
    assert client.get("/specialists/mara/book/", {"slot": number}).status_code == (409 if number else 302)
    assert Booking.objects.count() == 0


def test_another_specialists_time_is_not_booked(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    other = slot(verified(ben), TOMORROW)
    assert as_user(ana).post("/specialists/mara/book/", posted(ana, other)).status_code == 409
    assert Booking.objects.count() == 0


def test_a_limit_is_said_with_everything_kept(ana: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, mara, TOMORROW + timedelta(days=3))
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara)))
    said = page(answer, 409)
    assert "You have a meeting with this specialist already." in said
    assert "Tuesday 24 November 2026, 09:00" in said
    assert "marker words</textarea>" in answer.content.decode()


def test_whoever_is_blocked_hears_that_the_time_is_taken(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Block.objects.create(owner=mara.user, other=ana, made_at=NOW)
    said = page(as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara))), 409)
    assert "That time has just been taken. Your note is still here. There are no free times at the moment." in said


def test_a_specialist_suspended_in_between_loses_no_words(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Specialist.objects.update(status=Specialist.Status.SUSPENDED)
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara)))
    said = page(answer, 409)
    assert "This specialist takes no bookings at the moment." in said
    assert "marker words" in said
    assert "Mara" not in said
    assert Booking.objects.count() == 0


def test_a_session_that_ended_loses_no_words(ana: User, ben: User, mara: Specialist, client: Client) -> None:
    data = posted(ana, first_time(mara), mail="yes")
    answer = client.post("/specialists/mara/book/", data)
    said = page(answer, 401)
    assert "signed out. Your words are still here." in said
    assert "marker words" in said
    assert "Mara" not in said
    client.force_login(ben)
    answer = client.post("/specialists/mara/book/", data)
    assert "marker words" not in page(answer, 403)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    answer = strict.post("/specialists/mara/book/", data)
    assert "Not booked yet. Your words are still here." in page(answer, 403)
    assert "marker words" in answer.content.decode()
    assert Booking.objects.count() == 0


def test_booking_asks_few_queries(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/today/")
    data = posted(ana, first_time(mara))
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/specialists/mara/book/", data).status_code == 302
    counted = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(counted) <= 14, "\n".join(counted)


def test_how_to_join_is_shown_in_its_window_alone(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, NOW + timedelta(hours=30))
    client = as_user(ana)
    for minutes, is_shown in ((-16, False), (-15, True), (20, True), (44, True), (45, False)):
        clock.now = made.starts_at + timedelta(minutes=minutes)
        client.force_login(ana)
        html = client.get(f"/consultations/{made.pk}/").content.decode()
        assert ('href="https://meet.example/room"' in html) is is_shown, minutes
        assert ("Upcoming" in page(client.get("/consultations/")).partition("Past")[0]) is True


def test_a_number_to_ring_is_no_link(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=1))
    words = made.document(ana) | {"address": "+44 20 7946 0000"}
    Booking.objects.update(format="phone", sealed=seal(ana, Booking.LABEL, made.pk, words))
    clock.now = made.starts_at
    assert "You ring this number: +44 20 7946 0000" in page(as_user(ana).get(f"/consultations/{made.pk}/"))


def test_a_meeting_is_moved(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/move/"))
    assert "It is now on Friday 27 November 2026, 09:00" in said
    assert "Tuesday 24 November, 5 free times" in said
    client.post(f"/consultations/{made.pk}/move/", {"slot": first_time(mara).pk})
    made.refresh_from_db()
    assert (made.starts_at, made.sequence) == (TOMORROW, 1)
    assert "The meeting is moved." in page(client.get(f"/consultations/{made.pk}/"))


def test_a_move_that_fails_leaves_the_meeting(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    time = first_time(mara)
    Slot.objects.filter(pk=time.pk).update(is_open=False)
    client = as_user(ana)
    said = page(client.post(f"/consultations/{made.pk}/move/", {"slot": time.pk}), 409)
    assert "That time has just been taken. The meeting stays as it was." in said
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
    assert "With this file your calendar can mark the meeting as cancelled." in page(
        client.get(f"/consultations/{made.pk}/")
    )


def test_what_is_over_is_neither_moved_nor_cancelled(
    ana: User, mara: Specialist, as_user: AsUser, clock: Clock
) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    clock.now = made.starts_at
    client = as_user(ana)
    for name in ("move", "cancel"):
        for ask in (client.get, client.post):
            assert ask(f"/consultations/{made.pk}/{name}/").headers["Location"] == f"/consultations/{made.pk}/"
    made.refresh_from_db()
    assert made.status == "booked"


def test_a_no_show_is_reported_in_its_window(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    clock.now = made.starts_at + timedelta(minutes=9)
    client = as_user(ana)
    assert "Nobody came?" not in page(client.get(f"/consultations/{made.pk}/"))
    assert client.post(f"/consultations/{made.pk}/no-show/").status_code == 302
    made.refresh_from_db()
    assert made.status == "booked"
    clock.now = made.starts_at + timedelta(minutes=10)
    assert "Nobody came?" in page(client.get(f"/consultations/{made.pk}/"))
    assert "Report it" in page(client.get(f"/consultations/{made.pk}/no-show/"))
    client.post(f"/consultations/{made.pk}/no-show/")
    made.refresh_from_db()
    assert made.status == "specialist_no_show"


def test_a_no_show_is_seen_and_objected_to(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(status="client_no_show", unseen=True)
    clock.now = made.starts_at + timedelta(hours=1)
    client = as_user(ana)
    assert "The specialist says that you did not come." in page(client.get("/today/"))
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "The specialist says that you did not come." in said
    assert "I was there" in page(client.get(f"/consultations/{made.pk}/object/"))
    client.post(f"/consultations/{made.pk}/object/")
    made.refresh_from_db()
    assert made.objected_at
    assert "A person on our side looks at it." in page(client.get(f"/consultations/{made.pk}/"))
    assert client.get(f"/consultations/{made.pk}/object/").status_code == 302


def test_whether_it_was_a_fit_is_asked_afterwards(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    assert "Was it a fit?" not in page(client.get(f"/consultations/{made.pk}/"))
    clock.now = made.ends_at
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
    said = page(client.post(path, {"mails": "yes", "remind_day": "on"}), 400)
    assert "A reminder is an e-mail. Say yes above, or leave it out." in said
    client.post(path, {"mails": "yes", "mail": "yes", "remind_day": "on"})
    made.refresh_from_db()
    assert (made.mail, made.remind_day) == (True, True)
    assert re.search(r'name="remind_day"[^>]* checked', client.get(path).content.decode())
    client.post(path, {"mails": "yes", "mail": "no"})
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
    assert "at most 60 characters" in page(client.post(path, {"summary": "x" * 61}), 400)
    for words in (b"marker", b"Mara", b"meet.example"):
        assert words not in client.get(path).content


def test_a_meeting_that_its_specialist_cancelled_offers_others(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(status="cancelled_by_specialist", unseen=True)
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "The specialist cancelled this meeting." in said
    assert "Another time Tuesday 24 November 2026, 09:00" in said
    assert "Other specialists" in said
    assert "The specialist cancelled this meeting." in page(client.get("/today/"))
    client.get(f"/consultations/{made.pk}/")
    made.refresh_from_db()
    assert made.unseen
    client.post(f"/consultations/{made.pk}/", {"seen": "yes"})
    assert not Booking.objects.get().unseen
    assert "The specialist cancelled this meeting." not in page(client.get("/today/"))


def test_words_that_cannot_be_opened_hide_nothing_else(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(sealed=b"broken")
    client = as_user(ana)
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "Your words can't be opened. They have not been changed." in said
    assert client.post(f"/consultations/{made.pk}/appointment.ics", {"summary": "Tea"}).status_code == 200


def test_a_meeting_whose_specialist_is_gone_is_still_listed(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    Booking.objects.update(status="cancelled_by_specialist", unseen=True, specialist=None, slot=None)
    client = as_user(ana)
    page(client.get("/consultations/"))
    page(client.get("/today/"))
    assert "Other specialists" in page(client.get(f"/consultations/{made.pk}/"))


@pytest.mark.parametrize("number", [1, 3, 25])
def test_past_meetings_follow_by_key_in_four_queries(ana: User, mara: Specialist, as_user: AsUser, number: int) -> None:
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


def test_others_meetings_are_not_found(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ben)
    for path in ("", "move/", "cancel/", "no-show/", "object/", "fit/", "appointment.ics"):
        for ask in (client.get, client.post):
            assert ask(f"/consultations/{made.pk}/{path}").status_code == 404
    assert "Mara" not in page(client.get("/consultations/"))


def test_today_names_the_next_meeting_in_few_queries(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Your meetings" not in page(client.get("/today/"))
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/today/")
    assert len(asked) <= 10
    assert "Your meetings Friday 27 November 2026, 09:00 Mara · Video" in page(answer)
    assert f"/consultations/{made.pk}/" in answer.content.decode()


def test_somebody_waits_for_a_specialist_and_stops(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    page(client.get("/consultations/waiting/new/?specialist=mara"))
    client.post("/consultations/waiting/new/?specialist=mara", {"mail": "yes"})
    wait = Wait.objects.get()
    assert (wait.owner, wait.specialist, wait.mail) == (ana, mara, True)
    said = page(client.get("/consultations/waiting/"))
    assert "Mara" in said
    assert "By e-mail and on Today" in said
    other = as_user(ben)
    assert other.post(f"/consultations/waiting/{wait.pk}/stop/").status_code == 404
    client = as_user(ana)
    client.post(f"/consultations/waiting/{wait.pk}/stop/")
    assert Wait.objects.count() == 0
    assert "You wait for nothing at the moment." in page(client.get("/consultations/waiting/"))


def test_somebody_waits_for_a_theme_and_a_language(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Choose a theme or a language." in page(client.post("/consultations/waiting/new/", {}), 400)
    client.post("/consultations/waiting/new/", {"theme": "refusals", "language": "pt"})
    wait = Wait.objects.get()
    assert (wait.theme, wait.language, wait.mail) == ("refusals", "pt", None)
    assert "Asking plainly, hearing a no, Português" in page(client.get("/consultations/waiting/"))
    assert client.get("/consultations/waiting/new/?specialist=nobody").status_code == 404
    assert client.get("/consultations/waiting/new/?specialist=%00").status_code == 404
    assert "Choose one of these." in page(client.post("/consultations/waiting/new/", {"theme": "x"}), 400)


def test_one_waits_for_ten_things_at_most(ana: User, as_user: AsUser) -> None:
    for code in ("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es"):
        Wait.objects.create(owner=ana, language=code, made_at=NOW)
    said = page(as_user(ana).post("/consultations/waiting/new/", {"language": "pt"}), 400)
    assert "You are waiting for 10 things already. Stop one of them first." in said


def test_a_wish_is_kept_without_e_mails(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    for path, wish in (("?specialist=mara", {}), ("", {"theme": "refusals", "language": "pt"})):
        client.post(f"/consultations/waiting/new/{path}", {"mail": "yes", **wish})
    answer = client.get("/consultations/waiting/")
    assert page(answer).count("No e-mail about this") == 2
    for form in re.findall(r'<form method="post" action="([^"]+new/[^"]*)">(.*?)</form>', answer.content.decode()):
        fields = dict(re.findall(r'name="(theme|language)" value="([^"]*)"', form[1]))
        client.post(form[0], fields | {"mail": "no"})
    assert list(Wait.objects.values_list("mail", flat=True)) == [False, False]
    Wait.objects.update(mail=True)
    Specialist.objects.update(paused=True)
    said = page(client.get("/consultations/waiting/"))
    assert said.count("This specialist takes no bookings at the moment.") == said.count("No e-mail about this") == 1


def test_today_names_the_first_time_of_each_that_opened(ana: User, mara: Specialist, as_user: AsUser) -> None:
    waiting.wait(owner=ana, specialist_id=mara.pk, mail=None, now=NOW)
    waiting.opened(mara.slots.values_list("pk", flat=True), NOW)
    assert page(as_user(ana).get("/today/")).count("A time has opened") == 1
    assert page(as_user(ana).get("/consultations/waiting/")).count("Mara") == 6


def test_times_that_opened_stand_on_today(ana: User, mara: Specialist, as_user: AsUser) -> None:
    wait = waiting.wait(owner=ana, specialist_id=mara.pk, mail=None, now=NOW)
    waiting.opened([first_time(mara).pk], NOW)
    assert wait.offers.count() == 1
    client = as_user(ana)
    assert "A time has opened Tuesday 24 November 2026, 09:00 Mara" in page(client.get("/today/"))
    assert "Times that have opened Tuesday 24 November 2026, 09:00" in page(client.get("/consultations/waiting/"))


def test_every_page_is_small_on_the_wire(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    paths = ["", "move/", "cancel/"]
    addresses = [f"/consultations/{made.pk}/{path}" for path in paths]
    addresses += ["/consultations/", "/consultations/waiting/", "/consultations/waiting/new/", "/today/"]
    addresses += [f"/specialists/mara/book/?slot={first_time(mara).pk}"]
    for path in addresses:
        assert len(client.get(path, headers={"accept-encoding": "gzip"}).content) < 14_000, path


def test_the_time_is_the_clients_own_everywhere(ana: User, mara: Specialist, as_user: AsUser) -> None:
    ana.timezone = "Pacific/Auckland"
    ana.save()
    made = booked(ana, mara, datetime.fromisoformat("2026-11-27T11:30+00:00"))
    client = as_user(ana)
    for path in ("/today/", "/consultations/", f"/consultations/{made.pk}/", f"/consultations/{made.pk}/cancel/"):
        assert "Saturday 28 November 2026, 00:30" in page(client.get(path)), path


def test_nobodys_times_are_offered_who_takes_none(ana: User, mara: Specialist, as_user: AsUser) -> None:
    meeting = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    assert client.get(f"/consultations/{meeting.pk}/move/").status_code == 200
    Specialist.objects.update(paused=True)
    assert "takes no bookings at the moment" in page(client.get(f"/consultations/{meeting.pk}/move/", follow=True))
    Booking.objects.update(status="cancelled_by_specialist")
    assert "There are no free times at the moment." in page(client.get(f"/consultations/{meeting.pk}/"))
    Specialist.objects.update(paused=False)
    assert "There are no free times at the moment." not in page(client.get(f"/consultations/{meeting.pk}/"))


def test_a_limit_is_told_before_anything_is_typed(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    other = verified(ben)
    for number in range(5):
        time = TOMORROW + timedelta(days=number + 3)
        booked(ana, other, time, made_at=NOW, status="cancelled_by_client")
    path = f"/specialists/mara/book/?slot={first_time(mara).pk}"
    answer = as_user(ana).get(path)
    assert "You have booked 5 meetings in the last 30 days." in page(answer, 409)
    assert 'class="btn btn-primary" href="/consultations/"' in answer.content.decode()
    assert 'name="note"' not in answer.content.decode()
    Booking.objects.filter(starts_at=TOMORROW + timedelta(days=3)).update(status="cancelled_by_specialist")
    page(as_user(ana).get(path))


def test_an_unconfirmed_address_is_told_first_and_again_with_the_words(
    ana: User, mara: Specialist, as_user: AsUser
) -> None:
    EmailAddress.objects.filter(user=ana).update(verified=False)
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_time(mara).pk}")
    assert "Confirm your e-mail address first." in page(answer, 409)
    assert 'class="btn btn-primary" href="/accounts/email/"' in answer.content.decode()
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara)))
    assert "Confirm your e-mail address It opens in a new tab." in page(answer, 409)
    assert "marker words</textarea>" in answer.content.decode()


def test_own_meetings_at_that_time_are_told_first(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, verified(ben), TOMORROW)
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_time(mara).pk}")
    assert "You have another meeting at that time. These three times are free." in page(answer, 409)
    assert len(re.findall(r'type="radio"[^>]* name="slot"', answer.content.decode())) == 3


def test_nobody_books_with_themselves(mara: Specialist, as_user: AsUser) -> None:
    answer = as_user(mara.user).get(f"/specialists/mara/book/?slot={first_time(mara).pk}")
    assert "These times are your own." in page(answer, 409)


@pytest.mark.parametrize("text", ["x", "0", "-1", "1.5", "٣", "9" * 40, "123456789"])
def test_a_time_that_there_never_was_is_not_told_as_taken(
    ana: User, mara: Specialist, as_user: AsUser, text: str
) -> None:
    said = page(as_user(ana).get("/specialists/mara/book/", {"slot": text}), 409)
    assert "That time is no longer offered. These three times are free." in said


def test_a_time_that_is_too_near_is_told_as_that(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    clock.now = TOMORROW - timedelta(hours=11)
    said = page(as_user(ana).get(f"/specialists/mara/book/?slot={first_time(mara).pk}"), 409)
    assert "That time is too near by now." in said


def test_no_reminder_is_offered_whose_moment_is_over(
    ana: User, mara: Specialist, as_user: AsUser, clock: Clock
) -> None:
    path = f"/specialists/mara/book/?slot={mara.slots.order_by('starts_at')[1].pk}"
    assert "Remind me 24 hours before" in page(as_user(ana).get(path))
    clock.now += timedelta(hours=2)
    said = page(as_user(ana).get(path))
    assert "Remind me 24 hours before" not in said
    assert "Remind me one hour before" in said
    Specialist.objects.update(notice_hours=0)
    clock.now = TOMORROW + timedelta(minutes=30)
    assert "Remind me" not in page(as_user(ana).get(path))
    made = booked(ana, mara, TOMORROW + timedelta(hours=1), slot=mara.slots.order_by("starts_at")[1])
    assert "Remind me" not in page(as_user(ana).get(f"/consultations/{made.pk}/"))


def test_a_report_can_be_taken_back_until_there_is_an_objection(
    ana: User, mara: Specialist, as_user: AsUser, clock: Clock
) -> None:
    made = booked(ana, mara, TOMORROW, slot=first_time(mara), status="specialist_no_show")
    clock.now = made.starts_at + timedelta(minutes=12)
    client = as_user(ana)
    assert "The specialist came after all" in page(client.get(f"/consultations/{made.pk}/"))
    client.post(f"/consultations/{made.pk}/", {"came": "yes"})
    made.refresh_from_db()
    assert made.status == "booked"  # and one can join
    Booking.objects.update(status="specialist_no_show")
    another = booked(ana, mara, TOMORROW + timedelta(days=3))
    client.post(f"/consultations/{made.pk}/", {"came": "yes"})
    made.refresh_from_db()
    assert made.status == "completed"
    another.delete()
    Booking.objects.update(status="specialist_no_show")
    clock.now = made.ends_at
    client.post(f"/consultations/{made.pk}/", {"came": "yes"})
    made.refresh_from_db()
    assert made.status == "completed"
    Booking.objects.update(status="specialist_no_show", objected_at=NOW)
    assert "The specialist came after all" not in page(client.get(f"/consultations/{made.pk}/"))
    client.post(f"/consultations/{made.pk}/", {"came": "yes"})
    made.refresh_from_db()
    assert made.status == "specialist_no_show"


def test_today_asks_for_a_week_whether_it_was_a_fit(ana: User, mara: Specialist, as_user: AsUser, clock: Clock) -> None:
    made = booked(ana, mara, TOMORROW, slot=first_time(mara))
    clock.now = made.ends_at - timedelta(minutes=1)
    assert "Was it a fit?" not in page(as_user(ana).get("/today/"))
    clock.now = made.ends_at + timedelta(days=6, hours=23)
    assert "Was it a fit?" in page(as_user(ana).get("/today/"))
    clock.now = made.ends_at + timedelta(days=7)
    assert "Was it a fit?" not in page(as_user(ana).get("/today/"))
    assert "Was it a fit?" in page(as_user(ana).get("/consultations/"))
    Booking.objects.update(client_fit="yes")
    assert "Was it a fit?" not in page(as_user(ana).get("/consultations/"))


def test_a_settled_objection_is_told_with_its_outcome(ana: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, mara, TOMORROW, slot=first_time(mara), status="completed", objected_at=NOW, settled_at=NOW, unseen=True)
    assert "The objection is settled: took place." in page(as_user(ana).get("/today/"))


@pytest.mark.parametrize(
    ("zone", "starts_at", "said"),
    [
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "until 01:00 (UTC-05:00). By the clock of"),
        ("America/New_York", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), "until 03:00 (UTC-04:00). By the clock of"),
        ("Europe/Lisbon", datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "until Tuesday 1 December, 00:00. By the clock"),
        ("Europe/Lisbon", datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "until Tuesday 1 December, 00:15. Open this"),
    ],
)
def test_the_end_has_its_own_day_and_offset(
    ana: User, mara: Specialist, as_user: AsUser, clock: Clock, zone: str, starts_at: datetime, said: str
) -> None:
    User.objects.filter(pk=ana.pk).update(timezone=zone)
    clock.now = starts_at - timedelta(days=1)
    meeting = booked(ana, mara, starts_at)
    assert said in page(as_user(ana).get(f"/consultations/{meeting.pk}/"))


def test_back_after_booking_leads_to_the_meeting(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, time = as_user(ana), first_time(mara)
    client.post("/specialists/mara/book/", posted(ana, time))
    said = page(client.get(f"/specialists/mara/book/?slot={time.pk}", follow=True))
    assert "You have a meeting with this specialist already." in said
    assert "has just been taken" not in said


def test_a_meeting_that_was_moved_three_times_says_why_it_stays(ana: User, mara: Specialist, as_user: AsUser) -> None:
    meeting = booked(ana, mara, TOMORROW + timedelta(days=3), reschedules=3)
    said = page(as_user(ana).get(f"/consultations/{meeting.pk}/"))
    assert "It was moved three times" in said
    assert "Move the meeting" not in said


def test_an_earlier_time_can_be_waited_for_where_there_are_times(ana: User, mara: Specialist, as_user: AsUser) -> None:
    answer = as_user(ana).get("/specialists/mara/")
    assert "Tell me when an earlier time opens" in page(answer)
    assert "/consultations/waiting/new/?specialist=mara" in answer.content.decode()


def test_lines_of_a_note_count_as_the_browser_counts_them(ana: User, mara: Specialist, as_user: AsUser) -> None:
    note = "x\r\n" * 249 + "xx"  # 500 characters with its line ends
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_time(mara), note=note))
    assert answer.status_code == 302
    assert Booking.objects.get().document(ana)["note"] == note.replace("\r\n", "\n")
