"""Two workers in processes of their own: what takes long does not hold up a code."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.mails import post_notice
from accounts.models import User
from consultations.models import Slot, Specialist, WeeklyHours
from consultations.tasks import generate_slots_nightly
from reflect import workers
from reflect.helplines import RECORDS
from tests.conftest import show_second_factor
from tests.processes import Postbox, environment, free_port, mail_server, running, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_clock]
SPECIALISTS, CODES = 1_000, 3


@pytest.fixture
def empty_queue() -> Iterator[None]:
    truncate = "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
    with connection.cursor() as cursor:
        cursor.execute(truncate)
        yield
        cursor.execute(truncate)


def many_specialists() -> None:
    """Each sees people eight hours a day."""
    users = User.objects.bulk_create(
        User(email=f"{number}@example.org", is_specialist=True) for number in range(SPECIALISTS)
    )
    now = timezone.now()
    Specialist.objects.bulk_create(
        Specialist(
            user=user,
            slug=f"s-{number}",
            status="verified",
            created_at=now,
            changed_at=now,
            verified_at=now,
            check_again_on=now.date() + timedelta(days=365),
        )
        for number, user in enumerate(users)
    )
    WeeklyHours.objects.bulk_create(
        WeeklyHours(specialist_id=user.pk, weekday=day, starts=9 * 60, ends=17 * 60, valid_from=now.date())
        for user in users
        for day in range(7)
    )


def has_more_than(postbox: Postbox, number: int) -> bool:
    return len(postbox.letters) > number


@pytest.mark.usefixtures("empty_queue")
def test_a_code_leaves_within_two_seconds_while_the_slots_of_many_are_made(ana: User) -> None:
    many_specialists()
    postbox, port = Postbox(), free_port()
    generate_slots_nightly.configure().defer(timestamp=int(time.time()))
    took = []
    with mail_server(postbox, port), running("worker", "mail", mail_port=port), running("worker", "housekeeping"):
        wait_until(lambda: workers.alive() == {"mail", "housekeeping"} and Slot.objects.exists())
        for number in range(CODES):
            begun = time.monotonic()
            Client().post(reverse("account_reset_password"), {"email": ana.email})
            wait_until(partial(has_more_than, postbox, number))
            took.append(time.monotonic() - begun)
        making = ProcrastinateJob.objects.get(task_name=generate_slots_nightly.name)
        assert making.status == "doing"
    assert {letter["Subject"] for letter in postbox.letters} == {"Your code"}
    assert sorted(took)[CODES // 2] < 2


@pytest.mark.usefixtures("empty_queue")
def test_a_hidden_line_leaves_the_help_page_while_a_worker_runs(client: Client, dana: User) -> None:
    client.force_login(dana)
    show_second_factor(client, dana)
    with running("worker", "housekeeping"):
        wait_until(lambda: Path(settings.PAGES_FOLDER, RECORDS).exists())  # at its start
        assert "Shout" in Client().get(reverse("help_now")).text
        client.post(reverse("admin:reflect_helplinerecord_changelist"), {"hide": "uk-shout"})
        wait_until(lambda: "Shout" not in Client().get(reverse("help_now")).text)


FULL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$;
CREATE TRIGGER full_disk BEFORE UPDATE ON procrastinate_jobs EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def full_disk(empty_queue: None) -> Iterator[Callable[[], None]]:
    """The queue's own table cannot be written, until the returned function is called."""
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        yield lambda: cursor.execute("DROP FUNCTION IF EXISTS refuse CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS refuse CASCADE")


def test_a_worker_goes_on_when_the_disk_is_no_longer_full(ana: User, full_disk: Callable[[], None]) -> None:
    postbox, port = Postbox(), free_port()
    post_notice("account/email/password_changed", ana.email, owner=ana, now=timezone.now())
    with mail_server(postbox, port), running("worker", "mail", mail_port=port) as worker:
        assert worker.stderr
        while b"begins again" not in worker.stderr.readline():
            assert worker.poll() is None
        full_disk()
        wait_until(partial(has_more_than, postbox, 0))
        worker.terminate()
        assert worker.wait(timeout=60) == 0


# A queue whose connections are being opened when the signal comes. In a process of its own: Playwright's event loop may
# be running in this one.
STOPPED_WHILE_OPENING = """if True:
    import asyncio, os, signal
    from contextlib import asynccontextmanager
    import django
    django.setup()
    from reflect.management.commands.worker import work

    class Queue:
        @asynccontextmanager
        async def open_async(self):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.1)
            print("opened")
            yield
            print("closed")

        async def run_worker_async(self, **_):
            await asyncio.sleep(60)
            print("ended by itself")

    asyncio.run(work(Queue(), "mail", one_shot=False))
"""


def test_a_signal_while_the_connections_are_opened_ends_the_worker_once_they_are() -> None:
    """Cancelled in the middle, the pool kept tasks that never ended, and the process with them."""
    command = [sys.executable, "-c", STOPPED_WHILE_OPENING]
    setting = environment(1) | {"DJANGO_SETTINGS_MODULE": "reflect.settings"}
    ended = subprocess.run(
        command, env=setting, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "opened\nclosed\n"), ended.stderr
