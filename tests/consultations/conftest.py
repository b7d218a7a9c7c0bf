"""Fixtures for the pages of consultations."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from consultations.models import Specialist
from tests.consultations.cast import NOW, TOMORROW, slot, verified


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
