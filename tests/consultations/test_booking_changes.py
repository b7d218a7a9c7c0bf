"""Changes to a booking: cancelled, completed, missed, contested; and how long its words are kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Mail, Notice, User
from accounts.sealing import CannotOpen
from accounts.self_document import change
from consultations.models import Booking, Slot, Specialist, WeeklyHours
from consultations.models.bookings import Fit, Status
from consultations.services import booking_changes
from consultations.services.hours import set_dates
from consultations.services.refusals import NotNow
from consultations.services.slots import differing, generate, open_slot
from consultations.services.waiting import add_waiting_entry
from tests.consultations.cast import NOW, a_host, booked, books, slot, verified
from tests.notices import new_about
from tests.outbox import mailed

pytestmark = pytest.mark.django_db
SOON, PAST = NOW + timedelta(days=2), NOW - timedelta(hours=1)
CHANGED = Notice.Kind.MEETING_CHANGED
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def upcoming(ana: User, specialist: Specialist) -> Booking:
    return booked(ana, specialist, SOON, mail=True)


@pytest.fixture
def past(ana: User, specialist: Specialist) -> Booking:
    return booked(ana, specialist, PAST, mail=True)


def told() -> list[tuple[str, str]]:
    return sorted(Mail.objects.values_list("owner__email", "once"))


def lines(booking: Booking) -> list[tuple[str, str]]:
    """Its history."""
    return list(booking.changes.order_by("pk").values_list("side", "status"))


def is_open(booking: Booking) -> bool:
    return Slot.objects.filter(bookings=booking, is_open=True).exists()


def test_a_client_calls_off_and_the_specialist_is_told(ana: User, cole: User, upcoming: Booking) -> None:
    for _twice in range(2):
        booking = booking_changes.cancel_by_client(booking_id=upcoming.pk, client=ana, now=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.sequence) == (Status.CANCELLED_BY_CLIENT, 1)
    assert (new_about(ana), new_about(cole)) == ([], [(CHANGED, booking.pk)])
    assert lines(booking) == [("client", "cancelled_by_client")]
    assert told() == [(cole.email, "cancelled:1")]
    assert is_open(booking)
    assert booking.document(ana)["note"] == "marker"


def test_a_specialist_calls_off_and_the_client_sees_it(ana: User, cole: User, upcoming: Booking) -> None:
    for _twice in range(2):
        booking = booking_changes.cancel_by_specialist(booking_id=upcoming.pk, specialist=cole, now=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.sequence) == (Status.CANCELLED_BY_SPECIALIST, 1)
    assert (new_about(ana), new_about(cole)) == ([(CHANGED, booking.pk)], [])
    assert lines(booking) == [("specialist", "cancelled_by_specialist")]
    assert told() == [(ana.email, "cancelled:1")]
    assert not is_open(booking)  # the specialist has other plans
    assert booking.slot
    open_slot(specialist_id=cole.pk, slot_id=booking.slot.pk, now=NOW)
    assert is_open(booking)


@pytest.mark.parametrize("answer", [False, None])
def test_without_a_yes_a_client_has_a_notice_and_no_mail(
    answer: bool | None, ana: User, cole: User, upcoming: Booking
) -> None:
    Booking.objects.update(mail=answer)
    booking_changes.cancel_by_specialist(booking_id=upcoming.pk, specialist=cole, now=NOW)
    assert new_about(ana) == [(CHANGED, upcoming.pk)]
    assert told() == []


@pytest.mark.parametrize(("answer", "mails"), [(True, ["cancelled"]), (None, ["news"]), (False, [])])
def test_a_client_for_whom_e_mail_is_safe_has_one_mail_or_none(
    answer: bool | None, mails: list[str], ana: User, cole: User, upcoming: Booking
) -> None:
    change(ana, mail_is_safe=True)
    Booking.objects.update(mail=answer)
    booking_changes.cancel_by_specialist(booking_id=upcoming.pk, specialist=cole, now=NOW)
    assert list(Mail.objects.values_list("kind", flat=True)) == mails


@pytest.mark.parametrize(("answer", "mails"), [(True, ["news"]), (None, ["news"]), (False, [])])
def test_a_change_without_a_mail_of_its_own_is_mailed_as_a_notice(
    answer: bool | None, mails: list[str], ana: User, cole: User, past: Booking
) -> None:
    change(ana, mail_is_safe=True)
    Booking.objects.update(mail=answer)
    booking_changes.mark_no_show(booking_id=past.pk, by=cole, now=NOW)
    assert list(Mail.objects.values_list("kind", flat=True)) == mails


def test_only_the_two_sides_call_off_and_each_as_what_they_are(
    ana: User, ben: User, cole: User, dana: User, upcoming: Booking
) -> None:
    for person in (ben, cole, dana):
        with pytest.raises(Booking.DoesNotExist):
            booking_changes.cancel_by_client(booking_id=upcoming.pk, client=person, now=NOW)
    for person in (ana, ben, dana):
        with pytest.raises(Booking.DoesNotExist):
            booking_changes.cancel_by_specialist(booking_id=upcoming.pk, specialist=person, now=NOW)


def test_what_has_begun_or_was_called_off_is_not_called_off(ana: User, cole: User, upcoming: Booking) -> None:
    with pytest.raises(NotNow):
        booking_changes.cancel_by_client(booking_id=upcoming.pk, client=ana, now=SOON)
    booking_changes.cancel_by_client(booking_id=upcoming.pk, client=ana, now=SOON - MOMENT)
    with pytest.raises(NotNow):
        booking_changes.cancel_by_specialist(booking_id=upcoming.pk, specialist=cole, now=NOW)


def test_a_slot_that_is_free_again_is_booked_again(ana: User, ben: User, specialist: Specialist) -> None:
    free_slot, over = slot(specialist, SOON), slot(specialist, SOON + timedelta(minutes=10))
    closed = slot(specialist, SOON - timedelta(minutes=10), is_open=False, closed=True)
    first = books(ana, free_slot)
    add_waiting_entry(owner=ben, specialist_id=specialist.pk, mail=True, now=NOW)
    booking_changes.cancel_by_client(booking_id=first.pk, client=ana, now=NOW)
    assert Slot.objects.filter(is_open=True).count() == 2
    assert not Slot.objects.get(pk=closed.pk).is_open
    assert Mail.objects.filter(owner=ben, kind="opening").count() == 1
    second = books(ben, over)
    assert second.starts_at == over.starts_at
    assert not Slot.objects.filter(is_open=True).exists()


def test_a_slot_that_the_hours_no_longer_ask_for_does_not_open_again(
    ana: User, ben: User, specialist: Specialist
) -> None:
    """The day was closed while the slot was booked: the slot stays for that booking only."""
    WeeklyHours.objects.create(
        specialist=specialist, weekday=SOON.weekday(), starts=0, ends=1440, valid_from=NOW.date()
    )
    generate(specialist_id=specialist.pk, now=NOW)
    first = books(ana, Slot.objects.get(starts_at=SOON))
    second = books(ben, Slot.objects.get(starts_at=SOON + timedelta(hours=1)))
    booking_changes.cancel_by_client(booking_id=second.pk, client=ben, now=NOW)
    assert is_open(second)
    set_dates(specialist_id=specialist.pk, first=SOON.date(), last=SOON.date(), ranges=(), now=NOW)
    booking_changes.cancel_by_client(booking_id=first.pk, client=ana, now=NOW)
    assert not is_open(first)
    assert not list(differing(NOW))
    generate(specialist_id=specialist.pk, now=NOW)
    assert not Slot.objects.filter(starts_at=SOON).exists()


def test_a_slot_that_another_booking_still_fills_stays_closed(ana: User, specialist: Specialist, ben: User) -> None:
    upcoming = booked(ana, specialist, SOON)
    booked(ben, specialist, SOON + timedelta(minutes=30))
    between = slot(specialist, SOON + timedelta(minutes=10), is_open=False)
    booking_changes.cancel_by_client(booking_id=upcoming.pk, client=ana, now=NOW)
    assert is_open(upcoming)
    assert not Slot.objects.get(pk=between.pk).is_open


def test_called_off_within_the_notice_nobody_books_it(ana: User, ben: User, upcoming: Booking) -> None:
    assert upcoming.slot
    add_waiting_entry(owner=ben, specialist_id=upcoming.specialist_id, mail=True, now=NOW)
    booking_changes.cancel_by_client(booking_id=upcoming.pk, client=ana, now=SOON - 12 * HOUR + MOMENT)
    assert not Mail.objects.filter(owner=ben).exists()


def test_a_specialist_says_that_it_took_place(ana: User, cole: User, past: Booking) -> None:
    booking = booking_changes.mark_completed(booking_id=past.pk, specialist=cole, now=NOW)
    assert (booking.status, lines(booking)) == ("completed", [("specialist", "completed")])
    assert new_about(ana) == []  # as expected
    with pytest.raises(NotNow):
        booking_changes.mark_completed(booking_id=past.pk, specialist=cole, now=NOW)


def test_either_side_says_that_the_other_did_not_come(ana: User, ben: User, cole: User, past: Booking) -> None:
    booking = booking_changes.mark_no_show(booking_id=past.pk, by=cole, now=NOW)
    assert (booking.status, new_about(ana)) == (Status.CLIENT_NO_SHOW, [(CHANGED, booking.pk)])
    with pytest.raises(NotNow):  # withdrawing it is not possible: one objects
        booking_changes.mark_no_show(booking_id=past.pk, by=ana, now=NOW)
    other = booked(ben, cole.specialist, PAST - HOUR)
    booking = booking_changes.mark_no_show(booking_id=other.pk, by=ben, now=NOW)
    assert (booking.status, new_about(ben)) == (Status.SPECIALIST_NO_SHOW, [])
    assert new_about(cole) == [(CHANGED, booking.pk)]
    for person in (ana, User.objects.create_user("dora@example.org")):
        with pytest.raises(Booking.DoesNotExist):
            booking_changes.mark_no_show(booking_id=other.pk, by=person, now=NOW)


def test_a_no_show_is_taken_back(ana: User, cole: User, past: Booking) -> None:
    booking_changes.mark_no_show(booking_id=past.pk, by=cole, now=NOW)
    booking_changes.object_to(booking_id=past.pk, by=ana, now=NOW)
    booking = booking_changes.mark_completed(booking_id=past.pk, specialist=cole, now=NOW + HOUR)
    assert (booking.status, booking.settled_at) == (Status.COMPLETED, NOW + HOUR)


def test_an_objection_is_settled_by_staff_and_both_are_told(ana: User, cole: User, past: Booking) -> None:
    booking_changes.mark_no_show(booking_id=past.pk, by=cole, now=NOW)
    with pytest.raises(NotNow):
        booking_changes.settle(booking_id=past.pk, outcome=Status.COMPLETED, now=NOW)
    with pytest.raises(NotNow):
        booking_changes.object_to(booking_id=past.pk, by=cole, now=NOW)
    booking = booking_changes.object_to(booking_id=past.pk, by=ana, now=NOW)
    assert (booking.objected_at, booking.status) == (NOW, Status.CLIENT_NO_SHOW)
    with pytest.raises(NotNow):
        booking_changes.object_to(booking_id=past.pk, by=ana, now=NOW)
    booking = booking_changes.settle(booking_id=past.pk, outcome=Status.COMPLETED, now=NOW + HOUR)
    assert (booking.status, booking.settled_at) == (Status.COMPLETED, NOW + HOUR)
    assert new_about(ana) == new_about(cole) == [(CHANGED, booking.pk)]
    assert told() == [(ana.email, "objection"), (cole.email, "objection")]
    assert lines(booking)[-1] == ("staff", "completed")
    with pytest.raises(NotNow):
        booking_changes.settle(booking_id=past.pk, outcome=Status.CLIENT_NO_SHOW, now=NOW)


def test_of_an_objection_that_is_settled_only_who_may_be_mailed_has_a_mail(
    ana: User, cole: User, past: Booking
) -> None:
    Booking.objects.update(mail=None, status=Status.CLIENT_NO_SHOW, objected_at=NOW)
    booking_changes.settle(booking_id=past.pk, outcome=Status.COMPLETED, now=NOW)
    assert new_about(ana) == [(CHANGED, past.pk)]
    assert told() == [(cole.email, "objection")]


def test_an_objection_of_somebody_who_left_is_settled(cole: User, past: Booking) -> None:
    Booking.objects.update(client=None, status=Status.CLIENT_NO_SHOW, objected_at=NOW)
    booking_changes.settle(booking_id=past.pk, outcome=Status.COMPLETED, now=NOW)
    assert told() == [(cole.email, "objection")]
    Booking.objects.update(specialist=None, settled_at=None)
    Mail.objects.all().delete()
    booking_changes.settle(booking_id=past.pk, outcome=Status.COMPLETED, now=NOW)
    assert told() == []


def test_each_side_answers_for_itself(ana: User, cole: User, past: Booking) -> None:
    booking_changes.answer_fit(booking_id=past.pk, by=ana, fit=Fit.YES, now=NOW)
    booking_changes.answer_fit(booking_id=past.pk, by=cole, fit=Fit.NO, now=NOW)
    past.refresh_from_db()
    assert (past.client_fit, past.specialist_fit) == (Fit.YES, Fit.NO)
    assert new_about(ana) == new_about(cole) == []
    with pytest.raises(NotNow):
        booking_changes.answer_fit(booking_id=past.pk, by=ana, fit=Fit.NO, now=PAST)


@pytest.mark.parametrize(("answer", "reminds"), [(True, True), (False, False), (None, False)])
def test_reminders_need_a_yes(answer: bool | None, reminds: bool, ana: User, upcoming: Booking) -> None:
    change: Callable[..., Any] = booking_changes.set_reminders
    chosen = {"mail": answer, "remind_day": True, "remind_hour": True}
    change(booking_id=upcoming.pk, client=ana, now=NOW, **chosen)
    upcoming.refresh_from_db()
    assert (upcoming.mail, upcoming.remind_day, upcoming.remind_hour) == (answer, reminds, reminds)
    with pytest.raises(NotNow):
        change(booking_id=upcoming.pk, client=ana, now=SOON, **chosen)


def test_a_yes_that_is_taken_back_holds_for_mails_that_wait(ana: User, specialist: Specialist) -> None:
    booking = books(ana, slot(specialist, SOON))
    booking_changes.set_reminders(
        booking_id=booking.pk, client=ana, mail=False, remind_day=False, remind_hour=False, now=NOW
    )
    assert ana.email not in {letter.to[0] for letter in mailed()}
    assert Mail.objects.get(owner=ana).dropped_at == NOW


def test_own_words_for_the_calendar_leave_the_others(ana: User, upcoming: Booking) -> None:
    booking_changes.set_summary(booking_id=upcoming.pk, client=ana, summary="Dentist")
    upcoming.refresh_from_db()
    words = {"name": "Ana", "note": "marker", "address": "https://meet.example/room", "summary": "Dentist"}
    assert upcoming.document(ana) == words


def test_a_specialist_replaces_the_address_until_the_start(ana: User, cole: User, upcoming: Booking) -> None:
    new = "https://meet.example/other"
    booking_changes.replace_address(booking_id=upcoming.pk, specialist=cole, address=new, now=SOON - MOMENT)
    upcoming.refresh_from_db()
    assert (upcoming.document(ana)["address"], upcoming.document(ana)["note"]) == (new, "marker")
    assert (new_about(ana), lines(upcoming)) == ([(CHANGED, upcoming.pk)], [("specialist", "booked")])
    with pytest.raises(NotNow):
        booking_changes.replace_address(booking_id=upcoming.pk, specialist=cole, address=new, now=SOON)
    with pytest.raises(Booking.DoesNotExist):
        booking_changes.replace_address(booking_id=upcoming.pk, specialist=ana, address=new, now=NOW)


def test_seven_days_after_its_end_a_booking_took_place(ana: User, specialist: Specialist) -> None:
    ends_at = PAST + HOUR / 2
    booking = booked(ana, specialist, PAST)
    for number, status in enumerate(set(Status) - {Status.BOOKED}):
        booked(ana, a_host(f"host-{number}"), PAST - (number + 1) * HOUR, status=status)
    before = list(Booking.objects.exclude(pk=booking.pk).order_by("pk").values())
    assert booking_changes.complete_past(now=ends_at + 7 * DAY - MOMENT) == 0
    assert booking_changes.complete_past(now=ends_at + 7 * DAY) == 1
    assert booking_changes.complete_past(now=ends_at + 7 * DAY) == 0
    booking.refresh_from_db()
    assert (booking.status, lines(booking)) == (Status.COMPLETED, [("site", "completed")])
    assert list(Booking.objects.exclude(pk=booking.pk).order_by("pk").values()) == before


def test_many_past_bookings_are_completed_batch_by_batch(
    ana: User, ben: User, specialist: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking_changes, "BATCH", 2)
    people = [ana, ben, *(User.objects.create_user(f"{number}@example.org") for number in range(3))]
    for number, person in enumerate(people):
        booked(person, specialist, PAST - number * HOUR)
    assert booking_changes.complete_past(now=NOW + 8 * DAY) == 5
    assert set(Booking.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_words_and_bookings_are_forgotten_to_the_moment(ana: User, ben: User, past: Booking) -> None:
    upcoming = booked(ben, a_host("host"), SOON)
    assert booking_changes.forget_notes(before=past.ends_at) == 0
    assert booking_changes.forget_notes(before=past.ends_at + MOMENT) == 1
    past.refresh_from_db()
    assert past.sealed is None
    with pytest.raises(CannotOpen):
        past.document(ana)
    upcoming.refresh_from_db()
    assert upcoming.document(ben)["note"] == "marker"
    booking_changes.forget_bookings(before=past.ends_at)
    assert Booking.objects.count() == 2
    booking_changes.forget_bookings(before=past.ends_at + MOMENT)
    assert Booking.objects.get() == upcoming
