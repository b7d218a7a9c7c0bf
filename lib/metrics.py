"""What web processes count, for `manage.py metrics`: by route, method and outcome, and nothing of a person.

Every label is one of a list that the code knows: never an address, an id, or anything that somebody sends. Where
`manage.py web` names a folder, each process counts into files of its own there; elsewhere in memory, and nobody asks.
"""

from http import HTTPMethod

from django.db import connection
from prometheus_client import Counter, Histogram

UNROUTED = "none"  # what no route answers: addresses that lead nowhere, and static files
METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.POST, HTTPMethod.OPTIONS})
OTHER = "other"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

requests = Counter("reflect_requests", "Requests answered.", ["route", "method", "status"])
seconds = Histogram("reflect_request_seconds", "How long the answers took.", ["route"], buckets=BUCKETS)
booking_refusals = Counter("reflect_booking_refusals", "Changes to bookings that were refused.", ["kind"])
security_events = Counter("reflect_security_events", "Lines of the security log.", ["event"])
pool = {
    "requests_num": Counter("reflect_pool_requests", "Connections that were asked of the pool."),
    "requests_queued": Counter("reflect_pool_waits", "Of these, how many had to wait for one."),
    "requests_wait_ms": Counter("reflect_pool_wait_milliseconds", "How long they waited."),
    "requests_errors": Counter("reflect_pool_timeouts", "Of these, how many got none."),
}


def method_of(method: str | None) -> str:
    """The method as a label: clients send whatever they like."""
    return method if method in METHODS else OTHER


def answered(*, route: str, method: str, status: int, took: float) -> None:
    """Count a request. `route`: a name of the URL configuration, or UNROUTED; `took` in seconds."""
    requests.labels(route, method, f"{status // 100}xx").inc()
    seconds.labels(route).observe(took)


def count_pool() -> None:
    """Add what the pool of this process, if it has one, has counted since the last time."""
    own = connection.pool  # type: ignore[attr-defined]  # PostgreSQL is the only engine
    if own is None:
        return
    stats = own.pop_stats()
    for name, counter in pool.items():
        counter.inc(stats.get(name, 0))
