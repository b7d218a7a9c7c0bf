"""A page of the desk that is open in two windows: each saves what was changed in it, and takes back nothing."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import BusyCalendar, Specialist, calendars
from consultations.services.own_calendars import connect
from exchange.models import SavedText
from exchange.models.desk import Words
from tests.conftest import AsUser
from tests.consultations.cast import NOW, page, verified
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
ROOMS = {"video": "https://meet.example/room", "phone": "+44 20 7946 0000"}


@pytest.fixture
def mara(cole: User) -> Specialist:
    words = {"profession": "Counsellor", "about": "I listen.", "access_needs": "Captions."}
    found = verified(cole, **words, languages=["en", "pt"], themes=["balance"])
    found.sealed_addresses = seal(cole, Specialist.LABEL, cole.pk, ROOMS)
    found.formats = [*ROOMS]
    found.save()
    return found


@pytest.fixture
def desk(mara: Specialist, as_user: AsUser) -> Client:
    return as_user(mara.user)


def form_fields(html: str) -> dict[str, list[str]]:
    """The values of the form that says what it showed, as a browser would send them."""
    [form] = [
        one for one in parse(html).iter("form") if any("initial-" in i.get("name", "") for i in one.iter("input"))
    ]
    found: dict[str, list[str]] = {}
    for one in form.iter("input"):
        is_box = one.get("type") in {"checkbox", "radio"}
        if not is_box or one.get("checked") is not None:
            found.setdefault(one.get("name", ""), []).append(one.get("value", "on" if is_box else ""))
    for area in form.iter("textarea"):
        found[area.get("name", "")] = [(area.text or "").removeprefix("\n")]
    return found


def saves(desk: Client, path: str, opened: str, **changed: Any) -> None:
    assert desk.post(path, form_fields(opened) | changed).status_code == 302


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("profile", {"about": "Slowly.\r\n\r\nTwo lines."}, {"years": "20"}),
        ("profile", {"languages": ["en", "pt", "es"]}, {"themes": ["balance", "pressure"]}),
        ("profile", {"access_needs": ""}, {"notice_hours": "48", "offers_free": []}),
        ("profile", {"shown_to_visitors": "on"}, {"fee_least": "50", "fee_currency": "EUR"}),
        ("register", {"register_name": "Another"}, {"register_number": "7"}),
        ("limits", {"buffer_before": "10"}, {"most_a_week": "12"}),
        ("limits", {"most_a_day": "3"}, {"buffer_after": "5"}),
        ("e-mails", {"agenda_mailed": "on"}, {"reminder": "remind_day"}),
    ],
)
def test_both_windows_keep_what_they_changed(
    desk: Client, mara: Specialist, path: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    path = f"/practice/{path}/"
    opened = desk.get(path).text
    before = form_fields(opened)
    saves(desk, path, opened, **first)
    saves(desk, path, opened, **second)
    now = form_fields(desk.get(path).text)
    for name in (*first, *second):
        assert now.get(name) != before.get(name), name
    page(desk.get(path))


def test_an_address_stays_that_another_window_gave(desk: Client, cole: User, mara: Specialist) -> None:
    opened = desk.get("/practice/profile/").text
    saves(desk, "/practice/profile/", opened, phone="+44 20 7946 0999")
    saves(desk, "/practice/profile/", opened, about="Slowly.")
    mara.refresh_from_db()
    stored = unseal(cole, Specialist.LABEL, cole.pk, bytes(mara.sealed_addresses or b""))
    assert stored == ROOMS | {"phone": "+44 20 7946 0999"}


def test_what_is_refused_still_takes_nothing_back(desk: Client, mara: Specialist) -> None:
    opened = desk.get("/practice/profile/").text
    saves(desk, "/practice/profile/", opened, access_needs="Pauses.")
    refused = desk.post("/practice/profile/", form_fields(opened) | {"notice_hours": "0"}, follow=True).text
    saves(desk, "/practice/profile/", refused, notice_hours="24")
    mara.refresh_from_db()
    assert (mara.access_needs, mara.notice_hours) == ("Pauses.", 24)


def test_a_form_that_does_not_say_what_it_showed_is_saved_whole(desk: Client, mara: Specialist) -> None:
    """As a page of an earlier release sends it."""
    fields = {
        name: value for name, value in form_fields(desk.get("/practice/limits/").text).items() if "initial" not in name
    }
    assert desk.post("/practice/limits/", fields | {"buffer_before": "10"}).status_code == 302
    assert desk.post("/practice/limits/", fields | {"most_a_day": "3"}).status_code == 302
    mara.refresh_from_db()
    assert (mara.buffer_before, mara.most_a_day) == (0, 3)


def test_a_saved_text_and_its_title(desk: Client, cole: User) -> None:
    row = SavedText(owner=cole)
    row.seal(cole, Words("Hello", "Dear you"))
    row.save()
    path = f"/practice/messages/texts/{row.pk}/"
    opened = desk.get(path).text
    saves(desk, path, opened, text="Dear all")
    saves(desk, path, opened, title="Greeting")
    row.refresh_from_db()
    assert row.words(cole) == Words("Greeting", "Dear all")
    row.delete()
    saves(desk, path, opened, title="Greeting")
    assert SavedText.objects.get().words(cole) == Words("Greeting", "Dear you")


def test_a_calendar_and_its_name(desk: Client, cole: User) -> None:
    connect(owner=cole, words=calendars.Words("https://calendar.example/a.ics", "Work"), all_day=True, now=NOW)
    row = BusyCalendar.objects.get()
    path = f"/practice/calendars/{row.pk}/"
    opened = desk.get(path).text
    saves(desk, path, opened, name="Home")
    saves(desk, path, opened, all_day=[])
    row.refresh_from_db()
    assert (row.words(cole).name, row.all_day) == ("Home", False)
