"""Messages: from a profile through the log-in to an answer that is opened; drafts, and a closed conversation."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Specialist
from consultations.services.leaving import block
from exchange.models import Draft, Message
from tests.consultations.cast import verified
from tests.exchange.messaging import address, reply, side_of, texts, thread
from tests.journeys.conftest import PASSWORD, assert_accessible, assert_fits, log_in, time_held
from tests.journeys.test_staff import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Marked words of a message."
PHONE = {"viewport": {"width": 320, "height": 640}}
SENT = "Your message has been sent."


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


def write(page: Page, words: str, name: str = "") -> None:
    """Fill in the form by keyboard, once the browser has gone to the fragment of the address and leaves the focus."""
    page.wait_for_load_state()
    if name:
        page.get_by_label("What would you like to be called here?").focus()
        page.keyboard.type(name)
    page.get_by_label("Your message").focus()
    page.keyboard.type(words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_profile_through_the_log_in_to_an_answer(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, script: bool
) -> None:
    context = new_context(java_script_enabled=script, **PHONE)
    page = context.new_page()

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    log_in(page, ana.email)
    page.goto("/specialists/mara-l/")
    context.clear_cookies()
    press(page, "Write a message")
    expect(page.get_by_text("You need to be logged in to send messages.", exact=True)).to_be_visible()
    look()
    page.get_by_label("E-mail address").fill(ana.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in", "button")
    expect(page.get_by_role("heading", name="Write to Mara L.")).to_be_visible()
    look()
    write(page, WORDS, "Noor")
    press(page, "Send", "button")
    expect(page.get_by_text(SENT)).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    look()

    hers = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(hers, mara.user.email)
    expect(hers.locator(".menu > summary")).to_contain_text("2 new")
    hers.locator(".menu > summary").click()
    hers.get_by_role("link", name=re.compile(r"Messages\s*, 1 new")).click()
    expect(hers.get_by_role("heading", name="Arrived")).to_be_visible()
    expect(hers.get_by_text(WORDS)).to_be_hidden()
    assert_fits(hers)
    press(hers, "Open", "button")
    expect(hers.get_by_text(WORDS)).to_be_visible()
    expect(hers.get_by_role("heading", name="Noor").first).to_be_visible()
    write(hers, "Marked answer.")
    press(hers, "Send", "button")
    expect(hers.get_by_text(SENT)).to_be_visible()

    page.goto("/messages/")
    press(page, "Mara L.")
    expect(page.get_by_text("This message is closed.")).to_be_visible()
    expect(page.get_by_text("Marked answer.")).to_be_hidden()
    look()
    press(page, "Open", "button")
    expect(page.get_by_text("Marked answer.")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name="Open")).to_have_count(0)
    block(owner=mara.user, other_id=ana.pk, now=timezone.now())
    page.goto(address(side_of(ana)))
    write(page, "More words.")
    press(page, "Send", "button")
    expect(page.get_by_role("heading", name="This conversation is closed")).to_be_visible()
    expect(page.get_by_text("More words.")).to_be_visible()
    expect(page.get_by_text(SENT)).to_be_hidden()
    look()
    assert texts(mara.user) == [WORDS, "Marked answer."]


def test_a_draft_is_saved_as_it_is_typed_and_sent_later(page: Page, ana: User, mara: Specialist) -> None:
    page.clock.install()
    log_in(page, ana.email)
    page.goto("/messages/new/mara-l/")
    with time_held(page):  # or a slow machine saves half of it
        write(page, WORDS, "Noor")
        page.clock.fast_forward(10_000)
    expect(page.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
    page.wait_for_url(re.compile(r"/messages/[0-9a-f-]{36}/$"))
    page.goto("/messages/")
    expect(page.get_by_text("A draft is kept here. It has not been sent.")).to_be_visible()
    press(page, "Mara L.")
    expect(page.get_by_label("Your message")).to_have_value(WORDS)
    expect(page.get_by_label("What would you like to be called here?")).to_have_value("Noor")
    press(page, "Send", "button")
    expect(page.get_by_text(SENT)).to_be_visible()
    assert not Draft.objects.exists()
    assert texts(mara.user) == [WORDS]
    page.go_back()
    expect(page.get_by_label("Your message")).to_be_visible()
    assert Message.objects.count() == 2


def test_words_outlive_a_lost_connection(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist
) -> None:
    context = new_context()
    page = context.new_page()
    log_in(page, ana.email)
    mine, _ = thread(ana, mara, now=timezone.now())
    page.goto(address(mine))
    context.set_offline(True)
    write(page, "Half a sentence")
    expect(page.get_by_text("Not saved: no connection. Keep this page open.")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value("Half a sentence")


def test_two_tabs_keep_both_drafts(new_context: Callable[..., BrowserContext], ana: User, mara: Specialist) -> None:
    context = new_context()
    first = context.new_page()
    log_in(first, ana.email)
    mine, _ = thread(ana, mara, now=timezone.now())
    first.goto(address(mine))
    first.get_by_label("Your message").fill("One.")
    expect(first.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
    second = context.new_page()
    second.goto(address(mine))
    expect(second.get_by_label("Your message")).to_have_value("One.")
    second.get_by_label("Your message").fill("One, and two.")
    expect(second.get_by_text("Draft saved. Only you can read it.")).to_be_visible()
    first.get_by_label("Your message").fill("One, and three.")
    first.get_by_role("button", name="See both drafts").click()
    expect(first.get_by_role("heading", name="Other drafts")).to_be_visible()
    expect(first.get_by_label("Your message")).to_have_value("One, and three.")
    expect(first.get_by_text("One, and two.", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1024, 1280])
def test_the_pages_fit_and_are_accessible(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, width: int, scheme: str
) -> None:
    now = timezone.now() - timedelta(days=3)
    mine, theirs = thread(ana, mara, "A" * 200, WORDS, now=now)
    reply(theirs, WORDS, now=now)
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in(page, ana.email)
    for path in ("/messages/", address(mine), "/messages/new/mara-l/", "/specialists/mara-l/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
