"""Helpers for races: simultaneous calls over several connections and processes, and a check of the final state."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection

from accounts.models import User
from consultations.models import Booking, Slot
from consultations.services import refusals
from tests.consultations.cast import NOW, books
from tests.reflect.production import ENVIRONMENT

OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def member(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def wants(client: User, free_slot: Slot, **changed: Any) -> Callable[[], Booking]:
    return partial(books, client, free_slot, **changed)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run all calls at the same moment, each over its own connection; returns results and refusals."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        connection.ensure_connection()
        barrier.wait()
        return answer(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def answer(call: Callable[[], object]) -> object:
    try:
        return call()
    except refusals.Refused as refused:
        return refused
    finally:
        connection.close()


def beside(pool: ThreadPoolExecutor, call: Callable[[], object]) -> Future[object]:
    """Start a call over another connection, and return once it waits for a lock."""
    result = pool.submit(answer, call)
    until(lambda: count(f"{OTHERS} AND wait_event_type = 'Lock'") > 0)
    return result


def kinds(answers: list[object]) -> dict[str, int]:
    names = [type(one).__name__ for one in answers]
    return {name: names.count(name) for name in names}


def standing() -> list[int]:
    """Connections that existed before, such as those of a live server left by a journey."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS.replace("count(*)", "pid"))
        return [pid for (pid,) in cursor.fetchall()]


def deadlocks(before: list[int]) -> int:
    """Deadlocks of this database so far, read once all new connections have closed and reported theirs."""
    until(lambda: set(standing()) <= set(before))
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found: int = cursor.fetchone()[0]
    return found


def count(connections: str) -> int:
    """How many there are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(connections)
        found: int = cursor.fetchone()[0]
    return found


def until(happens: Callable[[], bool]) -> None:
    deadline = monotonic() + 60
    while not happens():
        assert monotonic() < deadline
        sleep(0.01)


def assert_one_state() -> None:
    """Nobody is double-booked, and `is_open` is right for every slot."""
    for person in User.objects.all():
        bookings = Booking.objects.occupying() & (
            Booking.objects.of_client(person) | Booking.objects.of_specialist(person)
        )
        ranges = sorted(bookings.values_list("starts_at", "ends_at"))
        assert all(first[1] <= second[0] for first, second in pairwise(ranges)), person
    for row in Slot.objects.select_related("specialist"):
        bookings = Booking.objects.occupying().filter(specialist=row.specialist_id)
        gap = timedelta(minutes=row.specialist.buffer_before + row.specialist.buffer_after)
        is_free = not bookings.filter(starts_at__lt=row.ends_at + gap, ends_at__gt=row.starts_at - gap).exists()
        own = Booking.objects.occupying().filter(client=row.specialist_id)
        is_free = is_free and not own.filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at).exists()
        if most := row.specialist.most_a_day:
            is_free = is_free and bookings.filter(starts_at__date=row.starts_at.date()).count() < most
        assert row.is_open == (is_free and not row.closed), row


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """A separate Python process with the database and keys of the tests."""
    params = connection.get_connection_params()
    query: dict[str, object] = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    keys = [f"{name}:{base64.b64encode(key).decode()}" for name, key in settings.SEALING_KEYS.items()]
    environment = ENVIRONMENT | {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"postgres:///{params['dbname']}?{urlencode(query)}",
        "SEALING_KEYS": ",".join(keys),
        "NOW": NOW.isoformat(),
    }
    command, pipe = [sys.executable, *arguments], subprocess.PIPE
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=pipe, stderr=pipe)
