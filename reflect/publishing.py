"""The files in PAGES_FOLDER: what answers where the database or the application does not.

Web processes read there what staff recorded about helplines, and their banners; the proxy reads its copies of pages
(`deploy/nginx/`). The folder belongs to one host. A file is replaced at once, so that whoever reads it finds the old
one or the new one.
"""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from lib.folders import exclusive, replace_file
from reflect import banners, helplines
from reflect.models import Banner, HelplineRecord

PROXY = "proxy"  # the folder of the proxy's copies
IS_COPY = "reflect.copy"  # in the environment of a request whose answer is kept


def publish_helplines() -> None:
    """Write what is recorded about helplines, and the help page anew for a proxy that has copies here."""
    folder = Path(settings.PAGES_FOLDER)
    with exclusive(folder):  # so that what was read from the database earlier never replaces what was read later
        replace_file(folder / helplines.RECORDS, helplines.records_as_json(recorded()))
        if (folder / PROXY).is_dir():
            write_copy(folder, "help_now")


def publish_banners(*, now: datetime) -> None:
    """Write the banners that are not over. Pages show each from its own time."""
    folder = Path(settings.PAGES_FOLDER)
    with exclusive(folder):
        rows = Banner.objects.filter(ends_at__gt=now).order_by("starts_at", "pk")
        replace_file(folder / banners.BANNERS, banners.as_json(row.as_published() for row in rows))


def recorded() -> dict[str, helplines.Record]:
    """What is recorded in the database, by the key of the line."""
    return {
        row.key: helplines.Record(row.checked_on, row.checked_as, row.hidden) for row in HelplineRecord.objects.all()
    }


def write_copy(folder: Path, name: str) -> list[tuple[str, str]]:
    """Write the proxy's copy of a page, and return the headers that belong to it."""
    response = client().get(reverse(name), secure=True)
    replace_file(folder / PROXY / f"{name}.html", response.content)
    return [*response.headers.items()]


def client() -> Client:
    """Asks as the proxy does."""
    server = urlsplit(settings.SITE_URL).hostname or "localhost"
    asking = Client(SERVER_NAME=server, HTTP_X_FORWARDED_PROTO="https")
    asking.defaults[IS_COPY] = "yes"
    return asking
