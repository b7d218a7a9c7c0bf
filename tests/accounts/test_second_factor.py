"""What a second factor protects: re-authentication, sessions that have not shown it, other sessions, its secret."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts import recovery_codes, second_factor
from accounts.models import User
from accounts.sealing import CannotOpen
from accounts.session_store import stored_form
from tests.accounts.factors import (
    PASSWORD,
    SECRET,
    Passkey,
    add_app,
    add_passkey,
    challenge_of,
    code_from_app,
    code_from_mail,
    log_in,
    log_in_with_app,
    set_up_app,
)
from tests.consultations.racing import at_once
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
AGAIN = reverse("mfa_reauthenticate")
CLOSED = ["today", "settings", "data_download", "mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp"]


@pytest.fixture(autouse=True)
def no_tries_yet(db: None) -> None:
    """The log-ins of a test that is not rolled back would count in the next one."""
    cache.clear()


@pytest.fixture
def before(client: Client, ana: User) -> Client:
    """A session that showed the password, twice, just before a factor was set up."""
    log_in(client, ana)
    add_app(ana)
    return client


def opens(client: Client) -> bool:
    return client.get(reverse("settings")).status_code == 200


@pytest.mark.parametrize("name", [*CLOSED, "landing", "mfa_view_recovery_codes", "account_email", "usersessions_list"])
def test_session_from_before_reaches_nothing_but_reauthentication(before: Client, name: str) -> None:
    answer = before.get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(AGAIN)
    assert before.post(reverse(name)).headers["Location"] == AGAIN


@pytest.mark.parametrize("name", ["mfa_reauthenticate", "account_logout", "help_now", "leave_explained", "privacy"])
def test_session_from_before_can_show_the_factor_and_leave(before: Client, name: str) -> None:
    assert before.get(reverse(name)).status_code == 200


def test_password_alone_does_not_reauthenticate(before: Client) -> None:
    answer = before.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assertRedirects(answer, AGAIN)
    assert not opens(before)


@pytest.mark.django_db(transaction=True)
def test_password_alone_does_not_reauthenticate_who_has_shown_the_factor(client: Client, ana: User) -> None:
    log_in(client, ana)
    set_up_app(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        removal = reverse("mfa_deactivate_totp")
        assert client.get(removal).headers["Location"].startswith(AGAIN)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(removal).headers["Location"].startswith(AGAIN)
        secret = opened_secret(ana)
        client.post(AGAIN, {"code": code_from_app(secret)})
        assert client.get(removal).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_password_shown_before_the_set_up_no_longer_counts_after_it(client: Client, ana: User) -> None:
    log_in(client, ana)
    set_up_app(client)
    records = client.session["account_authentication_methods"]
    assert [record["method"] for record in records if record.get("reauthenticated")] == ["mfa"]


def opened_secret(owner: User) -> str:
    with second_factor.secrets_of(owner):
        return second_factor.open_totp_secret(Authenticator.objects.get(user=owner, type="totp").data["secret"])


def test_code_of_the_app_opens_a_session_from_before(before: Client) -> None:
    page = reverse("data_download")
    answer = before.post(f"{AGAIN}?next={page}", {"code": code_from_app(), "next": page})
    assertRedirects(answer, page)


def test_a_code_of_the_app_works_once(before: Client, ana: User) -> None:
    code, elsewhere = code_from_app(), Client()
    elsewhere.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    elsewhere.post(reverse("mfa_authenticate"), {"code": code})
    assert elsewhere.get(reverse("journal")).status_code == 200
    before.post(AGAIN, {"code": code})
    assert before.get(reverse("journal")).status_code == 302


def test_recovery_code_opens_a_session_from_before(before: Client, ana: User) -> None:
    (code, *_) = recovery_codes.make(ana)
    before.post(AGAIN, {"code": "wrong"})
    assert not opens(before)
    before.post(AGAIN, {"code": code})
    assert opens(before)


def test_passkey_opens_a_session_from_before(client: Client, ana: User) -> None:
    log_in(client, ana)
    passkey = Passkey()
    add_passkey(ana, passkey)
    again = reverse("mfa_reauthenticate_webauthn")
    assert client.get(reverse("settings")).headers["Location"].startswith(again)
    assertRedirects(client.post(reverse("account_reauthenticate"), {"password": PASSWORD}), again)
    client.get(again)
    stranger = Passkey().authentication(ana, challenge_of(client))
    client.post(again, {"credential": json.dumps(stranger)})
    assert not opens(client)
    client.get(again)
    client.post(again, {"credential": json.dumps(passkey.authentication(ana, challenge_of(client)))})
    assert opens(client)


def test_logging_in_by_passkey_shows_the_factor(client: Client, ana: User) -> None:
    passkey = Passkey()
    add_passkey(ana, passkey)
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = passkey.authentication(ana, challenge_of(client))
    client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(answer)})
    assert opens(client)


def test_resetting_the_password_leaves_the_factor(client: Client, ana: User) -> None:
    add_app(ana)
    client.post(reverse("account_reset_password"), {"email": ana.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    client.post(reverse("account_complete_password_reset"), {"password1": "four other quiet words"})
    assert not opens(client)
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": "four other quiet words"})
    assertRedirects(answer, reverse("mfa_authenticate"))
    assert not opens(client)
    client.post(reverse("mfa_authenticate"), {"code": code_from_app()})
    assert opens(client)


def test_no_browser_is_trusted_without_the_factor(client: Client, ana: User) -> None:
    add_app(ana)
    log_in_with_app(client, ana)
    assert "mfa_trusted" not in client.cookies
    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assertRedirects(answer, reverse("mfa_authenticate"))


# Changes and the other sessions


def sets_up_an_app(client: Client, user: User) -> None:
    set_up_app(client)


def adds_a_passkey(client: Client, user: User) -> None:
    client.get(reverse("mfa_add_webauthn"))
    credential = Passkey().registration(challenge_of(client))
    client.post(reverse("mfa_add_webauthn"), {"name": "a phone", "credential": json.dumps(credential)})
    assert Authenticator.objects.filter(user=user, type="webauthn").exists()


def removes_the_app(client: Client, user: User) -> None:
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()


def removes_a_passkey(client: Client, user: User) -> None:
    client.post(reverse("mfa_remove_webauthn", args=[add_passkey(user).pk]))
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()


def makes_new_codes(client: Client, user: User) -> None:
    client.post(reverse("mfa_generate_recovery_codes"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("has_app", "change", "said"),
    [
        (False, sets_up_an_app, "A second step was added to your account."),
        (False, adds_a_passkey, "A passkey was added to your account."),
        (True, adds_a_passkey, "A passkey was added to your account."),
        (True, removes_the_app, "A second step was removed from your account."),
        (True, removes_a_passkey, "A passkey was removed from your account."),
        (True, makes_new_codes, "New recovery codes were made for your account."),
    ],
)
def test_a_change_ends_the_other_sessions_and_is_told_once(
    client: Client, ana: User, ben: User, has_app: bool, change: Callable[[Client, User], None], said: str
) -> None:
    elsewhere, somebody = Client(), Client()
    log_in(somebody, ben)
    if has_app:
        add_app(ana)
        log_in_with_app(client, ana)
        (code, *_) = recovery_codes.make(ana)
        elsewhere.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
        elsewhere.post(reverse("mfa_authenticate"), {"code": code})
    else:
        log_in(client, ana)
        log_in(elsewhere, ana)
    assert opens(elsewhere)
    mailed()
    mail.outbox.clear()
    change(client, ana)
    assert opens(client)
    assert opens(somebody)
    assertRedirects(elsewhere.get(reverse("settings")), f"{reverse('account_login')}?next=/account/settings/")
    assert not Session.objects.filter(pk=stored_form(elsewhere.cookies["sessionid"].value)).exists()
    [told] = mailed()
    assert (told.to, told.subject) == ([ana.email], "Your account has changed")
    assert said in told.body


# Setting up twice at once


@pytest.mark.django_db(transaction=True)
def test_secret_of_the_app_is_not_shown_again_once_it_is_set_up(client: Client, ana: User) -> None:
    """The page that says that a code did not fit is held for minutes, and was shown without asking who reads it."""
    log_in(client, ana)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    page = client.post(reverse("mfa_activate_totp"), {"code": "nothing"}).headers["Location"]
    assert secret in client.get(page).text
    set_up_app(client)
    assert secret not in client.get(page, follow=True).text


@pytest.mark.django_db(transaction=True)
def test_secret_of_a_set_up_is_the_same_until_it_is_used(client: Client, ana: User) -> None:
    """After Back, or from a page that is held, an app scans the same one."""
    log_in(client, ana)
    address = reverse("mfa_activate_totp")
    client.get(address)
    secret = client.session["mfa.totp.secret"]
    held = client.post(address, {"code": "nothing"}).headers["Location"]
    for page in (address, held, address):
        assert secret in client.get(page).text
    client.post(address, {"code": code_from_app(secret)})
    assert secret == opened_secret(ana)
    client.post(reverse("mfa_deactivate_totp"))
    assert secret not in client.get(address).text


def test_code_of_the_set_up_opens_nothing_else(client: Client, ana: User) -> None:
    """Somebody may have looked over a shoulder."""
    log_in(client, ana)
    client.get(reverse("mfa_activate_totp"))
    code = code_from_app(client.session["mfa.totp.secret"])
    client.post(reverse("mfa_activate_totp"), {"code": code})
    thief = Client()
    thief.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    thief.post(reverse("mfa_authenticate"), {"code": code})
    assert not opens(thief)


@pytest.mark.django_db(transaction=True)
def test_pressing_the_button_of_the_set_up_twice_sets_up_once(client: Client, ana: User) -> None:
    log_in(client, ana)
    client.get(reverse("mfa_activate_totp"))
    code = code_from_app(client.session["mfa.totp.secret"])

    def press() -> int:
        twin = Client()
        twin.cookies = copy.deepcopy(client.cookies)
        return int(twin.post(reverse("mfa_activate_totp"), {"code": code}).status_code)

    assert at_once(press, press) == [302, 302]
    assert Authenticator.objects.filter(user=ana, type="totp").count() == 1
    assert len(mailed()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sessions_that_set_up_at_once_one_does(ana: User) -> None:
    clients = [Client(), Client()]
    codes = []
    for one in clients:
        log_in(one, ana)
        one.get(reverse("mfa_activate_totp"))
        codes.append(code_from_app(one.session["mfa.totp.secret"]))

    def sets_up(n: int) -> int:
        return int(clients[n].post(reverse("mfa_activate_totp"), {"code": codes[n]}).status_code)

    at_once(lambda: sets_up(0), lambda: sets_up(1))
    assert Authenticator.objects.filter(user=ana, type="totp").count() == 1
    assert sum(opens(one) for one in clients) == 1


# Whose secret it is


def test_secret_of_a_member_does_not_open_the_admin(client: Client, ana: User, dana: User) -> None:
    """Somebody who writes to the database puts their own sealed secret into the row of staff."""
    add_app(ana, SECRET)
    add_app(dana, "KRSXG5BAKRSXG5BAKRSXG5BAKRSXG5BA")
    mine = Authenticator.objects.get(user=ana).data
    Authenticator.objects.filter(user=dana).update(data=mine)
    client.post(reverse("account_login"), {"login": dana.email, "password": PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_from_app(SECRET)})
    assert "is not right" in answer.text
    assert client.get(reverse("admin:index")).status_code == 302
    Authenticator.objects.filter(user=dana).delete()
    add_app(dana, SECRET)
    client.post(reverse("mfa_authenticate"), {"code": code_from_app(SECRET)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_nothing_is_sealed_or_opened_for_nobody(ana: User, ben: User) -> None:
    adapter = get_adapter()
    with second_factor.secrets_of(ana):
        sealed = adapter.encrypt(SECRET)
        assert adapter.decrypt(sealed) == SECRET
        with second_factor.secrets_of(ben), pytest.raises(CannotOpen):
            adapter.decrypt(sealed)
        assert adapter.decrypt(sealed) == SECRET
    for refused in (adapter.encrypt, adapter.decrypt):
        with pytest.raises(LookupError):
            refused(sealed)
