"""The workers of the queues (`settings.WORKERS`), and which of them are alive."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

SEEN_WITHIN = timedelta(seconds=60)  # workers send a heartbeat every 10 seconds


def session_name(queue: str) -> str:
    """What a worker of this queue calls its sessions with the database."""
    return f"reflect worker: {queue}"


def seen() -> dict[str, datetime]:
    """When the worker of each queue last spoke with the database, as far as it has one now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, max(state_change) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = ANY(%s) GROUP BY 1",
            [[*map(session_name, settings.WORKERS)]],
        )
        found = dict(cursor.fetchall())
    return {queue: found[name] for queue in settings.WORKERS if found.get(name := session_name(queue))}


def alive() -> set[str]:
    """Queues whose worker has spoken with the database lately. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND state_change > clock_timestamp() - make_interval(secs => %s)",
            [SEEN_WITHIN.total_seconds()],
        )
        names = {name for (name,) in cursor.fetchall()}
    return {queue for queue in settings.WORKERS if session_name(queue) in names}
