"""A web process does not wait long for a lock, says so kindly, and gives the words back (`WEB_WAITS`)."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import consents
from accounts.models import Pace, Usage, User
from journal.models import Entry
from tests.accounts.factors import log_in
from tests.html import assert_valid_html
from tests.journal.test_writing import opened
from tests.reflect.production import ENVIRONMENT

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Quince and porcelain"
SHOW = """
import reflect.{}
from django.db import connection
cursor = connection.cursor()
for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
    cursor.execute(f"SHOW {{name}}")
    print(cursor.fetchone()[0])
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """New connections, which are those of other threads, wait as in a web process, only not so long."""
    waits = "-c lock_timeout=300ms -c statement_timeout=20s"
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "options", waits)


def sent(client: Client, name: str, data: dict[str, Any], follow: bool = True) -> HttpResponse:
    """From a thread, and so by a connection of its own."""

    def send() -> HttpResponse:
        try:
            return client.post(reverse(name), data, follow=follow)  # type: ignore[return-value]
        finally:
            connection.close()

    client.raise_request_exception = False
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(send).result(30)


def rows_of(ana: User) -> dict[str, QuerySet[Usage] | QuerySet[Pace]]:
    return {
        "usage": Usage.objects.filter(owner=ana),
        "rate": Pace.objects.filter(owner=ana, what="writing"),
    }


@pytest.mark.parametrize("row", ["usage", "rate"])
def test_words_come_back_from_behind_a_lock(
    client: Client, ana: User, row: str, caplog: pytest.LogCaptureFixture
) -> None:
    log_in(client, ana)
    first, second = opened(client), opened(client)
    assert client.post(reverse("entry_new"), first | {"text_0": "The first"}).status_code == 302
    with transaction.atomic():
        assert list(rows_of(ana)[row].select_for_update())
        begun = time.monotonic()
        page = sent(client, "entry_new", second | {"text_0": WORDS})
        assert time.monotonic() - begun < 10
    assert page.status_code == 503
    assert page["Retry-After"] == "10"
    assert "The site is busy at the moment." in page.text
    assert WORDS in page.text
    assert_valid_html(page.content)
    assert page.redirect_chain  # type: ignore[attr-defined]  # no page answers a POST
    assert Entry.objects.of(ana).count() == 1
    told = [(record.levelname, record.exc_info) for record in caplog.records if record.name == "django.request"]
    assert {*told} == {("WARNING", None)}
    assert sent(client, "entry_new", second | {"text_0": WORDS}).status_code == 200
    assert Entry.objects.of(ana).count() == 2


def test_a_form_without_words(client: Client, ana: User) -> None:
    log_in(client, ana)
    purpose = {"purpose": consents.CHOICES[0].purpose, "version": str(consents.CHOICES[0].version), "agree": "yes"}
    with transaction.atomic():
        consents.lock(ana)
        page = sent(client, "consents", purpose)
    assert page.status_code == 503
    assert "The site is busy at the moment." in page.text
    assert_valid_html(page.content)


def test_a_page_that_only_reads(client: Client, ana: User) -> None:
    """And a table that is locked whole, as by a migration."""
    log_in(client, ana)
    client.raise_request_exception = False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")

        def ask() -> HttpResponse:
            try:
                return client.get(reverse("today"))  # type: ignore[return-value]
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(ask).result(30).status_code == 503


def test_what_fails_otherwise_stays_an_error(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(client, ana)
    client.raise_request_exception = False
    monkeypatch.setattr("reflect.views.greeting", None)
    assert client.get(reverse("today")).status_code == 500


@pytest.mark.parametrize(("module", "shown"), [("wsgi", ["5s", "30s", "50s"]), ("settings", ["0", "0", "0"])])
def test_web_processes_alone_are_so_impatient(module: str, shown: list[str]) -> None:
    """A migration, a command or a worker takes the time that it needs."""
    host = connection.get_connection_params()
    url = f"postgres://{host['user']}@/{host['host']}/{host['dbname']}?port={host['port']}"
    environment = ENVIRONMENT | {"DATABASE_URL": url, "PATH": os.environ["PATH"], "WEB_THREADS": "4"}
    environment["DJANGO_SETTINGS_MODULE"] = "reflect.settings"
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(module)],
        cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == shown, done.stderr
