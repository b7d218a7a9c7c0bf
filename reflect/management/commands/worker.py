"""Runs the worker of one queue; a site needs one of each (`settings.WORKERS`)."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from accounts import keys_in_use
from reflect.publishing import publish_banners, publish_helplines
from reflect.workers import session_name

AGAIN = 5.0  # seconds

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the jobs of one queue, until stopped."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queue", choices=settings.WORKERS)
        parser.add_argument("--one-shot", action="store_true", help="stop once no job is left")

    @override
    def handle(self, *args: Any, queue: str, one_shot: bool, **options: Any) -> None:
        keys_in_use.tell()
        if queue == "housekeeping":
            bring_this_host_up_to_date()
        # For /workerz, only now: what was asked before is no job, and its connection is closed again.
        connection.settings_dict["OPTIONS"]["application_name"] = session_name(queue)
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            asyncio.run(work(working, queue, one_shot=one_shot))


def bring_this_host_up_to_date() -> None:
    """Each host has files of its own, and of the jobs for them only what is deferred while its worker runs."""
    try:
        publish_helplines()
        publish_banners(now=timezone.now())
    except Exception:
        logger.exception("What staff recorded about helplines and banners could not be written for the pages.")
    finally:
        connection.close()


async def work(working: App, queue: str, *, one_shot: bool) -> None:
    """Do jobs until a signal stops this; a job that is being done is done first.

    Procrastinate's worker ends when it cannot write into its own tables, as on a full disk. It begins again. A signal
    never cancels the opening of its connections: the pool's tasks would not end.
    """
    stopped = asyncio.Event()
    doing: asyncio.Task[None] | None = None

    def stop() -> None:
        stopped.set()
        if doing:
            doing.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    while not stopped.is_set():
        try:
            async with working.open_async():
                doing = asyncio.create_task(
                    working.run_worker_async(
                        queues=[queue],
                        name=queue,
                        concurrency=settings.WORKERS[queue],
                        wait=not one_shot,
                        install_signal_handlers=False,
                    )
                )
                if stopped.is_set():
                    doing.cancel()
                with suppress(asyncio.CancelledError):
                    await doing
        except ConnectorException:
            if one_shot:
                raise
            logger.exception("The worker could not reach or change its tables.")
        doing = None
        if one_shot or stopped.is_set():
            return
        logger.error("The worker of the queue %s has ended, and begins again in %d seconds.", queue, AGAIN)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), AGAIN)
