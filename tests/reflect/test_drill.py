"""The drill, for real: the tests' own server is backed up, restored to a moment and checked; and each way to fail."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Erased, User
from reflect import drill, restoring
from reflect.models import CheckRun
from reflect.promises import Check
from reflect.proving import Outcome, record
from reflect.scratch import NotPossible, Server, Tools, programs, running, runs_as, scratch
from reflect.settings import PRODUCTIONS_OWN
from tests.journal.written import written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_clock]
type Says = Callable[..., list[str]]
LONG_AGO = timedelta(days=40)


@pytest.fixture
def tools() -> Iterator[Tools]:
    """PostgreSQL's programs with a folder of their own."""
    folder = programs(None)
    with scratch(None, user := runs_as(folder)) as made:
        yield Tools(folder, made, user)


@pytest.fixture
def drilled(capsys: pytest.CaptureFixture[str]) -> Says:
    """Runs the drill with these options, and returns what it says, or of a red one what does not hold."""

    def run(*options: str, red: bool = False) -> list[str]:
        capsys.readouterr()
        if not red:
            call_command("drill", *options)
            return capsys.readouterr().out.splitlines()
        with pytest.raises(CommandError, match="of what has to hold does not"):
            call_command("drill", *options)
        return [line.removeprefix("RED ") for line in capsys.readouterr().out.splitlines() if line.startswith("RED ")]

    return run


def kept_backup(tools: Tools, name: str, begun: datetime | None = None) -> Path:
    """A base backup of the tests' server that holds its WAL, as if it was `begun` then."""
    with connection.cursor():
        source = connection.connection.info.dsn
    made = tools.make(name)
    tools.run(*tools.command("pg_basebackup", "-D", made, "-d", source, "-c", "fast", "-X", "stream", "--no-sync"))
    if begun:
        label = made / "backup_label"
        label.write_text(re.sub("START TIME: .{19}", f"START TIME: {begun:%Y-%m-%d %H:%M:%S}", label.read_text()))
    return made


def test_a_backup_is_restored_and_everything_holds(drilled: Says, tools: Tools, ana: User, ben: User) -> None:
    """Ben was erased since, as the list beside the backups says; the backups that are kept are of today."""
    written(ana)
    kept_backup(tools, "today")
    (tools.scratch / "list").write_text(f"{timezone.now().isoformat()} {ben.pk}\n")
    said = drilled("--erased", str(tools.scratch / "list"), "--kept", str(tools.scratch))
    assert all(line.startswith(("ok ", "RPO ", "RTO ")) for line in said)
    assert "ok  What was written after the base backup is there." in said
    assert "ok  What was written after the moment is not." in said
    assert "ok  check_slots: Every slot agrees with the bookings." in said
    assert [line for line in said if line.endswith("Accounts in the list: 2; erased again: 2.")]
    assert len([line for line in said if line.startswith("ok  The backup today, of ")]) == 1
    assert re.fullmatch(r"RPO \d+\.\d s: .*", said[-2])
    assert re.fullmatch(r"RTO \d+\.\d s: until \d+ MiB .*", said[-1])
    assert {*User.objects.all()} == {ana, ben}  # of the running database, nobody is erased but the drill's own account
    assert Erased.objects.count() == 1
    made, kept = (CheckRun.objects.get(name=name) for name in (Check.DRILL, Check.KEPT))
    assert made.holds
    assert re.fullmatch(
        r"A backup made for it was restored in \d+ seconds; .* were not tried \(--restore\)\.", made.said
    )
    assert kept.holds


def test_everything_that_does_not_hold_is_red(
    drilled: Says, tools: Tools, ana: User, ben: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows sealed with a key that is lost, a lost row, keys of somebody erased long ago, and nobody erased again."""
    kept_backup(tools, "ancient", begun=timezone.now() - LONG_AGO)
    (tools.make("broken") / "backup_label").write_text("START WAL LOCATION: 0/2000028\n")
    settings.SEALING_KEYS = {"lost": secrets.token_bytes(32)}
    settings.LEGAL = settings.LEGAL | {"backup_retention_days": "30"}
    cleo = User.objects.create_user("cleo@example.org")
    written(cleo)
    Erased.objects.create(account=ben.pk, at=timezone.now() - LONG_AGO)

    @contextmanager
    def losing(*arguments: Any, **given: Any) -> Iterator[Server]:
        with running(*arguments, **given) as server:
            with server.connect() as lost:
                lost.execute("SET session_replication_role = replica")
                lost.execute("DELETE FROM journal_entry")
            yield server

    monkeypatch.setattr(drill, "running", losing)
    monkeypatch.setattr(drill, "REPORTED", timedelta(seconds=0))
    manage = drill.manage
    monkeypatch.setattr(
        drill, "manage", lambda server, *words: (True, "") if words[0] == "erase_again" else manage(server, *words)
    )
    lost_row, sealed, key, erased, age, kept_key, age_of_broken, broken = drilled(
        "--kept", str(tools.scratch), red=True
    )
    assert re.fullmatch(r"\d+ tables have as many rows as at that moment.*: journal_entry has 0 of 1\.", lost_row)
    assert re.fullmatch(r"open_sealed: Of \d+ sealed rows, [1-9]\d* do not open\.", sealed)
    assert key == "Keys in the restored backup, of accounts erased more than 30 days ago: 1 of 1."
    assert erased == "Whoever was erased since is erased again, with the key."
    assert re.fullmatch(r"The backup ancient, of \d{4}-\d\d-\d\d, is not older than 30 days\.", age)
    assert kept_key == "Keys in the backup ancient, of accounts erased more than 30 days ago: 1 of 1."
    assert age_of_broken == "The backup broken, that does not say when it was begun, is not older than 30 days."
    assert broken.startswith("The backup broken cannot be opened. ")
    for name in (Check.DRILL, Check.KEPT):
        run = CheckRun.objects.get(name=name)
        assert (run.holds, run.said) == (False, "Things that do not hold: 4.")


RESTORE = """
set -eu
cp -a "$1/." "$3"
touch "$3/recovery.signal"
printf "restore_command = 'cp %s/%%f %%p'\\nrecovery_target_time = '%s'\\n" "$2" "$4" >> "$3/postgresql.auto.conf"
"""


@pytest.fixture
def with_archive(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """The test runs on a server that archives its WAL, as an operator's does: its base backup, and the archive."""
    base, archive = kept_backup(tools, "base"), tools.make("archive")
    ours = connections["default"]
    params = ours.get_connection_params()
    archiving = {"archive_mode": "on", "archive_command": f'cp "%p" "{archive}/%f"'}
    with (
        running(tools, tools.copy(base, "primary"), *drill.here(), **archiving) as server,
        monkeypatch.context() as there,
    ):
        ours.close()
        there.setattr(ours, "get_connection_params", lambda: params | {"host": str(server.socket), "port": 5432})
        yield base, archive
        ours.close()


def test_the_backups_of_an_operator_are_restored_by_their_own_command(
    drilled: Says, tools: Tools, ana: User, with_archive: tuple[Path, Path]
) -> None:
    written(ana)
    script = tools.scratch / "restore"
    script.write_text(RESTORE)
    base, archive = with_archive
    said = drilled("--restore", f'/bin/sh "{script}" "{base}" "{archive}" {{folder}} {{moment}}')
    assert "ok  What was written after the base backup is there." in said
    assert "ok  What was written after the moment is not." in said
    assert [line for line in said if line.startswith("ok  open_sealed: ")]


def test_a_command_that_restores_to_no_moment_is_refused(tools: Tools, db: None) -> None:
    backup = restoring.Theirs(tools, "/bin/true {folder}")
    with pytest.raises(NotPossible, match=r"left no recovery\.signal"):
        backup.restore(timezone.now())


def test_a_command_that_fails_is_told_with_its_last_words(tools: Tools, db: None) -> None:
    backup = restoring.Theirs(tools, "/bin/sh -c 'echo no such stanza >&2; exit 3'")
    with pytest.raises(NotPossible, match="sh failed: no such stanza"):
        backup.restore(timezone.now())


def test_a_server_that_archives_nothing_is_not_waited_for_without_end(
    tools: Tools, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "PATIENCE", timedelta(seconds=0.2))
    with pytest.raises(NotPossible, match="has not reached the archive"):
        restoring.Theirs(tools, "").wait()


def test_where_wal_is_streamed_it_is_safe_once_it_is_received(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    with restoring.ours(tools):
        monkeypatch.setattr(restoring, "PATIENCE", timedelta(seconds=30))
        restoring.Theirs(tools, "").wait()


def test_the_account_of_the_drill_goes_also_if_the_drill_fails(db: None) -> None:
    def fail() -> None:
        with drill.an_account() as made:
            assert [*User.objects.never_confirmed()] == [User.objects.get(pk=made)]  # it would go within a day
            raise NotPossible

    with pytest.raises(NotPossible):
        fail()
    assert not User.objects.exists()


def test_without_the_programs_nothing_begins(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="name their folder with --programs"):
        call_command("drill", "--programs", str(tmp_path))
    assert not Erased.objects.exists()
    assert not CheckRun.objects.get(name=Check.DRILL).holds


def test_a_table_is_compared_exactly_unless_rows_came_and_went_meanwhile() -> None:
    rows, changed = {"quiet": 3, "busy": 5, "gone": 1}, {"quiet": 30, "busy": 50, "gone": 10, "more": 0}
    expected = drill.Expected(uuid4(), Path(), changed, rows)
    now = changed | {"busy": 52, "gone": 11}
    assert expected.differing({"quiet": 3, "busy": 7}, now) == []
    assert expected.differing({"quiet": 3, "busy": 3, "gone": 2}, now) == []
    assert expected.differing({"quiet": 2, "busy": 2, "more": 1}, now) == [
        "busy has 2 of 5", "more has 1 of 0", "quiet has 2 of 3"
    ]  # fmt: skip


def test_a_row_that_goes_and_one_that_comes_while_it_drills_are_no_alarm(
    drilled: Says, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment there is none, though one was there before and one is there after."""
    entry = written(ana)
    at = drill.at

    def between(cursor: Any) -> datetime:
        entry.delete()
        moment = at(cursor)
        written(ana)
        return moment

    monkeypatch.setattr(drill, "at", between)
    [rows] = [line for line in drilled() if "as many rows as at that moment" in line]
    assert re.fullmatch(
        r"ok  \d\d+ tables have as many rows as at that moment, \d that changed meanwhile about as many\.", rows
    )


@pytest.mark.parametrize("error", [psycopg.OperationalError("gone"), OSError(28, "No space left"), KeyError("a bug")])
def test_a_drill_that_dies_leaves_no_green_of_last_month(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    for check in (Check.DRILL, Check.KEPT):
        record(check, Outcome(True, "of last month"), timezone.now())

    def die(*_: object) -> None:
        raise error

    monkeypatch.setattr("reflect.management.commands.drill.drill", die)
    with pytest.raises(KeyError if isinstance(error, KeyError) else CommandError):
        call_command("drill", "--kept", str(tmp_path))
    assert [CheckRun.objects.get(name=check).holds for check in (Check.DRILL, Check.KEPT)] == [False, False]


def test_a_kept_backup_that_cannot_be_looked_into_does_not_hide_the_next(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has no such table, for one there is no room; and no copy stays in the way of the next."""
    one, copy, tried, said = drill.one, Tools.copy, [], []

    def lacking(server: Server, query: str, *values: object) -> int:
        return one(server, "SELECT count(*) FROM nothing_so_named" if server.socket.name[:5] == "kept0" else query)

    def without_room(tools: Tools, source: Path, name: str) -> Path:
        tried.append(sorted(path.name for path in tools.scratch.glob("kept?")))
        return copy(tools, Path("/nowhere") if name == "kept1" else source, name)

    kept = tools.make("kept")
    for name in "abc":
        kept_backup(tools, f"kept/{name}")
    (listed := tools.scratch / "list").touch()
    monkeypatch.setattr(drill, "one", lacking)
    monkeypatch.setattr(drill, "KEYS", "SELECT 0")
    monkeypatch.setattr(Tools, "copy", without_room)
    drill.check_kept(tools, kept, None, listed, lambda holds, words: said.append((holds, words)))
    assert [holds for holds, _ in said] == [True, False, True, False, True, True]
    assert re.fullmatch(r'The backup a cannot be opened\. relation "nothing_so_named" does not exist', said[1][1])
    assert re.match(r"The backup b cannot be opened\. cp failed: .*No such file or directory", said[3][1])
    assert tried == [[], [], []]


def test_no_server_is_left_where_its_database_is_not_there(tools: Tools, db: None) -> None:
    cluster = kept_backup(tools, "base")
    with (
        pytest.raises(NotPossible, match='database "nowhere" does not exist'),
        running(tools, cluster, "nowhere", drill.here()[1]),
    ):
        pass
    assert not (cluster / "postmaster.pid").exists()


def test_programs_see_none_of_the_keys(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a scratch server nor the command that restores: both are started so."""
    own = {*PRODUCTIONS_OWN, *(f"{name}_FILE" for name in PRODUCTIONS_OWN), "MEETING_KEY"}
    for name in own:
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("PGBACKREST_CONFIG", "/etc/pgbackrest.conf")
    tools.run("/bin/sh", "-c", "env > seen")
    seen = {line.partition("=")[0] for line in (tools.scratch / "seen").read_text().splitlines()}
    assert not seen & own
    assert seen >= {"PATH", "PGBACKREST_CONFIG"}


def test_the_command_that_restores_logs_in_by_itself(tools: Tools) -> None:
    """The password of our own connection would go before the one that their tool has in a file."""
    tools.environment["PGPASSWORD"] = "ours"
    command = "/bin/sh -c 'touch {folder}/recovery.signal; env > {folder}/seen'"
    cluster, _ = restoring.Theirs(tools, command).restore(timezone.now())
    assert "PGPASSWORD" not in (cluster / "seen").read_text()


def test_backups_are_found_as_tools_keep_them(tmp_path: Path) -> None:
    for folder in ("plain", "barman/data"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "backup_label").write_text("START TIME: 2026-03-01 12:00:00 CET\n")
    assert drill.backups_in(tmp_path) == [tmp_path / "barman/data", tmp_path / "plain"]
    assert [drill.named(backup) for backup in drill.backups_in(tmp_path)] == ["barman", "plain"]
    assert drill.backups_in(tmp_path / "plain") == [tmp_path / "plain"]
    assert drill.begun_at(tmp_path / "plain") == datetime(2026, 3, 1, 12, tzinfo=UTC)
