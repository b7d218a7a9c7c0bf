"""nginx as we ship it: what it holds back, what it answers by itself, and what it never writes."""

import http.client
import logging
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlencode

import pytest
from django.conf import settings as project
from django.core.management import call_command
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from reflect import services
from reflect.helplines import shipped
from reflect.publishing import publish_helplines
from tests.accounts.factors import PASSWORD

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]
HERE = "127.0.0.1"
MARKER = b"QuincePorcelain"
DEPLOY = Path(project.BASE_DIR, "deploy", "nginx")
MEMORY = Path("/dev/shm")  # noqa: S108  # a tmpfs, as the start script wants
PATIENCE = 60  # seconds: a test ends although the machine is busy
STUCK = 8  # seconds: an answer that comes sooner has waited for nobody, as nginx waits for no header longer than ten
OF_ONE_ANSWER = {"date", "server", "connection", "content-length", "transfer-encoding", "expires", "keep-alive"}


@dataclass
class Proxy:
    """A running nginx."""

    port: int
    plain: int  # the port without TLS
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path
    open: ExitStack

    def connect(self, source: str = HERE) -> http.client.HTTPSConnection:
        context = ssl._create_unverified_context()  # noqa: S323  # our own certificate of a minute ago
        connection = http.client.HTTPSConnection(
            HERE, self.port, context=context, timeout=PATIENCE, source_address=(source, 0)
        )
        self.open.callback(connection.close)
        return connection

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = self.connect()
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def files(self) -> list[Path]:
        """The regular files that its processes have open, deleted ones as well."""
        pids = [self.process.pid, *map(int, children_of(self.process.pid))]
        links = [link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()]
        return [link for link in links if link.is_file() and link.readlink() != self.log]


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        free: int = probe.getsockname()[1]
        return free


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout privkey.pem -out fullchain.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def nginx(settings: Settings, certificate: Path, tmp_path: Path) -> Iterator[Callable[..., Proxy]]:
    """Start nginx before the application on a port, as `deploy/nginx/start` does it, on ports of the test's own."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 3600
    settings.STATIC_ROOT = tmp_path / "static"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    (settings.STATIC_ROOT / "css" / "site.css").write_text("body { color: black }")

    @contextmanager
    def run(application: int, soon: str = "800ms") -> Iterator[Proxy]:
        port, plain = free_port(), free_port()
        with TemporaryDirectory(dir=MEMORY) as name:
            folder, ours, log = Path(name), tmp_path / f"deploy-{port}", tmp_path / f"log-{port}"
            folder.chmod(0o755)  # for the user of nginx's workers
            shutil.copytree(DEPLOY, ours)
            text = (ours / "reflect.conf").read_text()
            for there, here in {
                "listen 80 default_server": f"listen {HERE}:{plain}",
                "listen 443 ssl": f"listen {HERE}:{port} ssl",
                "server 127.0.0.1:8000": f"server {HERE}:{application}",
                "proxy_read_timeout 800ms": f"proxy_read_timeout {soon}",
            }.items():
                assert there in text
                text = text.replace(there, here)
            (ours / "reflect.conf").write_text(text)
            shutil.copytree(certificate, folder / "tls")
            settings.PAGES_FOLDER = folder / "pages"
            call_command("proxy_pages")
            with log.open("wb") as out:
                process = subprocess.Popen([ours / "start", folder], stdout=out, stderr=out)
            try:
                wait_for(port, process, log)
                with ExitStack() as opened:
                    yield Proxy(port, plain, folder, process, log, opened)
            finally:
                process.terminate()
                process.wait(PATIENCE)

    with ExitStack() as stack:
        yield lambda *where: stack.enter_context(run(*where))


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if not probe.connect_ex((HERE, port)):
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen.")


@pytest.fixture
def proxy(nginx: Callable[..., Proxy], live_server: LiveServer) -> Proxy:
    """nginx before an application that answers, and is waited for, however slow the machine is."""
    return nginx(int(live_server.url.rpartition(":")[2]), f"{PATIENCE}s")


@pytest.fixture
def alone(nginx: Callable[[int], Proxy]) -> Proxy:
    """nginx before nothing."""
    return nginx(free_port())


def log_in(proxy: Proxy, user: User, *, chunked: bool = False) -> tuple[http.client.HTTPResponse, dict[str, str]]:
    """The answer to the log-in form, and the headers with which to go on."""
    page = proxy.get("/accounts/login/")
    cookie = str(page.headers["Set-Cookie"]).partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": user.email, "password": PASSWORD}
    connection = proxy.connect()
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HERE}/"}
    body = urlencode(fields).encode()
    connection.request(
        "POST",
        "/accounts/login/",
        iter([body[:20], body[20:]]) if chunked else body,
        headers,
        encode_chunked=chunked,
    )
    answer = connection.getresponse()
    cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", [])]
    return answer, headers | {"Cookie": "; ".join(cookies)}


def test_two_hundred_slow_clients_stop_nothing(proxy: Proxy) -> None:
    started = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
    slow = [b"", started, started + b"Content-Length: 1000\r\n\r\nlogin="]
    with ExitStack() as stack:
        for number in range(200):
            connection = proxy.connect(f"127.0.2.{number + 1}")
            if number % 4:
                connection.connect()
                connection.sock.sendall(slow[number % 3])
            else:  # not even a TLS handshake
                stack.enter_context(socket.create_connection((HERE, proxy.port)))
        for path, status in {"/healthz": 200, "/help-now/": 200, "/leave/": 302}.items():
            begun = time.monotonic()
            assert proxy.get(path).status == status
            assert time.monotonic() - begun < STUCK


def test_a_form_without_a_length_is_taken(proxy: Proxy, ana: User) -> None:
    answer, _headers = log_in(proxy, ana, chunked=True)
    assert answer.status == 302
    assert answer.headers["Location"] == "/today/"


def test_an_entry_stays_in_memory(proxy: Proxy, ana: User) -> None:
    _answer, headers = log_in(proxy, ana)
    connection = proxy.connect()
    connection.putrequest("POST", "/journal/new/")
    body = b"closing=" + MARKER * 13_000
    for key, value in (headers | {"Content-Length": str(len(body))}).items():
        connection.putheader(key, value)
    connection.endheaders(body[:-1])
    time.sleep(0.3)
    assert not [file for file in proxy.files() if MARKER in file.read_bytes()]
    connection.send(body[-1:])
    assert connection.getresponse().status in {200, 302, 303, 400, 403}
    assert_no_trace(proxy)


def test_an_import_touches_no_disk(proxy: Proxy, ana: User) -> None:
    _answer, headers = log_in(proxy, ana)
    connection = proxy.connect()
    connection.putrequest("POST", "/account/data/add/")
    headers |= {"Content-Type": "multipart/form-data; boundary=x"}
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
        + MARKER * 2_000_000
        + b"\r\n--x--\r\n"
    )
    for key, value in (headers | {"Content-Length": str(len(body))}).items():
        connection.putheader(key, value)
    connection.endheaders(body[: len(body) // 2])
    assert (
        held := within(PATIENCE, lambda: [file for file in proxy.files() if MARKER in file.read_bytes()[:1_000_000]])
    )
    assert {file.stat().st_dev for file in held} == {MEMORY.stat().st_dev}
    connection.send(body[len(body) // 2 :])
    assert connection.getresponse().status in {200, 302, 303, 400, 403}
    assert_no_trace(proxy)


def within[T](seconds: float, ask: Callable[[], T]) -> T:
    """The first answer that is not empty, or the last one."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def assert_no_trace(proxy: Proxy) -> None:
    folders = [proxy.folder, Path("/var/lib/nginx"), Path("/var/log/nginx")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert not [file for file in [*files, proxy.log] if MARKER in file.read_bytes()]


def test_what_is_too_large_gets_our_page(proxy: Proxy, alone: Proxy) -> None:
    for one in (proxy, alone):
        connection = one.connect()
        connection.request("POST", "/journal/new/", headers={"Content-Length": "3000000"})
        answer = connection.getresponse()
        assert answer.status == 413
        assert b"too much to send at once" in answer.read()


@pytest.mark.parametrize("path", ["/help-now/", "/offline/"])
def test_copies_equal_what_the_application_answers(proxy: Proxy, alone: Proxy, path: str) -> None:
    answers = [one.get(path) for one in (proxy, alone)]
    assert [answer.status for answer in answers] == [200, 200]
    headers = [
        sorted((key.lower(), value) for key, value in answer.getheaders() if key.lower() not in OF_ONE_ANSWER)
        for answer in answers
    ]
    # The server of the tests started before this test asked for HSTS.
    assert headers[0] == [pair for pair in headers[1] if pair != ("strict-transport-security", "max-age=3600")]
    assert len(headers[1]) == len(headers[0]) + 1
    assert answers[0].read() == answers[1].read()


def test_a_hidden_line_leaves_the_copy_of_a_running_proxy(proxy: Proxy, alone: Proxy) -> None:
    """The folder is that of the proxy which started last; the application reads in it, too."""
    assert b"Shout" in alone.get("/help-now/").read()
    services.hide(line=next(line for line in shipped() if line.key == "uk-shout"))
    publish_helplines()
    answers = [one.get("/help-now/").read() for one in (proxy, alone)]
    assert b"Shout" not in answers[1]
    assert answers[0] == answers[1]


def test_static_files_have_the_headers_of_every_response(alone: Proxy) -> None:
    style, page = alone.get("/static/css/site.css"), alone.get("/help-now/")
    assert style.status == 200
    for name in ("Cross-Origin-Resource-Policy", "Permissions-Policy", "X-Content-Type-Options"):
        assert style.headers[name] == page.headers[name]
        assert style.headers[name]


def test_leaving_is_possible_without_the_application(proxy: Proxy, alone: Proxy, ana: User) -> None:
    _answer, headers = log_in(proxy, ana)
    answers = [one.get("/leave/", Cookie=headers["Cookie"]) for one in (proxy, alone)]
    assert [answer.status for answer in answers] == [302, 302]
    assert {answer.headers["Location"] for answer in answers} == {"https://www.bbc.co.uk/weather"}
    cookies = [sorted(answer.headers.get_all("Set-Cookie", [])) for answer in answers]
    assert cookies[0] == cookies[1]
    assert len(cookies[0]) == 2
    assert all("Max-Age=0" in cookie for cookie in cookies[0])


def test_leaving_does_not_wait_for_an_application_that_hangs(nginx: Callable[[int], Proxy]) -> None:
    with socket.create_server((HERE, 0)) as deaf:
        proxy = nginx(deaf.getsockname()[1])
        for path, status in {"/leave/": 302, "/help-now/": 200}.items():
            begun = time.monotonic()
            assert proxy.get(path).status == status
            assert time.monotonic() - begun < STUCK


def test_a_page_that_cannot_be_had_says_so(alone: Proxy) -> None:
    for method in ("GET", "POST"):
        connection = alone.connect()
        connection.request(method, "/today/")
        answer = connection.getresponse()
        assert answer.status == 502
        assert b"Something went wrong on our side" in answer.read()


def test_no_room_for_a_body_says_so(alone: Proxy) -> None:
    (alone.folder / "body").rename(alone.folder / "full")
    connection = alone.connect()
    connection.request("POST", "/account/data/add/", body=bytes(1_000_000))
    answer = connection.getresponse()
    assert answer.status == 500
    assert answer.headers["Content-Security-Policy"]
    assert b"Something went wrong on our side" in answer.read()


def test_a_flood_is_slowed_down_and_help_is_not(alone: Proxy) -> None:
    answers = flood(alone, "/today/", 200)
    assert statuses(answers).count(429) == answers.count(b"many tries") > 0
    assert alone.get("/help-now/").status == 200


def flood(proxy: Proxy, path: str, number: int) -> bytes:
    """Ask without waiting for answers in between, which on a busy machine might be no flood; return all of them."""
    connection = proxy.connect()
    connection.connect()
    ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    connection.sock.sendall(f"{ask}\r\n".encode() * (number - 1) + f"{ask}Connection: close\r\n\r\n".encode())
    with connection.sock.makefile("rb") as answers:
        return answers.read()


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


@pytest.mark.parametrize(("path", "status"), [("/help-now/", 200), ("/offline/", 200), ("/leave/", 302)])
def test_a_flood_of_what_always_answers_is_answered_here(nginx: Callable[[int], Proxy], path: str, status: int) -> None:
    """And takes no threads of the application."""
    asked: list[str] = []

    class Application(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with ThreadingHTTPServer((HERE, 0), Application) as application:
        Thread(target=application.serve_forever, daemon=True).start()
        assert statuses(flood(nginx(application.server_port), path, 300)) == [status] * 300
        application.shutdown()
    assert 100 <= len(asked) < 300


def test_whatever_reaches_the_application_is_limited() -> None:
    text = (DEPLOY / "reflect.conf").read_text()
    passed_on = [block for block in re.findall(r"location [^{]*{[^}]*}", text) if "proxy_pass" in block]
    assert len(passed_on) == text.count("proxy_pass http")
    for block in passed_on:
        assert "limit_conn connections" in block
        assert "limit_req zone=requests" in block


@pytest.mark.parametrize(
    ("path", "size", "most"),
    [("/account/data/add/", 2_000_000, 2), ("/practice/photo/", 2_000_000, 2), ("/x/", 1_900_000, 4)],
)
def test_bodies_that_never_end_leave_room_in_memory(alone: Proxy, path: str, size: int, most: int) -> None:
    """They lie on the tmpfs meanwhile; with a length or without one."""

    def begun(headers: dict[str, str], source: str = HERE) -> http.client.HTTPSConnection:
        connection = alone.connect(source)
        connection.putrequest("POST", path)
        for key, value in headers.items():
            connection.putheader(key, value)
        connection.endheaders()
        return connection

    for headers in ({"Content-Length": str(size)}, {"Transfer-Encoding": "chunked"}):
        source = "127.0.3.1" if "Content-Length" in headers else "127.0.3.2"
        waiting = [begun(headers | {"Expect": "100-continue"}, source) for _ in range(most)]
        for connection in waiting:
            assert connection.sock.recv(1000).startswith(b"HTTP/1.1 100 ")
        assert begun(headers, source).getresponse().status == 429
        assert alone.get("/today/").status == 502
        for connection in waiting:
            connection.close()
    small = begun({"Content-Length": "3"})
    small.send(b"x=1")
    assert small.getresponse().status == 502


@pytest.mark.parametrize("path", ["/leave/", "/help-now/", "/offline/", "/healthz", "/account/data/download/"])
def test_where_there_is_no_form_there_is_no_large_body(alone: Proxy, path: str) -> None:
    connection = alone.connect()
    connection.request("POST", path, headers={"Content-Length": "100000"})
    assert connection.getresponse().status == 413


def test_all_bodies_at_once_fit_on_a_gigabyte() -> None:
    text = (DEPLOY / "reflect.conf").read_text()
    blocks = [block for block in re.findall(r"location [^{]*{[^}]*}", text) if "client_max_body_size" in block]
    sizes = [re.search(r"client_max_body_size (\d+)m", block) for block in blocks]
    counts = [re.search(r"limit_conn (?:large|imports|photos) (\d+)", block) for block in blocks]
    assert len(blocks) == 3
    assert sum(int(size[1]) * int(count[1]) for size, count in zip(sizes, counts, strict=True) if size and count) < 700


def test_nobody_chooses_their_own_address(
    proxy: Proxy, settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(logging.getLogger("reflect.security"), "propagate", True)
    connection = proxy.connect()
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "X-Forwarded-Proto": "http"}
    connection.request("POST", "/accounts/login/", headers=forged)
    assert connection.getresponse().status == 403
    assert '"network": "127.0.0.0/24"' in within(PATIENCE, lambda: caplog.text)
    assert "203.0.113" not in caplog.text


def test_the_address_of_a_calendar_is_not_redirected(alone: Proxy) -> None:
    connection = http.client.HTTPConnection(HERE, alone.plain, timeout=PATIENCE)
    alone.open.callback(connection.close)
    for path, status in (("/today/", 308), ("/feeds/some-secret.ics", 404)):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status


def test_newest_tls_is_preferred_and_older_than_1_2_is_refused(alone: Proxy) -> None:
    for newest, spoken in ((ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")):
        context = ssl._create_unverified_context()  # noqa: S323  # our own certificate of a minute ago
        context.maximum_version = newest
        with socket.create_connection((HERE, alone.port), PATIENCE) as plain, context.wrap_socket(plain) as secure:
            assert secure.version() == spoken
    asked = ["openssl", "s_client", "-connect", f"{HERE}:{alone.port}", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]
    run = subprocess.run(asked, input=b"", capture_output=True, check=False)
    assert b"alert protocol version" in run.stderr


def test_the_log_holds_no_query_no_referrer_and_no_address(alone: Proxy) -> None:
    for path in ("/help-now/", "/today/"):
        alone.get(f"{path}?word={MARKER.decode()}", Referer=f"https://localhost/{MARKER.decode()}")
    written = within(PATIENCE, alone.log.read_text)
    assert '127.0.0.0/24 "GET /help-now/" 200' in written
    assert MARKER.decode() not in written
    assert HERE not in written


def test_the_log_holds_no_address_that_is_a_key(alone: Proxy) -> None:
    for path in (f"/feeds/{MARKER.decode()}.ics", f"/reminder/{MARKER.decode()}/?x"):
        alone.get(path)
    within(PATIENCE, lambda: '"GET /reminder/" ' in alone.log.read_text())  # the last line may come after its answer
    written = alone.log.read_text()
    assert '"GET /feeds/" ' in written
    assert '"GET /reminder/" ' in written
    assert MARKER.decode() not in written


def test_a_folder_on_a_disk_is_refused(certificate: Path, tmp_path: Path) -> None:
    """`stat` stands for a disk, as the machine of the tests may have none."""
    shutil.copytree(certificate, tmp_path / "tls")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "locations.conf").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "stat").write_text("#!/bin/sh\necho ext2/ext3\n")
    (tmp_path / "bin" / "stat").chmod(0o755)
    environment = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    done = subprocess.run([DEPLOY / "start", tmp_path], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is not on a tmpfs" in done.stderr
