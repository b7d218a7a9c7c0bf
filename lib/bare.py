"""Pages that must never touch the session or the account: help, leaving, offline, errors, health."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse


def bare[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Mark a public view that our middleware skips (`view.bare`)."""
    view.bare = True  # type: ignore[attr-defined]
    return login_not_required(view)
