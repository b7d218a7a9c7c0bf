"""From a result to a specialist, a meeting, getting ready, sharing, and taking it back; with scripts and without."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from assessments import services
from assessments.models import Result
from consultations.models import Booking, Specialist
from journal.models import Entry
from meetings.limits import LONGEST_ABOUT, LONGEST_QUESTION
from meetings.models import Opening, Share
from tests.answered import finished
from tests.assessments.conftest import FILE
from tests.consultations.cast import booked, slot, verified
from tests.journal.written import written
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_consultations import tab_to
from tests.journeys.test_staff import press
from tests.meetings.readied import plans

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 320, "height": 640}}
ABOUT = "I give a lot of lifts."


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Free in three days; all topics."""
    themes = ["balance", "self-worth", "reciprocity", "pressure", "refusals", "illusions", "self-reflection"]
    mara = verified(cole, name="Mara L.", slug="mara-l", themes=themes)
    slot(mara, timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3))
    return mara


@pytest.fixture
def result(ana: User) -> Result:
    now = timezone.now()
    version, _created = services.load_version(source=FILE.read_text(encoding="utf-8"), publish=True, now=now)
    return finished(ana, version, now=now - timedelta(days=1))


@pytest.fixture
def entry(ana: User) -> Entry:
    return written(ana, "A need I was hoping would be guessed.", at=timezone.now() - timedelta(days=2))


def book(page: Page, result: Result) -> None:
    """From the result to a booked meeting."""
    page.goto(reverse("result", args=[result.pk]))
    press(page, "Find a specialist", "button")
    expect(page.get_by_role("heading", name="Talk it over with someone")).to_be_visible()
    assert str(result.pk) not in page.url
    page.get_by_role("link", name=re.compile("next free time")).click()
    page.get_by_label("What would you like to be called?").fill("Noor")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("Your meeting is booked.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_result_to_what_is_taken_back(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, result: Result, entry: Entry, script: bool
) -> None:
    page = new_context(java_script_enabled=script, **PHONE).new_page()

    def look(where: Page) -> None:
        assert_fits(where)
        if script:
            assert_accessible(where)

    log_in(page, ana.email)
    book(page, result)
    look(page)
    press(page, "Get ready")
    expect(page.get_by_role("heading", name="Get ready", level=1)).to_be_visible()
    expect(page.get_by_label("No result")).to_be_checked()
    page.wait_for_load_state()
    page.get_by_label("What I would like to talk about", exact=True).fill(ABOUT)
    page.get_by_role("checkbox", name=re.compile("Show this to Mara L.*talk about")).check()
    page.get_by_label("The summary and the areas").check()
    page.get_by_label("A need I was hoping would be guessed.").check()
    look(page)
    press(page, "See what Mara L. will see", "button")
    expect(page.get_by_role("heading", name="What Mara L. will see")).to_be_visible()
    expect(page.get_by_text(ABOUT)).to_be_visible()
    expect(page.get_by_text("Nothing is shared yet.")).to_be_visible()
    assert Share.objects.count() == 0
    look(page)
    press(page, "Share this with Mara L.", "button")
    expect(page.get_by_text("You can stop at any time.")).to_be_visible()
    expect(page.get_by_text("Nobody has opened it yet.")).to_be_visible()
    look(page)
    ready = page.url

    hers = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(hers, mara.user.email)
    hers.goto(reverse("practice:booking", args=[Booking.objects.get().pk]))
    look(hers)
    press(hers, "See what is shared")
    expect(hers.get_by_role("heading", name="Shared with you")).to_be_visible()
    expect(hers.get_by_role("heading", name="A result")).to_be_visible()
    expect(hers.get_by_text(ABOUT)).to_be_hidden()
    look(hers)
    hers.get_by_role("button", name="Open").first.click()
    expect(hers.get_by_text(ABOUT)).to_be_visible()
    expect(hers.get_by_text("A need I was hoping would be guessed.")).to_be_hidden()
    look(hers)
    assert Opening.objects.count() == 1

    page.goto(ready)
    expect(page.get_by_text(re.compile(r"\d\d:\d\d:\s+your notes"))).to_be_visible()
    press(page, "Stop sharing", "button")
    expect(page.get_by_text("Nothing is shared any more.")).to_be_visible()
    hers.goto(hers.url)
    expect(hers.get_by_text("There is nothing to read for this meeting.")).to_be_visible()
    expect(hers.get_by_text(ABOUT)).to_be_hidden()
    hers.go_back()
    hers.go_forward()
    expect(hers.get_by_text(ABOUT)).to_be_hidden()
    expect(page.get_by_text(re.compile(r"\d\d:\d\d:\s+your notes"))).to_be_visible()


def test_what_is_typed_is_there_again(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, entry: Entry
) -> None:
    meeting = booked(ana, mara, timezone.now() + timedelta(days=2))
    page = new_context(**PHONE).new_page()
    log_in(page, ana.email)
    page.goto(reverse("ready", args=[meeting.pk]))
    page.wait_for_load_state()
    page.get_by_label("One thing I would like to ask", exact=True).press_sequentially("How will I know?")
    page.get_by_label("A need I was hoping would be guessed.").check()
    expect(page.get_by_role("status").filter(has_text="Saved. Only you can read this.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("One thing I would like to ask", exact=True)).to_have_value("How will I know?")
    expect(page.get_by_label("A need I was hoping would be guessed.")).to_be_checked()
    assert plans(ana)[0].ask == "How will I know?"
    assert Share.objects.count() == 0


def test_a_text_that_fits_again_is_saved_and_no_longer_called_too_long(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist
) -> None:
    meeting = booked(ana, mara, timezone.now() + timedelta(days=2))
    page = new_context(**PHONE).new_page()
    log_in(page, ana.email)
    page.goto(reverse("ready", args=[meeting.pk]))
    page.wait_for_load_state()
    question = page.get_by_label("One thing I would like to ask", exact=True)
    question.fill("x" * (LONGEST_QUESTION + 1))
    said = page.get_by_role("status").filter(has_text="can have up to 300 characters. Now it has 301.")
    expect(said).to_be_visible()
    question.fill("x" * LONGEST_QUESTION)
    expect(said).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="Saved. Only you can read this.")).to_be_visible()
    assert [plan.ask for plan in plans(ana)] == ["x" * LONGEST_QUESTION]


def test_a_refused_page_that_is_loaded_again_loses_no_words(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist
) -> None:
    """What was sent from it before counts as written by another window: it is not on this page."""
    meeting = booked(ana, mara, timezone.now() + timedelta(days=2))
    page = new_context(**PHONE).new_page()
    log_in(page, ana.email)
    page.goto(reverse("ready", args=[meeting.pk]))
    page.wait_for_load_state()
    about = page.get_by_label("What I would like to talk about", exact=True)
    about.fill("x" * (LONGEST_ABOUT + 1))
    press(page, "Save", "button")
    expect(page.get_by_role("alert")).to_contain_text("can have up to 2,000 characters")
    refused = page.url
    too_long = page.get_by_role("status").filter(has_text="can have up to 2,000 characters")
    expect(too_long).to_be_visible()
    about.fill("First.")
    press(page, "Save", "button")
    expect(page.get_by_text("Saved. Only you can read it.")).to_be_visible()

    page.goto(refused)
    expect(about).to_have_value("x" * (LONGEST_ABOUT + 1))
    expect(too_long).to_be_visible()
    about.fill("Second.")
    expect(page.get_by_role("status").filter(has_text="Both versions are kept.")).to_be_visible()
    assert {plan.about for plan in plans(ana)} == {"First.", "Second."}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_get_ready_by_keyboard_alone(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, result: Result, entry: Entry, script: bool
) -> None:
    meeting = booked(ana, mara, timezone.now() + timedelta(days=2))
    page = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(page, ana.email)
    page.goto(reverse("booking", args=[meeting.pk]))
    tab_to(page, "Get ready")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Get ready", level=1)).to_be_visible()
    tab_to(page, "What I would like to talk about")
    page.keyboard.type(ABOUT)
    tab_to(page, "Show this to Mara L.")
    page.keyboard.press("Space")
    tab_to(page, "No result")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("The balance and what it may mean")).to_be_checked()
    tab_to(page, "A need I was hoping would be guessed.")
    page.keyboard.press("Space")
    tab_to(page, "See what Mara L. will see")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is shared yet.")).to_be_visible()
    tab_to(page, "Share this with Mara L.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You can stop at any time.")).to_be_visible()
    page.go_back()  # the page that was looked at, as it is now
    expect(page.get_by_text("it takes the place of what you shared before")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("Nobody has opened it yet.")).to_be_visible()
    tab_to(page, "Stop sharing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is shared any more.")).to_be_visible()
    expect(page.get_by_label("What I would like to talk about", exact=True)).to_have_value(ABOUT)
    page.go_back()
    expect(page.get_by_text("Nothing is shared.", exact=True)).to_be_visible()
