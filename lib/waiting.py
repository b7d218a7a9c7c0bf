"""What waits for staff: each app registers its kinds; the index of the administration and the daily mail read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db.models import Count, Min, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 1_000  # rows that are counted: a long table is never read to its end


class For(Enum):
    """Who has to do something: somebody about somebody, or whoever keeps the service running."""

    PERSON = "person"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of a kind wait (`MOST` + 1 if there are more), and since when the oldest does, where known."""

    count: int
    oldest: date | datetime | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits. `label` stands behind its number, `about` says what is to be done.

    `right` is the permission of those who may see to it, `page` the address where they do. `tally` is one query that
    costs the same however many rows there are: see `tally_of`. The daily mail is for kinds with `is_mailed`.
    """

    label: "_StrPromise"
    about: "_StrPromise"
    right: str
    page: Callable[[], str]
    tally: Callable[[datetime], Tally]
    whom: For = For.PERSON
    is_mailed: bool = True


def waited(since: date | datetime, now: datetime) -> str:
    """How long something has waited, in its largest unit."""
    if isinstance(since, datetime):
        seconds = int((now - since).total_seconds())
        if seconds < 60:
            return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": max(seconds, 0)}
        return timesince(since, now, depth=1)
    days = (now.date() - since).days
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days > 0 else _("today")


kinds: list[Kind] = []


def register(*some: Kind) -> None:
    """Called from `AppConfig.ready`."""
    kinds.extend(some)


def tally_of(rows: QuerySet, since: str) -> Tally:
    """Count the first rows in the order of a column that has an index, and find the oldest. One query."""
    first = rows.order_by(since).values("pk", since)[: MOST + 1]
    found = first.aggregate(count=Count("pk"), oldest=Min(since))
    return Tally(found["count"], found["oldest"])
