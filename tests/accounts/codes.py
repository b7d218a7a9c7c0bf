"""Reading codes as people do: out of the e-mail, and out of an authenticator app."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail


def code_from_mail() -> str:
    """The code in the newest message."""
    body = str(mail.outbox[-1].body)
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", body, re.MULTILINE)
    assert found, body
    return found[0]


def code_from_app(secret: str) -> str:
    """What an app shows now for this secret."""
    counter = next(iter(yield_hotp_counters_from_time()))
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code
