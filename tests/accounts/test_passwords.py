"""Which passwords are refused, and that a password does not depend on how a keyboard composes its letters."""

import unicodedata
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts.models import User
from accounts.passwords import scored_part
from tests.accounts.factors import PASSWORD, code_from_mail, log_in
from tests.html import assert_valid_html
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
GUESSED = "This password is easy to guess."
COMMON = "This password is in lists of stolen passwords."
GOOD = "four quiet ordinary words"
DESKTOP = unicodedata.normalize("NFC", "caf\u00e9 four quiet ordinary")
PHONE = unicodedata.normalize("NFD", DESKTOP)


def sign_up(client: Client, password: str, email: str = "eve.quillon@example.org") -> str:
    return client.post(reverse("account_signup"), {"email": email, "password1": password, "adult": "on"}).text


def log_in_with(password: str, email: str = "ana@example.org") -> bool:
    browser = Client()
    browser.post(reverse("account_login"), {"login": email, "password": password})
    return browser.get(reverse("today")).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("aaaaaaaaaaaa", GUESSED),
        ("123456789012", GUESSED),
        ("passwordpassword", GUESSED),
        ("iloveyou1234", GUESSED),
        ("a" * 500, GUESSED),
        ("\uff41" * 12, GUESSED),
        ("30secondstomars", COMMON),
        ("30SecondsToMars", COMMON),
        ("kartoffelpuffer", COMMON),
        ("look-at-the-balance", GUESSED),  # the password of the demo's people
        ("Look at the Balance 1", GUESSED),
        ("reflect-balance-2026", GUESSED),
        ("givereceivebalance", GUESSED),
        ("giveandreceive", GUESSED),
        ("Quiet Harbour Trust", GUESSED),  # the organisation
        ("reflect.quillon.test", GUESSED),  # the host
        ("eve-quillon-eve-quillon", GUESSED),
        ("nolliuq.quillon", GUESSED),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_password_that_is_guessed_early_is_refused_beside_its_field(
    client: Client, settings: Settings, password: str, words: str, known: bool
) -> None:
    settings.LEGAL = settings.LEGAL | {"organisation_name": "The Quiet Harbour Trust"}
    settings.SITE_URL = "https://reflect.quillon.test"
    if known:
        User.objects.create_user("eve.quillon@example.org", PASSWORD)
    page = sign_up(client, password)
    assert_valid_html(page.encode())
    beside = page.partition('id="error_1_id_password1"')[2].partition("</span>")[0]
    assert words in beside
    assert page.count(words) == 2  # in the summary, and beside the field
    assert User.objects.count() == known
    assert not mailed()


def test_a_short_password_is_said_to_be_short_and_nothing_else(client: Client) -> None:
    beside = sign_up(client, "abc").partition('id="id_password1_error"')[2].partition("</div>")[0]
    assert "too short" in beside
    assert GUESSED not in beside


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "the balance of four quiet words",
        "Zk7#qP2!vX9w",
        "four quiet ordinary words " * 20,
        "слон читает тихую книгу",
        "静かな四つの言葉を選びます",
    ],
)
def test_password_that_takes_long_to_guess_is_taken(client: Client, password: str) -> None:
    sign_up(client, password)
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize("weak", ["aaaaaaaaaaaa", "30secondstomars", "look-at-the-balance", "ana@example.org 1"])
def test_every_way_to_a_password_refuses_the_same(
    client: Client, ana: User, monkeypatch: pytest.MonkeyPatch, weak: str
) -> None:
    before = ana.password
    log_in(client, ana)
    change = {"oldpassword": PASSWORD, "password1": weak}
    assert "Please check:" in client.post(reverse("account_change_password"), change, follow=True).text

    other = Client()
    other.post(reverse("account_reset_password"), {"email": ana.email})
    other.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    page = other.post(reverse("account_complete_password_reset"), {"password1": weak})
    assert "Please check:" in page.text

    monkeypatch.setattr("getpass.getpass", lambda prompt: weak)
    with pytest.raises(CommandError):
        call_command("changepassword", ana.email)
    ana.refresh_from_db()
    assert ana.password == before

    User.objects.update(password=make_password(None))
    browser = Client()
    browser.force_login(User.objects.get())
    assert "Please check:" in browser.post(reverse("account_set_password"), {"password1": weak}, follow=True).text


def test_scoring_cannot_be_made_slow() -> None:
    """zxcvbn tries every reading of 4, @, ! and so on: 72 characters with all of them took ten seconds."""
    symbols = "!$%(+0123456789<@[{|"
    assert scored_part("a" * 72) == "a" * 72
    assert scored_part("a" * 20 + symbols * 5) == "a" * 20 + "!$%("
    with pytest.raises(ValidationError):
        validate_password("a" * 24 + symbols * 5)


@pytest.mark.parametrize(("chosen", "typed"), [(PHONE, DESKTOP), (DESKTOP, PHONE)])
def test_letters_with_accents_are_the_same_on_every_keyboard(client: Client, chosen: str, typed: str) -> None:
    sign_up(client, chosen)
    EmailAddress.objects.update(verified=True)
    assert log_in_with(typed, "eve.quillon@example.org")
    assert log_in_with(chosen, "eve.quillon@example.org")


def test_hash_of_another_form_opens_once_more_and_is_replaced(ana: User) -> None:
    User.objects.update(password=make_password(PHONE))
    assert not log_in_with(DESKTOP)
    assert log_in_with(PHONE)
    assert log_in_with(DESKTOP)
    assert log_in_with(PHONE)


def test_old_hash_stays_while_somebody_is_logged_in(client: Client, ana: User) -> None:
    """Another hash would end the session that was asked to show the password again."""
    User.objects.update(password=(before := make_password(PHONE)))
    client.force_login(User.objects.get(pk=ana.pk))
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    for path in ("account_reauthenticate", "account_change_password"):
        client.post(reverse(path), {"password": PHONE, "oldpassword": PHONE})
        assert User.objects.get().password == before
        assert client.get(reverse("settings")).status_code == 200


def test_wrong_password_replaces_no_hash(ana: User) -> None:
    User.objects.update(password=(before := make_password(PHONE)))
    assert not log_in_with(PHONE + "s")
    assert User.objects.get().password == before


def test_length_is_counted_in_the_normal_form(client: Client) -> None:
    six = unicodedata.normalize("NFD", "éèêëàâ")
    assert len(six) == 12
    assert "at least 12 characters" in sign_up(client, six)


@pytest.mark.parametrize(("typed", "hashes"), [("not the password", 1), (PHONE, 2), ("\ufb01ve other quiet words", 2)])
def test_as_many_hashes_for_an_unknown_address_as_for_a_known_one(
    monkeypatch: pytest.MonkeyPatch, ana: User, ben: User, cole: User, typed: str, hashes: int
) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    User.objects.filter(pk=cole.pk).update(password=make_password(None))
    worked_out: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        worked_out.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    for email in (ana.email, ben.email, cole.email, "nobody@example.org"):
        worked_out.clear()
        assert not log_in_with(typed, email)
        assert len(worked_out) == hashes, email


def test_every_password_form_names_the_account_for_a_password_manager(client: Client, ana: User) -> None:
    def username(path: str, browser: Client) -> str | None:
        page = assert_valid_html(browser.get(reverse(path)).content)
        assert page.findall(".//input[@type='password']")
        [field] = page.findall(".//input[@autocomplete='username']")
        return field.get("value")

    for path in ("account_login", "account_signup"):
        assert username(path, client) is None  # it is written there
    client.post(reverse("account_reset_password"), {"email": ana.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    assert username("account_complete_password_reset", client) == ana.email

    client.force_login(ana)
    for path in ("account_reauthenticate", "account_change_password"):
        assert username(path, client) == ana.email


def test_account_without_a_password_is_named_where_it_chooses_one(as_user: Callable[[User], Client], ana: User) -> None:
    User.objects.update(password=make_password(None))
    page = assert_valid_html(as_user(User.objects.get()).get(reverse("account_set_password")).content)
    [field] = page.findall(".//input[@autocomplete='username']")
    assert field.get("value") == ana.email


def test_demo_password_still_opens_the_accounts_that_have_it(client: Client, ana: User) -> None:
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assertRedirects(answer, reverse("today"))
