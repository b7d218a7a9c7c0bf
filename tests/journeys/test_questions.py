"""Asking a question, on a phone and on a screen, with scripts and without: refused, sent, changed, agreed to, gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from exchange.models import Question, Submission
from exchange.own import own
from exchange.services import day
from tests.exchange.asked import CHANGE, moderated
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_staff import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
SCREEN = {"viewport": {"width": 1280, "height": 800}}
WORDS = "Marked words of a question."


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("options", [PHONE, SCREEN], ids=["phone", "screen"])
def test_a_question_is_asked_changed_published_and_withdrawn(
    new_context: Callable[..., BrowserContext], ana: User, script: bool, options: dict[str, object]
) -> None:
    page = new_context(java_script_enabled=script, **options).new_page()
    page.goto("/questions/new/")
    log_in(page, ana.email)
    page.goto("/questions/new/")
    page.get_by_label("Title").focus()
    page.keyboard.type("Marked title")
    page.get_by_label("Your question").focus()
    page.keyboard.type(WORDS)
    press(page, "Send for review", "button")
    expect(page.get_by_role("heading", name="One thing needs another look")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(WORDS)
    if script:
        assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Topic").select_option("balance")
    press(page, "Send for review", "button")
    expect(page.get_by_text("Your question has been sent.")).to_be_visible()
    expect(page.get_by_text("Waiting for review. Nobody else can see it yet.")).to_be_visible()
    assert_fits(page)
    [row] = own(ana)
    moderated(row, Submission.State.AGREE, change=CHANGE, reason="It names a town.")
    page.reload()
    page.get_by_role("button", name="See what is new").press("Enter")
    expect(page.get_by_text("It names a town.")).to_be_visible()
    if script:
        assert_accessible(page)
    assert_fits(page)
    press(page, "Publish it like this", "button")
    expect(page.get_by_text("You agreed to the change.")).to_be_visible()
    day.end_day(now=timezone.now() + timedelta(days=1))
    page.reload()
    expect(page.get_by_text("Published. There is no answer yet.")).to_be_visible()
    press(page, "Withdraw this question")
    press(page, "Withdraw it", "button")
    expect(page.get_by_text("That question is no longer here.")).to_be_visible()
    assert not Question.objects.exists()


def test_what_is_typed_is_kept_without_a_button(new_context: Callable[..., BrowserContext], ana: User) -> None:
    page = new_context(**PHONE).new_page()
    page.goto("/questions/new/")
    log_in(page, ana.email)
    page.goto("/questions/new/")
    page.get_by_label("Title").fill("Marked title")
    page.get_by_label("Your question").fill(WORDS)
    expect(page.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Marked title")
    expect(page.get_by_label("Your question")).to_have_value(WORDS)
