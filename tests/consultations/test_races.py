"""Concurrent changes over real connections and processes: one consistent final state, and nobody blocks for ever."""

import signal
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.erasure import close_account
from accounts.models import Mail, User
from accounts.outbox import SEND, send
from consultations.models import Booking, BookingChange, Slot, Specialist
from consultations.models.bookings import CANCELLED, Status
from consultations.services import hours, locks, refusals, reminders
from consultations.services.absences import set_absence
from consultations.services.booking_changes import cancel_by_client, cancel_by_specialist, mark_no_show
from consultations.services.bookings import reschedule
from consultations.services.ending import clear_practice, end_practice, take_back
from consultations.services.leaving import block
from consultations.services.locks import lock_rows
from consultations.services.proposals import keep, withdraw
from consultations.services.slots import generate
from consultations.services.verification import shut_out, suspend
from consultations.times import TO_TAKE_BACK
from tests.consultations.cast import NOW, booked, proposed, slot, verified
from tests.consultations.racing import (
    answer,
    assert_one_state,
    at_once,
    beside,
    deadlocks,
    kinds,
    member,
    standing,
    start,
    wants,
)

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(days=2)
HOUR, TEN = timedelta(hours=1), timedelta(minutes=10)
PEOPLE = 40


@pytest.fixture(autouse=True)
def one_deadlock() -> Iterator[Callable[[], None]]:
    """Each test ends in a consistent state, without unexpected deadlocks."""
    others = standing()
    before = deadlocks(others)
    allowed: list[int] = []
    yield lambda: allowed.append(1)
    assert deadlocks(others) - before == len(allowed)
    assert_one_state()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty people wait longer for one another on a busy machine, and are not to be told to try again."""
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", "60s")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_forty_people_want_one_slot(cole: User) -> None:
    free_slot = slot(verified(cole), SOON)
    answers = at_once(*(wants(member(f"client-{number}"), free_slot) for number in range(PEOPLE)))
    assert kinds(answers) == {"Booking": 1, "Taken": PEOPLE - 1}
    booking = Booking.objects.get()
    told = Mail.objects.values_list("owner_id", "kind")
    assert sorted(told) == sorted([(booking.client_id, "confirmed"), (cole.pk, "confirmed")])


def test_forty_people_want_slots_that_overlap(cole: User) -> None:
    specialist = verified(cole)
    free_slots = [slot(specialist, SOON + number * TEN) for number in range(3)]
    answers = at_once(*(wants(member(f"client-{number}"), free_slots[number % 3]) for number in range(PEOPLE)))
    assert kinds(answers) == {"Booking": 1, "Taken": PEOPLE - 1}
    assert Booking.objects.count() == 1
    assert not Slot.objects.filter(is_open=True).exists()


def test_forms_that_come_several_times_book_once(ana: User, cole: User) -> None:
    free_slot = slot(verified(cole), SOON)
    token = uuid.uuid4()
    answers = at_once(*(wants(ana, free_slot, token=token) for _ in range(8)))
    assert answers == [Booking.objects.get()] * 8
    assert Mail.objects.filter(owner=ana).count() == 1


def test_one_person_books_two_specialists_at_the_same_hour(ana: User, ben: User, cole: User) -> None:
    answers = at_once(wants(ana, slot(verified(cole), SOON)), wants(ana, slot(verified(ben), SOON + TEN)))
    assert kinds(answers) == {"Booking": 1, "Occupied": 1}


def test_specialists_book_each_other_at_the_same_hour(db: None) -> None:
    """Six pairs, so that a wrong order of locks would deadlock."""
    calls = []
    for number in range(6):
        one, other = (verified(member(f"{side}-{number}")) for side in ("one", "other"))
        calls += [wants(one.user, slot(other, SOON)), wants(other.user, slot(one, SOON))]
    assert kinds(at_once(*calls)) == {"Booking": 6, "Occupied": 6}


def test_specialists_who_book_each_other_are_booked_by_others_meanwhile(db: None) -> None:
    """Each wants one of the other's hours, and members want all; then all is moved and cancelled at once."""
    calls: list[Callable[[], object]] = []
    for number in range(4):
        one, other = (verified(member(f"{side}-{number}")) for side in ("one", "other"))
        of_one, of_other = ([slot(host, SOON + hour * HOUR) for hour in range(4)] for host in (one, other))
        calls += [wants(one.user, of_other[0]), wants(other.user, of_one[1])]
        calls += [wants(member(f"client-{one.pk}"), one) for one in (*of_one[:2], *of_other[:2])]
    answers = at_once(*calls)
    assert kinds(answers).keys() == {"Booking", "Taken", "Occupied"}
    assert_one_state()
    changes: list[Callable[[], object]] = []
    for booking in Booking.objects.filter(status=Status.BOOKED).select_related("client", "specialist__user"):
        assert booking.client
        assert booking.specialist
        free = booking.specialist.slots.get(starts_at=SOON + 2 * HOUR)
        cancels = partial(cancel_by_specialist, booking_id=booking.pk, specialist=booking.specialist.user)
        changes += [moves(booking, booking.client, free), partial(cancels, keeps_closed=False, now=NOW)]
    assert kinds(at_once(*changes)).keys() <= {"Booking", "Taken", "Occupied", "NotNow"}


def test_specialists_who_are_to_meet_are_suspended_erased_and_block_at_once(db: None) -> None:
    calls: list[Callable[[], object]] = []
    for number in range(4):
        one, other = (verified(member(f"{side}-{number}")) for side in ("one", "other"))
        booked(one.user, other, SOON)
        booked(other.user, one, SOON + HOUR)
        slot(one, SOON, is_open=False)  # as each left the hours of the other when it was booked
        slot(other, SOON + HOUR, is_open=False)
        leaves = partial(close_account, owner=other.user, now=NOW)
        calls += [
            partial(suspend, specialist_id=one.pk, reason="x", now=NOW),
            partial(suspend, specialist_id=other.pk, reason="x", now=NOW) if number % 2 else leaves,
            partial(block, owner=one.user, other_id=other.pk, now=NOW),
        ]
    assert kinds(at_once(*calls)).keys() <= {"Specialist", "NoneType", "AccountGone"}
    assert not Booking.objects.filter(status=Status.BOOKED).exists()


BETWEEN_SPECIALISTS: dict[str, Callable[[Booking, User, User, Slot], Callable[[], object]]] = {
    "books": lambda _booking, client, _host, free: wants(client, free),
    "moves": lambda booking, client, _host, free: moves(booking, client, free),
    "cancels": lambda booking, client, _host, _free: partial(
        cancel_by_client, booking_id=booking.pk, client=client, now=NOW
    ),
    "blocks": lambda _booking, client, host, _free: partial(block, owner=host, other_id=client.pk, now=NOW),
    "is suspended": lambda _booking, _client, host, _free: partial(suspend, specialist_id=host.pk, reason="x", now=NOW),
    "is shut out": lambda _booking, client, _host, _free: partial(shut_out, client, NOW),
    "is erased": lambda _booking, client, _host, _free: partial(close_account, owner=client, now=NOW),
}


@pytest.mark.parametrize("act", BETWEEN_SPECIALISTS.values(), ids=BETWEEN_SPECIALISTS)
@pytest.mark.parametrize("hosts", [0, 1])
def test_of_two_specialists_the_first_by_id_is_locked_first(
    hosts: int, act: Callable[[Booking, User, User, Slot], Callable[[], object]], pool: ThreadPoolExecutor
) -> None:
    """Whoever waits for the first does not hold the other."""
    pair = sorted((verified(member(name)) for name in ("one", "other")), key=lambda one: one.pk)
    host, client = pair[hosts], pair[1 - hosts].user
    booking = booked(client, host, SOON)
    if act is BETWEEN_SPECIALISTS["books"]:
        Booking.objects.update(status=Status.CANCELLED_BY_CLIENT)
        Slot.objects.update(is_open=True)
    call = act(booking, client, host.user, slot(host, SOON + HOUR))
    with transaction.atomic():
        locks.lock_specialist(pair[0].pk)
        result = beside(pool, call)
        Specialist.objects.select_for_update(no_key=True, nowait=True).get(pk=pair[1].pk)
    assert not isinstance(result.result(60), refusals.Refused)


def test_one_below_the_limit_books_five_at_once(ana: User) -> None:
    hosts = [verified(member(f"host-{number}")) for number in range(7)]
    for number in range(2):
        booked(ana, hosts[number], SOON + number * HOUR)
    free_slots = [slot(host, SOON + (number + 2) * HOUR) for number, host in enumerate(hosts[2:])]
    answers = at_once(*(wants(ana, free_slot) for free_slot in free_slots))
    assert kinds(answers) == {"Booking": 1, "TooMany": 4}


def moves(booking: Booking, client: User, to: Slot) -> Callable[[], Booking]:
    return partial(reschedule, booking_id=booking.pk, client=client, slot_id=to.pk, now=NOW)


def takes(booking: Booking, client: User, to: Slot) -> Callable[[], Booking]:
    return partial(reschedule, booking_id=booking.pk, client=client, slot_id=to.pk, is_proposed=True, now=NOW)


def test_two_of_the_proposed_times_are_taken_at_once(ana: User, cole: User) -> None:
    specialist = verified(cole)
    booking = booked(ana, specialist, SOON)
    free_slots = [slot(specialist, SOON + hour * HOUR) for hour in (1, 2, 3)]
    proposed(booking, *free_slots)
    answers = at_once(*(takes(booking, ana, free_slot) for free_slot in free_slots))
    assert kinds(answers) == {"Booking": 1, "NotNow": 2}
    assert Slot.objects.filter(is_open=True).count() == 3


def test_a_proposed_time_goes_to_one_of_those_who_want_it(ana: User, ben: User, cole: User) -> None:
    specialist = verified(cole)
    between = slot(specialist, SOON + HOUR)
    meetings = [(booked(person, specialist, SOON + hour * HOUR), person) for hour, person in ((0, ana), (2, ben))]
    for booking, _person in meetings:
        proposed(booking, between)
    others = (wants(member(f"client-{number}"), between) for number in range(6))
    answers = at_once(*(takes(booking, person, between) for booking, person in meetings), *others)
    assert kinds(answers) == {"Booking": 1, "Taken": 7}


def test_a_proposal_ends_in_one_of_the_ways_that_are_tried_at_once(ana: User, cole: User) -> None:
    specialist = verified(cole)
    for day in range(4):
        start = SOON + timedelta(days=day)
        booking = booked(ana, specialist, start)
        wanted, other = slot(specialist, start + HOUR), slot(specialist, start + 2 * HOUR)
        proposed(booking, wanted)
        answers = at_once(
            takes(booking, ana, wanted),
            partial(cancel_by_specialist, booking_id=booking.pk, specialist=cole, words="Sorry.", now=NOW),
            partial(keep, booking_id=booking.pk, client=ana, now=NOW),
            partial(withdraw, booking_id=booking.pk, specialist=cole, now=NOW),
            partial(proposed, booking, other),
            moves(booking, ana, other),
        )
        assert kinds(answers).keys() <= {"Booking", "NotNow", "NoneType", "Gone", "Taken"}
        booking.refresh_from_db()
        assert booking.status == Status.CANCELLED_BY_SPECIALIST  # whatever came before it
        assert "proposal" not in booking.document(ana)
        assert booking.document(ana)["from_specialist"] == "Sorry."


def test_who_takes_a_proposed_time_waits_for_the_specialists_lock(
    ana: User, cole: User, pool: ThreadPoolExecutor
) -> None:
    """Taking one locks as every move does: what holds the specialist decides first."""
    specialist = verified(cole)
    booking, free_slot = booked(ana, specialist, SOON), slot(specialist, SOON + HOUR)
    proposed(booking, free_slot)
    with transaction.atomic():
        lock_rows(Specialist.objects.all()).get()
        result = beside(pool, takes(booking, ana, free_slot))
        Slot.objects.filter(pk=free_slot.pk).update(is_open=False, closed=True)
    assert isinstance(result.result(60), refusals.Taken)
    booking.refresh_from_db()
    assert booking.starts_at == SOON


def test_the_last_meetings_of_a_day_go_to_as_many_as_the_specialist_takes(cole: User) -> None:
    specialist = verified(cole, most_a_day=2, buffer_after=10)
    slots = [slot(specialist, SOON + number * HOUR) for number in range(8)]
    answers = at_once(*(wants(member(f"client{number}"), one) for number, one in enumerate(slots)))
    assert kinds(answers) == {"Booking": 2, "Taken": 6}
    assert not Slot.objects.filter(is_open=True).exists()


def test_nobody_stays_booked_with_a_practice_that_ends_meanwhile(db: None) -> None:
    """Two who are to meet each other end their practices, while members book both."""
    one, other = (verified(member(name)) for name in ("one", "other"))
    booked(one.user, other, SOON)
    booked(other.user, one, SOON + HOUR)
    calls: list[Callable[[], object]] = [partial(end_practice, user=host.user, now=NOW) for host in (one, other)]
    calls += [wants(member(f"client-{host.pk}"), slot(host, SOON + 4 * HOUR)) for host in (one, other)]
    assert kinds(at_once(*calls)).keys() <= {"int", "Booking", "NobodyThere"}
    assert not Booking.objects.filter(status=Status.BOOKED).exists()
    assert Specialist.objects.filter(ended_at=NOW, paused=True).count() == 2


def test_what_is_taken_back_at_the_last_moment_is_whole_or_gone(cole: User) -> None:
    specialist = verified(cole, about="Slowly.")
    end_practice(user=cole, now=NOW)
    clear = partial(clear_practice, specialist_id=specialist.pk, now=NOW + TO_TAKE_BACK)
    taken, _cleared = at_once(partial(take_back, user=cole, now=NOW + TO_TAKE_BACK - TEN), clear)
    specialist.refresh_from_db()
    cole.refresh_from_db()
    assert (specialist.about == "Slowly.", cole.is_specialist) == (taken, taken)
    assert (specialist.ended_at is None) == taken


def test_what_is_cleared_by_a_clock_that_is_ahead_is_not_taken_back(cole: User) -> None:
    specialist = verified(cole)
    end_practice(user=cole, now=NOW)
    clear_practice(specialist_id=specialist.pk, now=NOW + TO_TAKE_BACK)
    assert not take_back(user=cole, now=NOW + TO_TAKE_BACK - TEN)


def test_an_absence_and_a_booking_at_once_leave_one_answer(cole: User) -> None:
    specialist, day = verified(cole), SOON.date()
    hours.change_week(specialist_id=cole.pk, week={day.weekday(): [(0, 1440)]}, first=NOW.date(), last=None, now=NOW)
    absence = partial(set_absence, owner=cole, absence_id=uuid.uuid4(), first=day, last=day, name="", now=NOW)
    [booking, _] = at_once(wants(member("noor"), specialist.slots.get(starts_at=SOON)), absence)
    left = Slot.objects.filter(starts_at__date=day)
    if isinstance(booking, Booking):
        assert [one.pk for one in left] == [booking.slot_id]
    else:
        assert isinstance(booking, refusals.Gone | refusals.Taken)
        assert not left.exists()


def test_two_who_want_to_change_places_keep_their_own(ana: User, ben: User, cole: User) -> None:
    specialist = verified(cole)
    of_ana, of_ben = booked(ana, specialist, SOON), booked(ben, specialist, SOON + HOUR)
    assert of_ana.slot
    assert of_ben.slot
    answers = at_once(moves(of_ana, ana, of_ben.slot), moves(of_ben, ben, of_ana.slot))
    assert kinds(answers) == {"Taken": 2}


def test_crossing_moves_end_with_one_of_them_in_the_slot_that_both_want(ana: User, ben: User, cole: User) -> None:
    specialist = verified(cole)
    of_ana, of_ben = booked(ana, specialist, SOON), booked(ben, specialist, SOON + 2 * HOUR)
    between = slot(specialist, SOON + HOUR)
    answers = at_once(moves(of_ana, ana, between), moves(of_ben, ben, between))
    assert kinds(answers) == {"Booking": 1, "Taken": 1}
    assert Slot.objects.filter(is_open=True).count() == 1


def test_one_moves_away_while_another_moves_there(ana: User, ben: User, cole: User) -> None:
    specialist = verified(cole)
    of_ana, of_ben = booked(ana, specialist, SOON), booked(ben, specialist, SOON + HOUR)
    away = slot(specialist, SOON + 2 * HOUR)
    assert of_ana.slot
    answers = at_once(moves(of_ana, ana, away), moves(of_ben, ben, of_ana.slot))
    assert isinstance(answers[0], Booking)
    assert isinstance(answers[1], Booking | refusals.Taken)


@pytest.mark.parametrize("locks_first", [True, False])
def test_a_slot_that_is_deleted_first_is_gone(
    locks_first: bool, ana: User, cole: User, pool: ThreadPoolExecutor
) -> None:
    """With and without the specialist's lock held by whoever deletes it."""
    specialist = verified(cole)
    free_slot = slot(specialist, SOON)
    with transaction.atomic():
        if locks_first:
            lock_rows(Specialist.objects.all()).get()
        Slot.objects.all().delete()
        result = beside(pool, wants(ana, free_slot))
    assert isinstance(result.result(60), refusals.Gone)
    assert not Booking.objects.exists()


def test_a_slot_that_is_booked_first_stays(ana: User, cole: User, pool: ThreadPoolExecutor) -> None:
    specialist = verified(cole)
    free_slot = slot(specialist, SOON)
    with transaction.atomic():
        booking = wants(ana, free_slot)()
        result = beside(pool, partial(generate, specialist_id=cole.pk, now=NOW))
    result.result(60)
    booking.refresh_from_db()
    assert booking.slot == free_slot


def test_booking_goes_on_while_hours_are_made_into_slots_again_and_again(cole: User) -> None:
    specialist = verified(cole)
    free_slots = [slot(specialist, SOON + number * HOUR) for number in range(6)]
    people = [member(f"client-{number}") for number in range(12)]
    calls = [wants(person, free_slots[number % 6]) for number, person in enumerate(people)]
    makes = partial(generate, specialist_id=cole.pk, now=NOW)
    answers = at_once(*calls, *[makes] * 6)
    kept = set(Slot.objects.values_list("pk", flat=True))
    assert kept == set(Booking.objects.values_list("slot", flat=True))  # without hours all free slots are removed
    assert kinds(answers).keys() <= {"Booking", "Taken", "Gone", "Made"}


def test_cancelling_no_show_and_reminder_end_in_one_state(ana: User, cole: User) -> None:
    specialist = verified(cole)
    for day in range(4):
        starts_at = SOON + timedelta(days=day)
        booking = booked(ana, specialist, starts_at, mail=True, remind_hour=True)
        before, after = starts_at - HOUR / 2, starts_at + TEN
        answers = at_once(
            partial(cancel_by_client, booking_id=booking.pk, client=ana, now=before),
            partial(cancel_by_specialist, booking_id=booking.pk, specialist=cole, now=before),
            partial(mark_no_show, booking_id=booking.pk, by=cole, now=after),
            partial(reminders.remind, now=before),
        )
        assert kinds(answers[:3]) == {"Booking": 1, "NotNow": 2}
        booking.refresh_from_db()
        assert booking.status in (*CANCELLED, Status.CLIENT_NO_SHOW)
        assert BookingChange.objects.get(booking=booking).status == booking.status
        for row in Mail.objects.filter(about=booking.pk, kind="remind_hour"):
            assert send(row.pk, before) is False


def test_an_account_is_erased_while_it_books(cole: User) -> None:
    specialist = verified(cole)
    for number in range(4):
        person = member(f"leaves-{number}")
        free_slot = slot(specialist, SOON + number * HOUR)
        answers = at_once(wants(person, free_slot), partial(close_account, owner=person, now=NOW))
        assert kinds(answers).keys() <= {"Booking", "NobodyThere", "NoneType"}
    assert not Booking.objects.filter(status=Status.BOOKED).exists()
    assert not Booking.objects.filter(client__isnull=False).exists()


def test_who_cannot_have_a_lock_twice_is_told_to_try_again(
    ana: User, cole: User, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT", "50ms")
    free_slot = slot(verified(cole), SOON)
    with transaction.atomic():
        lock_rows(Specialist.objects.all()).get()
        assert isinstance(pool.submit(answer, wants(ana, free_slot)).result(60), refusals.Busy)
    assert isinstance(at_once(wants(ana, free_slot))[0], Booking)


def test_who_loses_a_deadlock_begins_again(
    ana: User, cole: User, pool: ThreadPoolExecutor, one_deadlock: Callable[[], None]
) -> None:
    """Against a transaction that locks in the wrong order, the booking is retried once and succeeds."""
    free_slot = slot(verified(cole), SOON)
    one_deadlock()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '30s'")
        lock_rows(Slot.objects.all()).get()
        result = beside(pool, wants(ana, free_slot))
        User.objects.select_for_update(no_key=True).get(pk=ana.pk)
    assert isinstance(result.result(60), Booking)


BOOK_AND_DIE = """
import os, signal, sys, uuid
from datetime import datetime
from accounts.models import User
from consultations.models import Slot
from consultations.services.bookings import Details, book
slot = Slot.objects.get()
client = User.objects.get(email="ana@example.org")
details = Details(format="video", name="Ana", note="marker", mail=True)
now = datetime.fromisoformat(os.environ["NOW"])
book(client=client, specialist_id=slot.specialist_id, slot_id=slot.pk, details=details, token=uuid.uuid4(), now=now)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_dies_after_booking_leaves_mails_to_send(ana: User, cole: User) -> None:
    slot(verified(cole), SOON)
    dies = start("manage.py", "shell", "--no-imports", "--command", BOOK_AND_DIE)
    _said, error = dies.communicate(timeout=60)
    assert dies.returncode == -signal.SIGKILL, error.decode()
    assert Booking.objects.get().client == ana
    jobs = ProcrastinateJob.objects.filter(task_name=SEND, status="todo")
    told = {str(pk) for pk in Mail.objects.values_list("pk", flat=True)}
    assert {job.args["mail_id"] for job in jobs} >= told
    assert len(told) == 2
    for _twice in range(2):
        for pk in told:
            send(uuid.UUID(pk), NOW)
    assert sorted(letter.to for letter in mail.outbox) == [[ana.email], [cole.email]]
