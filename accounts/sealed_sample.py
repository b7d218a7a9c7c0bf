"""Tries to open a sample of everything that is sealed: after a restore, and after a key was changed.

It says how many rows opened, and never what they hold.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BinaryField, Model
from django.db.models.constants import LOOKUP_SEP

from accounts import self_document
from accounts.models import User
from accounts.privacy import Declaration, registry
from accounts.rotation import SITE_SEALED, SiteSealed
from accounts.sealing import TOTP_SECRET, CannotOpen, unseal, unseal_for_site
from lib.keyring import KEY_BYTES

LABELS = {"sealed": "LABEL", "sealed_addresses": "LABEL", "sealed_ranges": "RANGES"}  # of the model, by the column

type Attempt = Callable[[], object]  # raises CannotOpen


@dataclass(frozen=True)
class Tried:
    """One column: how many rows of its sample opened, and how many did not."""

    what: str
    opened: int
    closed: int


def sample(size: int) -> Iterator[Tried]:
    """Try at most `size` rows of each sealed column, at random."""
    for declaration in registry.declarations.values():
        for column in columns(declaration.model):
            what = f"{declaration.model._meta.label}.{column}"
            yield tried(what, of_owners(declaration, column, size))
    for one in SITE_SEALED:
        yield tried(one.what, of_site(one, size))
    yield tried("secrets of second factors", of_second_factors(size))


def tried(what: str, attempts: Iterable[Attempt]) -> Tried:
    opened = closed = 0
    for attempt in attempts:
        try:
            attempt()
        except CannotOpen:
            closed += 1
        else:
            opened += 1
    return Tried(what, opened, closed)


def columns(model: type[Model]) -> list[str]:
    """The columns of a model that are sealed with a person's own key."""
    fields = (field for field in model._meta.get_fields() if isinstance(field, BinaryField))
    return [field.name for field in fields if field.name.startswith("sealed")]


def of_owners(declaration: Declaration, column: str, size: int) -> Iterator[Attempt]:
    model = declaration.model
    label = self_document.LABEL if model is User else getattr(model, LABELS[column])
    owner: Any = getattr(model, "SEALED_FOR", declaration.owner)
    rows = model._base_manager.exclude(**{f"{owner}__isnull": True}).exclude(**{f"{column}__isnull": True})
    for row in rows.exclude(**{column: b""}).order_by("?")[:size]:
        person: Any = row if model is User else reduce(getattr, owner.split(LOOKUP_SEP), row)
        yield partial(unseal, person, label, row.pk, bytes(getattr(row, column)))


def of_site(one: SiteSealed[Any], size: int) -> Iterator[Attempt]:
    for row in one.model._base_manager.filter(**{f"{one.column}__gt": ""}).order_by("?")[:size]:
        yield partial(unseal_for_site, one.label, one.row_id(row), getattr(row, one.column))


def of_second_factors(size: int) -> Iterator[Attempt]:
    for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("?")[:size]:
        yield partial(unseal_for_site, TOTP_SECRET, row.user_id.bytes, row.data["secret"])


@contextmanager
def without_the_keys() -> Iterator[None]:
    """Let this process, within the context, hold a key of its own making in the place of each of the site's."""
    held = settings.SEALING_KEYS
    settings.SEALING_KEYS = {name: secrets.token_bytes(KEY_BYTES) for name in held}
    try:
        yield
    finally:
        settings.SEALING_KEYS = held
