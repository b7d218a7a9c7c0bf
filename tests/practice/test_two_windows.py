"""A page of the desk that is open in two windows: each saves what was changed in it, and takes back nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import BusyCalendar, Specialist, calendars
from consultations.services import absences, hours, slots
from consultations.services.own_calendars import connect
from exchange.models import SavedText
from exchange.models.desk import Words
from tests.conftest import AsUser
from tests.consultations.cast import NOW, page, slot, verified
from tests.html import followed, parse
from tests.practice.test_hours import seen

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


WEEK = {"first": "2026-11-23", "day1": "09:00–10:00"}
AWAY = {"first": "2026-12-01", "last": "2026-12-04", "name": "Madeira"}
DAY = {"day": "2026-12-01", "ranges": "09:00–10:00"}


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("hours", ("hours", WEEK), WEEK | {"day1": "", "day3": "14:00–15:00"}),
        ("hours", ("absences", AWAY), WEEK),
        ("hours", ("dates", DAY), WEEK),
        ("hours", ("time-zone", {"timezone": "Asia/Tokyo"}), WEEK),
        ("dates", ("dates", DAY), DAY | {"ranges": "14:00–15:00"}),
        ("dates", ("hours", WEEK), DAY),
        ("time-zone", ("hours", WEEK), {"timezone": "Asia/Tokyo"}),
        ("absences", ("absences", AWAY), AWAY | {"last": "2026-12-06"}),
        ("absences/kept", ("absences/kept", AWAY | {"last": "2026-12-11"}), AWAY | {"last": "2026-12-06"}),
        ("absences/kept", ("absences/kept", AWAY | {"name": "Porto"}), AWAY | {"last": "2026-12-06"}),
    ],
)
def test_what_was_previewed_is_previewed_again_once_the_other_window_has_saved(
    desk: Client, mara: Specialist, path: str, first: tuple[str, dict[str, str]], second: dict[str, str]
) -> None:
    def address(name: str) -> str:
        return f"/practice/{name.replace('kept', str(kept))}/"

    def state() -> str:
        return hours.stored(Specialist.objects.get(pk=mara.pk), NOW)

    kept = uuid4()
    if "kept" in path:
        days = date(2026, 12, 1), date(2026, 12, 4)
        absences.set_absence(owner=mara.user, absence_id=kept, first=days[0], last=days[1], name="Madeira", now=NOW)
    other, fields = address(first[0]), first[1]
    ours = seen(desk.post(address(path), second))
    before = state()
    assert "Saved." in page(desk.post(other, fields | seen(desk.post(other, fields)), follow=True))
    between = state()
    assert between != before
    again = desk.post(address(path), second | ours)
    said = page(again)
    assert "Your hours or absences have changed since you saw this." in said
    assert "Saved." not in said
    assert state() == between
    for value in second.values():
        assert f'value="{value}"' in followed(again).text or "timezone" in second
    assert "Saved." in page(desk.post(address(path), second | seen(again), follow=True))
    assert state() != between


def test_dates_that_get_other_hours_meanwhile_do_not_return_to_the_usual_ones_unseen(
    desk: Client, mara: Specialist
) -> None:
    path = "/practice/dates/"
    desk.post(path, DAY | seen(desk.post(path, DAY)))
    ours = seen(desk.post(path, {"action": "clear:2026-12-01"}))
    changed = DAY | {"ranges": "14:00–15:00"}
    desk.post(path, changed | seen(desk.post(path, changed)))
    again = desk.post(path, ours)
    assert "Your hours or absences have changed since you saw this." in page(again)
    assert mara.overrides.exists()
    desk.post(path, seen(again))
    assert not mara.overrides.exists()


def test_a_single_time_that_is_past_and_deleted_meanwhile_changes_nothing(desk: Client, mara: Specialist) -> None:
    slot(mara, NOW - timedelta(days=2), extra=True)
    ours = seen(desk.post("/practice/dates/", DAY))
    mara.slots.filter(starts_at__lt=NOW).delete()  # as each night does
    assert "Saved." in page(desk.post("/practice/dates/", DAY | ours, follow=True))


def test_a_single_time_that_is_closed_meanwhile_is_previewed_again(desk: Client, mara: Specialist) -> None:
    """Closed, it is still there, and the hours make no slot in its place."""
    row = slot(mara, datetime(2026, 12, 1, 14, 15, tzinfo=UTC), extra=True)
    ours = seen(desk.post("/practice/dates/", DAY))
    slots.close_slot(specialist_id=mara.pk, slot_id=row.pk)
    again = desk.post("/practice/dates/", DAY | ours)
    assert "Your hours or absences have changed since you saw this." in page(again)
    assert "Saved." in page(desk.post("/practice/dates/", DAY | seen(again), follow=True))


def test_a_single_time_that_was_added_meanwhile_is_named_before_it_goes(desk: Client, mara: Specialist) -> None:
    off = DAY | {"ranges": ""}
    ours = seen(desk.post("/practice/dates/", off))
    hours.add_slot(specialist_id=mara.pk, starts_at=datetime(2026, 12, 1, 12, tzinfo=UTC), now=NOW)
    assert "One time removed" in page(desk.post("/practice/dates/", off | ours))
    assert mara.slots.exists()
