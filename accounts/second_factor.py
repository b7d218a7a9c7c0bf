"""The second factor: whether an account has one and a session has shown it, and what a change to it entails.

What a session has shown is recorded in the session, so that asking costs no query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts import logins
from accounts.held import forget_held_of
from accounts.models import User
from accounts.sealing import TOTP_SECRET, seal_for_site, unseal_for_site

# Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

_owner: ContextVar[User] = ContextVar("owner of the secret that is sealed or opened")


def with_second_factor[Person: User](people: "QuerySet[Person]") -> "QuerySet[Person]":
    """Fetch with each account whether it has a second factor (`User.has_second_factor`)."""
    found = {"has_second_factor": Exists(_factors_of(OuterRef("pk")))}
    annotated: QuerySet[Person] = people.annotate(**found)
    return annotated


def is_set_up(user: User) -> bool:
    return bool(_factors_of(user.pk).exists())


def is_shown(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was used to log in, used to re-authenticate, or set up in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


@contextmanager
def secrets_of(owner: User) -> Iterator[None]:
    """Say whose secret allauth is about to seal or open: its adapter is not told, and refuses outside this block."""
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def seal_totp_secret(secret: str) -> str:
    """Seal for the owner named by `secrets_of`. Raises LookupError if nobody is named."""
    return seal_for_site(TOTP_SECRET, _owner.get().pk.bytes, secret)


def open_totp_secret(sealed: str) -> str:
    """Open for the owner named by `secrets_of`. Raises LookupError if nobody is named, CannotOpen for another's."""
    secret: str = unseal_for_site(TOTP_SECRET, _owner.get().pk.bytes, sealed)
    return secret


def remember(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting up a factor counts as showing it, since its code has just been checked.

    From now on the password alone does not re-authenticate, and neither does having given it a moment ago.
    """
    records = get_authentication_records(request, user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record if record["method"] == "mfa" else record | {"reauthenticated": False} for record in records
    ]
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


def forget(request: HttpRequest, user: User, **_: Any) -> None:
    """Clear the record once the last factor is removed."""
    if not is_set_up(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in records if record["method"] != "mfa"
        ]


def sign_out_elsewhere(request: HttpRequest, user: User, **_: Any) -> None:
    """A session that was opened under the old factors ends, whoever holds it."""
    logins.end_others(user, request.session)


def follow_changes() -> None:
    """Connect the receivers of changes to second factors; called once, from `AppConfig.ready`."""
    authenticator_added.connect(remember)
    authenticator_added.connect(forget_held_of)  # the page of a code that did not fit shows the app's secret
    authenticator_removed.connect(forget)
    for changed in (authenticator_added, authenticator_removed, authenticator_reset):
        changed.connect(sign_out_elsewhere)


def _factors_of(owner: Any) -> "QuerySet[Authenticator]":
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=owner, type__in=FACTORS)
    return factors
