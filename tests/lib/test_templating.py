"""Times for machines in the pages."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import engines
from django.utils import timezone

PLAIN = re.compile(r"""\w+(\.\w+)*\|(stamp|date:'Y-m-d')""")


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 2, 12, 0, 30, 123456, UTC), "2026-03-02T13:00:30+01:00"),
        (date(2026, 3, 2), "2026-03-02"),
    ],
)
def test_a_time_has_no_fractions_and_is_that_of_the_reader(moment: date, written: str) -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert engines["django"].from_string("{{ moment|stamp }}").render({"moment": moment}) == written


def test_every_time_in_a_template_is_written_like_this() -> None:
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        for value in re.findall(r'datetime="\{\{ (.*?) \}\}"', template.read_text(encoding="utf-8")):
            assert PLAIN.fullmatch(value), template
