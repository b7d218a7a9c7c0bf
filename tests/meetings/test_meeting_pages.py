"""The page of the half hour, for both sides: in its window, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from accounts.models import User
from accounts.sealing import seal
from consultations.models import Booking, Specialist
from consultations.models.bookings import Side, Status
from consultations.times import DURATION, SESSION_LINK
from meetings.agenda import STEPS, agenda
from tests.conftest import AsUser
from tests.consultations.cast import TOMORROW, page, slot

SECOND = timedelta(seconds=1)
BEGINS = TOMORROW + timedelta(hours=1)
OPENS, CLOSES = BEGINS - SESSION_LINK, BEGINS + DURATION + SESSION_LINK

type Clock = time_machine.Traveller


def its_own(meeting: Booking) -> dict[str, str]:
    return {
        "client": f"/consultations/{meeting.pk}/meeting/",
        "specialist": f"/practice/meetings/{meeting.pk}/meeting/",
    }


@pytest.mark.parametrize("side", ["client", "specialist"])
@pytest.mark.parametrize(
    ("moment", "shown"), [(OPENS - SECOND, False), (OPENS, True), (CLOSES - SECOND, True), (CLOSES, False)]
)
def test_it_opens_and_closes_with_the_room(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock, side: str, moment: Any, shown: bool
) -> None:
    clock.move_to(moment)
    client = as_user({"client": ana, "specialist": mara.user}[side])
    answer = client.get(its_own(meeting)[side])
    assert answer.status_code == (200 if shown else 302)
    if shown:
        said = page(answer)
        assert "Go to the meeting" in said
        assert "Thirty minutes in five steps" in said
        assert 'rel="noreferrer"' in answer.text
        assert "<iframe" not in answer.text
    else:
        there = {"client": f"/consultations/{meeting.pk}/", "specialist": f"/practice/meetings/{meeting.pk}/"}
        assert answer.headers["Location"] == there[side]


@pytest.mark.parametrize("status", [status for status in Status if status != Status.BOOKED])
def test_it_is_there_only_while_the_meeting_is_booked(
    as_user: AsUser, ana: User, meeting: Booking, clock: Clock, status: str
) -> None:
    Booking.objects.update(status=status)
    clock.move_to(BEGINS)
    assert as_user(ana).get(its_own(meeting)["client"]).status_code == 302


def test_it_is_nobody_elses(as_user: AsUser, ana: User, ben: User, meeting: Booking, clock: Clock) -> None:
    clock.move_to(BEGINS)
    assert as_user(ben).get(its_own(meeting)["client"]).status_code == 404
    assert as_user(ben).get(f"/consultations/{meeting.pk}/take-along/").status_code == 404


class TestAgenda:
    def test_has_five_steps_in_the_half_hour(self) -> None:
        minutes = [step.minute for step in STEPS]
        assert len(minutes) == 5
        assert minutes == sorted(set(minutes))
        assert minutes[0] == 0
        assert timedelta(minutes=minutes[-1]) < DURATION

    @pytest.mark.parametrize("side", [Side.CLIENT, Side.SPECIALIST])
    def test_ends_on_time(self, side: Side) -> None:
        moments = agenda(BEGINS, side)
        assert (moments[0].at, moments[-1].at) == (BEGINS, BEGINS + DURATION)

    def test_speaks_to_each_side(
        self, as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock
    ) -> None:
        clock.move_to(BEGINS)
        hers = page(as_user(ana).get(its_own(meeting)["client"]))
        theirs = page(as_user(mara.user).get(its_own(meeting)["specialist"]))
        for step in STEPS:
            assert str(step.client.text) in hers
            assert str(step.specialist.text) in theirs
            assert str(step.client.text) not in theirs
        assert "Your half hour with Mara L." in hers
        assert "The half hour with Ana" in theirs

    def test_goes_by_the_clock_of_whoever_reads_it(
        self, as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock
    ) -> None:
        User.objects.filter(pk=ana.pk).update(timezone="Asia/Kathmandu")  # UTC+5:45
        Specialist.objects.update(timezone="America/St_Johns")  # UTC-3:30
        clock.move_to(BEGINS)
        hers = as_user(User.objects.get(pk=ana.pk)).get(its_own(meeting)["client"]).text
        theirs = as_user(User.objects.get(pk=mara.pk)).get(its_own(meeting)["specialist"]).text
        assert [">15:45<" in hers, ">16:09<" in hers, 'data-offset-minutes="345"' in hers] == [True] * 3
        assert [">06:30<" in theirs, ">06:54<" in theirs, 'data-offset-minutes="-210"' in theirs] == [True] * 3


class TestRoom:
    def test_without_a_key_the_page_says_that_anyone_enters(
        self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock
    ) -> None:
        clock.move_to(BEGINS)
        said = page(as_user(ana).get(its_own(meeting)["client"]))
        assert "It takes place on another site, meet.example. Anyone who has the address can enter" in said

    def test_with_a_key_each_side_has_a_pass(
        self, as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock, settings: Settings
    ) -> None:
        settings.MEETING_BASE_URL, settings.MEETING_KEY = "https://meet.example", "k" * 32
        clock.move_to(BEGINS)
        hers = as_user(ana).get(its_own(meeting)["client"])
        theirs = as_user(mara.user).get(its_own(meeting)["specialist"])
        assert "Only this link lets you in" in page(hers)
        assert hers.text.count("?jwt=") == theirs.text.count("?jwt=") == 1

    def test_a_call_has_a_number(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        Booking.objects.update(format="phone")
        clock.move_to(BEGINS)
        answer = as_user(ana).get(its_own(meeting)["client"])
        assert "Ring this number:" in page(answer)
        assert "Go to the meeting" not in answer.text

    def test_a_call_shows_whose_telephone_rings(
        self, as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock
    ) -> None:
        Booking.objects.update(format="phone")
        sealed = seal(ana, Booking.LABEL, meeting.pk, meeting.document(ana) | {"address": "+44 (0)20 7946-0000"})
        own, at_the_desk = its_own(meeting).values()
        warned = "your phone shows them your number"
        assert warned in page(as_user(ana).get(f"/consultations/{meeting.pk}/"))
        Booking.objects.update(sealed=sealed)
        clock.move_to(BEGINS)
        for address in (own, f"/consultations/{meeting.pk}/"):
            answer = as_user(ana).get(address)
            assert warned in page(answer)
            assert 'href="tel:+442079460000">+44 (0)20 7946-0000</a>' in answer.text
        answer = as_user(mara.user).get(at_the_desk)
        assert "+44 (0)20 7946-0000" in page(answer)
        assert warned not in answer.text

    @pytest.mark.parametrize(("formats", "said"), [(["video"], False), (["video", "phone"], True)])
    def test_booking_says_so_before(
        self, as_user: AsUser, ana: User, mara: Specialist, formats: list[str], said: bool
    ) -> None:
        Specialist.objects.update(formats=formats)
        free = slot(mara, TOMORROW + timedelta(hours=5))
        answer = as_user(ana).get(f"/specialists/{mara.slug}/book/?slot={free.pk}")
        assert ("your phone shows them your number" in page(answer)) is said

    def test_words_that_cannot_be_opened_leave_the_steps(
        self, as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock
    ) -> None:
        Booking.objects.update(sealed=b"damaged")
        clock.move_to(BEGINS)
        for user, address in zip((ana, mara.user), its_own(meeting).values(), strict=True):
            said = page(as_user(user).get(address))
            assert "can’t be opened. They have not been changed." in said
            assert "Arrive" in said


def test_the_steps_can_be_taken_along_until_it_is_over(
    as_user: AsUser, ana: User, meeting: Booking, clock: Clock
) -> None:
    client, address = as_user(ana), f"/consultations/{meeting.pk}/take-along/"
    said = page(client.get(address))
    assert "To take with you" in said
    assert "What brings you, in your words" in said
    assert address in client.get(f"/consultations/{meeting.pk}/").text
    clock.move_to(CLOSES)
    assert as_user(ana).get(address).headers["Location"] == f"/consultations/{meeting.pk}/"


def test_the_pages_of_the_booking_lead_there(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, clock: Clock
) -> None:
    clock.move_to(BEGINS)
    assert its_own(meeting)["client"] in as_user(ana).get(f"/consultations/{meeting.pk}/").text
    assert its_own(meeting)["specialist"] in as_user(mara.user).get(f"/practice/meetings/{meeting.pk}/").text
