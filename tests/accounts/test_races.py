"""Forms of an account that come twice at the same moment: one outcome, no error, and no address in any log."""

import logging
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.erasure import ask_to_close, close_account, erase_unconfirmed_accounts
from accounts.models import Consent, User
from tests.accounts.factors import PASSWORD, code_from_mail, log_in
from tests.accounts.test_signup import FIRST_PAGE, SIGN_UP
from tests.consultations.racing import at_once
from tests.html import parse
from tests.outbox import mailed

pytestmark = pytest.mark.django_db(transaction=True)
TWINS = 4
CODE_PAGE = "account_email_verification_sent"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    cache.clear()


def same(browser: Client, name: str, data: dict[str, str]) -> Callable[[], HttpResponse]:
    """This form once more, from the same browser: with the cookies it has now."""
    twin = Client(enforce_csrf_checks=True)
    twin.cookies = SimpleCookie(browser.cookies.output(header="", attrs=[]).replace("\r\n", ";"))
    return lambda: twin.post(reverse(name), data)  # type: ignore[return-value]


def send_twice(browser: Client, name: str, data: dict[str, str]) -> list[HttpResponse]:
    """A double click; afterwards the browser has the cookies of the last answer, which is all that it sees."""
    token = next(
        one for one in parse(browser.get(reverse(name)).content).iter("input") if "csrf" in one.get("name", "")
    )
    form = data | {"csrfmiddlewaretoken": token.get("value", "")}
    answers = [one for one in at_once(*[same(browser, name, form)] * TWINS) if isinstance(one, HttpResponse)]
    assert len(answers) == TWINS
    answers.append(same(browser, name, form)())  # and a late one, whose cookies are the old ones, too
    browser.cookies.update(answers[-1].cookies)
    return answers


def where(answers: list[HttpResponse]) -> set[tuple[int, str]]:
    return {(answer.status_code, answer.headers.get("Location", "")) for answer in answers}


def test_a_double_continue_signs_up_once_and_the_code_fits(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answers = send_twice(client, "account_signup", SIGN_UP)
    assert where(answers) == {(302, reverse(CODE_PAGE))}
    assert User.objects.count() == EmailAddress.objects.count() == Consent.objects.count() == len(mailed()) == 1
    answer = client.post(reverse(CODE_PAGE), {"code": code_from_mail()})
    assert (answer.status_code, answer.headers["Location"]) == (302, FIRST_PAGE)
    assert SIGN_UP["email"] not in caplog.text


def test_people_who_take_one_address_at_once_make_one_account(caplog: pytest.LogCaptureFixture) -> None:
    browsers = [Client() for _ in range(TWINS)]
    posts = [lambda browser=browser: browser.post(reverse("account_signup"), SIGN_UP) for browser in browsers]
    answers = [answer for answer in at_once(*posts) if isinstance(answer, HttpResponse)]
    assert len(answers) == TWINS
    assert all(answer.status_code in {200, 302, 429} for answer in answers)
    assert User.objects.count() == EmailAddress.objects.count() == Consent.objects.count() == 1
    assert SIGN_UP["email"] not in caplog.text


def test_a_double_click_at_the_code_page_opens_one_session(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    answers = send_twice(client, CODE_PAGE, {"code": code_from_mail()})
    assert where(answers) == {(302, FIRST_PAGE)}
    assert client.get(reverse("today")).status_code == 200
    assert UserSession.objects.count() == 1
    assert SIGN_UP["email"] not in caplog.text


@pytest.mark.parametrize("page", ["account_email_verification_sent", "account_confirm_password_reset_code"])
def test_wrong_codes_at_once_are_each_a_try(client: Client, ana: User, page: str) -> None:
    if page == CODE_PAGE:
        client.post(reverse("account_signup"), SIGN_UP)
    else:
        client.post(reverse("account_reset_password"), {"email": ana.email})
    right = code_from_mail()
    wrong = [code for code in ("BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD") if code != right]
    client.cookies["csrftoken"] = "a" * 32
    browsers = [same(client, page, {"code": code, "csrfmiddlewaretoken": "a" * 32}) for code in wrong]
    at_once(*browsers)
    client.post(reverse(page), {"code": right})
    assert client.get(reverse("today")).status_code == 302
    assert client.get(reverse("account_complete_password_reset")).status_code == 302


def test_a_double_log_in_opens_one_session(client: Client, ana: User) -> None:
    answers = send_twice(client, "account_login", {"login": ana.email, "password": PASSWORD})
    assert where(answers) == {(302, reverse("today"))}
    assert client.get(reverse("today")).status_code == 200
    assert UserSession.objects.count() == 1


def test_a_double_delete_now_deletes_once(client: Client, ana: User, caplog: pytest.LogCaptureFixture) -> None:
    log_in(client, ana)
    answers = send_twice(client, "data_delete_now", {})
    assert where(answers) == {(302, reverse("landing"))}
    assert "Your account is deleted." in client.get(reverse("landing")).text
    assert not User.objects.exists()
    assert [message.subject for message in mailed()] == ["Your account is closed"]
    assert ana.email not in caplog.text


def test_an_account_that_is_closed_in_two_places_is_closed_once(ana: User) -> None:
    now = ana.created_at
    calls = [lambda: close_account(owner=User(pk=ana.pk, email=ana.email), now=now)] * TWINS
    at_once(*calls, lambda: ask_to_close(owner=User(pk=ana.pk, email=ana.email), now=now))
    assert not User.objects.exists()
    assert [message.subject for message in mailed()].count("Your account is closed") == 1


def test_another_browser_never_gets_the_answer(client: Client, ana: User) -> None:
    form = {"login": ana.email, "password": PASSWORD}
    first = client.post(reverse("account_login"), form)
    other = Client(headers={"cookie": "csrftoken=another"})
    second = other.post(reverse("account_login"), form)
    assert first.cookies["sessionid"].value != second.cookies["sessionid"].value
    assert UserSession.objects.count() == 2


def test_an_account_that_is_confirmed_at_this_moment_stays(client: Client) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    User.objects.update(created_at="2020-01-01T00:00Z")
    now = EmailAddress.objects.get().user.created_at.replace(year=2030)
    code = {"code": code_from_mail()}
    answer, _ = at_once(lambda: client.post(reverse(CODE_PAGE), code), lambda: erase_unconfirmed_accounts(now=now))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code < 500
    assert EmailAddress.objects.filter(verified=True).count() == User.objects.count()
