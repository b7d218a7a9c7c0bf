"""What the database holds of a session, and what becomes of it when its key changes."""

import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module

import pytest
from allauth.account import signals as allauth_signals
from allauth.usersessions import signals as records_signals
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts import logins
from accounts.models import User
from accounts.session_store import SessionStore, stored_form, stored_key
from tests.accounts.factors import log_in
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


def stored(**data: object) -> SessionStore:
    session = SessionStore()
    session.update(data)
    session.save()
    return session


def key_of(session: SessionStore) -> str:
    assert session.session_key
    return session.session_key


def test_row_holds_a_digest_and_sealed_data() -> None:
    key = key_of(stored(color="quince"))
    row = Session.objects.get()
    assert row.pk == sha256(key.encode()).hexdigest()[:40] == stored_form(key)
    assert key not in row.session_data
    assert row.get_decoded() == {}
    assert SessionStore(key)["color"] == "quince"


def test_what_the_row_holds_opens_nothing_as_a_cookie(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    row = Session.objects.get()
    for value in (row.pk, row.session_data):
        client.cookies[settings.SESSION_COOKIE_NAME] = value
        assert client.get(reverse("settings")).status_code == 302


def test_moved_and_damaged_rows_are_empty_sessions_and_logged_without_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mine, theirs = (key_of(stored(color=color)) for color in ("quince", "indigo"))
    sealed = Session.objects.get(pk=stored_form(theirs)).session_data
    for data in (sealed, f"{sealed}A", "in clear", "gone:AAAA", ""):
        caplog.clear()
        Session.objects.filter(pk=stored_form(mine)).update(session_data=data)
        assert SessionStore(mine).get("color") is None
        assert caplog.record_tuples == [
            ("django.security.SuspiciousSession", logging.WARNING, "Session data corrupted")
        ]
    assert SessionStore(theirs)["color"] == "indigo"


def test_expired_and_unknown_sessions_lose_their_key() -> None:
    key = key_of(stored(color="quince"))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for session in (SessionStore(key), SessionStore("never-was-there")):
        assert session.get("color") is None
        assert session.session_key is None


@pytest.mark.parametrize(("ahead", "is_open"), [(timedelta(minutes=4), True), (timedelta(minutes=6), False)])
def test_a_session_ends_when_the_clock_is_set_back(
    client: Client, ana: User, time_machine: TimeMachineFixture, ahead: timedelta, is_open: bool
) -> None:
    """Or it would last by so much longer, with all that was shown in it ("authenticated five minutes ago")."""
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    time_machine.move_to(now + ahead)
    log_in(client, ana)
    time_machine.move_to(now)
    assert (client.get("/today/").status_code == 200) is is_open


def test_a_deleted_session_is_not_saved_again() -> None:
    session = stored(color="quince")
    SessionStore(key_of(session)).delete()
    assert not session.exists(key_of(session))
    with pytest.raises(UpdateError):
        session.save()
    SessionStore().delete()


def test_async_methods_do_the_same() -> None:
    async def live() -> tuple[str, str]:
        session = SessionStore()
        await session.aset("color", "quince")
        await session.asave()
        first = key_of(session)
        assert await session.aexists(first)
        await session.acycle_key()
        second = SessionStore(session.session_key)
        assert await second.aget("color") == "quince"
        await SessionStore(key_of(session)).adelete()
        assert await SessionStore(session.session_key).aload() == {}
        return first, key_of(session)

    first, second = async_to_sync(live)()
    assert first != second
    assert not Session.objects.exists()


def test_expired_rows_are_cleared() -> None:
    stored(color="quince")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    kept = stored(color="indigo")
    SessionStore.clear_expired()
    assert Session.objects.get().pk == stored_key(kept)


def test_record_of_the_log_in_moves_with_the_key(client: Client, ana: User) -> None:
    log_in(client, ana)
    session = SessionStore(client.session.session_key)
    before = key_of(session)
    session.cycle_key()
    assert key_of(session) != before
    assert UserSession.objects.get().session_key == Session.objects.get().pk == stored_key(session)
    assert SessionStore(before).get(SESSION_KEY) is None


def test_ended_session_does_not_live_on_under_another_key(client: Client, ana: User) -> None:
    log_in(client, ana)
    session = SessionStore(client.session.session_key)
    assert session[SESSION_KEY] == str(ana.pk)
    logins.end_all(user=ana)
    with pytest.raises(SessionInterrupted):
        session.cycle_key()
    assert not Session.objects.exists()


def test_double_click_moves_a_session_twice_and_leaves_one(client: Client, ana: User) -> None:
    log_in(client, ana)
    first, second = (SessionStore(client.session.session_key) for _ in range(2))
    assert first[SESSION_KEY] == second[SESSION_KEY]
    first.cycle_key()
    second.cycle_key()
    assert UserSession.objects.get().session_key == Session.objects.get().pk == stored_key(second)


def test_migration_ends_every_session_and_keeps_records_without_their_keys(client: Client, ana: User) -> None:
    log_in(client, ana)
    keys = [f"{n}".zfill(32) for n in range(1001)]
    UserSession.objects.bulk_create(UserSession(user=ana, ip="192.0.2.1", session_key=key) for key in keys)
    migration = import_module("accounts.migrations.0005_sessions_by_digest")
    migration.end_sessions(apps, None)
    migration.digest_keys(apps, None)
    assert not Session.objects.exists()
    stored_keys = {*UserSession.objects.values_list("session_key", flat=True)}
    assert stored_keys >= {stored_form(key) for key in keys}
    assert not stored_keys & {*keys}


def test_allauths_receivers_that_store_the_key_are_not_connected() -> None:
    theirs = (records_signals.on_user_logged_in, records_signals.on_password_changed)
    for signal in (allauth_signals.user_logged_in, allauth_signals.password_set, allauth_signals.password_changed):
        connected = signal._live_receivers(sender=None)
        assert not {receiver for receivers in connected for receiver in receivers} & {*theirs}
