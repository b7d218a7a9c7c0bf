"""E-mail addresses: which of them a mail can reach, how they are stored and how they are shown. Pure: no Django.

An address is stored in lower case, with its domain in ASCII (IDNA 2008 after the mapping of UTS 46), as mail servers
know it, and shown with its domain in Unicode, as people write it. `straße.example` is not `strasse.example`.
"""

import re

import idna

MAX_LENGTH = 254
MAX_LOCAL = 64
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*", re.ASCII | re.IGNORECASE)
TOP = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")  # no number, so that it is no network address


class CannotBeMailed(ValueError):
    """No mail server would take this address. The message never contains it."""


def stored(address: str) -> str:
    """The one form of an address that is stored and mailed to. Raises CannotBeMailed."""
    local, at, domain = address.rpartition("@")
    if not at or len(local) > MAX_LOCAL or not LOCAL.fullmatch(local):
        raise CannotBeMailed("The part before the @ cannot be mailed to.")
    result = f"{local.lower()}@{ascii_domain(domain)}"
    if len(result) > MAX_LENGTH:
        raise CannotBeMailed("The address is too long.")
    return result


def ascii_domain(domain: str) -> str:
    """The domain as the name servers know it: at least two labels, and no network address. Raises CannotBeMailed."""
    if len(domain) > MAX_LENGTH:  # before the mapping, whose time grows with the length
        raise CannotBeMailed("The domain is too long.")
    try:
        name = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise CannotBeMailed("The domain has no form in ASCII.") from None
    _, dot, top = name.rpartition(".")
    if not dot or not TOP.fullmatch(top):
        raise CannotBeMailed("The domain is no name of the network.")
    return name


def shown(address: str) -> str:
    """An address as people write it; one that was stored in another form stays as it is."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def mailable(address: str) -> str:
    """The form to mail to; an old address that has none stays as it is, and its mail is refused by the server."""
    try:
        return stored(address)
    except CannotBeMailed:
        return address


def written_forms(address: str) -> list[str]:
    """The forms in which an account may hold this address: as it was written, and as it is stored today."""
    return [*dict.fromkeys((address.lower(), mailable(address)))]
