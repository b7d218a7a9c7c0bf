"""The second step: setting it up, logging in with it, and what it protects."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode
from fido2.webauthn import CollectedClientData
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts import recovery_codes
from accounts.models import User
from accounts.templatetags.passkeys import kept_in
from tests.accounts.factors import (
    ORIGIN,
    PASSWORD,
    SECRET,
    add_app,
    add_passkey,
    code_from_app,
    log_in,
    log_in_with_app,
    set_up_app,
)
from tests.html import assert_valid_html
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
SEEN = websafe_encode(CollectedClientData.create("webauthn.create", bytes(16), ORIGIN))


@pytest.fixture
def production(settings: Settings) -> None:
    """Outside the demo the second step of professionals is required."""
    settings.DEMO = False


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_and_asked_for(client: Client, ana: User) -> None:
    log_in(client, ana)
    set_up_app(client)
    assert mailed()[0].subject == "Your account has changed"
    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assertRedirects(answer, reverse("mfa_authenticate"))
    assert client.get(reverse("today")).status_code == 302


def test_secret_is_stored_sealed(ana: User) -> None:
    add_app(ana)
    assert SECRET not in str(Authenticator.objects.get().data)


def test_code_of_the_app_logs_in(client: Client, ana: User) -> None:
    add_app(ana)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "is not right" in wrong.text
    assertRedirects(client.post(reverse("mfa_authenticate"), {"code": code_from_app()}), reverse("today"))


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("name", ["today", "settings", "landing", "account_email", "admin:index", "usersessions_list"])
def test_professionals_reach_nothing_before_a_second_step(client: Client, cole: User, dana: User, name: str) -> None:
    for person in (cole, dana):
        client.force_login(person)
        assertRedirects(client.get(reverse(name)), reverse("mfa_index"))


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    "name", ["mfa_index", "help_now", "leave_explained", "account_logout", "account_reauthenticate"]
)
def test_professionals_reach_the_way_to_a_second_step(client: Client, cole: User, name: str) -> None:
    client.force_login(cole)
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
def test_setting_up_opens_the_site_and_removing_closes_it(client: Client, cole: User) -> None:
    log_in(client, cole)
    set_up_app(client)
    assert client.get(reverse("settings")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assertRedirects(client.get(reverse("settings")), reverse("mfa_index"))


@pytest.mark.django_db(transaction=True)
def test_back_at_the_page_that_removed_the_app_leads_to_the_overview(client: Client, ana: User) -> None:
    log_in(client, ana)
    set_up_app(client)
    for _ in range(2):  # a second press, too
        assertRedirects(client.post(reverse("mfa_deactivate_totp")), reverse("mfa_index"))
    assertRedirects(client.get(reverse("mfa_deactivate_totp")), reverse("mfa_index"))


@pytest.mark.usefixtures("production")
def test_a_factor_that_another_session_set_up_is_not_shown_by_this_one(client: Client, cole: User) -> None:
    log_in(client, cole)
    add_app(cole)
    assert client.get(reverse("settings")).headers["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_reauthenticate"), {"code": code_from_app()})
    assert client.get(reverse("settings")).status_code == 200


@pytest.mark.usefixtures("production")
def test_passkey_that_is_left_still_counts(client: Client, cole: User) -> None:
    add_app(cole)
    passkey = add_passkey(cole)
    log_in_with_app(client, cole)
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert client.get(reverse("settings")).status_code == 200


def test_demo_offers_and_does_not_require(client: Client, cole: User, settings: Settings) -> None:
    settings.DEMO = True
    client.force_login(cole)
    assert client.get(reverse("settings")).status_code == 200


@pytest.mark.parametrize("demo", [True, False])
def test_a_factor_that_is_there_counts_everywhere(client: Client, cole: User, settings: Settings, demo: bool) -> None:
    settings.DEMO = demo
    client.force_login(cole)
    add_app(cole)
    assert client.get(reverse("settings")).headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_members_are_never_required_to(client: Client, ana: User, settings: Settings) -> None:
    settings.DEMO = False
    client.force_login(ana)
    assert client.get(reverse("settings")).status_code == 200


def test_passkey_is_named_from_a_list(client: Client, ana: User) -> None:
    """A free name would keep a person's own words in clear."""
    add_app(ana)
    log_in_with_app(client, ana)
    passkey = add_passkey(ana)
    edit = reverse("mfa_edit_webauthn", args=[passkey.pk])
    client.post(edit, {"name": "the secret of Ana"})
    passkey.refresh_from_db()
    assert passkey.data["name"] == "a phone"
    client.post(edit, {"name": "a computer"})
    passkey.refresh_from_db()
    assert passkey.data["name"] == "a computer"


def test_passkeys_of_others_are_not_found(client: Client, ana: User, ben: User) -> None:
    passkey = add_passkey(ben)
    log_in(client, ana)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[passkey.pk])).status_code == 404


def test_log_in_page_hands_out_passkey_options(client: Client) -> None:
    answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("9" * 5_000, id="long"), pytest.param("[" * 100_000, id="deep"),  # more than Python reads
        "5", "[]", "{}", "null", '{"id": 1, "response": 5}', '{"id": "AA", "rawId": "AA", "response": []}',
        *(json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response}) for response in [
            {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
            {"clientDataJSON": "W10", "authenticatorData": "A" * 60, "signature": 1, "userHandle": []},
            {"clientDataJSON": SEEN, "attestationObject": "_w"},
            {"clientDataJSON": SEEN, "attestationObject": ""},
            {"clientDataJSON": SEEN, "attestationObject": "gYGBgYGB" * 300},
        ]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "page", ["mfa_login_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn", "mfa_add_webauthn"]
)
def test_what_no_passkey_answers_is_refused(client: Client, ana: User, page: str, answer: str) -> None:
    cache.clear()
    if page != "mfa_login_webauthn":
        add_passkey(ana)
        add_app(ana)
        (code, *_) = recovery_codes.make(ana)
        client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
        if page != "mfa_authenticate":
            client.post(reverse("mfa_authenticate"), {"code": code})
            client.post(reverse("mfa_reauthenticate"), {"code": code_from_app()})
    client.get(reverse(page))
    assert client.post(reverse(page), {"credential": answer}).status_code < 500
    assert Authenticator.objects.filter(type="webauthn").count() == (page != "mfa_login_webauthn")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("this device", "A device"),
        ("a phone", "A phone"),
        ("a computer", "A computer"),
        ("a security key", "A security key"),
        ("Master key", "A passkey"),
    ],
)
def test_list_of_passkeys_says_what_keeps_each(name: str, said: str) -> None:
    assert kept_in(name) == said


@pytest.mark.parametrize(
    ("host", "there"),
    [
        ("127.0.0.1:8000", "http://localhost:8000/accounts/2fa/webauthn/add/?next=%2Ftoday%2F"),
        ("[::1]:8000", "http://localhost:8000/accounts/2fa/webauthn/add/?next=%2Ftoday%2F"),
        ("192.0.2.1", "/accounts/2fa/totp/activate/"),
    ],
)
def test_at_a_number_the_page_says_why_no_passkey_can_be_made(
    client: Client, ana: User, settings: Settings, host: str, there: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    log_in(client, ana)
    query = {"next": "/today/"}
    page = client.get(reverse("mfa_add_webauthn"), query, headers={"host": host})
    assert_valid_html(page.content)
    assert "Passkeys need a site with a name" in page.text
    assert f'href="{there}"' in page.text
    assert "data-passkey" not in page.text
    assert "data-passkey" not in Client().get(reverse("account_login"), headers={"host": host}).text
    page = client.get(reverse("mfa_add_webauthn"), headers={"host": "localhost:8000"})
    assert "data-passkey" in page.text
    assert "only for a name" not in page.text
