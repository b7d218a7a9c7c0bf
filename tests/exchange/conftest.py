from datetime import timedelta

import pytest


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may be sent as soon as it is there."""
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))
