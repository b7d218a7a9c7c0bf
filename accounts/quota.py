"""How much one account may store (`QUOTA` of the settings), and what goes first when it is full.

Triggers count the bytes (`accounts.models.Usage`). At the quota nothing new begins, and earlier versions make room, the
oldest first. What is begun already can still grow by `QUOTA_BEYOND`, so that nobody loses what they are just writing.

Whoever locks an account's count does so after locking an entry and before touching its versions (`lock`): the triggers
lock it with every write, and two writers that took turns would wait for each other.
"""

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Func, IntegerField, QuerySet, Sum

from accounts.models import Usage, User
from accounts.privacy import registry
from lib.figures import MEGABYTE

SHOWN_FROM = 0.8  # of the quota: from here on, "Your data" says how full the account is
ROOM = MEGABYTE  # made at a time, so that not every write has to make some

logger = logging.getLogger(__name__)


class Full(Exception):
    """The account has no room for this; nothing was changed."""


# Called with an owner and a number of bytes, to delete about so much of what can go; apps add theirs in `ready`.
makes_room: list[Callable[[User, int], None]] = []


class Size(Func):
    """The number of bytes of a column, which PostgreSQL tells without reading them."""

    function = "octet_length"
    output_field = IntegerField()


def used(owner: User) -> int:
    """The bytes that this account stored when it was read; for whoever is logged in, that costs no query."""
    try:
        return owner.usage.bytes
    except Usage.DoesNotExist:
        return 0


def is_full(owner: User) -> bool:
    return used(owner) >= settings.QUOTA


def require_room(owner: User, *, begun: bool = False) -> None:
    """Raise Full if nothing new can be stored, or if what is `begun` already cannot grow, even after making room.

    Call it in the transaction of the write, after locking the entry. Requests at the same moment may exceed the quota
    by what each of them stores.
    """
    if not is_full(owner):
        return
    lock(owner)
    over = used(owner) - settings.QUOTA
    if over >= 0:
        for make_room in makes_room:
            make_room(owner, over + ROOM)
        lock(owner)
    if used(owner) >= settings.QUOTA + (settings.QUOTA_BEYOND if begun else 0):
        raise Full


def lock(owner: User) -> None:
    """Lock the account's count until the transaction ends, and read it."""
    if row := Usage.objects.select_for_update(no_key=True).filter(owner=owner).first():
        owner.usage = row


def lock_all(owners: QuerySet[Any]) -> None:
    """Lock the counts of these accounts (a queryset of their ids)."""
    list(Usage.objects.select_for_update(no_key=True).filter(owner__in=owners).order_by("owner"))


def check() -> int:
    """Compare every count with the true sum, and correct those that differ; return how many.

    No write can come between: it holds the lock of its account's count until what it stored can be seen.
    """
    counted = Counter(dict(Usage.objects.values_list("owner", "bytes").iterator()))
    counted.subtract(true_sums())
    return sum(correct(pk) for pk, difference in counted.items() if difference)


@transaction.atomic
def correct(pk: UUID) -> bool:
    """Correct the count of one account, unless it is right or the account is gone."""
    owner = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if owner is None:
        return False
    Usage.objects.get_or_create(owner=owner, defaults={"bytes": 0})
    lock(owner)
    true = true_sums(pk)[pk]
    if used(owner) == true:
        return False
    logger.error("A count of stored bytes was wrong, and is corrected. It was off by %d.", used(owner) - true)
    Usage.objects.filter(owner=owner).update(bytes=true)
    return True


def true_sums(pk: UUID | None = None) -> Counter[UUID]:
    """What each account stores, or this one, as its rows are now."""
    found: Counter[UUID] = Counter()
    for model in registry.counted():
        rows = model._default_manager.order_by().values_list("owner")
        if pk:
            rows = rows.filter(owner=pk)
        found.update(dict(rows.annotate(bytes=Sum(Size("sealed"))).iterator()))
    return found
