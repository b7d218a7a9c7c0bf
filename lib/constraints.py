"""Which constraint the database refused a row by."""

import psycopg
from django.db import IntegrityError


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that a row would have broken."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
