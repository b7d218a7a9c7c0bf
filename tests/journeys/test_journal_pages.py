"""The reading pages of the journal: in both colour schemes, narrow and wide, by keyboard, and on paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from journal import services
from journal.content import Content
from journal.services import Write
from tests.html import assert_valid_html
from tests.journal.written import written
from tests.journeys.conftest import assert_accessible, assert_fits, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

ASKED = Content(
    prompt="balance-1",
    theme="balance",
    question="What did I give?",
    steps=("Things.", "More."),
    texts=("Tea.", "Cake."),
)


@pytest.fixture
def addresses(ana: User) -> list[str]:
    """URLs for Ana's entries: one pinned with two revisions, an older answer to the same prompt, one in the bin."""
    now = timezone.now()
    written(ana, content=replace(ASKED, texts=("Milk.", "")), at=now - timedelta(days=40))
    entry = written(ana, content=replace(ASKED, tags=("ours",), feelings=("calm",), closing="Ask."), at=now)
    write = Write(content=ASKED, base_revision=1, pinned=True)
    services.save_entry(owner=ana, entry_id=entry.pk, write=write, now=now)
    services.bin_entry(owner=ana, entry_id=written(ana, "Away.\nWith a second line.", at=now).pk, now=now)
    first, second = entry.revisions.kept()
    parts = ("", "write/", "then/", "delete/", "revisions/", f"revisions/{first.pk}/")
    compare = f"revisions/?first={first.pk}&second={second.pk}"
    ours = [f"/journal/{entry.pk}/{part}" for part in (*parts, compare)]
    return ["/journal/", f"/journal/?day={timezone.localdate()}", "/journal/search/", "/journal/bin/", *ours]


@pytest.fixture(params=["light", "dark"])
def page(new_context: NewContext, ana: User, request: pytest.FixtureRequest) -> Page:
    page = new_context(color_scheme=request.param).new_page()
    log_in(page, ana.email)
    return page


def look_through(page: Page, words: str) -> None:
    page.goto("/journal/")
    page.get_by_label("Search your entries").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()


def test_pages_are_accessible_valid_and_fit(page: Page, addresses: list[str]) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
            assert_fits(page)
            assert_valid_html(page.request.get(address).body())
        look_through(page, "cake")
        expect(page.locator("mark")).to_have_text("Cake")
        assert_accessible(page)
        assert_fits(page)


def test_an_error_that_quotes_a_long_tag_fits(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto("/journal/new/")
    page.get_by_text("Feelings, tags and date").click()
    page.get_by_label("Your own tags").fill("t" * 70)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_fits(page)


def test_paper_shows_the_entry_alone(new_context: NewContext, ana: User, addresses: list[str]) -> None:
    page = new_context().new_page()
    log_in(page, ana.email)
    for address in addresses[4], addresses[6]:
        page.goto(address)
        page.emulate_media(media="print")
        expect(page.get_by_text("Cake.", exact=True)).to_be_visible()
        for part in ("nav", ".exit", ".site-footer", "form", ".btn"):
            assert not any(found.is_visible() for found in page.locator(part).all()), part
        page.emulate_media(media="screen")


def test_calendar_list_and_comparison_by_keyboard(new_context: NewContext, ana: User, addresses: list[str]) -> None:
    page = new_context().new_page()
    log_in(page, ana.email)
    page.goto("/journal/")
    page.locator("table.calendar a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/journal/?day=*")
    page.goto(addresses[8])
    page.get_by_role("radio").nth(0).focus()
    page.keyboard.press("Space")
    page.get_by_role("radio").nth(3).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
