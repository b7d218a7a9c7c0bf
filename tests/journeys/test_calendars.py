"""A specialist connects a calendar: its hour is no longer offered, until the event is deleted."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.services.own_calendars import read_due
from tests.accounts.factors import add_app
from tests.calendar_server import CalendarServer, calendar_of, calendar_server
from tests.consultations.cast import slot, verified
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_practice import log_in_with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}
PATH = "/private/basic.ics"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("tls")) as server:
        yield server


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_hour_of_ones_own_calendar_is_not_offered(
    new_context: Callable[..., BrowserContext],
    server: CalendarServer,
    ana: User,
    cole: User,
    script: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = verified(cole)
    add_app(cole)
    ten = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    for hours in (0, 2):
        slot(host, ten + timedelta(hours=hours))
    address = server.give(PATH, calendar_of((ten, ten + timedelta(hours=1))))

    member = new_context(java_script_enabled=script).new_page()
    log_in(member, ana.email)
    offers(member, "10:00", "12:00")

    page = new_context(java_script_enabled=script, viewport=None if script else NARROW).new_page()
    check = assert_accessible if script else assert_fits
    log_in_with_app(page, cole.email)
    page.goto("/practice/")
    page.get_by_role("link", name="Your own calendars").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your own calendars")
    expect(page.get_by_text("No calendar is connected.")).to_be_visible()
    check(page)
    page.get_by_label("Name").fill("At home")
    page.get_by_label("Secret address").fill(address.replace("https:", "http:"))
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_label("Name")).to_have_value("At home")
    expect(page.get_by_label("Secret address")).to_have_attribute("aria-invalid", "true")
    check(page)
    page.get_by_label("Secret address").fill(address)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_label("Secret address")).to_have_value(address)
    expect(page.get_by_text("This address opens only within a home or an office").last).to_be_visible()
    check(page)
    monkeypatch.setattr("practice.forms.calendars.leads_inside", lambda _host: False)  # as ours is
    page.get_by_label("Secret address").fill(address.replace("https:", "webcal:"))
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("It is being read now.")).to_be_visible()

    read_due(now=timezone.now(), opening=server.opening)
    page.goto("/practice/calendars/")
    expect(page.get_by_text("Last read on")).to_be_visible()
    check(page)
    offers(member, "12:00")

    server.give(PATH, calendar_of())
    page.get_by_role("button", name="Read now").click()
    expect(page.get_by_text("Your calendars are being read now")).to_be_visible()
    read_due(now=timezone.now(), opening=server.opening)
    offers(member, "10:00", "12:00")

    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove this calendar?")
    check(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No calendar is connected.")).to_be_visible()


def offers(page: Page, *times: str) -> None:
    """A member sees exactly these times of the specialist."""
    page.goto("/specialists/cole/")
    expect(page.locator(".slot label")).to_have_text(list(times))
