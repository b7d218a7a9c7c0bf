"""A wrong key is found when a process starts, and by the metrics, before anybody needs it."""

import logging
import secrets

import pytest
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import keys_in_use
from accounts.models import DataKey, User
from accounts.sealing import TOTP_SECRET, make_data_key, seal_for_site
from reflect import gauges

pytestmark = pytest.mark.django_db


def wrong(settings: Settings) -> str:
    """The id of the active key, whose bytes are now others."""
    name = next(iter(settings.SEALING_KEYS))
    settings.SEALING_KEYS = settings.SEALING_KEYS | {name: secrets.token_bytes(32)}
    return str(name)


def counted() -> dict[str, float]:
    [gauge] = gauges.keys()
    return {sample.labels["state"]: sample.value for sample in gauge.samples}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's transaction outlives what a process does at its start."""
    monkeypatch.setattr(connection, "close", lambda: None)


def with_data_key(user: User) -> None:
    make_data_key(user)


def with_second_factor(user: User) -> None:
    secret = seal_for_site(TOTP_SECRET, user.pk.bytes, "JBSWY3DP")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("locked", [with_data_key, with_second_factor])
def test_another_key_of_the_same_id_is_in_the_log_the_metrics_and_the_check(
    ana: User, settings: Settings, caplog: pytest.LogCaptureFixture, locked: object
) -> None:
    assert callable(locked)
    locked(ana)
    keys_in_use.tell()
    assert not caplog.messages
    assert counted() == {"open": 1, "closed": 0}
    assert "accounts.E003" not in {message.id for message in run_checks(databases=["default"])}
    name = wrong(settings)
    keys_in_use.tell()
    [line] = [one for one in caplog.records if one.name == keys_in_use.__name__]
    assert line.levelno == logging.ERROR
    assert f"the key {name} locked" in line.message
    assert counted() == {"open": 0, "closed": 1}
    [error] = [message for message in run_checks(databases=["default"]) if message.id == "accounts.E003"]
    assert f"The key {name} " in error.msg


@pytest.mark.usefixtures("told")
def test_a_key_that_is_missing_is_told_beside_one_that_is_right(
    ana: User, ben: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    make_data_key(ana)
    DataKey.objects.filter(owner=ben).delete()
    settings.SEALING_KEYS = {"new": secrets.token_bytes(32)}
    make_data_key(ben)
    assert counted() == {"open": 1, "closed": 1}
    keys_in_use.tell()
    assert len(caplog.messages) == 1


def test_one_damaged_row_says_nothing_of_the_key(ana: User, ben: User) -> None:
    make_data_key(ana)
    make_data_key(ben)
    DataKey.objects.filter(owner=ana).update(wrapped=b"\x01damaged")
    assert counted() == {"open": 1, "closed": 0}


def test_it_costs_two_queries(ana: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for user in (ana, ben):
        make_data_key(user)
        with_second_factor(user)
    with django_assert_num_queries(2):
        assert keys_in_use.in_use()


def test_a_second_factor_that_is_not_sealed_is_never_named(ana: User) -> None:
    Authenticator.objects.create(user=ana, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    assert "JBSWY3DP" not in keys_in_use.in_use()
