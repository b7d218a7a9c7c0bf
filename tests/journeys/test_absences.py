"""A holiday with meetings in it, and a day that is full and free again: with scripts and without, narrow too."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from consultations.models import Absence, Booking, Specialist
from consultations.services import hours
from tests.accounts.factors import add_app
from tests.consultations.cast import books, slot, verified
from tests.consultations.racing import member
from tests.journeys.conftest import assert_fits, log_in
from tests.journeys.test_consultations import checked, press, tab_to
from tests.journeys.test_practice import log_in_with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]
DAY = timedelta(days=1)
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def mara(cole: User) -> Specialist:
    add_app(cole)
    return verified(cole, name="Mara L.", profession="Counsellor")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_holiday_with_a_meeting_in_it(new_context: NewContext, ana: User, mara: Specialist, script: bool) -> None:
    now = timezone.now()
    week = {day: [(540, 600)] for day in range(7)}
    hours.change_week(specialist_id=mara.pk, week=week, first=now.date(), last=None, now=now)
    free = mara.slots.filter(starts_at__gt=now + 4 * DAY).order_by("starts_at")[0]
    booking = books(ana, free, now=now)
    page = new_context(java_script_enabled=script, viewport=None if script else NARROW).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/")
    page.get_by_role("link", name="Absences").click()
    page.wait_for_url("**/practice/absences/")
    check(page)
    page.get_by_label("From").fill((free.starts_at - DAY).date().isoformat())
    page.get_by_label("Until").fill((free.starts_at + 5 * DAY).date().isoformat())
    page.get_by_label("A name for yourself").fill("Madeira")
    tab_to(page, "Show what changes")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="One booked meeting stays")).to_be_visible()
    check(page)
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Meetings while you are away")
    check(page)
    assert not mara.slots.filter(is_open=True, starts_at__date=free.starts_at.date()).exists()
    page.get_by_role("checkbox").check()
    page.get_by_label("What you want to say").fill("I am away that week. I am sorry.")
    tab_to(page, "Cancel the chosen meetings")
    press(page, "Enter")
    expect(page.get_by_text("One meeting is cancelled.")).to_be_visible()
    check(page)
    page.go_back()
    page.goto("/practice/absences/")
    expect(page.get_by_text("Madeira")).to_be_visible()
    check(page)

    Absence.objects.update(first=now.date() - 2 * DAY)
    theirs = new_context(java_script_enabled=script).new_page()
    log_in(theirs, ana.email)
    theirs.goto(f"/consultations/{booking.pk}/")
    expect(theirs.get_by_text("I am away that week. I am sorry.")).to_be_visible()
    check(theirs)
    theirs.goto("/specialists/cole/")
    expect(theirs.get_by_text("Away, back on")).to_be_visible()
    check(theirs)
    theirs.goto("/specialists/")
    expect(theirs.get_by_text("Away, back on")).to_be_visible()
    check(theirs)

    page.get_by_role("link", name="–").click()
    page.get_by_role("button", name="Remove the absence").click()
    expect(page.get_by_text("Your usual hours hold again.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("heading", name="Mara L.")).to_be_visible()
    expect(theirs.get_by_text("Away, back on")).to_have_count(0)
    assert mara.slots.filter(is_open=True, starts_at=free.starts_at).exists()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_day_that_is_full_and_free_again(
    new_context: NewContext, ana: User, ben: User, mara: Specialist, script: bool
) -> None:
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + 3 * DAY
    for hour in (9, 12, 18):
        slot(mara, day + timedelta(hours=hour))
    page = new_context(java_script_enabled=script, viewport=None if script else NARROW).new_page()
    check = checked if script else assert_fits
    log_in_with_app(page, mara.user.email)
    page.goto("/practice/")
    page.get_by_role("link", name="Breaks and limits").click()
    page.wait_for_url("**/practice/limits/")
    check(page)
    page.get_by_label("Most meetings in a day").fill("1")
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    booking = books(member("noor"), mara.slots.order_by("starts_at")[0], now=timezone.now())
    theirs = new_context(java_script_enabled=script).new_page()
    log_in(theirs, ana.email)
    theirs.goto("/specialists/cole/")
    expect(theirs.get_by_text("There are no free times at the moment.")).to_be_visible()

    page.goto(f"/practice/slots/?week={day.date().isoformat()}")
    check(page)
    page.get_by_role("link", name="Why?").first.click()
    expect(page.get_by_text("that day has 1 meeting, which is the most you take in a day.")).to_be_visible()
    check(page)
    page.goto(f"/practice/meetings/{booking.pk}/cancel/")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_text("The meeting is cancelled")).to_be_visible()
    assert Booking.objects.get().status == "cancelled_by_specialist"
    theirs.reload()
    expect(theirs.get_by_text("12:00").first).to_be_visible()
