"""A real HTTPS server with an authority of its own, which gives the calendars that a test lets it give."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import override

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lib.fetching import Opening

HOST = "localhost"
LOCAL = frozenset({"127.0.0.1", "::1"})
VALID = timedelta(days=3_650)  # before and after: the test may have another clock than the process that reads


@dataclass
class Page:
    """What stands at a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits: threading.Event | None = None  # before the answer


@dataclass
class CalendarServer:
    port: int
    authority: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def opening(self) -> Opening:
        """What lets a reader in here."""
        return Opening(LOCAL, self.port, self.authority)

    def give(self, path: str, body: bytes, **about: object) -> str:
        """Put something at a path; the address of it."""
        self.pages[path] = Page(body, **about)  # type: ignore[arg-type]
        return f"https://{HOST}{path}"


@contextmanager
def calendar_server(folder: Path, name: str = HOST) -> Iterator[CalendarServer]:
    """Serve for the length of the block, with a certificate for this name."""
    authority, chain = certificates(folder, name)
    found: dict[str, CalendarServer] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server = found["here"]
            server.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            page = server.pages.get(self.path, Page(status=404))
            if page.waits:
                page.waits.wait(60)
            self.send_response(page.status)
            for key, value in ({"Content-Length": str(len(page.body))} | page.headers).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(page.body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the output is the test's."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        @override
        def handle_error(self, request: object, client_address: object) -> None:
            """A reader that hangs up is what is tested."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        found["here"] = CalendarServer(server.server_address[1], authority)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield found["here"]
        finally:
            server.shutdown()
            thread.join()


def certificates(folder: Path, name: str) -> tuple[str, str]:
    """Files with a new authority, and with a certificate that it signed, and its key."""
    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])

    def signed(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(root_name).public_key(public)
        return (
            builder.serial_number(x509.random_serial_number())
            .not_valid_before(now - VALID)
            .not_valid_after(now + VALID)
        )

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = (
        signed(root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, SHA256())
    )
    names = [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))]
    leaf = (
        signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, SHA256())
    )
    authority, chain = folder / f"authority-{name}.pem", folder / f"server-{name}.pem"
    authority.write_bytes(root.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(secret + leaf.public_bytes(Encoding.PEM))
    return str(authority), str(chain)


def calendar_of(*events: tuple[datetime, datetime], words: str = "SUMMARY:Private words") -> bytes:
    """A calendar with these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN"]
    for number, (starts, ends) in enumerate(events):
        times = [
            f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for name, moment in (("DTSTART", starts), ("DTEND", ends))
        ]
        lines += ["BEGIN:VEVENT", f"UID:{number}@example.org", *times, words, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
