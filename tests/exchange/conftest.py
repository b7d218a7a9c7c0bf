import json
import logging
from datetime import timedelta
from typing import Any

import pytest


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
