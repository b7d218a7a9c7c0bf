"""The choices of the settings page. Every change goes through here, so that other apps can react to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from accounts.models import User
from accounts.self_document import change

SETTINGS = ("timezone", "language", "theme", "exit_destination", "exit_keys")


class Follower(Protocol):
    def __call__(self, *, owner: User, now: datetime) -> None: ...


# Called in the same transaction when settings have changed; apps add theirs in `AppConfig.ready`.
after_settings: list[Follower] = []


@transaction.atomic
def save_settings(*, user: User, now: datetime, fields: Sequence[str] = SETTINGS, **of_self: Any) -> None:
    """Store these settings as set on `user`, and seal what is given of the document of `accounts/self_document.py`."""
    if of_self:
        change(user, **of_self)
    user.save(update_fields=fields)  # not the password, which may have changed meanwhile
    for follow in after_settings:
        follow(owner=user, now=now)
