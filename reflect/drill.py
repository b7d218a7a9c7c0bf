"""The drill: proves that a backup can be restored, opens with the keys and only with them, and forgets who was erased.

An account of its own is made after the base backup and erased after the moment that is restored to. So the restored
database has to hold it, and loses it again when the erasures since are repeated. If the drill is interrupted, the
account goes by itself within a day, as one whose address was never confirmed.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import Error, sql

from accounts import erasures
from accounts.models import User
from accounts.services import erase_account
from reflect.restoring import from_archive, ours, theirs
from reflect.scratch import NotPossible, Server, Tools, programs, running, runs_as, scratch

TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND relpersistence = 'p' AND nspname = 'public' ORDER BY relname
"""
# Rows that came or went, by table: of our own session at once, of others at the latest when REPORTED is over.
CHANGES = "SELECT relname, n_tup_ins + n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'public'"
OURS = "SELECT pg_stat_force_next_flush()"
REPORTED = timedelta(seconds=12)
THERE = "SELECT count(*) FROM accounts_user WHERE id = %s"
GONE = "SELECT count(*) FROM accounts_erased WHERE account = %s"
KEYS = "SELECT count(*) FROM accounts_datakey WHERE owner_id = ANY(%s)"

type Say = Callable[[bool, str], None]  # whether it holds, and the sentence
type Counts = Mapping[str, int]  # rows by table


@dataclass(frozen=True)
class Plan:
    """What to drill; the options of `manage.py drill`."""

    programs: Path | None = None
    scratch: Path | None = None
    restore: str = ""
    kept: Sequence[Path] = ()
    wal: Path | None = None
    erased: Path | None = None


@dataclass(frozen=True)
class Took:
    """`rpo`: from a commit until it was safe. `rto`: from the first byte that is copied back until all was checked."""

    rpo: timedelta
    rto: timedelta
    size: int  # bytes of the database


def drill(plan: Plan, say: Say, say_of_kept: Say) -> Took:
    """Restore, and say of each thing whether it holds, and so of each backup that is kept.

    Raises NotPossible if there is nothing to check.
    """
    folder = programs(plan.programs)
    user = runs_as(folder)
    with scratch(plan.scratch, user) as made, connection.cursor() as cursor:
        tools = Tools(folder, made, user, {"PGPASSWORD": connection.connection.info.password})
        with theirs(plan.restore, tools) if plan.restore else ours(tools) as backup:
            with an_account() as marker:
                changed, rows, moment = changes(), counts(), at(cursor)
            since = monotonic()
            backup.wait()
            rpo = timedelta(seconds=monotonic() - since)
        listed = made / "erased"
        if plan.erased:
            shutil.copy(plan.erased, listed)
        erasures.write(listed, now=timezone.now())
        since = monotonic()
        cluster, given = backup.restore(moment)
        with running(tools, cluster, *here(), **given) as server:
            check(server, Expected(marker, listed, changed, rows), say)
            rto = timedelta(seconds=monotonic() - since)
            size = one(server, "SELECT pg_database_size(current_database())")
        shutil.rmtree(cluster)  # room for one of those that are kept
        for kept in plan.kept:
            check_kept(tools, kept, plan.wal, listed, say_of_kept)
    return Took(rpo, rto, size)


def here() -> tuple[str, str]:
    """Database and role of our own connection."""
    info = connection.connection.info
    return info.dbname, info.user


def at(cursor: Any) -> datetime:
    """The time by the server's clock, which is that of its commits."""
    cursor.execute("SELECT clock_timestamp()")
    moment: datetime = cursor.fetchone()[0]
    return moment


@contextmanager
def an_account() -> Iterator[UUID]:
    """An account within the context, and erased at its end, with its key; yields its id."""
    with transaction.atomic():
        made = User.objects.create_user(f"drill-{secrets.token_hex(8)}@drill.invalid", is_active=False)
        EmailAddress.objects.create(user=made, email=made.email, verified=False, primary=True)
    pk = made.pk
    try:
        yield pk
    finally:
        erase_account(owner=made, now=timezone.now())


@transaction.atomic
def counts() -> Counts:
    """How many rows each table has, at one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return counted(cursor)


def counted(cursor: Any) -> Counts:
    cursor.execute(TABLES)
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table)))
        found[table] = cursor.fetchone()[0]
    return found


def changes() -> Counts:
    """How often a row came or went, in each table of the running database, since whenever it was counted first."""
    with connection.cursor() as cursor:
        cursor.execute(OURS)
        cursor.execute(CHANGES)
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Expected:
    """What the restored database has to hold: an account, and rows as counted just before the moment."""

    marker: UUID
    listed: Path
    changed: Counts
    rows: Counts

    def differing(self, restored: Counts, changed: Counts) -> list[str]:
        """Each table whose rows are not as many as at the moment, in words; `changed` is of after the moment.

        Of a table that nobody changed, the number is known; of another, how far it can be off.
        """
        found = []
        for table in sorted({*self.rows, *restored}):
            had, has = self.rows.get(table, 0), restored.get(table, 0)
            if abs(has - had) > abs(changed.get(table, 0) - self.changed.get(table, 0)):
                found.append(f"{table} has {has:,} of {had:,}")
        return found

    def in_words(self, restored: Counts) -> tuple[bool, str]:
        """Whether rows are as many, and the sentence; of one that is not, only once all changes are reported."""
        until = monotonic() + REPORTED.total_seconds()
        while (wrong := self.differing(restored, changed := changes())) and monotonic() < until:
            sleep(1)
        moved = sum(changed.get(table, 0) != self.changed.get(table, 0) for table in self.rows)
        about = f", {moved} that changed meanwhile about as many" if moved else ""
        words = f": {'; '.join(wrong)}" if wrong else ""
        return not wrong, f"{len(self.rows) - moved} tables have as many rows as at that moment{about}{words}."


def check(server: Server, expected: Expected, say: Say) -> None:
    """Check the restored database, and erase again who was erased since."""
    say(one(server, THERE, expected.marker) == 1, "What was written after the base backup is there.")
    say(one(server, GONE, expected.marker) == 0, "What was written after the moment is not.")
    with server.connect() as restored, restored.cursor() as cursor:
        say(*expected.in_words(counted(cursor)))
    for command in (["open_sealed"], ["open_sealed", "--without-keys"], ["check_slots"]):
        say(*manage(server, *command))
    say_of_keys(server, expected.listed, "the restored backup", say)
    say(*manage(server, "erase_again", str(expected.listed)))
    everybody = [*erasures.read(expected.listed)]
    left = one(server, KEYS, everybody) + one(server, THERE, expected.marker)
    say(left == 0, "Whoever was erased since is erased again, with the key.")


def one(server: Server, query: str, *values: object) -> int:
    with server.connect() as restored:
        [value] = restored.execute(query, values).fetchone() or [0]
    return int(value)


def manage(server: Server, *arguments: str) -> tuple[bool, str]:
    """Run manage.py on the restored database: whether it did well, and its last line.

    Its lines for the security log are nobody's: they would tell of a copy that is gone in a minute.
    """
    variable = "DEMO_DATABASE_URL" if settings.DEMO else "DATABASE_URL"
    left_out = {f"{variable}_FILE", "SECURITY_LOG", "SECURITY_LOG_FILE"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), *arguments],
        env=environment | {variable: server.url},
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stderr if done.returncode else done.stdout).strip().splitlines() or ["said nothing"]
    return done.returncode == 0, f"{' '.join(arguments[:2])}: {said[-1].removeprefix('CommandError: ')}"


def retention() -> timedelta:
    """How long backups are kept; the demo, which has none, counts as a day."""
    return timedelta(days=max(int(settings.LEGAL["backup_retention_days"] or 0), 1))


def say_of_keys(server: Server, listed: Path, where: str, say: Say) -> None:
    due = timezone.now() - retention()
    gone = [account for account, at in erasures.read(listed).items() if at < due]
    found = one(server, KEYS, gone)
    held = f"{found} of {len(gone)}" if found else "none"
    say(not found, f"Keys in {where}, of accounts erased more than {retention().days} days ago: {held}.")


def check_kept(tools: Tools, kept: Path, wal: Path | None, listed: Path, say: Say) -> None:
    """Check each backup in a folder of those that are kept."""
    found = backups_in(kept)
    if not found:
        raise NotPossible(f"{kept} holds no base backup.")
    for number, backup in enumerate(found):
        name = named(backup)
        begun = begun_at(backup)
        age = timezone.now() - begun if begun else timedelta.max
        old = f"of {begun:%Y-%m-%d}" if begun else "that does not say when it was begun"
        say(age <= retention(), f"The backup {name}, {old}, is not older than {retention().days} days.")
        try:
            cluster = tools.copy(backup, f"kept{number}")
            with running(tools, cluster, *here(), **to_start(cluster, wal)) as server:
                say_of_keys(server, listed, f"the backup {name}", say)
        except (NotPossible, OSError, Error) as error:
            said = str(error).partition("\n")[0]
            say(False, f"The backup {name} cannot be opened. {said}")
        finally:
            shutil.rmtree(tools.scratch / f"kept{number}", ignore_errors=True)


def backups_in(folder: Path) -> list[Path]:
    """The folder itself if it is a base backup, or those in it, as pg_basebackup or barman keep them."""
    if (folder / "backup_label").exists():
        return [folder]
    return sorted(label.parent for pattern in ("*", "*/data") for label in folder.glob(f"{pattern}/backup_label"))


def named(backup: Path) -> str:
    """barman's own folder for each is `data`, in one with its name."""
    return backup.parent.name if backup.name == "data" else backup.name


def begun_at(backup: Path) -> datetime | None:
    """When a base backup was begun; its zone, an abbreviation, is taken for UTC, which is off by half a day at most."""
    label = (backup / "backup_label").read_text(errors="replace")
    for line in label.splitlines():
        name, _, value = line.partition(": ")
        if name == "START TIME":
            return datetime.strptime(value[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return None


def to_start(cluster: Path, wal: Path | None) -> Mapping[str, str]:
    """The settings that bring a kept backup to its own end: as the tool that restored it says, from WAL, or alone."""
    if (cluster / "recovery.signal").exists() or not wal:
        return {}
    (cluster / "recovery.signal").touch()
    return from_archive(wal) | {"recovery_target": "immediate"}
