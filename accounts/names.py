"""What a person likes to be called: sealed, like everything that people write."""

from accounts.models import User
from accounts.sealing import seal, unseal

LABEL = "accounts.name"


def name_of(user: User) -> str:
    """The name to call this person by, or nothing. Raises CannotOpen."""
    if user.sealed_name is None:
        return ""
    name: str = unseal(user, LABEL, user.pk, bytes(user.sealed_name))
    return name


def sealed_name(user: User, name: str) -> bytes | None:
    """`name` as it is stored."""
    return seal(user, LABEL, user.pk, name) if name else None
