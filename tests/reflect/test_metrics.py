"""What Prometheus is told: numbers by names that the code knows, and nothing else."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as project
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver
from django.utils import timezone
from procrastinate.contrib.django import app
from prometheus_client import REGISTRY
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.outbox import SEND
from consultations.services.refusals import Taken
from lib import metrics
from reflect import gauges
from reflect.management.commands import metrics as exporter
from reflect.management.commands.web import emptied
from tests.consultations.cast import NOW, booked, books, slot, verified
from tests.processes import HOST, free_port, running, serving, wait_until
from tests.reflect.test_alerts import OF_PROMETHEUS, all_used

SECRET = "QuincePorcelain"
MOST_SERIES = 15_000  # that a web server can ever have, whatever is asked of it


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(port: int) -> str:
    with closing(HTTPConnection(HOST, port, timeout=60)) as client:
        client.request("GET", "/metrics")
        answer = client.getresponse()
        assert answer.status == 200
        return answer.read().decode()


def read(*collected: Any) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    return {(one.name, *one.labels.values()): one.value for family in collected for one in family.samples}


def routes(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, inner)
        else:
            yield ResolverMatch(pattern.callback, (), {}, pattern.name, namespaces=[*spaces]).view_name


def listens(port: int) -> bool:
    with closing(HTTPConnection(HOST, port, timeout=5)) as client, suppress(OSError):
        client.connect()
        return True
    return False


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_tells_what_web_processes_counted(tmp_path: Path) -> None:
    folder, port = tmp_path / "metrics", free_port()
    with serving(tmp_path, METRICS_FOLDER=str(folder)) as web:
        for _ in range(3):
            assert web.ask("GET", f"/leave/?word={SECRET}") == 302
        web.ask("GET", f"/{SECRET}/")
        web.ask(SECRET.upper(), f"/feeds/{SECRET}.ics")
        arguments = ("metrics", f"--port={port}", f"--web={HOST}:{web.port}", f"--web={HOST}:1")
        with running(*arguments, METRICS_FOLDER=str(folder)):
            wait_until(lambda: listens(port))
            text = scraped(port)
    found = samples(text)
    assert found["reflect_requests_total", (("method", "GET"), ("route", "leave"), ("status", "3xx"))] == 3
    assert found["reflect_request_seconds_count", (("route", "leave"),)] == 3
    assert {dict(labels)["method"] for name, labels in found if name == "reflect_requests_total"} == {"GET", "other"}
    assert found["reflect_ready", ()] == 1
    assert found["reflect_web_servers", (("state", "ready"),)] == 1
    assert found["reflect_web_servers", (("state", "not_ready"),)] == 1
    assert found["reflect_pool_requests_total", ()] > 0
    assert found["reflect_database_connections", (("of", "web"),)] > 0
    assert 0 < found["reflect_disk_free_ratio", (("folder", "/"),)] < 1
    assert SECRET.lower() not in text.lower()
    assert all_used() - OF_PROMETHEUS <= {name for name, _labels in found}


def test_a_web_server_begins_anew_and_leaves_others_alone(settings: Settings, tmp_path: Path) -> None:
    settings.METRICS_FOLDER = str(tmp_path)
    for name in ("one", "two"):
        emptied(name).joinpath("counter_7.db").touch()
    assert not [*emptied("one").iterdir()]
    assert [*tmp_path.rglob("*.db")] == [tmp_path / "two/counter_7.db"]


def test_a_file_that_is_empty_or_damaged_hides_no_other(settings: Settings, tmp_path: Path) -> None:
    """A process makes its file before it writes into it; a disk may end in the middle of one."""
    settings.METRICS_FOLDER = str(tmp_path)
    untyped: Any = MmapedDict
    whole = untyped(str(tmp_path / "counter_1.db"))
    whole.write_value(mmap_key("reflect_requests", "reflect_requests_total", ["route"], ["leave"], "x"), 3, 0)
    whole.close()
    content = (tmp_path / "counter_1.db").read_bytes()
    for name, damaged in (("counter_2.db", b""), ("counter_3.db", content[:20]), ("counter_4.db", b"\xff" * 64)):
        (tmp_path / name).write_bytes(damaged)
        assert read(*exporter.counted()) == {("reflect_requests_total", "leave"): 3}


def test_folders_that_are_gone_hide_nothing_else(settings: Settings, tmp_path: Path) -> None:
    settings.METRICS_FOLDER = str(tmp_path / "gone")
    assert exporter.counted() == []
    found = read(*gauges.of_host([tmp_path / "gone", tmp_path]))
    assert found["reflect_disk_free_ratio", str(tmp_path / "gone")] == 0
    assert found["reflect_disk_free_ratio", str(tmp_path)] > 0
    assert found["reflect_backup_timestamp_seconds",] == 0


@pytest.mark.django_db
def test_whatever_is_asked_adds_no_label(client: Client, settings: Settings) -> None:
    """Nor can all of them together become many."""
    settings.ALLOWED_HOSTS = ["testserver"]
    for number in range(20):
        client.generic(f"M{number}", f"/nowhere-{number}/?{number}", headers={"Host": f"h{number}.example"})
        client.get(f"/feeds/{SECRET}{number}.ics")
    client.get("/healthz")
    known = {*routes(get_resolver().url_patterns), metrics.UNROUTED}
    asked = [sample for family in REGISTRY.collect() if family.name == "reflect_requests" for sample in family.samples]
    assert {sample.labels["route"] for sample in asked} <= known
    assert {sample.labels["method"] for sample in asked} <= {*metrics.METHODS, metrics.OTHER}
    assert {sample.labels["status"] for sample in asked} <= {"2xx", "3xx", "4xx", "5xx"}
    assert len(known) * (4 * (len(metrics.METHODS) + 1) + len(metrics.BUCKETS) + 3) < MOST_SERIES


@pytest.mark.django_db
def test_probes_are_not_counted(client: Client) -> None:
    before = total()
    for path in ("/healthz", "/readyz", "/workerz"):
        client.get(path)
    assert total() == before


def total() -> float:
    return sum(
        sample.value
        for family in REGISTRY.collect()
        if family.name == "reflect_requests"
        for sample in family.samples
        if sample.name.endswith("_total")
    )


@pytest.mark.own_clock
@pytest.mark.django_db
def test_jobs_are_counted_by_queue_and_state() -> None:
    app.configure_task(SEND).defer(mail_id="x")
    app.configure_task(SEND, schedule_in={"hours": 1}).defer(mail_id="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '7 minutes'")
    found = read(*gauges.jobs())
    assert found["reflect_jobs", "mail", "waiting"] == 1
    assert found["reflect_jobs", "mail", "later"] == 1
    assert found["reflect_jobs", "housekeeping", "waiting"] == 0
    assert found["reflect_jobs_retried", "mail"] == 0
    assert found["reflect_job_oldest_seconds", "mail", "waiting"] == pytest.approx(7 * 60, abs=30)
    assert found["reflect_job_oldest_seconds", "calendars", "waiting"] == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 1")
    assert read(*gauges.jobs())["reflect_jobs_retried", "mail"] == 2


@pytest.mark.django_db
def test_bookings_are_counted_by_state(ana: User, cole: User) -> None:
    booked(ana, verified(cole), timezone.now() + timedelta(days=2))
    found = read(*gauges.bookings())
    assert found["reflect_bookings", "booked"] == 1
    assert found["reflect_bookings", "cancelled_by_client"] == 0
    assert found["reflect_failed_checks", "taken"] == 0


@pytest.mark.django_db
def test_reading_takes_the_same_queries_however_much_there_is(
    ana: User, ben: User, cole: User, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    host = verified(cole)
    for number, client in enumerate((ana, ben), start=2):
        with django_assert_num_queries(11):
            assert read(*gauges.of_database())["reflect_ready",] == 1
        booked(client, host, timezone.now() + timedelta(days=number))


@pytest.mark.django_db
def test_only_connections_of_this_database_have_names() -> None:
    def web() -> tuple[float, float]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # of a transaction
        found = read(*gauges.sessions())
        return found["reflect_database_connections", "web"], found["reflect_database_connections", gauges.OTHER]

    ours, others = web()
    params = connection.get_connection_params()
    there = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    with psycopg.connect(**there, dbname="postgres", application_name=project.WEB_SESSIONS):
        assert web() == (ours, others + 1)


@pytest.mark.django_db
def test_connections_of_other_roles_are_counted_too() -> None:
    """A role that is nothing special sees that they are there, and not whose."""
    before = read(*gauges.sessions())
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_one; SET LOCAL ROLE plain_one")
    now = read(*gauges.sessions())
    assert sum(connections_of(now)) == sum(connections_of(before)) > 0


def connections_of(found: dict[tuple[str, ...], float]) -> list[float]:
    return [value for (name, *_), value in found.items() if name == "reflect_database_connections"]


@pytest.mark.django_db
def test_what_a_pool_counted_is_added_once_and_a_new_pool_s_too(monkeypatch: pytest.MonkeyPatch) -> None:
    running, before = connections["default"], asked_of_pool()
    params = running.get_connection_params()
    there = {name.upper(): params[name] for name in ("host", "port", "user", "password") if name in params}
    there["OPTIONS"] = {"pool": project.POOL | {"max_size": 2}}
    web = DatabaseWrapper(running.settings_dict | there, "default")
    monkeypatch.setattr(metrics, "connection", web)
    for number in (1, 2):
        web.ensure_connection()
        for _ in range(2):
            metrics.count_pool()
            assert asked_of_pool() == before + number
        web.close()
        web.close_pool()


def asked_of_pool() -> float:
    return float(metrics.pool["requests_num"]._value.get())


@pytest.mark.usefixtures("stopped_database")
def test_without_a_database_it_says_so() -> None:
    assert read(*gauges.of_database()) == {("reflect_ready",): 0}


@pytest.mark.django_db
def test_a_refused_booking_is_counted_by_its_kind(ana: User, ben: User, cole: User) -> None:
    free = slot(verified(cole), NOW + timedelta(days=3))
    before = refused("Taken")
    books(ben, free)
    with pytest.raises(Taken):
        books(ana, free)
    assert refused("Taken") == before + 1


def refused(kind: str) -> float:
    return float(metrics.booking_refusals.labels(kind)._value.get())
