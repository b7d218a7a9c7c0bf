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
from tests.journeys.test_consultations import checked
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
    page = new_context(java_script_enabled=script, viewport=None if script else narrow).new_page()
    check = checked if script else assert_fits  # axe needs JavaScript
    log_in_with_app(page, full_week.user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your week, 23 to 29 November")
    expect(page.get_by_text("Twelve meetings, six of them for the first time.")).to_be_visible()
    check(page)
