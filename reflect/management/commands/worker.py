"""Runs the worker of one queue; a site needs one of each (`settings.WORKERS`)."""

import logging
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from reflect.publishing import publish_helplines
from reflect.workers import session_name

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the jobs of one queue, until stopped."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queue", choices=settings.WORKERS)
        parser.add_argument("--one-shot", action="store_true", help="stop once no job is left")

    @override
    def handle(self, *args: Any, queue: str, one_shot: bool, **options: Any) -> None:
        connection.settings_dict["OPTIONS"]["application_name"] = session_name(queue)  # for /workerz
        if queue == "housekeeping":
            bring_this_host_up_to_date()
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(queues=[queue], name=queue, concurrency=settings.WORKERS[queue], wait=not one_shot)


def bring_this_host_up_to_date() -> None:
    """Each host has files of its own, and of the jobs for them only what is deferred while its worker runs."""
    try:
        publish_helplines()
    except Exception:
        logger.exception("What staff recorded about helplines could not be written for the help page.")
    finally:
        connection.close()
