"""Sealed text: everything that a person writes or answers is encrypted with their own data key before it is stored.

A sealed value is `format (1 byte) ‖ nonce (12) ‖ AES-256-GCM(data key, pad(json), place)`. Its place, the associated
data, is format, label, owner and row: a value copied to another row, person or column does not open. A person's data
key is random, and stored wrapped by a key-encryption key that is never in the database (`settings.SEALING_KEYS`; the
first one wraps new keys). Everything fails closed: anything but exactly what was sealed raises CannotOpen.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from accounts.models import DataKey, User
from lib.keyring import KEY_BYTES

FORMAT = b"\x01"
NONCE_BYTES = 12
LENGTH_BYTES = 4
BLOCK = 256  # the size of a sealed value tells no more than the number of blocks
DATA_KEY = "accounts.datakey"
TOTP_SECRET = "accounts.totp"  # noqa: S105  # a label


class CannotOpen(Exception):
    """The value was not sealed for this place, or its key is gone. The message never contains a person's words."""


class CannotSeal(ValueError):
    """The document would not survive a round trip through JSON. The message never contains a person's words."""


def seal(owner: User, label: str, row_id: UUID, document: object) -> bytes:
    """Encrypt a document for one row of one owner. The result is at most 288 bytes longer than the JSON.

    `label` names the column (`journal.entry`). The owner's data key is created with their first sealed value. Raises
    CannotSeal for what JSON cannot represent: lone surrogates, NaN, other objects.
    """
    plaintext = pad(to_json(document))
    return lock(data_key(owner) or make_data_key(owner), plaintext, place(label, owner.pk.bytes, row_id.bytes))


def unseal(owner: User, label: str, row_id: UUID, sealed: bytes) -> Any:
    """Decrypt what was sealed for exactly this owner, label and row. Raises CannotOpen for anything else."""
    return open_document(data_key(owner), owner, label, row_id, sealed)


def unseal_many[Row](
    owner: User, label: str, rows: Iterable[tuple[UUID, bytes, Row]]
) -> Iterator[tuple[Row, Any | None]]:
    """For (row id, sealed, row): row and document, or None if it cannot be opened. Reads the data key once."""
    try:
        key = data_key(owner)
    except CannotOpen:
        key = None
    for row_id, sealed, row in rows:
        try:
            yield row, open_document(key, owner, label, row_id, sealed)
        except CannotOpen:
            yield row, None


def open_document(key: bytes | None, owner: User, label: str, row_id: UUID, sealed: bytes) -> Any:
    """Decrypt one document with the owner's data key. Raises CannotOpen."""
    if key is None:
        raise CannotOpen("The owner has no data key.")
    plaintext = unlock(key, sealed, place(label, owner.pk.bytes, row_id.bytes))
    try:
        return json.loads(unpad(plaintext))
    except (ValueError, RecursionError):
        raise CannotOpen("The sealed value holds no document.") from None


def rewrap_row(row: DataKey) -> None:
    """Wrap a data key with the active key-encryption key; sealed values stay valid. Raises CannotOpen.

    The caller must have locked the row, and has to save it.
    """
    row.wrapped_by, row.wrapped = wrap(row.owner_id, unwrap(row))


def tag(owner: User, label: str, content: bytes) -> bytes:
    """Equal for equal content of one owner, and random to whoever does not hold the owner's data key.

    `label` names what is tagged, as in `seal`. Raises CannotOpen.
    """
    key = HKDF(SHA256(), KEY_BYTES, salt=None, info=label.encode()).derive(data_key(owner) or make_data_key(owner))
    return hmac.digest(key, content, "sha256")


def seal_for_site(label: str, row_id: bytes, document: object) -> str:
    """Encrypt a document that has to open where no owner's key is at hand, as `key id:base64`.

    For what the site itself keeps: a mail before it is sent, a session, a second factor's secret. `label` names the
    column, `row_id` the row. Changes with the active key-encryption key; `rotation.py` covers every such column.
    Raises CannotSeal.
    """
    name, _ = active_key()
    locked = lock(site_key(name), pad(to_json(document)), place(label, row_id, name.encode()))
    return f"{name}:{base64.urlsafe_b64encode(locked).decode()}"


def unseal_for_site(label: str, row_id: bytes, sealed: str) -> Any:
    """Decrypt what `seal_for_site` returned for exactly this label and row. Raises CannotOpen."""
    name, _, value = sealed.partition(":")
    try:
        locked = base64.b64decode(value, altchars=b"-_", validate=True)
    except ValueError:
        raise CannotOpen("The sealed value is malformed.") from None
    plaintext = unlock(site_key(name), locked, place(label, row_id, name.encode()))
    try:
        return json.loads(unpad(plaintext))
    except (ValueError, RecursionError):
        raise CannotOpen("The sealed value holds no document.") from None


@cache
def derived(key: bytes) -> bytes:
    """A key of its own for what the site seals, so that a data key and a session are never locked with the same one."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"reflect.site").derive(key)


def site_key(name: str) -> bytes:
    """The key that is derived from a key-encryption key for what the site seals. Raises CannotOpen."""
    return derived(key_by_id(name))


def data_key(owner: User) -> bytes | None:
    """The owner's data key, unwrapped once per instance of `owner`; None before the first seal. Raises CannotOpen.

    For the person who is logged in, the row was fetched with the account (`accounts/backends.py`).
    """
    if owner.opened_key is not None:
        return owner.opened_key
    row = key_read_with(owner) or DataKey.objects.filter(owner_id=owner.pk).first()
    if row is None:
        return None
    key = unwrap(row)
    if not owner.key_may_roll_back:
        owner.opened_key = key
    return key


def key_read_with(owner: User) -> DataKey | None:
    """The row if it was fetched with `owner` (`select_related("data_key")`), else None; never a query."""
    return getattr(owner, "data_key", None) if User.data_key.is_cached(owner) else None


def remember_key(owner: User) -> None:
    """Cache the data key that was fetched with `owner` (`select_related("data_key")`), or make one.

    Only for an instance that does not outlive the transaction: a rollback would take a new key with it.
    """
    try:
        owner.opened_key = unwrap(owner.data_key)
    except DataKey.DoesNotExist:
        owner.opened_key = make_data_key(owner)


def make_data_key(owner: User) -> bytes:
    """Store a new data key and return it, or the one that a concurrent request has stored."""
    row, _ = new_data_key(owner)
    # Do not cache a new key before commit: a rolled-back key would seal data that nobody can open.
    owner.key_may_roll_back = True
    DataKey.objects.bulk_create([row], ignore_conflicts=True)
    key = unwrap(DataKey.objects.get(owner_id=owner.pk))
    transaction.on_commit(lambda: setattr(owner, "key_may_roll_back", False))
    return key


def new_data_key(owner: User) -> tuple[DataKey, bytes]:
    """A new data key for this owner: the row, which is not stored yet, and the key itself."""
    key = secrets.token_bytes(KEY_BYTES)
    name, wrapped = wrap(owner.pk, key)
    return DataKey(owner_id=owner.pk, wrapped_by=name, wrapped=wrapped), key


def wrap(owner_id: UUID, key: bytes) -> tuple[str, bytes]:
    """The id of the active key-encryption key, and the data key wrapped with it for this owner."""
    name, wrapping_key = active_key()
    return name, lock(wrapping_key, key, place(DATA_KEY, owner_id.bytes, name.encode()))


def unwrap(row: DataKey) -> bytes:
    """The data key of a row. Raises CannotOpen."""
    ad = place(DATA_KEY, row.owner_id.bytes, row.wrapped_by.encode())
    return unlock(key_by_id(row.wrapped_by), bytes(row.wrapped), ad)


def active_key() -> tuple[str, bytes]:
    """Id and bytes of the key-encryption key that wraps new data keys."""
    return next(iter(settings.SEALING_KEYS.items()))


def key_by_id(name: str) -> bytes:
    try:
        return settings.SEALING_KEYS[name]
    except KeyError:
        raise CannotOpen("The key-encryption key is not in SEALING_KEYS.") from None


def lock(key: bytes, plaintext: bytes, ad: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plaintext, ad)


def unlock(key: bytes, locked: bytes, ad: bytes) -> bytes:
    version, nonce, ciphertext = locked[:1], locked[1 : 1 + NONCE_BYTES], locked[1 + NONCE_BYTES :]
    if version != FORMAT or len(nonce) != NONCE_BYTES:
        raise CannotOpen("The sealed value has an unknown format.")
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, ad)
    except InvalidTag:
        raise CannotOpen("The sealed value does not belong here, or was changed.") from None


def place(label: str, *ids: bytes) -> bytes:
    """Associated data: each part is prefixed with its length, so that different lists of parts never collide."""
    return b"".join(len(part).to_bytes(LENGTH_BYTES) + part for part in (FORMAT, label.encode(), *ids))


def to_json(document: object) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise CannotSeal("The document holds half a character (a lone surrogate).") from None
    except (TypeError, ValueError, RecursionError):
        raise CannotSeal("The document is not JSON.") from None


def pad(content: bytes) -> bytes:
    """Prefix the length, and fill up with zeros to a multiple of BLOCK."""
    framed = len(content).to_bytes(LENGTH_BYTES) + content
    return framed + bytes(-len(framed) % BLOCK)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`. Raises ValueError for any other padding."""
    content = padded[LENGTH_BYTES : LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES])]
    if pad(content) != padded:
        raise ValueError("The padding is wrong.")
    return content
