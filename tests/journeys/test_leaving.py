"""Leaving quickly, coming back, and losing the connection, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from accounts.models import User
from reflect.views import EXITS
from tests.journeys.conftest import assert_accessible, assert_fits, log_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]
WEATHER = EXITS[User.ExitDestination.WEATHER]


@pytest.fixture
def visitor(new_context: Open) -> Page:
    return away(new_context())


def away(context: BrowserContext) -> Page:
    """A page for which the exit sites are stubbed, so that no test reaches the network.

    Redirects are not always intercepted, and then fail: tests assert what was requested instead.
    """
    for address in EXITS.values():
        context.route(address, lambda route: route.fulfill(body="<title>Elsewhere</title>", content_type="text/html"))
    return context.new_page()


def press_shift(page: Page, times: int = 3) -> None:
    for _press in range(times):
        page.keyboard.press("Shift")


def test_link_is_the_first_stop_after_the_header(visitor: Page) -> None:
    visitor.goto("/help-now/")
    stops = []
    for _stop in range(3):
        visitor.keyboard.press("Tab")
        stops.append(visitor.evaluate("document.activeElement.textContent.trim()"))
    assert stops == ["Skip to the main content", "Reflect", "Leave this page"]


@pytest.mark.parametrize("java_script", [True, False])
def test_link_leads_away(new_context: Open, java_script: bool) -> None:
    page = away(new_context(java_script_enabled=java_script))
    page.goto("/")
    with page.expect_request(WEATHER):
        page.get_by_role("link", name="Leave this page", exact=True).click()


def test_scrolling_sideways_with_shift_leads_nowhere(visitor: Page) -> None:
    visitor.goto("/help-now/")
    visitor.evaluate(
        """() => {
          for (const type of ["wheel", "keyup"])
            addEventListener(type, () => { document.documentElement.dataset.last = type; });
        }"""
    )
    for _ in range(3):
        visitor.keyboard.down("Shift")
        visitor.mouse.wheel(0, 40)
        expect(visitor.locator("html")).to_have_attribute("data-last", "wheel")  # the browser sends it by itself
        visitor.keyboard.up("Shift")
        expect(visitor.locator("html")).to_have_attribute("data-last", "keyup")
    expect(visitor.locator(".cover")).to_have_count(0)
    with visitor.expect_request(WEATHER):
        press_shift(visitor)


def test_shift_three_times_leads_away_and_asks_nothing(visitor: Page) -> None:
    visitor.goto("/accounts/login/")
    visitor.evaluate("addEventListener('beforeunload', (event) => event.preventDefault())")
    visitor.get_by_label("E-mail address").fill("ana")
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    visitor.on("dialog", accept)
    with visitor.expect_request(WEATHER):
        press_shift(visitor)
    assert not asked


def test_page_is_covered_at_once(visitor: Page) -> None:
    visitor.goto("/")
    on_top = visitor.evaluate(
        """() => {
          for (const type of ["keydown", "keyup", "keydown", "keyup", "keydown", "keyup"])
            dispatchEvent(new KeyboardEvent(type, { key: "Shift" }));
          return document.elementFromPoint(100, 100).className;
        }"""
    )
    assert on_top == "cover"


def test_typing_capitals_leads_nowhere(visitor: Page) -> None:
    visitor.goto("/accounts/login/")
    visitor.get_by_label("E-mail address").focus()
    for key in ["Shift+A", "Shift+B", "Shift+C", "Shift+Tab", "Shift", "Shift", "x", "Shift"]:
        visitor.keyboard.press(key)
    expect(visitor.locator(".cover")).to_have_count(0)


def test_slow_presses_lead_nowhere(visitor: Page) -> None:
    visitor.goto("/")
    press_shift(visitor, 2)
    visitor.wait_for_timeout(5100)
    press_shift(visitor, 1)
    expect(visitor.locator(".cover")).to_have_count(0)


def test_keys_can_be_switched_off_on_every_page(new_context: Open, ana: User) -> None:
    ana.exit_keys = False
    ana.save()
    page = away(new_context())
    log_in(page, ana.email)
    page.goto("/help-now/")
    press_shift(page)
    expect(page.locator(".cover")).to_have_count(0)


@pytest.mark.parametrize("way", ["leave", "sign out"])
def test_back_shows_nothing_private(new_context: Open, ana: User, way: str) -> None:
    page = away(new_context())
    log_in(page, ana.email)
    if way == "leave":
        with page.expect_request(WEATHER):
            page.get_by_role("link", name="Leave this page", exact=True).click()
        expect(page).not_to_have_url(re.compile("/today/"))
    else:
        sign_out(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_lost_connection_shows_a_calm_page(visitor: Page) -> None:
    visitor.goto("/")
    visitor.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.reload()
    visitor.context.set_offline(True)
    visitor.goto("/privacy/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("No connection")
    assert visitor.evaluate("getComputedStyle(document.body).maxInlineSize") == "640px"
    visitor.context.set_offline(False)
    visitor.get_by_role("link", name="Try again").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Privacy in plain words")


def test_browser_keeps_two_addresses_and_no_writing(new_context: Open, ana: User) -> None:
    page = away(new_context())
    log_in(page, ana.email)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => {
          const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
          const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
          return requests.map((request) => new URL(request.url).pathname);
        }"""
    )
    assert sorted(kept) == ["/offline/", "/static/css/offline.css"]
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("indexedDB.databases()") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_public_pages_are_accessible_and_fit(new_context: Open, scheme: str, width: int) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    for path in ["/", "/help-now/", "/leave-explained/", "/privacy/", "/balance/how-sure/", "/offline/", "/nowhere/"]:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
