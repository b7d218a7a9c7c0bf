"""Breaks and limits, weeks that take turns, copying a day, and why a time is not offered."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations.availability import Reason
from consultations.models import Absence, DateOverride, Slot, Specialist, WeeklyHours
from consultations.services import booking_changes, hours, refusals
from consultations.services.bookings import reschedule
from consultations.services.explaining import why
from consultations.services.slots import close_slot, differing, generate, set_limits
from tests.conftest import AsUser
from tests.consultations.cast import NOW, books, page, verified
from tests.consultations.racing import member
from tests.html import followed, parse
from tests.practice.test_hours import seen, week

DAY = date(2026, 12, 1)  # a Tuesday


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Free on Tuesdays and Wednesdays from 09:00 to 12:00, in UTC."""
    mara = verified(cole)
    hours.change_week(
        specialist_id=mara.pk, week={1: [(540, 720)], 2: [(540, 720)]}, first=date(2026, 11, 23), last=None, now=NOW
    )
    return mara


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def free(mara: Specialist, day: date = DAY) -> list[str]:
    found = mara.slots.filter(starts_at__date=day, is_open=True).order_by("starts_at")
    return [f"{one.starts_at:%H:%M}" for one in found]


def limited(mara: Specialist, **given: int | None) -> None:
    rules: dict[str, int | None] = {"buffer_before": 0, "buffer_after": 0, "most_a_day": None, "most_a_week": None}
    set_limits(specialist_id=mara.pk, **(rules | given), now=NOW)  # type: ignore[arg-type]


def taken(mara: Specialist, name: str, starts_at: datetime) -> object:
    return books(member(name), mara.slots.get(starts_at=starts_at))


def test_limits_are_saved_and_those_that_cannot_be_are_said_to_be_so(desk: Client, mara: Specialist) -> None:
    posted = {"buffer_before": "10", "buffer_after": "20", "most_a_day": "2", "most_a_week": ""}
    assert "Saved." in page(desk.post("/practice/limits/", posted, follow=True))
    mara.refresh_from_db()
    assert (mara.buffer_before, mara.buffer_after, mara.most_a_day, mara.most_a_week) == (10, 20, 2, None)
    for wrong in ({"buffer_before": "121"}, {"most_a_day": "0"}, {"buffer_after": "-1"}, {"most_a_week": "many"}):
        page(desk.post("/practice/limits/", posted | wrong), 400)
    mara.refresh_from_db()
    assert mara.most_a_week is None


def test_minutes_between_meetings_are_those_after_the_one_and_before_the_other(mara: Specialist) -> None:
    limited(mara, buffer_before=10, buffer_after=20)
    taken(mara, "noor", at(10))
    assert free(mara) == ["09:00", "11:00", "11:30"]
    limited(mara, buffer_before=10, buffer_after=21)
    assert free(mara) == ["11:30"]
    limited(mara)
    assert free(mara) == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert not list(differing(NOW))


def test_a_full_day_closes_and_opens_again(mara: Specialist) -> None:
    limited(mara, most_a_day=2)
    first = books(noor := member("noor"), mara.slots.get(starts_at=at(9)))
    assert len(free(mara)) == 5
    left = mara.slots.get(starts_at=at(11))
    taken(mara, "lea", at(10))
    assert free(mara) == []
    assert len(free(mara, date(2026, 12, 2))) == 6
    with pytest.raises(refusals.Taken):
        books(member("kim"), left)
    booking_changes.cancel_by_client(booking_id=first.pk, client=noor, now=NOW)
    assert free(mara) == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert not list(differing(NOW))


def test_a_week_runs_from_monday_in_the_zone_of_the_practice(mara: Specialist) -> None:
    """Sunday 29 November, 20:00 UTC, is Monday in Auckland."""
    hours.change_zone(specialist_id=mara.pk, timezone="Pacific/Auckland", now=NOW)
    sunday = datetime(2026, 11, 29, 20, tzinfo=UTC)
    hours.add_slot(specialist_id=mara.pk, starts_at=sunday, now=NOW)
    before = hours.add_slot(specialist_id=mara.pk, starts_at=datetime(2026, 11, 29, 8, tzinfo=UTC), now=NOW)
    limited(mara, most_a_week=1)
    taken(mara, "noor", sunday)
    monday, next_monday = datetime(2026, 11, 29, 11, tzinfo=UTC), datetime(2026, 12, 6, 11, tzinfo=UTC)
    of_week = mara.slots.filter(starts_at__gte=monday, starts_at__lt=next_monday)
    assert of_week.count() > 6
    assert not of_week.filter(is_open=True).exists()
    before.refresh_from_db()
    assert before.is_open
    assert mara.slots.filter(starts_at__gte=next_monday, is_open=True).exists()


def test_a_booking_that_moves_opens_its_old_day(mara: Specialist) -> None:
    from_when, to = mara.slots.get(starts_at=at(9)), mara.slots.get(starts_at=at(9, day=2))
    limited(mara, most_a_day=1)
    booking = books(noor := member("noor"), from_when)
    assert (free(mara), len(free(mara, date(2026, 12, 2)))) == ([], 6)
    with pytest.raises(refusals.Taken):
        moved(booking.pk, noor, mara.slots.get(starts_at=at(10)))
    moved(booking.pk, noor, to)
    assert (len(free(mara)), free(mara, date(2026, 12, 2))) == (6, [])
    assert not list(differing(NOW))


def moved(booking_id: object, client: User, to: Slot) -> None:
    reschedule(booking_id=booking_id, client=client, slot_id=to.pk, now=NOW)  # type: ignore[arg-type]


def test_weeks_take_turns(desk: Client, mara: Specialist) -> None:
    posted = week(day1="09:00–10:00", alternates="on", other3="14:00–15:00")
    answer = desk.post("/practice/hours/", posted)
    assert "Thu 3 Dec" in page(answer)
    desk.post("/practice/hours/", posted | seen(answer))
    days = {start.date() for start in mara.slots.values_list("starts_at", flat=True)}
    assert {date(2026, 12, 3), date(2026, 12, 8), date(2026, 12, 17), date(2026, 12, 22)} <= days
    assert not {date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 15)} & days
    shown = desk.get("/practice/hours/")
    assert "every other week, counted from 23 November" in page(shown)
    form = parse(shown.content)
    values = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert (values["day1"], values["other3"], values["other1"]) == ("09:00–10:00", "14:00–15:00", None)


def test_two_weeks_of_turns_may_use_the_same_hour_and_no_other_rule_may(mara: Specialist) -> None:
    about = {"specialist": mara, "weekday": 5, "starts": 540, "ends": 600, "valid_from": date(2026, 11, 23)}
    for anchor in (date(2026, 11, 23), date(2026, 11, 30)):
        WeeklyHours.objects.create(**about, anchor=anchor)
    assert WeeklyHours.objects.filter(weekday=5).count() == 2


@pytest.mark.parametrize("anchor", [None, date(2026, 12, 7), date(2026, 11, 24)])
def test_what_overlaps_in_the_same_weeks_is_refused_and_so_is_an_anchor_that_is_no_monday(
    mara: Specialist, anchor: date | None
) -> None:
    about = {"specialist": mara, "weekday": 5, "starts": 540, "ends": 600, "valid_from": date(2026, 11, 23)}
    WeeklyHours.objects.create(**about, anchor=date(2026, 11, 23))
    with pytest.raises(IntegrityError, match=r"hours_do_not_overlap|hours_anchor_is_a_monday"):
        WeeklyHours.objects.create(**about, anchor=anchor)


def test_a_day_is_copied_to_others_before_anything_is_saved(desk: Client) -> None:
    posted = week(day0="08:00–09:00", day1="whenever") | {"copy_from": "0", "copy_to": ["1", "4"], "action": "copy"}
    shown = followed(desk.post("/practice/hours/", posted))
    values = {field.get("name"): field.get("value") for field in parse(shown.content).iter("input")}
    assert [values[f"day{day}"] for day in (0, 1, 4)] == ["08:00–09:00"] * 3
    assert (values["day2"], values["first"]) == (None, "2026-11-23")
    assert not WeeklyHours.objects.filter(weekday=4).exists()
    assert "Not saved yet. The hours of Monday are copied to: Tuesday, Friday" in page(shown)


@pytest.mark.parametrize("chosen", [{}, {"copy_from": "0"}, {"copy_to": ["1"]}, {"copy_from": "0", "copy_to": ["0"]}])
def test_a_copy_that_names_no_two_days_says_so_and_keeps_what_was_chosen(desk: Client, chosen: dict[str, Any]) -> None:
    shown = followed(desk.post("/practice/hours/", week(day0="08:00–09:00") | chosen | {"action": "copy"}))
    assert "Choose the day to copy, and at least one other day to copy it to." in page(shown)
    html = parse(shown.content)
    ticked = [
        box.get("value") for box in html.iter("input") if box.get("name") == "copy_to" and "checked" in box.attrib
    ]
    picked = [one.get("value") for one in html.iter("option") if "selected" in one.attrib]
    assert (ticked, picked) == (chosen.get("copy_to", []), [chosen.get("copy_from", "")])


def asked(mara: Specialist, day: date, hour: int, minute: int = 0, *, is_reachable: bool = True) -> Reason | None:
    return why(Specialist.objects.get(pk=mara.pk), day, hour * 60 + minute, NOW, is_reachable=is_reachable).reason


def test_every_time_has_its_reason(mara: Specialist) -> None:
    other, off, elsewhere = date(2026, 12, 9), date(2026, 12, 15), date(2026, 12, 16)
    limited(mara, buffer_before=5, most_a_day=2, most_a_week=4)
    taken(mara, "noor", at(10))
    close_slot(specialist_id=mara.pk, slot_id=mara.slots.get(starts_at=at(11)).pk)
    DateOverride.objects.create(specialist=mara, date=off)
    DateOverride.objects.create(specialist=mara, date=other, starts=840, ends=900)
    Absence.objects.create(pk=uuid4(), specialist=mara, first=elsewhere, last=elsewhere, sealed=b"")
    generate(specialist_id=mara.pk, now=NOW)
    Slot.objects.filter(starts_at=at(11, 30)).update(busy=True, is_open=False)
    assert asked(mara, DAY, 9) is None
    assert asked(mara, DAY, 9, is_reachable=False) is Reason.NOT_LISTED
    assert asked(mara, DAY, 10) is Reason.BOOKED
    assert asked(mara, DAY, 10, 10) is Reason.BOOKED
    assert asked(mara, DAY, 9, 30) is Reason.BUFFER
    assert asked(mara, DAY, 11) is Reason.CLOSED
    assert asked(mara, DAY, 11, 30) is Reason.BUSY
    assert asked(mara, DAY, 9, 10) is Reason.BETWEEN
    assert asked(mara, DAY, 8) is Reason.NO_HOURS
    assert asked(mara, off, 9) is Reason.DAY_OFF
    assert asked(mara, other, 9) is Reason.OTHER_HOURS
    assert asked(mara, elsewhere, 9) is Reason.AWAY
    assert asked(mara, date(2026, 11, 23), 8) is Reason.PAST
    assert asked(mara, date(2027, 6, 1), 9) is Reason.TOO_FAR
    taken(mara, "lea", at(9))
    assert asked(mara, DAY, 10, 30) is Reason.BUFFER
    limited(mara, most_a_day=2, most_a_week=2)
    assert asked(mara, DAY, 10, 30) is Reason.DAY_FULL
    assert asked(mara, date(2026, 12, 2), 9) is Reason.WEEK_FULL
    Specialist.objects.update(notice_hours=999)
    limited(mara)
    assert asked(mara, DAY, 10, 30) is Reason.TOO_SOON
    WeeklyHours.objects.update(anchor=date(2026, 11, 30))
    generate(specialist_id=mara.pk, now=NOW)
    assert asked(mara, date(2026, 12, 8), 9) is Reason.OTHER_WEEK
    Specialist.objects.update(timezone="Europe/Berlin")
    assert asked(mara, date(2027, 3, 28), 2, 30) is Reason.SKIPPED


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2026-12-01", "09:00", "Tuesday 1 December 2026, 09:00 is offered."),
        ("2026-12-01", "09:30", "too close to your meeting at 10:00, because you keep 5 minutes free between two"),
        ("2026-12-01", "10:00", "you have a meeting at 10:00."),
        ("2026-12-01", "10:45", "your time at 10:30 overlaps it."),
        ("2026-12-16", "09:00", "you are away, and back on 17 December."),
        ("2026-12-03", "09:00", "it is outside your hours."),
        ("2027-05-04", "09:00", "people can book at most six weeks ahead."),
    ],
)
def test_the_desk_answers_in_a_sentence(desk: Client, mara: Specialist, day: str, time: str, words: str) -> None:
    limited(mara, buffer_before=5)
    taken(mara, "noor", at(10))
    Absence.objects.create(pk=uuid4(), specialist=mara, first=date(2026, 12, 16), last=date(2026, 12, 16), sealed=b"")
    said = page(desk.get("/practice/slots/", {"why-day": day, "why-time": time}))
    assert words in said
    assert "Ana" not in said


@pytest.mark.parametrize(
    "asked_for", [{"why-day": "x", "why-time": "9"}, {"why-day": "2999-01-01", "why-time": "09:00"}]
)
def test_a_question_that_cannot_be_read_is_said_to_be_so(desk: Client, asked_for: dict[str, str]) -> None:
    assert "Choose a day" in page(desk.get("/practice/slots/", asked_for), 400)


def test_a_time_that_is_not_free_links_to_its_reason(desk: Client, mara: Specialist) -> None:
    limited(mara, buffer_before=5)
    taken(mara, "noor", at(10))
    shown = desk.get("/practice/slots/?week=2026-12-01")
    assert "?why-day=2026-12-01&amp;why-time=09:30#why" in shown.text
    assert "Not free" in page(shown)
    assert at(9) - timedelta(days=1) > NOW


def test_hours_of_another_week_count_only_if_weeks_take_turns(desk: Client, mara: Specialist) -> None:
    assert "What changes" in page(desk.post("/practice/hours/", week(day1="09:00–10:00", other1="whenever")))
    turns = week(day1="09:00–10:00", other1="whenever", alternates="on")
    refused = desk.post("/practice/hours/", turns)
    assert "Write hours like" in page(refused, 400)
    assert "<details open" in followed(refused).text


@pytest.mark.parametrize("others", [0, 12])
def test_a_booking_reads_no_more_than_the_days_it_counts_in(mara: Specialist, others: int) -> None:
    """However many meetings and times there are; the other weeks are not touched."""
    limited(mara, most_a_day=9, most_a_week=20)
    for number in range(others):
        taken(mara, f"other{number}", at(9 + number % 3, day=1 + number // 3 * 7 + 1))
    newcomer, free_slot = member("noor"), mara.slots.get(starts_at=at(9))
    with CaptureQueriesContext(connection) as captured:
        books(newcomer, free_slot)
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 12
    [read] = [sql for sql in asked if 'FROM "consultations_slot"' in sql and "FOR " not in sql]
    assert "2026-11-30 00:00" in read or "2026-11-29 23:59:59" in read
    assert "2026-12-07 00:00" in read


def test_a_time_whose_hours_came_back_is_offered_again(mara: Specialist) -> None:
    """Its last booking was cancelled while its hours were gone."""
    booking = books(noor := member("noor"), mara.slots.get(starts_at=at(9)))
    hours.change_week(specialist_id=mara.pk, week={}, first=date(2026, 11, 23), last=None, now=NOW)
    booking_changes.cancel_by_client(booking_id=booking.pk, client=noor, now=NOW)
    assert free(mara) == []
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=date(2026, 11, 23), last=None, now=NOW)
    assert free(mara) == ["09:00", "09:30"]
    assert not list(differing(NOW))
