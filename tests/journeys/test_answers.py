"""A question is found, answered and read, by two people in Chromium."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from exchange.models import Answer, Helped
from tests.conftest import with_confirmed_address
from tests.consultations.cast import verified
from tests.exchange.readable import published, withdrawn
from tests.journeys.conftest import PASSWORD, assert_accessible, assert_fits, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 320, "height": 640}}
TITLE = "How do I say no without a long explanation?"


@pytest.fixture
def mara(db: None, settings: object) -> User:
    settings.DEMO = True  # type: ignore[attr-defined]  # or she would be asked for a second factor first
    mara = with_confirmed_address(User.objects.create_user("mara@example.org", PASSWORD))
    return verified(mara, themes=["refusals"]).user


def menu(page: Page, name: str) -> None:
    """Follow a link of the navigation, which is folded on a phone."""
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        page.get_by_text("Menu").first.click()
    link.click()


@pytest.mark.parametrize("script", [True, False])
def test_a_question_is_found_answered_and_read(
    new_context: Callable[..., BrowserContext], ana: User, ben: User, mara: User, script: bool
) -> None:
    published(ana, title=TITLE)
    published(ana, title="Something else entirely", theme="pressure")
    desk = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(desk, mara.email)
    menu(desk, "Practice")
    desk.get_by_role("link", name="Questions", exact=True).click()
    expect(desk.get_by_role("heading", name="Unanswered, in your topics")).to_be_visible()
    looks_right(desk, script)
    desk.get_by_role("link", name=TITLE).click()
    desk.get_by_role("button", name="Answer", exact=True).click()
    expect(desk.get_by_text("You have this question to yourself until")).to_be_visible()
    desk.get_by_role("textbox", name="Your answer").fill("Reasons invite repair.")
    if script:
        expect(desk.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
        desk.reload()
        expect(desk.get_by_role("textbox", name="Your answer")).to_have_value("Reasons invite repair.")
    looks_right(desk, script)
    with desk.expect_navigation():
        desk.get_by_role("button", name="I need ten minutes more").click()
    expect(desk.get_by_role("textbox", name="Your answer")).to_have_value("Reasons invite repair.")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published. Members can read it now.")).to_be_visible()

    page = new_context(java_script_enabled=script, **PHONE).new_page()
    page.goto("/questions/")
    page.get_by_label("E-mail address").fill(ben.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Questions, and how specialists answer them")).to_be_visible()
    looks_right(page, script)
    page.locator("summary", has_text="Search").click()
    page.get_by_label("Search", exact=True).fill("explanaton")
    page.locator("form[role=search]").get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    expect(page.get_by_role("link", name="Something else entirely")).to_have_count(0)
    assert "explanaton" not in page.url
    looks_right(page, script)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("Reasons invite repair.")).to_be_visible()
    looks_right(page, script)
    page.get_by_role("button", name="This helped me").click()
    expect(page.get_by_text("It helped 1 person.")).to_be_visible()
    expect(page.get_by_role("button", name="You said this helped")).to_be_visible()
    page.get_by_role("link", name="Report the answer by Mara").click()
    page.get_by_label("What should a moderator look at?").fill("A reason.")
    looks_right(page, script)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. A moderator will look at it")).to_be_visible()
    page.get_by_role("link", name="Book a free half hour").click()
    expect(page.get_by_role("heading", name="Mara", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("question"))
    page.go_back()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    assert Helped.objects.count() == 1


def looks_right(page: Page, script: bool) -> None:
    assert_fits(page)
    if script:
        assert_accessible(page)


def test_words_come_back_when_the_question_was_withdrawn(
    new_context: Callable[..., BrowserContext], ana: User, mara: User
) -> None:
    question = published(ana, title=TITLE)
    page = new_context(**PHONE).new_page()
    log_in(page, mara.email)
    page.goto(f"/practice/questions/{question.pk}/")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_role("textbox", name="Your answer").fill("Words that must not be lost.")
    withdrawn(ana, question)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("This question is not here any more.")).to_be_visible()
    expect(page.get_by_text("Words that must not be lost.")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    assert not Answer.objects.exists()


def test_with_the_keyboard_alone(new_context: Callable[..., BrowserContext], ana: User, mara: User) -> None:
    question = published(ana, title=TITLE)
    page = new_context(**PHONE).new_page()
    log_in(page, mara.email)
    page.goto(f"/practice/questions/{question.pk}/")
    page.get_by_role("button", name="Answer", exact=True).press("Enter")
    field = page.get_by_role("textbox", name="Your answer")
    field.press_sequentially("Reasons invite repair.")
    field.press("Tab")
    expect(page.get_by_role("button", name="Publish")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published. Members can read it now.")).to_be_visible()
