"""Prompts that somebody has hidden. The app that stores them registers here, as the guide must not import it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from guide.models import PromptQuerySet

type Keys = Callable[[AbstractBaseUser], QuerySet[Any, str]]

hiding: list[Keys] = []


def hide(keys: Keys) -> None:
    """Make `without_hidden` exclude these keys; called from `AppConfig.ready`."""
    if keys not in hiding:
        hiding.append(keys)


def without_hidden(prompts: PromptQuerySet, user: AbstractBaseUser) -> PromptQuerySet:
    """The prompts that this person has not hidden; adds no query of its own."""
    for keys in hiding:
        prompts = prompts.exclude(key__in=keys(user))
    return prompts
