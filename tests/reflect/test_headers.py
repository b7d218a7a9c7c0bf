"""Headers of every response: pages, errors, redirects and static files."""

from pathlib import Path

import pytest
from django.conf import settings as as_set
from django.test import Client
from pytest_django import Settings

HEADERS = {"Permissions-Policy", "Cross-Origin-Resource-Policy"}


@pytest.fixture
def whole_site(settings: Settings, tmp_path: Path) -> Client:
    """With a static file, collected as in production."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "some.css").write_text("")
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/help-now/", 200), ("/offline/", 200), ("/nowhere/", 404), ("/today/", 302), ("/leave/", 302),
        ("/admin/", 302), ("/static/some.css", 200), ("/healthz", 200), ("/robots.txt", 200), ("/card.png", 200),
        ("/sw.js", 200), ("/sitemap.xml", 200), ("/favicon.ico", 302), ("/accounts/login/", 200),
    ],
)  # fmt: skip
def test_every_answer_has_them(whole_site: Client, path: str, status: int) -> None:
    response = whole_site.get(path)
    response.close()
    assert response.status_code == status
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = response["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"} <= set(policy)
    allowed = [directive for directive in policy if not directive.endswith("=()")]
    assert allowed == [
        "clipboard-write=(self)",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/workerz"])
def test_what_a_load_balancer_asks_has_those_of_every_page(client: Client, settings: Settings, path: str) -> None:
    settings.SECURE_HSTS_SECONDS, settings.ALLOWED_HOSTS = 3600, ["reflect.example.org"]
    answer = Client(headers={"host": "10.0.0.7"}).get(path, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_refusal_has_them_too(whole_site: Client, settings: Settings) -> None:
    assert whole_site.get("/", headers={"host": "elsewhere.example"}).headers.keys() >= HEADERS
    settings.SECURE_SSL_REDIRECT = True
    redirected = Client().get("/")
    assert redirected.status_code == 301
    assert redirected.headers.keys() >= HEADERS


@pytest.mark.usefixtures("stopped_database")
def test_a_failure_has_them_too(whole_site: Client) -> None:
    whole_site.cookies[as_set.SESSION_COOKIE_NAME] = "a" * 32
    failed = whole_site.get("/today/")
    assert failed.status_code == 500
    assert failed.headers.keys() >= HEADERS


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sw.js", "/healthz", "/", "/help-now/"])
def test_text_names_its_encoding(client: Client, db: None, path: str) -> None:
    assert client.get(path)["Content-Type"].endswith("; charset=utf-8")
