"""Migrates, seeds, and runs the web server and the workers: what `make demo` runs."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from io import StringIO
from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, OperationalError, connection

from reflect.checks import postgresql_is_recent
from reflect.management.commands.seed_demo import CAST, PASSWORD
from reflect.management.commands.web import granian
from reflect.management.demo_database import claim
from reflect.supervisor import Supervisor

HOST = "127.0.0.1"
NAME = "localhost"  # in addresses for people: browsers make passkeys for names only
PROCESSES, THREADS = 2, 4
QUESTIONNAIRES = ("balance-1.toml", "balance-2.toml")
FREE_SPACE = 200_000_000  # bytes


class Command(BaseCommand):
    help = "Migrate, seed, and serve the demo with its workers until Ctrl-C."
    requires_system_checks = []

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    @override
    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is not for production: it is served only where DEMO=1 is set.")
        refuse_taken_port(port)
        if shutil.disk_usage(settings.BASE_DIR).free < FREE_SPACE:
            raise CommandError(f"The disk is nearly full: the demo needs {FREE_SPACE // 1_000_000} MB of free space.")
        with Supervisor() as supervisor:
            try:
                prepare()
            except (OSError, subprocess.CalledProcessError, OperationalError) as error:
                raise CommandError(f"The database could not be prepared: {first_line(error)}") from error
            here = {"SITE_URL": f"http://{NAME}:{port}"}
            supervisor.start(web(port), {"WEB_THREADS": str(THREADS)} | here)
            for queue in settings.WORKERS:
                supervisor.start(worker(queue), here)
            wait_for_web(supervisor, port)
            if supervisor.running():
                self.stdout.write(welcome(port))
            if not supervisor.wait():
                raise CommandError("The demo stopped: one of its programs ended by itself.")
            self.stdout.write("Stopping …")


def refuse_taken_port(port: int) -> None:
    """Raise CommandError if something is already listening on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError as error:
            raise CommandError(f"{port} is not a port. Choose one up to 65535: make demo PORT=8001") from error
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another one: make demo PORT=8001") from error


def prepare() -> None:
    """Migrate the database and seed the demo; idempotent."""
    if errors := postgresql_is_recent(databases=["default"]):
        raise CommandError(str(errors[0].msg))
    claim()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_prompts", verbosity=0)
    for name in QUESTIONNAIRES:
        call_command("load_instrument", settings.BASE_DIR / "assessments/instruments" / name, stdout=StringIO())
    call_command("seed_demo", verbosity=0)
    connection.close()


def web(port: int) -> list[str]:
    """The web server's command line."""
    return granian(HOST, port, PROCESSES, THREADS, "warning")


def worker(queue: str) -> list[str]:
    """The command line of a queue's worker."""
    return [sys.executable, "manage.py", "worker", queue]


def wait_for_web(supervisor: Supervisor, port: int) -> None:
    """Return when the site answers, or when a program has ended."""
    while supervisor.running():
        client = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            client.request("GET", "/healthz")
            client.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            client.close()


def welcome(port: int) -> str:
    """What a newcomer reads in the terminal."""
    people = "\n".join(f"  {person.email:<20} {person.about}" for person in CAST)
    return (
        f"\n{settings.SITE_NAME} is at http://{NAME}:{port}\n\n"
        f"Log in as one of these, with the password {PASSWORD}\n{people}\n\n"
        f"E-mails are shown here and at http://{NAME}:{port}/demo/mailbox/\n"
        "Ctrl-C stops everything; the next start has the same data.\n"
    )


def first_line(error: OSError | subprocess.CalledProcessError | DatabaseError) -> str:
    """The first line of an error's text."""
    return str(error).strip().split("\n", maxsplit=1)[0]
