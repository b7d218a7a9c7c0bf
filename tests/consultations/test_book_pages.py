"""Pages for booking a slot, as the client sees them."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from accounts.models import User
from accounts.self_document import change
from consultations.models import Block, Booking, Slot, Specialist
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, first_slot, page, posted, slot, verified


def test_the_chosen_slot_is_said_in_full_with_its_zone(ana: User, mara: Specialist, as_user: AsUser) -> None:
    ana.timezone = "Asia/Kathmandu"
    ana.save()
    change(ana, name="Noor")
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}")
    said = page(answer)
    assert "Tuesday 24 November 2026, 14:45" in said
    assert "until 15:15. Times are in your time zone (Kathmandu, UTC+05:45)." in said
    assert 'value="Noor"' in answer.content.decode()
    assert said.index("Your note is not read straight away") < said.index("A note, if you like")
    assert 'turn to <a href="/help-now/">Help now</a>' in answer.content.decode()
    checked = [field for field in re.findall(r"<input[^>]*>", answer.content.decode()) if " checked" in field]
    assert [re.findall(r' name="(\w+)"', field) for field in checked] == [["format"]]  # the only way, and no e-mails
    assert "Specialist" not in answer.content.decode().partition("</title>")[0]


@pytest.mark.parametrize(("formats", "chosen"), [(["video"], ["video"]), (["phone", "video"], [])])
def test_the_only_way_to_meet_is_chosen_already(
    ana: User, mara: Specialist, as_user: AsUser, formats: list[str], chosen: list[str]
) -> None:
    Specialist.objects.filter(pk=mara.pk).update(formats=formats)
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}").content.decode()
    checked = [field for field in re.findall(r"<input[^>]*>", answer) if "checked" in field]
    assert re.findall(r'value="(\w+)"', "".join(checked)) == chosen


def test_a_slot_is_booked_and_confirmed(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, free_slot = as_user(ana), first_slot(mara)
    answer = client.post("/specialists/mara/book/", posted(ana, free_slot, mail="yes", remind_day="on"))
    made = Booking.objects.get()
    assert answer.headers["Location"] == f"/consultations/{made.pk}/"
    assert (made.starts_at, made.format, made.mail, made.remind_day, made.remind_hour) == (
        TOMORROW, "video", True, True, False
    )  # fmt: skip
    assert made.document(ana)["note"] == "marker words"
    said = page(client.get(f"/consultations/{made.pk}/"))
    assert "Your meeting is booked." in said
    assert "Booked · Mara Tuesday 24 November 2026, 09:00" in said
    assert "The link to join appears here from 08:45 to 09:45" in said
    assert "https://meet.example" not in said
    assert "marker words" in said


def test_no_answer_about_mails_is_no_yes(ana: User, mara: Specialist, as_user: AsUser) -> None:
    as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara)))
    assert Booking.objects.get().mail is None


def test_a_form_that_is_sent_twice_books_once(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, data = as_user(ana), posted(ana, first_slot(mara))
    first = client.post("/specialists/mara/book/", data)
    second = client.post("/specialists/mara/book/", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


def test_a_slot_that_was_taken_leaves_the_words_and_three_others(ana: User, mara: Specialist, as_user: AsUser) -> None:
    free_slot = first_slot(mara)
    client = as_user(ana)
    Slot.objects.filter(pk=free_slot.pk).update(is_open=False)
    answer = client.post("/specialists/mara/book/", posted(ana, free_slot, mail="no", name="No <b>or"), follow=True)
    said = page(answer, 409)
    assert "That time has just been taken. Your note is still here. These three times are free." in said
    html = answer.content.decode()
    assert "marker words</textarea>" in html
    assert 'value="No &lt;b&gt;or"' in html
    assert re.search(r'name="mail"\s+value="no"[^>]* checked', html)
    assert re.search(r'name="format"\s+value="video"[^>]* checked', html)
    assert len(re.findall(r'type="radio"[^>]* name="slot"', html)) == 3
    assert not re.search(r'name="slot"[^>]* checked', html)
    assert "Tuesday 24 November 2026, 10:00 (UTC)" in said
    token = re.search(r'name="token" value="([^"]+)"', html)
    assert token
    other = mara.slots.order_by("starts_at")[1]
    answer = client.post("/specialists/mara/book/", posted(ana, other, token=token[1]))
    assert answer.status_code == 302
    assert Booking.objects.get().starts_at == TOMORROW + timedelta(hours=1)


def test_a_slot_that_was_taken_before_the_form_was_opened(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Slot.objects.filter(pk=first_slot(mara).pk).update(is_open=False)
    said = page(as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}"), 409)
    assert "That time has just been taken. These three times are free." in said


def test_a_taken_slot_with_something_else_missing_asks_for_both(ana: User, mara: Specialist, as_user: AsUser) -> None:
    free_slot = first_slot(mara)
    Slot.objects.filter(pk=free_slot.pk).update(is_open=False)
    said = page(as_user(ana).post("/specialists/mara/book/", posted(ana, free_slot, name=" ")), 400)
    assert "Two things need another look Choose a time." in said
    assert "Write what you would like to be called." in said
    assert "marker words" in said


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Write what you would like to be called. Any name is fine."),
        ({"name": "\u202e"}, "Write what you would like to be called. Any name is fine."),
        ({"name": "\u3164"}, "Write what you would like to be called. Any name is fine."),
        ({"name": "x" * 61}, "too long: 60 characters at most."),
        ({"format": ""}, "Choose how to meet."),
        ({"format": "phone"}, "Choose how to meet."),
        ({"note": "x" * 501}, "This is too long: 500 characters at most, and you wrote 501."),
        ({"remind_day": "on"}, "Reminders are sent by e-mail. Say yes above, or leave them out."),
        ({"mail": "perhaps"}, "Please choose one of the options for “Is it safe"),
        ({"token": "x"}, "Part of this page did not reach us, so nothing was booked."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_is_kept(
    ana: User, mara: Specialist, as_user: AsUser, fields: dict[str, str], says: str
) -> None:
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara), **fields), follow=True)
    assert says in page(answer, 400)
    assert Booking.objects.count() == 0
    assert f"{fields.get('note', 'marker words')}</textarea>" in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "999999", "x", "9" * 30, ""])
def test_a_slot_that_is_none_books_nothing(ana: User, mara: Specialist, as_user: AsUser, number: str) -> None:
    client = as_user(ana)
    answer = client.post("/specialists/mara/book/", posted(ana, first_slot(mara)) | {"slot": number}, follow=True)
    assert answer.status_code in {400, 409}
    assert "marker words" in page(answer, answer.status_code)
    assert client.get("/specialists/mara/book/", {"slot": number}).status_code == (409 if number else 302)
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("broken", [{"slot": "x"}, {"token": "x"}, {"slot": "x", "token": "x"}])
def test_a_form_that_came_in_broken_says_so_once_where_nothing_is_free(
    ana: User, mara: Specialist, as_user: AsUser, broken: dict[str, str]
) -> None:
    data = posted(ana, first_slot(mara)) | broken
    Slot.objects.update(is_open=False)
    said = page(as_user(ana).post("/specialists/mara/book/", data, follow=True), 400)
    assert said.count("Part of this page did not reach us, so nothing was booked.") == 1
    assert "One thing needs another look" in said
    assert "There are no free times at the moment." in said
    assert "marker words" in said


def test_another_specialists_slot_is_not_booked(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    other = slot(verified(ben), TOMORROW)
    assert as_user(ana).post("/specialists/mara/book/", posted(ana, other), follow=True).status_code == 409
    assert Booking.objects.count() == 0


def test_a_limit_is_said_with_everything_kept(ana: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, mara, TOMORROW + timedelta(days=3))
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara)), follow=True)
    said = page(answer, 409)
    assert "You already have a meeting with this specialist." in said
    assert "Tuesday 24 November 2026, 09:00" in said
    assert "marker words</textarea>" in answer.content.decode()


def test_whoever_is_blocked_hears_that_the_slot_is_taken(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Block.objects.create(owner=mara.user, other=ana, made_at=NOW)
    said = page(as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara))), 409)
    assert "That time has just been taken. Your note is still here. There are no free times at the moment." in said


def test_a_specialist_suspended_in_between_loses_no_words(ana: User, mara: Specialist, as_user: AsUser) -> None:
    Specialist.objects.update(status=Specialist.Status.SUSPENDED)
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara)), follow=True)
    said = page(answer, 409)
    assert "This specialist is not taking bookings at the moment." in said
    assert "marker words" in said
    assert "Mara" not in said
    assert Booking.objects.count() == 0


def test_a_session_that_ended_loses_no_words(ana: User, ben: User, mara: Specialist, client: Client) -> None:
    data = posted(ana, first_slot(mara), mail="yes")
    answer = client.post("/specialists/mara/book/", data, follow=True)
    said = page(answer, 401)
    assert "signed out. Your words are still here." in said
    assert "marker words" in said
    assert "Mara" not in said
    client.force_login(ben)
    answer = client.post("/specialists/mara/book/", data, follow=True)
    assert "marker words" not in page(answer, 403)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    answer = strict.post("/specialists/mara/book/", data, follow=True)
    assert "The form could not be checked. Your words are below; send them again." in page(answer, 403)
    assert "marker words" in answer.content.decode()
    assert Booking.objects.count() == 0


def test_the_time_zone_is_asked_at_the_first_booking_where_none_was_chosen(
    ana: User, mara: Specialist, as_user: AsUser
) -> None:
    client, free_slot = as_user(ana), first_slot(mara)
    address = f"/specialists/mara/book/?slot={free_slot.pk}"
    assert "The time above is in UTC." in page(client.get(address))
    chosen = posted(ana, free_slot, timezone="Asia/Kathmandu")
    answer = client.post("/specialists/mara/book/", chosen, follow=True)
    said = page(answer)
    assert not Booking.objects.exists()
    assert "Check the time, then press “Book this time”." in said
    assert "Tuesday 24 November 2026, 14:45" in said
    assert "marker words" in answer.text
    assert 'name="timezone"' not in answer.text
    ana.refresh_from_db()
    assert ana.timezone == "Asia/Kathmandu"
    assert 'name="timezone"' not in client.get(address).text
    client.post("/specialists/mara/book/", posted(ana, free_slot))
    assert Booking.objects.get().starts_at == TOMORROW


@pytest.mark.parametrize("zone", ["", "UTC"])
def test_who_leaves_the_time_zone_books_at_once(ana: User, mara: Specialist, as_user: AsUser, zone: str) -> None:
    client = as_user(ana)
    client.post("/specialists/mara/book/", posted(ana, first_slot(mara), timezone=zone))
    assert Booking.objects.get().starts_at == TOMORROW
    Booking.objects.update(status="cancelled_by_client")
    free_slot = mara.slots.order_by("starts_at")[1]
    assert 'name="timezone"' not in client.get(f"/specialists/mara/book/?slot={free_slot.pk}").text


def test_a_time_zone_that_there_is_not_is_said_beside_it(ana: User, mara: Specialist, as_user: AsUser) -> None:
    data = posted(ana, first_slot(mara), timezone="Europe/Nowhere")
    answer = as_user(ana).post("/specialists/mara/book/", data, follow=True)
    assert "Choose a time zone." in page(answer, 400)
    ana.refresh_from_db()
    assert (ana.timezone, Booking.objects.count()) == ("UTC", 0)


def test_a_time_zone_is_kept_with_the_words_where_the_time_is_lost(
    ana: User, mara: Specialist, as_user: AsUser
) -> None:
    client, free_slot = as_user(ana), first_slot(mara)
    Slot.objects.filter(pk=free_slot.pk).update(is_open=False)
    data = posted(ana, free_slot, timezone="Asia/Kathmandu")
    answer = client.post("/specialists/mara/book/", data, follow=True)
    said = page(answer, 409)
    assert "15:45 (UTC+05:45)" in said
    assert "marker words" in answer.text


def test_booking_asks_few_queries(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/today/")
    data = posted(ana, first_slot(mara))
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/specialists/mara/book/", data).status_code == 302
    counted = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(counted) <= 14, "\n".join(counted)


def test_a_lost_slot_costs_few_queries(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, free_slot = as_user(ana), first_slot(mara)
    client.get("/today/")
    Slot.objects.filter(pk=free_slot.pk).update(is_open=False)
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/specialists/mara/book/", posted(ana, free_slot)).status_code == 303
    counted = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(counted) <= 16, "\n".join(counted)


def test_nobodys_slots_are_offered_who_takes_none(ana: User, mara: Specialist, as_user: AsUser) -> None:
    booking = booked(ana, mara, TOMORROW + timedelta(days=3))
    client = as_user(ana)
    assert client.get(f"/consultations/{booking.pk}/move/").status_code == 200
    Specialist.objects.update(paused=True)
    assert "is not taking bookings at the moment" in page(client.get(f"/consultations/{booking.pk}/move/", follow=True))
    Booking.objects.update(status="cancelled_by_specialist")
    assert "There are no free times at the moment." in page(client.get(f"/consultations/{booking.pk}/"))
    Specialist.objects.update(paused=False)
    assert "There are no free times at the moment." not in page(client.get(f"/consultations/{booking.pk}/"))


def test_a_limit_is_told_before_anything_is_typed(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    other = verified(ben)
    for number in range(5):
        free_slot = TOMORROW + timedelta(days=number + 3)
        booked(ana, other, free_slot, made_at=NOW, status="cancelled_by_client")
    path = f"/specialists/mara/book/?slot={first_slot(mara).pk}"
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
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}")
    assert "Confirm your e-mail address first." in page(answer, 409)
    assert 'class="btn btn-primary" href="/accounts/email/"' in answer.content.decode()
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara)), follow=True)
    assert "Confirm your e-mail address This opens in a new tab." in page(answer, 409)
    assert "marker words</textarea>" in answer.content.decode()


def test_own_bookings_at_that_time_are_told_first(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    booked(ana, verified(ben), TOMORROW)
    answer = as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}")
    assert "You have another meeting at that time. These three times are free." in page(answer, 409)
    assert len(re.findall(r'type="radio"[^>]* name="slot"', answer.content.decode())) == 3


def test_nobody_books_with_themselves(mara: Specialist, as_user: AsUser) -> None:
    answer = as_user(mara.user).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}")
    assert "These are your own times, so you can’t book them." in page(answer, 409)


@pytest.mark.parametrize("text", ["x", "0", "-1", "1.5", "٣", "9" * 40, "123456789"])
def test_a_slot_that_there_never_was_is_not_told_as_taken(
    ana: User, mara: Specialist, as_user: AsUser, text: str
) -> None:
    said = page(as_user(ana).get("/specialists/mara/book/", {"slot": text}), 409)
    assert "That time is no longer offered. These three times are free." in said


def test_a_slot_that_is_too_near_is_told_as_that(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    clock.move_to(TOMORROW - timedelta(hours=11))
    said = page(as_user(ana).get(f"/specialists/mara/book/?slot={first_slot(mara).pk}"), 409)
    assert "That time is now too soon." in said


def test_no_reminder_is_offered_whose_moment_is_over(
    ana: User, mara: Specialist, as_user: AsUser, clock: Traveller
) -> None:
    path = f"/specialists/mara/book/?slot={mara.slots.order_by('starts_at')[1].pk}"
    assert "Remind me 24 hours before" in page(as_user(ana).get(path))
    clock.shift(timedelta(hours=2))
    said = page(as_user(ana).get(path))
    assert "Remind me 24 hours before" not in said
    assert "Remind me one hour before" in said
    Specialist.objects.update(notice_hours=0)
    clock.move_to(TOMORROW + timedelta(minutes=30))
    assert "Remind me" not in page(as_user(ana).get(path))
    made = booked(ana, mara, TOMORROW + timedelta(hours=1), slot=mara.slots.order_by("starts_at")[1])
    assert "Remind me" not in page(as_user(ana).get(f"/consultations/{made.pk}/"))


def test_back_after_booking_leads_to_the_booking(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client, free_slot = as_user(ana), first_slot(mara)
    client.post("/specialists/mara/book/", posted(ana, free_slot))
    said = page(client.get(f"/specialists/mara/book/?slot={free_slot.pk}", follow=True))
    assert "You already have a meeting with this specialist." in said
    assert "has just been taken" not in said


def test_lines_of_a_note_count_as_the_browser_counts_them(ana: User, mara: Specialist, as_user: AsUser) -> None:
    note = "x\r\n" * 249 + "xx"  # 500 characters with its line ends
    answer = as_user(ana).post("/specialists/mara/book/", posted(ana, first_slot(mara), note=note))
    assert answer.status_code == 302
    assert Booking.objects.get().document(ana)["note"] == note.replace("\r\n", "\n")
