"""Sharing, taking back, cancelling and opening at the same moment. Over real connections."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.services import booking_changes
from consultations.services.refusals import NotNow
from meetings.copies import copies, mark_of
from meetings.models import Opening, Share
from meetings.models.preparation import Plan
from meetings.services import sharing
from tests.consultations.cast import NOW, TOMORROW, booked, verified
from tests.consultations.racing import at_once, deadlocks, kinds, standing
from tests.meetings.readied import ABOUT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]

PLAN = Plan(about=ABOUT, shows=("about",))


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    return booked(ana, mara, TOMORROW + timedelta(hours=1))


def shares(owner: User, booking: Booking) -> Callable[[], str]:
    seen = mark_of(owner, copies(owner, PLAN))

    def share() -> str:
        me = User.objects.select_related("data_key").get(pk=owner.pk)
        sharing.share(owner=me, booking_id=booking.pk, plan=PLAN, seen=seen, now=NOW)
        return "shared"

    return share


def opens(specialist: User, booking: Booking, share: Share) -> Callable[[], None]:
    def open_it() -> None:
        with suppress(Share.DoesNotExist):
            sharing.open_shared(specialist=specialist, booking_id=booking.pk, share_id=share.pk, now=NOW)

    return open_it


@pytest.mark.parametrize("_again", range(5))
def test_a_meeting_that_is_cancelled_meanwhile_shares_nothing(ana: User, meeting: Booking, _again: int) -> None:
    def cancel() -> str:
        booking_changes.cancel_by_client(booking_id=meeting.pk, client=ana, now=NOW)
        return "cancelled"

    before = deadlocks(standing())
    answers = at_once(shares(ana, meeting), cancel, shares(ana, meeting))
    assert {kind for kind in kinds(answers) if kind != "str"} <= {NotNow.__name__}
    assert "cancelled" in answers
    assert not Share.objects.exists()
    assert deadlocks(standing()) == before


def test_sharing_ten_times_at_once_is_sharing_once(ana: User, meeting: Booking) -> None:
    assert at_once(*[shares(ana, meeting)] * 10) == ["shared"] * 10
    assert Share.objects.count() == 1


def test_opening_ten_times_at_once_is_noted_once(ana: User, cole: User, meeting: Booking) -> None:
    shares(ana, meeting)()
    at_once(*[opens(cole, meeting, Share.objects.get())] * 10)
    assert Opening.objects.count() == 1


def test_what_is_taken_back_meanwhile_fails_for_nobody(ana: User, cole: User, meeting: Booking) -> None:
    shares(ana, meeting)()
    share = Share.objects.get()

    def stop() -> None:
        sharing.stop(owner=ana, booking_id=meeting.pk)

    assert at_once(*[opens(cole, meeting, share)] * 3, stop, stop) == [None] * 5
    assert not Share.objects.exists()
    assert Opening.objects.count() <= 1
