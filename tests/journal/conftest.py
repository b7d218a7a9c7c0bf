"""A fixed clock for the journal's tests."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.journal.written import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stopped at NOW, when these tests write, until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
