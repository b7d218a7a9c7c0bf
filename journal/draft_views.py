"""JSON endpoints for the script of the writing page: save a draft, and say who is logged in.

An expired session gets 401, not a redirect: the log-in page answers 200, which would look like "saved". A refused token
(403, from the middleware) means that somebody has logged in since; the script asks `draft_person` who it is before it
sends anything again.
"""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import by_somebody_else
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from journal.forms import WriteForm, posted_frame
from journal.models import Entry
from journal.prompts import asked
from journal.services import Conflict, save_entry
from lib.methods import answers_in_place, sent


@require_safe
@login_not_required
def draft_person(request: HttpRequest) -> JsonResponse:
    """The id of whoever is logged in, to compare with the form's `writer`, and a CSRF token for the next request."""
    if not isinstance(request.user, User):
        return JsonResponse({}, status=401)
    return JsonResponse({"person": str(request.user.pk), "token": get_token(request)})


@answers_in_place
@sensitive_post_parameters()
@require_POST
@login_not_required
def draft(request: HttpRequest) -> JsonResponse:
    """Save a draft: 200 with the entry's revision, or 409 if another writer came first: both versions are kept.

    401 if nobody is logged in, 403 if it is not the form's writer, 400, 404 and 429 with an `error` for people to read.
    """
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({}, status=401)
    if by_somebody_else(request):
        return JsonResponse({}, status=403)
    try:
        entry, form = _posted(user, request)
    except CannotOpen:
        return JsonResponse({"error": _("This entry can't be opened. It has not been changed.")}, status=400)
    if not form.is_valid():
        problems = (str(problem) for problems in form.errors.values() for problem in problems)
        return JsonResponse({"error": " ".join(problems)}, status=400)
    now, entry_id = timezone.now(), form.cleaned_data["entry"]
    if not within_limit(user, "writing", now=now, size=sent(request)):
        return JsonResponse({"error": _("Not saved yet. Keep this page open; it is tried again.")}, status=429)
    try:
        done = save_entry(owner=user, entry_id=entry_id, write=form.write(entry, now), now=now, found=entry)
    except Full:
        return JsonResponse({"error": str(NO_ROOM)}, status=400)
    except Entry.DoesNotExist:
        return JsonResponse({"error": _("This entry can't be saved here. Copy your words into a new one.")}, status=404)
    return _both(done, form) if isinstance(done, Conflict) else _saved(done.entry, form)


def _posted(user: User, request: HttpRequest) -> tuple[Entry | None, WriteForm]:
    """The entry, if it exists, and the bound form. Raises CannotOpen: what cannot be read is never overwritten."""
    try:
        entry = Entry.objects.of(user).find(uuid.UUID(request.POST.get("entry", "")))
    except ValueError:
        entry = None
    if entry:
        return entry, WriteForm(entry.content(user), request.POST, draft=True)
    prompt = asked(request.POST.get("prompt", ""))
    return None, WriteForm(posted_frame(request.POST, prompt), request.POST, draft=True)


def _saved(entry: Entry, form: WriteForm) -> JsonResponse:
    """The saved revision, and the entry's own address, so that a reload continues it."""
    return JsonResponse(
        {
            "revision": entry.revision,
            "saved_at": time_format(timezone.localtime(entry.changed_at), "H:i"),
            "left_out": " ".join(form.left_out),
            "address": reverse("entry_edit", kwargs={"pk": entry.pk}),
        }
    )


def _both(conflict: Conflict, form: WriteForm) -> JsonResponse:
    """The address at which to choose between the two versions."""
    decide = reverse("versions", kwargs={"pk": conflict.entry.pk, "version": conflict.other.pk})
    return JsonResponse({"decide": decide, "left_out": " ".join(form.left_out)}, status=409)
