"""A real mail server, and manage.py in processes of their own on the tests' database."""

import os
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import NamedTuple
from urllib.parse import urlencode

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from tests.reflect.production import ENVIRONMENT

HOST = "127.0.0.1"
THROUGH_THE_PROXY = {"Host": ENVIRONMENT["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}
NARROW = 4096  # bytes: a pipe that nobody reads, in which what tells of its progress stops in the middle


class Postbox:
    """Keeps the mails it accepts, each after `slow` seconds, or never if the server ends before."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.begun = 0
        self.slow = 0.0
        self.ends = Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        self.begun += 1
        if self.slow:
            await server.loop.run_in_executor(None, self.ends.wait, self.slow)
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 Taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        free: int = probe.getsockname()[1]
        return free


@contextmanager
def mail_server(postbox: Postbox, port: int) -> Iterator[None]:
    """Run the server within the context."""
    postbox.ends.clear()
    server = Controller(postbox, hostname=HOST, port=port)
    server.start()
    try:
        yield
    finally:
        postbox.ends.set()
        server.stop()


def environment(mail_port: int) -> dict[str, str]:
    """A production environment, on the tests' database and with its keys."""
    params = connection.get_connection_params()
    query: dict[str, object] = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    keys = [f"{name}:{urlsafe_b64encode(key).decode()}" for name, key in settings.SEALING_KEYS.items()]
    return ENVIRONMENT | {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"postgres:///{params['dbname']}?{urlencode(query)}",
        "MAIL_URL": f"smtp://{HOST}:{mail_port}",
        "SEALING_KEYS": ",".join(keys),
        "PAGES_FOLDER": str(settings.PAGES_FOLDER),
    }


@contextmanager
def running(*arguments: str, mail_port: int = 1, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """A manage.py command that runs until the end of the context, if it does not end before."""
    command = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), *arguments]
    with subprocess.Popen(command, env=environment(mail_port) | changes, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


class Web(NamedTuple):
    """A web server of its own process, and what it wrote until it ended."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def ask(self, method: str, path: str, **headers: str) -> int:
        """The status of an answer, asked as the proxy asks."""
        client = HTTPConnection(HOST, self.port, timeout=60)
        with closing(client):
            client.request(method, path, headers=THROUGH_THE_PROXY | headers)
            answer = client.getresponse()
            answer.read()
            return answer.status

    def answers(self) -> bool:
        with suppress(OSError, HTTPException):
            return self.ask("GET", "/healthz") == HTTPStatus.OK
        assert self.process.poll() is None, self.log.read_text()
        return False


@contextmanager
def serving(folder: Path, **changes: str) -> Iterator[Web]:
    """`manage.py web` in production's environment, on the tests' database; its lines are in a file of the folder."""
    port, log = free_port(), folder / "web.log"
    command = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), "web", f"--port={port}", "--processes=1"]
    with (
        log.open("wb") as file,
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(1) | {"BEHIND_PROXY": "1"} | changes,
            stdout=file,
            stderr=file,
        ) as process,
    ):
        web = Web(port, process, log)
        try:
            wait_until(web.answers)
            yield web
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
