"""`manage.py serve`: all processes of a site that has one host, and none of them without the others."""

import logging
import sys
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reflect.management.commands import metrics, web
from reflect.supervisor import Supervisor

logger = logging.getLogger(__name__)

TO_END = 5.0  # seconds beyond what the web server takes


class Command(BaseCommand):
    help = (
        "Run the web server, the three workers and the metrics until stopped. If one ends by itself, all do: have "
        "whatever runs this start it again. Larger sites run each by itself: web, worker, metrics."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where the web server listens (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="(8000)")
        parser.add_argument("--processes", type=int, default=web.PROCESSES, help=f"of the web ({web.PROCESSES})")
        parser.add_argument("--metrics-port", type=int, default=metrics.PORT, help=f"on 127.0.0.1 ({metrics.PORT})")

    @override
    def handle(self, *args: Any, host: str, port: int, processes: int, metrics_port: int, **options: Any) -> None:
        asked = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  # compared, not bound
        programs = [
            ["web", f"--host={host}", f"--port={port}", f"--processes={processes}"],
            ["metrics", f"--port={metrics_port}", f"--web={asked}:{port}"],
            *(["worker", queue] for queue in settings.WORKERS),
        ]
        with Supervisor(grace=web.DRAINED_WITHIN + TO_END) as supervisor:
            for program in programs:
                supervisor.start([sys.executable, str(settings.BASE_DIR / "manage.py"), *program], {})
            if not supervisor.wait():
                for program, process in zip(programs, supervisor.programs, strict=True):
                    if (status := process.poll()) is not None:
                        logger.error("The %s ended by itself, with the status %d.", " ".join(program[:2]), status)
                raise CommandError("One of the processes ended by itself; the others were stopped.")
