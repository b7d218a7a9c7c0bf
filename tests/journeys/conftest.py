"""A real Chromium against a live server."""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from random import uniform
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

# Playwright runs an event loop in the tests' thread, where Django would refuse database queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "look-at-the-balance"
LANDING = re.compile(r"\d/$")  # the port, and no path
# Without "preload": axe would ask for each `@import` of our stylesheet again, and at an address below the page's own,
# where the administration answers "no longer here" and takes the next page's message. No rule that we run needs it.
AXE = {"resultTypes": ["violations"], "preload": False}
PATIENCE = 30_000  # milliseconds: a page that is right is not called wrong because the machine was busy
SLOWER = 4  # times, with `--slow-pages`
AHEAD = 60  # seconds: a clock stops at a time to come, and a slow machine may be late to say so
expect.set_options(timeout=PATIENCE)
under_way: list[str] = []  # the addresses that the server is answering now


@pytest.fixture(scope="session", autouse=True)
def slow_pages(pytestconfig: pytest.Config) -> Iterator[int]:
    """With `--slow-pages`, requests reach the application late and answers the browser: what does not wait is seen."""
    most: int = pytestconfig.getoption("slow_pages")
    answer = WSGIHandler.__call__

    def late(handler: WSGIHandler, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        under_way.append(path)
        try:
            time.sleep(uniform(0, most) / 2000)
            response = answer(handler, environ, start_response)
            time.sleep(uniform(0, most) / 2000)
            return response
        finally:
            under_way.remove(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", late)
        if most:
            expect.set_options(timeout=PATIENCE * SLOWER)
        yield most


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer, slow_pages: int) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a separate browser context: `new_context(java_script_enabled=False, color_scheme="dark")`."""
    cache.clear()  # the rate limits of logging in, which would otherwise add up over the tests
    contexts: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        if slow_pages:
            context.set_default_timeout(PATIENCE * SLOWER)
            context.on("page", slow_down)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    wait_for_last_words()


def slow_down(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def wait_for_last_words() -> None:
    """A closed page may still be sending: wait for all answers and transactions before the tables are truncated."""
    quiet = 0
    while quiet < 3:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            quiet = 0 if under_way or cursor.fetchone()[0] else quiet + 1
        time.sleep(0.05)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lands_on(email))


def lands_on(email: str) -> str:
    """Where a log-in leads: specialists to their week, others to Today."""
    is_specialist = User.objects.filter(email=email, is_specialist=True).exists()
    return "**/practice/" if is_specialist else "**/today/"


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(LANDING)


@contextlib.contextmanager
def time_held(page: Page) -> Iterator[None]:
    """Stop the page's installed clock, which then runs only as the test lets it, however slow the machine is."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + AHEAD)
    yield
    page.clock.resume()


def looked_at[T](page: Page, look: Callable[[], T]) -> T:
    """What `look` finds on a whole page: after a click it may have begun on one that was about to be replaced."""
    for _replaced in range(2):
        page.wait_for_load_state()
        with contextlib.suppress(Error):
            return look()
    page.wait_for_load_state()
    return look()


def assert_accessible(page: Page) -> None:
    """axe finds no violation on the page as it is now."""
    found = looked_at(page, lambda: Axe().run(page, options=AXE))
    problems = [
        f"{violation['id']}: {node['html']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    assert not problems, f"{page.url}\n" + "\n".join(problems)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert looked_at(page, lambda: page.evaluate(fits)), page.url
