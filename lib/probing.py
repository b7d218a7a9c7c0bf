"""Whether a web process can serve pages: `python -m lib.probing ADDRESS`. It is asked often: standard library only."""

import socket
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import override

PATIENCE = 5  # seconds
SOCKET = "unix:"


class OverSocket(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    @override
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def is_ready(address: str, patience: float = PATIENCE) -> bool:
    """Whether /readyz answers with 200 at HOST:PORT, or at unix:PATH, within so many seconds."""
    if address.startswith(SOCKET):
        client: HTTPConnection = OverSocket(address.removeprefix(SOCKET), patience)
    else:
        client = HTTPConnection(address, timeout=patience)
    try:
        client.request("GET", "/readyz")
        return client.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(None if is_ready(sys.argv[1]) else f"Not ready: {sys.argv[1]}")
