"""Profiles that staff look at, because people say that the specialist did not come. Nothing follows by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from consultations.limits import NO_SHOW_WINDOW
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import booking_changes, misses
from consultations.times import OLD_ENOUGH
from tests.conftest import AsUser
from tests.consultations.cast import NOW, a_host, booked, fully_booked, verified
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = reverse("admin:consultations_specialist_changelist")


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


@pytest.fixture
def host(cole: User) -> Specialist:
    return fully_booked(verified(cole))


def waited(host: Specialist, name: str, *, days: int = 1, age: timedelta = OLD_ENOUGH, **fields: Any) -> Booking:
    """Somebody says that the specialist did not come, so many days ago. `age` is that of their account."""
    client, _is_new = User.objects.get_or_create(email=f"{name}@example.org", defaults={"created_at": NOW - age})
    return booked(client, host, NOW - days * DAY, status=Status.SPECIALIST_NO_SHOW, **fields)


def to_look_at(now: datetime = NOW) -> list[str]:
    return [row.slug for row in misses.to_look_at(now)]


def test_two_misses_by_different_people_put_a_profile_on_the_list(host: Specialist) -> None:
    waited(host, "ana")
    waited(a_host("other"), "ana", days=2)
    assert to_look_at() == []
    waited(host, "ben", days=3)
    assert to_look_at() == ["cole"]
    assert Specialist.objects.listed().filter(pk=host.pk).exists()


@pytest.mark.parametrize(
    "other",
    [
        lambda host: waited(host, "ana", days=3),  # the same person
        lambda host: waited(host, "new", days=2, age=OLD_ENOUGH - timedelta.resolution),
        lambda host: waited(host, "ben", days=NO_SHOW_WINDOW.days),
        lambda host: waited(host, "ben", days=3, objected_at=NOW),
        lambda host: Booking.objects.filter(pk=waited(host, "ben", days=3).pk).update(status=Status.COMPLETED),
        lambda host: User.objects.filter(email=waited(host, "ben", days=3) and "ben@example.org").delete(),
    ],
)
def test_what_does_not_count(host: Specialist, other: Callable[[Specialist], object]) -> None:
    waited(host, "ana")
    other(host)
    assert to_look_at() == []
    waited(host, "eva", days=4)
    assert to_look_at() == ["cole"]


def test_accounts_become_old_enough_and_misses_are_forgotten(host: Specialist) -> None:
    waited(host, "ana", age=DAY)
    waited(host, "ben", days=2)
    assert [bool(to_look_at(NOW + days * DAY)) for days in (0, 12, 13, 87, 88)] == [False, False, True, True, False]


def test_an_objection_counts_once_staff_found_that_it_was_so(host: Specialist) -> None:
    waited(host, "ana")
    contested = waited(host, "ben", days=2, objected_at=NOW)
    assert to_look_at() == []
    booking_changes.settle(booking_id=contested.pk, outcome=Status.SPECIALIST_NO_SHOW, now=NOW)
    assert to_look_at() == ["cole"]


@pytest.mark.parametrize("status", [status for status in Specialist.Status if status != Specialist.Status.VERIFIED])
def test_whoever_is_hidden_or_suspended_is_seen_to(host: Specialist, status: str) -> None:
    waited(host, "ana")
    waited(host, "ben", days=2)
    Specialist.objects.filter(pk=host.pk).update(status=status)
    assert to_look_at() == []


def test_staff_see_when_and_not_who_and_leave_it_as_it_is(danas: Client, host: Specialist) -> None:
    first = waited(host, "noor")
    assert "Cole" not in danas.get(LIST, {"missed": "several"}).text
    waited(host, "ben", days=2)
    fully_booked(a_host("other"))
    shown = danas.get(LIST, {"missed": "several"}).text
    assert "Cole" in shown
    assert "Other" not in shown
    page = danas.get(reverse("admin:consultations_specialist_change", args=[host.pk])).text
    assert reverse("admin:consultations_booking_change", args=[first.pk]) in page
    assert "noor" not in page
    address = reverse("admin:consultations_specialist_confirm", args=[host.pk, "leave"])
    assert address in page
    assert_valid_html(danas.get(address).content)
    assert "Left as it is." in danas.post(address, follow=True).text
    assert to_look_at() == []
    host.refresh_from_db()
    assert host.status == Specialist.Status.VERIFIED
    page = danas.get(reverse("admin:consultations_specialist_change", args=[host.pk])).text
    assert address not in page
    later = NOW + timedelta(minutes=1)
    for name, days in (("eva", 3), ("fay", 4)):
        assert to_look_at(later) == []
        waited(host, name, days=days, changed_at=later)
    assert to_look_at(later) == ["cole"]


def test_the_list_costs_the_same_however_many_are_on_it(danas: Client, host: Specialist) -> None:
    costs = []
    danas.get(LIST)
    for number in range(4):
        one = a_host(f"s{number}")
        for name in ("ana", "ben"):
            waited(one, f"{name}{number}", days=1 + 2 * number + (name == "ben"))
        with CaptureQueriesContext(connection) as asked:
            assert f"S{number}" in danas.get(LIST, {"missed": "several"}).text
        costs.append(len(asked))
    assert len(set(costs)) == 1, costs
