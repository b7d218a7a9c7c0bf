"""The worker of the mail queue, in the tests' own process."""

import json
from contextlib import nullcontext
from datetime import datetime

import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from procrastinate.contrib.django import app


def mailed(now: datetime | None = None) -> list[EmailMultiAlternatives]:
    """Do the waiting jobs of the mail queue, codes first, as at `now`; return all mails of this test that have left."""
    with time_machine.travel(now, tick=False) if now else nullcontext():
        while job := next_job():
            name, arguments = job
            app.tasks[name](**arguments)
    return [letter for letter in mail.outbox if isinstance(letter, EmailMultiAlternatives)]


def next_job() -> tuple[str, dict[str, str]] | None:
    """Take the first job out of the queue, whenever it is scheduled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE queue_name = 'mail' AND status = 'todo' ORDER BY priority DESC, id LIMIT 1)"
            " RETURNING task_name, args::text"
        )
        row = cursor.fetchone()
    return (row[0], json.loads(row[1])) if row else None
