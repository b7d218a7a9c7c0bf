"""What the pages about consultations are tested with."""

from datetime import timedelta

import pytest

from accounts.models import User
from consultations.models import Specialist
from tests.consultations.cast import TOMORROW, Clock, slot, verified


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Monday 23 November 2026, 09:00 UTC, until a test turns it."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def mara(db: None) -> Specialist:
    """A specialist with five times tomorrow, from 09:00 UTC on."""
    mara = verified(User.objects.create_user("mara@example.org"), formats=["video"])
    for number in range(5):
        slot(mara, TOMORROW + timedelta(hours=number))
    return mara
