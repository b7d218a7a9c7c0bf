"""A dump of an earlier state, in a database of its own and brought to the newest state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from assessments.models import published_instrument
from tests import postgres


@contextmanager
def restored(name: str, dump: bytes, keys: Mapping[str, bytes], blocker: DjangoDbBlocker) -> Iterator[None]:
    """The connection leads to the restored and migrated database meanwhile."""
    first = str(connection.settings_dict["NAME"])
    made = f"{first}_{name}"
    with blocker.unblock():
        postgres.run("dropdb", "--if-exists", "--force", made)
        postgres.run("createdb", made)
        use(made)
    try:
        with blocker.unblock():
            postgres.run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", given=dump)
            with override_settings(SEALING_KEYS=keys):  # some migrations open what is sealed
                call_command("migrate", verbosity=0)
        yield
    finally:
        with blocker.unblock():
            use(first)
            postgres.run("dropdb", "--force", made)


def use(database: str) -> None:
    """Lead the connection to another database, where the same ids may stand for something else."""
    postgres.use(database)
    published_instrument.cache_clear()
    ContentType.objects.clear_cache()
