"""A practice ends, and goes on again: with scripts, without, and by the keyboard alone; the client reads why."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts import recovery_codes
from accounts.models import User
from consultations.models import Booking, Specialist
from tests.accounts.factors import add_app
from tests.consultations.cast import booked, verified
from tests.journeys.conftest import log_in
from tests.journeys.test_consultations import press, tab_to
from tests.journeys.test_half_hour import checked
from tests.journeys.test_practice import log_in_with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type NewContext = Callable[..., BrowserContext]
NARROW = {"width": 320, "height": 640}
WORDS = "I am ill, and I am sorry."


@pytest.fixture
def mara(cole: User) -> Specialist:
    add_app(cole)
    return verified(cole, name="Mara L.", slug="mara")


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    return booked(ana, mara, start)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_practice_ends_and_is_taken_back(
    new_context: NewContext, ana: User, mara: Specialist, meeting: Booking, script: bool
) -> None:
    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/")
    page.get_by_role("link", name="End your practice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("End your practice")
    checked(page, script=script)
    page.get_by_label("What you want to say to the people you were going to meet").fill(WORDS)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm that it is you")
    page.get_by_label("Code").fill(recovery_codes.make(mara.user)[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("End your practice now?")
    expect(page.get_by_text(WORDS)).to_be_visible()
    checked(page, script=script)
    page.get_by_role("button", name="End my practice").click()
    expect(page.get_by_text("Your practice has ended. One meeting is cancelled.")).to_be_visible()
    checked(page, script=script)

    hers = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in(hers, ana.email)
    hers.goto(reverse("booking", args=[meeting.pk]))
    expect(hers.get_by_text(WORDS)).to_be_visible()
    hers.goto(reverse("specialists"))
    expect(hers.get_by_role("heading", level=1)).to_be_visible()
    expect(hers.get_by_text("Mara L.")).to_have_count(0)

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice has ended")
    page.goto("/practice/")
    expect(page.get_by_text(re.compile("You can take that back until"))).to_be_visible()
    checked(page, script=script)
    page.get_by_role("link", name="What happens now").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Your practice goes on.")).to_be_visible()
    page.get_by_role("button", name="Take bookings again").click()
    expect(page.get_by_text("You are in the list again.")).to_be_visible()


def test_a_practice_ends_by_keyboard_alone(new_context: NewContext, mara: Specialist, meeting: Booking) -> None:
    page = new_context().new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/end/")
    tab_to(page, "What you want to say to the people you were going to meet")
    page.keyboard.insert_text(WORDS)
    tab_to(page, "Continue")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm that it is you")
    tab_to(page, "Code")
    page.keyboard.insert_text(recovery_codes.make(mara.user)[0])
    press(page, "Enter")
    expect(page.get_by_text(WORDS)).to_be_visible()
    tab_to(page, "End my practice")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice has ended")
    tab_to(page, "Take it back")
    press(page, "Enter")
    expect(page.get_by_text("Your practice goes on.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit(new_context: NewContext, mara: Specialist, meeting: Booking, width: int, scheme: str) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/end/")
    checked(page, script=True)
    Specialist.objects.update(ended_at=timezone.now(), paused=True)
    page.goto("/practice/end/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice has ended")
    checked(page, script=True)
