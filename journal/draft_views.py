"""JSON endpoints for the script of the writing page: save a draft, and say who is logged in."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.draft_answers import both_kept, for_script, refused, saved, too_often, wrong
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from journal.forms import WriteForm, posted_frame
from journal.models import Entry
from journal.prompts import asked
from journal.services import Conflict, save_entry
from lib.methods import sent


@require_safe
@login_not_required
def draft_person(request: HttpRequest) -> JsonResponse:
    """The id of whoever is logged in, to compare with the form's `writer`, and a CSRF token for the next request."""
    if not isinstance(request.user, User):
        return JsonResponse({}, status=401)
    return JsonResponse({"person": str(request.user.pk), "token": get_token(request)})


@for_script
def draft(request: AuthenticatedHttpRequest) -> JsonResponse:
    """Save a draft of an entry."""
    user = request.user
    try:
        entry, form = _posted(user, request)
    except CannotOpen:
        return refused(_("This entry can’t be opened. It has not been changed."))
    if not form.is_valid():
        return wrong(form)
    now, entry_id = timezone.now(), form.cleaned_data["entry"]
    if not within_limit(user, "writing", now=now, size=sent(request)):
        return too_often()
    try:
        done = save_entry(owner=user, entry_id=entry_id, write=form.write(entry, now), now=now, found=entry)
    except Full:
        return refused(NO_ROOM)
    except Entry.DoesNotExist:
        return refused(_("This entry can’t be saved here. Copy your words into a new one."), 404)
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
    address = reverse("entry_edit", kwargs={"pk": entry.pk})
    return saved(entry.revision, entry.changed_at, address, left_out=" ".join(form.left_out))


def _both(conflict: Conflict, form: WriteForm) -> JsonResponse:
    """The address at which to choose between the two versions."""
    decide = reverse("versions", kwargs={"pk": conflict.entry.pk, "version": conflict.other.pk})
    return both_kept(decide, left_out=" ".join(form.left_out))
