"""The checks of an installation."""

import pytest
from django.core.checks import WARNING
from pytest_django import Settings

from reflect import checks


@pytest.mark.parametrize("version", [180000, 180006, 190000])
def test_postgresql_18_and_later_are_welcome(version: int) -> None:
    assert checks.refusal(version) == ""


@pytest.mark.parametrize(("version", "found"), [(170005, "17"), (150012, "15"), (0, "older")])
def test_an_older_postgresql_is_refused_in_one_sentence(version: int, found: str) -> None:
    assert checks.refusal(version) == f"Reflect needs PostgreSQL 18 or later, and DATABASE_URL points to {found}."


@pytest.mark.django_db
def test_the_tests_own_server_is_welcome() -> None:
    assert checks.postgresql_is_recent(databases=["default"]) == []


def test_each_blank_of_the_privacy_page_is_named(settings: Settings) -> None:
    settings.LEGAL = settings.LEGAL | {"organisation_name": "", "hosting_country": ""}
    messages = [message.msg for message in checks.privacy_page_is_complete()]
    assert messages == [
        "ORGANISATION_NAME is not set: the privacy page needs it.",
        "HOSTING_COUNTRY is not set: the privacy page needs it.",
    ]


def test_the_demo_has_no_blanks() -> None:
    assert checks.privacy_page_is_complete() == []


def test_unchecked_helplines_are_named_without_stopping_a_deployment() -> None:
    [message] = checks.helplines_are_verified()
    assert message.level < WARNING
    assert "Samaritans" in message.msg
