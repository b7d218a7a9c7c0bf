"""A code is read however it was pasted, and what cannot be one costs no try."""

import pytest
from allauth.core.internal.cryptokit import generate_user_code
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts.codes import can_be_code, plain
from accounts.models import User
from accounts.services import erase_account
from tests.accounts.factors import add_app, code_from_app, code_from_mail, log_in
from tests.accounts.test_signup import FIRST_PAGE, sign_up
from tests.html import assert_valid_html, text_of

pytestmark = pytest.mark.django_db
PASTED = [
    "{0}-{1}", "{0}{1}", " {0} {1} ", "{0}\u2013{1}", "{0}\u2011{1}", "{0}\u2010{1}", "{0}\u2212{1}", "{0}\u00a0{1}",
    "\u200b{0}\u200d-\ufeff{1}\u2060", "{0}\u00ad-{1}", "{0}\u2014{1}\n", "{0}\u034f{1}\ufe0f",
]  # fmt: skip
NO_CODES = ["", "BCDF-GHJ", "BCDF-GHJK-L", "BCDF-GHJA", "1234-5678", "a code", "\u15f7CDF-GHJK"]
WIDE = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})
SAID = "A code has eight letters, like BCDF-GHJK. Please check it."


def test_what_is_sent_can_be_read() -> None:
    codes = [generate_user_code() for _ in range(200)]
    assert all(can_be_code(code) and can_be_code(code.lower()) and can_be_code(code.translate(WIDE)) for code in codes)


@pytest.mark.parametrize("pasted", PASTED)
def test_a_code_is_read_however_it_was_pasted(client: Client, pasted: str) -> None:
    sign_up(client)
    code = pasted.format(*code_from_mail().split("-"))
    answer = client.post(reverse("account_email_verification_sent"), {"code": code})
    assertRedirects(answer, FIRST_PAGE)


def test_back_on_the_page_of_a_code_that_was_entered_leads_to_today(client: Client) -> None:
    sign_up(client)
    here = reverse("account_email_verification_sent")
    client.post(here, {"code": code_from_mail()})
    assertRedirects(client.get(here), reverse("today"))
    assertRedirects(client.post(here, {"code": "BCDF-GHJK"}), reverse("today"))
    assertRedirects(Client().get(here), reverse("account_login"))


@pytest.mark.parametrize(
    "change", [lambda code: code.lower(), lambda code: code.translate(WIDE)], ids=["lower", "wide"]
)
def test_letters_of_another_size_are_read(client: Client, ana: User, change: object) -> None:
    assert callable(change)
    client.post(reverse("account_reset_password"), {"email": ana.email})
    answer = client.post(reverse("account_confirm_password_reset_code"), {"code": change(code_from_mail())})
    assertRedirects(answer, reverse("account_complete_password_reset"))


def test_a_code_from_the_app_is_read_in_wide_digits(client: Client, ana: User) -> None:
    log_in(client, ana)
    client.post(reverse("account_logout"))
    add_app(ana)
    log_in(client, ana)
    code = code_from_app()
    pasted = f"\u200b{code[:3]}\u00a0{code[3:]}".translate(WIDE)
    assertRedirects(client.post(reverse("mfa_authenticate"), {"code": pasted}), reverse("today"))
    assert plain(pasted) == code


@pytest.mark.parametrize("written", NO_CODES)
def test_what_cannot_be_a_code_costs_no_try(client: Client, written: str) -> None:
    sign_up(client)
    code = code_from_mail()
    here = reverse("account_email_verification_sent")
    for _ in range(4):
        answer = client.post(here, {"code": written})
        page = assert_valid_html(answer.content)
        [error] = [text_of(one) for one in page.iter() if one.get("id") == "id_code_error"]
        assert error == (SAID if written else "Enter the code.")
        assert [one.get("value", "") for one in page.iter("input") if one.get("name") == "code"] == [written]
    assertRedirects(client.post(here, {"code": code}), FIRST_PAGE)


def test_a_reset_code_that_cannot_be_one_costs_no_try_and_three_wrong_ones_end_it(client: Client, ana: User) -> None:
    client.post(reverse("account_reset_password"), {"email": ana.email})
    here = reverse("account_confirm_password_reset_code")
    assert f'href="{reverse("account_reset_password")}">Ask for a new code' in client.get(here).text
    for _ in range(4):
        assert SAID in client.post(here, {"code": "BCDF"}).text
    for _ in range(2):
        assert "That code is not right" in client.post(here, {"code": "BCDF-GHJK"}).text
    answer = client.post(here, {"code": "BCDF-GHJK"}, follow=True)
    assertRedirects(answer, reverse("account_login"))
    assert "That was the last try" in answer.text
    assert "Wait five minutes" not in answer.text  # nobody has to


def test_a_code_of_an_account_that_is_gone_does_not_fit(client: Client) -> None:
    sign_up(client)
    code = code_from_mail()
    erase_account(owner=User.objects.get(), now=timezone.now())
    answer = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert answer.status_code == 200
    assert "That code is not right" in answer.text
