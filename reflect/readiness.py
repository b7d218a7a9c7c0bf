"""Whether the database has every migration of this code."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def is_migrated() -> bool:
    """Whether the last migration of every app is applied. One query. Raises DatabaseError."""
    applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
    return newest_migrations() <= set(applied)


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """App and name of each app's last migration in the code, which cannot change while the process runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
