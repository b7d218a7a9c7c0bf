"""The settings offer the device's time zone under its current name."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("device", "place", "zone"),
    [("Asia/Calcutta", "Kolkata", "Asia/Kolkata"), ("Europe/Paris", "Paris", "Europe/Paris")],
)
def test_the_zone_of_the_device_is_offered(
    new_context: Callable[..., BrowserContext], ana: User, device: str, place: str, zone: str
) -> None:
    page = new_context(timezone_id=device).new_page()
    log_in(page, ana.email)
    page.goto("/account/settings/")
    page.get_by_role("button", name=place).click()
    expect(page.get_by_label("Time zone")).to_have_value(zone)


def test_sign_up_says_the_zone_of_the_device_in_one_sentence(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(timezone_id="America/Argentina/Buenos_Aires").new_page()
    page.goto("/accounts/signup/")
    sentence = "Times will be shown in your device’s time zone. You can change this in Settings."
    expect(page.get_by_text(sentence)).to_be_visible()
    page.locator("#id_email").fill("eve@example.org")
    page.locator("#id_password1").fill("four quiet ordinary words")
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your e-mail")
    assert User.objects.get(email="eve@example.org").timezone == "America/Argentina/Buenos_Aires"


@pytest.mark.parametrize(("device", "is_told"), [("America/St_Johns", True), ("Africa/Abidjan", False)])
def test_another_clock_is_told_of_where_times_are_chosen(
    new_context: Callable[..., BrowserContext], ana: User, device: str, is_told: bool
) -> None:
    """Ana's settings say UTC, which is also the time in Abidjan."""
    page = new_context(timezone_id=device).new_page()
    log_in(page, ana.email)
    page.goto("/specialists/")
    note = page.get_by_text("Your device uses a different time zone from your settings.")
    expect(note).to_be_visible(visible=is_told)
