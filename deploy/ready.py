"""Ends well if the web process of this container can serve pages: `reflect ready`. Standard library only."""

import http.client
import os
import socket
import sys


class OverSocket(http.client.HTTPConnection):
    """HTTP over the Unix socket that GRANIAN_UDS names."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(os.environ["GRANIAN_UDS"])


kind = OverSocket if "GRANIAN_UDS" in os.environ else http.client.HTTPConnection
connection = kind("127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=5)
try:
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
except OSError as error:
    sys.exit(f"It does not answer: {error}")
sys.exit(None if answer.status == 200 else answer.read().decode())
