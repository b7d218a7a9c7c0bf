"""Every page of allauth is in our look, valid, and names nothing in the browser's tab."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

import pytest
from allauth import urls as allauth_urls
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import User
from accounts.urls import factor_pages
from tests.accounts.factors import add_app, add_passkey, code_from_mail, log_in, log_in_with_app
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
type Visit = Callable[[Client, User], HttpResponse]


def get(client: Client, name: str, **kwargs: object) -> HttpResponse:
    return cast(HttpResponse, client.get(reverse(name, kwargs=kwargs)))


def anonymous(name: str) -> Visit:
    return lambda client, user: get(client, name)


def signed_in(name: str) -> Visit:
    def visit(client: Client, user: User) -> HttpResponse:
        log_in(client, user)
        return get(client, name)

    return visit


def with_app(name: str) -> Visit:
    def visit(client: Client, user: User) -> HttpResponse:
        add_app(user)
        log_in_with_app(client, user)
        return get(client, name)

    return visit


def with_passkey(name: str, *, named: bool = False) -> Visit:
    def visit(client: Client, user: User) -> HttpResponse:
        add_app(user)
        log_in_with_app(client, user)
        passkey = add_passkey(user)
        return get(client, name, **({"pk": passkey.pk} if named else {}))

    return visit


def with_new_codes(client: Client, user: User) -> HttpResponse:
    with_app("mfa_index")(client, user)
    client.post(reverse("mfa_generate_recovery_codes"))
    return get(client, "mfa_view_recovery_codes")


def without_password(client: Client, user: User) -> HttpResponse:
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return get(client, "account_set_password")


def after_sign_up(client: Client, user: User) -> HttpResponse:
    client.post(
        reverse("account_signup"), {"email": "eve@example.org", "password1": "four quiet ordinary words", "adult": "on"}
    )
    return get(client, "account_email_verification_sent")


def after_asking_for_a_reset(client: Client, user: User) -> HttpResponse:
    client.post(reverse("account_reset_password"), {"email": user.email})
    return get(client, "account_confirm_password_reset_code")


def after_the_reset_code(client: Client, user: User) -> HttpResponse:
    after_asking_for_a_reset(client, user)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    return get(client, "account_complete_password_reset")


def at_the_second_step(client: Client, user: User) -> HttpResponse:
    add_app(user)
    add_passkey(user)
    log_in(client, user)
    return get(client, "mfa_authenticate")


PAGES: Mapping[str, Visit] = {
    "account_change_password": signed_in("account_change_password"),
    "account_complete_password_reset": after_the_reset_code,
    "account_confirm_password_reset_code": after_asking_for_a_reset,
    "account_email": signed_in("account_email"),
    "account_email_verification_sent": after_sign_up,
    "account_inactive": anonymous("account_inactive"),
    "account_login": anonymous("account_login"),
    "account_logout": signed_in("account_logout"),
    "account_password_reset_completed": anonymous("account_password_reset_completed"),
    "account_reauthenticate": signed_in("account_reauthenticate"),
    "account_reset_password": anonymous("account_reset_password"),
    "account_set_password": without_password,
    "account_signup": anonymous("account_signup"),
    "mfa_activate_totp": signed_in("mfa_activate_totp"),
    "mfa_add_webauthn": signed_in("mfa_add_webauthn"),
    "mfa_authenticate": at_the_second_step,
    "mfa_deactivate_totp": with_app("mfa_deactivate_totp"),
    "mfa_edit_webauthn": with_passkey("mfa_edit_webauthn", named=True),
    "mfa_generate_recovery_codes": with_app("mfa_generate_recovery_codes"),
    "mfa_index": with_app("mfa_index"),
    "mfa_list_webauthn": with_passkey("mfa_list_webauthn"),
    "mfa_reauthenticate": with_app("mfa_reauthenticate"),
    "mfa_reauthenticate_webauthn": with_passkey("mfa_reauthenticate_webauthn"),
    "mfa_remove_webauthn": with_passkey("mfa_remove_webauthn", named=True),
    "mfa_view_recovery_codes": with_new_codes,
    "usersessions_list": signed_in("usersessions_list"),
}
# Redirects (logging in by code is off; recovery codes were once a file), and an answer to a script.
NO_PAGES = {"account_confirm_login_code", "mfa_download_recovery_codes", "mfa_login_webauthn"}


def names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield str(pattern.name)


def test_no_page_of_allauth_is_forgotten() -> None:
    assert {*names(allauth_urls.urlpatterns), *names(factor_pages)} == PAGES.keys() | NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_page_is_ours(name: str, client: Client, ana: User) -> None:
    response = PAGES[name](client, ana)
    assert response.status_code == 200, response.headers.get("Location")
    page = assert_valid_html(response.content)
    assert page.find(".//a[@class='exit']") is not None
    title = page.findtext(".//title") or ""
    assert title.endswith("| Reflect")
    for word in ("relationship", "partner", "journal", "give"):
        assert word not in title.lower()
    assert "placeholder" not in response.text
