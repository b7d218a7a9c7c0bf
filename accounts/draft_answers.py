"""What the script of a form is told that keeps a draft while somebody types (`static/js/draft-machine.js`).

200 with the revision that is stored, or 409 if another writer came first: both are kept, and `decide` is where to
choose. 400, 404 and 429 with an `error` for people to read. An expired session gets 401, not a redirect: the log-in
page answers 200, which would look like "saved". A refused token (403, from the middleware) means that somebody has
logged in since; the script asks `draft_person` who it is before it sends anything again.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import by_somebody_else
from accounts.models import User
from lib.methods import answers_in_place


def for_script(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate what the script posts to: 401 if nobody is logged in, 403 if it is not the form's writer."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User):
            return JsonResponse({}, status=401)
        return JsonResponse({}, status=403) if by_somebody_else(request) else view(request, *args, **kwargs)

    return answers_in_place(sensitive_post_parameters()(require_POST(login_not_required(answered))))


def saved(revision: int, at: datetime, address: str, *, left_out: str = "") -> JsonResponse:
    """`address`: where a reload goes on. `left_out`: what could not be stored, in words."""
    saved_at = time_format(timezone.localtime(at), "H:i")
    return JsonResponse({"revision": revision, "saved_at": saved_at, "left_out": left_out, "address": address})


def both_kept(decide: str, *, left_out: str = "") -> JsonResponse:
    return JsonResponse({"decide": decide, "left_out": left_out}, status=409)


def refused(words: str | Promise, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": str(words)}, status=status)


def wrong(form: BaseForm) -> JsonResponse:
    """All that is wrong in a form, as one text."""
    return refused(" ".join(str(problem) for problems in form.errors.values() for problem in problems))


def too_often() -> JsonResponse:
    return refused(_("Not saved yet. Keep this page open; it is tried again."), 429)
