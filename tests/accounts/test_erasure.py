"""An account is deleted after seven days or at once, or when nobody used it; until then it can be kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from accounts.erasure import (
    announce_unused_accounts,
    ask_to_close,
    close_account,
    close_due_accounts,
    erase_unconfirmed_accounts,
    keep_account,
)
from accounts.models import DataKey, Mail, User
from accounts.outbox import send
from accounts.privacy import UNCONFIRMED, UNUSED
from accounts.sealing import CannotOpen, unseal
from accounts.tasks import close_accounts_nightly, erase_unconfirmed_accounts_hourly
from journal.models import Entry
from tests.accounts.test_export import show_again
from tests.html import assert_valid_html, text_of
from tests.journal.written import written
from tests.outbox import mailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
MOMENT = timedelta(microseconds=1)
PASSWORD = "look-at-the-balance"


@pytest.fixture
def client(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    show_again(client, ana)
    return client


def log_in(user: User) -> Client:
    """Through the form, as a person does."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def subjects() -> list[str]:
    return [str(message.subject) for message in mailed()]


def buttons_of(page: str) -> list[str]:
    return [text_of(button) for button in assert_valid_html(page).findall(".//main//button")]


def test_deleting_asks_who_it_is_and_keeps_nothing_of_what_was_sent(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    for address in (reverse("data_delete"), reverse("data_delete_now")):
        assertRedirects(client.get(address), f"{reverse('account_reauthenticate')}?next={address}")
        assertRedirects(client.post(address), address, fetch_redirect_response=False)
    assert User.objects.filter(pk=ana.pk, closes_at=None).exists()


def test_deleting_signs_out_everywhere_and_waits_seven_days(client: Client, ana: User) -> None:
    page = client.get(reverse("data_delete"))
    assert buttons_of(page.text) == ["Delete my account"]  # the other way is a link
    assert f'href="{reverse("data_delete_now")}"' in page.text
    elsewhere = log_in(ana)
    assert UserSession.objects.filter(user=ana).exists()
    response = client.post(reverse("data_delete"), follow=True)
    assertRedirects(response, reverse("landing"))
    assert "deleted in 7 days" in response.text
    for signed_out in (client, elsewhere):
        assert signed_out.get(reverse("today")).status_code == 302
        assert "_auth_user_id" not in signed_out.session
    ana.refresh_from_db()
    assert ana.asked_to_close
    assert subjects()[-1].startswith("Your account will close on ")
    assert "Otherwise" in str(mailed()[-1].body)


def test_logging_in_again_leads_to_keeping_it(ana: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    client, closing = log_in(ana), reverse("closing")
    for name in ("today", "journal", "entry_new", "settings", "data", "data_add", "data_delete"):
        assertRedirects(client.get(reverse(name)), closing)
    for name in ("guide", "help_now", "privacy"):
        assert client.get(reverse(name)).status_code == 200
    page = client.get(closing)
    assert_valid_html(page.content)
    assert "8 March 2026" in page.text
    assertRedirects(client.post(closing), reverse("today"))
    ana.refresh_from_db()
    assert ana.closes_at is None
    assertRedirects(client.get(closing), reverse("today"))


def test_while_it_closes_everything_can_be_downloaded_or_deleted_now(ana: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    client = log_in(ana)
    show_again(client, ana)
    assert client.get(reverse("data_download")).status_code == 200
    page = client.get(reverse("data_delete_now"))
    assert reverse("closing") in page.text
    client.post(reverse("data_delete_now"))
    assert not User.objects.filter(pk=ana.pk).exists()


def test_delete_now_leaves_neither_rows_nor_key(client: Client, ana: User, ben: User) -> None:
    entry = written(ana, "Of Ana.")
    written(ben, "Of Ben.")
    copied = bytes(entry.sealed)
    pk, email = ana.pk, ana.email
    assert buttons_of(client.get(reverse("data_delete_now")).text) == ["Delete now"]
    response = client.post(reverse("data_delete_now"), follow=True)
    assert "Your account is deleted." in response.text
    assert not User.objects.filter(pk=pk).exists()
    assert not DataKey.objects.filter(owner_id=pk).exists()
    assert not Entry.objects.filter(owner_id=pk).exists()
    assert "_auth_user_id" not in client.session
    assert Entry.objects.of(ben).get().content(ben).texts == ("Of Ben.",)
    again = User.objects.create_user(email, PASSWORD, pk=pk)
    for reader in (User(pk=pk), again):
        with pytest.raises(CannotOpen):
            unseal(reader, Entry.LABEL, entry.pk, copied)
    written(again)  # a new key does not open it either
    with pytest.raises(CannotOpen):
        unseal(again, Entry.LABEL, entry.pk, copied)
    assert (subjects()[-1], mailed()[-1].to) == ("Your account is closed", [email])


def test_accounts_close_when_their_seven_days_are_over_to_the_moment(ana: User, ben: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    close_due_accounts(now=NOW + timedelta(days=7) - MOMENT)
    assert User.objects.count() == 2
    close_due_accounts(now=NOW + timedelta(days=7))
    assert User.objects.get() == ben


def test_the_mail_that_an_account_is_closed_outlives_it(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda _self: 1 / 0)
        close_account(owner=ana, now=NOW)
        with pytest.raises(ZeroDivisionError):
            mailed()
    assert not User.objects.exists()
    mail_id = Mail.objects.get(sent_at=None).pk
    assert send(mail_id, NOW + timedelta(days=2))
    [message] = mailed()
    assert (message.subject, message.to) == ("Your account is closed", ["ana@example.org"])


def test_the_notice_of_a_closing_is_not_sent_once_the_account_is_kept(ana: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    keep_account(owner=ana)
    assert mailed() == []
    assert Mail.objects.get().dropped_at == NOW


def last_used(user: User, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(last_login=at)


def test_unused_accounts_get_two_notices_and_close_after_24_months(ana: User, ben: User) -> None:
    def night(now: datetime) -> list[str]:
        mail.outbox.clear()
        close_due_accounts(now=now)
        announce_unused_accounts(now=now)
        with time_machine.travel(now, tick=False):
            return subjects()

    closes = NOW + timedelta(days=30)
    last_used(ana, UNUSED.cutoff(closes))
    last_used(ben, UNUSED.cutoff(closes) + timedelta(days=365))
    assert night(NOW - MOMENT) == []
    assert night(NOW) == ["Your account will close on 31 March 2026"]
    assert night(NOW) == []
    assert night(closes - timedelta(days=7) - MOMENT) == []
    assert night(closes - timedelta(days=7)) == ["Your account will close on 31 March 2026"]
    assert night(closes - timedelta(days=7)) == []
    assert night(closes - MOMENT) == []
    assert night(closes) == ["Your account is closed"]
    assert User.objects.get() == ben


def test_an_account_that_never_logged_in_counts_from_its_beginning(ana: User) -> None:
    User.objects.update(created_at=UNUSED.cutoff(NOW), last_login=None)
    announce_unused_accounts(now=NOW)
    ana.refresh_from_db()
    assert ana.closes_at == NOW + timedelta(days=30)  # late, never without its notices


def test_logging_in_keeps_an_unused_account(ana: User) -> None:
    last_used(ana, UNUSED.cutoff(NOW))
    announce_unused_accounts(now=NOW)
    client = log_in(ana)
    assert client.get(reverse("today")).status_code == 200
    ana.refresh_from_db()
    assert (ana.closes_at, ana.closing_notices) == (None, 0)


def test_logging_in_does_not_keep_an_account_whose_owner_asked(ana: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    user_logged_in.send(User, request=None, user=ana)
    ana.refresh_from_db()
    assert ana.closes_at == NOW + timedelta(days=7)


def test_asking_goes_before_a_notice(ana: User) -> None:
    last_used(ana, UNUSED.cutoff(NOW))
    announce_unused_accounts(now=NOW)
    ana.refresh_from_db()
    ask_to_close(owner=ana, now=NOW)
    assert ana.asked_to_close
    announce_unused_accounts(now=NOW + timedelta(days=1))
    ana.refresh_from_db()
    assert ana.closes_at == NOW + timedelta(days=7)


def test_the_nightly_job_closes_and_announces(ana: User, ben: User) -> None:
    ask_to_close(owner=ana, now=datetime(2020, 1, 1, tzinfo=UTC))
    last_used(ben, datetime(2020, 1, 1, tzinfo=UTC))
    close_accounts_nightly(timestamp=0)
    assert User.objects.get().closing_notices == 1


def test_a_notice_without_a_closing_is_impossible(ana: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.update(closing_notices=1)


def test_no_session_row_is_left(ana: User) -> None:
    log_in(ana)
    ask_to_close(owner=ana, now=NOW)
    assert not Session.objects.exists()


def unconfirmed(email: str, made: datetime, **changes: bool) -> User:
    user = User.objects.create_user(email, PASSWORD, created_at=made, **changes)
    EmailAddress.objects.create(user=user, email=email, primary=True)
    return user


def test_an_unconfirmed_account_goes_after_24_hours_without_a_mail() -> None:
    last = NOW - timedelta(hours=24)
    unconfirmed("gone@example.org", last)
    waits = unconfirmed("waits@example.org", last + MOMENT)
    erase_unconfirmed_accounts_hourly(timestamp=0)
    assert [*User.objects.all()] == [waits]
    assert not mailed()
    assert UNCONFIRMED.cutoff(NOW) == last


def test_accounts_that_somebody_uses_or_staff_made_are_not_unconfirmed(ana: User) -> None:
    old = NOW - timedelta(days=3)
    User.objects.filter(pk=ana.pk).update(created_at=old)
    User.objects.create_superuser("root@example.org", PASSWORD, created_at=old)
    unconfirmed("staff@example.org", old, is_staff=True)
    unconfirmed("specialist@example.org", old, is_specialist=True)
    changing = unconfirmed("changing@example.org", old)
    User.objects.filter(pk=changing.pk).update(last_login=old)
    erase_unconfirmed_accounts(now=NOW)
    assert User.objects.count() == 5
