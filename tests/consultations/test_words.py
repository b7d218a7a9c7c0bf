"""The wording of profiles, bookings, slots and moments: the filters of `consultations/templatetags/`."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from consultations.models import Booking, Slot, Specialist, WaitingEntry
from consultations.models.bookings import Status
from consultations.templatetags import booking_words, clock_words, specialist_words

MOMENT = datetime(2026, 7, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("profession", "years", "said"),
    [
        ("Psychologist", 12, "Psychologist, 12 years"),
        ("Psychologist", 1, "Psychologist, 1 year"),
        ("Psychologist", None, "Psychologist"),
        ("", 12, "12 years"),
        ("", 0, ""),
    ],
)
def test_profession_and_years_in_it(profession: str, years: int | None, said: str) -> None:
    assert specialist_words.practised(Specialist(profession=profession, years=years)) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Lisbon", "Friday 3 July 2026, 10:00 (Lisbon, UTC+01:00)"),
        ("UTC", "Friday 3 July 2026, 09:00 (UTC)"),
    ],
)
def test_moment_in_full_goes_by_the_readers_clock(zone: str, said: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert clock_words.in_full(MOMENT) == said


def test_turn_of_the_clock_ends_the_sentence() -> None:
    with timezone.override(ZoneInfo("Europe/Lisbon")):
        assert clock_words.turn(datetime(2026, 10, 25, 1, tzinfo=UTC)) == "; UTC from Sunday 25 October"
    assert clock_words.turn(None) == ""


@pytest.mark.parametrize(
    ("theme", "language", "said"),
    [
        ("refusals", "pt", "Hearing no, Português"),
        ("refusals", "", "Hearing no"),
        ("", "pt", "Português"),
    ],
)
def test_waiting_entry_names_what_it_asks_for(theme: str, language: str, said: str) -> None:
    assert specialist_words.waited_for(WaitingEntry(theme=theme, language=language)) == said


def test_waiting_entry_names_its_specialist() -> None:
    assert specialist_words.waited_for(WaitingEntry(specialist=Specialist(name="Mara L."))) == "Mara L."


@pytest.mark.parametrize(
    ("status", "to_client", "to_specialist"),
    [
        (Status.BOOKED, "booked", "booked"),
        (Status.COMPLETED, "took place", "took place"),
        (Status.CLIENT_NO_SHOW, "marked as missed", "the client did not come"),
        (Status.SPECIALIST_NO_SHOW, "the specialist did not come", "marked as missed"),
        (Status.CANCELLED_BY_CLIENT, "you cancelled", "cancelled by the client"),
        (Status.CANCELLED_BY_SPECIALIST, "cancelled by the specialist", "you cancelled"),
    ],
)
@pytest.mark.parametrize("is_over", [True, False])
def test_state_is_said_to_each_side(status: Status, to_client: str, to_specialist: str, is_over: bool) -> None:
    booking = Booking(status=status)
    if is_over and status == Status.BOOKED:
        to_client = to_specialist = "past"
    assert booking_words.state_for_client(booking, is_over) == to_client
    assert booking_words.state_for_specialist(booking, is_over) == to_specialist


MINE = "You said that you were there. Someone on our team will look at it."


@pytest.mark.parametrize(
    ("status", "settled", "to_client", "to_specialist"),
    [
        (Status.CLIENT_NO_SHOW, False, MINE, MINE.replace("You said that you", "The client says that they")),
        (Status.SPECIALIST_NO_SHOW, False, MINE.replace("You said that you", "The specialist says that they"), MINE),
        (
            Status.COMPLETED,
            True,
            "This is settled: the meeting took place.",
            "This is settled: the meeting took place.",
        ),
        (
            Status.CLIENT_NO_SHOW,
            True,
            "This is settled: you did not come.",
            "This is settled: the client did not come.",
        ),
        (
            Status.SPECIALIST_NO_SHOW,
            True,
            "This is settled: the specialist did not come.",
            "This is settled: you did not come.",
        ),
    ],
)
def test_objection_is_said_to_each_side(status: Status, settled: bool, to_client: str, to_specialist: str) -> None:
    booking = Booking(status=status, objected_at=MOMENT, settled_at=MOMENT if settled else None)
    assert booking_words.objection_for_client(booking) == to_client
    assert booking_words.objection_for_specialist(booking) == to_specialist


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ({"status": Status.BOOKED}, []),
        ({"status": Status.BOOKED, "reschedules": 1, "sequence": 1}, ["moved"]),
        ({"status": Status.CANCELLED_BY_CLIENT, "reschedules": 1}, ["cancelled by the client"]),
        ({"status": Status.CLIENT_NO_SHOW, "objected_at": MOMENT}, ["the client did not come", "objection"]),
        (
            {"status": Status.COMPLETED, "objected_at": MOMENT, "settled_at": MOMENT},
            ["took place", "objection settled"],
        ),
    ],
)
def test_marks_say_what_is_not_simply_booked(fields: dict[str, Any], marks: list[str]) -> None:
    assert booking_words.marks_for_specialist(Booking(**fields)) == marks


@pytest.mark.parametrize(
    ("begins_in", "fields", "said"),
    [
        (0, {"is_open": True}, "Past"),
        (0, {"closed": True, "is_open": False}, "Past"),
        (1, {"closed": True, "is_open": False}, "Closed"),
        (12, {"is_open": True}, "Free"),
        (11, {"is_open": True}, "Too soon to book"),  # within the notice
        (1, {"is_open": False}, "Not free"),
    ],
)
def test_state_of_a_slot(begins_in: int, fields: dict[str, bool], said: str) -> None:
    specialist = Specialist(status=Specialist.Status.VERIFIED, notice_hours=12)
    slot = Slot(specialist=specialist, starts_at=MOMENT + timedelta(hours=begins_in), **fields)
    assert booking_words.state_of_slot(slot, MOMENT) == said


def test_an_open_slot_is_not_called_free_while_nobody_can_book() -> None:
    specialist = Specialist(status=Specialist.Status.VERIFIED, paused=True, notice_hours=12)
    slot = Slot(specialist=specialist, starts_at=MOMENT + timedelta(hours=12), is_open=True)
    assert booking_words.state_of_slot(slot, MOMENT) == "Nobody can book this time"


@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        ("appear", 1, "One new time"),
        ("appear", 2, "Two new times"),
        ("vanish", 1, "One time removed"),
        ("vanish", 2, "Two times removed"),
        ("stay", 1, "One booked meeting stays"),
        ("stay", 2, "Two booked meetings stay"),
        ("stay", 13, "13 booked meetings stay"),
    ],
)
def test_change_of_slots(kind: str, count: int, said: str) -> None:
    assert booking_words.change_of_slots(kind, count) == said


@pytest.mark.parametrize(
    ("fields", "begins_with"),
    [
        ({"status": Specialist.Status.DRAFT}, "Your profile is a draft."),
        ({"status": Specialist.Status.SUBMITTED}, "Your profile is submitted."),
        ({"status": Specialist.Status.HIDDEN}, "Your profile is not shown until"),
        ({"status": Specialist.Status.SUSPENDED}, "Your profile is suspended,"),
        ({"status": Specialist.Status.SUSPENDED, "paused": True}, "Your profile is suspended,"),
        ({"status": Specialist.Status.VERIFIED, "paused": True, "offers_free": False}, "Paused. You are not"),
        ({"status": Specialist.Status.VERIFIED, "offers_free": False}, "Your profile says that you do not offer"),
        ({"status": Specialist.Status.VERIFIED, "offers_free": True}, "People can find you and book a time."),
    ],
)
def test_standing_says_whether_people_find_a_specialist(fields: dict[str, Any], begins_with: str) -> None:
    said = specialist_words.standing(Specialist(**fields), "help@example.org", has_times=True)
    assert said.startswith(begins_with)
    assert ("help@example.org" in said) == (fields["status"] == Specialist.Status.SUSPENDED)


def test_standing_says_who_is_not_in_the_list_for_want_of_times() -> None:
    said = specialist_words.standing(Specialist(status=Specialist.Status.VERIFIED), "", has_times=False)
    assert said.startswith("You are not in the list at the moment: in the next four weeks you have no time")
    paused = Specialist(status=Specialist.Status.VERIFIED, paused=True)
    assert specialist_words.standing(paused, "", has_times=False).startswith("Paused. You are not in the list")


def test_standing_says_until_when_somebody_is_away() -> None:
    verified = Specialist(status=Specialist.Status.VERIFIED)
    said = specialist_words.standing(verified, "", has_times=True, away_until=date(2026, 12, 14))
    assert said.startswith("You are away, and back on 14 December.")
