"""Fixtures for the pages of consultations."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from consultations.models import Booking, Specialist
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, slot, verified


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Monday 23 November 2026, 09:00 UTC, until a test moves it."""
    if request.node.get_closest_marker("own_clock"):
        yield None
    else:
        with time_machine.travel(NOW, tick=False) as traveller:
            yield traveller


@pytest.fixture
def mara(db: None) -> Specialist:
    """A specialist with five slots tomorrow, from 09:00 UTC on."""
    mara = verified(User.objects.create_user("mara@example.org"), formats=["video"])
    for number in range(5):
        slot(mara, TOMORROW + timedelta(hours=number))
    return mara


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


@pytest.fixture
def booking(ana: User, dora: User) -> Booking:
    return booked(ana, verified(dora), NOW + timedelta(days=1))


@pytest.fixture
def dora(db: None) -> User:
    return User.objects.create_user("dora@example.org", is_specialist=True)
