"""After signing out, nothing that somebody wrote is in any file of the browser's profile, however the browser ends."""

import os
import re
import signal
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessments.models import InstrumentVersion
from consultations.models import Slot
from journal.models import Entry
from tests.answered import finished
from tests.journal.written import written
from tests.journeys.conftest import OPTIONS, PATIENCE, log_in, looked_at, wait_for_last_words
from tests.journeys.conftest import sign_out as sign_out_here
from tests.journeys.test_consultations import mara  # noqa: F401  # a fixture
from tests.journeys.test_questionnaire import questionnaire  # noqa: F401  # a fixture
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type Open = Callable[..., BrowserContext]

MARKER = "QuincePorcelain"
LONG_TAG = f"{MARKER} and far more letters than any tag may ever have on one page"


@pytest.fixture
def open_profile(browser: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Open]:
    """Opens a browser with a profile on disk, as people have it."""
    cache.clear()  # the rate limits of logging in
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=OPTIONS,
            base_url=live_server.url,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        with suppress(Error):  # it was killed
            context.close()
    wait_for_last_words()


def processes_of(profile: Path) -> list[int]:
    """The browser of this profile and its helpers."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            if f"--user-data-dir={profile}".encode() in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def kill(profile: Path) -> None:
    """End the browser of this profile as a power cut would."""
    for process in processes_of(profile):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def let_it_write(context: BrowserContext, profile: Path) -> None:
    """Visit an address of its own in a new tab, and wait until the session file has it, and so all that came before."""
    witness = uuid.uuid4().hex
    context.new_page().goto(f"/help-now/?{witness}")
    wait_until(lambda: any(holds(file, witness) for file in profile.rglob("Sessions/*")))


def holds(file: Path, words: str) -> bool:
    with suppress(FileNotFoundError):  # replaced by another meanwhile
        return words.encode() in file.read_bytes()
    return False


def contents(file: Path) -> Iterator[bytes]:
    """The file as it is, and every gzip or zlib stream in it unpacked."""
    raw = file.read_bytes()
    yield raw
    for start in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", raw):
        try:
            yield zlib.decompressobj(47).decompress(raw[start.start() :])
        except zlib.error:
            continue


def files_with(profile: Path, marker: str) -> list[str]:
    """The files of the profile that hold the marker in any of the ways in which browsers write text."""
    wait_until(lambda: not processes_of(profile))
    words = [marker.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(file.relative_to(profile))
        for file in sorted(profile.rglob("*"))
        if file.is_file()
        and not file.is_symlink()
        and any(word in content for content in contents(file) for word in words)
    ]


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()


def sign_out(page: Page) -> None:
    page.goto("/today/")
    sign_out_here(page)


def search(page: Page) -> None:
    page.goto("/journal/search/")
    page.get_by_label("Words").fill(MARKER)
    press(page, "Search")
    expect(page.get_by_role("heading", name="Found", exact=True)).to_be_visible()
    assert MARKER not in page.url


def refused_search(page: Page) -> None:
    page.goto("/journal/search/")
    page.get_by_label("Words").fill(f"{MARKER} b c d e f g h i j k l m n")
    press(page, "Search")
    expect(page.get_by_role("alert")).to_be_visible()


def tag_error(page: Page) -> None:
    page.goto("/journal/new/")
    page.locator("textarea").fill(MARKER)
    page.locator("summary", has_text="Feelings").click()
    page.get_by_label("Your own tags").fill(LONG_TAG)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("textarea").input_value() == MARKER
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved")  # and so the address is the entry's own


def writing_only(page: Page) -> None:
    page.goto("/journal/new/")
    page.locator("textarea").press_sequentially(MARKER)
    page.get_by_label("A closing line").press_sequentially(MARKER)
    page.wait_for_timeout(500)


def send_after_session_ended(page: Page) -> None:
    page.locator("textarea").fill(MARKER)
    Session.objects.all().delete()
    page.evaluate("document.querySelector('form[data-draft]').submit()")  # past the script, as without one
    expect(page.get_by_role("heading", name="signed out")).to_be_visible()


def expired_session(page: Page) -> None:
    page.goto("/journal/new/")
    send_after_session_ended(page)


def two_versions(page: Page) -> None:
    entry = Entry.objects.get()
    page.goto(f"/journal/{entry.pk}/write/")
    page.evaluate("document.querySelector('[name=base_revision]').value = 0")
    page.locator("textarea").fill(MARKER)
    page.evaluate("document.querySelector('form[data-draft]').submit()")
    page.wait_for_url("**/versions/*/")
    press(page, "Keep both, as two entries")
    expect(page.get_by_text("Both versions are now separate entries")).to_be_visible()


def booking_error(page: Page) -> None:
    chosen, other = Slot.objects.order_by("starts_at")[:2]
    page.goto(f"/specialists/mara/book/?slot={chosen.pk}")
    page.get_by_label("What would you like to be called?").fill(MARKER)
    page.get_by_label("Video").check()
    page.get_by_label("A note").fill(MARKER)
    page.get_by_label("No", exact=True).check()
    chosen.delete()
    press(page, "Book this time")
    expect(page.get_by_label("A note")).to_have_value(MARKER)
    assert other


EVERY_FORM = [search, refused_search, tag_error, writing_only, two_versions, booking_error]


@pytest.mark.parametrize(
    ("write", "end"),
    [*((write, "killed") for write in EVERY_FORM), (search, "closed"), (tag_error, "closed")],
    ids=lambda value: getattr(value, "__name__", value),
)
@pytest.mark.usefixtures("mara")
def test_no_file_of_the_profile_holds_what_was_written(
    open_profile: Open, tmp_path: Path, ana: User, write: Callable[[Page], None], end: str
) -> None:
    written(ana, MARKER)
    profile = tmp_path / "profile"
    context = open_profile()
    page = context.pages[0]
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, ana.email)
    write(page)
    let_it_write(context, profile)
    sign_out(page)
    let_it_write(context, profile)
    kill(profile) if end == "killed" else context.close()
    assert files_with(profile, MARKER) == []


def test_an_expired_session_leaves_nothing(open_profile: Open, tmp_path: Path, ana: User) -> None:
    profile = tmp_path / "profile"
    context = open_profile()
    page = context.pages[0]
    log_in(page, ana.email)
    page.goto("/journal/new/")
    let_it_write(context, profile)  # so that its next write is seconds away, and not before the page's script has run
    send_after_session_ended(page)
    let_it_write(context, profile)
    kill(profile)
    assert files_with(profile, MARKER) == []


def test_the_safety_panel_leaves_nothing(
    open_profile: Open,
    tmp_path: Path,
    ana: User,
    questionnaire: InstrumentVersion,  # noqa: F811
) -> None:
    profile = tmp_path / "profile"
    result = finished(ana, questionnaire, now=datetime.now(UTC))
    context = open_profile()
    page = context.pages[0]
    log_in(page, ana.email)
    page.goto(f"/balance/results/{result.pk}/")
    question = page.get_by_label("Yes").first
    name = question.get_attribute("name") or ""
    question.check()
    page.locator("form", has_text="Three more questions").get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your safety comes before balance")).to_be_visible()
    let_it_write(context, profile)
    kill(profile)
    assert files_with(profile, name) == []


@pytest.mark.parametrize("end", ["killed", "closed"])
def test_a_planted_leak_is_found(open_profile: Open, tmp_path: Path, ana: User, end: str) -> None:
    """A page that answers a POST, and nothing more: what the other tests would see if one of ours did."""

    def answer(route: Route) -> None:
        form = '<form method="post" action="/planted/"><input name="words"><button>Send</button></form>'
        route.fulfill(content_type="text/html", body=form)

    profile = tmp_path / "profile"
    context = open_profile()
    context.route("**/planted/", answer)
    page = context.pages[0]
    log_in(page, ana.email)
    page.goto("/planted/")
    page.locator("[name=words]").fill(MARKER)
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
    sign_out(page)
    let_it_write(context, profile)
    kill(profile) if end == "killed" else context.close()
    assert any("Sessions" in name for name in files_with(profile, MARKER))


def refused_log_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_message_without_an_account_leaves_nothing(
    open_profile: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))  # a test is as quick as a program
    profile = tmp_path / "profile"
    context = open_profile()
    page = context.pages[0]
    page.goto("/contact/")
    page.get_by_label("Your message").fill(MARKER)
    press(page, "Send")
    expect(page.get_by_role("alert")).to_be_visible()
    let_it_write(context, profile)
    page.get_by_label("What is it about?").select_option("press")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Your message has been sent.")).to_be_visible()
    let_it_write(context, profile)
    kill(profile)
    assert files_with(profile, MARKER) == []


@pytest.mark.parametrize(
    "write",
    [search, refused_search, tag_error, two_versions, booking_error, expired_session, refused_log_in],
    ids=lambda write: write.__name__,
)
@pytest.mark.usefixtures("mara")
def test_back_to_what_a_form_answered_is_never_without_connection(
    new_context: Open, ana: User, write: Callable[[Page], None]
) -> None:
    written(ana, MARKER)
    page = new_context().new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, ana.email)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the service worker answers from now on
    write(page)
    before = page.url
    page.goto("/help-now/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("No connection")
    assert page.url == before or "/accounts/login/" in page.url
    if write in {search, tag_error, booking_error}:
        assert MARKER in page.content()


def test_the_browser_asks_before_it_sends_a_form_again(new_context: Open, ana: User) -> None:
    """Back to a page that answers a POST all the same, as that of another site's script might: not our offline page."""

    def answer(route: Route) -> None:
        form = '<h1>Planted</h1><form method="post" action="/planted/"><button>Send</button></form>'
        headers = {"Cache-Control": "no-store"}
        route.fulfill(content_type="text/html", body=form, headers=headers)

    context = new_context()
    page = context.new_page()
    log_in(page, ana.email)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    context.route("**/planted/", answer)
    page.goto("/planted/")
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
    page.goto("/help-now/")
    with suppress(Error):  # ERR_CACHE_MISS: "Confirm form resubmission"
        page.go_back()
    assert "No connection" not in looked_at(page, page.content)
