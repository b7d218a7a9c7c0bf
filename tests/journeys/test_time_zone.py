"""The settings offer the zone that the device keeps, by its name of today."""

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
