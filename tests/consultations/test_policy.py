"""What either side may do, as truth tables of state and time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from consultations import policy
from consultations.models import Booking
from consultations.models.bookings import Side, Status
from consultations.times import DURATION
from tests.consultations.cast import NOW

MOMENT, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
START, END = NOW, NOW + DURATION


def booking(**fields: Any) -> Booking:
    return Booking(**{"starts_at": START, "ends_at": END, "status": Status.BOOKED, **fields})


@pytest.mark.parametrize(
    "allows", [policy.may_cancel, policy.may_move, policy.may_set_reminders, policy.may_replace_address]
)
@pytest.mark.parametrize("status", Status)
def test_until_the_start_what_is_booked_can_be_changed(allows: Any, status: Status) -> None:
    assert allows(booking(status=status), START - MOMENT) == (status == Status.BOOKED)
    assert not allows(booking(status=status), START)


def test_a_booking_is_moved_three_times_at_most() -> None:
    assert [policy.may_move(booking(reschedules=moves), START - DAY) for moves in (0, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("now", "is_shown"),
    [
        (START - 15 * MINUTE - MOMENT, False),
        (START - 15 * MINUTE, True),
        (END + 15 * MINUTE - MOMENT, True),
        (END + 15 * MINUTE, False),
    ],
)
def test_how_to_meet_is_shown_around_the_booking(now: datetime, is_shown: bool) -> None:
    assert policy.link_is_shown(booking(), now) == is_shown
    assert not policy.link_is_shown(booking(status=Status.CANCELLED_BY_CLIENT), now)


@pytest.mark.parametrize(
    ("now", "is_time"),
    [
        (START + 10 * MINUTE - MOMENT, False),
        (START + 10 * MINUTE, True),
        (START + 7 * DAY, True),
        (START + 7 * DAY + MOMENT, False),
    ],
)
@pytest.mark.parametrize("status", Status)
def test_a_no_show_is_marked_from_ten_minutes_until_seven_days(now: datetime, is_time: bool, status: Status) -> None:
    allowed = is_time and status in (Status.BOOKED, Status.COMPLETED)
    assert policy.may_mark_no_show(booking(status=status), now) == allowed
    assert not policy.may_mark_no_show(booking(status=status, objected_at=now), now)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("side", policy.OTHER)
def test_a_no_show_is_taken_back_by_who_marked_it_until_there_is_an_objection(status: Status, side: Side) -> None:
    allowed = (status, side) in [
        (Status.CLIENT_NO_SHOW, Side.SPECIALIST),
        (Status.SPECIALIST_NO_SHOW, Side.CLIENT),
    ]
    assert policy.may_take_back(booking(status=status), side) == allowed
    assert not policy.may_take_back(booking(status=status, objected_at=END), side)


@pytest.mark.parametrize("status", Status)
def test_a_booking_is_completed_from_ten_minutes_on(status: Status) -> None:
    allowed = status in (Status.BOOKED, Status.CLIENT_NO_SHOW)
    assert not policy.may_mark_completed(booking(status=status), START + 10 * MINUTE - MOMENT)
    assert policy.may_mark_completed(booking(status=status), START + 10 * MINUTE) == allowed
    assert not policy.may_mark_completed(booking(status=status, settled_at=END), END)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("side", Side)
def test_who_is_said_not_to_have_come_objects_once(status: Status, side: Side) -> None:
    allowed = (status, side) in [
        (Status.CLIENT_NO_SHOW, Side.CLIENT),
        (Status.SPECIALIST_NO_SHOW, Side.SPECIALIST),
    ]
    assert policy.may_object(booking(status=status), side) == allowed
    assert not policy.may_object(booking(status=status, objected_at=END), side)


def test_staff_settle_what_was_objected_to_once() -> None:
    assert not policy.may_settle(booking())
    assert policy.may_settle(booking(objected_at=END))
    assert not policy.may_settle(booking(objected_at=END, settled_at=END))


@pytest.mark.parametrize("status", Status)
def test_whether_it_was_a_fit_is_asked_after_it(status: Status) -> None:
    allowed = status in (Status.BOOKED, Status.COMPLETED)
    assert not policy.may_answer_fit(booking(status=status), END - MOMENT)
    assert policy.may_answer_fit(booking(status=status), END) == allowed
