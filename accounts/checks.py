"""Checks that need the database: `manage.py check --database default`."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, OperationalError, connections
from django.db.models import QuerySet

from accounts import keys_in_use
from accounts.models import DataKey


@register(Tags.database)
def every_data_key_can_be_opened(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """SEALING_KEYS must hold every key that still wraps somebody's data key."""
    return [
        Error(
            f"Data keys are wrapped by {name}, which is not in SEALING_KEYS: what these people wrote cannot be opened.",
            hint="Put the key back, run manage.py rotate_keys, and remove it when none remains.",
            id="accounts.E001",
        )
        for alias in databases or []
        for name in missing_keys(alias)
    ]


@register(Tags.database)
def every_second_factor_can_be_opened(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Without the secret of their app, specialists and staff cannot log in."""
    return [
        Error(
            f"Second factors are sealed with {name}, which is not in SEALING_KEYS: these people cannot log in.",
            hint="Put the key back, run manage.py rotate_keys, and remove it when none remains.",
            id="accounts.E002",
        )
        for alias in databases or []
        for name in missing_keys_of_factors(alias)
    ]


@register(Tags.database)
def every_key_is_the_right_one(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Another key under the same id seals what people write from now on, and opens nothing from before."""
    return [
        Error(
            f"The key {name} in SEALING_KEYS is not the one of that id that locked what is in the database.",
            hint="Put the right key there; docs/operations/keys.md says where it is kept.",
            id="accounts.E003",
        )
        for name in (wrong_keys() if databases else [])
    ]


def wrong_keys() -> list[str]:
    """Ids of keys that are in SEALING_KEYS and open nothing that was locked by that id."""
    with suppress(DatabaseError):  # without its tables, or if the database does not answer
        closed = {name for name, is_open in keys_in_use.in_use().items() if not is_open}
        return sorted(closed & settings.SEALING_KEYS.keys())
    return []


def missing_keys(alias: str) -> list[str]:
    """Ids of key-encryption keys that wrap a data key but are not in SEALING_KEYS."""
    lost = DataKey.objects.using(alias).exclude(wrapped_by__in=settings.SEALING_KEYS)
    return sorted(set(found(alias, lost.order_by().values_list("wrapped_by", flat=True).distinct())))


def missing_keys_of_factors(alias: str) -> list[str]:
    """The same of those that seal the secrets of second factors."""
    lost = Authenticator.objects.using(alias).filter(type=Authenticator.Type.TOTP)
    for name in settings.SEALING_KEYS:
        lost = lost.exclude(data__secret__startswith=f"{name}:")
    return sorted({secret.partition(":")[0] for secret in found(alias, lost.values_list("data__secret", flat=True))})


def found(alias: str, rows: QuerySet[Any, str]) -> list[str]:
    """The rows; none without their table, or if the database does not answer, which `reflect/checks.py` says."""
    with suppress(OperationalError):
        if rows.model._meta.db_table in connections[alias].introspection.table_names():
            return [*rows]
    return []
