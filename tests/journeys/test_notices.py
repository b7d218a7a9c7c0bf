"""What is new: counted in the navigation, opened from the list, and mailed once to whom that is safe."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.services.booking_changes import cancel_by_specialist
from tests.consultations.cast import booked, verified
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.outbox import mailed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CANCELLED = "The specialist cancelled this meeting."


@pytest.fixture
def mara(transactional_db: None) -> Specialist:
    return verified(User.objects.create_user("mara@example.org"), name="Mara L.")


def meeting(client: User, specialist: Specialist, days: int) -> Booking:
    return booked(client, specialist, timezone.now().replace(microsecond=0) + timedelta(days=days))


def call_off(booking: Booking) -> None:
    assert booking.specialist
    cancel_by_specialist(booking_id=booking.pk, specialist=booking.specialist.user, now=timezone.now())


def open_menu(page: Page) -> None:
    page.locator(".menu > summary").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_meeting_that_is_called_off_is_counted_opened_and_read(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, script: bool
) -> None:
    first = meeting(ana, mara, 3)
    call_off(first)
    call_off(meeting(ana, mara, 4))
    page = new_context(java_script_enabled=script, viewport={"width": 320, "height": 640}).new_page()
    log_in(page, ana.email)
    menu = page.locator(".menu > summary")
    expect(menu).to_have_text("Menu: Today , 2 new")
    assert_fits(page)
    open_menu(page)
    page.get_by_role("link", name=re.compile(r"Notices\s*, 2 new")).click()
    page.wait_for_url("**/notices/")
    expect(page.get_by_role("heading", name=CANCELLED)).to_have_count(2)
    if script:
        assert_accessible(page)
    assert_fits(page)
    page.reload()
    expect(menu).to_have_text("Menu: Notices , 2 new")  # looking marks nothing
    page.get_by_role("button", name="Open").last.click()
    page.wait_for_url(f"**/consultations/{first.pk}/")
    expect(menu).to_have_text("Menu: Specialists , 1 new")
    page.go_back()
    expect(page.get_by_role("heading", name="Notices", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Open")).to_have_count(1)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("link", name="Open")).to_have_count(2)
    expect(menu).to_have_text("Menu: Notices")


def test_one_mail_comes_once_it_is_safe(page: Page, ana: User, mara: Specialist) -> None:
    call_off(meeting(ana, mara, 3))
    assert mailed() == []
    log_in(page, ana.email)
    page.goto("/notices/")
    page.get_by_role("link", name="E-mails about notices").click()
    page.get_by_label("It is safe to e-mail me").check()
    expect(page.get_by_label("A meeting changes")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    booking = meeting(ana, mara, 4)
    for _twice in range(2):
        call_off(booking)
    [letter] = mailed()
    assert (letter.to, letter.subject) == ([ana.email], "Something new for you")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_fits_and_is_accessible(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, width: int, scheme: str
) -> None:
    for days in (3, 4):
        call_off(meeting(ana, mara, days))
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in(page, ana.email)
    for path in ("/today/", "/notices/", "/account/settings/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
