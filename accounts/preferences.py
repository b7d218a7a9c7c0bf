"""The choices of the settings page. Every change goes through here, so that other apps can react to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from accounts.models import User
from accounts.names import sealed_name

SETTINGS = ("timezone", "language", "theme", "exit_destination", "exit_keys", "gentle_prompts")


class Follower(Protocol):
    def __call__(self, *, owner: User, now: datetime) -> None: ...


# Called in the same transaction when settings have changed; apps add theirs in `AppConfig.ready`.
after_settings: list[Follower] = []


@transaction.atomic
def save_settings(*, user: User, name: str | None, now: datetime, fields: Sequence[str] = SETTINGS) -> None:
    """Store these settings as set on `user`, and seal `name`; None leaves the stored name unchanged."""
    changed = [*fields]
    if name is not None:
        user.sealed_name = sealed_name(user, name)
        changed.append("sealed_name")
    user.save(update_fields=changed)  # not the password, which may have changed meanwhile
    for follow in after_settings:
        follow(owner=user, now=now)
