"""Becoming a specialist, being verified and booked, and recording that the meeting took place."""

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.services import profiles, verification
from consultations.services.bookings import Details, book
from tests.accounts.factors import SECRET, add_app, code_from_app
from tests.consultations.administration import CHECKED
from tests.consultations.cast import booked, slot, verified
from tests.journeys.conftest import PASSWORD, assert_fits, lands_on
from tests.journeys.test_consultations import checked, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]
NARROW = {"width": 320, "height": 640}


def log_in_with_app(page: Page, email: str, secret: str = SECRET) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_label("Code").fill(code_from_app(secret))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lands_on(email))


def write(page: Page, **fields: str) -> None:
    """Fill in fields by label, reaching each by Tab in this order."""
    for label, words in fields.items():
        tab_to(page, label.replace("_", " "))
        page.keyboard.type(words)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_a_member_to_a_meeting_that_took_place(
    new_context: NewContext, ana: User, ben: User, dana: User, script: bool
) -> None:
    page = new_context(java_script_enabled=script, viewport=NARROW if not script else None).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(ben.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/today/")

    page.goto("/account/settings/")
    page.get_by_role("link", name="Offer free meetings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Offer a free first meeting")
    check(page)
    page.get_by_role("button", name="Set up the second step").click()
    page.wait_for_url("**/accounts/2fa/")
    page.goto("/accounts/2fa/totp/activate/")
    if page.get_by_label("Password").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code from the app").fill(code_from_app(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    page.get_by_role("link", name="I have saved them").click()
    page.wait_for_url("**/practice/start/")
    check(page)
    tab_to(page, "The name people see")
    page.keyboard.press("Control+A")
    page.keyboard.type("Mara L.")
    tab_to(page, "Begin")
    press(page, "Enter")
    page.wait_for_url("**/practice/")
    expect(page.get_by_text("Your profile is a draft.")).to_be_visible()
    check(page)

    tab_to(page, "Continue")
    press(page, "Enter")
    page.wait_for_url("**/practice/register/")
    check(page)
    write(page, The_name_of_the_register="A register", Your_number_in_the_register="123")
    write(page, The_link_to_your_entry="register.example/123")
    tab_to(page, "Save")
    press(page, "Enter")
    page.wait_for_url("**/practice/")

    tab_to(page, "Continue")
    press(page, "Enter")
    page.wait_for_url("**/practice/profile/")
    check(page)
    tab_to(page, "Profession")
    page.keyboard.type("Counsellor")
    tab_to(page, "About")
    page.keyboard.type("I work slowly and practically.")
    page.get_by_role("group", name="Topics").get_by_role("checkbox").first.check()
    page.get_by_role("group", name="Languages").get_by_label("English").check()
    tab_to(page, "Video")
    page.keyboard.type("https://meet.example/mara")
    tab_to(page, "Save")
    press(page, "Enter")
    page.wait_for_url("**/practice/")

    page.goto("/practice/photo/")
    picture = io.BytesIO()
    Image.new("RGB", (900, 1200), "teal").save(picture, "JPEG")
    page.get_by_label("Photo").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/practice/")
    page.goto("/practice/photo/")
    check(page)

    page.goto("/practice/hours/")
    check(page)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(day).fill("9-12:30, 14:00-18:00")
    tab_to(page, "Show what changes")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    check(page)
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto("/practice/")
    check(page)
    tab_to(page, "Submit your profile")
    press(page, "Enter")
    expect(page.get_by_text("Your profile is submitted.")).to_be_visible()
    check(page)

    now = timezone.now()
    mara = verification.approve(
        specialist_id=ben.pk, staff=dana, **CHECKED, check_again_on=now.date() + timedelta(days=365), now=now
    )
    page.goto("/practice/")
    expect(page.get_by_text("People can find you and book a time.")).to_be_visible()
    check(page)
    page.goto("/practice/preview/")
    expect(page.get_by_text("Qualification checked in")).to_be_visible()
    check(page)

    free = mara.slots.open_from(now + timedelta(days=2)).first()
    assert free
    booking = book(
        client=ana,
        specialist_id=mara.pk,
        slot_id=free.pk,
        details=Details(format="video", name="Noor", note="Evenings.", mail=False),
        token=uuid.uuid4(),
        now=now,
    )
    page.goto("/practice/meetings/")
    page.get_by_role("main").get_by_role("link", name="Noor").click()
    page.wait_for_url(re.compile(r"/practice/meetings/[0-9a-f-]+/$"))
    expect(page.get_by_text("Evenings.")).to_be_visible()
    check(page)

    started = now - timedelta(hours=1)
    Booking.objects.filter(pk=booking.pk).update(starts_at=started, ends_at=started + timedelta(minutes=30))
    page.goto("/practice/")
    page.get_by_role("region", name="Did they take place?").get_by_role("checkbox", name="Noor").check()
    tab_to(page, "They took place")
    press(page, "Enter")
    expect(page.get_by_text("Saved: one meeting took place.")).to_be_visible()
    check(page)
    booking.refresh_from_db()
    assert booking.status == "completed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_of_the_practice_fits_and_is_accessible(
    new_context: NewContext, ana: User, cole: User, width: int, scheme: str
) -> None:
    add_app(cole)
    mara = verified(cole, name="Mara L.", profession="Counsellor", about="Slowly.")
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    slot(mara, now + timedelta(days=3))
    booked(ana, mara, now + timedelta(days=2))
    picture = io.BytesIO()
    Image.new("RGB", (384, 512), "teal").save(picture, "WEBP")
    profiles.set_photo(user=cole, webp=picture.getvalue(), now=timezone.now())
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    log_in_with_app(page, cole.email)
    for path in ("", "profile/", "register/", "photo/", "preview/", "feed/", "meetings/past/", "meetings/"):
        page.goto(f"/practice/{path}")
        checked(page)
    page.get_by_role("link", name="Your practice").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("You are not in the list until you press")).to_be_visible()
    checked(page)
    Specialist.objects.update(status="draft", returned_because="The link leads nowhere.")
    page.goto("/practice/")
    checked(page)
    page.goto("/practice/feed/")
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_text("It is shown only this once")).to_be_visible()
    checked(page)
    page.goto("/practice/profile/")
    page.get_by_label("Hours of notice").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("One thing needs another look")).to_be_visible()
    checked(page)
