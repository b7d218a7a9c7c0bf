"""How often one account may do something: `RATE_LIMITS` of the settings, kept by one statement in an unlogged table.

Where nobody is signed in, networks have limits: `ACCOUNT_RATE_LIMITS`, kept by allauth.

A limit of 30 times in 60 seconds allows 30 at once, and then one every two seconds: `free_at` moves two seconds with
each, and may be 60 seconds ahead at most.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Pace, User
from accounts.security_log import network_of

TOO_OFTEN = _(
    "There were many tries in a short time, so nothing was changed. What you wrote is still here. Try again in a "
    "little while."
)

# A time further ahead was written by a clock that has been set back since.
SPEND = """
INSERT INTO accounts_pace AS pace (owner_id, what, free_at) VALUES (%(owner)s, %(what)s, %(now)s + %(cost)s)
ON CONFLICT (owner_id, what) DO UPDATE SET
    free_at = CASE WHEN pace.free_at BETWEEN %(now)s AND %(latest)s THEN pace.free_at ELSE %(now)s END + %(cost)s
WHERE pace.free_at + %(cost)s <= %(latest)s OR pace.free_at > %(latest)s
"""


def within_limit(owner: User, what: str, *, now: datetime, size: int = 0) -> bool:
    """Count this, unless it is over the limit. Something of many bytes (`size`) counts several times."""
    times, seconds, largest = settings.RATE_LIMITS[what]
    whole = timedelta(seconds=seconds)
    cost = whole / times * min(times, 1 + size // largest)
    values: dict[str, Any] = {"owner": owner.pk, "what": what, "now": now, "cost": cost, "latest": now + whole}
    with connection.cursor() as cursor:
        cursor.execute(SPEND, values)
        return bool(cursor.rowcount)


def network_within_limit(request: HttpRequest, what: str) -> bool:
    """Count this for the network that sends it, unless it is over the limit."""
    return bool(ratelimit.consume(request, action=what, key=str(network_of(request))))


def forget_paces(*, now: datetime) -> None:
    """Delete what limits nobody any more."""
    Pace.objects.filter(free_at__lte=now).delete()
