"""Reporting a conversation, blocking, and undoing that: by keyboard, on a phone, with scripts and without."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import Status
from exchange.models import Report
from tests.consultations.cast import booked, verified
from tests.exchange.messaging import address, reply, side_of, texts, thread
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_staff import log_in_as_staff, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
HURTS = "Marked words that hurt."


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


def write(page: Page, label: str, words: str) -> None:
    page.wait_for_load_state()  # until then, the page itself may move the focus
    page.get_by_label(label).focus()
    page.keyboard.type(words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_report_block_and_undo(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    dana: User,
    mara: Specialist,
    script: bool,
) -> None:
    now = timezone.now().replace(microsecond=0)
    mine, theirs = thread(ana, mara, now=now - timedelta(hours=2))
    reply(theirs, HURTS, now=now - timedelta(hours=1))
    booked(ana, mara, now + timedelta(days=2))
    page = new_context(java_script_enabled=script, **PHONE).new_page()

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    log_in(page, ana.email)
    page.goto(address(mine))
    press(page, "Report this conversation")
    expect(page.get_by_role("heading", name="What our team reads")).to_be_visible()
    look()
    press(page, "Send the report", "button")
    expect(page.get_by_role("alert")).to_contain_text("Write in a few words what happened.")
    look()
    write(page, "What happened?", "Marked reason.")
    press(page, "Send the report", "button")
    expect(page.get_by_text("Your report has been sent.")).to_be_visible()
    expect(page.get_by_text("Your report is with our team.")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_count(0)
    look()

    press(page, "Block")
    expect(page.get_by_role("heading", name="Block Mara L.")).to_be_visible()
    expect(page.locator("main time")).to_have_count(1)
    look()
    press(page, "Not now")
    expect(page.get_by_label("Your message")).to_be_visible()
    press(page, "Block this person")
    press(page, "Block", "button")
    expect(page.get_by_text("Blocked. Nobody is told")).to_be_visible()
    expect(page.get_by_role("heading", name="You have blocked this person")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_count(0)
    look()
    assert Booking.objects.get().status == Status.CANCELLED_BY_CLIENT
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="You have blocked Mara L.")).to_be_visible()

    hers = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(hers, mara.user.email)
    hers.goto(address(side_of(mara.user)))
    write(hers, "Your message", "Words that stay.")
    press(hers, "Send", "button")
    expect(hers.get_by_role("heading", name="This conversation is closed")).to_be_visible()
    expect(hers.get_by_text("Words that stay.")).to_be_visible()
    assert len(texts(ana)) == 2

    page.goto("/account/settings/")
    press(page, "People you have blocked")
    expect(page.get_by_role("heading", name="Mara L.")).to_be_visible()
    look()
    press(page, "Undo the block", "button")
    expect(page.get_by_text("You have blocked nobody.")).to_be_visible()
    look()
    assert not Block.objects.exists()
    assert Booking.objects.get().status == Status.CANCELLED_BY_CLIENT
    hers.goto(address(side_of(mara.user)))
    expect(hers.get_by_label("Your message")).to_have_value("Words that stay.")
    press(hers, "Send", "button")
    expect(hers.get_by_text("Your message has been sent.")).to_be_visible()

    staff = log_in_as_staff(new_context(java_script_enabled=script, **PHONE), live_server, dana)
    staff.goto("/admin/exchange/report/")
    link = staff.locator("#result_list tbody th a")
    link.focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("Marked reason.")).to_be_visible()
    expect(staff.get_by_text(HURTS)).to_be_visible()
    assert_fits(staff)
    press(staff, "Mark as settled")
    press(staff, "Mark as settled", "button")
    expect(staff.get_by_text("Settled.")).to_be_visible()
    assert Report.objects.get().is_settled
    page.goto(address(mine, "message_report"))
    expect(page.get_by_text("Our team has settled that report.")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_meeting_leads_to_the_block_and_back(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, script: bool
) -> None:
    booking = booked(ana, mara, timezone.now().replace(microsecond=0) + timedelta(days=2))
    for user, path in ((ana, f"/consultations/{booking.pk}/"), (mara.user, f"/practice/meetings/{booking.pk}/")):
        page = new_context(java_script_enabled=script, **PHONE).new_page()
        log_in(page, user.email)
        page.goto(path)
        press(page, "Block this person")
        press(page, "Block", "button")
        expect(page.get_by_text("You have blocked this person.")).to_be_visible()
        assert_fits(page)
        if script:
            assert_accessible(page)
        press(page, "Undo the block", "button")
        expect(page.get_by_role("link", name="Block this person")).to_be_visible()
    assert not Block.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_pages_fit_and_are_accessible(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, width: int, scheme: str
) -> None:
    now = timezone.now().replace(microsecond=0)
    mine, _ = thread(ana, mara, now=now)
    booked(ana, mara, now + timedelta(days=2))
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in(page, ana.email)
    for path in (address(mine, "message_block"), address(mine, "message_report"), "/messages/blocked/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
