"""What production logs: a line of JSON for each request, and nothing in it that somebody sent."""

import json
import logging
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.template.backends.django import Template
from django.test import Client
from pytest_django import Settings

from lib import logs
from tests.processes import serving

SECRET = "QuincePorcelain"
GIVEN = "0123456789abcdef0123456789abcdef"

type Lines = Callable[[], list[dict[str, Any]]]


def read(text: str) -> list[dict[str, Any]]:
    assert SECRET.lower() not in text.lower()
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What production's handler has written since the last call."""
    stream, root, access = StringIO(), logging.getLogger(), logging.getLogger(logs.ACCESS)
    handler, level = logging.StreamHandler(stream), access.level
    handler.setFormatter(logs.Json())
    handler.addFilter(logs.one_line_each)
    root.addHandler(handler)
    access.setLevel(logging.INFO)
    yield lambda: read(stream.getvalue())
    access.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "route", "why"),
    [
        ("GET", f"/today/?token={SECRET}", {}, 302, "today", None),
        ("GET", f"/help-now/?name={SECRET}", {"Referer": f"https://{SECRET}.example/"}, 200, "help_now", None),
        ("GET", f"/{SECRET}/", {}, 404, "", None),
        ("GET", f"/feeds/{SECRET}.ics", {}, 404, "feed", None),
        ("GET", f"/specialists/{SECRET}/", {"Cookie": f"sessionid={SECRET}"}, 302, "specialist", None),
        ("GET", f"/about/?{SECRET}=%00", {}, 400, "about", "BadRequest"),
        ("GET", "/about/", {"Host": f"{SECRET}.example"}, 400, "", "DisallowedHost"),
        ("POST", f"/accounts/login/?next=/{SECRET}/", {}, 403, "account_login", "csrf"),
        (SECRET, f"/feeds/{SECRET}.ics", {}, 403, "feed", "csrf"),
    ],
)
def test_each_request_has_one_line_and_its_words_are_in_none(  # a row of the table
    lines: Lines, method: str, path: str, headers: dict[str, str], status: int, route: str, why: str | None
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    body: dict[str, Any] = {"data": f"email={SECRET}", "content_type": "application/x-www-form-urlencoded"}
    assert client.generic(method, path, headers=headers, **body).status_code == status
    [line] = lines()
    assert (line["status"], line["route"], line.get("why")) == (status, route, why)
    assert line["method"] == (method if method != SECRET else "other")
    assert line["logger"] == logs.ACCESS
    assert line["ms"] >= 0
    at = datetime.fromisoformat(line["at"])
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(days=1)


@pytest.mark.django_db
def test_an_error_says_where_it_happened_and_not_with_which_words(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    render, armed = Template.render, [True]

    def fails_once(self: Template, *args: Any, **kwargs: Any) -> Any:
        if not armed:
            return render(self, *args, **kwargs)
        armed.clear()
        try:
            raise IntegrityError(f"Key (email)=({SECRET}) already exists.")
        except IntegrityError as error:
            raise ValueError(SECRET) from error

    monkeypatch.setattr(Template, "render", fails_once)
    Client(raise_request_exception=False).get(f"/about/?{SECRET}")
    *errors, access = lines()
    error = errors[0]
    assert error["error"][0] == "builtins.ValueError"
    assert "django.db.utils.IntegrityError" in error["error"]
    assert any("reflect/views.py:" in place and place.endswith(" about") for place in error["error"])
    assert (access["status"], access["route"]) == (500, "about")
    assert {line["request"] for line in (*errors, access)} == {access["request"]}


def test_words_of_the_system_are_told() -> None:
    for error in (OperationalError("the server is away\nDETAIL"), OSError(28, "No space left on device")):
        assert next(logs.told(error)).endswith(str(error).splitlines()[0])


def test_the_id_is_the_proxys_if_there_is_one(settings: Settings, lines: Lines) -> None:
    for behind, sent, expected in (
        (True, GIVEN, {GIVEN}),
        (True, f"{GIVEN}{SECRET}", None),
        (False, GIVEN, None),
    ):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
        Client().get("/help-now/", headers={"X-Request-ID": sent})
        got = {lines()[-1]["request"]}
        assert got == expected if expected else GIVEN not in got
        assert len(got.pop()) == 32


def test_a_message_is_its_first_line() -> None:
    """The web server puts a traceback, with its words, below."""
    record = logging.LogRecord("_granian", logging.ERROR, "", 0, "It failed.\nTraceback: %s", (SECRET,), None)
    [line] = read(logs.Json().format(record))
    assert line["message"] == "It failed."


def test_probes_have_no_line(lines: Lines) -> None:
    Client().get("/healthz")
    assert not lines()


def test_a_request_leaves_nothing_to_the_next_one() -> None:
    context = copy_context()
    context.run(lambda: Client().get("/help-now/"))
    assert context[logs.current] is None if logs.current in context else True


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_production_writes_nothing_else(tmp_path: Path) -> None:
    with serving(tmp_path) as web:
        web.ask("GET", f"/leave/?word={SECRET}", **{"X-Request-ID": GIVEN})
        web.ask("GET", f"/{SECRET}/")
        web.ask("GET", "/leave/", Host=f"{SECRET}.example")
    written = read(web.log.read_text())
    [leave] = [line for line in written if line.get("route") == "leave"]
    assert (leave["request"], leave["status"]) == (GIVEN, 302)
    assert {"_granian", logs.ACCESS} <= {line["logger"] for line in written}
    assert len([line for line in written if line["logger"] == logs.ACCESS]) == 3
