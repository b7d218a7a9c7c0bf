"""How pages with a form are asked and answered, beside Django's `require_safe`, `require_POST` and `redirect`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


class HttpResponseSeeOther(HttpResponseRedirect):
    """303: what follows is asked for with GET, whatever the method was."""

    status_code = 303


def sent(request: HttpRequest) -> int:
    """The size of what was posted, in bytes; a server reads no more than this."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def answers_in_place[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Mark a view whose answer to a POST is held nowhere, not even sealed: see `reflect.middleware.PostRedirectGet`."""
    view.in_place = True  # type: ignore[attr-defined]
    return view
