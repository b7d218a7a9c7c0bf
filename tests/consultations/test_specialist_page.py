"""The page of one specialist: who it is, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from accounts.models import User
from consultations.services.own_calendars import note_look
from tests.conftest import AsUser
from tests.consultations.cast import (
    NOW,
    TOMORROW,
    booked,
    page,
    slot,
    verified,
)


def test_a_profile_says_who_it_is_and_when(ana: User, ben: User, as_user: AsUser) -> None:
    row = verified(ben, profession="Counsellor", years=1, about="First.\n\nSecond <b>.")
    first = slot(row, TOMORROW)
    slot(row, TOMORROW + timedelta(hours=1))
    answer = as_user(ana).get("/specialists/ben/")
    said = page(answer)
    assert "Counsellor, 1 year. Qualification checked in November 2026" in said
    assert "Tuesday 24 November, 2 free times 09:00 10:00" in said
    assert "2 free times this week. Time zone: UTC" in said
    assert f'name="slot" value="{first.pk}"' in answer.content.decode()
    assert "Second &lt;b&gt;." in answer.content.decode()


def test_a_profile_says_what_people_ask_before_they_book(ana: User, ben: User, as_user: AsUser) -> None:
    verified(
        ben,
        approach="Systemic.",
        training="A diploma <b>.",
        practises_in="Germany",
        access_needs="Captions.",
        fee_least=60,
        fee_most=90,
        fee_currency="EUR",
        fee_words="Some places at a lower fee.",
        register_name="A register",
        register_number="12",
        register_url="https://register.example/12",
        also_checked=["training"],
    )
    answer = as_user(ana).get("/specialists/ben/")
    said = page(answer)
    for words in (
        "Approach Systemic. Training A diploma <b>. Register A register, 12 See the entry",
        "May practise in Germany Access needs Captions.",
        "Fee after the free meeting 60 to 90 EUR a session. Some places at a lower fee.",
        "Checked by our team Name, profession and entry in the register; training (November 2026)",
    ):
        assert words in said
    assert '<a href="https://register.example/12" rel="noreferrer noopener">' in answer.text


def test_a_profile_is_silent_about_what_was_not_written(ana: User, ben: User, as_user: AsUser) -> None:
    verified(ben)
    said = page(as_user(ana).get("/specialists/ben/"))
    for words in ("Approach", "Training", "Register", "May practise in", "Access needs", "Fee after"):
        assert words not in said


def test_weeks_are_turned_by_links(ana: User, ben: User, as_user: AsUser) -> None:
    row = verified(ben)
    slot(row, TOMORROW)
    slot(row, TOMORROW + timedelta(days=14))
    client = as_user(ana)
    first = client.get("/specialists/ben/").content.decode()
    assert 'href="?week=2026-12-07" rel="next"' in first
    assert 'rel="prev"' not in first
    later = client.get("/specialists/ben/?week=2026-12-07")
    assert "Tuesday 8 December, 1 free time 09:00" in page(later)
    assert 'href="?week=2026-11-23" rel="prev"' in later.content.decode()
    assert "Tuesday 24 November" in page(client.get("/specialists/ben/?week=2001-01-01"))


@pytest.mark.parametrize("week", ["x", "2026-13-01", "9999-12-31", "%01"])
def test_a_week_that_is_none_is_not_found(ana: User, ben: User, as_user: AsUser, week: str) -> None:
    slot(verified(ben), TOMORROW)
    assert as_user(ana).get(f"/specialists/ben/?week={week}").status_code == 404


def test_a_fold_names_the_offset_of_each_slot(ana: User, ben: User, as_user: AsUser, clock: Traveller) -> None:
    clock.move_to(datetime(2026, 10, 30, 9, tzinfo=UTC))
    ana.timezone = "America/New_York"
    ana.save()
    row = verified(ben)
    for hour in (4, 5, 6, 7):
        slot(row, datetime(2026, 11, 1, hour, 30, tzinfo=UTC))
    said = page(as_user(ana).get("/specialists/ben/"))
    assert "00:30 01:30 UTC-04:00 01:30 UTC-05:00 02:30" in said
    assert "(New York, UTC-04:00; UTC-05:00 from Sunday 1 November)" in said


@pytest.mark.parametrize("number", [1, 300])
def test_a_profile_asks_five_queries_and_is_small(ana: User, ben: User, as_user: AsUser, number: int) -> None:
    row = verified(ben)
    for count in range(number):
        slot(row, TOMORROW + timedelta(minutes=30 * count))
    client = as_user(ana)
    client.get("/today/")  # writes, once in five minutes, when she was here
    note_look(specialist_id=row.pk, now=NOW)  # once an hour
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/specialists/ben/", headers={"accept-encoding": "gzip"})
    assert len(asked) <= 5, [query["sql"] for query in asked]
    assert len(answer.content) < 14_000


def test_who_has_a_booking_is_shown_it_instead_of_slots(ana: User, ben: User, as_user: AsUser) -> None:
    row = verified(ben)
    booking = booked(ana, row, TOMORROW)
    slot(row, TOMORROW + timedelta(hours=1))
    answer = as_user(ana).get("/specialists/ben/")
    assert "You already have a meeting: Tuesday 24 November 2026, 09:00" in page(answer)
    assert f"/consultations/{booking.pk}/" in answer.content.decode()
