"""Keys are re-wrapped while people go on writing; the run is killed half-way and restarted; every entry opens."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from accounts.models import DataKey, User
from journal.models import Entry
from tests.accounts.test_rotate_keys import NEW, OLD, ROOT
from tests.journal.written import written
from tests.processes import NARROW, environment, wait_until

PEOPLE, WRITERS = 240, 3


def words(owner: User, n: int) -> str:
    return f"Entry {n} of {owner.pk}."


class Writer(threading.Thread):
    """Writes entries for one person after another over a connection of its own, until it is stopped."""

    def __init__(self, owners: list[User], stop: threading.Event) -> None:
        super().__init__()
        self.owners, self.stop = owners, stop
        self.rounds = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                for owner in self.owners:
                    written(User.objects.get(pk=owner.pk), words(owner, self.rounds))
                self.rounds += 1
        except Exception as failure:  # reported by the test
            self.failure = failure
        finally:
            connection.close()


@contextmanager
def people_writing(owners: list[User]) -> Iterator[list[Writer]]:
    stop = threading.Event()
    writers = [Writer(owners[n::WRITERS], stop) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def rotating() -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "rotate_keys", "--batch-size", "1"]
    pipe, setting = subprocess.PIPE, environment(mail_port=1)
    return subprocess.Popen(command, cwd=ROOT, env=setting, stderr=pipe, stdout=pipe, text=True, pipesize=NARROW)


def wrapped_anew() -> int:
    return DataKey.objects.filter(wrapped_by="new").count()


@pytest.mark.django_db(transaction=True)
def test_people_write_while_keys_are_wrapped_anew(settings: Settings) -> None:
    settings.SEALING_KEYS = OLD
    owners = User.objects.bulk_create(User(email=f"{n}@example.org") for n in range(PEOPLE))
    late = owners[::10]  # have no data key at the start; theirs are made during the run
    for owner in owners:
        if owner not in late:
            written(owner, "Before.")
    settings.SEALING_KEYS = NEW | OLD
    before = Entry.objects.count()
    with people_writing(owners) as writers:
        with rotating() as run:
            wait_until(lambda: wrapped_anew() > 0)
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE accounts_datakey IN EXCLUSIVE MODE")
                assert 0 < wrapped_anew() < PEOPLE
                run.kill()
                run.communicate()
        assert DataKey.objects.filter(wrapped_by="old").exists()
        between = Entry.objects.count()
        assert between > before
        with rotating() as run:
            said, _ = run.communicate(timeout=120)
        assert run.returncode == 0
        assert "None remains" in said
        assert Entry.objects.count() > between
    assert [writer.failure for writer in writers] == [None] * WRITERS
    assert wrapped_anew() == DataKey.objects.count() == PEOPLE
    settings.SEALING_KEYS = NEW
    for writer in writers:
        for owner in writer.owners:
            reader = User.objects.get(pk=owner.pk)
            texts = {entry.content(reader).texts[0] for entry in Entry.objects.of(reader)}
            assert texts >= {words(owner, n) for n in range(writer.rounds)}
