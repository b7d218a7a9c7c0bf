"""Refused bookings and why: by profile, slot, people, and the constraints of the database."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from accounts.models import Mail, User
from consultations.models import Block, Booking, Slot, Specialist
from consultations.services import refusals
from consultations.services.bookings import store
from lib.constraints import constraint_of
from tests.consultations.cast import DETAILS, NOW, UNLISTED, a_host, booked, books, slot, unlist, verified

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)
HOUR, TEN, DAY = timedelta(hours=1), timedelta(minutes=10), timedelta(days=1)
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def free_slot(specialist: Specialist) -> Slot:
    return slot(specialist, SOON)


def refused(client: User, free_slot: Slot, **changed: Any) -> str:
    """The name of the refusal, after checking that nothing was stored and nobody told."""
    before = Booking.objects.count()
    with pytest.raises(refusals.Refused) as caught:
        books(client, free_slot, **changed)
    assert str(caught.value.words)
    assert Booking.objects.count() == before
    assert not Mail.objects.exists()
    return type(caught.value).__name__


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"formats": ["phone"]}, "NotOffered"),
        ({"sealed_addresses": None}, "NotOffered"),
        ({"notice_hours": 48}, None),
        ({"notice_hours": 49}, "TooSoon"),
    ],
)
def test_the_profile_is_looked_at_again(
    fields: dict[str, Any], refusal: str | None, ana: User, free_slot: Slot
) -> None:
    """The state may have changed between the list and the form."""
    Specialist.objects.update(**fields)
    if refusal:
        assert refused(ana, free_slot) == refusal
    else:
        books(ana, free_slot)


def test_formats_that_have_no_address_or_do_not_exist_are_not_offered(ana: User, free_slot: Slot) -> None:
    Specialist.objects.update(formats=["video", "text"])
    for way in ("text", "phone", "pigeon", ""):
        assert refused(ana, free_slot, details=replace(DETAILS, format=way)) == "NotOffered"


@pytest.mark.parametrize("fields", UNLISTED, ids=str)
def test_who_is_not_listed_takes_no_bookings(fields: dict[str, Any], ana: User, free_slot: Slot) -> None:
    unlist(free_slot.specialist, fields)
    assert refused(ana, free_slot) == "NobodyThere"


def test_a_slot_of_somebody_else_or_of_nobody_is_refused(ana: User, ben: User, free_slot: Slot) -> None:
    verified(ben)
    assert refused(ana, free_slot, specialist_id=ben.pk) == "Gone"
    assert refused(ana, free_slot, slot_id=free_slot.pk + 99) == "Gone"
    assert refused(ana, free_slot, specialist_id=uuid.uuid4()) == "NobodyThere"
    assert refused(ana, free_slot, specialist_id=ana.pk) == "NobodyThere"


def test_nobody_books_their_own_slots(cole: User, free_slot: Slot) -> None:
    assert refused(cole, free_slot) == "WithOneself"


@pytest.mark.parametrize("fields", [{"is_open": False}, {"is_open": False, "closed": True}])
def test_a_closed_slot_is_refused(fields: dict[str, Any], ana: User, free_slot: Slot) -> None:
    Slot.objects.update(**fields)
    assert refused(ana, free_slot) == "Taken"


@pytest.mark.parametrize(
    ("notice_hours", "now", "refusal"),
    [
        (12, SOON - 12 * HOUR, None),
        (12, SOON - 12 * HOUR + MOMENT, "TooSoon"),
        (0, SOON - MOMENT, None),
        (0, SOON, "TooSoon"),
        (0, SOON + MOMENT, "TooSoon"),
        (0, SOON - timedelta(weeks=6) + MOMENT, None),
        (0, SOON - timedelta(weeks=6), "TooFar"),
    ],
)
def test_notice_and_horizon_hold_to_the_moment(
    notice_hours: int, now: datetime, refusal: str | None, ana: User, free_slot: Slot
) -> None:
    Specialist.objects.update(notice_hours=notice_hours)
    if refusal:
        assert refused(ana, free_slot, now=now) == refusal
    else:
        books(ana, free_slot, now=now)


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", (2027, 3, 14)), ("America/New_York", (2027, 11, 7))])
def test_notice_is_time_that_passes_whatever_clocks_do(
    zone: str, day: tuple[int, int, int], ana: User, specialist: Specialist
) -> None:
    """Noon on a day of a clock change is 11 or 13 hours after midnight, but the notice stays twelve hours."""
    noon = datetime(*day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    Specialist.objects.update(timezone=zone)
    free_slot = slot(specialist, noon)
    assert refused(ana, free_slot, now=noon - 12 * HOUR + MOMENT) == "TooSoon"
    books(ana, free_slot, now=noon - 12 * HOUR)


def test_the_address_has_to_be_confirmed(ana: User, free_slot: Slot) -> None:
    EmailAddress.objects.filter(user=ana).update(verified=False)
    assert refused(ana, free_slot) == "NotConfirmed"


@pytest.mark.parametrize("by_client", [True, False])
def test_who_is_blocked_is_told_only_that_the_slot_is_taken(
    by_client: bool, ana: User, cole: User, free_slot: Slot
) -> None:
    owner, other = (ana, cole) if by_client else (cole, ana)
    Block.objects.create(owner=owner, other=other, made_at=NOW)
    assert refused(ana, free_slot) == "Taken"


@pytest.mark.parametrize("shift", [-29 * MINUTE, timedelta(0), 29 * MINUTE])
def test_nobody_is_in_two_places_at_once_in_either_role(
    shift: timedelta, ana: User, ben: User, cole: User, free_slot: Slot
) -> None:
    of_ana = booked(ben, verified(ana), SOON + shift)
    assert refused(ana, free_slot) == "Occupied"
    of_ana.delete()
    of_cole = booked(cole, a_host("host"), SOON + shift)
    assert refused(ana, free_slot) == "Taken"
    of_cole.delete()
    booked(ben, ana.specialist, SOON - 30 * MINUTE)
    booked(ana, a_host("after"), SOON + 30 * MINUTE)
    booked(ana, a_host("called-off"), SOON, status="cancelled_by_client")
    booked(cole, a_host("next"), SOON + 30 * MINUTE)
    books(ana, free_slot)


def conflicting(ana: User, ben: User, free_slot: Slot, name: str) -> Booking:
    """A row that violates only this constraint."""
    host, later = a_host("host"), SOON + 9 * HOUR
    there = booked(ana, free_slot.specialist, SOON, slot=free_slot)
    match name:
        case "booking_one_a_slot":
            return booking_of(ben, free_slot.specialist, later, free_slot)
        case "booking_specialist_is_free":
            return booking_of(ben, free_slot.specialist, SOON + TEN, None)
        case "booking_once_a_form":
            return booking_of(ana, host, later, None, token=there.token)
        case "booking_client_is_free":
            return booking_of(ana, host, SOON + TEN, None)
    return booking_of(ana, free_slot.specialist, later, None)


def booking_of(
    client: User, specialist: Specialist, starts_at: datetime, free_slot: Slot | None, **fields: Any
) -> Booking:
    given = {"token": uuid.uuid4(), "made_at": NOW, "changed_at": NOW, "ends_at": starts_at + 30 * MINUTE, **fields}
    return Booking(client=client, specialist=specialist, starts_at=starts_at, slot=free_slot, format="video", **given)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("booking_one_a_slot", refusals.Taken),
        ("booking_specialist_is_free", refusals.Taken),
        ("booking_once_a_form", refusals.Taken),
        ("booking_client_is_free", refusals.Occupied),
        ("booking_one_upcoming_a_pair", refusals.TooMany),
    ],
)
def test_the_database_has_the_last_word(
    name: str, refusal: type[refusals.Refused], ana: User, ben: User, free_slot: Slot
) -> None:
    row = conflicting(ana, ben, free_slot, name)
    with pytest.raises(refusal) as caught:
        store(row)
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert constraint_of(caught.value.__cause__) == name


def test_any_other_error_is_raised(ana: User, free_slot: Slot) -> None:
    row = booking_of(ana, free_slot.specialist, SOON, free_slot, ends_at=SOON + HOUR)
    with pytest.raises(IntegrityError):
        store(row)
