"""A web server that is told to stop, as each deployment does."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from reflect.management.commands.web import DRAINED_WITHIN
from reflect.settings import WEB_WAITS
from tests.processes import HOST, environment, serving, wait_until

STILL = 1.5  # seconds in which it could have ended


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'django_migrations'::regclass")
        return cursor.fetchone() is not None


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_what_is_being_answered_is_answered_and_nothing_new_is_taken(tmp_path: Path) -> None:
    """The slow request waits for a lock; a client that is idle on an open connection keeps nobody waiting."""
    patient = {"DATABASE_URL": f"{environment(1)['DATABASE_URL']}&options=-c%20lock_timeout%3D0"}
    with (
        serving(tmp_path, **patient) as web,
        closing(HTTPConnection(HOST, web.port)) as idle,
        ThreadPoolExecutor(1) as pool,
    ):
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
            slow = pool.submit(web.ask, "GET", "/readyz")
            wait_until(waits_for_a_lock)
            web.process.terminate()
            wait_until(lambda: refuses(web.port))
            sleep(STILL)
            assert not slow.done()
            assert web.process.poll() is None
        assert slow.result(timeout=60) == 200
        begun = monotonic()
        assert web.process.wait(timeout=60) == 0
        assert monotonic() - begun < DRAINED_WITHIN / 2


def refuses(port: int) -> bool:
    with closing(HTTPConnection(HOST, port, timeout=5)) as client:
        try:
            client.connect()
        except ConnectionRefusedError:
            return True
    return False


def test_no_statement_outlasts_the_stop() -> None:
    assert all(int(wait.removesuffix("s")) < DRAINED_WITHIN for wait in WEB_WAITS.values())
