"""The first owner is made on the server, and can work at once: without a mail, and not without a second factor."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import recovery_codes
from accounts.models import Mail, StaffAction, User
from tests.accounts.factors import code_from_app
from tests.outbox import mailed

ADDRESS = "olga@example.org"


def created(address: str = ADDRESS) -> str:
    out = StringIO()
    call_command("create_owner", address, stdout=out)
    return out.getvalue()


def shown(text: str) -> tuple[str, str, list[str]]:
    """Password, secret of the app, and recovery codes."""
    [password] = re.findall(r"^    (\w{4}(?:-\w{4}){4})$", text, re.MULTILINE)
    [secret] = re.findall(r"by hand: (\w{32})$", text, re.MULTILINE)
    assert "otpauth://totp/" in text
    assert f"secret={secret}" in text
    return password, secret, re.findall(r"^    (\w{5}-\w{5})$", text, re.MULTILINE)


@pytest.mark.own_clock
@pytest.mark.django_db
def test_who_was_made_logs_in_with_both_and_sees_the_administration(client: Client) -> None:
    password, secret, _codes = shown(created())
    client.post(reverse("account_login"), {"login": ADDRESS, "password": password})
    assert client.get(reverse("admin:index")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_from_app(secret)})
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:accounts_staff_changelist")).status_code == 200
    assert not mailed()


@pytest.mark.django_db
def test_recovery_codes_open_the_account_once(client: Client) -> None:
    password, _secret, codes = shown(created())
    assert len(codes) == recovery_codes.COUNT
    for status in (200, 302):
        client.logout()
        client.post(reverse("account_login"), {"login": ADDRESS, "password": password})
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert client.get(reverse("admin:index")).status_code == status


@pytest.mark.django_db
def test_nothing_of_what_is_shown_is_stored_in_clear() -> None:
    password, secret, codes = shown(created())
    user = User.objects.get(email=ADDRESS)
    assert EmailAddress.objects.get(user=user).verified
    stored = f"{user.password}{list(Authenticator.objects.filter(user=user).values_list('data', flat=True))}"
    assert not [word for word in (password, secret, *codes) if word in stored]
    assert StaffAction.objects.get(staff=user.pk).kind == StaffAction.Kind.ROLE


@pytest.mark.django_db
def test_the_owners_that_there_are_hear_of_another(dana: User) -> None:
    created()
    assert [mail.owner for mail in Mail.objects.all()] == [dana]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["ana@example.org", "ANA@example.org", "no-address", ""])
def test_an_address_that_is_taken_or_is_none_makes_nobody(ana: User, address: str) -> None:
    with pytest.raises(CommandError):
        created(address)
    assert list(User.objects.all()) == [ana]
    assert not User.objects.get().is_staff
