"""Recovery codes: each opens the account once in place of an app or a passkey.

They are shown when they are made and stored only as Argon2 digests, with one salt for the set: a try costs one hash,
whichever code it might be. The owner is part of what is hashed: a set that is copied to another account fits nothing.
"""

import secrets
from hmac import compare_digest
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from argon2.low_level import Type, hash_secret_raw
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.codes import new_code, plain
from accounts.hashers import Argon2
from accounts.models import User

COUNT = 10
GROUPS, GROUP_LENGTH = 2, 5
SALT_BYTES, DIGEST_BYTES = 16, 32
COST = {"time_cost": Argon2.time_cost, "memory_cost": Argon2.memory_cost, "parallelism": Argon2.parallelism}

SHOWN_ONCE = "recovery_codes"  # in the session


@transaction.atomic
def make(user: User) -> list[str]:
    """Replace the person's codes by new ones, and return them: they cannot be read again."""
    User.objects.select_for_update().get(pk=user.pk)
    codes = [new_code(GROUPS, GROUP_LENGTH) for _ in range(COUNT)]
    salt = secrets.token_bytes(SALT_BYTES)
    digests = [digest(user.pk, code, salt, COST) for code in codes]
    Authenticator.objects.update_or_create(
        user=user,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={
            "data": {"salt": salt.hex(), "cost": COST, "digests": digests},
            "created_at": timezone.now(),
            "last_used_at": None,
        },
    )
    return codes


def use(user: User, code: str) -> Authenticator | None:
    """Take a code out of the person's set, if it is there. Of two who use one code at once, one gets it."""
    known = _set_of(user).first()
    if known is None or "digests" not in known.data:
        return None
    tried = digest(user.pk, code, bytes.fromhex(known.data["salt"]), known.data["cost"])  # before the lock: it is slow
    with transaction.atomic():
        row = _set_of(user).select_for_update().first()
        if row is None:
            return None
        fits = [compare_digest(tried, kept) for kept in row.data["digests"]]
        if not any(fits):
            return None
        row.data["digests"].pop(fits.index(True))
        row.save(update_fields=["data"])
    return row


def exist_for(user: User) -> bool:
    return bool(_set_of(user).exists())


def left(user: User) -> int:
    """How many can still be used."""
    row = _set_of(user).first()
    return len(row.data.get("digests", ())) if row else 0


def show_once(request: HttpRequest, codes: list[str]) -> None:
    """Hand the codes to the next page in the session, which is sealed."""
    request.session[SHOWN_ONCE] = codes


def take_shown(request: HttpRequest) -> list[str]:
    """The codes that wait to be shown, which do so no longer; none if there are no such codes."""
    codes: list[str] = request.session.pop(SHOWN_ONCE, [])
    return codes


def digest(owner_id: UUID, code: str, salt: bytes, cost: dict[str, int]) -> str:
    whole = owner_id.bytes + plain(code).upper().encode()
    return hash_secret_raw(whole, salt, hash_len=DIGEST_BYTES, type=Type.ID, **cost).hex()


def _set_of(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
