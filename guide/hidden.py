"""Prompts that somebody does not want to see. The app where they are hidden says which: the guide stands below it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from guide.models import PromptQuerySet

type Keys = Callable[[AbstractBaseUser], QuerySet[Any, str]]

hiding: list[Keys] = []


def hide(keys: Keys) -> None:
    """Have `without_hidden` leave out the prompts with these keys. Called as the app starts."""
    if keys not in hiding:
        hiding.append(keys)


def without_hidden(prompts: PromptQuerySet, user: AbstractBaseUser) -> PromptQuerySet:
    """Those of the prompts that the person has not hidden; no query of its own."""
    for keys in hiding:
        prompts = prompts.exclude(key__in=keys(user))
    return prompts
