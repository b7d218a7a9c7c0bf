"""A specialist's own figures: found by keyboard, read without scripts, and fitting every width."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from consultations.models import Specialist
from tests.accounts.factors import add_app
from tests.consultations.cast import booked, slot, verified
from tests.exchange.messaging import thread
from tests.journeys.test_consultations import press, tab_to
from tests.journeys.test_half_hour import checked
from tests.journeys.test_practice import log_in_with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type NewContext = Callable[..., BrowserContext]


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Who has met eleven people this year; most of them wrote afterwards."""
    add_app(cole)
    mara, now = verified(cole, name="Mara L.", slug="mara"), timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(11):
        client = User.objects.create_user(f"p{number}@example.org")
        meeting = booked(client, mara, now - timedelta(days=1 + 11 * number), status="completed")
        slot(mara, now - timedelta(days=2 + 11 * number, hours=number))
        if number % 3:
            thread(client, mara, now=meeting.ends_at)
    return mara


def test_figures_are_found_and_read_without_scripts(new_context: NewContext, mara: Specialist) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/")
    page.get_by_role("link", name="Figures", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your figures")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(13)
    checked(page, script=False)


def test_figures_are_reached_by_keyboard(new_context: NewContext, mara: Specialist) -> None:
    page = new_context().new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/")
    tab_to(page, "Figures")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your figures")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your week")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_fit(new_context: NewContext, mara: Specialist, width: int, scheme: str) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/figures/")
    checked(page, script=True)
