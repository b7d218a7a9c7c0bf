"""Writing in a real browser: no words are lost, and nobody else sees them."""

import gzip
import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect
from pytest_django import Settings

from accounts.models import Pace, User
from journal.models import Entry, Revision
from tests.journeys.conftest import LANDING, PASSWORD, assert_accessible, assert_fits, log_in, sign_out, time_held
from tests.journeys.test_leaving import WEATHER, away, press_shift
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

DRAFTS = "**/journal/draft/"
NO_CONNECTION = "Not saved: no connection. Keep this page open."
SIGNED_OUT = "You\u2019re signed out. Your words are still here."
# Milliseconds, as in `static/js/draft-machine.js` and `leave.js`: after the last key, between two drafts, between tries
# while nobody is logged in, between tries at most; and for the last words.
PAUSE, APART, UNSURE, MINUTE, LAST_WORDS = 1_500, 10_000, 30_000, 60_000, 300


@pytest.fixture
def page(new_context: NewContext, ana: User) -> Page:
    """Ana's browser, logged in, with the form of a new entry open."""
    page = away(new_context())
    page.clock.install()
    log_in(page, ana.email)
    page.goto("/journal/new/")
    return page


def area(page: Page) -> Locator:
    return page.locator("textarea").first


def status(page: Page) -> Locator:
    return page.locator("[data-draft-status]")


def write(page: Page, words: str) -> None:
    area(page).press("ControlOrMeta+End")
    area(page).press_sequentially(words)


def saved(page: Page, words: str) -> None:
    """Write, and wait until it is saved, all at once."""
    with time_held(page):
        write(page, words)
        with page.expect_response(DRAFTS) as response:
            page.clock.fast_forward(APART)
    assert response.value.ok
    expect(status(page)).to_contain_text("Saved ")


def text(owner: User) -> str:
    return Entry.objects.get().content(owner).texts[0]


def test_draft_is_saved_while_writing(page: Page, ana: User) -> None:
    with time_held(page):
        write(page, "I waited all afternoon")
        page.clock.run_for(PAUSE - 1)
        expect(status(page)).to_have_text("")
        assert not Entry.objects.exists()  # opening the form stores nothing
        page.clock.run_for(1)
        expect(status(page)).to_contain_text("Saved ")
        assert text(ana) == "I waited all afternoon"
        write(page, " to be asked.")
        page.clock.run_for(APART - 1)
        assert text(ana) == "I waited all afternoon"  # drafts are ten seconds apart
        with page.expect_response(DRAFTS):
            page.clock.run_for(1)
    expect(status(page)).to_contain_text("Saved ")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/journal/*-*/")
    assert text(ana) == "I waited all afternoon to be asked."


def test_words_from_before_the_script_was_there_are_saved(page: Page, ana: User) -> None:
    held: list[Route] = []
    page.route("**/draft.*", lambda route: held.append(route))
    page.goto("/journal/new/", wait_until="commit")
    area(page).fill("Typed on a slow line.")
    expect(area(page)).to_be_focused()
    for route in held:
        route.continue_()
    page.clock.fast_forward(APART)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "Typed on a slow line."


def test_session_ends_while_writing_and_log_in_in_another_tab(page: Page, ana: User) -> None:
    saved(page, "One")
    Session.objects.all().delete()
    write(page, " two")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text(SIGNED_OUT)
    assert_accessible(page)
    write(page, " three")
    with page.context.expect_page() as opened:
        page.locator(".draft-status").get_by_role("link", name="Log in to save them").click()
    other = opened.value
    log_in(other, ana.email)
    page.bring_to_front()
    page.clock.fast_forward(UNSURE)  # it looks again by itself
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One two three"
    write(page, " four")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/journal/*-*/")
    assert text(ana) == "One two three four"
    assert not Revision.objects.beside().exists()


def test_page_goes_on_by_itself_after_a_log_in_by_keyboard(page: Page, ana: User) -> None:
    Session.objects.all().delete()
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text(SIGNED_OUT)
    link = page.locator(".draft-status").get_by_role("link", name="Log in to save them")
    for _stop in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    other = opened.value
    other.get_by_label("E-mail address").press_sequentially(ana.email)
    other.keyboard.press("Tab")
    other.keyboard.type(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/today/")
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # a headless browser sends no focus event
    expect(status(page)).to_contain_text("Saved ")
    expect(page.locator("section[data-panel=out]")).to_be_hidden()
    assert text(ana) == "One"


def test_page_goes_on_by_itself_after_a_log_in_even_if_nobody_looks(page: Page, ana: User) -> None:
    Session.objects.all().delete()
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text(SIGNED_OUT)
    log_in(page.context.new_page(), ana.email)
    page.clock.fast_forward(UNSURE)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One"


def test_save_after_the_session_ended_stays_on_the_page(page: Page, ana: User) -> None:
    Session.objects.all().delete()
    write(page, "One")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(status(page)).to_have_text(SIGNED_OUT)
    expect(area(page)).to_have_value("One")
    log_in(page.context.new_page(), ana.email)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/journal/*-*/")
    assert text(ana) == "One"


def test_another_person_logs_in_and_nothing_is_sent(page: Page, ana: User, ben: User) -> None:
    saved(page, "One")
    Session.objects.all().delete()
    sent: list[str] = []
    other = page.context.new_page()
    with time_held(page):  # or the page looks again by itself, and the button is gone
        write(page, " two")
        page.clock.fast_forward(APART)
        expect(status(page)).to_have_text(SIGNED_OUT)
        log_in(other, ben.email)
        page.bring_to_front()
        page.on("request", lambda request: sent.append(request.method))
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="Someone else is logged in here.")).to_be_visible()
    expect(area(page)).to_be_hidden()
    assert_accessible(page)
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(500)
    assert set(sent) == {"GET"}
    assert text(ana) == "One"
    assert not Entry.objects.filter(owner=ben).exists()

    with time_held(page):
        sign_out(other)
        log_in(other, ana.email)
        page.get_by_role("button", name="Try again").click()
    expect(area(page)).to_have_value("One two")
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One two"


def test_another_person_is_noticed_when_the_page_is_looked_at_again(page: Page, ben: User) -> None:
    """Returning to the tab is enough; no draft has to fail first."""
    saved(page, "One")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    other = page.context.new_page()
    other.goto("/today/")
    sign_out(other)
    log_in(other, ben.email)
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(area(page)).to_be_hidden()
    assert set(sent) == {"GET"}


def two_tabs(page: Page) -> Page:
    """Make a conflict: an entry begun in one tab and changed in another since."""
    saved(page, "As it was.")
    other = page.context.new_page()
    other.goto(f"/journal/{Entry.objects.get().pk}/write/")
    saved(other, " From the second tab.")
    write(page, " From the first tab.")
    page.clock.fast_forward(APART)
    expect(page.get_by_role("button", name="See both, and choose")).to_be_visible()
    return other


@pytest.mark.parametrize(
    ("choice", "texts"),
    [
        ("Keep both, as two entries", ["As it was. From the first tab. And on.", "As it was. From the second tab."]),
        ("Continue with this version", ["As it was. From the first tab. And on."]),
        ("Continue with the other version", ["As it was. From the second tab."]),
    ],
)
def test_two_tabs_keep_both_texts(page: Page, ana: User, choice: str, texts: list[str]) -> None:
    two_tabs(page)
    assert_accessible(page)
    write(page, " And on.")
    page.get_by_role("button", name="See both, and choose").click()
    expect(page.get_by_role("form", name="There are two versions of this entry")).to_be_focused()
    expect(page.locator("mark")).to_have_count(3)
    assert page.locator("mark").all_inner_texts() == [" first", " And on.", " second"]
    assert_accessible(page)
    page.get_by_role("button", name=choice).click()
    page.wait_for_url("**/journal/*-*/")
    assert sorted(entry.content(ana).texts[0] for entry in Entry.objects.all()) == texts
    assert not Revision.objects.beside().exists()
    rows: list[Entry | Revision] = [*Entry.objects.all(), *Revision.objects.all()]
    kept = {row.content(ana).texts[0] for row in rows}
    assert kept >= {"As it was. From the first tab. And on.", "As it was. From the second tab."}


def test_slow_network_makes_no_conflict_with_oneself(page: Page, ana: User) -> None:
    under_way: list[Route] = []
    page.route(DRAFTS, lambda route: under_way.append(route), times=2)
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text("Saving")
    write(page, " two")
    page.clock.fast_forward(APART)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.evaluate("document.documentElement.hidden = false")
    write(page, " three")
    page.get_by_role("button", name="Save", exact=True).click()
    for route in under_way:
        route.continue_()
    page.wait_for_url("**/journal/*-*/")
    assert len(under_way) == 2
    assert text(ana) == "One two three"
    assert not Revision.objects.beside().exists()


def test_answer_that_never_comes_makes_no_conflict_with_oneself(page: Page, ana: User) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(DRAFTS, lose_the_answer, times=2)
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text(NO_CONNECTION)
    write(page, " two")
    page.clock.fast_forward(MINUTE)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One two"
    assert Entry.objects.count() == 1
    assert not Revision.objects.beside().exists()


def test_looking_at_the_page_while_a_draft_is_under_way_stops_nothing(page: Page, ana: User) -> None:
    under_way: list[Route] = []
    page.route(DRAFTS, lambda route: under_way.append(route), times=1)
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text("Saving")
    page.evaluate("dispatchEvent(new Event('focus'))")
    with page.expect_request_finished(lambda request: request.url.endswith("/draft/person/")):
        under_way[0].continue_()
    expect(status(page)).to_contain_text("Saved ")
    saved(page, " and two")
    assert text(ana) == "One and two"


def test_offline_then_online(page: Page, ana: User) -> None:
    page.context.set_offline(True)
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text(NO_CONNECTION)
    assert_accessible(page)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(area(page)).to_have_value("One")
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One"


def test_trouble_on_the_server_is_not_called_a_missing_connection(page: Page, ana: User) -> None:
    page.route("**/journal/draft/", lambda route: route.fulfill(status=503, body="<p>Busy</p>"))
    write(page, "One")
    page.clock.fast_forward(APART)
    expect(status(page)).to_contain_text("Not saved: something went wrong on our side.")
    assert_accessible(page)
    page.unroute("**/journal/draft/")
    page.clock.fast_forward(MINUTE)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One"


def test_a_pause_after_many_drafts_is_said_calmly_and_ends_by_itself(page: Page, ana: User, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"writing": (1, 3_600, 25_000)}
    saved(page, "One.")
    write(page, " Two.")
    page.clock.fast_forward(APART)
    expect(status(page)).to_have_text("Not saved yet. Keep this page open; it is tried again.")
    assert_accessible(page)
    with page.expect_response(DRAFTS):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(status(page)).to_have_text("Not saved yet. Keep this page open; it is tried again.")
    expect(area(page)).to_have_value("One. Two.")
    Pace.objects.all().delete()
    page.clock.fast_forward(MINUTE)
    expect(status(page)).to_contain_text("Saved ")
    assert text(ana) == "One. Two."


def test_more_than_the_site_takes_stays_on_the_page(page: Page, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000  # Chromium is slow to lay out the megabytes of the real limit
    address = page.url
    area(page).fill("x" * 200_000)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(status(page)).to_contain_text("this entry is too long")
    page.wait_for_timeout(300)
    assert page.url == address
    expect(page.get_by_text("Characters over the limit: 150000")).to_be_visible()
    assert len(area(page).input_value()) == 200_000


def test_reload_finds_the_entry_that_was_begun(page: Page, ana: User) -> None:
    saved(page, "Begun.")
    expect(page).to_have_url(re.compile(f"/journal/{Entry.objects.get().pk}/write/$"))
    page.reload()
    expect(area(page)).to_have_value("Begun.")
    saved(page, " And on.")
    assert text(ana) == "Begun. And on."


def test_status_is_in_sight_however_long_the_entry(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.evaluate("document.querySelector('textarea').style.blockSize = '3000px'")
    saved(page, "One")
    expect(status(page)).to_be_in_viewport(ratio=1)
    seen, exit_button = (found.bounding_box() for found in (status(page), page.locator(".exit")))
    assert seen
    assert exit_button
    is_above = seen["y"] + seen["height"] <= exit_button["y"] + 1
    is_beside = seen["x"] + seen["width"] <= exit_button["x"] + 1  # on a low screen they share one strip
    assert is_above or is_beside


@pytest.mark.parametrize(("length", "keepalive"), [(10_000, True), (60_001, False)])
def test_last_words_outlive_the_page_where_the_browser_takes_them(page: Page, length: int, keepalive: bool) -> None:
    """Browsers limit `keepalive` bodies to 64 kB; longer ones go out as an ordinary request."""
    page.evaluate(
        """() => {
          const { fetch } = window;
          window.sent = [];
          window.fetch = (address, options) => { window.sent.push(options.keepalive); return fetch(address, options); };
        }"""
    )
    area(page).fill("é" * (length // 6))  # six bytes each when URL-encoded
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("window.sent") == [keepalive]


def test_room_that_is_left_is_said_near_the_end(page: Page) -> None:
    note = page.get_by_text("Characters left in this entry:")
    expect(note).to_be_hidden()
    area(page).fill("🙂" * 47_999)
    expect(note).to_be_hidden()
    write(page, "🙂")
    expect(note).to_have_text("Characters left in this entry: 2000")
    page.get_by_label("A closing line").fill("End")
    expect(note).to_have_text("Characters left in this entry: 1997")
    area(page).fill("Short")
    expect(note).to_be_hidden()


def test_longest_entry_of_wide_characters_is_saved_without_script(new_context: NewContext, ana: User) -> None:
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, ana.email)
    page.goto("/journal/new/")
    area(page).fill("🙂" * 50_000)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/journal/*-*/")
    assert text(ana) == "🙂" * 50_000


def test_scripts_of_a_writing_page_are_small(page: Page) -> None:
    """Goal 10, by compressed size, for the page with the most script."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    page.reload()
    sources = {request.url for request in requests if request.resource_type == "script"}
    sizes = [len(gzip.compress(page.request.get(source).body(), 9)) for source in sources]
    assert len(sizes) == 4
    assert sum(sizes) <= 5_000


def test_too_long_a_text_stays_and_is_told(page: Page) -> None:
    area(page).fill("x" * 50_001)
    page.clock.fast_forward(APART)
    expect(status(page)).to_contain_text("50,001")
    assert_accessible(page)
    area(page).fill("x" * 50_000)
    page.clock.fast_forward(APART)
    expect(status(page)).to_contain_text("Saved ")


@pytest.mark.parametrize("way", ["leave", "keys", "sign out"])
def test_last_words_are_saved_and_back_shows_nothing(page: Page, ana: User, way: str) -> None:
    with time_held(page):  # or a slow machine might leave without them
        write(page, "Only for me")
        if way == "sign out":
            page.get_by_role("button", name="Sign out").click()
            page.clock.run_for(1)
            page.wait_for_url(LANDING)
        else:
            with page.expect_request(WEATHER):
                if way == "leave":
                    page.get_by_role("link", name="Leave this page", exact=True).click()
                else:
                    press_shift(page)
            expect(page).not_to_have_url(re.compile("/journal/"))
    assert text(ana) == "Only for me"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert "Only for me" not in page.content()


def test_leaving_waits_no_longer_than_a_moment(page: Page) -> None:
    page.route(DRAFTS, lambda _route: None)  # the answer never comes
    with time_held(page):
        write(page, "Only for me")
        page.get_by_role("link", name="Leave this page", exact=True).click()
        with page.expect_request(WEATHER):
            page.clock.run_for(LAST_WORDS)


def test_going_elsewhere_saves_the_last_words(page: Page, ana: User) -> None:
    write(page, "One")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Today", exact=True).click()
    page.wait_for_url("**/today/")
    wait_until(Entry.objects.exists)
    assert text(ana) == "One"


def test_browser_keeps_no_words(page: Page) -> None:
    saved(page, "Only for me")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => {
          const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
          const requests = (await Promise.all(all.map((cache) => cache.keys()))).flat();
          return requests.map((request) => new URL(request.url).pathname);
        }"""
    )
    assert sorted(kept) == ["/offline/", "/static/css/offline.css"]
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("indexedDB.databases()") == []
    assert "Only for me" not in page.evaluate("JSON.stringify({ ...sessionStorage })")


def test_plain_form_without_script(new_context: NewContext, ana: User) -> None:
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, ana.email)
    page.goto("/journal/new/")
    area(page).fill("One two")
    Session.objects.all().delete()
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    expect(area(page)).to_have_value("One two")
    assert not Entry.objects.exists()
    log_in(page.context.new_page(), ana.email)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    expect(area(page)).to_have_value("One two")  # logging in rotated the CSRF token: save again
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/journal/*-*/")
    assert text(ana) == "One two"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_states_of_writing_are_accessible_and_fit(new_context: NewContext, ana: User, scheme: str, width: int) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    page.clock.install()
    log_in(page, ana.email)
    page.goto("/journal/new/")
    assert_accessible(page)
    two_tabs(page)
    assert_state_is_accessible_and_fits(page, "conflict")
    Session.objects.all().delete()
    write(page, " More.")
    page.clock.fast_forward(APART)
    assert_state_is_accessible_and_fits(page, "out")


def assert_state_is_accessible_and_fits(page: Page, state: str) -> None:
    expect(page.locator(f".draft-status [data-panel={state}]")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
