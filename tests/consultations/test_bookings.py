"""Booking and moving: what is checked again on the server, what is stored, and who is told."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Mail, Notice, User
from consultations.limits import Limit
from consultations.models import Booking, BookingChange, Slot, Specialist
from consultations.models.bookings import Status
from consultations.services import refusals
from consultations.services.booking_changes import cancel_by_client
from consultations.services.bookings import reschedule
from consultations.services.waiting import add_waiting_entry
from tests.consultations.cast import DETAILS, NOW, a_host, booked, books, slot, verified
from tests.notices import new_about

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)
HOUR, TEN, DAY = timedelta(hours=1), timedelta(minutes=10), timedelta(days=1)
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def free_slot(specialist: Specialist) -> Slot:
    return slot(specialist, SOON)


def test_a_slot_is_booked_with_words_that_only_the_client_key_opens(ana: User, free_slot: Slot) -> None:
    booking = Booking.objects.get(pk=books(ana, free_slot).pk)
    assert (booking.client, booking.starts_at, booking.ends_at) == (ana, SOON, SOON + timedelta(minutes=30))
    words = booking.document(ana)
    assert words == {
        "name": "Ana",
        "note": "marker",
        "address": "https://meet.example/room",
        "summary": "",
        "room": words["room"],
    }
    assert b"marker" not in bytes(booking.sealed or b"")


def test_both_are_told_and_nobody_who_gave_no_yes(ana: User, ben: User, cole: User, free_slot: Slot) -> None:
    other = slot(free_slot.specialist, SOON + HOUR)
    books(ana, free_slot)
    books(ben, other, details=replace(DETAILS, mail=None, remind_day=True, remind_hour=True))
    assert sorted(Mail.objects.values_list("owner__email", "kind", "once")) == [
        (ana.email, "confirmed", "confirmed:0"),
        (cole.email, "confirmed", "confirmed:0"),
        (cole.email, "confirmed", "confirmed:0"),
    ]
    silent = Booking.objects.get(client=ben)
    assert (silent.mail, silent.remind_day, silent.remind_hour) == (None, False, False)


def test_reminders_are_kept_with_a_yes(ana: User, free_slot: Slot) -> None:
    booking = books(ana, free_slot, details=replace(DETAILS, remind_day=True))
    assert (booking.remind_day, booking.remind_hour) == (True, False)


def test_slots_that_overlap_are_closed_and_those_back_to_back_are_not(ana: User, free_slot: Slot) -> None:
    starts = [SOON + minutes * MINUTE for minutes in (-30, -20, 10, 30)]
    around = [slot(free_slot.specialist, starts_at) for starts_at in starts]
    books(ana, free_slot)
    assert [Slot.objects.get(pk=row.pk).is_open for row in [*around, free_slot]] == [True, False, False, True, False]


def test_a_form_that_comes_again_gets_its_booking_whatever_has_become_of_it(
    ana: User, ben: User, free_slot: Slot
) -> None:
    token, another = uuid.uuid4(), slot(free_slot.specialist, SOON + HOUR)
    booking = books(ana, free_slot, token=token)
    assert books(ana, free_slot, token=token) == books(ana, another, token=token) == booking
    cancel_by_client(booking_id=booking.pk, client=ana, now=NOW)
    assert books(ana, another, token=token).status == Status.CANCELLED_BY_CLIENT
    of_ben = verified(ben)
    assert books(ana, slot(of_ben, SOON + 5 * HOUR), token=token) == booking
    assert Booking.objects.count() == 1


def test_a_token_is_of_one_person(ana: User, ben: User, free_slot: Slot) -> None:
    token = uuid.uuid4()
    books(ana, free_slot, token=token)
    with pytest.raises(refusals.Taken):
        books(ben, free_slot, token=token)


def test_moving_changes_the_row_and_says_so_to_both(ana: User, cole: User, free_slot: Slot) -> None:
    booking, to = books(ana, free_slot), slot(free_slot.specialist, SOON + DAY)
    Mail.objects.all().delete()
    moved = reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW + HOUR)
    moved.refresh_from_db()
    assert (moved.pk, moved.slot, moved.starts_at, moved.ends_at) == (booking.pk, to, to.starts_at, to.ends_at)
    assert (moved.sequence, moved.reschedules, moved.changed_at) == (1, 1, NOW + HOUR)
    assert (new_about(ana), new_about(cole)) == ([], [(Notice.Kind.MEETING_CHANGED, booking.pk)])
    assert moved.document(ana)["note"] == "marker"
    [line] = moved.changes.all()
    assert (line.side, line.status, line.moved_from, line.at) == ("client", "booked", SOON, NOW + HOUR)
    assert [Slot.objects.get(pk=row.pk).is_open for row in (free_slot, to)] == [True, False]
    assert sorted(Mail.objects.values_list("owner__email", "once")) == [
        (ana.email, "moved:1"),
        (cole.email, "moved:1"),
    ]
    assert reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW + HOUR).sequence == 1  # sent twice


def test_a_booking_is_moved_three_times(ana: User, free_slot: Slot) -> None:
    booking = books(ana, free_slot)
    free_slots = [slot(free_slot.specialist, SOON + (number + 1) * HOUR) for number in range(4)]
    for to in free_slots[:3]:
        reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW)
    with pytest.raises(refusals.TooMany) as caught:
        reschedule(booking_id=booking.pk, client=ana, slot_id=free_slots[3].pk, now=NOW)
    assert caught.value.limit == Limit.MOVES
    assert Booking.objects.get().slot == free_slots[2]
    assert [row.is_open for row in Slot.objects.order_by("starts_at")] == [True, True, True, False, True]


def test_moving_is_refused_as_booking_is_and_the_old_slot_stands(
    ana: User, ben: User, cole: User, free_slot: Slot
) -> None:
    booking = books(ana, free_slot)
    taken, near = booked(ben, free_slot.specialist, SOON + HOUR), slot(free_slot.specialist, NOW + HOUR)
    elsewhere, away = slot(a_host("host"), SOON + 2 * HOUR), slot(free_slot.specialist, SOON + 3 * HOUR)
    booked(cole, a_host("another"), SOON + 3 * HOUR)
    assert taken.slot
    for to, refusal in [
        (taken.slot, refusals.Taken),
        (near, refusals.TooSoon),
        (elsewhere, refusals.Gone),
        (away, refusals.Taken),
    ]:
        with pytest.raises(refusal):
            reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW)
    with pytest.raises(Booking.DoesNotExist):
        reschedule(booking_id=booking.pk, client=ben, slot_id=away.pk, now=NOW)
    Specialist.objects.update(status="suspended")
    with pytest.raises(refusals.NobodyThere):
        reschedule(booking_id=booking.pk, client=ana, slot_id=away.pk, now=NOW)
    booking.refresh_from_db()
    assert (booking.slot, booking.starts_at, booking.sequence) == (free_slot, SOON, 0)
    assert not BookingChange.objects.exists()


def test_what_has_begun_or_was_called_off_is_not_moved(ana: User, free_slot: Slot) -> None:
    booking, to = books(ana, free_slot), slot(free_slot.specialist, SOON + DAY)
    with pytest.raises(refusals.NotNow):
        reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=SOON)
    cancel_by_client(booking_id=booking.pk, client=ana, now=NOW)
    with pytest.raises(refusals.NotNow):
        reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW)


def test_who_waits_is_told_of_a_slot_that_a_move_opens(ana: User, ben: User, free_slot: Slot) -> None:
    booking, to = books(ana, free_slot), slot(free_slot.specialist, SOON + DAY)
    add_waiting_entry(owner=ben, specialist_id=free_slot.specialist_id, mail=True, now=NOW)
    reschedule(booking_id=booking.pk, client=ana, slot_id=to.pk, now=NOW)
    assert Mail.objects.filter(owner=ben, kind="opening").exists()


@pytest.mark.parametrize("others", [0, 40])
def test_booking_takes_as_many_queries_whatever_is_there(others: int, ana: User, free_slot: Slot) -> None:
    """A page adds session, account and specialist."""
    for number in range(others):
        slot(free_slot.specialist, SOON + (number + 1) * HOUR)
        other = User.objects.create_user(f"{number}@example.org")
        booked(other, free_slot.specialist, SOON - (number + 1) * HOUR)
        other = User.objects.create_user(f"of-{number}@example.org")
        booked(ana, verified(other), NOW - (number + 31) * DAY, status=Status.COMPLETED, made_at=NOW - 60 * DAY)
    with CaptureQueriesContext(connection) as captured:
        books(ana, free_slot)
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 10, asked
