"""`manage.py web` serves the site's pages: granian, with as many threads as the settings know of."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts import keys_in_use

PROCESSES = 2
PATIENCE = (
    2  # seconds for a connection to the database: without one, pages such as that of help are served all the same
)
DRAINED_WITHIN = 55  # seconds after SIGTERM for what is being answered: a statement takes 30 at most (`WEB_WAITS`)


class Command(BaseCommand):
    help = "Serve the site's pages. On SIGTERM, it takes no new requests, and ends when the last one is answered."
    requires_system_checks = []

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="(8000)")
        parser.add_argument("--processes", type=int, default=PROCESSES, help=f"({PROCESSES})")

    @override
    def handle(self, *args: Any, host: str, port: int, processes: int, **options: Any) -> None:
        if not settings.WEB_THREADS:
            raise CommandError("WEB_THREADS is not set: it says how many threads each process has, 4 or more.")
        connection.settings_dict["OPTIONS"].setdefault("connect_timeout", PATIENCE)
        keys_in_use.tell()
        if settings.METRICS_FOLDER:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(emptied(f"{socket.gethostname()}-{port}"))
        command = granian(host, port, processes, settings.WEB_THREADS, "info")
        os.execv(sys.executable, command)  # noqa: S606  # our own command


def granian(host: str, port: int, processes: int, threads: int, log_level: str) -> list[str]:
    """The command line of the web server. It writes no access log: `reflect/observing.py` does, without addresses."""
    options: dict[str, object] = {"interface": "wsgi", "host": host, "port": port, "workers": processes}
    options |= {"blocking-threads": threads, "log-level": log_level, "workers-kill-timeout": DRAINED_WITHIN}
    if settings.HTTPS:
        options["log-config"] = settings.BASE_DIR / "reflect/granian.json"  # its lines are JSON, as all others
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "granian", *flags, "--no-ws", "reflect.wsgi:application"]


def emptied(name: str) -> Path:
    """The folder in which the processes of this server count, without what earlier ones counted."""
    folder = Path(settings.METRICS_FOLDER, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
