"""What waits for one lock, and there are many, leaves half the threads of a process to everybody else."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts import consents
from accounts.models import User
from journal.models import Entry
from reflect.double_posts import one_at_a_time, turn_of
from tests.accounts.factors import log_in

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


@pytest.fixture(autouse=True)
def few_threads(settings: Settings) -> None:
    settings.WEB_THREADS = THREADS


def posted(browser: Client, name: str, data: dict[str, str]) -> Any:
    """One more request of this browser."""
    twin = Client()
    twin.cookies = SimpleCookie(browser.cookies.output(header="", attrs=[]).replace("\r\n", ";"))
    try:
        return twin.post(reverse(name), data)
    finally:
        connection.close()


def answered(futures: list[Future[Any]], most: int) -> list[Any]:
    """Those that do not wait."""
    deadline = time.monotonic() + 60
    while len(done := [one for one in futures if one.done()]) < most and time.monotonic() < deadline:
        time.sleep(0.05)
    return [one.result() for one in done]


def test_an_account_that_waits_for_its_own_lock(client: Client, ana: User, ben: User) -> None:
    """As while a large file is added."""
    log_in(client, ana)
    purpose = {"purpose": consents.CHOICES[0].purpose, "version": str(consents.CHOICES[0].version), "agree": "yes"}
    other = Client()
    log_in(other, ben)
    with ThreadPoolExecutor(THREADS + 1) as pool:
        with transaction.atomic():
            consents.lock(ana)
            posts = [pool.submit(posted, client, "consents", purpose) for _ in range(THREADS)]
            refused = answered(posts, THREADS // 2)
            assert pool.submit(posted, other, "consents", purpose).result(60).status_code == 302
        assert [one.status_code for one in refused] == [303, 303]  # leads to what a page says
        assert sorted(one.result().status_code for one in posts) == [302, 302, 303, 303]
    assert posted(client, "consents", purpose).status_code == 302


def test_words_that_find_no_room_come_back(client: Client, ana: User) -> None:
    log_in(client, ana)
    with ThreadPoolExecutor(THREADS) as pool, transaction.atomic():
        consents.lock(ana)
        purpose = {"purpose": consents.CHOICES[0].purpose, "version": str(consents.CHOICES[0].version), "agree": "yes"}
        waiting = [pool.submit(posted, client, "consents", purpose) for _ in range(THREADS)]
        answered(waiting, THREADS // 2)
        refused = client.post(reverse("entry_new"), {"closing": "Quince and porcelain"}, follow=True)
        assert "Quince and porcelain" in refused.text
        assert not Entry.objects.of(ana).exists()


def test_forms_of_one_session(client: Client) -> None:
    """Which somebody without an account can make up."""
    client.get(reverse("account_login"))
    client.cookies[project.SESSION_COOKIE_NAME] = "made-up"
    request = RequestFactory().post("/")
    request.COOKIES[project.SESSION_COOKIE_NAME] = "made-up"
    form = {"login": "ana@example.org", "password": "x"}
    with ThreadPoolExecutor(THREADS) as pool:
        with one_at_a_time(turn_of(request)):
            posts = [pool.submit(posted, client, "account_login", form) for _ in range(THREADS)]
            refused = answered(posts, THREADS // 2)
            assert [one.status_code for one in refused] == [429, 429]
        assert sorted(one.result().status_code for one in posts) == [200, 200, 429, 429]
