"""The first version of the questionnaire, published, and answers to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments import services
from assessments.instrument import Instrument
from assessments.models import InstrumentVersion, published_instrument

FILE = Path(__file__).parents[2] / "assessments" / "instruments" / "balance-1.toml"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def balance_1(db: None) -> InstrumentVersion:
    """Version 1, published."""
    version, _created = services.load_version(source=FILE.read_text(encoding="utf-8"), publish=True, now=NOW)
    return version


@pytest.fixture
def instrument(balance_1: InstrumentVersion) -> Instrument:
    return published_instrument(balance_1.pk)
