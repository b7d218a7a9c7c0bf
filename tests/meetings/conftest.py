"""Ana, who has a result and two entries, and a meeting with Mara tomorrow at 10:00."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from assessments import services
from assessments.models import Result
from consultations.models import Booking, Specialist
from journal.models import Entry
from tests.answered import finished
from tests.assessments.conftest import FILE
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, verified
from tests.journal.written import written
from tests.meetings.readied import Member


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Monday 23 November 2026, 09:00 UTC, until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    return booked(ana, mara, TOMORROW + timedelta(hours=1))


@pytest.fixture
def result(ana: User) -> Result:
    source = FILE.read_text(encoding="utf-8")
    version, _created = services.load_version(source=source, publish=True, now=NOW)
    return finished(ana, version, now=NOW - timedelta(days=1))


@pytest.fixture
def entry(ana: User) -> Entry:
    written(ana, "Left alone.", at=NOW - timedelta(days=3))
    return written(ana, "A need I was hoping would be guessed.\nIt was not.", at=NOW - timedelta(days=2))


@pytest.fixture
def member(as_user: AsUser, ana: User, meeting: Booking) -> Member:
    """Ana's browser."""
    return Member(as_user(ana), meeting)
