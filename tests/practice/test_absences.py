"""A specialist's absences: previewed, in force at once, with the meetings in them, and private as to why."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from consultations.models import Absence, Booking, Slot, Specialist
from consultations.services import absences, hours
from consultations.services.booking_changes import cancel_by_specialist
from consultations.services.slots import differing, generate
from practice.forms import words as forms
from tests.conftest import AsUser
from tests.consultations.cast import NOW, booked, page, slot, verified
from tests.html import assert_valid_html, followed, parse, text_of
from tests.practice.test_hours import seen

TUESDAYS = {1: [(540, 600)]}
WEEK = {"first": "2026-11-30", "last": "2026-12-13", "name": "Madeira"}


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Free on Tuesdays from 09:00 to 10:00, by the clock of New York."""
    mara = verified(cole, timezone="America/New_York")
    hours.change_week(specialist_id=mara.pk, week=TUESDAYS, first=date(2026, 11, 23), last=None, now=NOW)
    return mara


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def at(day: int, hour: int = 14, month: int = 12) -> datetime:
    """A time in UTC; New York is five hours behind."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def starts(mara: Specialist, **about: bool) -> set[date]:
    return {one.date() for one in mara.slots.filter(**about).values_list("starts_at", flat=True)}


def taken(client: User, mara: Specialist, starts_at: datetime) -> Booking:
    """A booking of a slot that the hours have made."""
    free = mara.slots.get(starts_at=starts_at)
    Slot.objects.filter(pk=free.pk).update(is_open=False)
    return booked(client, mara, starts_at, slot=free)


def away(mara: Specialist, first: date, last: date, name: str = "Madeira") -> Absence:
    pk = uuid4()
    absences.set_absence(owner=mara.user, absence_id=pk, first=first, last=last, name=name, now=NOW)
    return Absence.objects.get(pk=pk)


def test_an_absence_is_shown_first_and_then_takes_the_times_out(desk: Client, mara: Specialist) -> None:
    answer = desk.post("/practice/absences/", WEEK)
    assert "Four times removed" in page(answer)
    assert not Absence.objects.exists()
    assert date(2026, 12, 1) in starts(mara)
    desk.post("/practice/absences/", WEEK | seen(answer))
    assert not {date(2026, 12, 1), date(2026, 12, 8)} & starts(mara)
    assert "Madeira" in page(desk.get("/practice/absences/"))
    [row] = Absence.objects.all()
    assert b"Madeira" not in bytes(row.sealed)
    longer = WEEK | {"last": "2026-12-16", "name": "Porto Santo"}
    answer = desk.post(f"/practice/absences/{row.pk}/", longer)
    assert "Two times removed" in page(answer)
    desk.post(f"/practice/absences/{row.pk}/", longer | seen(answer))
    assert "Porto Santo" in page(desk.get("/practice/absences/"))
    assert Absence.objects.get().last == date(2026, 12, 16)
    assert "Removed." in page(desk.post(f"/practice/absences/{row.pk}/", {"action": "remove"}, follow=True))
    assert {date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)} <= starts(mara, is_open=True)
    assert not list(differing(NOW))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": ""}, "Choose a day."),
        ({"first": "2026-11-22"}, "Choose today or a later day."),
        ({"last": "2026-11-29"}, "This day is before the first one."),
        ({"last": "2060-01-01"}, "within the next three years"),
    ],
)
def test_days_that_cannot_be_are_said_to_be_so(desk: Client, fields: dict[str, str], words: str) -> None:
    assert words in page(desk.post("/practice/absences/", WEEK | fields), 400)


def test_one_that_has_begun_keeps_its_first_day(desk: Client, mara: Specialist) -> None:
    row = away(mara, date(2026, 11, 20), date(2026, 11, 25))
    changed = {"first": "2026-11-20", "last": "2026-11-30", "name": ""}
    assert "What changes" in page(desk.post(f"/practice/absences/{row.pk}/", changed))


def test_meetings_stay_are_listed_and_can_be_cancelled_with_words(
    desk: Client, mara: Specialist, ana: User, ben: User, as_user: AsUser
) -> None:
    first, second = taken(ana, mara, at(1)), taken(ben, mara, at(8))
    answer = desk.post("/practice/absences/", WEEK)
    assert "Two booked meetings stay" in page(answer)
    saved = desk.post("/practice/absences/", WEEK | seen(answer))
    [row] = Absence.objects.all()
    meetings = f"/practice/absences/{row.pk}/meetings/"
    assert saved.headers["Location"] == meetings
    shown = desk.get(meetings)
    for booking in (first, second):
        assert f"/practice/meetings/{booking.pk}/" in shown.text
    assert "Choose the meetings to cancel." in page(desk.post(meetings, {"words": "Sorry."}), 400)
    assert "One of these meetings has changed." in page(desk.post(meetings, {"meetings": [uuid4()]}), 400)
    Notice.objects.all().delete()
    said = page(desk.post(meetings, {"meetings": [first.pk], "words": "I am ill. Please write to me."}, follow=True))
    assert "One meeting is cancelled." in said
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("cancelled_by_specialist", "booked")
    theirs = page(as_user(ana).get(f"/consultations/{first.pk}/"))
    assert "Your specialist writes: I am ill. Please write to me." in theirs
    assert b"ill" not in bytes(first.sealed or b"")
    assert [notice.owner for notice in Notice.objects.all()] == [ana]
    assert not any("ill" in message.body for message in mail.outbox)
    assert "I am ill." in page(as_user(mara.user).get(f"/practice/meetings/{first.pk}/"))
    absences.remove_absence(owner=mara.user, absence_id=row.pk, now=NOW)
    assert mara.slots.get(starts_at=at(1)).is_open  # it was freed while they were away, and not closed by hand
    assert not list(differing(NOW))


def test_all_meetings_of_an_absence_are_cancelled_at_once(
    desk: Client, mara: Specialist, ana: User, ben: User, dana: User
) -> None:
    """All that the page has shown: what was cancelled since is left out, and so is what came to it since."""
    first, second, third = (taken(one, mara, at(day)) for one, day in ((ana, 1), (ben, 8), (dana, 15)))
    meetings = f"/practice/absences/{away(mara, date(2026, 11, 30), date(2026, 12, 20)).pk}/meetings/"
    form = parse(desk.get(meetings).content)
    shown = [one.get("value") for one in form.iter("input") if one.get("name") == "shown"]
    assert shown == [str(one.pk) for one in (first, second, third)]
    assert "All of these meetings" in text_of(form)
    cancel_by_specialist(booking_id=second.pk, specialist=mara.user, now=NOW)
    for nothing in ([], [second.pk], ["x"]):
        assert "Choose the meetings to cancel." in page(desk.post(meetings, {"every": "on", "shown": nothing}), 400)
    sent = {"every": "on", "shown": [first.pk, second.pk], "words": "I am away."}
    assert "One meeting is cancelled." in page(desk.post(meetings, sent, follow=True))
    sent = {"every": "on", "shown": [third.pk], "words": "x" * 501}  # sent by a page that showed more
    assert "All of these meetings" in page(desk.post(meetings, sent), 400)
    assert "All of these meetings" not in page(desk.get(meetings))  # one is left
    for booking in (first, second, third):
        booking.refresh_from_db()
    assert [one.status for one in (first, second, third)] == [*["cancelled_by_specialist"] * 2, "booked"]
    assert first.document(ana)["from_specialist"] == "I am away."


def test_back_shows_no_meeting_that_is_cancelled_as_booked(desk: Client, mara: Specialist, ana: User) -> None:
    booking = taken(ana, mara, at(1))
    meetings = f"/practice/absences/{away(mara, date(2026, 11, 30), date(2026, 12, 13)).pk}/meetings/"
    refused = desk.post(meetings, {"words": "Sorry."}).headers["Location"]
    assert "Choose the meetings to cancel." in page(desk.get(refused), 400)
    desk.post(refused, {"meetings": [booking.pk]})
    back = desk.get(refused, follow=True)
    assert back.redirect_chain == [(meetings, 302)]
    assert "Nothing is booked on these days." in page(back)


def test_a_single_time_is_kept_but_not_offered_and_none_can_be_added(desk: Client, mara: Specialist) -> None:
    kept = hours.add_slot(specialist_id=mara.pk, starts_at=at(3), now=NOW)
    row = away(mara, date(2026, 11, 30), date(2026, 12, 13))
    kept.refresh_from_db()
    assert not kept.is_open
    assert not list(differing(NOW))
    refused = desk.post("/practice/slots/change/", {"day": "2026-12-04", "time": "09:00"})
    assert "You are away on that day." in page(refused, 400)
    absences.remove_absence(owner=mara.user, absence_id=row.pk, now=NOW)
    kept.refresh_from_db()
    assert kept.is_open


def test_what_is_freed_while_they_are_away_does_not_open(mara: Specialist, ana: User, ben: User) -> None:
    single = hours.add_slot(specialist_id=mara.pk, starts_at=at(3), now=NOW)
    of_hours, by_hand = taken(ana, mara, at(1)), taken(ben, mara, single.starts_at)
    away(mara, date(2026, 11, 30), date(2026, 12, 13))
    for booking in (of_hours, by_hand):
        cancel_by_specialist(booking_id=booking.pk, specialist=mara.user, keeps_closed=False, now=NOW)
    assert not mara.slots.filter(starts_at__range=(at(1), at(13)), is_open=True).exists()
    generate(specialist_id=mara.pk, now=NOW)
    assert list(mara.slots.filter(starts_at__range=(at(1), at(13))).values_list("pk", flat=True)) == [single.pk]


def test_no_closed_time_can_be_opened_while_they_are_away(desk: Client, mara: Specialist, ana: User) -> None:
    """One that a cancelled meeting has left, and one that was closed by hand."""
    freed = taken(ana, mara, at(1))
    by_hand = hours.add_slot(specialist_id=mara.pk, starts_at=at(3), now=NOW)
    week, change = "/practice/slots/?week=2026-11-30", "/practice/slots/change/"
    desk.post(change, {"action": f"close:{by_hand.pk}"})
    assert f"open:{by_hand.pk}" in desk.get(week).text
    row = away(mara, date(2026, 11, 30), date(2026, 12, 13))
    cancel_by_specialist(booking_id=freed.pk, specialist=mara.user, keeps_closed=False, now=NOW)
    closed = mara.slots.filter(closed=True)
    before = [*closed.order_by("pk").values()]
    shown = desk.get(week)
    assert "You are away on this day, so its times are not offered." in page(shown)
    assert "open:" not in shown.text
    for one in closed:
        assert "You are away on that day." in page(desk.post(change, {"action": f"open:{one.pk}"}, follow=True))
    assert [*closed.order_by("pk").values()] == before
    assert len(before) == 2
    asked = page(desk.get("/practice/slots/?why-day=2026-12-01&why-time=09:00"))
    assert "is not offered: you are away, and back on" in asked
    absences.remove_absence(owner=mara.user, absence_id=row.pk, now=NOW)
    shown = desk.get(week)
    assert "You are away on this day" not in page(shown)
    assert f"open:{by_hand.pk}" in shown.text


def test_a_preview_names_no_time_that_is_not_offered_now(desk: Client, mara: Specialist, ana: User, ben: User) -> None:
    """What was freed in an absence, single times in it, and what is booked there are no part of another change."""
    hours.add_slot(specialist_id=mara.pk, starts_at=at(3), now=NOW)
    of_hours, by_hand = taken(ana, mara, at(1)), taken(ben, mara, at(3))
    hours.add_slot(specialist_id=mara.pk, starts_at=at(4), now=NOW)
    row = away(mara, date(2026, 11, 30), date(2026, 12, 13))
    cancel_by_specialist(booking_id=of_hours.pk, specialist=mara.user, keeps_closed=False, now=NOW)
    assert mara.slots.filter(starts_at=at(1)).exists()
    of_a_day = changed(desk.post("/practice/dates/", {"day": "2026-12-15", "ranges": ""}))
    assert of_a_day == "Two times removed Tue 15 Dec 09:00, 09:30"
    longer = WEEK | {"last": "2026-12-15"}
    assert changed(desk.post(f"/practice/absences/{row.pk}/", longer)) == of_a_day
    shorter = WEEK | {"first": "2026-12-04"}
    assert changed(desk.post(f"/practice/absences/{row.pk}/", shorter)) == "Two new times Tue 1 Dec 09:00, 09:30"
    later = WEEK | {"first": "2026-12-05"}
    assert changed(desk.post(f"/practice/absences/{row.pk}/", later)) == (
        "Three new times Tue 1 Dec 09:00, 09:30 Fri 4 Dec 09:00"
    )
    off = {"day": "2026-12-03", "last": "2026-12-05", "ranges": ""}
    assert changed(desk.post("/practice/dates/", off)) == "No times are added, and none are removed."
    assert by_hand.status == "booked"


def changed(answer: Any) -> str:
    """What a preview says."""
    [found] = parse(followed(answer).content).findall(".//section[@aria-labelledby='changes']//*[@role='status']")
    return text_of(found).removesuffix("Save").strip()


def test_the_days_are_those_of_the_practice(mara: Specialist, ana: User) -> None:
    """Late on Tuesday in New York it is Wednesday in UTC."""
    hours.add_slot(specialist_id=mara.pk, starts_at=at(9, 3), now=NOW)
    late = taken(ana, mara, at(9, 3))
    assert list(absences.meetings_in(mara, (date(2026, 12, 8), date(2026, 12, 8)), NOW)) == [late]
    assert not absences.meetings_in(mara, (date(2026, 12, 9), date(2026, 12, 9)), NOW).exists()


def test_members_see_until_when_and_not_why(mara: Specialist, ana: User, as_user: AsUser) -> None:
    visitor = as_user(ana)
    slot(mara, NOW + timedelta(days=10))
    for address in ("/specialists/", "/specialists/cole/"):
        assert "Away" not in page(visitor.get(address))
    away(mara, date(2026, 11, 20), date(2026, 11, 30))
    away(mara, date(2026, 12, 1), date(2026, 12, 13))  # it follows at once
    away(mara, date(2026, 12, 20), date(2026, 12, 24))
    for address in ("/specialists/", "/specialists/cole/"):
        said = page(visitor.get(address))
        assert "Away, back on 14 December" in said
        assert "Madeira" not in said


def test_there_are_only_so_many(desk: Client, mara: Specialist) -> None:
    for number in range(absences.MOST_ABSENCES):
        day = date(2027, 1, 1) + timedelta(days=number)
        away(mara, day, day)
    assert "To add another absence, remove one first." in page(desk.get("/practice/absences/"))
    with pytest.raises(absences.TooManyAbsences):
        away(mara, date(2027, 6, 1), date(2027, 6, 1))


def test_one_is_somebody_elses(desk: Client, ben: User) -> None:
    other = away(verified(ben), date(2026, 12, 1), date(2026, 12, 2))
    for address in (f"/practice/absences/{other.pk}/", f"/practice/absences/{other.pk}/meetings/"):
        for answer in (desk.get(address, follow=True), desk.post(address, {"action": "remove"}, follow=True)):
            assert answer.redirect_chain == [("/practice/absences/", 302)]
            assert "This is not in your list any more." in page(answer)
    page(desk.post(f"/practice/absences/{other.pk}/", WEEK), 404)
    assert Absence.objects.get(pk=other.pk).first == date(2026, 12, 1)
    assert Absence.objects.count() == 1


def test_one_that_is_removed_leads_to_the_list(desk: Client, mara: Specialist) -> None:
    """By Back, and from another window: its page, its button, and the meetings in it."""
    row = away(mara, date(2026, 11, 30), date(2026, 12, 13))
    here = f"/practice/absences/{row.pk}/"
    assert "Removed." in page(desk.post(here, {"action": "remove"}, follow=True))
    for answer in (
        desk.get(here, follow=True),
        desk.get(f"{here}meetings/", follow=True),
        desk.head(here, follow=True),
        desk.post(here, {"action": "remove"}, follow=True),
        desk.post(f"{here}meetings/", {"words": ""}, follow=True),
    ):
        assert answer.redirect_chain == [("/practice/absences/", 302)]
    assert "This is not in your list any more." in page(desk.get(here, follow=True))


def test_what_is_written_for_one_that_is_removed_is_shown_to_be_copied(desk: Client, mara: Specialist) -> None:
    """Its form, what it previewed, and the words for clients, sent from another window."""
    row = away(mara, date(2026, 11, 30), date(2026, 12, 13))
    here = f"/practice/absences/{row.pk}/"
    previewed = desk.post(here, WEEK)
    desk.post(here, {"action": "remove"})
    for address, sent, words in (
        (here, WEEK, "Madeira"),
        (here, WEEK | seen(previewed), "Madeira"),
        (f"{here}meetings/", {"words": "I am ill. Please write to me."}, "I am ill. Please write to me."),
    ):
        answer = desk.post(address, sent)
        said = page(answer, 404)
        assert "This is not in your list any more. Nothing was saved or sent." in said
        assert words in answer.text
        assert "Send again" not in said
        assert_valid_html(answer.text)
    assert not Absence.objects.exists()


def test_they_are_forgotten_after_a_while(mara: Specialist) -> None:
    row = away(mara, date(2026, 12, 1), date(2026, 12, 2))
    absences.forget_absences(before=date(2026, 12, 2))
    assert Absence.objects.filter(pk=row.pk).exists()
    absences.forget_absences(before=date(2026, 12, 3))
    assert not Absence.objects.exists()
    assert timezone.now() == NOW


def test_the_preview_says_that_meetings_can_be_cancelled_next(desk: Client, mara: Specialist, ana: User) -> None:
    said = "Once this is saved, the next page lists them, and you can cancel them there."
    assert said not in page(desk.post("/practice/absences/", WEEK))
    taken(ana, mara, at(1))
    text = page(desk.post("/practice/absences/", WEEK))
    assert "One booked meeting stays" in text
    assert said in text


def test_the_preview_names_the_meetings_that_stay(desk: Client, mara: Specialist, ana: User, ben: User) -> None:
    taken(ana, mara, at(1))
    taken(ben, mara, at(8))
    Booking.objects.filter(client=ben).update(sealed=None)
    text = page(desk.post("/practice/absences/", WEEK))
    assert "Two booked meetings stay" in text
    assert "Tue 1 Dec 09:00 Ana" in text
    assert "Tue 8 Dec 09:00 No name" in text


def test_each_absence_says_how_much_is_booked_in_it(
    desk: Client, mara: Specialist, ana: User, ben: User, dana: User
) -> None:
    """The link to the meetings is there only if there are some."""
    row = away(mara, date(2026, 11, 30), date(2026, 12, 9))
    link = f"/practice/absences/{row.pk}/meetings/"
    addresses = ["/practice/absences/", f"/practice/absences/{row.pk}/"]
    for address in addresses:
        assert link not in desk.get(address).text
    assert "Nothing is booked on these days." in page(desk.get("/practice/absences/"))
    booked(ana, mara, at(9, 3))  # late on Tuesday in New York
    for address in addresses:
        assert link in desk.get(address).text
    assert "One meeting is booked." in page(desk.get("/practice/absences/"))
    booked(ben, mara, at(10, 4))  # late on the last day
    booked(dana, mara, at(10, 15))  # the day after
    assert "Two meetings are booked." in page(desk.get("/practice/absences/"))


def test_the_list_of_absences_takes_as_many_queries_for_many(
    desk: Client, mara: Specialist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    away(mara, date(2026, 12, 1), date(2026, 12, 1))
    desk.get("/practice/absences/")  # the first page of a session takes more
    with CaptureQueriesContext(connection) as one:
        desk.get("/practice/absences/")
    for day in range(2, 12):
        away(mara, date(2026, 12, day), date(2026, 12, day))
    with django_assert_num_queries(len(one)):
        desk.get("/practice/absences/")


def test_how_much_can_be_said_is_said_beforehand(
    desk: Client, mara: Specialist, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(ana, mara, at(1))
    meetings = f"/practice/absences/{away(mara, date(2026, 11, 30), date(2026, 12, 13)).pk}/meetings/"
    assert "If you like, up to 500 characters." in page(desk.get(meetings))
    monkeypatch.setattr(forms, "LONGEST_WORDS", 400)
    assert "If you like, up to 400 characters." in page(desk.get(meetings))
