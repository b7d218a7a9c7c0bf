"""Counts every request, and writes one line about it into the log."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lib import logs, metrics

logger = logging.getLogger(logs.ACCESS)


class Observed:
    """The first of all, so that it sees every answer. Probes are left out: a load balancer repeats them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PROBES:
            return self.get_response(request)
        seen = logs.Seen(logs.id_of(request, behind_proxy=bool(settings.SECURE_PROXY_SSL_HEADER)))
        begun, status, token = monotonic(), 500, logs.current.set(seen)
        try:
            response = self.get_response(request)
            status = response.status_code
        finally:
            self.tell(request, seen, status, monotonic() - begun)
            logs.current.reset(token)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """The first to be asked, too: from here on, every line names the route."""
        if seen := logs.current.get():
            seen.route = route_of(request)

    def tell(self, request: HttpRequest, seen: logs.Seen, status: int, took: float) -> None:
        """`took` in seconds."""
        method = metrics.method_of(request.method)
        metrics.answered(route=seen.route or metrics.UNROUTED, method=method, status=status, took=took)
        metrics.count_pool()
        facts = {"method": method, "status": status, "ms": round(took * 1000, 1)}
        if seen.why:
            facts["why"] = seen.why
        logger.log(logging.ERROR if status >= 500 else logging.INFO, "A request was answered.", extra={"facts": facts})


def route_of(request: HttpRequest) -> str:
    """The name of the address in the URL configuration, and never the address itself."""
    match: Any = request.resolver_match
    return str(match.view_name)
