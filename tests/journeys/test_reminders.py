"""Asking for a reminder, and stopping it by the link in the mail, in a browser where nobody is logged in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from journal import tasks
from journal.models import Reminder
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.outbox import mailed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 600}}])
def test_a_reminder_is_chosen_and_stopped_without_scripts(
    new_context: Callable[..., BrowserContext], ana: User, options: dict[str, object]
) -> None:
    page = new_context(java_script_enabled=False, **options).new_page()
    log_in(page, ana.email)
    page.goto("/account/settings/")
    page.get_by_role("link", name="Reminder").click()
    page.get_by_label("Day").select_option("Sunday")
    page.get_by_label("Hour").select_option("18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Every Sunday at 18:00.")).to_be_visible()
    assert_fits(page)

    tasks.send_reminder(owner_id=str(ana.pk), due=Reminder.objects.get().next_at.isoformat())
    link = str(mailed()[-1].body).splitlines()[-1].removeprefix(settings.SITE_URL)
    elsewhere = new_context(**options).new_page()
    elsewhere.goto(link)
    assert_accessible(elsewhere)
    assert Reminder.objects.exists()
    elsewhere.get_by_role("button", name="Stop the reminders").click()
    expect(elsewhere.get_by_role("heading", name="The reminders have stopped")).to_be_visible()
    assert_accessible(elsewhere)
    assert_fits(elsewhere)
    assert not Reminder.objects.exists()
