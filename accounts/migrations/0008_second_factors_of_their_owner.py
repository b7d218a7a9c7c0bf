"""Bind the secrets of apps to their owner, and turn the seeds of recovery codes into digests of the unused codes.

Until now both were sealed for no account in particular, under `accounts.secret`. What cannot be opened (its key is not
in SEALING_KEYS) opened nothing before, and is left as it is. A set of codes takes about a third of a second.
"""

import base64
import hmac
import json
import secrets

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import migrations

FORMAT = b"\x01"
COST = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
CODES, DIGITS = 10, 8


def convert(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.order_by("pk")
    for row in rows.filter(type="totp", data__has_key="secret").iterator():
        secret = opened(row.data["secret"])
        if secret is not None:
            row.data["secret"] = sealed_for(row.user_id, secret)
            row.save(update_fields=["data"])
    for row in rows.filter(type="recovery_codes", data__has_key="seed").iterator():
        seed = opened(row.data["seed"])
        if seed is not None:
            used = row.data.get("used_mask", 0)
            row.data = digests(row.user_id, [code for n, code in enumerate(codes_of(seed)) if not used >> n & 1])
            row.save(update_fields=["data"])


def opened(value):
    """What the former `seal_secret` locked, or None if it does not open."""
    name, _, encoded = value.partition(":")
    try:
        locked = base64.urlsafe_b64decode(encoded)
        plaintext = AESGCM(settings.SEALING_KEYS[name]).decrypt(locked[1:13], locked[13:], place("accounts.secret", name))
    except (KeyError, ValueError, InvalidTag):
        return None
    return plaintext.decode()


def sealed_for(owner, secret):
    """As `seal_for_site` seals it today."""
    name, key = next(iter(settings.SEALING_KEYS.items()))
    content = json.dumps(secret).encode()
    framed = len(content).to_bytes(4) + content
    padded = framed + bytes(-len(framed) % 256)
    site_key = HKDF(SHA256(), 32, salt=None, info=b"reflect.site").derive(key)
    nonce = secrets.token_bytes(12)
    locked = FORMAT + nonce + AESGCM(site_key).encrypt(nonce, padded, place("accounts.totp", owner.bytes, name))
    return f"{name}:{base64.urlsafe_b64encode(locked).decode()}"


def place(*parts):
    parts = [FORMAT, *(part if isinstance(part, bytes) else part.encode() for part in parts)]
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def codes_of(seed):
    """As allauth made them."""
    running = hmac.new(seed.encode(), digestmod="sha1")
    for n in range(CODES):
        running.update(f"{n:3},".encode())
        yield str(int.from_bytes(running.digest()[: DIGITS // 2]) % 10**DIGITS).zfill(DIGITS)


def digests(owner, codes):
    salt = secrets.token_bytes(16)
    made = [hash_secret_raw(owner.bytes + code.encode(), salt, hash_len=32, type=Type.ID, **COST).hex() for code in codes]
    return {"salt": salt.hex(), "cost": COST, "digests": made}


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_mail"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(convert)]
