"""The commands of an operator: `prepare`, and `serve` with everything that a site needs."""

from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.core.management import call_command
from pytest_django import Settings

from assessments.models import InstrumentVersion
from guide.models import Prompt
from reflect.management.commands import prepare
from tests.processes import HOST, free_port, running, wait_until


@pytest.mark.django_db
def test_a_release_is_prepared_in_one_go(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` has tests of its own, and refuses the environment of these."""
    settings.STATIC_ROOT, settings.PAGES_FOLDER = tmp_path / "static", tmp_path / "pages"
    called: list[tuple[str, dict[str, Any]]] = []

    def call(name: str, *arguments: Any, **options: Any) -> None:
        called.append((name, options))
        if name != "check":
            management.call_command(name, *arguments, **options)

    monkeypatch.setattr(prepare, "call_command", call)
    for _ in range(2):
        called.clear()
        call_command("prepare", verbosity=0)
        name, options = called[0]
        assert name == "check"
        assert options.items() >= {"deploy": True, "databases": ["default"], "fail_level": "WARNING"}.items()
        assert InstrumentVersion.objects.get().published_at
        assert Prompt.objects.exists()
        assert (tmp_path / "pages/locations.conf").exists()
        assert (tmp_path / "pages/static/css/site.css").exists()


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_everything_runs_until_it_is_stopped() -> None:
    port, metrics = free_port(), free_port()
    ports = (f"--port={port}", f"--metrics-port={metrics}", "--processes=1")
    with running("serve", *ports) as process:
        wait_until(lambda: asked(port, "/workerz")[0] == 200)
        wait_until(lambda: b'reflect_web_servers{state="ready"} 1.0' in asked(metrics, "/metrics")[1])
        assert asked(port, "/readyz")[0] == 200
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert asked(port, "/healthz")[0] == asked(metrics, "/metrics")[0] == 0


def asked(port: int, path: str) -> tuple[int, bytes]:
    """Status and content; 0 if nobody is there."""
    with closing(HTTPConnection(HOST, port, timeout=30)) as client, suppress(OSError):
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read()
    return 0, b""
