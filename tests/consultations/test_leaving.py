"""Leaving, suspension and blocks: upcoming bookings are cancelled, past ones stripped of personal data."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.erasure import ask_to_close, close_account, close_due_accounts
from accounts.models import Mail, Notice, User
from consultations.mails import Kind
from consultations.models import Block, Booking, Slot, Specialist
from consultations.models.bookings import Fit, Status
from consultations.services import refusals
from consultations.services.leaving import block
from consultations.services.verification import suspend
from consultations.services.waiting import add_waiting_entry
from tests.consultations.cast import NOW, booked, books, slot, verified
from tests.notices import new_about

pytestmark = pytest.mark.django_db
SOON, PAST = NOW + timedelta(days=2), NOW - timedelta(days=2)
DAY = timedelta(days=1)


@pytest.fixture
def specialist(cole: User) -> Specialist:
    return verified(cole)


def told() -> set[tuple[str, str]]:
    return set(Mail.objects.filter(kind__in=Kind).values_list("owner__email", "kind"))


def check_constraints() -> None:
    """Including those that are deferred to the end of the transaction."""
    connection.check_constraints()


def test_an_erased_client_leaves_slots_without_a_person(
    ana: User, ben: User, cole: User, specialist: Specialist
) -> None:
    booked(ana, specialist, SOON, mail=True)
    booked(ana, specialist, PAST, status=Status.COMPLETED, client_fit=Fit.YES)
    other = booked(ben, specialist, SOON + DAY)
    close_account(owner=ana, now=NOW)
    check_constraints()
    past, upcoming = Booking.objects.exclude(pk=other.pk).order_by("starts_at")
    assert (past.status, upcoming.status) == (Status.COMPLETED, Status.CANCELLED_BY_CLIENT)
    for row in (past, upcoming):
        assert (row.client, row.sealed, row.client_fit) == (None, None, "")
        assert row.specialist == specialist
    assert (past.starts_at, upcoming.starts_at) == (PAST, SOON)
    assert upcoming.slot
    assert upcoming.slot.is_open
    assert told() == {(cole.email, "cancelled")}
    other.refresh_from_db()
    assert (other.status, other.document(ben)["note"]) == (Status.BOOKED, "marker")


def test_an_erased_specialist_leaves_bookings_to_their_clients(ana: User, ben: User, cole: User) -> None:
    specialist = verified(cole)
    past = booked(ana, specialist, PAST, status=Status.COMPLETED)
    upcoming = booked(ana, specialist, SOON, mail=True)
    silent = booked(ben, specialist, SOON + DAY)
    dora = User.objects.create_user("dora@example.org")
    add_waiting_entry(owner=dora, theme="balance", mail=True, now=NOW)
    close_account(owner=cole, now=NOW)
    check_constraints()
    assert not Specialist.objects.exists()
    assert not Slot.objects.exists()
    for row in (upcoming, silent, past):
        row.refresh_from_db()
        assert (row.specialist, row.slot) == (None, None)
    for row in (upcoming, silent):
        assert (row.status, row.sequence) == (Status.CANCELLED_BY_SPECIALIST, 1)
        assert row.client
        assert new_about(row.client) == [(Notice.Kind.MEETING_CHANGED, row.pk)]
    assert upcoming.document(ana)["note"] == "marker"
    assert past.status == Status.COMPLETED
    assert told() == {(ana.email, "cancelled")}


def test_both_roles_of_one_person_end_together(ana: User, ben: User, cole: User) -> None:
    as_client = booked(cole, verified(ben), SOON)
    as_specialist = booked(ana, verified(cole), SOON + DAY)
    ask_to_close(owner=cole, now=NOW - timedelta(days=7))
    close_due_accounts(now=NOW)
    check_constraints()
    as_client.refresh_from_db()
    as_specialist.refresh_from_db()
    assert as_client.status == Status.CANCELLED_BY_CLIENT
    assert as_specialist.status == Status.CANCELLED_BY_SPECIALIST


def test_what_has_begun_is_left_as_it_is(ana: User, specialist: Specialist) -> None:
    now_on = booked(ana, specialist, NOW)
    close_account(owner=ana, now=NOW)
    now_on.refresh_from_db()
    assert (now_on.status, now_on.client, now_on.sealed) == (Status.BOOKED, None, None)


def test_who_asked_to_close_is_not_booked(ana: User, cole: User, specialist: Specialist) -> None:
    free_slot = slot(specialist, SOON)
    assert Specialist.objects.listed().exists()
    ask_to_close(owner=cole, now=NOW)
    assert not Specialist.objects.listed().exists()
    with pytest.raises(refusals.NobodyThere):
        books(ana, free_slot)


def test_a_suspended_specialist_has_cancelled(ana: User, ben: User, specialist: Specialist) -> None:
    booking = booked(ana, specialist, SOON, mail=True)
    add_waiting_entry(owner=ben, specialist_id=specialist.pk, mail=True, now=NOW)
    suspend(specialist_id=specialist.pk, reason="x", now=NOW)
    booking.refresh_from_db()
    assert (booking.status, new_about(ana)) == (
        Status.CANCELLED_BY_SPECIALIST,
        [(Notice.Kind.MEETING_CHANGED, booking.pk)],
    )
    assert new_about(specialist.user) == [(Notice.Kind.PROFILE_CHECKED, specialist.pk)]
    assert [*booking.changes.values_list("side", flat=True)] == ["staff"]
    assert told() == {(ana.email, "cancelled"), (specialist.user.email, "verification")}


@pytest.mark.parametrize("by_client", [True, False])
def test_who_blocks_calls_off_and_is_not_found(by_client: bool, ana: User, cole: User, specialist: Specialist) -> None:
    booking, free = booked(ana, specialist, SOON, mail=True), slot(specialist, SOON + DAY)
    owner, other = (ana, cole) if by_client else (cole, ana)
    for _twice in range(2):
        block(owner=owner, other_id=other.pk, now=NOW)
    booking.refresh_from_db()
    assert booking.status == (Status.CANCELLED_BY_CLIENT if by_client else Status.CANCELLED_BY_SPECIALIST)
    assert Block.objects.get().owner == owner
    with pytest.raises(refusals.Taken):
        books(ana, free)
