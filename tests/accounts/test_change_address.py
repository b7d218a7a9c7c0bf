"""Changing to an address that somebody else has written into the sign-up form, and never confirmed."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.factors import PASSWORD, code_from_mail, log_in

pytestmark = pytest.mark.django_db
NEW = "new@example.org"
ADD = {"email": NEW, "action_add": ""}


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


def stranger_signs_up(client: Client | None = None) -> None:
    form = {"email": NEW, "password1": "four quiet ordinary words", "adult": "on"}
    (client or Client()).post(reverse("account_signup"), form, REMOTE_ADDR="198.51.100.7")


def test_an_unconfirmed_account_gives_way_to_whoever_reads_the_mail(client: Client, ana: User) -> None:
    stranger_signs_up()
    log_in(client, ana)
    client.post(reverse("account_email"), ADD)
    assert User.objects.at(NEW).get() != ana  # nothing has been shown yet
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    assert User.objects.at(NEW).get() == ana
    assert User.objects.count() == 1
    again = Client().post(reverse("account_login"), {"login": NEW, "password": PASSWORD})
    assert again.headers["Location"] == reverse("today")


def test_a_confirmed_account_keeps_its_address(client: Client, ana: User, ben: User) -> None:
    log_in(client, ana)
    client.post(reverse("account_email"), {"email": ben.email, "action_add": ""})
    assert client.get(reverse("account_email_verification_sent")).status_code == 200  # tells nothing
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_the_code_of_a_sign_up_that_gave_way_opens_nothing(client: Client, ana: User) -> None:
    stranger = Client()
    stranger_signs_up(stranger)
    code = code_from_mail()
    log_in(client, ana)
    client.post(reverse("account_email"), ADD)
    client.post(reverse("account_email_verification_sent"), {"code": code_from_mail()})
    page = stranger.post(reverse("account_email_verification_sent"), {"code": code})
    assert "That code is not right" in page.text
    assert User.objects.count() == 1
