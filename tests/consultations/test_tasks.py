"""Background tasks act when they are due, not before, and can be repeated."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from accounts.models import User
from consultations import tasks
from consultations.models import Absence, Booking, BookingChange
from consultations.models.bookings import Side, Status
from tests.consultations.cast import NOW, absent, booked, verified

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def booking(ana: User, cole: User) -> Booking:
    return booked(ana, verified(cole), NOW)


def at(moment: datetime, task: Callable[..., None]) -> None:
    task(timestamp=int(moment.timestamp()))


def test_a_booking_took_place_when_nobody_said_anything_for_seven_days(booking: Booking) -> None:
    over = booking.ends_at + timedelta(days=7)
    at(over - SECOND, tasks.complete_past_meetings)
    booking.refresh_from_db()
    assert booking.status == Status.BOOKED
    for _ in range(2):
        at(over, tasks.complete_past_meetings)
    booking.refresh_from_db()
    assert booking.status == Status.COMPLETED
    [change] = BookingChange.objects.all()
    assert (change.side, change.at) == (Side.SITE, over)


def test_what_was_written_goes_thirty_days_after(booking: Booking) -> None:
    over = booking.ends_at + timedelta(days=30)
    at(over, tasks.forget_notes)
    booking.refresh_from_db()
    assert booking.sealed
    at(over + SECOND, tasks.forget_notes)
    booking.refresh_from_db()
    assert booking.sealed is None


def test_bookings_go_after_24_months(booking: Booking) -> None:
    at(datetime(2028, 11, 23, 9, 30, tzinfo=UTC), tasks.forget_meetings)
    assert Booking.objects.exists()
    at(datetime(2028, 11, 23, 9, 30, 1, tzinfo=UTC), tasks.forget_meetings)
    assert not Booking.objects.exists()
    assert not BookingChange.objects.exists()


def test_every_periodic_task_waits_for_the_one_before() -> None:
    ours = [task for task in app.periodic_registry.periodic_tasks.values() if task.task.name.startswith("consult")]
    assert len(ours) == 12
    for periodic in ours:
        assert periodic.task.queueing_lock


def test_an_absence_is_forgotten_thirty_days_after_its_last_day(cole: User) -> None:
    verified(cole)
    absent(cole, date(2026, 12, 1), date(2026, 12, 2))
    at(datetime(2027, 1, 1, 23, 59, tzinfo=UTC), tasks.forget_absences)
    assert Absence.objects.exists()
    at(datetime(2027, 1, 2, tzinfo=UTC), tasks.forget_absences)
    assert not Absence.objects.exists()
