"""Whatever breaks is found: each thing is broken here, and looked for in the log and in what an alert reads."""

import json
import logging
import os
import secrets
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from prometheus_client import REGISTRY
from pytest_django import Settings

from accounts.mails import post_notice
from accounts.models import User
from accounts.sealing import make_data_key
from lib import logs
from reflect import gauges, workers
from reflect.services import PUBLISH
from tests.processes import environment, free_port, running, wait_until
from tests.reflect.test_alerts import rules, used
from tests.reflect.test_metrics import read

Usage = namedtuple("Usage", "total used free")
FULL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON django_session EXECUTE FUNCTION refuse();
"""


def watched(alert: str) -> set[str]:
    """The metrics that this alert reads."""
    [rule] = [rule for rule in rules() if rule["alert"] == alert]
    return used(rule["expr"])


def lines(records: list[logging.LogRecord]) -> list[dict[str, Any]]:
    """As production writes them."""
    return [json.loads(logs.Json().format(record)) for record in records]


def said(*arguments: str, **changes: str) -> list[dict[str, Any]]:
    """What a command wrote into production's log."""
    command = [sys.executable, str(Path(project.BASE_DIR, "manage.py")), *arguments]
    done = subprocess.run(
        command, env=environment(1) | changes, capture_output=True, text=True, timeout=120, check=False
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def errors_counted() -> float:
    return sum(
        sample.value
        for family in REGISTRY.collect()
        if family.name in watched("ReflectErrors") or f"{family.name}_total" in watched("ReflectErrors")
        for sample in family.samples
        if sample.name.endswith("_total") and sample.labels["status"] == "5xx"
    )


@pytest.fixture
def empty_queue() -> Iterator[None]:
    truncate = "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
    with connection.cursor() as cursor:
        cursor.execute(truncate)
        yield
        cursor.execute(truncate)


@pytest.mark.usefixtures("stopped_database")
def test_a_database_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    before = errors_counted()
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/today/").status_code == 500
    [line, *_] = [line for line in lines(caplog.records) if "error" in line]
    assert line["level"] == "error"
    assert any("django.db.utils.OperationalError: connection" in text for text in line["error"])
    assert errors_counted() == before + 1
    assert "reflect_ready" in watched("ReflectNotReady")
    assert read(*gauges.of_database()) == {("reflect_ready",): 0}


@pytest.mark.django_db
def test_a_disk_that_is_full(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, dana: User) -> None:
    """As PostgreSQL says it. The disk of the test is as it is: how much is free is said to be little."""
    before = errors_counted()
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    client = Client(raise_request_exception=False)
    assert client.post("/accounts/login/", {"login": dana.email, "password": "look-at-the-balance"}).status_code == 500
    [line, *_] = [line for line in lines(caplog.records) if "error" in line]
    assert line["level"] == "error"
    assert any("No space left on device" in text for text in line["error"])
    assert errors_counted() == before + 1
    assert watched("ReflectDiskNearlyFull") == {"reflect_disk_free_ratio"}
    monkeypatch.setattr(gauges, "disk_usage", lambda _folder: Usage(100, 99, 1))
    assert read(*gauges.of_host([Path("/")]))["reflect_disk_free_ratio", "/"] < 0.1


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file stands in its place: whoever is root may write into a folder that is only to be read."""
    tmp_path.joinpath("pages").touch()
    app.configure_task(PUBLISH).defer()
    written = said("worker", "housekeeping", "--one-shot", PAGES_FOLDER=str(tmp_path / "pages"))
    errors = [line for line in written if line["level"] == "error"]
    assert any("could not be written" in line["message"] for line in errors)
    assert any("FileExistsError" in text for line in errors for text in line["error"])
    assert any(line["level"] == "warning" and "publish_helplines" in line["message"] for line in written)
    assert watched("ReflectHousekeepingFails") == {"reflect_jobs_retried"}
    assert read(*gauges.jobs())["reflect_jobs_retried", "housekeeping"] == 1


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_mail_server_that_is_down(ana: User) -> None:
    post_notice("account/email/password_changed", ana.email, owner=ana, now=timezone.now())
    written = said("worker", "mail", "--one-shot")
    assert ("warning", "A mail was not taken: ConnectionRefusedError") in {
        (line["level"], line["message"]) for line in written
    }
    assert ana.email not in json.dumps(written)
    assert watched("ReflectMailsNotTaken") == {"reflect_jobs_retried"}
    assert read(*gauges.jobs())["reflect_jobs_retried", "mail"] == 1
    assert read(*gauges.mails())["reflect_mails_waiting",] == 1


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_worker_that_is_killed() -> None:
    ports = (f"--port={free_port()}", f"--metrics-port={free_port()}", "--processes=1")
    with running("serve", *ports) as process:
        wait_until(lambda: workers.alive() == project.WORKERS.keys())
        os.kill(child(process.pid, "worker", "mail"), signal.SIGKILL)
        _, written = process.communicate(timeout=60)
    assert b"The worker mail ended by itself, with the status -9." in written
    assert watched("ReflectWorkerGone") == {"reflect_worker_alive"}
    wait_until(lambda: read(*gauges.alive())["reflect_worker_alive", "mail"] == 0)


def child(parent: int, *arguments: str) -> int:
    """The process that was started by another with these arguments."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if "\0".join(arguments) in Path(f"/proc/{pid}/cmdline").read_text():
            return int(pid)
    raise LookupError(arguments)


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_wrong_key(ana: User, settings: Settings) -> None:
    make_data_key(ana)
    name, other = next(iter(settings.SEALING_KEYS)), secrets.token_bytes(32)
    written = said("worker", "mail", "--one-shot", SEALING_KEYS=f"{name}:{urlsafe_b64encode(other).decode()}")
    assert any(
        line["level"] == "error" and line["message"].startswith(f"Nothing opens that the key {name} locked")
        for line in written
    )
    assert watched("ReflectKeyWrong") == {"reflect_sealing_keys"}
    settings.SEALING_KEYS = {name: other}
    assert read(*gauges.keys())["reflect_sealing_keys", "closed"] == 1
