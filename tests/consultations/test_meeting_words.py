"""The words of templatetags/meeting_words.py: what a page or a mail says of a profile and of a moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from consultations.models import Specialist
from consultations.templatetags import meeting_words as words

MOMENT = datetime(2026, 7, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("profession", "years", "said"),
    [
        ("Psychologist", 12, "Psychologist, 12 years"),
        ("Psychologist", 1, "Psychologist, 1 year"),
        ("Psychologist", None, "Psychologist"),
        ("", 12, "12 years"),
        ("", 0, ""),
    ],
)
def test_profession_and_years_in_it(profession: str, years: int | None, said: str) -> None:
    assert words.practised(Specialist(profession=profession, years=years)) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Lisbon", "Friday 3 July 2026, 10:00 (Europe/Lisbon, UTC+01:00)"),
        ("UTC", "Friday 3 July 2026, 09:00 (UTC, UTC)"),
    ],
)
def test_moment_in_full_goes_by_the_readers_clock(zone: str, said: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert words.in_full(MOMENT) == said
