"""Where somebody is signed in: the page, new keys after re-authentication, and every way to end a session."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts import logins, recovery_codes
from accounts.erasure import ask_to_close
from accounts.models import User
from accounts.services import erase_account, remove_second_factors
from accounts.session_store import SessionStore, stored_key
from reflect.middleware import SEEN
from tests.accounts.factors import (
    PASSWORD,
    Passkey,
    add_app,
    add_passkey,
    challenge_of,
    code_from_app,
    code_from_mail,
    log_in,
)
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another four quiet words"


def enter(user: User, agent: str = "") -> Client:
    """Log in by the form, in a browser of its own."""
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("settings")).status_code == 200


def record_of(client: Client) -> UserSession:
    record: UserSession = UserSession.objects.get(session_key=stored_key(client.session))
    return record


def end_on_page(client: Client, record: UserSession) -> HttpResponse:
    return client.post(reverse("usersessions_list"), {"session": record.pk})  # type: ignore[return-value]


# The page


def test_list_shows_each_browser_and_its_last_use(ana: User, ben: User) -> None:
    here, there = enter(ana, "Firefox/140.0 Linux"), enter(ana, "Firefox/140.0 iPhone")
    enter(ben, "Firefox/140.0 Android")
    day = timezone.now().replace(year=2026, month=3, day=1, hour=9, minute=5)
    UserSession.objects.filter(pk=record_of(there).pk).update(last_seen_at=day)
    page = here.get(reverse("usersessions_list"))
    assert_valid_html(page.content)
    assert page.text.index("Firefox, Linux") < page.text.index("Firefox, iPhone")
    assert "Android" not in page.text
    assert "Last used on 1 March 2026, 09:05" in page.text
    assert page.text.count("This browser</h2>") == page.text.count("Another browser</h2>") == 1


def test_list_leaves_out_what_is_over_and_the_record_stays(ana: User) -> None:
    here, there = enter(ana), enter(ana)
    there.post(reverse("account_logout"))
    assert "Another browser" not in here.get(reverse("usersessions_list")).text
    assert UserSession.objects.filter(user=ana).count() == 2


def test_one_session_is_ended_and_the_others_stay(ana: User) -> None:
    here, there, third = enter(ana), enter(ana), enter(ana)
    record = record_of(there)
    for _ in range(2):
        assertRedirects(end_on_page(here, record), reverse("usersessions_list"))
    assert [is_signed_in(client) for client in (here, there, third)] == [True, False, True]


def test_this_session_can_be_ended_like_the_others(ana: User) -> None:
    here, there = enter(ana), enter(ana)
    assertRedirects(end_on_page(here, record_of(here)), reverse("account_login"))
    assert [is_signed_in(client) for client in (here, there)] == [False, True]


def test_nobody_ends_the_session_of_somebody_else(ana: User, ben: User) -> None:
    anas, bens = enter(ana), enter(ben)
    for value in (record_of(bens).pk, "", "x", "9" * 30):
        assert anas.post(reverse("usersessions_list"), {"session": value}).status_code == 404
    assert anas.post(reverse("usersessions_list")).status_code == 404
    assert is_signed_in(anas)
    assert is_signed_in(bens)


def test_last_use_moves_once_in_five_minutes_and_costs_nothing_between(ana: User) -> None:
    client, page = enter(ana), reverse("settings")
    client.get(page)
    record = record_of(client)
    with CaptureQueriesContext(connection) as between:
        client.get(page)
    assert not [query for query in between if "usersession" in query["sql"]]
    session = client.session
    session[SEEN] = (timezone.now() - timedelta(minutes=5)).timestamp()
    session.save()
    client.get(page)
    assert record_of(client).last_seen_at > record.last_seen_at


def test_log_in_keeps_a_long_user_agent_short(ana: User) -> None:
    assert len(record_of(enter(ana, "x" * 1000)).user_agent) == logins.DEVICE_LENGTH


def test_somebody_else_in_the_same_browser_gets_a_session_and_a_record_of_their_own(ana: User, ben: User) -> None:
    client = enter(ana)
    old = record_of(client)
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": ben.email, "password": PASSWORD})
    assert record_of(client).user == ben
    assert UserSession.objects.get(pk=old.pk).user == ana


# Re-authentication, and every way to end what it made


def by_password(client: Client, _user: User) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def by_app(client: Client, _user: User) -> None:
    client.post(reverse("mfa_reauthenticate"), {"code": code_from_app()})


def by_passkey(client: Client, user: User) -> None:
    passkey = Passkey()
    add_passkey(user, passkey)
    client.get(reverse("mfa_reauthenticate_webauthn"))
    answer = json.dumps(passkey.authentication(user, challenge_of(client)))
    client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": answer})


def everywhere(other: Client, _user: User) -> None:
    other.post(reverse("usersessions_list"), {"everywhere": ""})


def asking_to_close(_other: Client, user: User) -> None:
    ask_to_close(owner=user, now=timezone.now())


def erasing(_other: Client, user: User) -> None:
    erase_account(owner=user, now=timezone.now())


def staff_removing_second_factors(_other: Client, user: User) -> None:
    remove_second_factors(user=user, now=timezone.now())


def changing_the_password(other: Client, user: User) -> None:
    by_password(other, user)
    other.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})


def a_new_password_by_mail(_other: Client, user: User) -> None:
    visitor = Client()
    visitor.post(reverse("account_reset_password"), {"email": user.email})
    visitor.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    visitor.post(reverse("account_complete_password_reset"), {"password1": NEW_PASSWORD})


def that_one(other: Client, user: User) -> None:
    (record,) = logins.of(user).exclude(pk=record_of(other).pk)
    end_on_page(other, record)


WAYS_BACK_IN = [by_password, by_app, by_passkey]
WAYS_OUT = [
    *(everywhere, that_one, asking_to_close, erasing, staff_removing_second_factors),
    *(changing_the_password, a_new_password_by_mail),
]


@pytest.mark.parametrize("end", WAYS_OUT)
@pytest.mark.parametrize("show_again", WAYS_BACK_IN)
def test_session_has_a_new_key_after_reauthentication_and_can_still_be_ended(
    ana: User, show_again: Callable[[Client, User], None], end: Callable[[Client, User], None]
) -> None:
    client, other = enter(ana), enter(ana)
    if show_again is by_app:
        add_app(ana)
    old, record = client.session.session_key, record_of(client).pk
    show_again(client, ana)
    assert client.session.session_key != old
    assert record_of(client).pk == record
    assert SessionStore(old).load() == {}
    assert is_signed_in(client)
    assert any(shown.get("reauthenticated") for shown in client.session["account_authentication_methods"])
    key = stored_key(client.session)
    if show_again is not by_password:
        (code, *_) = recovery_codes.make(ana)
        other.post(reverse("mfa_reauthenticate"), {"code": code})
    end(other, ana)
    assert not Session.objects.filter(pk=key).exists()
    assert not is_signed_in(client)


def test_wrong_password_changes_no_key(ana: User) -> None:
    client = enter(ana)
    key = client.session.session_key
    client.post(reverse("account_reauthenticate"), {"password": "not the password"})
    assert client.session.session_key == key


# Races


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends_first", [True, False])
def test_session_that_is_moving_while_all_are_ended_ends_too(ana: User, ends_first: bool) -> None:
    """Over two connections: whichever comes first holds the record until the other waits for it."""
    client = Client()
    log_in(client, ana)
    moving = SessionStore(client.session.session_key)
    assert moving["_auth_user_id"] == str(ana.pk)
    steps: list[Callable[[], object]] = [lambda: logins.end_all(user=ana), moving.cycle_key]
    first, second = steps if ends_first else steps[::-1]

    def run() -> None:
        try:
            second()
        except Exception:  # noqa: S110  # that it was interrupted shows in what is left
            pass
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_for_somebody_waiting()
    thread.join()
    assert not Session.objects.exists()


def wait_for_somebody_waiting() -> None:
    """Until another connection waits for a lock of this one (pg_stat_activity would stand still in a transaction)."""
    with connection.cursor() as cursor:
        for _ in range(6_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("Nobody waits.")
