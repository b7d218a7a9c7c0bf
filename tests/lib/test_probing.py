"""Whether a web process is ready, asked by TCP and by a Unix socket."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lib.probing import is_ready


def answering(status: int) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        def address_string(self) -> str:
            return ""

    return Answer


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_tcp(status: int, ready: bool) -> None:
    server = HTTPServer(("127.0.0.1", 0), answering(status))
    with serving(server):
        assert is_ready(f"127.0.0.1:{server.server_port}") is ready
    assert not is_ready(f"127.0.0.1:{server.server_port}")


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_socket(status: int, ready: bool, tmp_path: Path) -> None:
    path = tmp_path / "1.sock"
    with serving(socketserver.UnixStreamServer(str(path), answering(status))):
        assert is_ready(f"unix:{path}") is ready
    assert not is_ready(f"unix:{path}")
