"""What people have to show: codes from an e-mail and from an app, and passkeys."""

import json
import re
import secrets
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User
from tests.outbox import mailed

PASSWORD = "look-at-the-balance"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSKEY = ec.derive_private_key(7, ec.SECP256R1())


def code_from_mail() -> str:
    """The code in the newest message."""
    body = str(mailed()[-1].body)
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", body, re.MULTILINE)
    assert found, body
    return found[0]


def code_from_app(secret: str = SECRET) -> str:
    """What an app shows now for this secret."""
    counter = next(iter(yield_hotp_counters_from_time()))
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def log_in(client: Client, user: User) -> None:
    """By the log-in page, and once more by the page that asks again."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def add_app(user: User) -> None:
    TOTP.activate(user, SECRET)


def add_recovery_codes(user: User) -> None:
    RecoveryCodes.activate(user)


def add_passkey(user: User) -> Authenticator:
    """A passkey as a browser would have registered it."""
    public = ES256.from_cryptography_key(PASSKEY.public_key())  # type: ignore[no-untyped-call]
    key = AttestedCredentialData.create(Aaguid.NONE, secrets.token_bytes(16), public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(bytes(32), flags, 0, bytes(key))
    client_data = CollectedClientData.create("webauthn.create", bytes(16), "http://localhost")
    credential = {
        "id": websafe_encode(key.credential_id),
        "rawId": websafe_encode(key.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "a phone", "credential": credential}
    )


def answer_of_passkey(client: Client, passkey: Authenticator) -> str:
    """What a browser sends for the challenge that the session holds, signed by a passkey of `add_passkey`."""
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
    data = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 1)
    challenge = websafe_decode(client.session["mfa.webauthn.state"]["challenge"])
    client_data = CollectedClientData.create("webauthn.get", challenge, "http://testserver")
    credential_id = passkey.data["credential"]["id"]
    answer = {
        "id": credential_id,
        "rawId": credential_id,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(PASSKEY.sign(data + client_data.hash, ec.ECDSA(SHA256()))),
        },
        "clientExtensionResults": {},
    }
    return json.dumps(answer)
