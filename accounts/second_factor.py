"""Whether this session has shown a second factor: read from the session alone, so that asking costs no query."""

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
    """Somebody logged in with a second factor in this session, or set one up in it."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def remember(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up shows it: its code was checked a moment ago."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def forget(request: HttpRequest, user: User, **_: Any) -> None:
    """Once the last factor is removed, none was shown."""
    if not is_mfa_enabled(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in records if record["method"] != "mfa"
        ]


def follow_changes() -> None:
    """Keep the session's record in step with the factors; called once, when the apps are ready."""
    authenticator_added.connect(remember)
    authenticator_removed.connect(forget)
