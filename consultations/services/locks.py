"""Row locks, always taken in this order: people by id, the specialist, slots by id, the booking.

Every change of a specialist's slots or bookings locks the specialist. Booking a slot locks both people first, so that
nobody is double-booked in either role.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from time import sleep
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from psycopg.errors import DeadlockDetected, LockNotAvailable

from accounts.models import User
from accounts.sealing import remember_key
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import AreApart
from consultations.models.profiles import are_reachable
from consultations.services.refusals import Busy, NobodyThere

LOCK_TIMEOUT = "3s"
PAUSE = 0.05  # seconds before the retry: lets the holder of the lock finish
GIVE_WAY = (LockNotAvailable, DeadlockDetected)


def changing[**P, R](change: Callable[P, R]) -> Callable[P, R]:
    """Run in a transaction with a lock timeout, and retry once after a timeout or a deadlock.

    Raises Busy when the retry fails too.
    """

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])  # SET LOCAL
            return change(*args, **kwargs)

    @wraps(change)
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

    return attempt_twice


@dataclass(frozen=True, slots=True)
class Parties:
    """Client and specialist, read under the locks, with their data keys."""

    client: User
    host: User
    specialist: Specialist
    is_confirmed: bool  # the client's e-mail address
    is_reachable: bool
    is_blocked: bool  # one of the two does not want to meet the other


def lock_parties(client_id: UUID, specialist_id: UUID) -> Parties:
    """Lock both people, then the specialist. Raises NobodyThere if one of them is gone."""
    address = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    people = User.objects.filter(pk__in=[client_id, specialist_id]).annotate(is_confirmed=Exists(address))
    found = {user.pk: user for user in lock_rows(people.select_related("data_key"))}
    blocked = AreApart(client_id, specialist_id)
    specialists = Specialist.objects.annotate(is_blocked=blocked).filter(pk=specialist_id)
    specialist = lock_rows(specialists).first()
    if specialist is None or client_id not in found:
        raise NobodyThere
    client, host = found[client_id], found[specialist_id]
    remember_key(client)
    remember_key(host)
    return Parties(
        client=client,
        host=host,
        specialist=specialist,
        is_confirmed=client.is_confirmed,
        is_reachable=are_reachable(specialist, host),
        is_blocked=specialist.is_blocked,
    )


def lock_specialist(specialist_id: UUID | None) -> Specialist | None:
    """Lock a specialist; None if the account is gone."""
    return lock_rows(Specialist.objects.filter(pk=specialist_id)).first() if specialist_id else None


def lock_slots(specialist_id: UUID, ids: Iterable[int]) -> dict[int, Slot]:
    """Lock those of these slots that exist and belong to this specialist, by id."""
    return {slot.pk: slot for slot in lock_rows(Slot.objects.filter(specialist=specialist_id, pk__in=ids))}


def lock_booking(rows: QuerySet[Booking], booking_id: UUID) -> Booking:
    """Lock one of these bookings; the last lock to take. Raises Booking.DoesNotExist."""
    return lock_rows(rows.select_related("client__data_key", "specialist__user__data_key")).get(pk=booking_id)


def lock_rows[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")
