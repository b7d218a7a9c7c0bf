"""What `manage.py metrics` reads from the database at each scrape: numbers of jobs, mails, bookings and connections."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from accounts import keys_in_use, outbox
from consultations.models import Booking, FailedCheck
from consultations.models.bookings import Status
from reflect import workers
from reflect.models import CheckRun
from reflect.promises import State, standing
from reflect.readiness import is_migrated
from reflect.service_state import backup_at

type Gauge = GaugeMetricFamily

OTHER = "other"
AROUND = timedelta(days=7)
JOBS = """
SELECT queue_name, state, count(*), count(*) FILTER (WHERE attempts > 0 AND state <> 'failed'),
    extract(epoch FROM clock_timestamp() - min(since))
FROM (
    SELECT queue_name, attempts,
        CASE WHEN status = 'todo' AND scheduled_at > clock_timestamp() THEN 'later'
             WHEN status = 'todo' THEN 'waiting' ELSE status::text END AS state,
        CASE WHEN status = 'todo' THEN coalesce(scheduled_at, event.at) ELSE event.at END AS since
    FROM procrastinate_jobs AS job LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND type::text = CASE job.status WHEN 'todo' THEN 'deferred' ELSE 'started' END
    ) AS event ON job.status <> 'failed'
    WHERE status IN ('todo', 'doing', 'failed')
) AS found GROUP BY 1, 2
"""
STATES = ("waiting", "doing", "later", "failed")  # of a job: it could be done now, is being done, is for later, failed
# By the name that a session of this database has given itself; others, and names that this role may not see, are NULL.
SESSIONS = """
SELECT CASE WHEN datname = current_database() THEN application_name END, count(*) FROM pg_stat_activity
WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
GROUP BY 1
"""


def gauge(name: str, about: str, *labels: str) -> Gauge:
    return GaugeMetricFamily(f"reflect_{name}", about, labels=labels)


def single(name: str, about: str, value: float) -> Gauge:
    return GaugeMetricFamily(f"reflect_{name}", about, value=value)


def jobs() -> Iterator[Gauge]:
    """For each queue and state, so that one with nothing to do is 0, and not absent. One query."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        found = {(queue, state): rest for queue, state, *rest in cursor.fetchall()}
    numbers = gauge("jobs", "Jobs of the queue.", "queue", "state")
    ages = gauge("job_oldest_seconds", "How long the oldest of them has been so; 0 if there is none.", "queue", "state")
    retried = gauge("jobs_retried", "Of those that are not done yet, how many have ended in an error before.", "queue")
    for queue in settings.WORKERS:
        again = 0
        for state in STATES:
            count, tried, age = found.get((queue, state), (0, 0, 0))
            numbers.add_metric([queue, state], count)
            again += tried
            if state in ("waiting", "doing"):
                ages.add_metric([queue, state], max(0.0, float(age or 0)))
        retried.add_metric([queue], again)
    yield from (numbers, ages, retried)


def mails() -> Iterator[Gauge]:
    """One query."""
    tally = outbox.waiting()
    yield single("mails_waiting", "E-mails that are not sent yet, and are to be.", tally.count)
    yield single("mail_oldest_seconds", "How long the oldest of them has waited.", seconds_since(tally.oldest))


def bookings() -> Iterator[Gauge]:
    """Two queries."""
    now = timezone.now()
    around = Booking.objects.filter(starts_at__range=(now - AROUND, now + AROUND)).order_by()
    found = dict(around.values_list("status").annotate(Count("pk")))
    yield counted("bookings", "Meetings of the seven days before and after, by state.", "status", Status.values, found)
    failed = dict(FailedCheck.objects.order_by().values_list("reason").annotate(Count("pk")))
    about = "Times that are offered and that the nightly check could not book, by what refused them."
    yield counted("failed_checks", about, "reason", FailedCheck.Reason.values, failed)


def alive() -> Iterator[Gauge]:
    """One query."""
    here = workers.alive()
    found = gauge("worker_alive", "Whether the worker of a queue has spoken with the database lately.", "queue")
    for queue in settings.WORKERS:
        found.add_metric([queue], queue in here)
    yield found


def sessions() -> Iterator[Gauge]:
    """Two queries."""
    kinds = {settings.WEB_SESSIONS: "web"} | {workers.session_name(queue): queue for queue in settings.WORKERS}
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        for name, count in cursor.fetchall():
            found[kinds.get(name, OTHER)] += count
        cursor.execute("SELECT current_setting('max_connections')::int, pg_database_size(current_database())")
        [most, size] = cursor.fetchone()
    about = "Connections of the database server, by who has them; those of other databases are others."
    yield counted("database_connections", about, "of", [*kinds.values(), OTHER], found)
    yield single("database_connections_max", "The most that the server allows.", most)
    yield single("database_bytes", "The size of the database.", size)


def counted(name: str, about: str, label: str, values: list[str], found: Mapping[str, int]) -> Gauge:
    """A gauge with one label, whose values are known: what was not found is 0."""
    made = gauge(name, about, label)
    for value in values:
        made.add_metric([value], found.get(value, 0))
    return made


def seconds_since(moment: date | datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if isinstance(moment, datetime) else 0.0


def promises_kept() -> Iterator[Gauge]:
    """One query."""
    found = gauge("promise_holds", "Whether the last run of a check shows that it holds, lately enough.", "check")
    for check, state in standing(CheckRun.objects.all(), timezone.now()).items():
        found.add_metric([check.value], state is State.HOLDS)
    yield found


def keys() -> Iterator[Gauge]:
    """Two queries. With the keys of this process: those of a web server are in its log."""
    opened = [*keys_in_use.in_use().values()]
    found = gauge("sealing_keys", "Key-encryption keys that locked something, by whether they open it.", "state")
    found.add_metric(["open"], opened.count(True))
    found.add_metric(["closed"], opened.count(False))
    yield found


READ: tuple[Callable[[], Iterator[Gauge]], ...] = (jobs, mails, bookings, alive, keys, sessions, promises_kept)


def of_database() -> Iterator[Gauge]:
    """Whether it is ready, as a web process asks, and all that is read from it; only that where it does not answer."""
    try:
        ready, gauges = is_migrated(), []
        if ready:
            gauges = [one for read in READ for one in read()]
    except Error:
        ready, gauges = False, []
    finally:
        connection.close()
    yield single("ready", "Whether the database answers and has every migration of this code.", ready)
    yield from gauges


def free_ratio(folder: Path) -> float:
    try:
        usage = disk_usage(folder)
    except OSError:
        return 0
    return usage.free / usage.total if usage.total else 0


def of_host(disks: list[Path]) -> Iterator[Gauge]:
    free = gauge("disk_free_ratio", "How much of its disk is free, from 0 to 1; 0 if the folder is gone.", "folder")
    for folder in disks:
        free.add_metric([str(folder)], free_ratio(folder))
    yield free
    done = backup_at()
    about = "When the last backup ended, as a Unix time; 0 if nobody knows (BACKUP_STAMP)."
    yield single("backup_timestamp_seconds", about, done.timestamp() if done else 0)
