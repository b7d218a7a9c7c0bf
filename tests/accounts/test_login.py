"""Logging in and out, forgotten and changed passwords, a new address: and nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts.models import User
from accounts.sessions import MEMBERS, PROFESSIONALS
from accounts.templatetags.browsers import browser_in_words
from tests.accounts.factors import PASSWORD, code_from_mail, log_in
from tests.accounts.test_signup import FIRST_PAGE
from tests.html import assert_valid_html
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another four quiet words"
SUBJECTS = {"Confirm your address", "Your code", "Your password has changed", "Your account has changed"}


def test_help_says_when_a_session_closes(client: Client) -> None:
    minutes = [limits.idle // timedelta(minutes=1) for limits in (MEMBERS, PROFESSIONALS)]
    page = client.get(reverse("account_login")).content.decode()
    members, professionals = minutes
    assert f"after {members} minutes without activity, or after {professionals} if you are a specialist" in page


def post_login(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password})  # type: ignore[return-value]


def test_log_in_sends_no_mail_and_goes_where_it_was_asked(client: Client, ana: User) -> None:
    answer = client.post(
        reverse("account_login"), {"login": "ANA@example.org", "password": PASSWORD, "next": reverse("settings")}
    )
    assertRedirects(answer, reverse("settings"))
    assert not mailed()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "http://[", "https://[::1"])
def test_next_never_leaves_the_site(client: Client, ana: User, elsewhere: str) -> None:
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD, "next": elsewhere})
    assertRedirects(answer, reverse("today"))
    assertRedirects(client.post(reverse("account_logout"), {"next": elsewhere}), reverse("landing"))


def test_unknown_address_and_wrong_password_get_the_same_answer(client: Client, ana: User) -> None:
    answers = [post_login(client, email, "not the password") for email in (ana.email, "nobody@example.org")]
    main = [
        re.sub(r'value="[^"]*"', "", answer.content.decode().partition("<main")[2].partition("</main")[0])
        for answer in answers
    ]
    assert main[0] == main[1]
    assert "the password is not right" in main[0]
    assert_valid_html(answers[0].content)


def test_a_closed_account_says_so_only_to_who_knows_the_password(client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert "the password is not right" in post_login(client, ana.email, "wrong words here").content.decode()
    assertRedirects(post_login(client, ana.email), reverse("account_inactive"))


def test_sixth_wrong_password_is_asked_to_wait(client: Client, ana: User) -> None:
    for _ in range(5):
        post_login(client, ana.email, "not the password")
    assert "Wait five minutes" in post_login(client, ana.email).content.decode()


def test_who_logs_in_before_confirming_goes_on_by_a_new_password(client: Client) -> None:
    """The right password says nothing, as a stranger may have chosen it (`test_known_or_unknown.py`)."""
    sign_up = {"email": "eve@example.org", "password1": NEW_PASSWORD, "adult": "on"}
    client.post(reverse("account_signup"), sign_up)
    assert "the password is not right" in post_login(Client(), "eve@example.org", NEW_PASSWORD).text
    client.post(reverse("account_reset_password"), {"email": "eve@example.org"})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    client.post(reverse("account_complete_password_reset"), {"password1": NEW_PASSWORD})
    for page in (FIRST_PAGE, reverse("today")):  # how to leave is explained once, as after the code of the sign-up
        answer = post_login(Client(), "eve@example.org", NEW_PASSWORD)
        assertRedirects(answer, page, fetch_redirect_response=False)


def test_many_log_ins_from_one_place_get_a_pause_in_our_look(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [post_login(client, "nobody@example.org") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert_valid_html(answers[2].content)
    assert b"Please wait a few minutes" in answers[2].content


def test_password_is_kept_with_argon2_on_one_lane(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_sign_out_ends_the_session_and_back_shows_nothing(client: Client, ana: User) -> None:
    log_in(client, ana)
    key = client.session.session_key
    assertRedirects(client.post(reverse("account_logout")), reverse("landing"))
    assert key != client.session.session_key
    assert client.get(reverse("today")).status_code == 302


def test_forgotten_password_is_replaced_by_code(client: Client, ana: User) -> None:
    other_browser = Client()
    log_in(other_browser, ana)
    client.post(reverse("account_reset_password"), {"email": ana.email})
    assert mailed()[0].subject == "Your code"
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_from_mail()})
    answer = client.post(reverse("account_complete_password_reset"), {"password1": NEW_PASSWORD})
    assertRedirects(answer, reverse("account_password_reset_completed"))
    assert mailed()[1].subject == "Your password has changed"
    assertRedirects(post_login(client, ana.email, NEW_PASSWORD), reverse("today"))
    assert other_browser.get(reverse("today")).status_code == 302


def test_unknown_address_gets_no_mail_and_the_same_page(client: Client, ana: User) -> None:
    pages = []
    for email in (ana.email, "nobody@example.org"):
        browser = Client()
        answer = browser.post(reverse("account_reset_password"), {"email": email}, follow=True)
        html = answer.text.partition("<main")[2].replace(email, "")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html))
    assert pages[0] == pages[1]
    assert [message.to for message in mailed()] == [[ana.email]]


def test_changed_password_signs_out_everywhere(client: Client, ana: User) -> None:
    other_browser = Client()
    log_in(other_browser, ana)
    log_in(client, ana)
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}
    client.post(reverse("account_change_password"), change)
    assert mailed()[0].subject == "Your password has changed"
    for browser in (client, other_browser):
        assert browser.get(reverse("today")).status_code == 302
    assertRedirects(post_login(client, ana.email, NEW_PASSWORD), reverse("today"))


def test_new_address_holds_once_its_code_is_written(client: Client, ana: User) -> None:
    log_in(client, ana)
    client.post(reverse("account_email"), {"action_add": "", "email": "Ana.New@example.org"})
    assert mailed()[0].to == ["ana.new@example.org"]
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    ana.refresh_from_db()
    assert ana.email == "ana.new@example.org"
    assert EmailAddress.objects.get().email == "ana.new@example.org"


def test_new_address_asks_who_is_there(client: Client, ana: User) -> None:
    post_login(client, ana.email)
    answer = client.post(reverse("account_email"), {"action_add": "", "email": "eve@example.org"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not mailed()


def test_sign_out_everywhere_ends_this_session_too(client: Client, ana: User) -> None:
    other_browser = Client()
    log_in(other_browser, ana)
    log_in(client, ana)
    assert client.get(reverse("usersessions_list")).text.count("Another browser") == 1
    assertRedirects(client.post(reverse("usersessions_list"), {"everywhere": ""}), reverse("account_login"))
    for browser in (client, other_browser):
        assert browser.get(reverse("today")).status_code == 302
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("", "Another kind of browser"),
    ],
)
def test_browser_in_words(line: str, words: str) -> None:
    assert browser_in_words(line) == words


def test_every_mail_is_neutral(client: Client, ana: User, settings: Settings) -> None:
    settings.SITE_URL = "https://reflect.example"
    client.post(reverse("account_reset_password"), {"email": ana.email})
    log_in(client, ana)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    assert {message.subject for message in mailed()} <= SUBJECTS
    for message in mailed():
        assert isinstance(message, EmailMultiAlternatives)
        assert message.from_email.startswith("Reflect <")
        for body in (str(message.body), str(message.alternatives[0][0])):
            assert not re.search(r"relationship|partner|balance|journal|ana@|127\.0\.0\.1", body, re.IGNORECASE)
