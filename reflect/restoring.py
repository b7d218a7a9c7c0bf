"""Where the drill's copies come from: from the running server, or from the operator's own backups."""

import os
import shlex
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

from django.db import connection
from psycopg.conninfo import make_conninfo

from reflect.scratch import NotPossible, Tools

NAME = f"reflect_drill_{os.getpid()}"  # of the connection that receives WAL, and of its slot
PATIENCE = timedelta(minutes=10)  # until what was written is in the archive
RECEIVED = "SELECT coalesce(bool_or(flush_lsn >= %s), false) FROM pg_stat_replication WHERE application_name = %s"
# Keeps the server from removing WAL that is not received yet; of our session, so that it goes with it in any case.
RESERVED = "SELECT pg_create_physical_replication_slot(%s, immediately_reserve => true, temporary => true)"
# By the server's own command, or, where it has none, by what receives WAL as it is written.
ARCHIVED = """
SELECT CASE current_setting('archive_mode')
WHEN 'off' THEN EXISTS (SELECT FROM pg_stat_replication WHERE flush_lsn >= %s)
ELSE coalesce((SELECT last_archived_wal >= %s FROM pg_stat_archiver), false) END
"""


class Backup(Protocol):
    def wait(self) -> None:
        """Wait until everything committed so far is safe. Raises NotPossible."""

    def restore(self, moment: datetime) -> tuple[Path, Mapping[str, str]]:
        """The cluster as of `moment`, in the scratch folder, and the settings to start it with. Raises NotPossible."""


@dataclass
class Ours:
    """A base backup and the WAL since, taken for the drill from the running server, which needs no other settings."""

    tools: Tools
    base: Path
    wal: Path
    receives: Callable[[], None]  # raises NotPossible

    def wait(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            [position] = cursor.fetchone()
            until(cursor, RECEIVED, [position, NAME], self.receives)

    def restore(self, moment: datetime) -> tuple[Path, Mapping[str, str]]:
        cluster = self.tools.copy(self.base, "restored")
        (cluster / "recovery.signal").touch()
        return cluster, from_archive(self.wal) | {"recovery_target_time": moment.isoformat(" ")}


@contextmanager
def ours(tools: Tools) -> Iterator[Ours]:
    base, wal = tools.make("base"), tools.make("wal")
    with connection.cursor() as cursor:
        cursor.execute(RESERVED, [NAME])
        source = make_conninfo(connection.connection.info.dsn, application_name=NAME)
    receiver = tools.start(*tools.command("pg_receivewal", "-D", wal, "-d", source, "--synchronous", "--no-loop"))

    def receives() -> None:
        if receiver.process.poll() is not None:
            raise receiver.failed()

    try:
        with connection.cursor() as cursor:
            until(cursor, RECEIVED, ["0/0", NAME], receives)
        backup = tools.command("pg_basebackup", "-D", base, "-d", source, "-c", "fast", "-X", "none", "--no-sync")
        tools.run(*backup)
        tools.run(*tools.command("pg_verifybackup", "--no-parse-wal", "--quiet", base))
        yield Ours(tools, base, wal, receives)
    finally:
        receiver.process.send_signal(signal.SIGINT)
        receiver.process.wait()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_drop_replication_slot(%s)", [NAME])


def from_archive(wal: Path) -> dict[str, str]:
    """The setting that fetches WAL; the newest file is still being written."""
    return {"restore_command": f'cp "{wal}/%f" "%p" || cp "{wal}/%f.partial" "%p"'}


@dataclass
class Theirs:
    """The operator's own backups, restored by their own command."""

    tools: Tools
    command: str

    def wait(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn()), pg_switch_wal()")
            name, position = cursor.fetchone()
            until(cursor, ARCHIVED, [position, name], lambda: None)

    def restore(self, moment: datetime) -> tuple[Path, Mapping[str, str]]:
        cluster = self.tools.make("restored")
        told = {"{folder}": str(cluster), "{moment}": moment.astimezone(UTC).isoformat(" ")}
        words = shlex.split(self.command)
        for name, value in told.items():
            words = [word.replace(name, value) for word in words]
        replace(self.tools, environment={}).run(*words)  # our password is not theirs, and would go before their .pgpass
        if not (cluster / "recovery.signal").exists():
            raise NotPossible("The command of --restore left no recovery.signal: it restores to no moment.")
        return cluster, {}


@contextmanager
def theirs(command: str, tools: Tools) -> Iterator[Theirs]:
    yield Theirs(tools, command)


def until(cursor: Any, query: str, values: Sequence[object], still: Callable[[], None]) -> None:
    """Wait until a query answers true. Raises NotPossible after PATIENCE, and whatever `still` raises."""
    deadline = monotonic() + PATIENCE.total_seconds()
    while monotonic() < deadline:
        cursor.execute(query, values)
        if cursor.fetchone()[0]:
            return
        still()
        sleep(0.05)
    minutes = PATIENCE // timedelta(minutes=1)
    raise NotPossible(f"What is committed has not reached the archive within {minutes} minutes.")
