import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from consultations.models import Specialist
from exchange.models import Side
from tests.conftest import AsUser
from tests.consultations.cast import verified
from tests.exchange.messaging import reply, thread
from tests.staff import staff


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may be sent as soon as it is there."""
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))


@pytest.fixture
def readings(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The rows whose opening was logged, with who opened them."""
    monkeypatch.setattr(logging.getLogger("reflect.security"), "propagate", True)
    caplog.set_level(logging.INFO, "reflect.security")

    def found() -> list[tuple[str, str]]:
        lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "reflect.security"]
        return [(line["account"], line["row"]) for line in lines if line["event"] == "admin_reading"]

    return found


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


@pytest.fixture
def mine(ana: User, mara: Specialist) -> Side:
    """Ana's side of a conversation in which each has written once."""
    side, theirs = thread(ana, mara, "What Ana wrote.", now=timezone.now())
    reply(theirs, "What Mara wrote.", now=timezone.now())
    return side


@pytest.fixture
def mira(db: None) -> User:
    """Staff who reads questions, and has no other right."""
    return staff("mira@example.org", Role.MODERATOR)


@pytest.fixture
def miras(mira: User, as_user: AsUser) -> Client:
    return as_user(mira)
