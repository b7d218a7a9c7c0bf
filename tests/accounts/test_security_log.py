"""The security log: what is written, and what never is."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts import recovery_codes
from accounts.models import User
from accounts.security_log import SIGNALS, Event
from tests.accounts import factors
from tests.accounts.factors import PASSWORD, code_from_app, code_from_mail, log_in
from tests.conftest import AsUser, show_second_factor

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another four quiet words"
HERE = "198.51.100.77"


class Lines:
    """What has been logged since it was last asked."""

    def __init__(self) -> None:
        self.stream = StringIO()

    def new(self) -> list[dict[str, Any]]:
        text = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return [json.loads(line) for line in text.splitlines()]

    def events(self) -> list[str]:
        return [line["event"] for line in self.new()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log as its own handler formats it."""
    written, logger = Lines(), logging.getLogger("reflect.security")
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def test_a_session_that_another_one_ends_is_named(client: Client, ana: User, lines: Lines) -> None:
    there = Client()
    for browser in (there, client):
        browser.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    started, _here = (line for line in lines.new() if line["event"] == Event.LOG_IN)
    record = UserSession.objects.get(session_key__startswith=started["session"])
    client.post(reverse("usersessions_list"), {"session": record.pk})
    (ended,) = lines.new()
    assert ended["event"] == Event.SESSION_ENDED
    assert (ended["account"], ended["ended"]) == (str(ana.pk), started["session"])
    assert ended["session"] != ended["ended"]


def test_a_log_in_names_account_session_and_network(client: Client, ana: User, lines: Lines) -> None:
    before = datetime.now(UTC)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD}, REMOTE_ADDR=HERE)
    [line] = lines.new()
    assert line["event"] == Event.LOG_IN
    assert line["account"] == str(ana.pk)
    assert line["ways"] == "password"
    assert line["network"] == "198.51.100.0/24"
    assert before <= datetime.fromisoformat(line["at"]).replace(microsecond=999_999)
    assert line["at"].endswith("+00:00")
    assert len(line["session"]) == 16
    assert line["session"] not in str(client.session.session_key)
    client.post(reverse("account_logout"), REMOTE_ADDR=HERE)
    [end] = lines.new()
    assert end["event"] == Event.SESSION_ENDED
    assert end["session"] == line["session"]


@pytest.mark.parametrize(
    ("ip", "network"), [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("127.0.0.1", "127.0.0.0/24")]
)
def test_a_network_is_shortened(client: Client, ana: User, lines: Lines, ip: str, network: str) -> None:
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD}, REMOTE_ADDR=ip)
    assert [line["network"] for line in lines.new()] == [network]


def test_a_failure_does_not_say_for_whom(client: Client, ana: User, lines: Lines) -> None:
    for email in (ana.email, "nobody@example.org"):
        client.post(reverse("account_login"), {"login": email, "password": "QuincePorcelain"})
    known, unknown = lines.new()
    assert known["event"] == Event.LOG_IN_FAILED
    assert {key: known[key] for key in known if key != "at"} == {key: unknown[key] for key in unknown if key != "at"}


def test_codes_that_do_not_fit(client: Client, ana: User, lines: Lines) -> None:
    client.post(reverse("account_reset_password"), {"email": ana.email})
    code = code_from_mail()
    client.post(reverse("account_confirm_password_reset_code"), {"code": "BCDF-GHJK"})
    assert lines.events() == [Event.CODE_SENT, Event.CODE_REJECTED]
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(reverse("account_complete_password_reset"), {"password1": NEW_PASSWORD})
    assert Event.PASSWORD_RESET in lines.events()


def test_factors(client: Client, ana: User, lines: Lines) -> None:
    factors.add_app(ana)
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert lines.events() == [Event.FACTOR_REJECTED]
    client.post(reverse("mfa_authenticate"), {"code": code_from_app()})
    [line] = lines.new()
    assert (line["event"], line["ways"]) == (Event.LOG_IN, "password totp")
    (code, *_) = recovery_codes.make(ana)
    client.post(reverse("mfa_reauthenticate"), {"code": code})
    [line] = lines.new()
    assert (line["event"], line["account"], line["ways"]) == (Event.REAUTHENTICATED, str(ana.pk), "recovery_codes")
    client.post(reverse("mfa_deactivate_totp"))
    assert Event.FACTOR_REMOVED in lines.events()


def test_a_changed_password(client: Client, ana: User, lines: Lines) -> None:
    log_in(client, ana)
    lines.new()
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    assert Event.PASSWORD_CHANGED in lines.events()


def test_an_export_and_the_end_of_an_account(client: Client, ana: User, lines: Lines) -> None:
    log_in(client, ana)
    lines.new()
    assert b"".join(client.post(reverse("data_download")))
    assert lines.events() == [Event.EXPORTED]
    client.post(reverse("data_delete_now"))
    ended = lines.new()
    assert Event.ERASED in [line["event"] for line in ended]
    assert {line["account"] for line in ended} == {str(ana.pk)}


def test_what_staff_do(as_user: AsUser, dana: User, ana: User, lines: Lines) -> None:
    client = as_user(dana)
    show_second_factor(client, dana, again=True)
    client.post(reverse("admin:accounts_user_confirm", args=[ana.pk, "shut-out"]))
    [line] = [line for line in lines.new() if line["event"] == Event.ADMIN_ACTION]
    assert line["account"] == str(dana.pk)
    assert (line["model"], line["row"]) == ("accounts.user", str(ana.pk))


def test_what_is_denied(as_user: AsUser, cole: User, lines: Lines) -> None:
    client = as_user(cole)
    lines.new()
    client.get(reverse("admin:login"))
    [line] = lines.new()
    assert line["event"] == Event.DENIED
    assert (line["account"], line["page"]) == (str(cole.pk), "admin:login")


def test_a_denied_post_without_a_token_is_logged_without_asking_who(ana: User, lines: Lines) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("account_login"), {"login": ana.email}).status_code == 403
    assert lines.events() == [Event.DENIED]


def test_no_line_holds_an_address_or_a_word(client: Client, ana: User, lines: Lines) -> None:
    client.post(reverse("account_login"), {"login": ana.email, "password": "QuincePorcelain"}, REMOTE_ADDR=HERE)
    log_in(client, ana)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "QuincePorcelain words"})
    client.post(reverse("data_delete"))
    text = lines.stream.getvalue()
    assert text.count("\n") > 3
    for hidden in ("ana@", "example.org", "QuincePorcelain", "198.51.100.77"):
        assert hidden not in text


def test_every_event_has_its_own_name() -> None:
    assert set(SIGNALS.values()) < set(Event)
    assert len({*Event}) == len(Event)
