"""A full week of a practice: twelve meetings of twelve people, found, read, gone to and marked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from accounts.sealing import seal
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from tests.accounts.factors import add_app
from tests.consultations.cast import absent, booked, slot, verified
from tests.journeys.conftest import assert_fits
from tests.journeys.test_consultations import checked, press, tab_to
from tests.journeys.test_practice import log_in_with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

WEDNESDAY = datetime(2026, 11, 25, 18, 20, tzinfo=UTC)
NAMES = ["Wren", "Ivo", "T.", "Noor", "Juniper", "Kit", "Ana", "Åsa", "مريم", "Bo", "Maximiliane-Theodora", "Li"]
# Day of the week (Monday is 0), time, way; with every second one the specialist has met before.
MEETINGS = [
    (0, 9, 30, "phone"),
    (1, 19, 15, "video"),
    (2, 8, 45, "text"),
    (2, 18, 30, "video"),
    (2, 20, 0, "video"),
    (4, 10, 15, "video"),
    (4, 11, 0, "video"),
    (5, 9, 0, "video"),
    (5, 10, 0, "phone"),
    (5, 11, 30, "text"),
    (6, 17, 0, "video"),
    (6, 18, 0, "video"),
]


@pytest.fixture
def full_week(cole: User) -> Specialist:
    """Twelve meetings, some free times, a day away and a morning that is closed."""
    add_app(cole)
    mara = verified(cole, name="Mara L.", profession="Counsellor", timezone="Europe/Lisbon")
    monday = WEDNESDAY.replace(hour=0, minute=0) - timedelta(days=2)
    for number, ((day, hour, minute, way), name) in enumerate(zip(MEETINGS, NAMES, strict=True)):
        client = User.objects.create_user(f"client{number}@example.org")
        if number % 2:
            booked(client, mara, monday - timedelta(days=30 + number), status=Status.COMPLETED)
        made = booked(client, mara, monday + timedelta(days=day, hours=hour, minutes=minute), format=way)
        words = {"name": name, "note": "Evenings.", "address": "https://meet.example/room", "summary": ""}
        Booking.objects.filter(pk=made.pk).update(sealed=seal(client, Booking.LABEL, made.pk, words))
    for day, hour, minute in ((4, 9, 30), (4, 12, 30), (5, 13, 0)):
        slot(mara, monday + timedelta(days=day, hours=hour, minutes=minute))
    for half in range(3):
        slot(mara, monday + timedelta(days=4, hours=14, minutes=30 * half), is_open=False, closed=True)
    absent(cole, first=(monday + timedelta(days=3)).date(), last=(monday + timedelta(days=3)).date(), name="Training")
    return mara


@pytest.mark.time_machine(WEDNESDAY, tick=True)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_full_week(new_context: NewContext, full_week: Specialist, script: bool) -> None:
    narrow = {"width": 320, "height": 640}
    page = new_context(
        java_script_enabled=script, viewport=None if script else narrow, reduced_motion="reduce"
    ).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    log_in_with_app(page, full_week.user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your week, 23 to 29 November")
    expect(page.get_by_text("Twelve meetings, six of them with new clients.")).to_be_visible()
    check(page)
    expect(page.get_by_role("region", name="Now").get_by_role("link", name="Noor")).to_be_visible()
    tab_to(page, "Go to the meeting")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The half hour with Noor")
    page.go_back()

    tab_to(page, "Later")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your week, 30 November to 6 December")
    expect(page.get_by_text("No meetings. No free times.")).to_be_visible()
    check(page)
    tab_to(page, "This week")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your week, 23 to 29 November")

    to_mark = page.get_by_role("region", name="Did they take place?")
    for name in ("Wren", "Ivo"):
        to_mark.get_by_role("checkbox", name=name).focus()
        page.keyboard.press("Space")
    tab_to(page, "They took place")
    press(page, "Enter")
    expect(page.get_by_text("Saved: two meetings took place.")).to_be_visible()
    expect(to_mark.get_by_role("checkbox")).to_have_count(1)
    to_mark.get_by_role("checkbox", name="T.").focus()
    page.keyboard.press("Space")
    tab_to(page, "The client did not come")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The client did not come")
    expect(page.get_by_role("heading", name="T.")).to_be_visible()
    check(page)
    tab_to(page, "Report it")
    press(page, "Enter")
    expect(page.get_by_text("Saved: one client did not come.")).to_be_visible()
    expect(to_mark).to_be_hidden()
    check(page)
    assert Booking.objects.filter(status=Status.CLIENT_NO_SHOW).count() == 1

    tab_to(page, "All upcoming meetings")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Upcoming meetings")
    expect(page.get_by_role("heading", level=2, name="Saturday 28 November 2026")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("heading", level=3)).to_have_count(9)
    check(page)
    tab_to(page, "Past or cancelled")
    press(page, "Enter")
    expect(page.get_by_role("main").get_by_text("the client did not come")).to_be_visible()
    check(page)


@pytest.mark.time_machine(WEDNESDAY, tick=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen_and_paper(new_context: NewContext, full_week: Specialist, scheme: str) -> None:
    page = new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    log_in_with_app(page, full_week.user.email)
    for width, height in ((320, 640), (390, 844), (768, 1024), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for path in ("/practice/", "/practice/?week=2026-12-01", "/practice/meetings/", "/practice/meetings/past/"):
            page.goto(path)
            checked(page)
    page.set_viewport_size({"width": 672, "height": 950})  # the part of a sheet that is printed on
    page.emulate_media(media="print")
    page.goto("/practice/")
    expect(page.get_by_role("link", name="Maximiliane-Theodora")).to_be_visible()
    expect(page.get_by_text("Did they take place?")).to_be_hidden()
    expect(page.get_by_text("Breaks and limits")).to_be_hidden()
    assert_fits(page)
