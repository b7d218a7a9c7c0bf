"""A day of the team in a browser, each with their own role: what waits in the morning is done in the evening."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from procrastinate.contrib.django import app
from pytest_django.live_server_helper import LiveServer

from accounts import outbox
from accounts.models import User
from accounts.roles import Role
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from exchange.models import Remark, Submission
from reflect.models import FailedJob
from tests.consultations.cast import booked, verified
from tests.exchange.asked import asked
from tests.journeys.conftest import assert_accessible, assert_fits
from tests.journeys.test_staff import log_in_as_staff, press
from tests.staff import staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type AtWork = Callable[[Role], Page]


@pytest.fixture
def morning(db: None) -> None:
    """Five profiles, three objections, ten questions and two failed jobs wait."""
    now = timezone.now().replace(microsecond=0)
    for number in range(5):
        person = User.objects.create_user(f"new-{number}@example.org")
        waits = {"status": Specialist.Status.SUBMITTED, "verified_at": None, "check_again_on": None}
        verified(person, name=f"New {number}", submitted_at=now - timedelta(hours=number), **waits)
    host = verified(User.objects.create_user("host@example.org"))
    for number in range(3):
        client = User.objects.create_user(f"client-{number}@example.org")
        missed = {"status": Status.CLIENT_NO_SHOW, "objected_at": now - timedelta(hours=number)}
        booked(client, host, now - timedelta(days=2, hours=number), **missed)
    for number in range(10):
        asked(User.objects.create_user(f"asks-{number}@example.org"), now=now - timedelta(hours=number + 1))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # no model of ours, so no test cleans up after another
    app.configure_task(outbox.SEND, allow_unknown=True).batch_defer({"number": 1}, {"number": 2})
    with connection.cursor() as cursor:
        for status in ("doing", "failed"):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE status <> 'failed'", [status])


@pytest.fixture
def at_work(new_context: Callable[..., BrowserContext], live_server: LiveServer, morning: None) -> AtWork:
    """Logs somebody with one role in, and opens what waits."""

    def begin(role: Role) -> Page:
        width = 320 if role in {Role.VERIFIER, Role.SUPPORT} else 1280
        context = new_context(viewport={"width": width, "height": 800})
        page = log_in_as_staff(context, live_server, staff(f"{role}@example.org", role))
        page.goto("/admin/")
        assert_accessible(page)
        assert_fits(page)
        return page

    return begin


def waits(page: Page, kind: str) -> str:
    """The number that stands beside a kind of what waits; "" if none of it does."""
    page.goto("/admin/")
    line = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=kind, exact=True))
    line = line.filter(has=page.locator(".figure"))
    return line.locator(".figure").inner_text() if line.count() else ""


def next_of(page: Page, kind: str) -> None:
    """From what waits to the first row of its list."""
    page.goto("/admin/")
    page.locator("main .rows").get_by_role("link", name=kind, exact=True).press("Enter")
    page.locator("#result_list tbody th a").first.press("Enter")
    page.wait_for_url("**/change/**")


def test_a_verifier_approves_four_profiles_and_sends_one_back(at_work: AtWork) -> None:
    page = at_work(Role.VERIFIER)
    assert waits(page, "New profiles") == "5"
    assert waits(page, "Objections") == ""
    for _profile in range(4):
        next_of(page, "New profiles")
        press(page, "Approve")
        for what in ("name", "profession", "entry in the register"):
            page.get_by_label(what, exact=True).check()
        page.get_by_label("Where did you look?").fill("https://register.example/entries/1234")
        press(page, "Approve", "button")
        expect(page.get_by_text("Approved.")).to_be_visible()
    next_of(page, "New profiles")
    press(page, "Send back")
    page.get_by_label("What is missing or not right").fill("The register does not know this number.")
    press(page, "Send back", "button")
    expect(page.get_by_text("Sent back.")).to_be_visible()
    assert waits(page, "New profiles") == ""
    assert Specialist.objects.filter(status=Specialist.Status.VERIFIED).count() == 4 + 1


def test_support_asks_one_side_and_settles_three_objections(at_work: AtWork) -> None:
    page = at_work(Role.SUPPORT)
    assert waits(page, "Objections") == "3"
    assert waits(page, "New profiles") == ""
    next_of(page, "Objections")
    press(page, "Write to the specialist")
    page.get_by_label("Your message").fill("Which room were you in?")
    press(page, "Write to the specialist", "button")
    expect(page.get_by_text("Sent to the specialist.")).to_be_visible()
    for outcome in ("took place", "took place", "the client did not come"):
        next_of(page, "Objections")
        press(page, "Settle the objection")
        page.get_by_label(outcome, exact=True).check()
        page.get_by_label("Why you see it this way").fill("Both of you wrote to us.")
        assert_fits(page)
        press(page, "Settle the objection", "button")
        expect(page.get_by_text("Objection settled.")).to_be_visible()
    assert waits(page, "Objections") == ""
    assert Booking.objects.filter(status=Status.COMPLETED).count() == 2
    assert Remark.objects.filter(by_team=True).count() == 1 + 2 * 3


def test_a_moderator_decides_about_ten_questions(at_work: AtWork) -> None:
    page = at_work(Role.MODERATOR)
    assert waits(page, "Questions to review") == "10"
    for number in range(10):
        next_of(page, "Questions to review")
        decision = "Send back" if number % 5 == 4 else "Publish"
        press(page, decision)
        if decision == "Send back":
            page.get_by_label("Reason").fill("A name stands in it.")
        press(page, decision, "button")
        expect(page.get_by_text("Sent back." if decision == "Send back" else "Published.")).to_be_visible()
    assert waits(page, "Questions to review") == ""
    assert Submission.objects.filter(state=Submission.State.PUBLISHED).count() == 8


def test_an_owner_has_two_failed_jobs_tried_again(at_work: AtWork) -> None:
    page = at_work(Role.OWNER)
    assert waits(page, "Failed jobs") == "2"
    for _job in range(2):
        next_of(page, "Failed jobs")
        press(page, "Try again")
        press(page, "Try again", "button")
        expect(page.get_by_text("Put into the queue again.")).to_be_visible()
    assert waits(page, "Failed jobs") == ""
    assert not FailedJob.objects.exists()
