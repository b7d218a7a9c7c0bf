"""The constraint behind an IntegrityError."""

import psycopg
from django.db import IntegrityError


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the violated constraint, None if PostgreSQL names none."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
