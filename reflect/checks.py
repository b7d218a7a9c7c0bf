"""Checks of an installation, for `manage.py check`."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.db import NotSupportedError, connections
from django.utils import timezone

from reflect.helplines import STALE_AFTER, helplines

POSTGRESQL = 18


@register(Tags.database)
def postgresql_is_recent(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse servers older than PostgreSQL 18, since tables rely on its features."""
    messages = (refusal(server_version(alias)) for alias in databases or [])
    return [Error(message, id="reflect.E001") for message in messages if message]


def server_version(alias: str) -> int:
    """The server's version as PostgreSQL numbers it, 180006 for 18.6; 0 if it is too old for Django itself."""
    connection = connections[alias]
    try:
        connection.ensure_connection()
    except NotSupportedError:
        return 0
    return int(connection.pg_version)  # type: ignore[attr-defined]  # PostgreSQL is the only engine


def refusal(version: int) -> str:
    """One sentence saying why a server of this version is refused, or "" if it is supported."""
    if version >= POSTGRESQL * 10000:
        return ""
    found = f" {version // 10000}" if version else "older"
    return f"Reflect needs PostgreSQL {POSTGRESQL} or later, and DATABASE_URL points to {found.strip()}."


@register(Tags.security)
def privacy_page_is_complete(**_: Any) -> list[CheckMessage]:
    """The privacy page names who runs the site, so outside the demo each of its blanks must be set."""
    return [
        Error(
            f"{name.upper()} is not set: the privacy page needs it.",
            hint="Set it in the environment; README.md lists all of them.",
            id="reflect.E002",
        )
        for name, value in settings.LEGAL.items()
        if not value
    ]


@register(Tags.security)
def backups_are_kept_for_days(**_: Any) -> list[CheckMessage]:
    """The privacy page states a number of days."""
    days = settings.LEGAL["backup_retention_days"]
    if settings.DEMO or not days or (days.isdecimal() and days.isascii() and int(days) > 0):
        return []
    message = f"BACKUP_RETENTION_DAYS is {days}: the privacy page needs a whole number of days."
    return [Error(message, hint="Write it in digits, like 30.", id="reflect.E003")]


@register(Tags.urls)
def links_in_mails_lead_to_the_site(**_: Any) -> list[CheckMessage]:
    """Mails that are sent outside a request have no other host to link to."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme in {"http", "https"} and parts.hostname and "*" not in parts.netloc and parts.path == "":
        return []
    message = f"SITE_URL is {settings.SITE_URL}: links in e-mails would lead nowhere."
    return [Error(message, hint="Write the site's own address, like https://reflect.example.org.", id="reflect.E004")]


@register("helplines", deploy=True)
def helplines_are_verified(**_: Any) -> list[CheckMessage]:
    """List helplines that nobody has checked lately; the page marks them as such.

    An old number is better than none, so this is only Info, which passes `--fail-level WARNING` in a deployment.
    """
    today = timezone.now().date()
    stale = [line.name for line in helplines() if line.is_stale(today)]
    if not stale:
        return []
    return [
        Info(
            f"Helplines not checked in the last {STALE_AFTER.days} days: {len(stale)} ({', '.join(stale)}).",
            hint="Check each at the operator's own page, then set verified_on in reflect/content/helplines.toml.",
            id="reflect.I001",
        )
    ]
