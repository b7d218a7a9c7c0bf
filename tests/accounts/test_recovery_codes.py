"""Recovery codes: shown once, kept as digests, used once, and read however they are pasted."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from argon2.low_level import hash_secret_raw
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts import recovery_codes, second_factor
from accounts.codes import plain
from accounts.models import User
from accounts.sealing import active_key, lock, place
from accounts.session_store import stored_key
from tests.accounts.factors import (
    PASSWORD,
    SECRET,
    add_app,
    code_from_app,
    log_in,
    log_in_with_app,
)
from tests.consultations.racing import at_once, beside
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
MIGRATION = import_module("accounts.migrations.0008_second_factors_of_their_owner")
SEED = "5eed" * 20


def codes_on(page: str) -> list[str]:
    root = assert_valid_html(page.encode())
    return [code.text or "" for code in root.findall(".//ul[@class='codes']/li/code")]


def stored(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type="recovery_codes")


@pytest.mark.django_db(transaction=True)
def test_codes_are_shown_once_after_the_set_up(client: Client, ana: User) -> None:
    log_in(client, ana)
    client.get(reverse("mfa_activate_totp"))
    code = code_from_app(client.session["mfa.totp.secret"])
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    shown = reverse("mfa_view_recovery_codes")
    assert answer.headers["Location"] == shown
    waiting = Session.objects.get(pk=stored_key(client.session)).session_data
    assert client.head(shown).status_code == 302
    page = client.get(shown)
    codes = codes_on(page.text)
    assert len(set(codes)) == recovery_codes.COUNT
    assert not any(code in waiting for code in codes)
    assertRedirects(client.get(shown), reverse("mfa_index"))
    for address in (shown, reverse("mfa_index"), reverse("mfa_download_recovery_codes")):
        text = client.get(address, follow=True).text
        assert "Codes that still work: 10" in text
        assert not any(code in text for code in codes)


def test_making_codes_anew_replaces_the_old_ones(client: Client, ana: User) -> None:
    add_app(ana)
    log_in_with_app(client, ana)
    (old, *_) = recovery_codes.make(ana)
    assert "stop working" in client.get(reverse("mfa_generate_recovery_codes")).text
    answer = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    (new, *_) = codes_on(answer.text)
    assert recovery_codes.use(ana, old) is None
    assert recovery_codes.use(ana, new)


def test_making_codes_asks_for_the_factor_again(client: Client, ana: User) -> None:
    add_app(ana)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_from_app()})
    make = reverse("mfa_generate_recovery_codes")
    assert client.get(make).headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assertRedirects(client.post(make), make, fetch_redirect_response=False)
    assert not recovery_codes.exist_for(ana)


def test_no_codes_without_a_factor(client: Client, ana: User) -> None:
    log_in(client, ana)
    assertRedirects(client.post(reverse("mfa_generate_recovery_codes")), reverse("mfa_index"))
    assert not recovery_codes.exist_for(ana)


def test_codes_are_stored_as_digests_with_one_salt(ana: User) -> None:
    codes = recovery_codes.make(ana)
    data = stored(ana).data
    assert data.keys() == {"salt", "cost", "digests"}
    assert len(set(data["digests"])) == recovery_codes.COUNT
    assert not any(plain(code) in json.dumps(data).upper() for code in codes)


def test_a_try_costs_one_hash_whether_it_fits_or_not(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = recovery_codes.make(ana)
    hashed = []

    def counting(secret: bytes, *args: Any, **kwargs: Any) -> bytes:
        hashed.append(secret)
        return hash_secret_raw(secret, *args, **kwargs)

    monkeypatch.setattr(recovery_codes, "hash_secret_raw", counting)
    for code in ("000000", codes[0], codes[-1], codes[0]):
        hashed.clear()
        recovery_codes.use(ana, code)
        assert len(hashed) == 1


def typed(code: str) -> list[str]:
    whole = code.replace("-", "")
    return [
        code,
        code.lower(),
        whole,
        f"  {whole[:3]} {whole[3:]} ",
        code.replace("-", "\N{EN DASH}"),
        code.replace("-", "\N{NON-BREAKING HYPHEN}"),
        "".join(chr(ord(c) + 0xFEE0) for c in code),  # full width
        code.replace("-", "\N{ZERO WIDTH SPACE}-\N{NO-BREAK SPACE}"),
    ]


@pytest.mark.parametrize("n", range(8))
def test_codes_are_read_as_people_paste_them(client: Client, ana: User, n: int) -> None:
    add_app(ana)
    (code, *_) = recovery_codes.make(ana)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assertRedirects(client.post(reverse("mfa_authenticate"), {"code": typed(code)[n]}), reverse("today"))


@pytest.mark.parametrize("between", [" ", "-", "\N{EN DASH}", "\N{ZERO WIDTH SPACE}"])
def test_codes_of_the_app_are_read_as_people_paste_them(client: Client, ana: User, between: str) -> None:
    add_app(ana)
    code = code_from_app()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": wide[:3] + between + wide[3:]})
    assertRedirects(answer, reverse("today"))


def test_a_code_works_once(client: Client, ana: User) -> None:
    codes = recovery_codes.make(ana)
    assert recovery_codes.use(ana, codes[3])
    assert recovery_codes.use(ana, codes[3]) is None
    assert recovery_codes.left(ana) == 9
    assert recovery_codes.use(ana, codes[4])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_code_at_once_one_gets_in(ana: User) -> None:
    add_app(ana)
    (code, *_) = recovery_codes.make(ana)
    clients = [Client(), Client(), Client()]
    for one in clients:
        one.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})

    def tries(one: Client) -> Callable[[], int]:
        return lambda: int(one.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert sorted(at_once(*map(tries, clients)), key=str) == [200, 200, 302]
    assert sum(one.get(reverse("today")).status_code == 200 for one in clients) == 1
    assert recovery_codes.left(ana) == 9


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("other", "gets_in", "left"), [(0, False, 9), (1, True, 8)])
def test_a_use_waits_for_another_that_has_not_ended(ana: User, other: int, gets_in: bool, left: int) -> None:
    """The same code gets in once, and another code does not bring the first one back."""
    codes = recovery_codes.make(ana)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert recovery_codes.use(ana, codes[0])
            waiting = beside(pool, lambda: recovery_codes.use(ana, codes[other]))
        assert (waiting.result() is not None) is gets_in
    assert recovery_codes.left(ana) == left


def test_a_set_copied_to_somebody_else_fits_nothing(ana: User, dana: User) -> None:
    (code, *_) = recovery_codes.make(ana)
    recovery_codes.make(dana)
    Authenticator.objects.filter(user=dana).update(data=stored(ana).data)
    assert recovery_codes.use(dana, code) is None


# What was stored before 0.2.0


def sealed_before(text: str) -> str:
    name, key = active_key()
    return (
        f"{name}:{base64.urlsafe_b64encode(lock(key, text.encode(), place('accounts.secret', name.encode()))).decode()}"
    )


def codes_before(seed: str) -> list[str]:
    """allauth's own way of making them."""
    from_seed = import_module("allauth.mfa.recovery_codes.internal.auth").RecoveryCodes
    row = Authenticator(data={"seed": seed, "used_mask": 0})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("allauth.mfa.recovery_codes.internal.auth.decrypt", str)
        codes: list[str] = from_seed(row).generate_codes()
    return codes


def test_seeds_become_digests_and_used_codes_stay_used(ana: User) -> None:
    data = {"seed": sealed_before(SEED), "used_mask": 0b101}
    Authenticator.objects.create(user=ana, type="recovery_codes", data=data)
    MIGRATION.convert(apps, None)
    assert stored(ana).data.keys() == {"salt", "cost", "digests"}
    codes = codes_before(SEED)
    assert recovery_codes.left(ana) == 8
    assert recovery_codes.use(ana, codes[0]) is None
    assert recovery_codes.use(ana, codes[2]) is None
    assert recovery_codes.use(ana, codes[1])
    assert recovery_codes.use(ana, codes[9])


def test_secrets_of_apps_come_to_belong_to_their_owner(ana: User, ben: User) -> None:
    Authenticator.objects.create(user=ana, type="totp", data={"secret": sealed_before(SECRET)})
    Authenticator.objects.create(user=ben, type="totp", data={"secret": "gone:AAAA"})
    MIGRATION.convert(apps, None)
    with second_factor.secrets_of(ana):
        assert second_factor.open_totp_secret(Authenticator.objects.get(user=ana).data["secret"]) == SECRET
    assert Authenticator.objects.get(user=ben).data == {"secret": "gone:AAAA"}


def test_what_no_key_opens_is_left_and_opens_nothing(client: Client, ana: User, settings: Settings) -> None:
    Authenticator.objects.create(user=ana, type="totp", data={"secret": sealed_before(SECRET)})
    Authenticator.objects.create(user=ana, type="recovery_codes", data={"seed": sealed_before(SEED), "used_mask": 0})
    before = [*Authenticator.objects.order_by("pk").values_list("data", flat=True)]
    settings.SEALING_KEYS = {"another": bytes(32)}
    MIGRATION.convert(apps, None)
    assert [*Authenticator.objects.order_by("pk").values_list("data", flat=True)] == before
    assert recovery_codes.left(ana) == 0
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    for code in (code_from_app(), codes_before(SEED)[0]):
        assert "is not right" in client.post(reverse("mfa_authenticate"), {"code": code}).text
