"""Private notes on a meeting: with scripts, without, and by the keyboard alone; the client sees nothing of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from consultations.models import Booking, Specialist
from tests.accounts.factors import add_app
from tests.consultations.cast import booked, verified
from tests.journeys.conftest import log_in
from tests.journeys.test_consultations import press, tab_to
from tests.journeys.test_half_hour import checked
from tests.journeys.test_practice import log_in_with_app
from tests.practice.noted import NOTE, noted, notes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type NewContext = Callable[..., BrowserContext]
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def mara(cole: User) -> Specialist:
    add_app(cole)
    return verified(cole, name="Mara L.", slug="mara")


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    """It began a moment ago."""
    return booked(ana, mara, timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=4))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_note_is_written_in_the_half_hour_and_deleted_later(
    new_context: NewContext, ana: User, mara: Specialist, meeting: Booking, script: bool
) -> None:
    page = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto(reverse("practice:meeting", args=[meeting.pk]))
    page.get_by_role("link", name="Notes that only you can read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Private notes")
    page.wait_for_load_state()
    checked(page, script=script)
    page.get_by_label("Your note").fill(NOTE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Only you can read it.")).to_be_visible()
    expect(page.get_by_label("Your note")).to_have_value(NOTE)
    checked(page, script=script)

    hers = new_context(java_script_enabled=script, viewport=NARROW).new_page()
    log_in(hers, ana.email)
    for name in ("booking", "meeting", "ready"):
        hers.goto(reverse(name, args=[meeting.pk]))
        expect(hers.get_by_role("heading", level=1)).to_be_visible()
        expect(hers.get_by_text(NOTE)).to_have_count(0)

    page.get_by_role("link", name="Delete this note").click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    checked(page, script=script)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The note is deleted.")).to_be_visible()
    expect(page.get_by_label("Your note")).to_have_value("")
    page.go_back()
    expect(page.get_by_text(NOTE)).to_have_count(0)
    assert notes_of(mara.user) == []


def test_a_note_is_kept_as_it_is_typed_by_keyboard_alone(
    new_context: NewContext, mara: Specialist, meeting: Booking
) -> None:
    page = new_context(viewport=NARROW).new_page()
    log_in_with_app(page, mara.user.email)
    page.goto(reverse("practice:booking", args=[meeting.pk]))
    tab_to(page, "Notes that only you can read")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Private notes")
    page.wait_for_load_state()
    tab_to(page, "Your note")
    page.keyboard.insert_text(NOTE)
    expect(page.get_by_role("status").filter(has_text="Saved. Only you can read this.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your note")).to_have_value(NOTE)
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_text("Saved. Only you can read it.")).to_be_visible()
    assert notes_of(mara.user) == [NOTE]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit(new_context: NewContext, mara: Specialist, meeting: Booking, width: int, scheme: str) -> None:
    first = noted(meeting, "An earlier version.", now=timezone.now() - timedelta(hours=1))
    noted(meeting, now=timezone.now())
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in_with_app(page, mara.user.email)
    for name, more in (("notes", []), ("note", [first.pk])):
        page.goto(reverse(f"practice:{name}", args=[meeting.pk, *more]))
        checked(page, script=True)
