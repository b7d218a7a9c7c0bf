"""The checks of an installation."""

from datetime import timedelta

import pytest
from django.core.checks import WARNING
from django.db import connection
from pytest_django import Settings
from time_machine import TimeMachineFixture

from reflect import checks


@pytest.mark.parametrize("version", [180000, 180006, 190000])
def test_postgresql_18_and_later_are_welcome(version: int) -> None:
    assert checks.refusal(version) == ""


@pytest.mark.parametrize(("version", "found"), [(170005, "17"), (150012, "15"), (0, "older")])
@pytest.mark.parametrize(("demo", "variable"), [(False, "DATABASE_URL"), (True, "DEMO_DATABASE_URL")])
def test_an_older_postgresql_is_refused_in_one_sentence(
    settings: Settings, version: int, found: str, demo: bool, variable: str
) -> None:
    settings.DEMO = demo
    assert checks.refusal(version) == f"Reflect needs PostgreSQL 18 or later, and {variable} points to {found}."


@pytest.mark.django_db
def test_the_tests_own_server_is_welcome() -> None:
    assert checks.postgresql_is_recent(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "found"), [(0, 0), (-10, 0), (120, 1), (-120, 1)])
def test_a_clock_that_is_not_the_databases_is_named(time_machine: TimeMachineFixture, ahead: int, found: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        time_machine.move_to(cursor.fetchone()[0] + timedelta(seconds=ahead), tick=False)
    messages = checks.clock_agrees_with_the_database(databases=["default"])
    assert [message.id for message in messages] == ["reflect.E011"] * found


def test_each_blank_of_the_privacy_page_is_named(settings: Settings) -> None:
    settings.LEGAL = settings.LEGAL | {"organisation_name": "", "hosting_country": ""}
    messages = [message.msg for message in checks.privacy_page_is_complete()]
    assert messages == [
        "ORGANISATION_NAME is not set: the privacy page needs it.",
        "HOSTING_COUNTRY is not set: the privacy page needs it.",
    ]


def test_the_demo_has_no_blanks() -> None:
    assert checks.privacy_page_is_complete() == []


@pytest.mark.parametrize("days", ["soon", "0", "-1", "3.5", "30 days", "٣٠"])
def test_backups_are_kept_for_a_whole_number_of_days(settings: Settings, days: str) -> None:
    settings.DEMO, settings.LEGAL = False, settings.LEGAL | {"backup_retention_days": days}
    [message] = checks.backups_are_kept_for_days()
    assert message.msg == f"BACKUP_RETENTION_DAYS is {days}: the privacy page needs a whole number of days."


def test_backups_are_not_kept_longer_than_the_list_of_erased_accounts(settings: Settings) -> None:
    settings.DEMO, settings.LEGAL = False, settings.LEGAL | {"backup_retention_days": "366"}
    [message] = checks.backups_are_kept_for_days()
    assert message.msg == "BACKUP_RETENTION_DAYS is 366: whom a backup brings back is forgotten after 12 months."


@pytest.mark.parametrize("days", ["30", "1", "365", ""])  # a blank is named by another check
def test_days_in_digits_are_welcome(settings: Settings, days: str) -> None:
    settings.DEMO, settings.LEGAL = False, settings.LEGAL | {"backup_retention_days": days}
    assert checks.backups_are_kept_for_days() == []


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://reflect.example.org", 0), ("http://127.0.0.1:8000", 0),
        ("https://*", 1), ("reflect.example.org", 1), ("https://reflect.example.org/here", 1), ("", 1),
    ],
)  # fmt: skip
def test_links_in_mails_need_an_address(settings: Settings, address: str, found: int) -> None:
    settings.SITE_URL = address
    assert len(checks.links_in_mails_lead_to_the_site()) == found


@pytest.mark.parametrize(
    ("base", "key", "found"),
    [
        ("", "", None),
        ("https://meet.example.org", "", None),
        ("https://meet.example.org/rooms", "k" * 32, None),
        ("http://meet.example.org", "", "reflect.E012"), ("meet.example.org", "", "reflect.E012"),
        ("https://meet.example.org/?a=b", "", "reflect.E012"), ("https://", "", "reflect.E012"),
        ("", "k" * 32, "reflect.E013"),
        ("https://meet.example.org", "k" * 31, "reflect.E014"),
    ],
)  # fmt: skip
def test_a_server_for_meetings_is_safe(settings: Settings, base: str, key: str, found: str | None) -> None:
    settings.MEETING_BASE_URL, settings.MEETING_KEY = base, key
    assert [message.id for message in checks.meetings_have_a_safe_room()] == ([found] if found else [])


@pytest.mark.parametrize(("base", "key", "found"), [("", "", 0), ("https://meet.example.org", "", 1), ("x", "y", 0)])
def test_rooms_without_a_key_are_named_without_stopping_a_deployment(
    settings: Settings, base: str, key: str, found: int
) -> None:
    settings.MEETING_BASE_URL, settings.MEETING_KEY = base, key
    messages = checks.rooms_are_locked()
    assert len(messages) == found
    assert all(message.level < WARNING for message in messages)


def test_unchecked_helplines_are_named_without_stopping_a_deployment() -> None:
    [message] = checks.helplines_are_verified()
    assert message.level < WARNING
    assert "Samaritans" in message.msg


@pytest.mark.parametrize("threads", [0, 1, 2, 3, 4, 8])
def test_an_account_leaves_threads_to_others(settings: Settings, threads: int) -> None:
    settings.DEMO, settings.WEB_THREADS = False, threads
    found = [message.msg for message in checks.threads_leave_room()]
    said = f"WEB_THREADS is {threads or 'not set'}: one account could keep every thread of a web process."
    assert found == ([said] if threads < 4 else [])
