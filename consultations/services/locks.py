"""Row locks, always taken in this order: people by id, specialists by id, slots by id, the booking.

Every change of a specialist's slots or bookings locks the specialist; of a meeting between two specialists, both, since
it takes the time of both. Booking a slot locks both people first, so that nobody is double-booked in either role.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from time import sleep
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import DeadlockDetected, LockNotAvailable

from accounts.models import DataKey, User
from accounts.sealing import remember_key
from consultations.models import Booking, Slot, Specialist
from consultations.models.profiles import are_reachable
from consultations.services.refusals import Busy, NobodyThere, Refused
from lib.metrics import booking_refusals

LOCK_TIMEOUT = "3s"
PAUSE = 0.05  # seconds before the retry: lets the holder of the lock finish
GIVE_WAY = (LockNotAvailable, DeadlockDetected)


def changing[**P, R](change: Callable[P, R]) -> Callable[P, R]:
    """Run in a transaction with a lock timeout, and retry once after a timeout or a deadlock. Counts what is refused.

    Raises Busy when the retry fails too.
    """

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])  # SET LOCAL
            return change(*args, **kwargs)

    def attempt_twice(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return attempt(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.__cause__, GIVE_WAY):
                raise
        sleep(PAUSE)
        try:
            return attempt(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.__cause__, GIVE_WAY):
                raise
            raise Busy from error

    @wraps(change)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return attempt_twice(*args, **kwargs)
        except Refused as refused:
            booking_refusals.labels(type(refused).__name__).inc()
            raise

    return counted


@dataclass(frozen=True, slots=True)
class Parties:
    """Client and specialist, read under the locks, with their data keys."""

    client: User
    host: User
    specialist: Specialist
    own: Specialist | None  # the client's own profile
    is_confirmed: bool  # the client's e-mail address
    is_reachable: bool
    is_blocked: bool  # one of the two does not want to meet the other


# In SQL, because Django took longer to compile these queries than PostgreSQL takes to run them
# (docs/decisions/0002-free-times-in-sql.md). The second one reads what has changed while the first one waited.
LOCK_PEOPLE = """
SELECT account.*, key.wrapped_by, key.wrapped,
       EXISTS (SELECT FROM account_emailaddress WHERE user_id = account.id AND verified) AS is_confirmed
FROM accounts_user AS account LEFT JOIN accounts_datakey AS key ON key.owner_id = account.id
WHERE account.id IN (%(client)s, %(specialist)s)
ORDER BY account.id
FOR NO KEY UPDATE OF account
"""
LOCK_SPECIALISTS = """
SELECT specialist.*, EXISTS (
    SELECT FROM consultations_block
    WHERE owner_id IN (%(client)s, %(specialist)s) AND other_id IN (%(client)s, %(specialist)s)
) AS is_blocked
FROM consultations_specialist AS specialist
WHERE user_id IN (%(client)s, %(specialist)s)
ORDER BY user_id
FOR NO KEY UPDATE OF specialist
"""


def lock_parties(client_id: UUID, specialist_id: UUID) -> Parties:
    """Lock both people, then the specialist, and the client's own profile. Raises NobodyThere if a side is gone."""
    ids = {"client": client_id, "specialist": specialist_id}
    found: dict[UUID, Any] = {user.pk: user for user in User.objects.raw(LOCK_PEOPLE, ids)}
    specialists: dict[UUID, Any] = {one.pk: one for one in Specialist.objects.raw(LOCK_SPECIALISTS, ids)}
    if specialist_id not in specialists or client_id not in found:
        raise NobodyThere
    specialist, client, host = specialists[specialist_id], found[client_id], found[specialist_id]
    for user in (client, host):
        if user.wrapped is not None:
            user.data_key = DataKey(owner=user, wrapped_by=user.wrapped_by, wrapped=user.wrapped)
        remember_key(user)
    return Parties(
        client=client,
        host=host,
        specialist=specialist,
        own=specialists.get(client_id),
        is_confirmed=client.is_confirmed,
        is_reachable=are_reachable(specialist, host),
        is_blocked=specialist.is_blocked,
    )


def lock_specialist(specialist_id: UUID | None) -> Specialist | None:
    """Lock a specialist; None if the account is gone."""
    return lock_rows(Specialist.objects.filter(pk=specialist_id)).first() if specialist_id else None


def lock_both(booking: QuerySet[Booking]) -> dict[UUID, Specialist]:
    """Lock the specialist of a booking, and the client's own profile, by id: as many as there are."""
    people = booking.values_list("specialist", "client").get()
    return {one.pk: one for one in lock_rows(Specialist.objects.filter(pk__in=[pk for pk in people if pk]))}


def lock_circle(person_id: UUID, now: datetime) -> None:
    """Lock a person, so that nobody books them, nor they anybody; then their profile and those of all they are to meet,
    and the meetings.

    All of these can then be cancelled, whoever they are with: whoever answers a proposal for one of them meanwhile
    waits before they hold anybody's notices.
    """
    list(lock_rows(User.objects.filter(pk=person_id)))
    meetings = Booking.objects.in_either_role(person_id).upcoming(now).order_by().values_list("client", "specialist")
    people = {person_id, *(pk for pair in meetings for pk in pair if pk)}
    list(lock_rows(Specialist.objects.filter(pk__in=people)))
    list(lock_rows(Booking.objects.in_either_role(person_id).upcoming(now).only("pk")))


def lock_slots(specialist_id: UUID, ids: Iterable[int]) -> dict[int, Slot]:
    """Lock those of these slots that exist and belong to this specialist, by id."""
    return {slot.pk: slot for slot in lock_rows(Slot.objects.filter(specialist=specialist_id, pk__in=ids))}


def lock_booking(rows: QuerySet[Booking], booking_id: UUID) -> Booking:
    """Lock one of these bookings; the last lock to take. Raises Booking.DoesNotExist."""
    return lock_rows(rows.select_related("client__data_key", "specialist__user__data_key")).get(pk=booking_id)


def lock_rows[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")
