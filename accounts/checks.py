"""Checks that need the database: `manage.py check --database default`."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

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


def missing_keys(alias: str) -> list[str]:
    """Ids of key-encryption keys that wrap a data key but are not in SEALING_KEYS.

    None of a database without tables, or of one that does not answer, which `reflect/checks.py` says.
    """
    lost = DataKey.objects.using(alias).exclude(wrapped_by__in=settings.SEALING_KEYS)
    with suppress(OperationalError):
        if DataKey._meta.db_table in connections[alias].introspection.table_names():
            return [*lost.order_by("wrapped_by").values_list("wrapped_by", flat=True).distinct()]
    return []
