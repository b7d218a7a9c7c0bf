"""The production set-up as an operator starts it (`make up`): what it serves, what each container may do.

Podman builds and runs it; only the base of Debian and the image of PostgreSQL are made here instead of pulled.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from reflect.scratch import programs
from reflect.version import version
from tests.deploy.production import (
    BASE,
    ENGINE,
    IMAGE,
    OURS,
    ROOT,
    Site,
    free_port,
    make_base,
    make_postgres,
    run,
    size_of,
)
from tests.html import parse

pytestmark = pytest.mark.image
LARGEST = 200 * 10**6  # bytes over the base


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything built and started, until the module's end."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "containers.conf").write_text(ENGINE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTAINERS_CONF", str(folder / "containers.conf"))
        patch.setenv("BUILDAH_ISOLATION", "chroot")
        make_base(folder)
        make_postgres(folder)
        site = Site(free_port(), free_port(), free_port(), folder / "production")
        try:
            site.make("up")
            site.wait_for("/readyz")
            yield site
        finally:
            site.remove()


def test_pages_are_served_over_tls_with_compressed_static_files(site: Site) -> None:
    answer, content = site.ask("/")
    assert answer.status == 200
    sheet = re.search(rb'href="(/static/css/site\.[0-9a-f]+\.css)"', content)
    assert sheet

    for service in ("web-1", "proxy"):
        folder = "/opt/reflect/staticfiles" if service == "web-1" else "/run/reflect/pages/static"
        assert site.inside(service, "ls", sheet[1].decode().replace("/static", folder) + ".gz")
    answer, _style = site.ask(sheet[1].decode(), Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")


def test_plain_http_leads_to_tls(site: Site) -> None:
    answer = run("curl", "--silent", "--head", f"http://localhost:{site.plain}/help-now/")

    assert f"Location: https://localhost:{site.port}/help-now/" in answer


def test_somebody_can_sign_up(site: Site) -> None:
    answer, content = site.ask("/accounts/signup/")
    token = parse(content).find(".//input[@name='csrfmiddlewaretoken']")
    assert token is not None
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    form = {"csrfmiddlewaretoken": token.get("value", ""), "email": "ana@example.org", "adult": "on"}
    answer, content = site.ask(
        "/accounts/signup/", form | {"password1": "quince porcelain harbour violet"}, Cookie=cookie
    )

    assert answer.status == 302, content.decode()
    assert site.sql("SELECT count(*) FROM accounts_user") == "1"


def test_every_worker_is_alive(site: Site) -> None:
    assert site.wait_for("/workerz").decode().split("\n") == [
        *("mail: alive", "housekeeping: alive", "calendars: alive", "")
    ]


def test_metrics_count_what_both_web_processes_answered(site: Site) -> None:
    for _ in range(10):
        site.ask("/guide/")
    told = run("curl", "--silent", f"http://localhost:{site.metrics}/metrics")

    assert re.search(
        r'^reflect_requests_total{method="GET",route="guide.*",status="2xx"} \d{2,}\.0$', told, re.MULTILINE
    )
    assert 'reflect_web_servers{state="ready"} 2.0' in told
    assert len(site.inside("metrics", "ls", "/var/lib/reflect/metrics").split()) == 2


@pytest.mark.parametrize("service", ["database", *OURS])
def test_container_runs_without_root_capabilities_and_writable_files(site: Site, service: str) -> None:
    refused = site.inside(service, "sh", "-c", "touch /etc/x /opt/x /usr/bin/x 2>&1; id -u; cat /proc/1/status")

    assert refused.count("Read-only file system") == 3
    assert f"\n{999 if service == 'database' else 10001}\n" in refused
    assert re.search(r"^CapPrm:\s+0+\nCapEff:\s+0+\nCapBnd:\s+0+$", refused, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", refused, re.MULTILINE)


@pytest.mark.parametrize("service", ["database", "web-1", "web-2", "worker"])
def test_what_needs_no_network_has_none(site: Site, service: str) -> None:
    assert site.inside(service, "ls", "/sys/class/net").split() == ["lo"]


@pytest.mark.parametrize("service", OURS)
def test_secrets_are_in_files_alone(site: Site, service: str) -> None:
    told = run("podman", "inspect", f"reflect-test_{service}_1")
    environment = site.inside(service, "cat", "/proc/1/environ")

    secrets = [file.read_text().strip() for file in (site.config / "secrets").iterdir()]
    assert len(secrets) == 8
    assert not [secret for secret in secrets if secret in told or secret in environment]


def test_configuration_is_kept_from_others_and_never_written_again(site: Site) -> None:
    before = {file: file.read_bytes() for file in site.config.rglob("*") if file.is_file()}
    assert [oct(folder.stat().st_mode)[-3:] for folder in (site.config, site.config / "secrets")] == ["700", "700"]
    (site.config / "reflect.env").write_text("ALLOWED_HOSTS=balance.example.org\n")

    run("deploy/configure", site.config)

    assert (site.config / "reflect.env").read_text() == "ALLOWED_HOSTS=balance.example.org\n"
    (site.config / "reflect.env").write_bytes(before[site.config / "reflect.env"])
    assert {file: file.read_bytes() for file in site.config.rglob("*") if file.is_file()} == before


def test_the_worker_keeps_the_list_of_erased_accounts_outside_the_database(site: Site) -> None:
    file = site.inside("worker", "printenv", "ERASED_LIST").strip()
    assert site.inside("worker", "reflect", "manage", "list_erased", file) == "Erased accounts in the list: 0.\n"
    assert site.inside("worker", "stat", "--format=%a", file) == "600\n"


def test_a_backup_on_this_machine_reaches_the_database_and_is_known(site: Site, tmp_path: Path) -> None:
    """As docs/operations/backup.md has it: a role of its own, the socket in CONFIG, and a file that is touched."""
    site.sql("CREATE ROLE barman LOGIN REPLICATION PASSWORD 'quince'")
    backup = site.config / "backup"
    source = f"host={backup / 'postgresql'} user=barman"
    program = programs(None) / "pg_basebackup"
    run(program, "-D", tmp_path / "base", "-d", source, "-c", "fast", PGPASSWORD="quince")
    assert (tmp_path / "base" / "backup_label").exists()

    (backup / "done").touch()
    told = run("curl", "--silent", f"http://localhost:{site.metrics}/metrics")
    [at] = re.findall(r"^reflect_backup_timestamp_seconds (\S+)$", told, re.MULTILINE)
    assert float(at) == pytest.approx((backup / "done").stat().st_mtime)
    assert "readable" in site.inside("web-1", "sh", "-c", '[ -e "$BACKUP_STAMP" ] && echo readable')


def test_the_role_of_the_application_is_no_superuser(site: Site) -> None:
    assert site.sql("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'reflect'") == "f|f|f"


def test_migrating_again_changes_nothing(site: Site) -> None:
    said = site.inside("worker", "reflect", "migrate", "--no-static", "--fail-level", "ERROR")

    assert "No migrations to apply." in said
    assert "balance 2: is here already, published." in said


def test_the_check_of_an_installation_finds_no_error(site: Site) -> None:
    assert "E0" not in site.inside("worker", "sh", "-c", "reflect manage check --deploy --database default 2>&1")


def test_nobody_notices_that_containers_are_replaced(site: Site) -> None:
    before = [site.told(service, "{{.Id}}") for service in OURS]
    statuses, over = [], Event()

    def look() -> None:
        while not over.is_set():
            over.wait(0.2)  # less often than nginx allows
            with suppress(OSError):  # nginx itself is away for a second
                statuses.append(site.ask("/")[0].status)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            site.start_again()
        finally:
            over.set()
        looking.result()
    assert not set(before) & {site.told(service, "{{.Id}}") for service in OURS}
    assert set(statuses) == {200}
    site.wait_for("/readyz")


def test_image_says_its_version_and_commit(site: Site) -> None:
    labels = json.loads(run("podman", "image", "inspect", IMAGE))[0]["Labels"]
    said = [labels[f"org.opencontainers.image.{name}"] for name in ("version", "revision")]

    assert said[0] == version()
    assert said[1].removesuffix("-changed") == run("git", "rev-parse", "HEAD").strip()
    assert site.inside("web-1", "reflect", "manage", "version").split() == said


@pytest.mark.parametrize("image", [IMAGE, f"{IMAGE}-proxy"])
def test_image_is_small(site: Site, image: str) -> None:
    assert size_of(image) - size_of(BASE) <= LARGEST


@pytest.mark.parametrize("tool", ["cc", "gcc", "make", "pip", "git"])
def test_image_has_nothing_to_build_with(site: Site, tool: str) -> None:
    assert site.inside("web-1", "sh", "-c", f"command -v {tool} || echo none") == "none\n"


def test_bill_of_materials_lists_what_is_in_the_image(site: Site) -> None:
    bill = json.loads((ROOT / ".state" / "reflect.cdx.json").read_text())
    urls = {component["purl"].split("?")[0] for component in bill["components"]}
    locked = re.findall(r"^([a-z0-9-]+)==(\S+)( ; .*)? \\$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    python = {f"pkg:pypi/{name}@{number}" for name, number, only_for in locked if not only_for}

    assert python <= urls
    assert len([url for url in urls if url.startswith("pkg:deb/debian/")]) > 80
    assert {url.split("@")[0] for url in urls} >= {"pkg:deb/debian/python3.13", "pkg:deb/debian/libssl3t64"}


def test_bill_of_materials_of_the_proxy_lists_nginx(site: Site) -> None:
    bill = json.loads((ROOT / ".state" / "reflect-proxy.cdx.json").read_text())
    urls = {component["purl"].split("@")[0] for component in bill["components"]}

    assert urls >= {"pkg:deb/debian/nginx", "pkg:deb/debian/libssl3t64"}
    assert not [url for url in urls if url.startswith("pkg:pypi/")]


def test_entry_refuses_what_it_does_not_know(site: Site) -> None:
    done = subprocess.run([ROOT / "deploy" / "reflect", "wib"], capture_output=True, text=True, check=False)

    assert done.returncode == 64
    assert done.stderr.startswith("usage: reflect web | worker")


def test_docker_reads_compose_as_well(site: Site) -> None:
    """By docker's own parser, which refuses what it does not know."""
    install = "apt-get update -qq && apt-get install -qq --yes --no-install-recommends docker-compose > /dev/null 2>&1"
    check = "cd /checkout && docker-compose --file compose.yaml config --quiet"
    mounts = (f"--volume={ROOT}:/checkout:ro", f"--volume={site.config}:/production:ro", "--env=CONFIG=/production")
    run("podman", "run", "--rm", "--network=host", *mounts, BASE, "sh", "-c", f"{install} && {check}")


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    units = tmp_path / "units"
    shutil.copytree(ROOT / "deploy" / "systemd", units)
    for file in (each for each in units.rglob("*") if each.is_file()):
        file.write_text(file.read_text().replace("/opt/reflect/deploy", str(ROOT / "deploy")))
    names = ["reflect.target", "run-reflect.mount", "nginx-reflect.service", "reflect-migrate.service"]
    names += ["reflect-metrics.service"]
    names += [
        "reflect-web@8000.service",
        *(f"reflect-process@{name}.service" for name in ("worker", "mail", "calendars")),
    ]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],  # noqa: S607
        env={"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
