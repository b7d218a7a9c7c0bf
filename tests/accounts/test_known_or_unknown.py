"""Nothing tells who has an account: pages, status, headers, queries, hashes and rows written are equal."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, override

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Mail, User
from tests.accounts.factors import log_in
from tests.accounts.test_signup import SIGN_UP
from tests.html import followed
from tests.outbox import mailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]
KNOWN, UNKNOWN = "ana@example.org", "eve@example.org"
WRONG, NO_CODE = {"code": "BCDF-GHJK"}, {"code": "BCDF"}
TOKENS = re.compile(
    r"(?<=held=)[\w-]{36}"
    r"|\b[A-Za-z0-9]{64}\b|\b[A-Za-z0-9]{32}\b"  # of forms and cookies
    r"|(?<=:)\w{6}:[\w-]{43}"  # a signature with its time
    r"|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
)
WRITES = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')

type Step = tuple[str, dict[str, str] | None]


class Counting(MD5PasswordHasher):
    """Counts what Argon2 would spend its time on."""

    algorithm = "counting"
    worked_out = 0

    @override
    def encode(self, password: str, salt: Any, iterations: Any = None) -> str:
        Counting.worked_out += 1
        return super().encode(password, salt)


@dataclass(frozen=True)
class Seen:
    """What somebody can find out from one answer, and how much work it took."""

    status: int
    headers: list[tuple[str, str]]
    page: str
    queries: int
    hashes: int
    written: Counter[tuple[str, str]]


@pytest.fixture(autouse=True)
def counting(settings: Settings, fast_and_local: None) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    limits = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = limits | {"code_here": None, "login_failed_anywhere": "2/h/key"}
    yield
    cache.clear()


def walk(client: Client, address: str, steps: list[Step]) -> list[Seen]:
    cache.clear()
    return [look(client, address, name, data) for name, data in steps]


def look(client: Client, address: str, name: str, data: dict[str, str] | None) -> Seen:
    before = Counting.worked_out
    with CaptureQueriesContext(connection) as queries:
        if data is None:
            answer = client.get(reverse(name))
        else:
            answer = client.post(reverse(name), {key: value.format(address) for key, value in data.items()})
        shown = followed(answer)
    wrote = [found.groups() for query in queries if (found := WRITES.match(query["sql"]))]
    cookies = [("cookie", cookie.OutputString()) for cookie in answer.cookies.values()]
    return Seen(
        status=answer.status_code,
        headers=[(key, masked(value, address)) for key, value in [*answer.items(), *cookies]],
        page=masked(shown.text, address),
        queries=len(queries),
        hashes=Counting.worked_out - before,
        written=Counter((verb, table) for verb, table in wrote),
    )


def compare(steps: list[Step], known: list[Seen], unknown: list[Seen]) -> None:
    for step, one, other in zip(steps, known, unknown, strict=True):
        for what in Seen.__dataclass_fields__:
            assert getattr(one, what) == getattr(other, what), (step, what)


def masked(text: str, address: str) -> str:
    return TOKENS.sub("…", text.replace(address, "ADDRESS"))


CODE_PAGE, RESET_CODE = "account_email_verification_sent", "account_confirm_password_reset_code"
LOGIN_CODE = "account_confirm_login_code"


def tries(page: str) -> list[Step]:
    return [(page, None), (page, NO_CODE), (page, WRONG), (page, None), (page, WRONG), (page, WRONG), (page, None)]


def resends(page: str) -> list[Step]:
    return [(page, {"action": "resend"}), (page, None), (page, {"action": "resend"})]


WALKS: dict[str, list[Step]] = {
    "sign-up": [
        ("account_signup", None),
        ("account_signup", SIGN_UP | {"email": "{}", "adult": ""}),
        ("account_signup", SIGN_UP | {"email": "{}"}),
        *((CODE_PAGE, None), ("account_signup", None)),
        *resends(CODE_PAGE),
        *tries(CODE_PAGE),
    ],
    "reset": [("account_reset_password", None), ("account_reset_password", {"email": "{}"}), *tries(RESET_CODE)],
    "log-in": [
        ("account_login", None),
        *[("account_login", {"login": "{}", "password": "not the password"})]
        * 3,  # the third one is answered by a code
        *resends(LOGIN_CODE),
        *tries(LOGIN_CODE),
    ],
}


@pytest.mark.parametrize("name", WALKS)
def test_a_visitor_finds_no_difference(ana: User, name: str) -> None:
    known, unknown = (walk(Client(), address, WALKS[name]) for address in (KNOWN, UNKNOWN))
    compare(WALKS[name], known, unknown)
    assert all(seen.status in {200, 302} for seen in known)
    assert [mail.kind for mail in Mail.objects.filter(kind="decoy")]


def test_a_member_finds_no_difference(ana: User, ben: User) -> None:
    steps: list[Step] = [
        ("account_email", None),
        ("account_email", {"email": "{}", "action_add": ""}),
        (CODE_PAGE, None),
        *resends(CODE_PAGE),
        *tries(CODE_PAGE),
        ("account_email", None),
    ]
    seen = []
    for address in (KNOWN, UNKNOWN):
        client = Client()
        log_in(client, ben)
        seen.append(walk(client, address, steps))
    compare(steps, *seen)


def test_the_password_of_a_sign_up_does_not_tell(ana: User) -> None:
    """Until the address is confirmed, it is the password of whoever wrote the address."""
    seen = []
    steps: list[Step] = [("account_login", {"login": "{}", "password": SIGN_UP["password1"]})] * 3
    steps += tries(LOGIN_CODE)
    for address in (KNOWN, UNKNOWN):
        Client().post(reverse("account_signup"), SIGN_UP | {"email": address})
        seen.append(walk(Client(), address, steps))
    compare(steps, *seen)


def test_nobody_gets_a_mail_that_is_not_theirs(ana: User) -> None:
    """What the decoys are for: the worker drops them."""
    for name in ("reset", "log-in"):
        walk(Client(), UNKNOWN, WALKS[name])
    assert {mail.kind for mail in Mail.objects.all()} == {"decoy"}
    assert not mailed()


def test_a_known_address_is_told_once_and_nothing_is_made(ana: User) -> None:
    walk(Client(), KNOWN, WALKS["sign-up"])
    [letter] = mailed()
    assert "It already has one" in str(letter.body)
    assert User.objects.count() == 1
    assert ana.check_password("look-at-the-balance")
