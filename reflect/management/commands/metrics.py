"""`manage.py metrics` serves /metrics for Prometheus, on an inner port."""

import logging
import signal
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event, Lock
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts import keys_in_use
from lib.probing import is_ready
from reflect import gauges

logger = logging.getLogger(__name__)

PORT = 9464
PATIENCE = 2  # seconds, for an answer of a web server or a connection to the database
UNREADABLE = (OSError, RuntimeError, ValueError, struct.error)  # gone, empty, or ended in the middle
OPTIONS = {"application_name": "reflect metrics", "connect_timeout": PATIENCE, "options": "-c statement_timeout=5s"}


class Service(Collector):
    """What web processes counted (`lib/metrics.py`), whether they are ready, and what is read anew each time.

    One scrape at a time: a database that has become slow is not asked again meanwhile.
    """

    def __init__(self, web: list[str], disks: list[Path]) -> None:
        self.web, self.disks, self.reading = web, disks, Lock()

    @override
    def collect(self) -> Iterator[Metric]:
        with self.reading:
            yield from [*counted(), *gauges.of_host(self.disks), *gauges.of_database(), *self.of_web()]

    def of_web(self) -> Iterator[Metric]:
        if not self.web:
            return
        ready = sum(is_ready(address, PATIENCE) for address in self.web)
        servers = GaugeMetricFamily("reflect_web_servers", "Web servers, by what /readyz answers.", labels=["state"])
        servers.add_metric(["ready"], ready)
        servers.add_metric(["not_ready"], len(self.web) - ready)
        yield servers


def counted() -> Iterable[Metric]:
    """The sums of all web servers of this host, without files that cannot be read: one that was just made is empty."""
    files = [str(file) for file in Path(settings.METRICS_FOLDER).rglob("*.db")] if settings.METRICS_FOLDER else []
    try:
        return merged(files)
    except UNREADABLE:
        return merged([file for file in files if is_whole(file)])


def merged(files: list[str]) -> list[Metric]:
    return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]


def is_whole(file: str) -> bool:
    try:
        merged([file])
    except UNREADABLE as error:
        logger.warning("A file of what web processes counted was left out: %s", type(error).__name__)
        return False
    return True


class Command(BaseCommand):
    help = (
        "Serves numbers for Prometheus: what web processes on this host counted in METRICS_FOLDER, and the state of "
        "queues, e-mails, bookings and connections from the database. Only monitoring may reach it."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
        parser.add_argument("--port", type=int, default=PORT, help=f"({PORT})")
        parser.add_argument("--web", action="append", default=[], help="HOST:PORT or unix:PATH of a web server to ask")
        parser.add_argument("--disk", action="append", default=[], type=Path, help="a folder whose disk to watch (/)")

    @override
    def handle(self, *args: Any, host: str, port: int, web: list[str], disk: list[Path], **options: Any) -> None:
        if missing := [folder for folder in disk if not folder.exists()]:
            raise CommandError(f"{missing[0]} is not there: name a folder whose disk to watch.")
        known = connection.settings_dict["OPTIONS"]
        known |= OPTIONS | known
        keys_in_use.tell()
        registry = CollectorRegistry()
        registry.register(Service(web, disk or [Path("/")]))
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        server, _thread = start_http_server(port, host, registry)
        stopped.wait()
        server.shutdown()
        server.server_close()
