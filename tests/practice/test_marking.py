"""Several past meetings, marked at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from practice.views.lists import PAST_PAGE
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, page, verified
from tests.html import parse, text_of
from tests.practice.noted import noted

pytestmark = pytest.mark.django_db
MARK, MISSED, PAST = "/practice/meetings/mark/", "/practice/meetings/missed/", "/practice/meetings/past/"


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def past(mara: Specialist, number: int, **fields: Any) -> Booking:
    client = User.objects.create_user(f"client{number}@example.org")
    return booked(client, mara, NOW - timedelta(hours=1 + number), **fields)


def status(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.status


def test_those_that_are_ticked_took_place(desk: Client, mara: Specialist) -> None:
    first, second, third = (past(mara, number) for number in range(3))
    assert page(desk.get("/practice/")).count("Ana, Monday 23 November") == 3
    said = page(desk.post(MARK, {"meetings": [first.pk, third.pk], "action": "held"}, follow=True))
    assert "Saved: two meetings took place." in said
    assert [status(one) for one in (first, second, third)] == ["completed", "booked", "completed"]
    assert said.count("Ana, Monday 23 November") == 1


def test_past_meetings_can_be_marked_in_their_list_and_show_where_a_note_is(desk: Client, mara: Specialist) -> None:
    first, second = (past(mara, number) for number in range(2))
    booked(User.objects.create_user("later@example.org"), mara, TOMORROW, status=Status.CANCELLED_BY_CLIENT)
    booked(User.objects.create_user("now@example.org"), mara, NOW - timedelta(minutes=5))
    noted(first, now=NOW)
    said = page(desk.get(PAST))
    assert "Past or cancelled" in said
    assert "are deleted after 30 days. Your private notes stay for 24 months." in said
    assert (said.count("To mark"), said.count("private note ")) == (2, 1)
    answer = desk.post(MARK, {"meetings": [first.pk], "action": "held", "from": "past"}, follow=True)
    assert answer.redirect_chain == [(PAST, 302)]
    assert page(answer).count("To mark") == 1
    asks = desk.post(MARK, {"meetings": [second.pk], "action": "missed", "from": "past"}).headers["Location"]
    assert desk.post(asks, {"meetings": [second.pk]}).headers["Location"] == PAST
    assert "To mark" not in page(desk.get(PAST))


def test_a_meeting_is_in_one_of_the_two_lists(mara: Specialist, as_user: AsUser, clock: Traveller) -> None:
    """It goes on among those ahead until its last second; once cancelled or marked, it is past."""
    booking = booked(User.objects.create_user("now@example.org"), mara, NOW)

    def shown() -> list[bool]:
        desk = as_user(mara.user)  # the session of before is idle for too long
        return [f"/practice/meetings/{booking.pk}/" in desk.get(path).text for path in ("/practice/meetings/", PAST)]

    assert shown() == [True, False]
    clock.move_to(booking.ends_at - timedelta(seconds=1))
    assert shown() == [True, False]
    clock.move_to(booking.ends_at)
    assert shown() == [False, True]
    clock.move_to(NOW + timedelta(minutes=20))
    Booking.objects.update(status=Status.CLIENT_NO_SHOW)
    assert shown() == [False, True]


def test_what_another_window_has_marked_is_left_out_with_a_sentence(desk: Client, mara: Specialist) -> None:
    marked, first, second = (past(mara, number) for number in range(3))
    desk.post(MARK, {"meetings": [marked.pk], "action": "held"})
    asks = desk.post(MARK, {"meetings": [marked.pk, first.pk], "action": "missed"}).headers["Location"]
    left_out = "One of the meetings you chose has changed in the meantime, and is left out."
    assert left_out in page(desk.get(asks))
    assert left_out not in page(desk.post(asks, {"meetings": [first.pk]}, follow=True))
    sent = {"meetings": [marked.pk, first.pk, second.pk], "action": "held"}
    said = page(desk.post(MARK, sent, follow=True))
    assert "Saved: one meeting took place." in said
    assert "Two of the meetings you chose have changed in the meantime, and are left out." in said
    nothing = desk.get(f"{MISSED}?meetings={marked.pk}", follow=True)
    assert "Nothing was changed: these meetings are marked already." in page(nothing)
    assert [status(one) for one in (marked, first, second)] == ["completed", "client_no_show", "completed"]


def test_a_no_show_is_asked_first(desk: Client, mara: Specialist) -> None:
    first, second, third = (past(mara, number) for number in range(3))
    answer = desk.post(MARK, {"meetings": [first.pk, second.pk], "action": "missed"})
    assert answer.status_code == 303
    asked = desk.get(answer.headers["Location"])
    assert page(asked).count("Monday 23 November 2026") == 2
    assert [status(one) for one in (first, second, third)] == ["booked"] * 3
    said = page(desk.post(answer.headers["Location"], {"meetings": [first.pk, second.pk]}, follow=True))
    assert "Saved: two clients did not come. Each can see this and object." in said
    assert [status(one) for one in (first, second, third)] == ["client_no_show", "client_no_show", "booked"]
    assert desk.get(answer.headers["Location"]).headers["Location"] == "/practice/"  # nothing is left to ask


@pytest.mark.parametrize(("list_page", "sent"), [("/practice/", {}), (PAST, {"from": "past"})])
def test_not_now_keeps_the_ticks(desk: Client, mara: Specialist, list_page: str, sent: dict[str, str]) -> None:
    first, _second, third = (past(mara, number) for number in range(3))
    chosen = {str(first.pk), str(third.pk)}
    asked = desk.post(MARK, {"meetings": list(chosen), "action": "missed"} | sent, follow=True)
    not_now = link(asked, "Not now")
    assert not_now.startswith(f"{list_page}?")
    assert ticked(desk.get(not_now)) == chosen
    assert ticked(desk.get(list_page)) == set()
    out_of_date = desk.post(MARK, {"meetings": list(chosen), "action": "completed"} | sent, follow=True)
    assert ticked(out_of_date) == chosen
    desk.post(f"{MISSED}?{asked.request['QUERY_STRING']}", {"meetings": list(chosen)})
    assert ticked(desk.get(not_now)) == set()


def test_not_now_leads_to_the_page_of_the_list_on_which_they_were(desk: Client, mara: Specialist) -> None:
    latest, *_others, first = (past(mara, number) for number in range(PAST_PAGE + 1))
    older = desk.get(link(desk.get(PAST), "Older meetings", PAST))
    assert str(latest.pk) not in older.text
    hidden = {one.get("name"): one.get("value") for one in parse(older.content).iter("input")}
    sent = {"from": "past", "after": hidden["after"], "meetings": [first.pk], "action": "missed"}
    back = desk.get(link(desk.post(MARK, sent, follow=True), "Not now"))
    assert ticked(back) == {str(first.pk)}
    assert str(latest.pk) not in back.text


def ticked(answer: Any) -> set[str | None]:
    """The meetings that are ticked on a page."""
    boxes = parse(answer.content).iter("input")
    return {one.get("value") for one in boxes if one.get("type") == "checkbox" and one.get("checked") is not None}


def link(answer: Any, words: str, page: str = "") -> str:
    """The address of a link with these words."""
    [found] = [one.get("href") for one in parse(answer.content).iter("a") if text_of(one) == words]
    assert found
    return page + found


def test_what_is_not_theirs_or_not_over_or_marked_already_stays(desk: Client, mara: Specialist, ben: User) -> None:
    other = verified(ben)
    theirs = booked(User.objects.create_user("somebody@example.org"), other, NOW - timedelta(hours=1))
    as_client = booked(mara.user, other, NOW - timedelta(hours=2))
    ahead = booked(User.objects.create_user("later@example.org"), mara, TOMORROW)
    missed = past(mara, 4, status=Status.CLIENT_NO_SHOW)
    rows = [theirs, as_client, ahead, missed]
    before = [status(one) for one in rows]
    for address, action in ((MARK, "held"), (MARK, "missed"), (MISSED, "")):
        said = page(desk.post(address, {"meetings": [one.pk for one in rows], "action": action}, follow=True))
        assert "Saved:" not in said
        assert [status(one) for one in rows] == before
    said = page(desk.post(MARK, {"meetings": [missed.pk], "action": "held"}, follow=True))
    assert "Nothing was changed: these meetings are marked already." in said


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000"]])
def test_without_a_choice_nothing_is_marked(desk: Client, mara: Specialist, chosen: list[str]) -> None:
    booking = past(mara, 1)
    for action in ("held", "missed"):
        assert "Choose the meetings first." in page(
            desk.post(MARK, {"meetings": chosen, "action": action}, follow=True)
        )
    assert desk.get(MISSED, {"meetings": chosen}).headers["Location"] == "/practice/"
    assert status(booking) == "booked"


def test_button_of_another_release_changes_nothing(desk: Client, mara: Specialist) -> None:
    booking = past(mara, 1)
    assert "this page was out of date" in page(
        desk.post(MARK, {"meetings": [booking.pk], "action": "completed"}, follow=True)
    )
    assert status(booking) == "booked"
