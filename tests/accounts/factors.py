"""What people have to show: codes from an e-mail and from an app, and passkeys."""

import re
import secrets
import time
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from pytest_django.asserts import assertRedirects

from accounts import recovery_codes, second_factor
from accounts.models import User
from tests.outbox import mailed

PASSWORD = "look-at-the-balance"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ORIGIN, HOST_HASH = "https://testserver", sha256(b"testserver").digest()
TIME_TO_SEND = 6  # seconds; the product takes a code for its thirty seconds and not longer
VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def code_from_mail() -> str:
    """The code in the newest message."""
    body = str(mailed()[-1].body)
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", body, re.MULTILINE)
    assert found, body
    return found[0]


def code_from_app(secret: str = SECRET) -> str:
    """What an app shows for this secret, once it is a code that lasts until it has been sent on a slow machine."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < TIME_TO_SEND:
        time.sleep(left)
    counter = next(iter(yield_hotp_counters_from_time()))
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def log_in(client: Client, user: User) -> None:
    """By the log-in page, and once more by the page that asks again."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def log_in_with_app(client: Client, user: User) -> None:
    """By password and app, and once more by recovery code: the code of the app works once."""
    (code, *_) = recovery_codes.make(user)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_from_app()})
    client.post(reverse("mfa_reauthenticate"), {"code": code})


def add_app(user: User, secret: str = SECRET) -> None:
    with second_factor.secrets_of(user):
        TOTP.activate(user, secret)


def set_up_app(client: Client) -> None:
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_from_app(secret)})
    assertRedirects(answer, reverse("mfa_view_recovery_codes"))


class Passkey:
    """A device that keeps one passkey: it registers, and answers a challenge, as a browser would for it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(16)

    def public_key(self) -> ES256:
        numbers = self.key.public_key().public_numbers()
        return ES256({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def registration(self, challenge: bytes = bytes(16)) -> dict[str, Any]:
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, self.public_key())
        data = AuthenticatorData.create(HOST_HASH, VERIFIED | AuthenticatorData.FLAG.AT, 0, bytes(credential))
        attested = {"attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {})))}
        return self._answer("webauthn.create", challenge, attested) | {
            "clientExtensionResults": {"credProps": {"rk": True}}
        }

    def authentication(self, user: User, challenge: bytes) -> dict[str, Any]:
        data = AuthenticatorData.create(HOST_HASH, VERIFIED, 0)
        seen = CollectedClientData.create("webauthn.get", challenge, ORIGIN)
        signature = self.key.sign(bytes(data) + seen.hash, ec.ECDSA(SHA256()))
        signed = {
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(user).encode()),
        }
        return self._answer("webauthn.get", challenge, signed) | {"clientExtensionResults": {}}

    def _answer(self, kind: str, challenge: bytes, response: dict[str, str]) -> dict[str, Any]:
        client_data = CollectedClientData.create(kind, challenge, ORIGIN)
        name = websafe_encode(self.credential_id)
        response |= {"clientDataJSON": websafe_encode(client_data)}
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


def challenge_of(client: Client) -> bytes:
    """What the page that the client has opened asks a passkey to sign."""
    return websafe_decode(client.session["mfa.webauthn.state"]["challenge"])


def add_passkey(user: User, passkey: Passkey | None = None) -> Authenticator:
    """A passkey as a browser would have registered it."""
    credential = (passkey or Passkey()).registration()
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "a phone", "credential": credential}
    )
