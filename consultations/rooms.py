"""The room of a meeting, made of the address that the specialist gave.

The address may hold `{meeting}`: each booking has a random word to put there, and another one when it moves. The
operator's own server for meetings (`Server`) may have a key: then the link carries a pass signed with it, and nobody
enters without one.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import jwt

PLACEHOLDER = "{meeting}"
SHORTEST_KEY = 32  # bytes, for HS256 (RFC 7518, section 3.2)


def fresh_word() -> str:
    """128 random bits. Some servers do not tell capital letters from small ones, so there are none."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Server:
    """The operator's own server; `issuer` is what it knows this site by."""

    base: str
    key: str = ""
    issuer: str = ""

    def has(self, address: str) -> bool:
        return bool(self.base) and address.startswith(f"{self.base}/")

    def pass_for(self, address: str, *, opens: datetime, closes: datetime, hosts: bool) -> str:
        """A token for this room and this time, as Jitsi and its like read it. It names nobody."""
        parts = urlsplit(address)
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": parts.hostname,
            "room": parts.path.rpartition("/")[2],
            "nbf": opens,
            "exp": closes,
            "context": {"user": {"moderator": hosts}},
        }
        return jwt.encode(claims, self.key, algorithm="HS256")


@dataclass(frozen=True, slots=True)
class Room:
    """What to follow, or the number to ring. `is_own`: no other meeting has this address; `is_locked`: nobody enters
    without a pass, which is part of it.
    """

    address: str
    host: str = ""
    is_own: bool = False
    is_locked: bool = False

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it: of "+44 (0)20", the nought is for those who leave out the +44."""
        number = self.address.replace("(0)", "") if self.address.startswith("+") else self.address
        return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def room_at(address: str, word: str, server: Server, *, opens: datetime, closes: datetime, hosts: bool) -> Room:
    """The room of one booking; `hosts`: as its specialist enters it."""
    filled = address.replace(PLACEHOLDER, word) if word else address
    parts, is_own = urlsplit(filled), bool(word) and PLACEHOLDER in address
    if not (server.key and server.has(filled)):
        return Room(filled, parts.hostname or "", is_own=is_own)
    token = server.pass_for(filled, opens=opens, closes=closes, hosts=hosts)
    query = "&".join(filter(None, [parts.query, f"jwt={token}"]))
    return Room(parts._replace(query=query).geturl(), parts.hostname or "", is_own=is_own, is_locked=True)
