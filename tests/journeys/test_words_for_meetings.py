"""A meeting is cancelled with words, and other times are proposed: both sides, by keyboard, without scripts, too."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from consultations.models import Booking, Slot, Specialist
from tests.accounts.factors import add_app
from tests.consultations.cast import books, slot, verified
from tests.consultations.racing import member
from tests.journeys.conftest import assert_fits, log_in
from tests.journeys.test_consultations import checked, press, tab_to
from tests.journeys.test_practice import log_in_with_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"]),
]
type NewContext = Callable[..., BrowserContext]
type Check = Callable[[Page], None]
NARROW = {"width": 320, "height": 640}
WORDS = "Could we meet a little later?"


@pytest.fixture
def mara(cole: User) -> Specialist:
    """With free slots at 09:00, three days from now and on the three days after."""
    add_app(cole)
    mara = verified(cole, name="Mara L.", profession="Counsellor")
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(3, 7):
        slot(mara, day + timedelta(days=number, hours=9))
    return mara


@pytest.fixture
def booking(ana: User, mara: Specialist) -> Booking:
    return books(ana, mara.slots.order_by("starts_at")[0], now=timezone.now())


@pytest.fixture
def desk(new_context: NewContext, mara: Specialist, script: bool) -> Page:
    page = new_context(java_script_enabled=script, viewport=None if script else NARROW).new_page()
    log_in_with_app(page, mara.user.email)
    return page


@pytest.fixture
def theirs(new_context: NewContext, ana: User, script: bool) -> Page:
    page = new_context(java_script_enabled=script, viewport=NARROW if script else None).new_page()
    log_in(page, ana.email)
    return page


@pytest.fixture
def check(script: bool) -> Check:
    return checked if script else assert_fits  # axe needs JavaScript


def in_words(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y, %H:%M}"


def test_a_meeting_is_cancelled_with_a_sentence_and_words(
    desk: Page, theirs: Page, booking: Booking, check: Check
) -> None:
    desk.goto(f"/practice/meetings/{booking.pk}/")
    tab_to(desk, "Cancel the meeting")
    press(desk, "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Cancel the meeting")
    check(desk)
    tab_to(desk, "None of these")
    press(desk, "ArrowDown")
    expect(desk.get_by_label("I am ill and cannot be there. I am sorry.")).to_be_checked()
    tab_to(desk, "What you want to say")
    desk.keyboard.type("Please write to me. " * 30)
    tab_to(desk, "Cancel the meeting")
    press(desk, "Enter")
    expect(desk.get_by_role("alert")).to_contain_text("This is too long")
    expect(desk.get_by_label("I am ill and cannot be there. I am sorry.")).to_be_checked()
    check(desk)
    desk.get_by_label("What you want to say").fill("Please write to me.")
    tab_to(desk, "Cancel the meeting")
    press(desk, "Enter")
    expect(desk.get_by_text("The meeting is cancelled, and its time is closed.")).to_be_visible()
    expect(desk.get_by_text("Please write to me.")).to_be_visible()
    check(desk)
    desk.go_back()
    expect(desk.get_by_text("The meeting is cancelled, and its time is closed.")).to_have_count(0)

    theirs.goto("/notices/")
    expect(theirs.get_by_text("Please write to me.")).to_be_visible()
    check(theirs)
    theirs.get_by_role("button", name="Open").click()
    theirs.wait_for_url(f"**/consultations/{booking.pk}/")
    expect(theirs.get_by_text("I am ill and cannot be there. I am sorry.")).to_be_visible()
    expect(theirs.get_by_text("Please write to me.")).to_be_visible()
    check(theirs)


def propose(desk: Page, booking: Booking, check: Check) -> None:
    """The first two free times, by keyboard."""
    desk.goto(f"/practice/meetings/{booking.pk}/")
    tab_to(desk, "Propose another time")
    press(desk, "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Propose another time")
    check(desk)
    tab_to(desk, "First time")
    press(desk, "ArrowDown", "Tab", "ArrowDown", "ArrowDown")
    tab_to(desk, "What you want to say")
    desk.keyboard.type(WORDS)
    tab_to(desk, "Propose")
    press(desk, "Enter")
    expect(desk.get_by_text("Proposed. The meeting stays as it is")).to_be_visible()
    expect(desk.get_by_text("The client has not answered yet.")).to_be_visible()
    check(desk)


def free_slots(mara: Specialist) -> list[Slot]:
    return list(mara.slots.filter(is_open=True).order_by("starts_at"))


def test_a_proposed_time_is_taken(desk: Page, theirs: Page, mara: Specialist, booking: Booking, check: Check) -> None:
    second = free_slots(mara)[1]
    propose(desk, booking, check)
    theirs.goto("/notices/")
    expect(theirs.get_by_text("The specialist proposes another time for this meeting.")).to_be_visible()
    expect(theirs.get_by_text(WORDS)).to_be_visible()
    check(theirs)
    theirs.get_by_role("button", name="Open").click()
    expect(theirs.get_by_role("heading", name="Another time?")).to_be_visible()
    expect(theirs.get_by_text(WORDS)).to_be_visible()
    check(theirs)
    for _button in range(2):
        tab_to(theirs, "Take this time")
    press(theirs, "Enter")
    expect(theirs.get_by_text("The meeting has been moved.")).to_be_visible()
    expect(theirs.get_by_role("heading", level=1)).to_have_text(in_words(second.starts_at))
    expect(theirs.get_by_role("heading", name="Another time?")).to_have_count(0)
    check(theirs)
    theirs.go_back()
    theirs.goto(f"/consultations/{booking.pk}/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text(in_words(second.starts_at))

    desk.goto("/notices/")
    expect(desk.get_by_text("Ana took a time that you proposed.")).to_be_visible()
    desk.goto(f"/practice/meetings/{booking.pk}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text(in_words(second.starts_at))
    expect(desk.get_by_text("You have proposed:")).to_have_count(0)


def test_a_proposal_is_left(desk: Page, theirs: Page, mara: Specialist, booking: Booking, check: Check) -> None:
    propose(desk, booking, check)
    theirs.goto(f"/consultations/{booking.pk}/")
    tab_to(theirs, "Keep the meeting as it is")
    press(theirs, "Enter")
    expect(theirs.get_by_text("The meeting stays as it is. The specialist is told.")).to_be_visible()
    expect(theirs.get_by_role("heading", name="Another time?")).to_have_count(0)
    check(theirs)
    desk.goto("/notices/")
    expect(desk.get_by_text("Ana would rather keep this time.")).to_be_visible()
    desk.get_by_role("button", name="Open").first.click()
    expect(desk.get_by_text("The client keeps the meeting as it is.")).to_be_visible()
    check(desk)
    assert Booking.objects.get().starts_at == booking.starts_at
    assert len(free_slots(mara)) == 3


def test_a_proposal_is_overtaken(desk: Page, theirs: Page, mara: Specialist, booking: Booking, check: Check) -> None:
    """Somebody books one of the times while the client looks at them; then the specialist takes the rest back."""
    first = free_slots(mara)[0]
    propose(desk, booking, check)
    theirs.goto(f"/consultations/{booking.pk}/")
    expect(theirs.get_by_role("button", name="Take this time")).to_have_count(2)
    books(member("noor"), first, now=timezone.now())
    tab_to(theirs, "Take this time")
    press(theirs, "Enter")
    expect(theirs.get_by_text("That time has just been taken.")).to_be_visible()
    expect(theirs.get_by_text("No longer free")).to_be_visible()
    expect(theirs.get_by_role("button", name="Take this time")).to_have_count(1)
    check(theirs)
    tab_to(desk, "Take it back")
    press(desk, "Enter")
    expect(desk.get_by_text("Taken back. The meeting stays as it is.")).to_be_visible()
    tab_to(theirs, "Take this time")
    press(theirs, "Enter")
    expect(theirs.get_by_text("Something has changed in the meantime.")).to_be_visible()
    expect(theirs.get_by_role("heading", name="Another time?")).to_have_count(0)
    check(theirs)
    assert Booking.objects.get(pk=booking.pk).starts_at == booking.starts_at
