"""The demo's own database: marked as such while it is empty, so that its people never come among real ones."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.models import User

MARKER = "demo_database"  # a table with one row, which no migration makes


@transaction.atomic
def claim() -> None:
    """Mark a database without accounts as the demo's, with or without tables. Refuses one with accounts and no mark.

    The embedded server's needs no mark: it is in the checkout, and nothing else connects to it.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if MARKER in tables:
            return
        if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql" and has_accounts(tables):
            raise CommandError(
                "This database has accounts, and the demo did not make them. "
                "Give the demo an empty one: make demo DEMO_DATABASE_URL=postgres://user:password@host:5432/name"
            )
        cursor.execute(f"CREATE TABLE {MARKER} AS SELECT now() AS since")


def has_accounts(tables: list[str]) -> bool:
    return User._meta.db_table in tables and User.objects.exists()
