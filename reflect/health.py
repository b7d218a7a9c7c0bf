"""Liveness and readiness for a load balancer, without details."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from reflect import workers
from reflect.readiness import is_migrated


class Health:
    """Answers these three addresses, whatever the Host header says, and over HTTP, too (`SECURE_REDIRECT_EXEMPT`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = dict(zip(settings.PROBES, (healthz, readyz, workerz), strict=True))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.pages.get(request.path, self.get_response)(request)


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 without checking anything else."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def readyz(_request: HttpRequest) -> HttpResponse:
    """200 if the database answers and has every migration of this code; else 503. Pages need no worker."""
    try:
        ready = is_migrated()
    except DatabaseError:
        ready = False
    return HttpResponse(
        "ready" if ready else "not ready", status=200 if ready else 503, content_type="text/plain; charset=utf-8"
    )


def workerz(_request: HttpRequest) -> HttpResponse:
    """Name each kind of worker as alive or not: 200 if all are, else 503."""
    try:
        alive = workers.alive()
    except DatabaseError:
        alive = set()
    lines = [f"{queue}: {'alive' if queue in alive else 'not alive'}\n" for queue in settings.WORKERS]
    status = 200 if alive >= settings.WORKERS.keys() else 503
    return HttpResponse("".join(lines), status=status, content_type="text/plain")
