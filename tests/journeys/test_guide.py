"""The guide in a real browser: read, turned, shared, printed, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from guide import themes
from guide.models import Prompt
from tests.journeys.conftest import assert_accessible, assert_fits, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]


@pytest.mark.parametrize("java_script", [True, False])
def test_visitor_reads_from_the_first_page_to_the_last(new_context: Open, java_script: bool) -> None:
    page = new_context(java_script_enabled=java_script).new_page()
    page.goto("/")
    page.get_by_role("link", name="Read the guide first").click()
    page.get_by_role("link", name="Giving and receiving: what balance means").click()
    for number in range(1, len(themes.KEYS) + 1):
        expect(page).to_have_title(f"Guide {number} of 10 | Reflect")
        expect(page.get_by_role("link", name="Send this chapter by e-mail")).to_be_visible()
        if number < len(themes.KEYS):
            page.locator("a[rel=next]").click()
    expect(page.locator("a[rel=next]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_guide_is_accessible_and_fits(new_context: Open, ana: User, scheme: str, width: int) -> None:
    Prompt.objects.create(key="balance-1", theme="balance", title="What reached me this week?", why="-", minutes=5)
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    for path in ["/guide/", "/guide/balance/", "/guide/real-connection/"]:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    log_in(page, ana.email)
    page.goto("/guide/balance/")
    expect(page.get_by_role("heading", name="Questions on this topic")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


def test_link_is_copied_without_what_led_there(new_context: Open, live_server: LiveServer) -> None:
    page = new_context(permissions=["clipboard-write"]).new_page()
    page.goto("/guide/pressure/?from=somewhere")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status")).to_have_text("The link has been copied.")
    page.goto("/accounts/login/")
    field = page.locator("#id_login")
    field.press("Control+V")  # pages of ours may not read the clipboard
    expect(field).to_have_value(f"{live_server.url}/guide/pressure/")


def test_refused_copy_is_said(page: Page) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.goto("/guide/pressure/")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status")).to_contain_text("could not be copied")


def test_share_sheet_is_offered_where_there_is_one(page: Page, live_server: LiveServer) -> None:
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.reject(new Error()); }")
    page.goto("/guide/pressure/")
    page.get_by_role("button", name="Share this chapter").click()
    assert page.evaluate("window.shared") == {"url": f"{live_server.url}/guide/pressure/"}


def test_nothing_is_offered_that_the_browser_cannot_do(new_context: Open) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto("/guide/pressure/")
    expect(plain.get_by_role("button")).to_have_count(0)


def test_chapter_is_printed_as_text_alone(page: Page) -> None:
    page.goto("/guide/balance/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Be careful")).to_be_visible()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    for hidden in [page.locator("a[rel=next]"), page.locator(".nav"), page.locator("[data-share]")]:
        expect(hidden).to_be_hidden()


def test_nobody_else_is_asked_and_nothing_moves(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/guide/balance/", wait_until="networkidle")
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    moved = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(
             list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
           )).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 300))"""
    )
    assert moved == 0
