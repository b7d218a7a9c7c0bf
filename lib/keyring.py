"""Key-encryption keys, as they are written in the environment."""

import base64
import re
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


def read_keys(entries: Iterable[str], secret_key: str) -> dict[str, bytes]:
    """The keys of `id:urlsafe base64 of 32 bytes` (or `id:@path of a file with that base64`), in their order.

    The first is the active one. Raises ImproperlyConfigured, with a message that holds no key, if there is none, or one
    is malformed, too short, given twice, or equal to `secret_key`: a leak of that one must not open what people wrote.
    """
    keys: dict[str, bytes] = {}
    for entry in entries:
        name, _, material = entry.strip().partition(":")
        if not ID.fullmatch(name):
            raise ImproperlyConfigured(
                "SEALING_KEYS: each key is written as id:key, the id in letters, digits, dots and dashes."
            )
        if name in keys:
            raise ImproperlyConfigured(f"SEALING_KEYS: the id {name} stands there twice.")
        if material.startswith("@"):
            material = read_file(name, Path(material[1:]))
        key = decode(material)
        if key is None or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"SEALING_KEYS: the key {name} is not 32 bytes in urlsafe base64.")
        if secret_key in {material, material.rstrip("=")} or key in {secret_key.encode(), decode(secret_key)}:
            raise ImproperlyConfigured(f"SEALING_KEYS: the key {name} is the SECRET_KEY; the two must differ.")
        if len(set(key)) == 1:
            raise ImproperlyConfigured(f"SEALING_KEYS: the key {name} is one byte repeated, not random.")
        if key in keys.values():
            raise ImproperlyConfigured(f"SEALING_KEYS: the key {name} is the same as another one.")
        keys[name] = key
    if not keys:
        raise ImproperlyConfigured("SEALING_KEYS is empty: nothing that people write could be sealed.")
    return keys


def read_file(name: str, path: Path) -> str:
    """A key read from a file, which keeps it out of the process's environment."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"SEALING_KEYS: the file of the key {name} cannot be read.") from None


def decode(material: str) -> bytes | None:
    """The bytes of base64 in either alphabet, with or without its padding; None where it is not that."""
    padded = material.translate(str.maketrans("-_", "+/")) + "=" * (-len(material) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except ValueError:
        return None
