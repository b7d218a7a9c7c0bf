"""From an address and a password to an account: the code, the statement of being an adult, the first pages."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertRedirects
from time_machine import TimeMachineFixture

from accounts import consents
from accounts.models import Consent, User
from tests.accounts.factors import code_from_mail
from tests.html import assert_valid_html, parse, text_of
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
FIRST_PAGE = "/leave-explained/?next=/today/"
SIGN_UP = {"email": "eve@example.org", "password1": "four quiet ordinary words", "adult": "on"}


def sign_up(client: Client, **changes: str) -> None:
    response = client.post(reverse("account_signup"), SIGN_UP | changes)
    assertRedirects(response, reverse("account_email_verification_sent"))


def test_sign_up_to_the_first_page(client: Client) -> None:
    sign_up(client)
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    assertRedirects(answer, FIRST_PAGE)
    assert client.get(reverse("today")).status_code == 200


@pytest.mark.parametrize("wrong_first", [False, True])
def test_next_comes_from_the_log_in_to_behind_the_explanation(client: Client, wrong_first: bool) -> None:
    page = client.get("/accounts/login/?next=/practice/start/")
    nav = [link.get("href") for link in parse(page.content).findall(".//nav//a")]
    assert "/accounts/signup/?next=%2Fpractice%2Fstart%2F" in nav
    for link in parse(page.content).findall(".//main//a[@class='back']"):
        if link.text == "Create a private account":
            page = client.get(link.attrib["href"])
    [onward] = parse(page.content).findall(".//main//form//input[@name='next']")
    if wrong_first:
        page = client.post(reverse("account_signup"), {"next": onward.attrib["value"], "adult": "on"})
        [onward] = parse(page.content).findall(".//main//form//input[@name='next']")
    sign_up(client, next=onward.attrib["value"])
    again = parse(client.get(reverse("account_email_verification_sent")).content).findall(".//input[@name='next']")
    assert "/accounts/signup/?next=/practice/start/" in [field.get("value") for field in again]
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()}, follow=True)
    assertRedirects(answer, "/leave-explained/?next=/practice/start/")
    assert "Your account is ready" in answer.text
    assert 'class="btn btn-primary" href="/practice/start/"' in answer.text


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "http://["])
def test_next_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    sign_up(client, next=elsewhere)
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    assertRedirects(answer, FIRST_PAGE)
    assert "example.com" not in client.get(reverse("leave_explained"), {"next": elsewhere}).text


def test_the_explanation_comes_once(client: Client) -> None:
    sign_up(client)
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    log_in = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
    assertRedirects(Client().post(reverse("account_login"), log_in), reverse("today"), fetch_redirect_response=False)


def test_the_explanation_at_any_other_time_speaks_of_no_new_account(client: Client) -> None:
    page = client.get(reverse("leave_explained"), {"next": "/today/"}).text
    assert "Your account is ready" not in page
    assert "How to leave quickly" in page


def test_being_an_adult_is_in_the_ledger_in_its_exact_words(client: Client) -> None:
    sign_up(client)
    line = Consent.objects.get()
    assert (line.owner.email, line.purpose, line.given) == ("eve@example.org", "adult", True)
    assert line.words_sha256 == hashlib.sha256(str(consents.ADULT.words).encode()).hexdigest()


@pytest.mark.parametrize(
    ("device", "kept"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("", "UTC"),
        ("Europe/Nowhere", "UTC"),
        ("../../etc/passwd", "UTC"),
    ],
)
def test_an_account_starts_in_the_time_zone_of_the_device(client: Client, device: str, kept: str) -> None:
    sign_up(client, timezone=device)
    assert User.objects.get().timezone == kept


def test_no_box_is_ticked_beforehand(client: Client) -> None:
    page = assert_valid_html(client.get(reverse("account_signup")).content)
    boxes = page.findall(".//input[@type='checkbox']")
    assert [box.get("name") for box in boxes] == ["adult"]
    assert "checked" not in boxes[0].attrib


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"adult": ""}, "Confirm that you are 18 or older"),
        ({"email": "nobody"}, "Write an e-mail address like name@example.org."),
        ({"email": ""}, "Write an e-mail address like name@example.org."),
        ({"password1": "too short"}, "at least 12 characters"),
        ({"password1": ""}, "Choose a password."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(client: Client, change: dict[str, str], message: str) -> None:
    answer = client.post(reverse("account_signup"), SIGN_UP | change)
    page = assert_valid_html(answer.content)
    assert message in answer.text
    assert (page.findtext(".//title") or "").startswith("Please check:")
    assert not User.objects.exists()
    assert not mailed()


def test_address_with_an_account_gets_the_same_answer_and_a_neutral_mail(client: Client, ana: User) -> None:
    sign_up(client, email=ana.email)
    assert User.objects.count() == 1
    assert mailed()[0].subject == "Confirm your address"
    assert "It already has one" in mailed()[0].body
    assert client.get(reverse("account_email_verification_sent")).status_code == 200


def test_whoever_signs_up_does_not_choose_where_the_link_leads(client: Client, ana: User, settings: Settings) -> None:
    """The Host header is theirs, with any port, and any subdomain where the site answers to several."""
    settings.ALLOWED_HOSTS = [".example.org"]
    client.post(reverse("account_signup"), SIGN_UP | {"email": ana.email}, headers={"host": "old.example.org:6666"})
    [letter] = mailed()
    assert f"{settings.SITE_URL}{reverse('account_reset_password')}" in letter.body
    assert "6666" not in letter.message().as_string()


def test_signing_up_again_and_again_fills_nobodys_mailbox(ana: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"code_here": None}
    cache.clear()
    for _ in range(5):
        sign_up(Client(), email=ana.email)
    assert len(mailed()) == 3
    cache.clear()


def test_the_code_has_three_tries(client: Client) -> None:
    sign_up(client)
    code = code_from_mail()
    for _ in range(3):
        client.post(reverse("account_email_verification_sent"), {"code": "BBBB-BBBB"})
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert client.get(reverse("today")).status_code == 302


@pytest.mark.parametrize(("seconds", "opens"), [(598, True), (601, False)])
def test_the_code_ends_after_ten_minutes(
    client: Client, time_machine: TimeMachineFixture, seconds: int, opens: bool
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    sign_up(client)
    code = code_from_mail()
    time_machine.shift(seconds)
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert (client.get(reverse("today")).status_code == 200) is opens


def test_a_new_code_can_be_asked_for(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None, "code_here": None}
    sign_up(client)
    first = code_from_mail()
    client.post(reverse("account_email_verification_sent"), {"action": "resend"})
    assert len(mailed()) == 2
    assert code_from_mail() != first


def test_a_new_code_within_ten_seconds_is_answered_on_the_same_page(client: Client) -> None:
    sign_up(client)
    first = code_from_mail()
    page = client.post(reverse("account_email_verification_sent"), {"action": "resend"}, follow=True)
    assertRedirects(page, reverse("account_email_verification_sent"))
    assert_valid_html(page.content)
    assert "A code was sent a moment ago. Wait ten seconds, then ask for a new one." in page.text
    assert len(mailed()) == 1
    answer = client.post(reverse("account_email_verification_sent"), {"code": first})  # it still holds
    assertRedirects(answer, FIRST_PAGE)


def test_a_new_code_without_an_old_one_leads_to_the_log_in(client: Client) -> None:
    answer = client.post(reverse("account_email_verification_sent"), {"action": "resend"})
    assertRedirects(answer, reverse("account_login"))


def test_a_mistyped_address_starts_again_at_the_sign_up(client: Client) -> None:
    sign_up(client, email="evve@example.org")
    page = assert_valid_html(client.get(reverse("account_email_verification_sent")).content)
    [again] = [form for form in page.iter("form") if "Start again" in text_of(form)]
    sent = {field.get("name", ""): field.get("value", "") for field in again.iter("input")}
    answer = client.post(again.get("action", ""), sent)
    assertRedirects(answer, reverse("account_signup"))
    sign_up(client)


def test_the_address_cannot_be_changed_at_the_code_page(client: Client) -> None:
    sign_up(client)
    client.post(reverse("account_email_verification_sent"), {"action": "change", "email": "adam@example.org"})
    assert User.objects.get().email == "eve@example.org"
    assert len(mailed()) == 1


def test_mails_are_neutral_in_text_and_html(client: Client) -> None:
    sign_up(client)
    message = mailed()[0]
    assert isinstance(message, EmailMultiAlternatives)
    assert message.subject == "Confirm your address"
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    parse(str(html))
    for word in ("relationship", "partner", "balance", "journal"):
        assert word not in f"{message.subject} {message.body} {html!s}".lower()
