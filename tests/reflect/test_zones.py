"""Zones come from the pinned package, and everybody agrees on them."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries
from time_machine import travel

from lib import zones
from reflect import checks
from tests.reflect.production import manage

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OFFSETS = "import json; from tests.reflect.test_zones import offsets; print(json.dumps(offsets()))"


def offsets() -> dict[str, list[str]]:
    instants = zones.compared_at(NOW)
    return {name: [str(at.astimezone(zones.zone(name)).utcoffset()) for at in instants] for name in zones.offered()}


def test_an_old_server_changes_no_zone(tmp_path: Path) -> None:
    """All its zones are UTC here, and one is unknown to everybody else."""
    utc = (files("tzdata") / "zoneinfo" / "Etc" / "UTC").read_bytes()
    for name in (*zones.offered(), "Europe/Atlantis"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(utc)
    run = manage("shell", "--no-imports", "--command", OFFSETS, PYTHONTZPATH=str(tmp_path))
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == offsets()


def test_the_version_that_is_stated_is_the_one_that_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pins = re.findall(r"^tzdata==(\S+)", (settings.BASE_DIR / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert pins == [zones.ZONES_VERSION], "Move ZONES_VERSION and ZONES_AS_OF with the pin."


def test_zones_are_stale_after_a_year() -> None:
    day = zones.ZONES_AS_OF + timedelta(days=365)
    assert not zones.are_stale(day)
    assert zones.are_stale(day + timedelta(days=1))


@pytest.mark.parametrize(("days", "found"), [(365, []), (366, ["reflect.W002"])])
def test_the_check_warns_of_stale_zones(days: int, found: list[str]) -> None:
    noon = datetime.combine(zones.ZONES_AS_OF, NOW.time(), UTC)
    with travel(noon + timedelta(days=days), tick=False):
        assert [message.id for message in checks.zones_are_recent()] == found


@pytest.mark.django_db
def test_a_zone_with_other_rules_in_the_database_is_named(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(zones, "offered", lambda: ["UTC", "Europe/Paris", "Asia/Kathmandu", "Europe/Atlantis"])
    with django_assert_num_queries(1):
        assert checks.zones_that_differ("default", NOW) == ["Europe/Atlantis"]
    in_winter_right = timezone(timedelta(hours=1))
    monkeypatch.setattr(zones, "zone", lambda name: in_winter_right if name == "Europe/Paris" else ZoneInfo(name))
    monkeypatch.setattr(zones, "offered", lambda: ["UTC", "Europe/Paris", "Asia/Kathmandu"])
    assert checks.zones_that_differ("default", NOW) == ["Europe/Paris"]
    [message] = checks.zones_agree_with_the_database(databases=["default"])
    assert message.msg == "PostgreSQL has other rules than Reflect for these time zones: Europe/Paris."
    assert checks.zones_agree_with_the_database() == []
