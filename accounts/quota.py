"""How much one account may store (`QUOTA` of the settings), and what goes first when it is full.

Triggers count the bytes (`accounts.models.Usage`). At the quota nothing new begins, and earlier versions make room, the
oldest first. What is begun already can still grow by `QUOTA_BEYOND`, so that nobody loses what they are just writing.

Whoever locks an account's count does so after locking an entry and before touching its versions (`lock`): the triggers
lock it with every write, and two writers that took turns would wait for each other.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Func, IntegerField, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Usage, User
from accounts.privacy import registry
from lib.figures import MEGABYTE

NO_ROOM = _(
    "Your account is full, so this is not saved. Your words are still here. “Your data” in the settings says how to "
    "make room."
)
NO_ROOM_FOR_FILES = _("Your account is full, or would be with this file. Nothing was added.")
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


@dataclass(frozen=True, slots=True)
class Fill:
    """How full an account is, in whole megabytes."""

    used: int
    most: int
    is_full: bool


def nearly_full(owner: User) -> Fill | None:
    """How full the account is, from SHOWN_FROM on."""
    if used(owner) < SHOWN_FROM * settings.QUOTA:
        return None
    return Fill(round(used(owner) / MEGABYTE), settings.QUOTA // MEGABYTE, is_full(owner))


def fits(owner: User, size: int, *, begun: bool = False) -> bool:
    """Whether so many bytes more fit, of something new or of what is `begun` already.

    Requests at the same moment may together exceed the quota by what they store.
    """
    return used(owner) + size <= settings.QUOTA + (settings.QUOTA_BEYOND if begun else 0)


def require_room(owner: User, size: int, *, begun: bool = False) -> None:
    """Raise Full if so many bytes do not fit, even after making room. In the transaction of the write."""
    if not fits(owner, size):
        make_room(owner, size)
        if not fits(owner, size, begun=begun):
            raise Full


def make_room(owner: User, size: int) -> None:
    """Delete what can go, so that so many bytes fit."""
    lock(owner)
    if not fits(owner, size):
        for make in makes_room:
            make(owner, used(owner) + size - settings.QUOTA + ROOM)
        lock(owner)


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
