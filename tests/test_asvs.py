"""Every row of OWASP ASVS 5.0.0, levels 1 and 2, stands in `docs/asvs.md` with a test, a document or a reason."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.reflect.production import manage

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "asvs.md"
IDS = [line.split()[0] for line in (ROOT / "tests" / "asvs-5.0.0.txt").read_text().splitlines() if line[0] != "#"]
ROWS = re.findall(r"^\| (\d[\d., ]*) \| (.+?) \| (.+?) \|$", PAGE.read_text(), re.MULTILINE)
WITHOUT = {"does not apply", "none needed"}


def meant(number: str) -> list[str]:
    """The rows that a number stands for: itself, or all of a section or chapter."""
    return [row for row in IDS if row == number or row.startswith(f"{number}.")]


def test_every_row_of_the_standard_is_answered_once() -> None:
    answered = Counter(row for numbers, _, _ in ROWS for number in numbers.split(", ") for row in meant(number))
    assert answered == dict.fromkeys(IDS, 1)
    assert all(meant(number) for numbers, _, _ in ROWS for number in numbers.split(", "))


@pytest.mark.parametrize(("words", "held_by"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_holds_a_row_exists(words: str, held_by: str) -> None:
    tests = re.findall(r"`([\w./]+)::(\w+)`", held_by)
    sections = re.findall(r"\]\(([^)#]+)#([\w-]+)\)", words + held_by)
    assert tests or sections or held_by in WITHOUT
    for path, name in tests:
        text = (ROOT / "tests" / path).read_text()
        assert re.search(rf"^ *def {name}\(", text, re.MULTILINE), f"{path}::{name}"
    for path, anchor in sections:
        headings = re.findall(r"^#+ (.+)$", (PAGE.parent / path).read_text(), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings}


def test_cookies_are_for_this_site_and_not_for_scripts(client: Client, db: None) -> None:
    """The token of the forms excepted, which opens nothing by itself: a script sends it with drafts."""
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "four quiet words here"})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert client.cookies.keys() >= {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == settings.CSRF_COOKIE_NAME, name


HEADERS = """
from django.test import Client
for path in ("/robots.txt", "/today/"):
    answer = Client().get(path, secure=True, headers={"host": "reflect.example.org", "origin": "https://other.example"})
    print({name.lower(): value for name, value in answer.headers.items()})
print(Client().get("/today/", headers={"host": "reflect.example.org"}).headers["Location"])
"""


def test_headers_of_production() -> None:
    run = manage("shell", "--no-imports", "--command", HEADERS)
    *answers, redirected = run.stdout.splitlines()
    assert len(answers) == 2, run.stderr
    for answer in answers:
        assert "'strict-transport-security': 'max-age=31536000; includeSubDomains; preload'" in answer
        assert "'x-content-type-options': 'nosniff'" in answer
        assert "'referrer-policy': 'same-origin'" in answer
        assert "access-control" not in answer
        for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in answer
    assert redirected == "https://reflect.example.org/today/"


@pytest.mark.parametrize("path", ["/.git/config", "/static/", "/static/../.git/config", "/static/%2e%2e/README.md"])
def test_folders_and_history_are_not_served(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/help-now/", "/accounts/login/", "/today/"])
def test_trace_repeats_nothing(client: Client, db: None, path: str) -> None:
    client.cookies["some"] = "QuincePorcelain"
    assert b"QuincePorcelain" not in client.generic("TRACE", path, "QuincePorcelain").content
