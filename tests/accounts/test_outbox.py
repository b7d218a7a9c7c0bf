"""The outbox: nothing leaves in a request, each mail leaves once, codes first and in time, and nothing of it stays."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from time_machine import Traveller

from accounts import outbox
from accounts.mails import is_late, post_notice
from accounts.models import Mail, User
from accounts.outbox import NotTaken, post, post_each, register, send
from accounts.services import erase_account, forget_old_records
from tests.accounts.factors import PASSWORD, log_in
from tests.consultations.racing import answer
from tests.outbox import mailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)
LATE = "The e-mail seems to be delayed. You can ask for a new code."
IN_TIME = timedelta(seconds=settings.CODE_SENT_WITHIN)


@pytest.fixture
def no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server answers nobody."""

    def fail(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", fail)


def ask_for_a_code(client: Client, email: str) -> str:
    """The page that asks for the code."""
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True).text


def code_page(client: Client) -> str:
    return client.get(reverse("account_confirm_password_reset_code")).text


def kinds() -> list[str]:
    return list(Mail.objects.order_by("kind").values_list("kind", flat=True))


def test_the_job_holds_an_id_and_codes_go_first(client: Client, ana: User) -> None:
    post_notice("account/email/password_changed", ana.email, owner=ana, now=NOW)
    ask_for_a_code(client, ana.email)
    jobs = ProcrastinateJob.objects.filter(task_name=outbox.SEND, status="todo")
    assert [list(job.args) for job in jobs] == [["mail_id"]] * 2
    assert {job.queue_name for job in jobs} == {"mail"}
    assert [letter.subject for letter in mailed()] == ["Your code", "Your password has changed"]


@pytest.mark.usefixtures("no_mail_server")
def test_without_a_mail_server_every_page_answers_as_always(client: Client, ana: User) -> None:
    eve = {"email": "eve@example.org", "password1": "four quiet ordinary words", "adult": "on"}
    assert Client().post(reverse("account_signup"), eve).status_code == 302
    assert "Enter the code from your e-mail" in ask_for_a_code(Client(), ana.email)
    log_in(client, ana)
    posts: list[tuple[str, dict[str, Any]]] = [
        ("account_email", {"action_add": "", "email": "ana.new@example.org"}),
        ("account_change_password", {"oldpassword": PASSWORD, "password1": "another four quiet words"}),
    ]
    for name, data in posts:
        assert client.post(reverse(name), data).status_code == 302
    assert kinds() == ["code", "code", "code", "notice"]
    for pk in Mail.objects.values_list("pk", flat=True):
        with pytest.raises(NotTaken):
            send(pk, NOW)
    assert not Mail.objects.exclude(sent_at=None, dropped_at=None).exists()


def test_neither_address_nor_code_stands_in_clear(client: Client, ana: User) -> None:
    ask_for_a_code(client, ana.email)
    post_notice("account/email/closed", "marker@example.org", owner=None, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_mail::text FROM accounts_mail UNION ALL SELECT args::text FROM procrastinate_jobs"
        )
        stored = str(cursor.fetchall())
    [code] = re.findall(r"[A-Z]{4}-[A-Z]{4}", str(mailed()[0].body))
    for word in (code, ana.email, "marker"):
        assert word not in stored


def test_what_was_sent_or_dropped_is_emptied(ana: User) -> None:
    sent = post_notice("account/email/password_changed", ana.email, owner=ana, now=NOW)
    dropped = post_notice("account/email/password_changed", ana.email, owner=ana, now=NOW - timedelta(days=3))
    assert sent.sealed
    assert send(sent.pk, NOW)
    assert not send(dropped.pk, NOW)
    for row in (sent, dropped):
        row.refresh_from_db()
        assert row.sealed is None
    assert (sent.sent_at, dropped.dropped_at) == (NOW, NOW)
    for full in ({"sealed": "something"}, {"dropped_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mail.objects.filter(pk=sent.pk).update(**full)


def test_a_code_that_was_not_handed_over_within_eight_minutes_is_dropped(client: Client, ana: User) -> None:
    for age, goes in ((IN_TIME - MOMENT, True), (IN_TIME, False)):
        ask_for_a_code(client, ana.email)
        newest = Mail.objects.get(sent_at=None, dropped_at=None)
        assert send(newest.pk, NOW + age) is goes
        newest.refresh_from_db()
        assert newest.dropped_at == (None if goes else NOW + age)


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_the_page_for_a_code_says_when_it_may_be_late(
    client: Client, ana: User, settings: Settings, time_machine: Traveller, email: str, request: pytest.FixtureRequest
) -> None:
    """The same for an address without an account, whose decoy waits for the mail server, too."""
    settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
    assert LATE not in ask_for_a_code(client, email)
    mailed()
    time_machine.shift(IN_TIME)
    assert LATE not in code_page(client)

    request.getfixturevalue("no_mail_server")
    waiting = Client()
    ask_for_a_code(waiting, email)
    [pk] = Mail.objects.filter(sent_at=None, dropped_at=None).values_list("pk", flat=True)
    for passed in (timedelta(0), IN_TIME - MOMENT):
        time_machine.shift(passed)
        with pytest.raises((NotTaken, ConnectionRefusedError)):
            send(pk, datetime.now(UTC))
        assert LATE not in code_page(waiting)
    time_machine.shift(MOMENT)
    assert LATE in code_page(waiting)  # whether the worker has come to it or not
    assert not send(pk, datetime.now(UTC))
    assert LATE in code_page(waiting)
    assert is_late(pk, datetime.now(UTC))


def test_a_decoy_costs_what_a_code_costs(client: Client, ana: User, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
    asked = []
    for email in (ana.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask_for_a_code(Client(), email)
        mails = [query["sql"] for query in queries if re.search("accounts_mail|procrastinate", query["sql"])]
        asked.append([sql.split()[0] for sql in mails])
    assert asked[0] == asked[1] == ["INSERT", "SELECT", "SELECT"]  # the row, its job, and whether it is late
    assert kinds() == ["code", "decoy"]
    rows = Mail.objects.values_list("owner", "about", "not_after", "made_at")
    assert rows[0] == rows[1]
    assert [letter.to for letter in mailed()] == [[ana.email]]
    assert Mail.objects.get(kind="decoy").dropped_at == NOW


def test_a_mail_goes_to_the_address_that_its_owner_has_by_then(ana: User) -> None:
    ana.closes_at = NOW + timedelta(days=7)
    ana.save()
    post(ana, kind="closing", now=NOW)
    User.objects.update(email="ana.new@example.org")
    assert [letter.to for letter in mailed()] == [["ana.new@example.org"]]


def test_the_same_is_said_once_to_each_and_the_rest_may_repeat(ana: User, ben: User) -> None:
    for _ in range(2):
        post_each([ana, ben], kind="closing", once="closing:1", now=NOW)
        post(ana, kind="closing", now=NOW)
        post(None, kind="decoy", now=NOW)
    assert Mail.objects.count() == 6
    assert mailed() == []  # the jobs of rows that are there already find nothing


def test_what_is_rolled_back_leaves_nothing(ana: User) -> None:
    before = ProcrastinateJob.objects.count()
    with transaction.atomic():
        post_notice("account/email/closed", ana.email, owner=None, now=NOW)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert ProcrastinateJob.objects.count() == before


@pytest.mark.parametrize(
    "said",
    [
        SMTPRecipientsRefused({"ana@example.org": (550, b"no such person")}),
        ValueError("Invalid address 'ana@example.org'"),  # of Django, for what an earlier release stored
    ],
)
def test_what_the_mail_server_says_of_an_address_stays_out_of_the_log(
    ana: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, said: Exception
) -> None:
    def refuse(_self: EmailMessage) -> None:
        raise said

    monkeypatch.setattr(EmailMessage, "send", refuse)
    row = post_notice("account/email/closed", ana.email, owner=None, now=NOW)
    with pytest.raises(NotTaken) as raised:
        send(row.pk, NOW)
    assert caplog.messages == [f"A mail was not taken: {type(said).__name__}"]
    logging.getLogger("procrastinate").error("Failed", exc_info=raised.value)
    assert type(said).__name__ in caplog.text
    assert ana.email not in caplog.text


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        register("code", lambda _mail, _now: None)


def test_mails_are_forgotten_after_twelve_months(ana: User) -> None:
    post_notice("account/email/closed", ana.email, owner=None, now=NOW)
    forget_old_records(now=NOW.replace(year=2027))
    assert Mail.objects.exists()
    forget_old_records(now=NOW.replace(year=2027) + MOMENT)
    assert not Mail.objects.exists()


def test_mails_in_the_session_are_only_named(client: Client, ana: User) -> None:
    ask_for_a_code(client, ana.email)
    assert client.session["code_mail"] == str(Mail.objects.get().pk)
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_an_account_can_be_deleted_while_a_mail_is_being_sent(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, deleted = Event(), Event()

    def slow(_self: EmailMessage) -> None:
        begun.set()
        assert deleted.wait(30)

    monkeypatch.setattr(EmailMessage, "send", slow)
    row = post_notice("account/email/password_changed", ana.email, owner=ana, now=NOW)
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(answer, partial(send, row.pk, NOW))
        assert begun.wait(30)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            erase_account(owner=ana, now=NOW)
        deleted.set()
        assert sending.result(30)
    assert not Mail.objects.exists()
