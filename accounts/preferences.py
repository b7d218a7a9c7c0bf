"""The choices of the settings page. Every change of them goes through here, so that other apps can follow it."""

from datetime import datetime
from typing import Protocol

from django.db import transaction

from accounts.models import User
from accounts.names import sealed_name

SETTINGS = ("timezone", "language", "theme", "exit_destination", "exit_keys", "gentle_prompts")


class Follower(Protocol):
    def __call__(self, *, owner: User, now: datetime) -> None: ...


# What an app adjusts when settings have changed, in the same transaction; filled from `AppConfig.ready`.
after_settings: list[Follower] = []


@transaction.atomic
def save_settings(*, user: User, name: str | None, now: datetime) -> None:
    """Store the choices that stand on `user`, and seal the name to be called by; None leaves the name as it is."""
    fields = [*SETTINGS]
    if name is not None:
        user.sealed_name = sealed_name(user, name)
        fields.append("sealed_name")
    user.save(update_fields=fields)  # never the password: it may have been changed meanwhile
    for follow in after_settings:
        follow(owner=user, now=now)
