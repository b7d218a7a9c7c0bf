"""The desk's pages of a specialist's own calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consultations.busy.answers import Failure
from consultations.models import BusyCalendar, Specialist
from consultations.models.calendars import Words
from consultations.services.own_calendars import MOST_CALENDARS, connect
from consultations.templatetags.specialist_words import WHAT_TO_DO
from tests.conftest import AsUser
from tests.consultations.cast import NOW, booked, verified
from tests.html import assert_valid_html, followed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
SECRET = "private-marker5"
ADDRESS = f"webcal://calendar.example/{SECRET}/basic.ics"
PAGE = "/practice/calendars/"


@pytest.fixture
def host(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def desk(host: Specialist, as_user: AsUser) -> Client:
    return as_user(host.user)


def read(page: Any) -> str:
    """The words of a page, which is valid."""
    return text_of(assert_valid_html(page.text))


def connected(host: Specialist, **fields: object) -> BusyCalendar:
    words = Words(f"https://calendar.example/{SECRET}", "At home")
    row = connect(owner=host.user, words=words, all_day=True, now=NOW)
    BusyCalendar.objects.filter(pk=row.pk).update(**fields)
    return row


def test_a_calendar_is_connected_and_its_address_not_shown_again(desk: Client, host: Specialist) -> None:
    response = desk.post(PAGE, {"name": "At home", "address": ADDRESS, "all_day": "on"})
    assert response["Location"] == PAGE
    page = desk.get(PAGE)
    words = read(page)
    assert "At home" in words
    assert "calendar.example" in words
    assert "It is being read now." in words
    assert SECRET not in page.text
    [row] = BusyCalendar.objects.all()
    assert row.words(host.user) == Words(f"https://calendar.example/{SECRET}/basic.ics", "At home")


@pytest.mark.parametrize("address", ["http://calendar.example/a", "calendar.example", "https://a:b@c.example/", ""])
def test_another_address_is_refused_with_what_was_written(desk: Client, address: str) -> None:
    response = followed(desk.post(PAGE, {"name": "At home", "address": address, "all_day": "on"}))
    assert response.status_code == 400
    assert 'value="At home"' in response.text
    assert_valid_html(response.text)
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize(
    "place",
    ["localhost", "nas", "diary.local", "diary.internal", "me.localhost.", "192.168.1.20", "127.1", "[fd00::1]"],
)
def test_an_address_within_a_home_is_refused_where_it_was_typed_and_no_name_is_looked_up(
    desk: Client, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("lib.fetching.socket.getaddrinfo")
    address = f"https://{place}/{SECRET}.ics"
    response = followed(desk.post(PAGE, {"name": "At home", "address": address, "all_day": "on"}))
    assert response.status_code == 400
    said = assert_valid_html(response.text).iterfind('.//*[@id="id_address_error"]')
    assert [text_of(one) for one in said] == [
        "This address opens only within a home or an office, so we can’t read it. Use one from the internet."
    ]
    assert f'value="{address}"' in response.text
    assert 'value="At home"' in response.text
    assert not BusyCalendar.objects.exists()


def test_one_more_than_five_is_refused(desk: Client, host: Specialist) -> None:
    for number in range(MOST_CALENDARS):
        connect(owner=host.user, words=Words(f"https://a.example/{number}", "x"), all_day=True, now=NOW)
    assert 'name="address"' not in desk.get(PAGE).text
    response = followed(desk.post(PAGE, {"name": "x", "address": ADDRESS}))
    assert "You have connected five calendars already." in read(response)


def test_a_calendar_is_renamed(desk: Client, host: Specialist) -> None:
    row = connected(host)
    address = reverse("practice:calendar", args=[row.pk])
    page = desk.get(address)
    assert_valid_html(page.text)
    assert SECRET not in page.text
    assert desk.post(address, {"name": "Elsewhere"})["Location"] == PAGE
    row.refresh_from_db()
    assert (row.words(host.user).name, row.all_day) == ("Elsewhere", False)
    assert followed(desk.post(address, {"name": ""})).status_code == 400


def test_a_calendar_is_removed_after_a_question(desk: Client, host: Specialist) -> None:
    row = connected(host)
    address = reverse("practice:calendar_remove", args=[row.pk])
    assert_valid_html(desk.get(address).text)
    assert BusyCalendar.objects.exists()
    assert desk.post(address)["Location"] == PAGE
    assert not BusyCalendar.objects.exists()
    assert desk.post(address)["Location"] == PAGE  # a second time changes nothing
    desk.get(PAGE)
    for gone in (address, reverse("practice:calendar", args=[row.pk])):  # by Back
        back = desk.get(gone, follow=True)
        assert back.redirect_chain == [(PAGE, 302)]
        assert "This is not in your list any more." in read(back)
    renamed = desk.post(reverse("practice:calendar", args=[row.pk]), {"name": "Elsewhere"})
    assert renamed.status_code == 404
    assert "This is not in your list any more." in read(renamed)
    assert 'value="Elsewhere"' in renamed.text
    assert not BusyCalendar.objects.exists()


def test_read_now_is_limited(desk: Client, host: Specialist) -> None:
    row = connected(host, due_at=NOW + timedelta(hours=1))
    address = reverse("practice:calendars_read")
    assert "are being read now" in read(desk.post(address, follow=True))
    row.refresh_from_db()
    assert row.due_at is None
    for _ in range(20):
        last = desk.post(address, follow=True)
    assert "Try again a little later." in read(last)
    assert desk.get(address).status_code == 405


def test_others_do_not_see_it(host: Specialist, ben: User, as_user: AsUser) -> None:
    row = connected(host)
    other = verified(ben)
    client = as_user(other.user)
    for name in ("calendar", "calendar_remove"):
        for pk in (row.pk, uuid4()):
            assert client.get(reverse(f"practice:{name}", args=[pk])).headers["Location"] == PAGE
    client.post(reverse("practice:calendar_remove", args=[row.pk]))
    client.post(reverse("practice:calendar", args=[row.pk]), {"name": "x"})
    assert row.words(host.user).name == "At home"
    assert "At home" not in client.get(PAGE).text


@pytest.mark.parametrize("failure", list(Failure))
def test_what_fails_is_said_with_what_to_do(desk: Client, host: Specialist, failure: Failure) -> None:
    connected(host, failure=failure, failing_since=NOW, read_at=NOW - timedelta(hours=1), left_out=2)
    page = desk.get(PAGE)
    assert str(WHAT_TO_DO[failure]) in read(page)
    assert "2 events could not be read, and are left out." in read(page)
    assert_valid_html(page.text)


@pytest.mark.parametrize("failure", list(Failure))
def test_what_was_never_read_does_not_seem_to_be(desk: Client, host: Specialist, failure: Failure) -> None:
    connected(host, failure=failure, failing_since=NOW)
    words = read(desk.get(PAGE))
    assert "It could not be read, and closes no times yet." in words
    assert str(WHAT_TO_DO[failure]) in words
    for other in ("Connected", "being read now", "Last read"):
        assert other not in words


def test_links_tell_calendars_of_one_name_apart(desk: Client, host: Specialist) -> None:
    for place in ("one.example", "other.example"):
        connect(owner=host.user, words=Words(f"https://{place}/{SECRET}", "Work"), all_day=True, now=NOW)
    links = assert_valid_html(desk.get(PAGE).text).iter("a")
    names = [text_of(link) for link in links if link.get("href", "").startswith(PAGE)]
    expected = [f"{act}: Work, {place}" for place in ("one.example", "other.example") for act in ("Change", "Remove")]
    assert sorted(names) == sorted(expected)


def test_a_day_of_failing_is_said_on_the_desk(desk: Client, host: Specialist) -> None:
    sentence = "One of your calendars could not be read for a day."
    row = connected(host, failure=Failure.GONE, failing_since=NOW - timedelta(hours=23))
    assert sentence not in read(desk.get("/practice/"))
    BusyCalendar.objects.filter(pk=row.pk).update(failing_since=NOW - timedelta(days=1))
    page = desk.get("/practice/")
    assert sentence in read(page)
    assert_valid_html(page.text)


def test_a_meeting_at_a_busy_time_is_shown_and_stays(desk: Client, host: Specialist, ana: User) -> None:
    starts_at = datetime(2026, 11, 26, 10, tzinfo=UTC)
    row, booking = connected(host), booked(ana, host, starts_at)
    row.seal_ranges(host.user, [(starts_at + timedelta(minutes=15), starts_at + timedelta(hours=1))])
    row.read_at = NOW
    row.save()
    for address in ("/practice/", PAGE):
        page = desk.get(address)
        assert "There is something else in your calendar at this time." in read(page)
        assert_valid_html(page.text)
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_one_that_cannot_be_opened_can_be_removed(desk: Client, host: Specialist) -> None:
    row = connected(host, sealed=b"nothing")
    assert "A calendar that can’t be opened" in read(desk.get(PAGE))
    remove = reverse("practice:calendar_remove", args=[row.pk])
    assert desk.get(reverse("practice:calendar", args=[row.pk]))["Location"] == remove
    desk.post(remove)
    assert not BusyCalendar.objects.exists()
