"""Verification of specialists against a professional register, repeated each year."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Notice, User
from accounts.notices import notify
from consultations.mails import DUE, Kind, tell
from consultations.models import Booking, ProfileChange, Specialist, Verification
from consultations.models.bookings import Side
from consultations.models.profiles import Checked
from consultations.models.verification import Grounds
from consultations.services.booking_changes import cancel
from consultations.services.leaving import leave_as_specialist
from consultations.services.locks import lock_circle
from consultations.signals import parted

Status = Specialist.Status
Outcome = Verification.Outcome

STANDS: dict[str, Outcome] = {
    Status.HIDDEN: Outcome.HIDDEN,
    Status.SUSPENDED: Outcome.SUSPENDED,
    Status.DRAFT: Outcome.LIFTED,
}
BEFORE_CHECK = timedelta(days=30)  # notice given before the entry is checked again


class CannotChange(Exception):
    """The profile is not in a state that allows this. Nothing was changed."""


@transaction.atomic
def approve(
    *,
    specialist_id: UUID,
    staff: User,
    checked: Sequence[str],
    where: str,
    notes: str = "",
    check_again_on: date,
    as_of: str = "",
    now: datetime,
) -> Specialist:
    """List the profile: this (`What`) is right, as its entry in the register says there. Raises CannotChange.

    `as_of` is the mark of the change that was looked at, too; what is newer waits to be looked at.
    """
    specialist = lock_profile(specialist_id, Status.SUBMITTED, Status.HIDDEN, Status.VERIFIED)
    specialist.verified_at, specialist.verified_by, specialist.check_again_on = now, staff, check_again_on
    specialist.also_checked = [what for what in checked if what in Checked.values]
    specialist.returned_because = ""
    facts = {"checked": list(checked), "where": where, "check_again_on": check_again_on}
    record(specialist, Outcome.APPROVED, staff, Grounds(notes=notes), now, **facts)
    look_at_change(specialist, as_of)
    return move(specialist, Status.VERIFIED, now)


def is_repeated(
    specialist: Specialist,
    *,
    checked: Sequence[str],
    where: str,
    notes: str = "",
    check_again_on: date,
    as_of: str = "",
) -> bool:
    """Whether the last decision about a profile that is shown was this very approval, and nothing has changed since."""
    last = specialist.verifications.order_by("-at", "-pk").first()
    if last is None or as_of or specialist.status != Status.VERIFIED:
        return False
    said = (last.outcome, list(last.checked), last.where, last.check_again_on, last.grounds())
    return said == (Outcome.APPROVED, list(checked), where, check_again_on, Grounds(notes=notes))


@transaction.atomic
def send_back(*, specialist_id: UUID, staff: User, reason: str, notes: str = "", now: datetime) -> Specialist:
    """Return the profile to its specialist with a reason; if it is shown, only for a change. Raises CannotChange.

    What was changed is marked until the profile is approved. Bookings stay.
    """
    specialist = lock_profile(specialist_id, Status.SUBMITTED, Status.VERIFIED)
    if specialist.status == Status.VERIFIED and not ProfileChange.objects.filter(specialist=specialist).exists():
        raise CannotChange
    specialist.returned_because = reason
    record(specialist, Outcome.SENT_BACK, staff, Grounds(reason, notes), now)
    return move(specialist, Status.DRAFT, now)


@transaction.atomic
def see_change(*, specialist_id: UUID, staff: User, as_of: str, notes: str = "", now: datetime) -> None:
    """Take a change to a profile that is shown as seen: it stays. Raises CannotChange if there is a newer one."""
    specialist = lock_profile(specialist_id, Status.VERIFIED)
    if not look_at_change(specialist, as_of):
        raise CannotChange
    record(specialist, Outcome.SEEN, staff, Grounds(notes=notes), now)


def look_at_change(specialist: Specialist, as_of: str) -> bool:
    """Forget how a locked profile was before the change with this mark, if that is the latest."""
    row = ProfileChange.objects.filter(specialist=specialist).defer("texts", "photo").first()
    if row is None or row.mark != as_of:
        return False
    row.delete()
    return True


def record(
    specialist: Specialist, outcome: Outcome, staff: User | None, grounds: Grounds, now: datetime, **facts: Any
) -> None:
    """Add a decision to the history of the profile; without `staff`, the site itself took it."""
    row = Verification(specialist=specialist, outcome=outcome, by=staff, at=now, **facts)
    row.seal(grounds)
    row.save(force_insert=True)


@transaction.atomic
def hide(*, specialist_id: UUID, staff: User | None = None, reason: str, notes: str = "", now: datetime) -> Specialist:
    """Take the profile off the list until it is checked again; bookings stay. Raises CannotChange."""
    specialist = lock_profile(specialist_id, Status.VERIFIED)
    record(specialist, Outcome.HIDDEN, staff, Grounds(reason, notes), now)
    return move(specialist, Status.HIDDEN, now)


@transaction.atomic
def suspend(
    *, specialist_id: UUID, staff: User | None = None, reason: str, notes: str = "", now: datetime
) -> Specialist:
    """Take the profile off the list and cancel its upcoming bookings. Raises CannotChange."""
    lock_circle(specialist_id, now)
    specialist = lock_profile(specialist_id, *set(Status) - {Status.SUSPENDED})
    record(specialist, Outcome.SUSPENDED, staff, Grounds(reason, notes), now)
    move(specialist, Status.SUSPENDED, now)
    # After, so that nobody is offered the slots that open.
    leave_as_specialist(specialist_id, now, by=Side.STAFF)
    return specialist


@transaction.atomic
def lift(*, specialist_id: UUID, staff: User, reason: str, notes: str = "", now: datetime) -> Specialist:
    """Lift a suspension: the profile is a draft again. Raises CannotChange."""
    specialist = lock_profile(specialist_id, Status.SUSPENDED)
    record(specialist, Outcome.LIFTED, staff, Grounds(reason, notes), now)
    return move(specialist, Status.DRAFT, now)


def why(specialist: Specialist) -> str:
    """Why a profile is hidden or suspended, or why its suspension was lifted, until it is submitted again; else ""."""
    outcome = STANDS.get(specialist.status)
    last = specialist.verifications.order_by("-at", "-pk").first() if outcome else None
    grounds = last.grounds() if last and last.outcome == outcome else None
    return grounds.reason if grounds else ""


@transaction.atomic
def shut_out(user: User, now: datetime) -> None:
    """Suspend the profile of a deactivated account, and cancel all its meetings to come: nobody waits in vain."""
    lock_circle(user.pk, now)
    mine = Booking.objects.of_client(user)
    for pk in list(mine.upcoming(now).values_list("pk", flat=True)):
        cancel(mine, pk, Side.CLIENT, now, by=Side.STAFF)
    parted.send(Booking, bookings=mine)
    with suppress(CannotChange):  # it is suspended already
        suspend(specialist_id=user.pk, reason=gettext("The account was shut out."), now=now)


def lock_profile(specialist_id: UUID, *statuses: Specialist.Status) -> Specialist:
    """Lock a profile that is in one of these states, else raise CannotChange."""
    rows = Specialist.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    specialist = rows.filter(pk=specialist_id, status__in=statuses).first()
    if specialist is None:
        raise CannotChange
    return specialist


def move(specialist: Specialist, status: Specialist.Status, now: datetime) -> Specialist:
    specialist.status, specialist.changed_at = status, now
    specialist.save()
    tell_specialist(specialist, f"{status}:{now.isoformat()}", now)
    notify(owner=specialist.user, kind=Notice.Kind.PROFILE_CHECKED, target=specialist.pk, now=now, mails=False)
    return specialist


def tell_specialist(specialist: Specialist, key: str, now: datetime) -> None:
    tell(owner=specialist.user, kind=Kind.VERIFICATION, key=key, now=now)


def check_registers(*, now: datetime) -> None:
    """Notify specialists whose check is due within BEFORE_CHECK, and hide those who are overdue."""
    verified = Specialist.objects.filter(status=Status.VERIFIED).select_related("user")
    today = now.date()
    for specialist in verified.filter(check_again_on__gte=today, check_again_on__lte=today + BEFORE_CHECK):
        tell_specialist(specialist, f"{DUE}:{specialist.check_again_on}", now)
    for pk in verified.filter(check_again_on__lt=today).values_list("pk", flat=True):
        hide(specialist_id=pk, reason=gettext("The day came on which the register was to be checked again."), now=now)
