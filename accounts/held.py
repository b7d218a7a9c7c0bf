"""What somebody sent in a form, sealed for a few minutes under a random id: an address shows it without saying it.

Browsers write the body of a POST whose answer is a page into their session files, in clear. So no page answers a POST:
a redirect leads to a GET that shows what is held here. An id opens for its owner only, and only at the place (a page)
for which it was made.
"""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Held, User
from accounts.sealing import CannotOpen, seal, unseal

HELD = timedelta(minutes=15)
PARAMETER = "held"  # in the query: the id of the page that is shown again
MOST = 20  # of one person: the oldest make room


@transaction.atomic
def hold(*, owner: User, place: str, document: object, now: datetime) -> uuid.UUID:
    """Seal a document for one place, and return the id that opens it there."""
    row = Held(owner=owner, made_at=now)
    row.sealed = seal(owner, Held.LABEL, row.pk, {"place": place, "document": document})
    row.save(force_insert=True)
    own = Held.objects.filter(owner=owner)
    newest = own.order_by("-made_at", "pk").values("pk")[:MOST]
    own.exclude(pk__in=newest).delete()
    return row.pk


def held(*, owner: User, pk: str, place: str, now: datetime) -> Any | None:
    """The document, or None: another person's, another place's, too old, gone, or no id at all."""
    try:
        row_id = uuid.UUID(pk)
    except ValueError:
        return None
    row = Held.objects.filter(owner=owner, pk=row_id, made_at__gt=now - HELD).first()
    try:
        found = unseal(owner, Held.LABEL, row_id, bytes(row.sealed)) if row else None
    except CannotOpen:
        return None
    return found["document"] if found and found["place"] == place else None


def let_go(*, owner: User, pk: str) -> None:
    """Forget a page, if the id is one: what was sent from there is taken now, and Back does not show it."""
    with suppress(ValueError):
        Held.objects.filter(owner=owner, pk=uuid.UUID(pk)).delete()


def forget_held_of(user: User, **_: Any) -> None:
    """Delete what this person has sent (receiver of what makes it worth more than it was when it was held)."""
    Held.objects.filter(owner=user).delete()


def forget_held(*, now: datetime) -> None:
    """Delete what is held no longer."""
    Held.objects.filter(made_at__lte=now - HELD).delete()
