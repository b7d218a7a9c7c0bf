"""A small HTTP/1.1 client: the standard library's uses as much CPU time as a page, and would blur the ratios."""

import socket
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.session_store import SessionStore
from reflect.middleware import SEEN, STARTED


@dataclass(frozen=True)
class Visitor:
    """A logged-in user: a session and a matching CSRF token."""

    session: str
    csrf: str = field(default_factory=lambda: get_random_string(CSRF_SECRET_LENGTH))

    @classmethod
    def signed_in(cls, user: User) -> Self:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[STARTED] = session[SEEN] = timezone.now().timestamp()  # as if a page had been opened before
        session.create()
        assert session.session_key
        return cls(session.session_key)

    @property
    def cookies(self) -> dict[str, str]:
        return {settings.SESSION_COOKIE_NAME: self.session, settings.CSRF_COOKIE_NAME: self.csrf}

    def get(self, path: str) -> bytes:
        """A raw GET request."""
        return f"GET {path} HTTP/1.1\r\n{self._head()}\r\n".encode()

    def post(self, path: str, **fields: object) -> bytes:
        """A raw POST request of a form."""
        body = urlencode({"csrfmiddlewaretoken": self.csrf, **fields})
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"POST {path} HTTP/1.1\r\n{self._head()}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def _head(self) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"Host: 127.0.0.1\r\nCookie: {cookies}\r\n"


class Answer(NamedTuple):
    status: int
    location: str
    body: bytes


class Connection:
    """A persistent connection, as a context manager."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.socket.close()

    def send(self, request: bytes) -> Answer:
        """Send a request and read its whole answer. Raises ConnectionError if the server hangs up."""
        self.socket.sendall(request)
        received = self._receive()
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers["content-length"])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return Answer(int(first.split()[1]), headers.get("location", ""), b"".join(parts))

    def _receive(self) -> bytes:
        if received := self.socket.recv(65536):
            return received
        raise ConnectionError("The server hung up.")
