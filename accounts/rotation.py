"""Key rotation: rewraps data keys, secrets and what the site seals in batches, without touching what people wrote.

Concurrent runs are safe.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from accounts import outbox, session_store
from accounts.models import DataKey, Mail
from accounts.sealing import TOTP_SECRET, CannotOpen, active_key, rewrap_row, seal_for_site, unseal_for_site


@dataclass(frozen=True)
class Progress:
    """One batch: how many were rewrapped, and how many could not be opened and were left unchanged."""

    done: int
    failed: int


@dataclass(frozen=True)
class SiteSealed[Row: Model]:
    """A column that the site seals (`seal_for_site`), and how each row's place in it is made."""

    what: str
    model: type[Row]
    column: str
    label: str
    row_id: Callable[[Row], bytes]

    def to_reseal(self) -> QuerySet[Row]:
        """Rows that were not sealed with the active key; a column that is empty or null holds nothing."""
        name, _ = active_key()
        rows = self.model._default_manager.filter(**{f"{self.column}__gt": ""})
        return rows.exclude(**{f"{self.column}__startswith": f"{name}:"})

    def reseal(self, row: Row) -> bool:
        """Seal a row's value with the active key; whether it could be opened."""
        place = self.label, self.row_id(row)
        try:
            document = unseal_for_site(*place, getattr(row, self.column))
        except CannotOpen:
            return False
        setattr(row, self.column, seal_for_site(*place, document))
        return True


# Apps add theirs in `AppConfig.ready`.
SITE_SEALED: list[SiteSealed[Any]] = [
    SiteSealed("sessions", Session, "session_data", session_store.LABEL, session_store.place_of),
    SiteSealed("mails", Mail, "sealed", outbox.LABEL, lambda mail: mail.pk.bytes),
]


def keys_to_rewrap() -> QuerySet[DataKey]:
    """Data keys that are not wrapped by the active key."""
    name, _ = active_key()
    return DataKey.objects.exclude(wrapped_by=name)


def secrets_to_rewrap() -> QuerySet[Authenticator]:
    """Second factors whose secret is not locked by the active key. Only apps have a secret."""
    name, _ = active_key()
    apps: QuerySet[Authenticator] = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    return apps.exclude(data__secret__startswith=f"{name}:")


def rewrap_data_keys(batch_size: int) -> Iterator[Progress]:
    """Rewrap every data key with the active key, one transaction per batch. Skips rows that another run has locked."""
    after = UUID(int=0)
    while True:
        with transaction.atomic():
            waiting = keys_to_rewrap().filter(owner__gt=after).order_by("owner")
            rows = [*waiting.select_for_update(skip_locked=True)[:batch_size]]
            if not rows:
                return
            opened = [row for row in rows if rewrapped(row)]
            DataKey.objects.bulk_update(opened, ["wrapped_by", "wrapped"])
        after = rows[-1].owner_id
        yield Progress(len(opened), len(rows) - len(opened))


def rewrapped(row: DataKey) -> bool:
    try:
        rewrap_row(row)
    except CannotOpen:
        return False
    return True


def rewrap_secrets(batch_size: int) -> Iterator[Progress]:
    """Do the same for the secrets of second factors."""
    after = 0
    while True:
        with transaction.atomic():
            waiting = secrets_to_rewrap().filter(pk__gt=after).order_by("pk")
            rows = [*waiting.select_for_update(skip_locked=True)[:batch_size]]
            if not rows:
                return
            opened = [row for row in rows if relocked(row)]
            Authenticator.objects.bulk_update(opened, ["data"])
        after = rows[-1].pk
        yield Progress(len(opened), len(rows) - len(opened))


def relocked(row: Authenticator) -> bool:
    owner = row.user_id.bytes
    try:
        row.data["secret"] = seal_for_site(TOTP_SECRET, owner, unseal_for_site(TOTP_SECRET, owner, row.data["secret"]))
    except CannotOpen:
        return False
    return True


def reseal(column: SiteSealed[Any], batch_size: int) -> Iterator[Progress]:
    """Do the same for a column that the site seals."""
    rest = Q()
    while True:
        with transaction.atomic():
            waiting = column.to_reseal().filter(rest).order_by("pk")
            rows = [*waiting.select_for_update(skip_locked=True)[:batch_size]]
            if not rows:
                return
            opened = [row for row in rows if column.reseal(row)]
            column.model._default_manager.bulk_update(opened, [column.column])
        rest = Q(pk__gt=rows[-1].pk)
        yield Progress(len(opened), len(rows) - len(opened))
