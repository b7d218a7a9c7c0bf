"""Questions and their moderators in a browser: danger answered in private, and a change that the author agrees to."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from exchange.models import Question, Submission
from exchange.services.day import end_day
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_staff import log_in_as_staff, press
from tests.staff import staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
SCREEN = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def mira(db: None) -> User:
    """Staff who reads questions, and has no other right."""
    return staff("mira@example.org", Role.MODERATOR)


def ask(page: Page, title: str, text: str) -> None:
    page.goto("/questions/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your question").fill(text)
    page.get_by_label("Topic").select_option("balance")
    press(page, "Send for review", "button")
    expect(page.get_by_text("Your question has been sent.")).to_be_visible()


def open_first(page: Page) -> None:
    """Open what has waited longest, by keyboard."""
    page.goto("/admin/exchange/submission/")
    page.locator("#result_list tbody th a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Before you decide")).to_be_visible()


def looks(page: Page, script: bool) -> None:
    assert_fits(page)
    if script:
        assert_accessible(page)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("options", [PHONE, SCREEN], ids=["phone", "screen"])
def test_somebody_in_danger_gets_an_answer_that_nobody_else_reads(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    mira: User,
    options: dict[str, object],
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script, **options).new_page()
    log_in(page, ana.email)
    ask(page, "Is this normal?", "He reads my messages,\nand I am afraid.")

    staff = log_in_as_staff(new_context(java_script_enabled=script, **options), live_server, mira)
    open_first(staff)
    expect(staff.get_by_text("and I am afraid.")).to_be_visible()
    looks(staff, script)
    press(staff, "Answer in private")
    staff.get_by_text("Helplines to name").focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("heading", name="Germany")).to_be_visible()
    looks(staff, script)
    press(staff, "Answer in private", "button")
    expect(staff.get_by_text("Please fill in “Private answer”.")).to_be_visible()
    looks(staff, script)
    staff.wait_for_load_state()  # until then, the page itself may move the focus
    staff.get_by_label("Private answer").focus()
    staff.keyboard.type("You are not alone.")
    press(staff, "Answer in private", "button")
    expect(staff.get_by_text("Answered in private.")).to_be_visible()
    looks(staff, script)

    page.goto("/questions/mine/")
    page.get_by_role("link", name="Is this normal?").click()
    expect(page.get_by_text("You are not alone.")).to_be_visible()
    assert not Question.objects.exists()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("options", [PHONE, SCREEN], ids=["phone", "screen"])
def test_a_name_is_left_out_and_the_author_agrees(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    mira: User,
    options: dict[str, object],
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script, **options).new_page()
    log_in(page, ana.email)
    ask(page, "How do I say no?", "My sister Berta asks\nevery week.")

    staff = log_in_as_staff(new_context(java_script_enabled=script, **options), live_server, mira)
    open_first(staff)
    press(staff, "Leave something out")
    looks(staff, script)
    press(staff, "See the difference", "button")
    expect(staff.get_by_text("Nothing is changed yet.")).to_be_visible()
    looks(staff, script)
    staff.get_by_label("Question:", exact=True).fill("My sister asks\nevery week.")
    press(staff, "See the difference", "button")
    expect(staff.locator("del")).to_contain_text("Berta")
    looks(staff, script)
    press(staff, "Send to the author", "button")
    expect(staff.get_by_text("Sent to the author, who has to agree.")).to_be_visible()
    looks(staff, script)
    assert not Question.objects.exists()

    page.goto("/questions/mine/")
    page.get_by_role("link", name="How do I say no?").click()
    expect(page.get_by_text("My sister asks")).to_be_visible()
    press(page, "Publish it like this", "button")
    expect(page.get_by_text("You agreed to the change.")).to_be_visible()
    end_day(now=timezone.now())
    assert Question.objects.get().text == "My sister asks\nevery week."
    assert Submission.objects.get().state == "published"
