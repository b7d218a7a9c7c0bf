"""The waiting list is notified in order, one person at a time per slot; nothing is reserved, no mail says what for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from consultations import tasks
from consultations.models import Block, Booking, Offer, Slot, Specialist, WaitingEntry, WeeklyHours
from consultations.services import booking_changes, slots, waiting
from consultations.services.waiting import (
    MetAlready,
    NobodyThere,
    TooManyWaitingEntries,
    offered_slots,
    slots_opened,
    stop_waiting,
    tell_next,
)
from consultations.times import DURATION
from tests import outbox
from tests.consultations.cast import NOW, booked, slot, verified

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
SECOND = timedelta(seconds=1)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole, themes=["balance"], languages=["en", "de"], notice_hours=12)


@pytest.fixture
def free_slot(specialist: Specialist) -> Slot:
    return slot(specialist, SOON)


def waits(owner: User, *, minute: int = 0, **asked: Any) -> WaitingEntry:
    given = {"mail": True, "now": NOW - HOUR + timedelta(minutes=minute), **asked}
    return waiting.add_waiting_entry(owner=owner, **given)


def told() -> list[str]:
    """Who was told, in order."""
    return list(Offer.objects.order_by("pk").values_list("waiting_entry__owner__email", flat=True))


def mailed(now: datetime = NOW) -> list[str]:
    mail.outbox.clear()
    return [message.to[0] for message in outbox.mailed(now)]


def test_the_longest_waiting_is_told_and_the_next_after_two_hours(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot
) -> None:
    waits(ben, minute=1, specialist_id=specialist.pk)
    waits(ana, minute=0, theme="balance")
    assert slots_opened([free_slot.pk], NOW) == 1
    assert told() == [ana.email]
    assert mailed() == [ana.email]
    assert tell_next(NOW + 2 * HOUR - SECOND) == 0
    tasks.tell_waiting(timestamp=int((NOW + 2 * HOUR).timestamp()))
    assert told() == [ana.email, ben.email]
    assert mailed(NOW + 2 * HOUR) == [ben.email]
    assert tell_next(NOW + 3 * HOUR) == 0
    assert tell_next(NOW + 5 * HOUR) == 0  # nobody is left, and nobody is told twice


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_one_person(ana: User, ben: User, dana: User, specialist: Specialist, free_slot: Slot) -> None:
    for minute, owner in enumerate((ana, ben, dana)):
        waits(owner, minute=minute, specialist_id=specialist.pk)
    slots_opened([free_slot.pk], NOW)
    barrier = Barrier(4)

    def worker(_number: int) -> int:
        try:
            barrier.wait(timeout=60)
            return tell_next(NOW + 2 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(worker, range(4))) == 1
    assert told() == [ana.email, ben.email]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def test_what_was_told_is_found_by_its_index(ana: User, specialist: Specialist) -> None:
    """Among offers of slots that are long past."""
    entry = waits(ana, specialist_id=specialist.pk)
    days = [NOW - timedelta(days=100 + number) for number in range(2_000)]
    slots = [Slot(specialist=specialist, starts_at=day, ends_at=day + DURATION, is_open=False) for day in days]
    Slot.objects.bulk_create(slots)
    Offer.objects.bulk_create(Offer(waiting_entry=entry, slot=slot, told_at=slot.starts_at) for slot in slots)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consultations_offer, consultations_slot")
    plan = waiting.told_long_ago(NOW).explain()
    assert "consultations_offer_told_at" in plan


def test_nobody_is_told_of_a_slot_that_is_taken_again(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot
) -> None:
    waits(ana, specialist_id=specialist.pk)
    waits(ben, minute=1, specialist_id=specialist.pk)
    slots_opened([free_slot.pk], NOW)
    Slot.objects.update(is_open=False)
    assert tell_next(NOW + 2 * HOUR) == 0
    assert mailed() == []  # checked again when the mail is sent
    assert offered_slots(ana, NOW) == []


def test_somebody_who_is_first_for_several_is_mailed_once(ana: User, ben: User, specialist: Specialist) -> None:
    waits(ana, specialist_id=specialist.pk)
    waits(ben, minute=1, specialist_id=specialist.pk)
    free_slots = [slot(specialist, SOON + number * HOUR) for number in range(3)]
    assert slots_opened([other_slot.pk for other_slot in free_slots], NOW) == 1
    assert told() == [ana.email] * 3
    assert mailed() == [ana.email]
    assert offered_slots(ana, NOW) == free_slots
    Block.objects.create(owner=specialist.user, other=ana, made_at=NOW)
    assert offered_slots(ana, NOW) == []


def test_who_knows_of_an_earlier_slot_is_not_told_of_a_later_one(ana: User, ben: User, specialist: Specialist) -> None:
    waits(ana, specialist_id=specialist.pk)
    earlier, middle, later = (slot(specialist, SOON + number * HOUR, is_open=number > 0) for number in range(3))
    assert slots_opened([middle.pk], NOW) == 1
    assert slots_opened([later.pk], NOW) == 0
    waits(ben, minute=1, specialist_id=specialist.pk)
    assert slots_opened([later.pk], NOW) == 0
    Slot.objects.filter(pk=earlier.pk).update(is_open=True)
    assert slots_opened([earlier.pk], NOW) == 1
    assert told() == [ana.email, ana.email]
    Slot.objects.filter(pk__in=[earlier.pk, middle.pk]).update(is_open=False)
    assert slots_opened([later.pk], NOW + HOUR) == 1  # that one is the earliest by now
    assert told()[2:] == [ana.email]


def test_what_somebody_waits_for_elsewhere_hides_no_slot_from_them(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot
) -> None:
    other = verified(ben, notice_hours=12)
    waits(ana, specialist_id=other.pk)
    waits(ana, specialist_id=specialist.pk)
    slots_opened([slot(other, SOON - HOUR).pk], NOW)
    assert slots_opened([free_slot.pk], NOW) == 1
    assert [one.specialist for one in offered_slots(ana, NOW)] == [other, specialist]


def test_a_slot_is_told_to_nobody_where_an_earlier_one_as_good_can_be_booked(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot
) -> None:
    other = verified(ben, themes=["balance", "refusals"], languages=["en"], notice_hours=12)
    other_slot = slot(other, SOON - HOUR)
    waits(ana, theme="balance", language="en")
    assert slots_opened([free_slot.pk], NOW) == 0
    Specialist.objects.filter(pk=other.pk).update(notice_hours=48)  # within the notice
    assert slots_opened([free_slot.pk], NOW) == 1
    Specialist.objects.filter(pk=other.pk).update(notice_hours=12, languages=["pt"])  # no longer equally suitable
    assert slots_opened([free_slot.pk], NOW) == 1
    Specialist.objects.filter(pk=other.pk).update(languages=["en"])
    assert slots_opened([free_slot.pk], NOW) == 0
    Slot.objects.filter(pk=other_slot.pk).update(is_open=False)
    assert slots_opened([free_slot.pk], NOW) == 1


def test_a_slot_that_opens_again_is_told_again(ana: User, ben: User, specialist: Specialist, free_slot: Slot) -> None:
    waits(ana, specialist_id=specialist.pk)
    waits(ben, minute=1, specialist_id=specialist.pk)
    slots_opened([free_slot.pk], NOW)
    tell_next(NOW + 2 * HOUR)
    assert told() == [ana.email, ben.email]
    booking = booked(ben, specialist, SOON, slot=free_slot)
    Slot.objects.update(is_open=False)
    booking_changes.cancel_by_client(booking_id=booking.pk, client=ben, now=NOW + 3 * HOUR)
    assert told() == [ana.email]
    assert mailed(NOW + 3 * HOUR).count(ana.email) >= 1
    assert offered_slots(ben, NOW + 3 * HOUR) == []  # they cancelled it themselves
    assert tell_next(NOW + 6 * HOUR) == 0


def test_who_cannot_book_keeps_nobody_waiting(ana: User, ben: User, specialist: Specialist, free_slot: Slot) -> None:
    waits(ana, specialist_id=specialist.pk)
    waits(ben, minute=1, specialist_id=specialist.pk)
    booked(ana, specialist, NOW - 9 * timedelta(days=1), status="completed")
    slots_opened([free_slot.pk], NOW)
    assert told() == [ben.email]
    with pytest.raises(MetAlready):
        waits(ana, specialist_id=specialist.pk)
    Specialist.objects.update(allows_another=True)
    waits(ana, specialist_id=specialist.pk)
    slots_opened([free_slot.pk], NOW)
    assert told() == [ana.email]


def test_a_waiting_entry_for_a_theme_rests_while_an_earlier_booking_is_booked(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot
) -> None:
    waits(ana, theme="balance")
    booked(ana, verified(ben), SOON - HOUR)
    assert slots_opened([free_slot.pk], NOW) == 0
    Booking.objects.update(starts_at=SOON + HOUR, ends_at=SOON + HOUR + HALF)
    assert slots_opened([free_slot.pk], NOW) == 1


def test_who_has_a_later_booking_is_told_of_an_earlier_slot(ana: User, specialist: Specialist, free_slot: Slot) -> None:
    booked(ana, specialist, SOON + 5 * HOUR)
    waits(ana, specialist_id=specialist.pk)
    assert slots_opened([free_slot.pk], NOW) == 1


def test_new_slots_are_told_in_one_mail(
    ana: User, specialist: Specialist, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    WeeklyHours.objects.create(specialist=specialist, weekday=0, starts=540, ends=720, valid_from=NOW.date())
    with django_assert_max_num_queries(17):
        slots.generate(specialist_id=specialist.pk, now=NOW)  # nobody waits
    Slot.objects.all().delete()
    waits(ana, theme="balance")
    slots.generate(specialist_id=specialist.pk, now=NOW)
    assert mailed() == [ana.email]
    assert len(offered_slots(ana, NOW)) == 36  # of six weeks; the rest of today is within the notice
    before, in_a_week = Slot.objects.count(), NOW + timedelta(days=7)
    tasks.generate_slots_nightly(timestamp=int(in_a_week.timestamp()))  # later than the slots already open
    assert Slot.objects.count() == before + 6
    assert mailed(in_a_week) == []


def test_without_a_yes_it_stands_on_today_only(ana: User, specialist: Specialist, free_slot: Slot) -> None:
    for answer in (None, False):
        waits(ana, specialist_id=specialist.pk, mail=answer)
    slots_opened([free_slot.pk], NOW)
    assert mailed() == []
    assert offered_slots(ana, NOW) == [free_slot]
    assert offered_slots(ana, SOON - 12 * HOUR + SECOND) == []  # too late to book


def test_the_mail_says_nothing_of_what_for(ana: User, specialist: Specialist, free_slot: Slot) -> None:
    waits(ana, specialist_id=specialist.pk)
    slots_opened([free_slot.pk], NOW)
    mailed()
    [message] = mail.outbox
    assert message.subject == "You have a new message"
    whole = message.message().as_string().lower()
    for word in ("cole", "time", "wait", "open", "consult", "appointment", "balance", "specialist", "2026-11-25"):
        assert word not in whole.replace("mime-version", "")


def test_who_stops_waiting_is_not_told(ana: User, ben: User, specialist: Specialist, free_slot: Slot) -> None:
    entry = waits(ana, specialist_id=specialist.pk)
    stop_waiting(owner=ben, waiting_entry_id=entry.pk)
    slots_opened([free_slot.pk], NOW)
    stop_waiting(owner=ana, waiting_entry_id=entry.pk)
    assert mailed() == []
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        ({"theme": "balance", "language": "de"}, True),
        ({"language": "en"}, True),
        ({"theme": "balance", "language": "fr"}, False),
        ({"theme": "refusals"}, False),
    ],
)
def test_a_waiting_entry_names_theme_and_language(
    ana: User, free_slot: Slot, asked: dict[str, Any], is_told: bool
) -> None:
    waits(ana, **asked)
    assert slots_opened([free_slot.pk], NOW) == is_told


def has_an_earlier_booking(ana: User, specialist: Specialist) -> None:
    booked(ana, specialist, SOON - HOUR)


def has_a_booking_elsewhere(ana: User, specialist: Specialist) -> None:
    other = verified(User.objects.create_user("dora@example.org"))
    booked(ana, other, SOON + timedelta(minutes=10))


def has_called_it_off(ana: User, specialist: Specialist) -> None:
    Slot.objects.all().delete()
    booking = booked(ana, specialist, SOON)
    Booking.objects.filter(pk=booking.pk).update(status="cancelled_by_client")
    Slot.objects.update(is_open=True)


def is_blocked(ana: User, specialist: Specialist) -> None:
    Block.objects.create(owner=specialist.user, other=ana, made_at=NOW)


def has_blocked(ana: User, specialist: Specialist) -> None:
    Block.objects.create(owner=ana, other=specialist.user, made_at=NOW)


def is_closing(ana: User, specialist: Specialist) -> None:
    User.objects.filter(pk=ana.pk).update(closes_at=NOW)


def is_suspended(ana: User, specialist: Specialist) -> None:
    Specialist.objects.update(status=Specialist.Status.SUSPENDED)


def is_paused(ana: User, specialist: Specialist) -> None:
    Specialist.objects.update(paused=True)


def is_too_soon(ana: User, specialist: Specialist) -> None:
    Specialist.objects.update(notice_hours=49)


@pytest.mark.parametrize(
    "case",
    [
        has_an_earlier_booking,
        has_a_booking_elsewhere,
        has_called_it_off,
        is_blocked,
        has_blocked,
        is_closing,
        is_suspended,
        is_paused,
        is_too_soon,
    ],
    ids=lambda case: case.__name__,
)
def test_nobody_is_told_of_what_they_could_not_book(
    ana: User, ben: User, specialist: Specialist, free_slot: Slot, case: Callable[[User, Specialist], None]
) -> None:
    waits(ana, specialist_id=specialist.pk)
    case(ana, specialist)
    assert slots_opened(Slot.objects.filter(starts_at=SOON).values_list("pk", flat=True), NOW) == 0


def test_specialists_are_not_told_of_their_own_slots(cole: User, free_slot: Slot) -> None:
    waits(cole, theme="balance")
    assert slots_opened([free_slot.pk], NOW) == 0


def test_the_same_waiting_entry_again_keeps_its_place(ana: User, specialist: Specialist) -> None:
    first = waits(ana, specialist_id=specialist.pk)
    again = waits(ana, minute=5, specialist_id=specialist.pk, mail=False)
    assert again.pk == first.pk
    assert (again.made_at, again.mail) == (first.made_at, False)


def test_a_waiting_entry_that_cannot_come_true_is_refused(ana: User, cole: User, specialist: Specialist) -> None:
    with pytest.raises(NobodyThere):
        waits(cole, specialist_id=specialist.pk)
    Specialist.objects.update(paused=True)
    with pytest.raises(NobodyThere):
        waits(ana, specialist_id=specialist.pk)
    for number in range(waiting.MOST_WAITING_ENTRIES):
        waits(ana, theme=f"theme-{number}")
    waits(ana, theme="theme-1")
    with pytest.raises(TooManyWaitingEntries):
        waits(ana, theme="one-more")
