"""A specialist who is somebody's client: their own times make way for that meeting, and come back."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.erasure import close_account
from accounts.models import User
from consultations import shopper
from consultations.availability import Reason
from consultations.models import Booking, FailedCheck, Offer, Slot, Specialist
from consultations.services import refusals, verification
from consultations.services.booking_changes import cancel_by_client, cancel_by_specialist
from consultations.services.bookings import reschedule
from consultations.services.explaining import why
from consultations.services.hours import add_slot, change_week
from consultations.services.leaving import block
from consultations.services.slots import close_slot, differing, generate, open_slot, set_limits
from consultations.services.waiting import add_waiting_entry
from consultations.templatetags.booking_words import why as in_words
from tests.consultations.cast import NOW, booked, books, slot, verified
from tests.consultations.racing import member

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
SOON = NOW + timedelta(days=2)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture
def mara(cole: User) -> Specialist:
    """The specialist who is a client, with three times."""
    specialist = verified(cole)
    for number in range(3):
        slot(specialist, SOON + number * HOUR)
    return specialist


@pytest.fixture
def host(db: None) -> Specialist:
    """The colleague, with times that overlap those of Mara."""
    specialist = verified(member("host"))
    for number in range(3):
        slot(specialist, SOON + number * HOUR + QUARTER)
    return specialist


@pytest.fixture(autouse=True)
def every_slot_agrees(db: None) -> Iterator[None]:
    yield
    assert not list(differing(NOW))


def meets(mara: Specialist, host: Specialist, number: int = 0) -> Booking:
    """Mara books a time of her colleague."""
    return books(mara.user, host.slots.order_by("starts_at")[number])


def offered(specialist: Specialist) -> list[int]:
    """The numbers of the times that are open."""
    return [(one.starts_at - SOON) // HOUR for one in specialist.slots.open_from(NOW)]


def test_a_time_at_which_a_specialist_is_a_client_is_not_offered(mara: Specialist, host: Specialist, ana: User) -> None:
    meets(mara, host, 1)
    assert offered(mara) == offered(host) == [0, 2]
    with pytest.raises(refusals.Taken):
        books(ana, mara.slots.get(starts_at=SOON + HOUR))
    for free in mara.slots.open_from(NOW):
        books(member(f"client-{free.pk}"), free)


def test_the_shopper_finds_nothing_to_report(mara: Specialist, host: Specialist) -> None:
    for number in (0, 2):
        booking = meets(mara, host, number)
        shopper.shop(now=NOW)
        assert not FailedCheck.objects.exists()
        cancel_by_client(booking_id=booking.pk, client=mara.user, now=NOW)


def test_a_meeting_that_moves_takes_the_time_with_it(mara: Specialist, host: Specialist) -> None:
    booking = meets(mara, host)
    other = host.slots.get(starts_at=SOON + 2 * HOUR + QUARTER)
    reschedule(booking_id=booking.pk, client=mara.user, slot_id=other.pk, now=NOW)
    assert offered(mara) == [0, 1]


ENDS: dict[str, Callable[[Booking, User, User], object]] = {
    "client cancels": lambda one, mara, _host: cancel_by_client(booking_id=one.pk, client=mara, now=NOW),
    "host cancels": lambda one, _mara, host: cancel_by_specialist(booking_id=one.pk, specialist=host, now=NOW),
    "host is suspended": lambda _one, _mara, host: verification.suspend(specialist_id=host.pk, reason="x", now=NOW),
    "host is shut out": lambda _one, _mara, host: verification.shut_out(host, NOW),
    "host is erased": lambda _one, _mara, host: close_account(owner=host, now=NOW),
    "client blocks": lambda _one, mara, host: block(owner=mara, other_id=host.pk, now=NOW),
    "host blocks": lambda _one, mara, host: block(owner=host, other_id=mara.pk, now=NOW),
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
def test_a_meeting_that_is_called_off_gives_the_time_back_and_the_waiting_list_hears(
    ends: Callable[[Booking, User, User], object], mara: Specialist, host: Specialist, ana: User
) -> None:
    for number in (1, 2):  # nothing sooner is open
        books(member(f"client-{number}"), mara.slots.order_by("starts_at")[number])
    booking = meets(mara, host)
    entry = add_waiting_entry(owner=ana, specialist_id=mara.pk, mail=None, now=NOW)
    assert offered(mara) == []
    ends(booking, mara.user, host.user)
    assert offered(mara) == [0]
    assert [one.slot.starts_at for one in Offer.objects.filter(waiting_entry=entry)] == [SOON]


def test_nobody_hears_of_the_times_of_somebody_who_leaves(mara: Specialist, host: Specialist, ana: User) -> None:
    meets(mara, host)
    add_waiting_entry(owner=ana, theme="balance", mail=None, now=NOW)
    Slot.objects.filter(specialist=host).exclude(bookings=Booking.objects.get()).delete()
    for free in mara.slots.open_from(NOW):
        close_slot(specialist_id=mara.pk, slot_id=free.pk)
    close_account(owner=mara.user, now=NOW)
    assert [one.slot.specialist for one in Offer.objects.all()] == [host]


def test_buffers_and_limits_are_about_meeting_clients(mara: Specialist, host: Specialist) -> None:
    limits = {"buffer_before": 60, "buffer_after": 60, "most_a_day": 1, "most_a_week": 1}
    set_limits(specialist_id=mara.pk, **limits, now=NOW)
    booking = meets(mara, host, 1)
    assert offered(mara) == [0, 2]
    generate(specialist_id=mara.pk, now=NOW - HOUR)
    assert offered(mara) == [0, 2]
    cancel_by_client(booking_id=booking.pk, client=mara.user, now=NOW)
    assert offered(mara) == [0, 1, 2]


def test_whatever_else_changes_times_knows_the_meeting(mara: Specialist, host: Specialist) -> None:
    meets(mara, host, 1)
    then = mara.slots.get(starts_at=SOON + HOUR)
    close_slot(specialist_id=mara.pk, slot_id=then.pk)
    open_slot(specialist_id=mara.pk, slot_id=then.pk, now=NOW)
    then.refresh_from_db()
    assert not then.is_open
    Slot.objects.filter(specialist=mara).delete()
    single = add_slot(specialist_id=mara.pk, starts_at=SOON + HOUR + QUARTER, now=NOW)
    single.refresh_from_db()
    assert not single.is_open
    Slot.objects.filter(specialist=mara).delete()
    minutes = [(SOON.hour * 60, SOON.hour * 60 + 180)]
    change_week(specialist_id=mara.pk, week={SOON.weekday(): minutes}, first=SOON.date(), last=SOON.date(), now=NOW)
    assert [one.starts_at for one in mara.slots.open_from(NOW)] == [SOON + n * HOUR / 2 for n in (0, 1, 4, 5)]
    change_week(specialist_id=mara.pk, week={}, first=SOON.date(), last=None, now=NOW)
    assert not mara.slots.exists()  # nothing of a colleague's meeting keeps them


def test_a_cancelled_meeting_elsewhere_leaves_what_else_is_in_the_way(
    mara: Specialist, host: Specialist, ana: User
) -> None:
    booking = meets(mara, host, 1)
    close_slot(specialist_id=mara.pk, slot_id=mara.slots.get(starts_at=SOON + HOUR).pk)
    cancel_by_client(booking_id=booking.pk, client=mara.user, now=NOW)
    assert offered(mara) == [0, 2]


def test_check_slots_finds_a_time_that_was_left_open(mara: Specialist, host: Specialist) -> None:
    booked(mara.user, host, SOON + 3 * HOUR)
    free = slot(mara, SOON + 3 * HOUR)
    assert list(differing(NOW)) == [(free.pk, mara.slug, free.starts_at, False)]
    generate(specialist_id=mara.pk, now=NOW)  # as each night


def test_its_specialist_reads_why_without_a_name(mara: Specialist, host: Specialist) -> None:
    meets(mara, host, 1)
    answer = why(mara, SOON.date(), SOON.hour * 60 + 60, NOW, is_reachable=True)
    assert answer.reason is Reason.OWN_MEETING
    words = in_words(answer)
    assert words.endswith("is not offered: you have a meeting of your own then.")
    assert host.name not in words


def test_a_booking_costs_one_query_more_if_its_client_has_times_of_their_own(
    mara: Specialist, host: Specialist, ana: User
) -> None:
    """What it costs a member is fixed in `test_bookings.py`."""
    costs = []
    for client, free in zip((ana, mara.user), host.slots.order_by("starts_at"), strict=False):
        with CaptureQueriesContext(connection) as asked:
            books(client, free)
        costs.append(len(asked))
    assert costs[1] == costs[0] + 1
