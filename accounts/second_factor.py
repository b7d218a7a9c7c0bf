"""Whether this session has passed a second factor, recorded in the session so that asking costs no query."""

from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from accounts.models import User


def is_shown(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was used to log in, or set up, in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def remember(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting up a factor counts as showing it, since its code has just been checked."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def forget(request: HttpRequest, user: User, **_: Any) -> None:
    """Clear the record once the last factor is removed."""
    if not is_mfa_enabled(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in records if record["method"] != "mfa"
        ]


def follow_changes() -> None:
    """Connect the receivers that keep the session's record up to date; called once, from `AppConfig.ready`."""
    authenticator_added.connect(remember)
    authenticator_removed.connect(forget)
