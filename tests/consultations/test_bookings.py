"""Booking and moving: what is checked again on the server, what is stored, and who is told."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations.models import Block, Booking, BookingChange, Message, Slot, Specialist
from consultations.models.bookings import Status
from consultations.services import refusals
from consultations.services.bookings import Details, book, reschedule
from tests.consultations.cast import NOW, booked, slot, verified

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)
HOUR, TEN, DAY = timedelta(hours=1), timedelta(minutes=10), timedelta(days=1)
DETAILS = Details(format="video", name="Ana", note="marker", mail=True)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def time(specialist: Specialist) -> Slot:
    return slot(specialist, SOON)


def books(client: User, time: Slot, **changed: Any) -> Booking:
    given = {"specialist_id": time.specialist_id, "slot_id": time.pk, "details": DETAILS, "token": uuid.uuid4()}
    return book(**{"client": client, "now": NOW, **given, **changed})


def test_a_time_is_booked_with_words_that_only_the_client_key_opens(ana: User, time: Slot) -> None:
    booking = Booking.objects.get(pk=books(ana, time).pk)
    assert (booking.client, booking.starts_at, booking.ends_at) == (ana, SOON, SOON + timedelta(minutes=30))
    assert booking.document(ana) == {
        "name": "Ana",
        "note": "marker",
        "address": "https://meet.example/room",
        "summary": "",
    }
    assert b"marker" not in bytes(booking.sealed or b"")


@pytest.mark.parametrize("others", [0, 40])
def test_booking_takes_as_many_queries_whatever_is_there(others: int, ana: User, time: Slot) -> None:
    """Nine, and two more for somebody who has sealed nothing before; a page adds three: session, account, specialist."""
    for number in range(others):
        slot(time.specialist, SOON + (number + 1) * HOUR)
        other = User.objects.create_user(f"{number}@example.org")
        booked(other, time.specialist, SOON - (number + 1) * HOUR)
        other = User.objects.create_user(f"of-{number}@example.org")
        booked(ana, verified(other), NOW - (number + 31) * DAY, status=Status.COMPLETED, made_at=NOW - 60 * DAY)
    with CaptureQueriesContext(connection) as captured:
        books(ana, time)
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == (9 if others else 11), asked
