"""A database server that has stopped."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker


@pytest.fixture
def stopped_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every connection is refused: nobody listens on port 1."""
    running = connections["default"]
    nobody = {"HOST": "127.0.0.1", "PORT": "1", "NAME": "stopped", "OPTIONS": {}}
    connections["default"] = DatabaseWrapper(running.settings_dict | nobody, "default")
    with django_db_blocker.unblock():
        yield
    connections["default"] = running
