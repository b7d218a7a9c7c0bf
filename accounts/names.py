"""The name that a person wants to be called by, sealed like everything that people write."""

import unicodedata

from accounts.models import User
from accounts.sealing import seal, unseal

LABEL = "accounts.name"


def name_of(user: User) -> str:
    """The name to call this person by, or "". Raises CannotOpen."""
    if user.sealed_name is None:
        return ""
    name: str = unseal(user, LABEL, user.pk, bytes(user.sealed_name))
    return name


def sealed_name(user: User, name: str) -> bytes | None:
    """`name` as it is stored; None for ""."""
    return seal(user, LABEL, user.pk, name) if name else None


def tidy(name: str) -> str:
    """The name without line breaks, control characters and bidirectional marks, or "" if nothing visible remains.

    Invisible joiners between letters stay: some scripts and many emoji need them.
    """
    kept = "".join(character for character in name if not _disturbs(character)).strip()
    return kept if any(unicodedata.category(character)[0] not in "CZ" for character in kept) else ""


def _disturbs(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs", "Zl", "Zp"} or (kind == "Cf" and unicodedata.bidirectional(character) != "BN")
