"""A GET of an address that a person typed: https only, to the public internet only, and bounded in every respect.

The name is resolved once, every answer is checked, and the connection goes to a checked address, so that a second
answer of the name server changes nothing. Errors and logs never hold the address, which may be a secret.
"""

import http.client
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import override
from urllib.parse import quote, urljoin, urlsplit

import idna

MOST_BYTES = 5 * 2**20  # after decompression
MOST_REDIRECTS = 3
LONGEST_ADDRESS = 2_000  # characters
PATIENCE = 10  # seconds, for each step on the wire
PORT = 443
CHUNK = 2**16
REDIRECTS = {301, 302, 303, 307, 308}
HEADERS = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "gzip", "User-Agent": "Reflect"}

type Address = IPv4Address | IPv6Address

# Addresses of the IPv4 internet in the clothes of IPv6: their last 32 bits.
ENDING_IN_IPV4 = tuple(
    IPv6Network(prefix)
    for prefix in (
        "::ffff:0:0/96",  # mapped
        "::ffff:0:0:0/96",  # translated
        "::/96",  # compatible
        "64:ff9b::/96",  # NAT64
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
INSIDE = {"localhost", "local", "internal"}  # no name of the public internet ends so


class Reason(StrEnum):
    """Why nothing was fetched."""

    ADDRESS = "address"  # not one that is fetched at all
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    GONE = "gone"
    ANSWER = "answer"  # something else than a file
    TOO_LARGE = "too_large"


class NotFetched(Exception):
    """Nothing was fetched. The message never contains the address."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked for: its host as the wire writes it, and what is asked of it."""

    host: str
    path: str

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Opening:
    """What tests let through: addresses that are not public, the port of their server, and who signed for it."""

    addresses: frozenset[str] = frozenset()
    port: int = PORT
    authority: str | None = None


CLOSED = Opening()


def target_of(url: str) -> Target:
    """What an address stands for. Raises NotFetched for another scheme or port, for credentials, and for no host."""
    url = url.strip()
    if len(url) > LONGEST_ADDRESS or any(not character.isprintable() or character == " " for character in url):
        raise NotFetched(Reason.ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotFetched(Reason.ADDRESS) from None
    if parts.scheme not in {"https", "webcal", "webcals"} or port not in {None, PORT}:
        raise NotFetched(Reason.ADDRESS)
    if not host or parts.username is not None or parts.password is not None:
        raise NotFetched(Reason.ADDRESS)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")}" if parts.query else ""
    return Target(written_host(host), path + query)


def written_host(host: str) -> str:
    """A host in ASCII, an IPv6 address in its brackets. Raises NotFetched."""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotFetched(Reason.ADDRESS) from None


def leads_inside(host: str) -> bool:
    """Whether a host is never on the public internet, judged by how it is written: no name is looked up.

    `host` is that of a Target. Another one may lead inside, too, which `checked_addresses` finds out.
    """
    name = host.strip("[]").rstrip(".")
    if ":" in name:
        return not is_public(name)
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(name)))  # 127.1 and 0x7f.1 are addresses, too
    except OSError:
        return "." not in name or name.rpartition(".")[2] in INSIDE


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, whatever it is wrapped in."""
    try:
        found = unwrapped(ip_address(address))
    except ValueError:  # with a zone, such as fe80::1%eth0, too
        return False
    return all(is_global_unicast(one) for one in found)


def unwrapped(address: Address) -> list[Address]:
    """Where packets to this address end up: `is_global` alone takes 64:ff9b::a9fe:a9fe for a public one."""
    if isinstance(address, IPv4Address):
        return [address]
    if any(address in network for network in ENDING_IN_IPV4):
        return [IPv4Address(int(address) & 0xFFFF_FFFF)]
    if address.sixtofour:
        return [address.sixtofour]
    return list(address.teredo or [address])


def is_global_unicast(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def fetch(url: str, opening: Opening = CLOSED) -> bytes:
    """What stands at this address, after MOST_REDIRECTS redirects at most. Raises NotFetched."""
    target = target_of(url)
    for _ in range(MOST_REDIRECTS + 1):
        found = ask(target, opening)
        if isinstance(found, bytes):
            return found
        target = target_of(urljoin(target.url, found))
    raise NotFetched(Reason.ANSWER)


def ask(target: Target, opening: Opening) -> bytes | str:
    """One request: the file, or the address that it leads to. Raises NotFetched."""
    connection = Connection(target.host, checked_addresses(target.host, opening), opening)
    try:
        connection.request("GET", target.path, headers=HEADERS)
        response = connection.getresponse()
        if response.status in REDIRECTS and (place := response.getheader("Location")):
            return place
        if response.status != http.client.OK:
            gone = response.status in {401, 403, 404, 410}
            raise NotFetched(Reason.GONE if gone else Reason.ANSWER)
        return body_of(response)
    except ssl.SSLCertVerificationError:
        raise NotFetched(Reason.CERTIFICATE) from None
    except (OSError, EOFError):
        raise NotFetched(Reason.UNREACHABLE) from None
    except (http.client.HTTPException, zlib.error, ValueError):
        raise NotFetched(Reason.ANSWER) from None
    finally:
        connection.close()


def checked_addresses(host: str, opening: Opening) -> list[str]:
    """All addresses of a host. Raises NotFetched if one of them is not public: an honest name has no such answer."""
    try:
        answers = socket.getaddrinfo(host.strip("[]"), PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched(Reason.UNREACHABLE) from None
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found or not all(one in opening.addresses or is_public(one) for one in found):
        raise NotFetched(Reason.ADDRESS)
    return found


class Connection(http.client.HTTPSConnection):
    """Connects to one of the checked addresses; certificate, SNI and Host are those of the name."""

    def __init__(self, host: str, addresses: list[str], opening: Opening) -> None:
        self.context = context(opening.authority)
        super().__init__(host, PORT, timeout=PATIENCE, context=self.context)
        self.addresses, self.goes_to = addresses, opening.port

    @override
    def connect(self) -> None:
        plain = self.first_that_answers()
        try:
            self.sock = self.context.wrap_socket(plain, server_hostname=self.host.strip("[]"))
        except BaseException:
            plain.close()
            raise

    def first_that_answers(self) -> socket.socket:
        failed: OSError = OSError("no address")
        for address in self.addresses:
            try:
                return socket.create_connection((address, self.goes_to), PATIENCE)
            except OSError as error:
                failed = error
        raise failed


@cache
def context(authority: str | None) -> ssl.SSLContext:
    """Reading the machine's authorities takes longer than a request: it is done once a process."""
    return ssl.create_default_context(cafile=authority)


def body_of(response: http.client.HTTPResponse) -> bytes:
    """The body, decompressed; never more than MOST_BYTES are held. Raises NotFetched, zlib.error and EOFError."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding == "identity":
        return bounded(iter(lambda: response.read(CHUNK), b""))
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise NotFetched(Reason.ANSWER)
    return bounded(inflated(response))


def inflated(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """What is compressed, in pieces of CHUNK: a small body may hold gigabytes."""
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, by its first bytes
    while packed := response.read(CHUNK):
        while packed:
            yield unpack.decompress(packed, CHUNK)
            packed = unpack.unconsumed_tail
    yield unpack.flush()
    if not unpack.eof:
        raise EOFError


def bounded(pieces: Iterator[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise NotFetched(Reason.TOO_LARGE)
    return bytes(body)
