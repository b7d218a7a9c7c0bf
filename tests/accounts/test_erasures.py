"""The list of erased accounts beside the backups, and what is erased again after a restore."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts import erasures, tasks
from accounts.models import DataKey, Erased, User
from accounts.privacy import ERASED
from accounts.services import erase_account, forget_old_records

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINCE = NOW + timedelta(hours=3)
pytestmark = pytest.mark.time_machine(SINCE, tick=False)
GONE = UUID(int=7)


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="ascii").splitlines()


def test_an_erased_account_is_listed_by_its_id_alone(ana: User, ben: User, tmp_path: Path) -> None:
    pk, file = ana.pk, tmp_path / "beside" / "erased"
    erase_account(owner=ana, now=NOW)
    call_command("list_erased", str(file))
    assert lines(file) == [f"2026-03-01T12:00:00+00:00 {pk}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["erased"]


def test_a_restored_database_takes_nothing_from_the_list(ana: User, tmp_path: Path) -> None:
    """It does not know of the erasures since its moment, and the list is all that does."""
    file = tmp_path / "erased"
    file.write_text(f"{NOW.isoformat()} {GONE}\n")
    call_command("list_erased", str(file))
    assert lines(file) == [f"{NOW.isoformat()} {GONE}"]


def test_the_worker_keeps_the_list_where_the_operator_asked_for_it(
    ana: User, tmp_path: Path, settings: Settings
) -> None:
    pk, file = ana.pk, tmp_path / "erased"
    erase_account(owner=ana, now=NOW)
    tasks.list_erased(timestamp=int(SINCE.timestamp()))
    assert not file.exists()
    settings.ERASED_LIST = str(file)
    tasks.list_erased(timestamp=int(SINCE.timestamp()))
    assert lines(file) == [f"{NOW.isoformat()} {pk}"]


def test_the_list_keeps_the_first_erasure_of_each(ana: User, tmp_path: Path) -> None:
    pk, file = ana.pk, tmp_path / "erased"
    file.write_text(f"{NOW.isoformat()} {pk}\n{SINCE.isoformat()} {pk}\n")
    erase_account(owner=ana, now=SINCE)
    call_command("list_erased", str(file))
    assert lines(file) == [f"{NOW.isoformat()} {pk}"]


def test_the_list_and_the_table_forget_after_twelve_months_to_the_moment(db: None, tmp_path: Path) -> None:
    file, boundary = tmp_path / "erased", ERASED.cutoff(SINCE)
    older, exact = uuid4(), uuid4()
    for pk, at in ((older, boundary - timedelta(microseconds=1)), (exact, boundary)):
        Erased.objects.create(account=pk, at=at)
    call_command("list_erased", str(file))
    assert lines(file) == [f"{boundary.isoformat()} {exact}"]
    forget_old_records(now=SINCE)
    assert [row.account for row in Erased.objects.all()] == [exact]


def test_accounts_of_the_list_are_erased_again(ana: User, ben: User, tmp_path: Path) -> None:
    file, here = tmp_path / "erased", ana.pk
    file.write_text(f"{NOW.isoformat()} {here}\n{NOW.isoformat()} {GONE}\n")
    for _ in range(2):  # again does no harm
        call_command("erase_again", str(file))
        assert [*User.objects.all()] == [ben]
        assert [row.owner for row in DataKey.objects.all()] == [ben]
    assert erasures.listed() == {here: NOW, GONE: NOW}


@pytest.mark.parametrize("line", ["", "soon", f"{NOW.isoformat()} ana@example.org", f"2026-03-01T12:00:00 {GONE}"])
def test_a_list_that_is_broken_erases_nobody_and_is_left_as_it_is(ana: User, tmp_path: Path, line: str) -> None:
    file = tmp_path / "erased"
    file.write_text(content := f"{NOW.isoformat()} {ana.pk}\n{line}\n")
    for command in ("erase_again", "list_erased"):
        with pytest.raises(CommandError, match="Line 2 is not a time with its zone and the id of an account"):
            call_command(command, str(file))
    assert User.objects.exists()
    assert not Erased.objects.exists()
    assert file.read_text() == content


def test_a_list_that_is_not_there_says_so(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("erase_again", str(tmp_path / "erased"))
