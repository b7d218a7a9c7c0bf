"""`manage.py proxy_pages` writes what the proxy answers when the application does not (`deploy/nginx/`)."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lib.folders import exclusive, replace_file
from reflect.publishing import PROXY, client, publish_banners, publish_helplines, write_copy

PAGES = ("help_now", "offline")
ERRORS = {"too_large": "413.html", "too_many": "429.html", "unavailable": "500.html"}
EVERYWHERE = ("Cross-Origin-Resource-Policy", "Permissions-Policy")  # on static files, too
BY_NGINX = {"Content-Length", "Content-Type", "Location"}  # headers that nginx writes itself


class Command(BaseCommand):
    help = (
        "Writes into PAGES_FOLDER what staff recorded about helplines and banners, and for the proxy copies of the "
        "pages that have to be there even if the application does not answer."
    )

    @override
    def handle(self, *_: Any, **__: Any) -> None:
        folder = Path(settings.PAGES_FOLDER)
        (folder / PROXY).mkdir(parents=True, exist_ok=True)
        try:
            publish_helplines()
            publish_banners(now=timezone.now())
        except DatabaseError as error:
            self.stderr.write(f"What staff recorded about helplines and banners is left as it was: {error}")
        with exclusive(folder):
            self.write_copies(folder)

    def write_copies(self, folder: Path) -> None:
        shutil.copytree(settings.STATIC_ROOT, folder / "static", dirs_exist_ok=True)
        blocks = []
        for name in PAGES:
            headers = write_copy(folder, name)
            blocks.append(location(f"{name}.html", headers, "root pages;"))
        for name, template in ERRORS.items():
            replace_file(folder / PROXY / f"{name}.html", render_to_string(template).encode())
            blocks.append(location(f"{name}.html", headers, "root pages;"))
        browser = client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = "over"  # so that the answer takes it away
        response = browser.get(reverse("leave"), secure=True)
        headers = [*response.headers.items()]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        blocks.append(location("leave", headers, f"return {response.status_code} {response['Location']};"))
        replace_file(folder / "locations.conf", "".join(blocks).encode())
        lines = added((name, response[name]) for name in EVERYWHERE)
        replace_file(folder / "static.conf", "".join(f"{line}\n" for line in lines).encode())


def location(name: str, headers: list[tuple[str, str]], answer: str) -> str:
    """A location that only nginx itself can lead to, with these headers."""
    lines = [
        "internal;",
        "client_max_body_size 0;",  # what leads here has been refused already, and nothing more of it is read
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
