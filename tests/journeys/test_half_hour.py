"""The half hour: the shared page of both sides, one next step, and going on; with scripts and without."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Booking, Specialist
from meetings.models import NextStep
from tests.accounts.factors import add_app
from tests.consultations.cast import booked, verified
from tests.consultations.racing import until
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_consultations import press, tab_to
from tests.journeys.test_practice import log_in_with_app
from tests.meetings.readied import prepared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type NewContext = Callable[..., BrowserContext]
NARROW = {"width": 320, "height": 640}
STEP = "Ask for one evening"


@pytest.fixture
def mara(cole: User) -> Specialist:
    add_app(cole)
    about = {"name": "Mara L.", "how_to_book": "Write me two times.", "practice_contact": "+44 20 7946 0000"}
    return verified(cole, slug="mara", fee_least=60, fee_most=90, fee_currency="EUR", **about)


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    """It began a moment ago."""
    return booked(ana, mara, timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=4))


def checked(page: Page, *, script: bool) -> None:
    if script:
        assert_accessible(page)  # axe is a script
    assert_fits(page)


def end(meeting: Booking) -> None:
    """As if it had begun an hour ago."""
    began = meeting.starts_at - timedelta(hours=1)
    Booking.objects.update(starts_at=began, ends_at=began + timedelta(minutes=30))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_member_meets_writes_a_step_and_goes_on(
    new_context: NewContext, ana: User, meeting: Booking, script: bool
) -> None:
    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in(page, ana.email)
    page.get_by_role("link", name="Join the meeting").click()
    page.get_by_role("link", name="Five steps for the half hour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your half hour with Mara L.")
    expect(page.get_by_role("link", name="Go to the meeting")).to_have_attribute("rel", "noreferrer")
    current = page.locator(".agenda [aria-current=step]")
    if script:
        expect(current).to_have_count(1)
        expect(page.get_by_text(re.compile(r"It is \d\d:\d\d"))).to_be_visible()
    else:
        expect(current).to_have_count(0)
        expect(page.locator("[data-clock]")).to_be_hidden()
    checked(page, script=script)
    page.get_by_label("What I would like to do next").fill(STEP)
    page.get_by_label("Ask me about it once").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
    expect(page.get_by_label("What I would like to do next")).to_have_value(STEP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your half hour with Mara L.")
    checked(page, script=script)
    page.get_by_role("link", name="Take this with you").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("To take with you")
    checked(page, script=script)
    end(meeting)
    page.goto(f"/consultations/{meeting.pk}/")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("group", name="Was it a good fit?").locator("xpath=ancestor::form").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How to go on")
    for words in ("60 to 90 EUR a session", "Write me two times.", "+44 20 7946 0000"):
        expect(page.get_by_text(words)).to_be_visible()
    checked(page, script=script)
    page.get_by_role("link", name="Write to the specialist").click()
    expect(page.get_by_label("Your message")).to_be_visible()
    page.goto("/today/")
    expect(page.get_by_text(STEP)).to_be_visible()
    expect(page.get_by_text("How is it?")).to_have_count(0)
    NextStep.objects.update(changed_at=timezone.now() - timedelta(weeks=2))
    page.reload()
    expect(page.get_by_text("How is it?")).to_be_visible()
    checked(page, script=script)
    page.get_by_role("button", name="I tried it").click()
    expect(page.get_by_text("You will not be asked about it again.")).to_be_visible()
    expect(page.get_by_text(STEP)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_specialist_has_the_same_steps(
    new_context: NewContext, mara: Specialist, meeting: Booking, script: bool
) -> None:
    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto(f"/practice/meetings/{meeting.pk}/")
    page.get_by_role("link", name="Five steps for the half hour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The half hour with Ana")
    expect(page.get_by_role("heading", name="What brings them, in their words")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the meeting")).to_be_visible()
    checked(page, script=script)


def test_a_step_is_written_by_keyboard_alone(page: Page, ana: User, meeting: Booking) -> None:
    log_in(page, ana.email)
    page.goto(f"/consultations/{meeting.pk}/meeting/")
    tab_to(page, "What I would like to do next")
    page.keyboard.type(STEP)
    tab_to(page, "Ask me about it once")
    press(page, "Space")
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
    expect(page.get_by_label("Ask me about it once")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your half hour with Mara L.")
    expect(page.get_by_label("What I would like to do next")).to_have_value(STEP)


@pytest.mark.parametrize("where", ["meeting", "step"])
def test_a_step_is_there_again_after_help_now(page: Page, ana: User, meeting: Booking, where: str) -> None:
    log_in(page, ana.email)
    page.goto(f"/consultations/{meeting.pk}/{where}/")
    page.get_by_label("What I would like to do next").press_sequentially(STEP)
    page.get_by_role("contentinfo").get_by_role("link", name="Help now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help now")
    until(NextStep.objects.exists)  # what is sent while a page is left arrives when it can
    page.go_back()
    expect(page.get_by_label("What I would like to do next")).to_have_value(STEP)


def test_what_is_shared_is_printed_alone(
    new_context: NewContext, ana: User, mara: Specialist, meeting: Booking
) -> None:
    prepared(meeting, now=timezone.now() - timedelta(hours=3))
    page = new_context().new_page()
    log_in_with_app(page, mara.user.email)
    page.goto(f"/practice/meetings/{meeting.pk}/shared/")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("I give a lot of lifts.")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("I give a lot of lifts.")).to_be_visible()
    expect(page.get_by_text("A copy from when it was shared")).to_be_visible()
    for landmark in ("banner", "navigation", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(0)  # only the copy


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit(new_context: NewContext, ana: User, meeting: Booking, width: int, scheme: str) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in(page, ana.email)
    for path in ("meeting/", "take-along/", "step/"):
        page.goto(f"/consultations/{meeting.pk}/{path}")
        checked(page, script=True)


def test_the_paper_holds_the_steps_and_no_buttons(page: Page, ana: User, meeting: Booking) -> None:
    log_in(page, ana.email)
    page.goto(f"/consultations/{meeting.pk}/take-along/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="What would be a little better")).to_be_visible()
    expect(page.get_by_role("link", name="Back to the meeting")).to_be_hidden()
    expect(page.get_by_text("You can print this page")).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(sheets) == 2  # no sheet with the site's name alone


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_each_side_says_that_the_other_did_not_come(
    new_context: NewContext, ana: User, mara: Specialist, meeting: Booking, script: bool
) -> None:
    began = meeting.starts_at - timedelta(minutes=10)
    Booking.objects.update(starts_at=began, ends_at=began + timedelta(minutes=30))
    hers, theirs = (new_context(java_script_enabled=script, viewport=NARROW).new_page() for _side in range(2))
    log_in(hers, ana.email)
    hers.goto(f"/consultations/{meeting.pk}/meeting/")
    hers.get_by_role("link", name="The specialist did not come").click()
    checked(hers, script=script)
    hers.get_by_role("button", name="Report it").click()
    expect(hers.get_by_text("You have reported this.")).to_be_visible()
    checked(hers, script=script)
    hers.go_back()  # to the question, which cannot be asked any more
    expect(hers.get_by_text("You have reported this.")).to_be_visible()
    hers.get_by_role("button", name="The specialist came after all").click()
    expect(hers.get_by_text("Saved: the specialist came.")).to_be_visible()
    log_in_with_app(theirs, mara.user.email)
    theirs.goto(f"/practice/meetings/{meeting.pk}/meeting/")
    theirs.get_by_role("link", name="The client did not come").click()
    checked(theirs, script=script)
    theirs.get_by_role("button", name="Report it").click()
    expect(theirs.get_by_text("Saved. The client can see this and object.")).to_be_visible()
    checked(theirs, script=script)
    hers.goto(f"/consultations/{meeting.pk}/meeting/")
    hers.get_by_role("link", name="Say that you were there").click()
    checked(hers, script=script)
    hers.get_by_role("button", name="I was there").click()
    expect(hers.get_by_role("heading", name="Objection")).to_be_visible()
    hers.go_back()
    expect(hers.get_by_role("heading", name="Objection")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("heading", name="Objection")).to_be_visible()
