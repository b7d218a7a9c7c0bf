"""What a load balancer is told."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from procrastinate.contrib.django import app
from pytest_django import DjangoAssertNumQueries, Settings

from reflect import readiness, workers
from tests.processes import running, wait_until
from tests.reflect.production import manage


def test_the_process_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "Set-Cookie" not in response


@pytest.mark.django_db
def test_ready_takes_one_query_and_no_worker(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")


@pytest.mark.django_db
def test_not_ready_with_a_migration_to_come(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    app, name = min(readiness.newest_migrations())
    MigrationRecorder(connection).record_unapplied(app, name)
    assert client.get("/readyz").status_code == 503
    assert client.get("/workerz").status_code == 503
    assert not caplog.records


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_load_balancer_asks_under_any_name_and_without_https(client: Client, settings: Settings, path: str) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["reflect.example.org"], True
    for host in ("10.0.0.7:8000", "*", ""):
        assert client.get(path, headers={"Host": host}).status_code == 200


def test_not_ready_without_a_database() -> None:
    code = """
from django.test import Client
response = Client(headers={"Host": "reflect.example.org"}).get("/readyz")
print(response.status_code, response.content.decode())
"""
    assert manage("shell", "--no-imports", "--command", code).stdout == "503 not ready\n"


@pytest.mark.django_db
def test_no_worker_is_alive(client: Client) -> None:
    response = client.get("/workerz")
    assert (response.status_code, response.text) == (
        503,
        "mail: not alive\nhousekeeping: not alive\ncalendars: not alive\n",
    )
    assert "Set-Cookie" not in response


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_each_kind_of_worker_is_named_until_it_ends(client: Client) -> None:
    with running("worker", "mail") as mail, running("worker", "housekeeping"), running("worker", "calendars"):
        wait_until(lambda: client.get("/workerz").status_code == 200)
        assert client.get("/workerz").text == "mail: alive\nhousekeeping: alive\ncalendars: alive\n"
        mail.terminate()
        mail.wait(timeout=60)
        response = client.get("/workerz")
        assert (response.status_code, response.text) == (
            503,
            "mail: not alive\nhousekeeping: alive\ncalendars: alive\n",
        )


@pytest.mark.own_clock
@pytest.mark.django_db
def test_a_worker_that_has_fallen_silent_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [workers.session_name("mail")])
    assert workers.alive() == {"mail"}
    monkeypatch.setattr(workers, "SEEN_WITHIN", timedelta(0))
    assert workers.alive() == set()


def test_every_job_has_a_worker() -> None:
    queues = {task.queue for name, task in app.tasks.items() if not name.startswith(("builtin", "procrastinate."))}
    assert queues == settings.WORKERS.keys()
