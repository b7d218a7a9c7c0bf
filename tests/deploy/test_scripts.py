"""The scripts of `deploy/` that need no container to be tried."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.production import ROOT, run


def by_itself(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a script does with nothing in its environment but what is given."""
    given = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """As `deploy/configure` writes it, told of a site."""
    run("deploy/configure", tmp_path / "etc")
    with (tmp_path / "etc" / "reflect.env").open("a") as file:
        file.write("\nPOSTAL_ADDRESS=1 Quince Lane $HOME 'x'\nSITE_URL=https://balance.example.org")
    return tmp_path / "etc"


TELL = (
    "from django.conf import settings as s; "
    "print(s.SITE_URL, s.LEGAL['postal_address'], s.DATABASES['default']['USER'], len(s.SECRET_KEY), sep='|')"
)


def test_a_command_runs_with_the_settings_of_an_installation(config: Path) -> None:
    done = by_itself(ROOT / "deploy/manage", "shell", "--verbosity", "0", "--command", TELL, CONFIG=str(config))
    assert (done.stdout, done.returncode) == ("https://balance.example.org|1 Quince Lane $HOME 'x'|reflect|64\n", 0), (
        done.stderr
    )


def test_what_the_environment_holds_wins_over_the_folder(config: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 70)
    done = by_itself(
        ROOT / "deploy/manage",
        *("shell", "--verbosity", "0", "--command", TELL),
        CONFIG=str(config),
        SITE_URL="https://other.example.org",
        SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_URL="postgres://postgres:x@//run/x/reflect",
    )
    assert done.stdout.split("|")[0] == "https://other.example.org", done.stderr
    assert done.stdout.split("|")[2:] == ["postgres", "70\n"]


def test_a_line_that_is_no_setting_is_named(config: Path) -> None:
    (config / "reflect.env").write_text("SITE_URL = https://balance.example.org\nexport X=1\n")
    done = by_itself(ROOT / "deploy/manage", "version", CONFIG=str(config))
    assert done.returncode == 78
    assert done.stderr.endswith("not a line NAME=value: SITE_URL = https://balance.example.org\n")


def test_a_backup_on_this_machine_can_be_let_in_without_the_secrets(config: Path) -> None:
    modes = {path: oct(path.stat().st_mode & 0o7777) for path in (config / "backup", *(config / "backup").iterdir())}
    assert modes == {config / "backup": "0o755", config / "backup" / "postgresql": "0o1777"}
    assert oct((config / "secrets").stat().st_mode & 0o777) == "0o700"


@pytest.fixture
def replaced(tmp_path: Path) -> list[str]:
    """What `deploy/up` started, in its order, by a compose that only writes down what it was asked for."""
    (compose := tmp_path / "compose").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    compose.chmod(0o755)
    done = by_itself(ROOT / "deploy/up", COMPOSE=str(compose))
    assert done.returncode == 0, done.stderr
    return re.findall(r"^(?:up|--profile migrate run).* (\S+)$", (tmp_path / "asked").read_text(), re.MULTILINE)


def test_workers_are_replaced_before_the_web_processes_that_give_them_jobs(replaced: list[str]) -> None:
    assert replaced == ["database", "migrate", "mail", "calendars", "worker", "web-1", "web-2", "metrics", "proxy"]


def test_the_database_is_made_with_a_password_that_stands_in_no_argument(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("quince\n")
    (psql := tmp_path / "psql").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/typed\n')
    psql.chmod(0o755)
    done = by_itself(ROOT / "deploy/postgres/create.sh", tmp_path / "password", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "quince" not in (tmp_path / "arguments").read_text()
    assert (tmp_path / "typed").read_text().startswith("\\set password 'quince'\nCREATE ROLE")
