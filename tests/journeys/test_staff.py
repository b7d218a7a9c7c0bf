"""Staff in a real browser: verifying a specialist and settling an objection, by keyboard and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessments.models import GroupFigures, InstrumentVersion, published_instrument
from assessments.statistics import Tally
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from reflect.publishing import publish_helplines
from tests.conftest import show_second_factor
from tests.consultations.cast import booked, verified
from tests.journeys.conftest import assert_accessible, assert_fits
from tests.journeys.test_questionnaire import questionnaire  # noqa: F401  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in_as_staff(context: BrowserContext, live_server: LiveServer, user: User) -> Page:
    """Log in with a session that has passed a second factor (`test_account.py` passes one for real)."""
    client = Client()
    client.force_login(user)
    show_second_factor(client, user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def press(page: Page, name: str, role: str = "link") -> None:
    """Focus a control and press Enter."""
    control = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    control.focus()
    expect(control).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
def test_verify_a_specialist_and_settle_an_objection(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    cole: User,
    dana: User,
    script: bool,
    width: int,
) -> None:
    waiting = verified(
        cole, status=Specialist.Status.SUBMITTED, submitted_at=timezone.now(), verified_at=None, check_again_on=None
    )
    dora = User.objects.create_user("dora@example.org")
    booking = booked(ana, verified(dora), timezone.now().replace(microsecond=0) - timedelta(days=1))
    Booking.objects.update(status=Status.CLIENT_NO_SHOW, objected_at=timezone.now())
    context = new_context(java_script_enabled=script, viewport={"width": width, "height": 800}, color_scheme="dark")
    page = log_in_as_staff(context, live_server, dana)

    page.goto("/admin/consultations/specialist/?status__exact=submitted")
    press(page, "Cole")
    press(page, "Approve")
    expect(page.get_by_label("Check again on")).to_have_value(str(timezone.now().date() + timedelta(days=365)))
    if script:
        assert_accessible(page)
    assert_fits(page)
    for what in ("name", "profession", "entry in the register"):
        page.get_by_label(what, exact=True).focus()
        page.keyboard.press("Space")
    page.get_by_label("Where did you look?").focus()
    page.keyboard.type("https://register.example/entries/1234")
    press(page, "Approve", "button")
    expect(page.get_by_text("Approved.")).to_be_visible()
    expect(page.get_by_role("link", name="https://register.example/entries/1234")).to_be_visible()
    assert_fits(page)
    waiting.refresh_from_db()
    assert waiting.status == Specialist.Status.VERIFIED

    page.goto("/admin/exchange/objection/?objections=open")
    page.locator("#result_list tbody th a").press("Enter")
    press(page, "Settle the objection")
    page.get_by_label("took place").focus()
    page.keyboard.press("Space")
    if script:
        assert_accessible(page)
    assert_fits(page)
    press(page, "Settle the objection", "button")
    expect(page.get_by_text("Objection settled.")).to_be_visible()
    booking.refresh_from_db()
    assert booking.status == Status.COMPLETED


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
def test_check_a_helpline_and_hide_another(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, dana: User, script: bool, width: int
) -> None:
    context = new_context(java_script_enabled=script, viewport={"width": width, "height": 800}, color_scheme="dark")
    page = log_in_as_staff(context, live_server, dana)
    page.goto("/admin/")
    press(page, "Helplines")
    press(page, "Checked today Shout, United Kingdom", "button")
    expect(page.get_by_text("Shout: Checked.")).to_be_visible()
    press(page, "Hide Lifeline, Australia", "button")
    expect(page.get_by_text("Lifeline: Hidden.")).to_be_visible()
    expect(page.get_by_role("button", name="Show Lifeline, Australia", exact=True)).to_have_count(1)
    if script:
        assert_accessible(page)
    assert_fits(page)
    publish_helplines()
    page.goto("/help-now/")
    page.get_by_role("heading", name="Australia").click()
    expect(page.get_by_role("heading", name="1800RESPECT")).to_be_visible()
    expect(page.get_by_text("Lifeline", exact=True)).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_list(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    ana: User,
    cole: User,
    dana: User,
    questionnaire: InstrumentVersion,  # noqa: F811
    width: int,
) -> None:
    booked(ana, verified(cole), timezone.now().replace(microsecond=0) + timedelta(days=1))
    figures = Tally(published_instrument(questionnaire.pk), "full").figures(Random())
    GroupFigures.objects.create(version=questionnaire, form="full", figures=figures, published_at=timezone.now())
    page = log_in_as_staff(new_context(viewport={"width": width, "height": 800}), live_server, dana)
    page.goto("/admin/")
    assert_accessible(page)
    for model in admin.site._registry:
        page.goto(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert_accessible(page)
        row = page.locator("#result_list tbody th a").first
        if row.count():
            row.click()
            page.wait_for_url("**/change/**")
            assert_accessible(page)
