"""`manage.py proxy_pages FOLDER` writes what the proxy answers when the application does not (`deploy/nginx/`)."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, override
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

PAGES = ("help_now", "offline")
ERRORS = {"too_large": "413.html", "too_many": "429.html", "unavailable": "500.html"}
EVERYWHERE = ("Cross-Origin-Resource-Policy", "Permissions-Policy")  # on static files, too
BY_NGINX = {"Content-Length", "Content-Type", "Location"}  # headers that nginx writes itself


class Command(BaseCommand):
    help = "Writes copies of the pages that have to be there even if the application does not answer, for the proxy."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    @override
    def handle(self, *_: Any, folder: Path, **__: Any) -> None:
        (folder / "proxy").mkdir(parents=True, exist_ok=True)
        shutil.copytree(settings.STATIC_ROOT, folder / "static", dirs_exist_ok=True)
        client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname or "localhost", HTTP_X_FORWARDED_PROTO="https")
        blocks = []
        for name in PAGES:
            response = client.get(reverse(name), secure=True)
            (folder / "proxy" / f"{name}.html").write_bytes(response.content)
            headers = [*response.headers.items()]
            blocks.append(location(f"{name}.html", headers, "root pages;"))
        for name, template in ERRORS.items():
            (folder / "proxy" / f"{name}.html").write_text(render_to_string(template), encoding="utf-8")
            blocks.append(location(f"{name}.html", headers, "root pages;"))
        client.cookies[settings.SESSION_COOKIE_NAME] = "over"  # so that the answer takes it away
        response = client.get(reverse("leave"), secure=True)
        headers = [*response.headers.items()]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        blocks.append(location("leave", headers, f"return {response.status_code} {response['Location']};"))
        (folder / "locations.conf").write_text("".join(blocks), encoding="utf-8")
        (folder / "static.conf").write_text(
            "".join(f"{line}\n" for line in added((name, response[name]) for name in EVERYWHERE))
        )


def location(name: str, headers: list[tuple[str, str]], answer: str) -> str:
    """A location that only nginx itself can lead to, with these headers."""
    lines = [
        "internal;",
        'default_type "text/html; charset=utf-8";',
        "types { }",
        "etag off;",
        "max_ranges 0;",
        'add_header Last-Modified "";',
        *added(headers),
        answer,
    ]
    return f"location = /proxy/{name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def added(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The directives that add these headers, except those that nginx writes itself."""
    return (f"add_header {key} {quoted(value)} always;" for key, value in headers if key not in BY_NGINX)


def quoted(value: str) -> str:
    """A value as nginx reads it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
