"""What was begun ends when the account changes: others may read the mailbox, or know the old password."""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts.erasure import close_account
from accounts.models import User
from tests.accounts.factors import PASSWORD, add_app, code_from_app, code_from_mail, log_in

pytestmark = pytest.mark.django_db
TOO_LATE = "This code no longer works. Ask for a new one."
OWN, THEIRS = "six other calm words here", "another four quiet words"
RESET, RESET_CODE = "account_reset_password", "account_confirm_password_reset_code"
COMPLETE, LOGIN_CODE = "account_complete_password_reset", "account_confirm_login_code"

type Change = Callable[[User], None]


@pytest.fixture(autouse=True)
def soon(settings: Settings) -> Iterator[None]:
    limits = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = limits | {"code_here": None, "login_failed_anywhere": "1/h/key"}
    cache.clear()
    yield
    cache.clear()


def change_address(ana: User) -> None:
    client = Client()
    log_in(client, ana)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    assert EmailAddress.objects.get().email == "new@example.org"


def change_password(ana: User) -> None:
    client = Client()
    log_in(client, ana)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": OWN})
    ana.refresh_from_db()
    assert ana.check_password(OWN)


def close(ana: User) -> None:
    close_account(owner=ana, now=timezone.now())


@pytest.fixture(params=[change_address, change_password, close])
def change(request: pytest.FixtureRequest) -> Change:
    changed: Change = request.param
    return changed


def is_opened_with(password: str) -> bool:
    return any(user.check_password(password) for user in User.objects.all())


def test_a_code_of_a_reset(ana: User, change: Change) -> None:
    reader = Client()
    reader.post(reverse(RESET), {"email": ana.email})
    code = code_from_mail()
    change(ana)
    answer = reader.post(reverse(RESET_CODE), {"code": code}, follow=True)
    assertRedirects(answer, reverse("account_login"))
    assert TOO_LATE in answer.text
    reader.post(reverse(COMPLETE), {"password1": THEIRS})
    assert not is_opened_with(THEIRS)


@pytest.mark.parametrize("sent", [None, {"password1": THEIRS}, {"password1": "short"}])
def test_the_page_after_the_code_of_a_reset(ana: User, change: Change, sent: dict[str, str] | None) -> None:
    reader = Client()
    reader.post(reverse(RESET), {"email": ana.email})
    reader.post(reverse(RESET_CODE), {"code": code_from_mail()})
    change(ana)
    page = reverse(COMPLETE)
    answer = reader.get(page, follow=True) if sent is None else reader.post(page, sent, follow=True)
    assertRedirects(answer, reverse("account_login"))
    assert TOO_LATE in answer.text
    assert not is_opened_with(THEIRS)


def test_a_log_in_that_waits_for_its_second_step(ana: User) -> None:
    """Whoever has the old password has perhaps seen the app, too."""
    add_app(ana)
    thief = Client()
    thief.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    ana.set_password(OWN)
    ana.save()
    answer = thief.post(reverse("mfa_authenticate"), {"code": code_from_app()}, follow=True)
    assertRedirects(answer, reverse("account_login"))
    assert "The password has changed. Log in with the new one." in answer.text
    assert thief.get(reverse("today")).status_code == 302


def test_a_code_to_log_in(ana: User, change: Change) -> None:
    reader, form = Client(), {"login": ana.email, "password": "not the password"}
    for _ in range(2):
        reader.post(reverse("account_login"), form, REMOTE_ADDR="198.18.0.7")
    code = code_from_mail()
    cache.clear()
    change(ana)
    answer = reader.post(reverse(LOGIN_CODE), {"code": code}, follow=True)
    assertRedirects(answer, reverse("account_login"))
    assert TOO_LATE in answer.text
