"""The connections of a web process to the database."""

import time

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper

AWAY = 8  # seconds


@pytest.mark.django_db(transaction=True)
def test_a_server_that_comes_back_is_noticed_at_once() -> None:
    running = connections["default"]
    params = running.get_connection_params()
    there = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    nobody = {"HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {"pool": settings.POOL | {"max_size": 2}}}
    web = DatabaseWrapper(running.settings_dict | nobody, "default")
    until = time.monotonic() + AWAY
    try:
        while time.monotonic() < until:
            with pytest.raises(OperationalError):
                web.ensure_connection()
        web.pool.kwargs |= there  # the server is back
        web.ensure_connection()
        assert web.is_usable()
    finally:
        web.close()
        web.close_pool()
