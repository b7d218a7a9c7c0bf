"""The clock of the tests themselves: `--shift-days` moves it, a fixed one wins, and few tests are exempt."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

NOW = datetime(2028, 2, 29, 12, tzinfo=UTC)
# The modules that start processes, ask PostgreSQL for the time or fix the clock for themselves; this has an example.
OWN_CLOCKS = {
    "tests/accounts/test_create_owner.py",
    "tests/accounts/test_staff_log.py",
    "tests/consultations/test_smtp.py",
    "tests/reflect/test_administration.py",
    "tests/reflect/test_draining.py",
    "tests/reflect/test_drill.py",
    "tests/reflect/test_found.py",
    "tests/reflect/test_health.py",
    "tests/reflect/test_json_log.py",
    "tests/reflect/test_metrics.py",
    "tests/reflect/test_serve.py",
    "tests/reflect/test_workers.py",
    "tests/test_clock.py",
}


@pytest.fixture
def set_up_at() -> datetime:
    return timezone.now()


def shift_from_the_database(moment: datetime) -> timedelta:
    """How far the moment is from PostgreSQL's clock, which is never shifted, in whole days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = moment - cursor.fetchone()[0]
    return timedelta(days=round(difference / timedelta(days=1)))


@pytest.mark.django_db
def test_shift_days_moves_the_clock_of_a_test_and_its_fixtures(
    pytestconfig: pytest.Config, set_up_at: datetime
) -> None:
    shift = timedelta(days=pytestconfig.getoption("shift_days"))
    for moment in (set_up_at, timezone.now(), datetime.fromtimestamp(time.time(), UTC)):
        assert shift_from_the_database(moment) == shift


@pytest.mark.time_machine(NOW, tick=False)
def test_a_fixed_clock_is_not_shifted(set_up_at: datetime) -> None:
    assert set_up_at == timezone.now() == NOW


@pytest.mark.own_clock
@pytest.mark.django_db
def test_a_test_with_its_own_clock_is_not_shifted() -> None:
    assert shift_from_the_database(timezone.now()) == timedelta(0)


def test_few_tests_have_their_own_clock(request: pytest.FixtureRequest) -> None:
    exempt = {item.nodeid for item in request.session.items if item.get_closest_marker("own_clock")}
    assert {test.partition("::")[0] for test in exempt} <= OWN_CLOCKS
