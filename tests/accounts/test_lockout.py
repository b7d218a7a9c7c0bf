"""Guessing is slowed down by address and network, and never keeps the owner of the account out."""

import copy
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts.models import User
from tests.accounts.factors import PASSWORD, add_app, code_from_app, code_from_mail
from tests.accounts.test_addresses import ASCII, SHARP
from tests.accounts.test_signup import FIRST_PAGE
from tests.html import assert_valid_html, followed
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
UNKNOWN = "nobody@example.org"
WAIT = "There have been many tries in a short time. Wait five minutes, then try again."
MISMATCH = "the password is not right"


@pytest.fixture(autouse=True)
def no_tries_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


WRONG = "not the password"
PASSWORD_OF_STRANGER = "four quiet ordinary words"


def log_in(ip: str, address: str, password: str = WRONG, client: Client | None = None) -> HttpResponse:
    form = {"login": address, "password": password}
    return (client or Client()).post(reverse("account_login"), form, REMOTE_ADDR=ip)  # type: ignore[return-value]


FEW = 3


@pytest.fixture
def soon(settings: Settings) -> None:
    """The limit of an hour is reached after a few failures."""
    limits = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = limits | {"login_failed_anywhere": f"{FEW}/h/key"}


def guessed_at(address: str, times: int = FEW) -> None:
    """As by many machines, each in a network of its own."""
    for number in range(times):
        assert MISMATCH in log_in(f"198.18.{number}.7", address).text


@pytest.mark.parametrize(
    ("guesser", "neighbour", "owner"),
    [("192.0.2.1", "192.0.2.254", "192.0.3.1"), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")],
)
@pytest.mark.parametrize("address", ["ana@example.org", UNKNOWN])
def test_five_tries_of_a_network_do_not_keep_out_another(
    ana: User, guesser: str, neighbour: str, owner: str, address: str
) -> None:
    for _ in range(5):
        assert MISMATCH in log_in(guesser, address).text
    for ip in (guesser, neighbour):
        page = log_in(ip, address, PASSWORD)
        assert_valid_html(page.content)
        assert WAIT in page.text
    assert MISMATCH in log_in(guesser, "another@example.org").text
    if address == ana.email:
        assertRedirects(log_in(owner, address, PASSWORD), reverse("today"), fetch_redirect_response=False)
    else:
        assert MISMATCH in log_in(owner, address, PASSWORD).text


def test_both_forms_of_an_address_are_counted_together(db: None) -> None:
    for address in (SHARP, ASCII, SHARP, ASCII, SHARP):
        assert MISMATCH in log_in("192.0.2.1", address).text
    assert WAIT in log_in("192.0.2.1", ASCII).text


def test_the_fifty_first_failure_of_an_hour_is_not_checked(ana: User) -> None:
    guessed_at(ana.email, 50)
    assertRedirects(
        log_in("203.0.113.9", ana.email), reverse("account_confirm_login_code"), fetch_redirect_response=False
    )


def show_code(client: Client) -> HttpResponse:
    """Write the mailed code, which leads back to the log-in."""
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_from_mail()})
    assertRedirects(answer, reverse("account_login"), fetch_redirect_response=False)
    page = client.get(reverse("account_login"))
    assert "Thank you. Now log in with your e-mail address and your password." in page.text
    return page  # type: ignore[return-value]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("password", [PASSWORD, WRONG])
def test_a_mailed_code_comes_before_the_password(client: Client, ana: User, password: str) -> None:
    guessed_at(ana.email)
    asked = log_in("203.0.113.9", ana.email, password, client)
    assertRedirects(asked, reverse("account_confirm_login_code"))
    assert_valid_html(client.get(reverse("account_confirm_login_code")).content)
    assert_valid_html(show_code(client).content)
    assert client.get(reverse("today")).status_code == 302
    assertRedirects(log_in("203.0.113.9", ana.email, PASSWORD, client), reverse("today"))


@pytest.mark.usefixtures("soon")
def test_a_new_code_takes_the_place_of_the_last_one_and_comes_a_few_times_only(client: Client, ana: User) -> None:
    here = reverse("account_confirm_login_code")
    guessed_at(ana.email)
    log_in("203.0.113.9", ana.email, WRONG, client)
    first = code_from_mail()
    assert "Send a new code" in client.get(here).text
    page = client.post(here, {"action": "resend"}, REMOTE_ADDR="203.0.113.9", follow=True)
    assert "We have sent a code." in page.text
    assert len(mailed()) == 2
    assert_valid_html(followed(client.post(here, {"code": first})).content)
    show_code(client)
    client = Client()
    log_in("203.0.113.9", ana.email, WRONG, client)
    page = client.post(here, {"action": "resend"}, REMOTE_ADDR="203.0.113.9", follow=True)
    assert WAIT in page.text


@pytest.mark.usefixtures("soon")
def test_whoever_reads_the_mail_does_not_get_in_without_the_password(client: Client, ana: User, ben: User) -> None:
    guessed_at(ana.email)
    guessed_at(ben.email)
    log_in("203.0.113.9", ana.email, WRONG, client)
    show_code(client)
    for _ in range(3):
        assert MISMATCH in log_in("203.0.113.9", ana.email, WRONG, client).text
    for address in (ana.email, ben.email):  # the tries are used up; another person's were never given
        other = Client()
        other.cookies = copy.deepcopy(client.cookies)
        again = log_in("203.0.113.9", address, PASSWORD, other)
        assertRedirects(again, reverse("account_confirm_login_code"), fetch_redirect_response=False)


@pytest.mark.usefixtures("soon")
def test_a_code_does_not_take_the_place_of_the_second_step(client: Client, ana: User) -> None:
    add_app(ana)
    guessed_at(ana.email)
    log_in("203.0.113.9", ana.email, PASSWORD, client)
    show_code(client)
    assertRedirects(log_in("203.0.113.9", ana.email, PASSWORD, client), reverse("mfa_authenticate"))
    assertRedirects(client.post(reverse("mfa_authenticate"), {"code": code_from_app()}), reverse("today"))


@pytest.mark.usefixtures("soon")
def test_no_code_opens_an_account_that_a_stranger_has_prepared(client: Client, db: None) -> None:
    """Its password is the stranger's. A reset replaces that, and confirms the address."""
    address = "eve@example.org"
    Client().post(reverse("account_signup"), {"email": address, "password1": PASSWORD_OF_STRANGER, "adult": "on"})
    mailed()
    guessed_at(address)
    assertRedirects(log_in("203.0.113.9", address, "my own password", client), reverse("account_confirm_login_code"))
    assert len(mailed()) == 1
    cache.clear()
    client = Client()
    client.post(reverse("account_reset_password"), {"email": address})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    client.post(reverse("account_complete_password_reset"), {"password1": "another four quiet words"})
    assert MISMATCH in log_in("192.0.2.1", address, PASSWORD_OF_STRANGER).text
    inside = log_in("192.0.2.1", address, "another four quiet words", client)
    assertRedirects(inside, FIRST_PAGE)


@pytest.mark.usefixtures("soon")
def test_an_address_without_an_account_asks_for_a_code_that_is_never_sent(client: Client, db: None) -> None:
    guessed_at(UNKNOWN)
    assertRedirects(log_in("203.0.113.9", UNKNOWN, PASSWORD, client), reverse("account_confirm_login_code"))
    assert not mailed()
    for _ in range(2):
        page = client.post(reverse("account_confirm_login_code"), {"code": "BCDF-GHJK"})
        assert "That code is not right" in page.text
    answer = client.post(reverse("account_confirm_login_code"), {"code": "BCDF-GHJK"})
    assertRedirects(answer, reverse("account_login"))


@pytest.mark.usefixtures("soon")
def test_guesses_fill_no_mailbox(ana: User) -> None:
    guessed_at(ana.email)
    for _ in range(3):
        assert log_in("203.0.113.9", ana.email).status_code == 302
    assert WAIT in log_in("203.0.113.9", ana.email).text
    assert len(mailed()) == 3


@pytest.mark.usefixtures("soon")
def test_a_reset_stays_possible_and_ends_it(client: Client, ana: User) -> None:
    guessed_at(ana.email)
    for _ in range(5):
        Client().post(reverse("account_reset_password"), {"email": ana.email}, REMOTE_ADDR="203.0.113.9")
    refused = Client().post(reverse("account_reset_password"), {"email": ana.email}, REMOTE_ADDR="203.0.113.10")
    assert WAIT in refused.text
    client.post(reverse("account_reset_password"), {"email": ana.email}, REMOTE_ADDR="192.0.2.1")
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    answer = client.post(reverse("account_complete_password_reset"), {"password1": "another four quiet words"})
    assertRedirects(answer, reverse("account_password_reset_completed"))
    inside = log_in("192.0.2.1", ana.email, "another four quiet words", client)
    assertRedirects(inside, reverse("today"))


def asks_for_code(ip: str, address: str, client: Client | None = None) -> HttpResponse:
    form = {"email": address, "password1": PASSWORD_OF_STRANGER, "adult": "on"}
    return (client or Client()).post(reverse("account_signup"), form, REMOTE_ADDR=ip)  # type: ignore[return-value]


def test_a_sign_up_elsewhere_keeps_nobody_waiting(client: Client, ana: User) -> None:
    """Neither at the sign-up nor where an address is changed, whether there is an account or not."""
    for address in (UNKNOWN, ana.email):
        assert asks_for_code("198.18.0.7", address).status_code == 302
        assert "Wait ten seconds" in asks_for_code("198.18.0.8", address).text
        assert asks_for_code("203.0.113.9", address).status_code == 302


def test_a_log_in_that_sends_a_code_waits_as_long(client: Client, db: None) -> None:
    """Into the account of a specialist, which staff have made: its address is confirmed at the first log-in."""
    eve = User.objects.create_user("eve@example.org", PASSWORD, is_specialist=True)
    assert log_in("198.18.0.7", eve.email, PASSWORD).status_code == 302
    assert WAIT in log_in("198.18.0.8", eve.email, PASSWORD).text
    assert len(mailed()) == 1
    assert log_in("203.0.113.9", eve.email, PASSWORD).status_code == 302


def second_step(ip: str, user: User, code: str) -> HttpResponse:
    client = Client()
    log_in(ip, user.email, PASSWORD, client)
    return client.post(reverse("mfa_authenticate"), {"code": code}, REMOTE_ADDR=ip)  # type: ignore[return-value]


def test_wrong_codes_elsewhere_do_not_keep_the_owner_out(ana: User) -> None:
    """Whoever knows the password can write any number of them."""
    add_app(ana)
    for _ in range(5):
        assert "That code is not right" in second_step("198.18.0.7", ana, "BBBB-BBBB").text
    assert "Wait fifteen minutes" in second_step("198.18.0.8", ana, code_from_app()).text
    assertRedirects(second_step("203.0.113.9", ana, code_from_app()), reverse("today"), fetch_redirect_response=False)


def test_codes_of_an_account_are_few_from_all_networks_together(ana: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"second_step_anywhere": f"{FEW}/h/key"}
    add_app(ana)
    for number in range(FEW):
        assert "That code is not right" in second_step(f"198.18.{number}.7", ana, "BBBB-BBBB").text
    assert "Wait fifteen minutes" in second_step("203.0.113.9", ana, code_from_app()).text
