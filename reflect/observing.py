"""Counts every request, and how long its answer took."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lib import metrics


class Observed:
    """The first of all, so that it sees every answer. Probes are left out: a load balancer repeats them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.PROBES:
            return self.get_response(request)
        begun, status = monotonic(), 500
        try:
            response = self.get_response(request)
            status = response.status_code
        finally:
            took = monotonic() - begun
            metrics.answered(
                route=route_of(request), method=metrics.method_of(request.method), status=status, took=took
            )
            metrics.count_pool()
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address in the URL configuration, and never the address itself."""
    match: Any = request.resolver_match
    return match.view_name if match else metrics.UNROUTED
