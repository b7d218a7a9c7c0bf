"""Checks of an installation, for `manage.py check`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004  # Django's own name
from django.db import NotSupportedError, OperationalError, connections
from django.utils import timezone

from accounts.privacy import ERASED
from consultations.rooms import SHORTEST_KEY
from lib import zones
from reflect.helplines import STALE_AFTER, helplines

POSTGRESQL = 18
FEWEST_THREADS = 4
LONGEST_KEPT = 365  # days of a backup: less than `ERASED`
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
CLOCKS_APART = timedelta(seconds=30)  # codes of an app last as long
OFFSETS = """
SELECT name, instant, (instant AT TIME ZONE name) - (instant AT TIME ZONE 'UTC')
FROM pg_timezone_names CROSS JOIN unnest(%s::timestamptz[]) AS instant
WHERE name = ANY(%s)
"""


@register(Tags.database)
def postgresql_is_recent(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse servers that do not answer, or are older than PostgreSQL 18, since tables rely on its features."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        try:
            words = refusal(server_version(alias))
        except OperationalError as error:
            words = f"The database of {database_variable()} does not answer: {str(error).strip().splitlines()[0]}"
        if words:
            messages.append(Error(words, id="reflect.E001"))
    return messages


def server_version(alias: str) -> int:
    """The server's version as PostgreSQL numbers it, 180006 for 18.6; 0 if it is too old for Django itself."""
    connection = connections[alias]
    try:
        connection.ensure_connection()
    except NotSupportedError:
        return 0
    return int(connection.pg_version)  # type: ignore[attr-defined]  # PostgreSQL is the only engine


def database_variable() -> str:
    """The variable that says where the server is."""
    return "DEMO_DATABASE_URL" if settings.DEMO else "DATABASE_URL"


def refusal(version: int) -> str:
    """One sentence saying why a server of this version is refused, or "" if it is supported."""
    if version >= POSTGRESQL * 10000:
        return ""
    found = f" {version // 10000}" if version else "older"
    return f"Reflect needs PostgreSQL {POSTGRESQL} or later, and {database_variable()} points to {found.strip()}."


@register(Tags.database, deploy=True)
def zones_agree_with_the_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Compare the offsets of all offered zones: PostgreSQL has zone data of its own, and puts entries on days with it.

    A warning, as the server's packagers may be some weeks behind.
    """
    return [
        Warning(
            f"PostgreSQL has other rules than Reflect for these time zones: {', '.join(names)}.",
            hint="Update the server's zone data (often the package tzdata), or else Reflect's.",
            id="reflect.W001",
        )
        for alias in databases or []
        if (names := zones_that_differ(alias, timezone.now()))
    ]


def zones_that_differ(alias: str, now: datetime) -> list[str]:
    """The offered zones that the database does not know, or whose offset differs at one of `zones.compared_at`."""
    names, instants = zones.offered(), zones.compared_at(now)
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(OFFSETS, [instants, names])
            theirs = {(name, instant): offset for name, instant, offset in cursor.fetchall()}
    except OperationalError:  # said by `postgresql_is_recent`
        return []
    return [
        name
        for name in names
        if any(theirs.get((name, instant)) != instant.astimezone(zones.zone(name)).utcoffset() for instant in instants)
    ]


@register(Tags.database, deploy=True)
def clock_agrees_with_the_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every host keeps time by itself, and one that is ahead deletes too early and ends its codes too soon.

    The database is the one clock that all hosts of a site can compare theirs with.
    """
    return [
        Error(
            f"The clock of this host is {seconds:+d} seconds from the database's.",
            hint="Have both set theirs from the network (NTP).",
            id="reflect.E011",
        )
        for alias in databases or []
        if abs(seconds := seconds_ahead(alias, timezone.now())) > CLOCKS_APART.total_seconds()
    ]


def seconds_ahead(alias: str, now: datetime) -> int:
    """How far this host's clock is ahead of the database's."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())", [now])
            return int(cursor.fetchone()[0])
    except OperationalError:  # said by `postgresql_is_recent`
        return 0


@register("zones", deploy=True)
def zones_are_recent(**_: Any) -> list[CheckMessage]:
    """Governments change their clocks several times a year."""
    if not zones.are_stale(timezone.now().date()):
        return []
    message = f"Reflect's zone data is of {zones.ZONES_AS_OF}: meetings may be shown an hour off."
    return [Warning(message, hint="Install a newer release of Reflect, or of the package tzdata.", id="reflect.W002")]


@register(Tags.security)
def privacy_page_is_complete(**_: Any) -> list[CheckMessage]:
    """The privacy page names who runs the site, so outside the demo each of its blanks must be set."""
    return [
        Error(
            f"{name.upper()} is not set: the privacy page needs it.",
            hint="Set it in the environment; docs/operations/settings.md lists all of them.",
            id="reflect.E002",
        )
        for name, value in settings.LEGAL.items()
        if not value
    ]


@register(Tags.security)
def backups_are_kept_for_days(**_: Any) -> list[CheckMessage]:
    """The privacy page states a number of days, and a backup is not kept longer than the list of erased accounts."""
    days = settings.LEGAL["backup_retention_days"]
    number = int(days) if days.isdecimal() and days.isascii() else 0
    if settings.DEMO or not days or 0 < number <= LONGEST_KEPT:
        return []
    if number:
        message = f"BACKUP_RETENTION_DAYS is {days}: whom a backup brings back is forgotten after {ERASED.words}."
        return [Error(message, hint=f"Keep backups for {LONGEST_KEPT} days at most.", id="reflect.E003")]
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


@register(Tags.security, deploy=True)
def database_is_encrypted(**_: Any) -> list[CheckMessage]:
    """By default, libpq goes on without TLS where the server has none, and takes any certificate."""
    database = settings.DATABASES["default"]
    host = database.get("HOST", "")
    safe = database.get("OPTIONS", {}).get("sslmode") == "verify-full"
    if settings.DEMO or safe or not host or host.startswith("/") or host in LOOPBACK:
        return []
    message = "DATABASE_URL does not insist on TLS: anybody on the way could read along, or be the server."
    hint = "End it with ?sslmode=verify-full, and sslrootcert= for an authority of your own."
    return [Error(message, hint=hint, id="reflect.E009")]


@register(Tags.security, deploy=True)
def mail_is_encrypted(**_: Any) -> list[CheckMessage]:
    """Codes and addresses go over the network, unless the server is on this very machine."""
    options = settings.MAILERS["default"].get("OPTIONS", {})
    if not options or options["use_tls"] or options["use_ssl"] or options["host"] in LOOPBACK:
        return []
    message = "MAIL_URL has no TLS: anybody on the way could read the codes that open accounts."
    return [Error(message, hint="Write smtp+tls:// or smtp+ssl://.", id="reflect.E005")]


@register(Tags.security, deploy=True)
def mail_has_a_sender(**_: Any) -> list[CheckMessage]:
    """The default is an address that no mail server takes."""
    if settings.DEMO or not parseaddr(settings.DEFAULT_FROM_EMAIL)[1].endswith("@localhost"):
        return []
    message = "DEFAULT_FROM_EMAIL is not set: mail servers refuse the default sender."
    return [Error(message, hint="Write it as Name <address>.", id="reflect.E006")]


@register(Tags.urls)
def meetings_have_a_safe_room(**_: Any) -> list[CheckMessage]:
    """The operator's own server for meetings is reached over HTTPS, and its key is no shorter than its signature."""
    base, key = settings.MEETING_BASE_URL, settings.MEETING_KEY
    parts = urlsplit(base)
    if base and not (parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment)):
        message = f"MEETING_BASE_URL is {base}: rooms would not be found, or not be safe."
        return [Error(message, hint="Write it like https://meet.example.org.", id="reflect.E012")]
    if key and not base:
        return [Error("MEETING_KEY is set without MEETING_BASE_URL: no link would use it.", id="reflect.E013")]
    if key and len(key.encode()) < SHORTEST_KEY:
        message = f"MEETING_KEY has fewer than {SHORTEST_KEY} bytes: it could be guessed."
        return [Error(message, hint="Write the output of `openssl rand -hex 32`.", id="reflect.E014")]
    return []


@register(Tags.security, deploy=True)
def rooms_are_locked(**_: Any) -> list[CheckMessage]:
    """Without a key, whoever has the link of a meeting can enter it; the page of the meeting says so."""
    if settings.MEETING_KEY or not settings.MEETING_BASE_URL:
        return []
    message = "MEETING_BASE_URL has no MEETING_KEY: anyone with the link of a meeting can enter it."
    return [Info(message, hint="Have the server ask for tokens, and set the key it shares.", id="reflect.I002")]


@register(Tags.security, deploy=True)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    """With `*`, whoever sends a Host header chooses where the links of a page lead."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS is *: name the hosts that the site answers to.", id="reflect.E007")]


@register(Tags.security, deploy=True)
def proxies_are_counted(**_: Any) -> list[CheckMessage]:
    """Without the count, every visitor has the proxy's address, and one who guesses passwords locks all of them out."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    message = "BEHIND_PROXY is set and ALLAUTH_TRUSTED_PROXY_COUNT is not: all visitors would share one address."
    return [Error(message, hint="Say how many proxies a request passes, usually 1.", id="reflect.E008")]


@register(Tags.security, deploy=True)
def threads_leave_room(**_: Any) -> list[CheckMessage]:
    """Half the threads of a process are the most that one account takes (`lib/places.py`), and it may need two."""
    if settings.DEMO or settings.WEB_THREADS >= FEWEST_THREADS:
        return []
    found = f"WEB_THREADS is {settings.WEB_THREADS}" if settings.WEB_THREADS else "WEB_THREADS is not set"
    message = f"{found}: one account could keep every thread of a web process."
    hint = f"Give each web process {FEWEST_THREADS} threads or more, and say here how many it has."
    return [Error(message, hint=hint, id="reflect.E010")]


@register("helplines", deploy=True)
def helplines_are_verified(**_: Any) -> list[CheckMessage]:
    """List helplines that nobody has checked lately; the page says so once a country.

    An old number is better than none, so this is only Info, which passes `--fail-level WARNING` in a deployment.
    """
    today = timezone.now().date()
    stale = [line.name for line in helplines() if line.is_stale(today)]
    if not stale:
        return []
    return [
        Info(
            f"Helplines not checked in the last {STALE_AFTER.days} days: {len(stale)} ({', '.join(stale)}).",
            hint="Check each at the operator's own page, and record it at /admin/reflect/helplinerecord/.",
            id="reflect.I001",
        )
    ]
