"""The HTTP methods of a page with a form, beside Django's `require_safe` and `require_POST`."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


def answers_in_place[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Mark a view whose answer to a POST is held nowhere, not even sealed: see `reflect.middleware.PostRedirectGet`."""
    view.in_place = True  # type: ignore[attr-defined]
    return view
