"""The secret shopper: each night it books times that specialists offer, as a member would, and takes it all back.

Its account is made in the same transaction, which is always rolled back. So no other transaction ever sees it: no list,
limit, count or export has to leave it out, and nobody can log in with it.
"""

import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from time import sleep
from typing import NamedTuple
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import OperationalError, connection, transaction

from accounts.models import User
from consultations.listing import free_slots
from consultations.models import FailedCheck, Specialist
from consultations.picker import FreeSlot
from consultations.services import refusals
from consultations.services.bookings import Details, book
from consultations.services.locks import GIVE_WAY, lock_parties

logger = logging.getLogger(__name__)

LOCK_TIMEOUT = "200ms"  # it gives way to people
ROUNDS, PAUSE = 4, 2.0  # those whose locks were taken are visited again, after so many seconds

Which, Reason = FailedCheck.Which, FailedCheck.Reason
REASONS: dict[type[refusals.Refused], FailedCheck.Reason] = {
    refusals.Taken: Reason.TAKEN,
    refusals.Gone: Reason.GONE,
    refusals.TooSoon: Reason.TOO_SOON,
    refusals.TooFar: Reason.TOO_FAR,
    refusals.NotOffered: Reason.NO_ADDRESS,
}


class Try(NamedTuple):
    """One booking to try."""

    which: FailedCheck.Which
    slot: FreeSlot
    format: str


class Result(NamedTuple):
    """How many specialists were visited, and how many could not be, because somebody held their locks each time."""

    visited: int
    skipped: int


def shop(*, now: datetime) -> Result:
    """Visit everybody who is listed, and store what fails."""
    listed = list(Specialist.objects.listed().values_list("pk", flat=True))
    FailedCheck.objects.exclude(specialist__in=listed).delete()
    failed = set(FailedCheck.objects.values_list("specialist", flat=True))
    left = listed
    for number in range(ROUNDS):
        if number and left:
            sleep(PAUSE)
        left = [pk for pk in left if not check(pk, now, had_failed=pk in failed)]
    return Result(len(listed) - len(left), len(left))


def check(specialist_id: UUID, now: datetime, *, had_failed: bool) -> bool:
    """Visit one specialist, and store what fails instead of what failed before. False if their locks were taken."""
    try:
        found = visit(specialist_id, now)
    except OperationalError as error:
        if isinstance(error.__cause__, GIVE_WAY):
            return False
        raise
    if found or had_failed:
        with transaction.atomic():
            FailedCheck.objects.filter(specialist=specialist_id).delete()
            # Whoever was deleted meanwhile has none.
            FailedCheck.objects.bulk_create(found if Specialist.objects.filter(pk=specialist_id).exists() else [])
    return True


@transaction.atomic
def visit(specialist_id: UUID, now: datetime) -> list[FailedCheck]:
    """Try times that one specialist offers, under the locks that every change of their times takes.

    Under these locks nobody can take a time meanwhile, so every refusal is a fault. Raises OperationalError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])  # SET LOCAL
    shopper = newcomer()
    try:
        parties = lock_parties(shopper.pk, specialist_id)
    except refusals.NobodyThere:  # deleted meanwhile
        parties = None
    wanted: list[Try] = []
    if parties and parties.is_reachable:
        wanted = tries(free_slots(shopper, parties.specialist, now), parties.specialist.formats)
    found = [
        FailedCheck(
            specialist_id=specialist_id,
            which=each.which,
            starts_at=each.slot.starts_at,
            format=each.format,
            reason=reason,
            found_at=now,
        )
        for each in wanted
        if (reason := fault(shopper, specialist_id, each, now))
    ]
    transaction.set_rollback(True)
    return found


def newcomer() -> User:
    """A member who has only just confirmed their address, and can do nothing but book."""
    shopper = User.objects.create_user(f"{uuid4()}@shopper.invalid")
    EmailAddress.objects.create(user=shopper, email=shopper.email, verified=True, primary=True)
    return shopper


def tries(offered: Sequence[FreeSlot], formats: Iterable[str]) -> list[Try]:
    """The earliest time, the last one and one between them, by each way to meet that is offered, in turn."""
    if not offered:
        return []
    times = [(Which.EARLIEST, offered[0])]
    if len(offered) > 1:
        times.append((Which.LAST, offered[-1]))
    if len(offered) > 2:
        times.append((Which.BETWEEN, secrets.choice(offered[1:-1])))
    ways = list(formats) or [""]
    return [Try(*times[number % len(times)], ways[number % len(ways)]) for number in range(max(len(times), len(ways)))]


def fault(shopper: User, specialist_id: UUID, each: Try, now: datetime) -> FailedCheck.Reason | None:
    """Why a booking fails; None if it would be made. Raises OperationalError."""
    details = Details(format=each.format, name="", note="", mail=None)
    try:
        book(
            client=shopper,
            specialist_id=specialist_id,
            slot_id=each.slot.pk,
            details=details,
            token=uuid4(),
            now=now,
            dry_run=True,
        )
    except refusals.Refused as refused:
        return REASONS.get(type(refused), Reason.REFUSED)
    except OperationalError:
        raise
    except Exception:
        logger.exception("A booking that was only tried ended in an error.")
        return Reason.ERROR
    return None
