"""A member reports a profile, and staff check profiles: by keyboard, on a phone, with scripts and without."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from consultations.models import ProfileChange, Specialist, Verification
from consultations.services import profiles
from exchange.models import ProfileReport
from tests.consultations.cast import verified
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_staff import log_in_as_staff, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
BEFORE, AFTER = "I listen first, and ask later.", "I listen first, and promise that all will be well."


@pytest.fixture
def mara(db: None) -> Specialist:
    user = User.objects.create_user("mara@example.org", "look-at-the-balance")
    return verified(user, name="Mara L.", about=BEFORE, register_url="https://register.example/1")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_profile_is_reported_and_settled(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    dana: User,
    mara: Specialist,
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script, **PHONE).new_page()

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    log_in(page, ana.email)
    page.goto(f"/specialists/{mara.slug}/")
    look()
    press(page, "Report this profile")
    expect(page.get_by_role("heading", name="What our team reads")).to_be_visible()
    look()
    press(page, "Send the report", "button")
    expect(page.get_by_role("alert")).to_contain_text("Write in a few words what is not right.")
    look()
    page.wait_for_load_state()  # until then, the page itself may move the focus
    page.get_by_label("What is not right?").focus()
    page.keyboard.type("Marked reason.")
    press(page, "Send the report", "button")
    expect(page.get_by_text("Your report has been sent.")).to_be_visible()
    expect(page.get_by_text("Your report is with our team.")).to_be_visible()
    expect(page.get_by_label("What is not right?")).to_have_count(0)
    look()
    page.go_back()
    expect(page.get_by_label("What is not right?")).to_have_count(0)

    staff = log_in_as_staff(new_context(java_script_enabled=script, **PHONE), live_server, dana)
    staff.goto("/admin/exchange/profilereport/")
    link = staff.locator("#result_list tbody th a")
    link.focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("Marked reason.")).to_be_visible()
    expect(staff.get_by_text(BEFORE)).to_be_visible()
    assert_fits(staff)
    if script:
        assert_accessible(staff)
    press(staff, "Settle the report")
    staff.get_by_label("Reason").focus()
    staff.keyboard.type("It is true, and she has changed it.")
    assert_fits(staff)
    press(staff, "Settle the report", "button")
    expect(staff.get_by_text("It is true, and she has changed it.")).to_be_visible()
    assert ProfileReport.objects.get().is_settled
    page.goto(f"/specialists/{mara.slug}/report/")
    expect(page.get_by_text("Our team has settled that report.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_changed_text_is_seen_and_a_waiting_profile_is_sent_back(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    cole: User,
    dana: User,
    mara: Specialist,
    script: bool,
    width: int,
) -> None:
    now = timezone.now()
    profiles.save_profile(user=mara.user, fields={"about": AFTER}, addresses=None, now=now)
    waits = {"status": Specialist.Status.SUBMITTED, "submitted_at": now, "verified_at": None, "check_again_on": None}
    verified(cole, about="I am new here.", **waits)
    context = new_context(java_script_enabled=script, viewport={"width": width, "height": 800}, color_scheme="dark")
    page = log_in_as_staff(context, live_server, dana)

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    page.goto("/admin/consultations/specialist/?changed=yes")
    look()
    press(page, "Mara L.")
    expect(page.locator("del")).to_have_text(" ask later.")
    expect(page.locator("ins")).to_have_text(" promise that all will be well.")
    look()
    press(page, "Mark as looked at")
    expect(page.locator("ins")).to_have_text(" promise that all will be well.")
    look()
    press(page, "Mark as looked at", "button")
    expect(page.get_by_text("Marked as looked at.", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Change seen")).to_be_visible()
    look()
    assert not ProfileChange.objects.exists()

    page.goto("/admin/consultations/specialist/?status__exact=submitted")
    press(page, "Cole")
    press(page, "See it as members do")
    expect(page.get_by_text("I am new here.")).to_be_visible()
    look()
    press(page, "Back to checking it")
    press(page, "Send back")
    page.get_by_label("What is missing or not right").focus()
    page.keyboard.type("Please add your training.")
    look()
    press(page, "Send back", "button")
    expect(page.get_by_text("Sent back.")).to_be_visible()
    look()
    assert {row.outcome for row in Verification.objects.all()} == {"seen", "sent_back"}
    assert Verification.objects.filter(at__gte=now - timedelta(minutes=1)).count() == 2
