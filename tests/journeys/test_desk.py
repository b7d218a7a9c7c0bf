"""A specialist's desk for messages: a saved text and a colleague's card go into a message; then they are away."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from tests.accounts.factors import add_app
from tests.consultations.cast import fully_booked, verified
from tests.exchange.messaging import address, side_of, thread
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_practice import NARROW, log_in_with_app
from tests.journeys.test_staff import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_saved_text_to_a_colleague(
    new_context: Callable[..., BrowserContext], ana: User, cole: User, dana: User, script: bool
) -> None:
    mara = verified(cole, name="Mara L.")
    fully_booked(verified(User.objects.create_user("dora@example.org"), name="Dora P.", profession="Psychologist"))
    thread(ana, mara, now=timezone.now())
    add_app(cole)
    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    log_in_with_app(page, cole.email)
    page.goto("/practice/")
    look()
    press(page, "Saved texts")
    look()
    press(page, "Add a text")
    page.get_by_label("Title").fill("Ending")
    page.get_by_role("textbox", name="Text").fill("With kind regards, Mara")
    look()
    press(page, "Save", "button")
    expect(page.get_by_role("link", name="Ending", exact=True)).to_be_visible()
    look()

    page.goto(address(side_of(cole)))
    words = page.get_by_label("Your message")
    words.fill("Dear Noor,")
    page.get_by_label("Saved text").select_option("Ending")
    look()
    press(page, "Insert", "button")
    expect(words).to_have_value("Dear Noor,\n\nWith kind regards, Mara")
    press(page, "Refer to a colleague", "button")
    page.get_by_label("Colleague").select_option("Dora P., Psychologist")
    look()
    press(page, "Add the card", "button")
    expect(page.get_by_text("The card of Dora P. goes with this message.")).to_be_visible()
    expect(words).to_have_value("Dear Noor,\n\nWith kind regards, Mara")
    look()
    press(page, "Send", "button")
    expect(page.get_by_text("Your message has been sent.")).to_be_visible()
    expect(page.get_by_role("heading", name="Dora P.")).to_be_visible()
    look()

    page.goto("/practice/messages/away/")
    page.get_by_label("Until").fill((timezone.now() + timedelta(days=2)).date().isoformat())
    page.get_by_label("What people should know").fill("On the sea.")
    look()
    press(page, "Save", "button")
    expect(page.get_by_role("button", name="I am back")).to_be_visible()
    look()

    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in(page, ana.email)
    page.goto(address(side_of(ana)))
    expect(page.get_by_text("On the sea.")).to_be_visible()
    press(page, "Open", "button")
    expect(page.get_by_role("heading", name="Dora P.")).to_be_visible()
    look()
    page.locator(".referred").get_by_role("link", name=re.compile("Write a message")).click()
    expect(page.get_by_role("heading", name="Write to Dora P.")).to_be_visible()
