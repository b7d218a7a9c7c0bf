"""Limits of a client, enforced when booking."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from consultations.limits import Limit
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import Status
from consultations.services import refusals
from tests.consultations.cast import NOW, a_host, booked, books, slot, verified

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


def limit_of(client: User, free_slot: Slot, **changed: Any) -> Limit | None:
    try:
        books(client, free_slot, **changed)
    except refusals.TooMany as reached:
        return reached.limit
    return None


def test_one_booking_to_come_with_each_specialist(ana: User, free_slot: Slot) -> None:
    booked(ana, free_slot.specialist, SOON + HOUR)
    assert limit_of(ana, free_slot) == Limit.PAIR_BOOKED


def test_while_a_booking_goes_on_there_is_no_other(ana: User, free_slot: Slot) -> None:
    Specialist.objects.update(allows_another=True)
    booked(ana, free_slot.specialist, NOW - TEN)
    assert limit_of(ana, free_slot) == Limit.PAIR_BOOKED


@pytest.mark.parametrize("allows_another", [False, True])
@pytest.mark.parametrize("status", [Status.BOOKED, Status.COMPLETED])
def test_one_booking_that_took_place_unless_the_specialist_meets_people_twice(
    allows_another: bool, status: Status, ana: User, free_slot: Slot
) -> None:
    Specialist.objects.update(allows_another=allows_another)
    past = booked(ana, free_slot.specialist, NOW - DAY, status=status)
    assert limit_of(ana, free_slot) == (None if allows_another else Limit.PAIR_MET)
    past.refresh_from_db()
    completed = allows_another or status == Status.COMPLETED
    assert past.status == (Status.COMPLETED if completed else Status.BOOKED)
    lines = [("site", "completed")] if allows_another and status == Status.BOOKED else []
    assert list(past.changes.values_list("side", "status")) == lines


@pytest.mark.parametrize("status", [Status.CLIENT_NO_SHOW, Status.SPECIALIST_NO_SHOW, Status.CANCELLED_BY_CLIENT])
def test_a_booking_that_did_not_take_place_does_not_count(status: Status, ana: User, free_slot: Slot) -> None:
    booked(ana, free_slot.specialist, NOW - DAY, status=status)
    assert limit_of(ana, free_slot) is None


def test_three_bookings_to_come_in_all(ana: User, free_slot: Slot) -> None:
    for number in range(3):
        booked(ana, a_host(f"host-{number}"), SOON + (number + 1) * HOUR)
    assert limit_of(ana, free_slot) == Limit.UPCOMING


def test_bookings_of_others_do_not_count(ana: User, cole: User, free_slot: Slot) -> None:
    """The specialist's own booking at that time prevents it, not a limit of the client."""
    for number in range(2):
        booked(ana, a_host(f"host-{number}"), SOON + (number + 1) * HOUR)
    booked(cole, a_host("busy"), SOON)
    with pytest.raises(refusals.Taken):
        books(ana, free_slot)


@pytest.mark.parametrize(("age", "limit"), [(timedelta(days=30), None), (timedelta(days=30) - MOMENT, Limit.MADE)])
def test_five_made_in_thirty_days_with_those_that_were_cancelled(
    age: timedelta, limit: Limit | None, ana: User, free_slot: Slot
) -> None:
    for number in range(5):
        made = {"status": Status.CANCELLED_BY_CLIENT, "made_at": NOW - (age if number == 0 else DAY)}
        booked(ana, a_host(f"host-{number}"), SOON + (number + 1) * HOUR, **made)
    assert limit_of(ana, free_slot) == limit


@pytest.mark.parametrize(
    ("ages", "limit"),
    [
        ((1,), None),
        ((1, 89), Limit.UPCOMING_LOWERED),
        ((1, 90), None),  # it ends by itself
    ],
)
def test_two_no_shows_in_ninety_days_lower_the_limit_to_one(
    ages: tuple[int, ...], limit: Limit | None, ana: User, free_slot: Slot
) -> None:
    for age in ages:
        missed = {"status": Status.CLIENT_NO_SHOW, "made_at": NOW - (age + 31) * DAY}
        booked(ana, a_host(f"missed-{age}"), NOW - age * DAY, **missed)
    booked(ana, a_host("next"), SOON + HOUR)
    assert limit_of(ana, free_slot) == limit


def test_a_no_show_counts_only_when_an_objection_to_it_is_settled(ana: User, free_slot: Slot) -> None:
    for age in (1, 2):
        booked(ana, a_host(f"missed-{age}"), NOW - age * DAY, status=Status.CLIENT_NO_SHOW, objected_at=NOW)
    booked(ana, a_host("next"), SOON + HOUR)
    assert limit_of(ana, free_slot) is None
    Booking.objects.exclude(objected_at=None).update(settled_at=NOW)
    Booking.objects.filter(slot=free_slot).delete()
    Slot.objects.update(is_open=True)
    assert limit_of(ana, free_slot) == Limit.UPCOMING_LOWERED
