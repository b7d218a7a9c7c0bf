"""Finding a specialist, booking, moving and cancelling: by keyboard, without JavaScript, narrow and dark."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Booking, Specialist
from tests.consultations.cast import slot, verified
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_account import sign_up_by_keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mara(transactional_db: None) -> Specialist:
    """A specialist with three slots on each of the next days."""
    user = User.objects.create_user("mara@example.org")
    about = "I work slowly and practically."
    mara = verified(user, name="Mara L.", profession="Counsellor", about=about, formats=["video"])
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(2, 9):
        for hour in (9, 12, 18):
            slot(mara, day + timedelta(days=number, hours=hour))
    return mara


def checked(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return '';"
            " return e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || ''; })()"
        ):
            return
    raise AssertionError(f"{name} is not reached on {page.url}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_sign_up_find_book_move_cancel_by_keyboard_alone(
    new_context: Callable[..., BrowserContext], mara: Specialist, script: bool
) -> None:
    page = new_context(java_script_enabled=script).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    sign_up_by_keyboard(page)
    tab_to(page, "Specialists")
    press(page, "Enter")
    page.wait_for_url("**/specialists/")
    check(page)
    tab_to(page, "Mara L.")
    press(page, "Enter")
    page.wait_for_url("**/specialists/mara/")
    check(page)
    tab_to(page, "09:00")
    press(page, "ArrowDown")  # the next slot
    press(page, "Space")
    tab_to(page, "Continue")
    press(page, "Enter")
    page.wait_for_url("**/book/?slot=*")
    check(page)
    tab_to(page, "What would you like to be called?")
    page.keyboard.type("Noor")
    tab_to(page, "Video")
    press(page, "Space")
    tab_to(page, "A note")
    page.keyboard.type("I would like to speak about evenings.")
    tab_to(page, "Yes")
    press(page, "ArrowDown")  # No
    tab_to(page, "Book this time")
    press(page, "Enter")
    expect(page.get_by_text("Your meeting is booked.")).to_be_visible()
    made = Booking.objects.get()
    assert made.starts_at.hour == 12
    assert made.mail is False
    check(page)
    tab_to(page, "Move the meeting")
    press(page, "Enter")
    page.wait_for_url("**/move/")
    check(page)
    tab_to(page, "09:00")
    press(page, "Space")
    tab_to(page, "Move the meeting")
    press(page, "Enter")
    expect(page.get_by_text("The meeting has been moved.")).to_be_visible()
    made.refresh_from_db()
    assert made.starts_at.hour == 9
    tab_to(page, "Cancel the meeting")
    press(page, "Enter")
    page.wait_for_url("**/cancel/")
    check(page)
    tab_to(page, "Cancel the meeting")
    press(page, "Enter")
    expect(page.get_by_text("The meeting is cancelled.")).to_be_visible()
    made.refresh_from_db()
    assert made.status == "cancelled_by_client"
    check(page)


def test_by_pointer_without_javascript_narrow_and_dark(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist
) -> None:
    Specialist.objects.filter(pk=mara.pk).update(formats=["video", "phone"])  # which has to be chosen
    viewport = {"width": 320, "height": 640}
    page = new_context(java_script_enabled=False, color_scheme="dark", viewport=viewport).new_page()
    log_in(page, ana.email)
    page.goto("/specialists/?language=en&part=afternoon")
    page.get_by_role("link", name="Mara L.", exact=True).click()
    page.get_by_label("18:00").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to be called?").fill("Noor")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("One thing needs another look")).to_be_visible()
    expect(page.get_by_label("What would you like to be called?")).to_have_value("Noor")
    page.get_by_label("Video").check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("Your meeting is booked.")).to_be_visible()
    assert Booking.objects.get().starts_at.hour == 18
    page.get_by_role("link", name="Move the meeting").click()
    page.get_by_label("12:00").last.check()
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.get_by_text("The meeting has been moved.")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the calendar file").click()
    assert waiting.value.suggested_filename == "appointment.ics"
    page.get_by_role("link", name="Cancel the meeting").click()
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_text("The meeting is cancelled.")).to_be_visible()
    assert Booking.objects.get().status == "cancelled_by_client"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_who_can_be_met_this_week_and_waiting_for_who_is_fully_booked(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, script: bool
) -> None:
    full = verified(User.objects.create_user("full@example.org"), name="Fay F.")
    slot(full, timezone.now() + timedelta(days=3), is_open=False)
    later = verified(User.objects.create_user("later@example.org"), name="Lea L.")
    slot(later, timezone.now() + timedelta(days=35))
    page = new_context(java_script_enabled=script, viewport={"width": 320, "height": 640}).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    log_in(page, ana.email)
    page.goto("/specialists/")
    names = page.locator(".card h2")
    expect(names).to_have_text(["Mara L.", "Fay F."])
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Can be met").select_option("In the next 7 days")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Filter: In the next 7 days")).to_be_visible()
    expect(names).to_have_text(["Mara L."])
    assert "within=week" in page.url
    check(page)
    page.go_back()
    expect(names).to_have_text(["Mara L.", "Fay F."])
    page.get_by_role("link", name="Tell me when a time frees up").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/consultations/waiting/new/?specialist=full")
    check(page)
    page.goto("/specialists/later/")
    expect(page.get_by_role("heading", name="Lea L.")).to_be_visible()
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_fits_and_is_accessible(
    new_context: Callable[..., BrowserContext], ana: User, mara: Specialist, width: int, scheme: str
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in(page, ana.email)
    first = mara.slots.order_by("starts_at")[0].pk
    paths = ["", "mara/", f"mara/book/?slot={first}", "mara/book/?slot=999999"]
    for path in [f"/specialists/{path}" for path in paths] + ["/consultations/waiting/new/", "/consultations/waiting/"]:
        page.goto(path)
        checked(page)


def test_somebody_else_is_faster(page: Page, ana: User, mara: Specialist) -> None:
    log_in(page, ana.email)
    page.goto("/specialists/mara/")
    page.get_by_label("09:00").first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What would you like to be called?")).to_be_visible()
    mara.slots.filter(pk=mara.slots.order_by("starts_at")[0].pk).update(is_open=False)
    page.get_by_label("What would you like to be called?").fill("Noor")
    page.get_by_label("Video").check()
    page.get_by_label("A note").fill("My words.")
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("These three times are free.")).to_be_visible()
    expect(page.get_by_label("A note")).to_have_value("My words.")
    checked(page)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_text("Your meeting is booked.")).to_be_visible()
