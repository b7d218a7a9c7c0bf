"""The pages of a specialist's hours: every change is previewed, and saved exactly as previewed."""

import re
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations.models import DateOverride, Slot, Specialist, WeeklyHours
from consultations.services import hours
from tests.conftest import AsUser
from tests.consultations.cast import NOW, booked, page, slot, verified
from tests.html import followed, parse

PAGES = ("hours", "dates", "time-zone", "slots")


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Cole's profile, in the time zone of New York."""
    return verified(cole, timezone="America/New_York")


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def week(**fields: str) -> dict[str, str]:
    return {"first": "2026-11-23", "last": "", **{f"day{day}": "" for day in range(7)}, **fields}


def seen(response: Any) -> dict[str, str]:
    """The fields that Save adds after a preview."""
    html = followed(response).content.decode()
    found, button = (
        re.search(r'name="seen" value="(\w+)"', html),
        re.search(r'name="action"\s+value="([^"]+)"\s*>\s*Save\s*<', html),
    )
    assert found
    assert button
    return {"seen": found[1], "action": button[1]}


def starts(specialist: Specialist) -> list[datetime]:
    return list(specialist.slots.order_by("starts_at").values_list("starts_at", flat=True))


def test_a_week_is_shown_and_then_saved_as_it_was_shown(desk: Client, mara: Specialist) -> None:
    answer = desk.post("/practice/hours/", week(day1="09:00–10:00, 14:00–14:30", last="2026-12-06"))
    said = page(answer)
    assert "Six new times" in said  # two Tuesdays
    assert "Tue 24 Nov" in said
    assert "09:00, 09:30, 14:00" in said
    assert not WeeklyHours.objects.exists()
    assert not Slot.objects.exists()
    desk.post("/practice/hours/", week(day1="09:00–10:00, 14:00–14:30", last="2026-12-06") | seen(answer))
    assert len(starts(mara)) == 6
    assert starts(mara)[0] == datetime(2026, 11, 24, 14, tzinfo=UTC)  # 09:00 in New York
    assert "From 23 November 2026 until 6 December 2026" in page(desk.get("/practice/hours/"))


def test_what_was_changed_after_it_was_shown_is_shown_again(desk: Client) -> None:
    answer = desk.post("/practice/hours/", week(day1="09:00–10:00"))
    again = page(desk.post("/practice/hours/", week(day1="09:00–11:00") | seen(answer)))
    assert "new times" in again
    assert not WeeklyHours.objects.exists()


def test_a_booked_slot_stays_whatever_the_hours_say(desk: Client, ana: User, mara: Specialist) -> None:
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    taken = Slot.objects.order_by("starts_at")[0]
    booked(ana, mara, taken.starts_at, slot=taken)
    Slot.objects.filter(pk=taken.pk).update(is_open=False)
    answer = desk.post("/practice/hours/", week())
    said = page(answer)
    assert "One booked meeting stays" in said
    assert "times removed" in said
    desk.post("/practice/hours/", week() | seen(answer))
    assert starts(mara) == [taken.starts_at]


def test_a_single_time_that_is_too_soon_to_book_is_said_to_be_so(desk: Client, mara: Specialist) -> None:
    def added(day: str) -> str:
        return page(desk.post("/practice/slots/change/", {"day": day, "time": "12:15"}, follow=True))

    assert "Added. It is too soon to book it, so nobody can." in added("2026-11-23")
    assert "Added. It is" not in added("2026-11-26")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day0": "12:00–09:00"}, "These hours end before they begin."),
        ({"day0": "22:00–02:00"}, "Hours across midnight are written on both days"),
        ({"day0": "09:00–12:00, 11:00–13:00"}, "Some of these hours overlap."),
        ({"day0": "09:00–09:20"}, "too short"),
        ({"day0": "whenever"}, "Write hours like"),
        ({"first": ""}, "Choose a day."),
        ({"first": "2026-02-31"}, "Choose a day."),
        ({"first": "2026-11-22"}, "Choose today or a later day."),
        ({"first": "2060-01-01"}, "within the next three years"),
        ({"last": "2026-11-01"}, "This day is before the first one."),
    ],
)
def test_hours_that_cannot_be_are_said_to_be_so_and_kept(desk: Client, fields: dict[str, str], words: str) -> None:
    answer = desk.post("/practice/hours/", week(day5="10:00–11:00") | fields, follow=True)
    assert words in page(answer, 400)
    assert 'value="10:00–11:00"' in answer.content.decode()
    for value in fields.values():
        assert f'value="{value}"' in answer.content.decode() or not value
    assert not WeeklyHours.objects.exists()


def test_the_summary_names_each_day_whose_hours_cannot_be_read(desk: Client) -> None:
    answer = desk.post("/practice/hours/", week(day0="whenever", day4="12:00–09:00"), follow=True)
    said = page(answer, 400)
    assert "Monday: Write hours like 09:00–12:30, 14:00–18:00." in said
    assert "Friday: These hours end before they begin." in said


@pytest.mark.parametrize("last", ["9999-12-31", "2999-01-01"])
def test_a_week_until_the_end_of_time_is_refused_in_words(desk: Client, last: str) -> None:
    data = {"day0": "09:00–10:00", "first": "2026-11-23", "last": last}
    answer = desk.post("/practice/hours/", data, follow=True)
    assert "Choose a day within the next three years." in page(answer, 400)
    assert "09:00–10:00" in answer.content.decode()


def test_a_date_is_closed_and_opened_again(desk: Client, mara: Specialist) -> None:
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    before = starts(mara)
    posted = {"day": "2026-11-24", "ranges": ""}
    answer = desk.post("/practice/dates/", posted)
    assert "Two times removed" in page(answer)
    desk.post("/practice/dates/", posted | seen(answer))
    assert starts(mara) == before[2:]
    assert "Off" in page(desk.get("/practice/dates/"))
    answer = desk.post("/practice/dates/", {"action": "clear:2026-11-24"})
    assert "Tuesday 24 November 2026 would have the usual hours again." in page(answer)
    assert "Two new times" in page(answer)
    assert starts(mara) == before[2:]
    desk.post("/practice/dates/", seen(answer))
    assert starts(mara) == before
    assert not DateOverride.objects.exists()


@pytest.mark.parametrize("name", ["dates", "hours"])
def test_a_day_off_takes_its_single_times_with_it_unless_they_are_booked(
    desk: Client, ana: User, mara: Specialist, name: str
) -> None:
    for hour, day in ((8, 24), (9, 24), (9, 26)):
        starts_at = datetime(2026, 11, day, hour + 5, 15, tzinfo=UTC)  # five hours after New York
        hours.add_slot(specialist_id=mara.pk, starts_at=starts_at, now=NOW)
    at_eight, at_nine, later = mara.slots.order_by("starts_at")
    booking = booked(ana, mara, at_nine.starts_at, slot=at_nine)
    off = {"day": "2026-11-24", "last": "2026-11-25", "ranges": ""}
    posted = off if name == "dates" else week(first=off["day"], last=off["last"])
    answer = desk.post(f"/practice/{name}/", posted)
    assert re.search("One time removed Tue 24 Nov 08:15 One booked meeting stays Tue 24 Nov 09:15", page(answer))
    assert mara.slots.filter(pk=at_eight.pk).exists()
    desk.post(f"/practice/{name}/", posted | seen(answer))
    assert {*mara.slots.values_list("pk", flat=True)} == {at_nine.pk, later.pk}
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_a_date_with_other_hours_on_a_booked_day_says_which_bookings_stay(
    desk: Client, ana: User, mara: Specialist
) -> None:
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    taken = Slot.objects.order_by("starts_at")[0]
    booked(ana, mara, taken.starts_at, slot=taken)
    said = page(desk.post("/practice/dates/", {"day": "2026-11-24", "ranges": "15:00–16:00"}))
    assert "Two new times" in said
    assert "One booked meeting stays" in said
    assert "One time removed" in said


def test_an_absence_outlives_a_later_change_of_the_usual_week(desk: Client, mara: Specialist) -> None:
    tuesdays = {1: [(540, 600)]}
    hours.change_week(specialist_id=mara.pk, week=tuesdays, first=date(2026, 11, 23), last=None, now=NOW)
    away = week(first="2026-12-24", last="2027-01-03")
    shown = desk.post("/practice/hours/", away)
    assert "This is saved as days off." in page(shown)
    assert "Two times removed" in page(shown)  # of the Tuesday in it
    desk.post("/practice/hours/", away | seen(shown))
    assert "Thursday 24 December 2026 – Sunday 3 January 2027" in page(desk.get("/practice/dates/"))
    usual = week(day1="09:00–11:00", day3="09:00–10:00")
    desk.post("/practice/hours/", usual | seen(desk.post("/practice/hours/", usual)))
    days = {start.date() for start in starts(mara)}
    assert date(2026, 12, 22) in days
    assert not {day for day in days if date(2026, 12, 24) <= day <= date(2027, 1, 3)}
    again = desk.post("/practice/dates/", {"action": "clear:2026-12-24"})
    assert "24 December 2026 to 3 January 2027 would have the usual hours again." in page(again)
    desk.post("/practice/dates/", seen(again))
    assert date(2026, 12, 29) in {start.date() for start in starts(mara)}
    assert not DateOverride.objects.exists()


def test_an_absence_planned_before_0_2_0_outlives_it_too(mara: Specialist, ben: User) -> None:
    def planned(specialist: Specialist, first: date, last: date | None) -> None:
        row = {"weekday": 1, "starts": 540, "ends": 600, "valid_from": first, "valid_to": last}
        WeeklyHours.objects.create(specialist=specialist, **row)

    planned(mara, date(2026, 1, 1), date(2026, 12, 23))
    planned(mara, date(2027, 1, 4), None)
    planned(verified(ben), date(2026, 1, 1), None)
    DateOverride.objects.create(specialist=mara, date=date(2026, 12, 28), starts=540, ends=600)
    import_module("consultations.migrations.0005_absences").close_gaps(apps, None)
    closed = DateOverride.objects.filter(starts=None).order_by("date")
    assert {row.specialist for row in closed} == {mara}
    assert [row.date.day for row in closed] == [24, 25, 26, 27, 29, 30, 31, 1, 2, 3]


def test_several_days_have_hours_of_their_own_at_once(desk: Client, mara: Specialist) -> None:
    posted = {"day": "2026-11-30", "last": "2026-12-02", "ranges": "10:00–11:00"}
    desk.post("/practice/dates/", posted | seen(desk.post("/practice/dates/", posted)))
    assert [start.day for start in starts(mara)] == [30, 30, 1, 1, 2, 2]
    backwards = desk.post("/practice/dates/", posted | {"last": "2026-11-29"})
    assert "This day is before the first one." in page(backwards, 400)


def test_a_preview_names_the_planned_weeks_that_it_replaces(desk: Client, mara: Specialist) -> None:
    for first, last in (("2026-11-23", ""), ("2027-02-01", "2027-02-28")):
        posted = week(day1="09:00–10:00", first=first, last=last)
        desk.post("/practice/hours/", posted | seen(desk.post("/practice/hours/", posted)))
    said = page(desk.post("/practice/hours/", week(day2="09:00–10:00", first="2026-12-01")))
    assert "the week you planned from 1 February 2027 to 28 February 2027" in said


def test_a_meeting_outside_the_hours_is_not_listed_by_a_change_that_leaves_it_alone(
    desk: Client, ana: User, mara: Specialist
) -> None:
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    taken = Slot.objects.order_by("starts_at")[0]
    booked(ana, mara, taken.starts_at, slot=taken)
    hours.change_week(specialist_id=mara.pk, week={2: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    assert taken in mara.slots.all()
    said = page(desk.post("/practice/hours/", week(day2="09:00–11:00")))
    assert "new times" in said
    assert "booked meeting" not in said


def test_a_slot_that_is_in_the_way_is_shown_in_its_week(desk: Client, mara: Specialist) -> None:
    there = slot(mara, datetime(2026, 12, 9, 15, 15, tzinfo=UTC))
    refused = desk.post("/practice/slots/change/", {"day": "2026-12-09", "time": "10:30", "week": "2026-11-23"})
    said = page(refused, 400)
    assert "This overlaps 10:15–10:45, which you already have on that day." in said
    assert "7 December to 13 December 2026" in said
    assert f"close:{there.pk}" in followed(refused).text


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("hours", week(day1="09:00–10:00", first="2026-12-01")),
        ("dates", {"day": "2026-12-24", "last": "2027-01-03", "ranges": "10:00–11:00"}),
        (
            "profile",
            {"name": "Mara L.", "about": "I work slowly.", "languages": ["en", "pt"], "phone": "+44 20 7946 0000"},
        ),
        ("register", {"register_name": "A register", "register_number": "123", "register_url": "https://r.example/"}),
    ],
)
def test_what_was_typed_outlives_the_session(desk: Client, cole: User, name: str, fields: dict[str, Any]) -> None:
    """Signed out, the page shows it again; sent once more after a log-in, it is taken; not by somebody else."""
    address = f"/practice/{name}/"
    kept = Client().post(address, fields | {"writer": cole.pk})
    said = page(kept, 401)
    assert "What you wrote is still here." in said
    for value in fields.values():
        for one in [value] if isinstance(value, str) else value:
            assert one in kept.text or one == ""
    assert f'name="writer" value="{cole.pk}"' in kept.text
    assert menu_targets(kept) == {"_blank"}  # the page is the only place that has the words
    assert menu_targets(desk.get(address)) == {None}
    assert 'name="writer"' in desk.get(address).text
    assert desk.post(address, fields | {"writer": cole.pk}).status_code in {302, 303}


def menu_targets(answer: Any) -> set[str | None]:
    return {link.get("target") for link in parse(answer.content).findall(".//nav[@class='nav']//a")}


def test_what_one_specialist_typed_does_not_become_the_profile_of_another(
    desk: Client, ben: User, as_user: AsUser
) -> None:
    other = verified(ben)
    as_user(ben).post("/practice/register/", {"register_name": "Mine", "register_number": "7", "writer": "somebody"})
    other.refresh_from_db()
    assert other.register_name != "Mine"


def test_a_zone_moves_what_is_free_and_nothing_that_is_booked(desk: Client, ana: User, mara: Specialist) -> None:
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    taken = Slot.objects.order_by("starts_at")[0]
    booked(ana, mara, taken.starts_at, slot=taken)
    answer = desk.post("/practice/time-zone/", {"timezone": "Europe/Lisbon"})
    assert "Times are in your time zone (Lisbon)" in page(answer)
    mara.refresh_from_db()
    assert mara.timezone == "America/New_York"
    desk.post("/practice/time-zone/", {"timezone": "Europe/Lisbon"} | seen(answer))
    mara.refresh_from_db()
    assert mara.timezone == "Europe/Lisbon"
    assert starts(mara)[:3] == [
        datetime(2026, 11, 24, 9, tzinfo=UTC),
        datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        taken.starts_at,
    ]
    assert "Choose a time zone" in page(desk.post("/practice/time-zone/", {"timezone": "Mars/Olympus"}), 400)


def test_slots_are_closed_opened_and_added_one_by_one(desk: Client, mara: Specialist) -> None:
    free = slot(mara, NOW + timedelta(days=1))
    said = page(desk.get("/practice/slots/"))
    assert "Tuesday 24 November" in said
    assert "04:00" in said
    closed = desk.post("/practice/slots/change/", {"action": f"close:{free.pk}", "week": "2026-11-23"})
    assert closed.headers["Location"] == f"/practice/slots/?week=2026-11-23#slot-{free.pk}"  # not the top of the list
    assert parse(desk.get("/practice/slots/").content).find(f".//li[@id='slot-{free.pk}']") is not None
    free.refresh_from_db()
    assert (free.is_open, free.closed) == (False, True)
    assert "Closed" in page(desk.get("/practice/slots/"))
    desk.post("/practice/slots/change/", {"action": f"open:{free.pk}", "week": "2026-11-23"})
    free.refresh_from_db()
    assert (free.is_open, free.closed) == (True, False)
    desk.post("/practice/slots/change/", {"day": "2026-11-25", "time": "08:15"})
    assert starts(mara)[1] == datetime(2026, 11, 25, 13, 15, tzinfo=UTC)
    overlap = desk.post("/practice/slots/change/", {"day": "2026-11-25", "time": "08:30"})
    assert "This overlaps 08:15–08:45, which you already have on that day." in page(overlap, 400)
    past = desk.post("/practice/slots/change/", {"day": "2026-11-20", "time": "08:30"})
    assert "Choose today or a later day." in page(past, 400)
    over = desk.post("/practice/slots/change/", {"day": "2026-11-23", "time": "00:05"})
    assert "This time is past." in page(over, 400)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("0001-01-01", "Choose today or a later day."),
        ("2027-01-05", "Choose a day within the next six weeks"),
        ("9999-12-31", "Choose a day within the next three years."),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_single_slot_is_one_that_can_be_booked(
    desk: Client, mara: Specialist, zone: str, day: str, says: str
) -> None:
    Specialist.objects.update(timezone=zone)
    assert says in page(desk.post("/practice/slots/change/", {"day": day, "time": "00:00"}), 400)
    assert not mara.slots.exists()


def test_a_slot_that_the_clocks_leave_out_is_not_added(desk: Client) -> None:
    answer = desk.post("/practice/slots/change/", {"day": "2027-03-14", "time": "02:30"})
    assert "The clocks change on that day" in page(answer, 400)


def test_the_slots_of_others_are_left_alone(desk: Client, ben: User) -> None:
    other = slot(verified(ben), NOW + timedelta(days=1))
    for done in ("close", "open"):
        desk.post("/practice/slots/change/", {"action": f"{done}:{other.pk}"})
    assert desk.post("/practice/slots/change/", {"action": "close:x"}).status_code == 404
    other.refresh_from_db()
    assert (other.is_open, other.closed) == (True, False)


@pytest.mark.parametrize("week", ["2026-13-01", "x", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none_is_not_found(desk: Client, week: str) -> None:
    assert desk.get("/practice/slots/", {"week": week}).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_member_is_led_to_where_one_becomes_a_specialist(ana: User, as_user: AsUser, name: str) -> None:
    assert as_user(ana).get(f"/practice/{name}/").headers["Location"] == "/practice/start/"


def test_a_booked_week_asks_no_more_than_an_empty_one(desk: Client, ana: User, mara: Specialist) -> None:
    desk.get("/practice/slots/")
    counts = []
    for many in (0, 3):
        for number in range(many):
            booked(ana, mara, NOW + timedelta(days=1, hours=number), status="completed")
            slot(mara, NOW + timedelta(days=2, hours=number))
        with CaptureQueriesContext(connection) as queries:
            page(desk.get("/practice/slots/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
