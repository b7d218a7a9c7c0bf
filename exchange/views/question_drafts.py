"""Drafts of questions and answers: of what was refused, and of what a script saves as it is typed.

No page here is the answer to a POST: what is refused is kept as a draft, which tells no time, and the redirect leads
back to the form.
"""

from collections.abc import Mapping

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.draft_answers import both_kept, refused, saved
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.forms.messages import LONGEST_DRAFT
from exchange.forms.questions import Draftable, TypedForm
from exchange.services.question_drafts import keep_draft
from lib.methods import HttpResponseSeeOther

AGAIN = "again"  # in the query: the form was refused, and why


def again(to: str, reason: object) -> HttpResponseRedirect:
    return HttpResponseSeeOther(f"{to}?{AGAIN}={reason}")


def give_back(
    request: HttpRequest, form: type[Draftable], template: str, about: str, status: int, **context: object
) -> HttpResponse:
    """Keep what was posted as a draft, and lead back to the form. For who is signed out, and where nothing can be
    stored, the form itself, with every word."""
    words = form.words_in(request.POST)
    if isinstance(request.user, User):
        try:
            keep_draft(owner=request.user, about=about, fields=words)
            return again(request.path, status)
        except (CannotOpen, DatabaseError):
            pass
    writer = request.user if isinstance(request.user, User) else None
    page = form.empty(writer, **words)
    response = render(request, template, {**context, "form": page, "not_sent": status}, status=status)
    response.in_place = True  # type: ignore[attr-defined]
    return response


def form_with[F: Draftable](
    request: AuthenticatedHttpRequest, form: type[F], draft: Mapping[str, str], begun: Mapping[str, str] | None = None
) -> F:
    """The form with its draft, checked once more if that is why it was refused, or with what there is to begin from."""
    if draft and request.GET.get(AGAIN) == "form":
        return form.again(request.user, draft)
    return form.empty(request.user, **(draft or begun or {}))


def not_sent(request: HttpRequest, draft: Mapping[str, str]) -> int:
    """The status of a form that could not be taken, from the query; only beside its words."""
    status = request.GET.get(AGAIN, "")
    return int(status) if draft and status in {"403", "429", "503"} else 0


def saved_draft(
    request: HttpRequest, about: str, fields: Mapping[str, str], address: str, *, is_sent: bool
) -> JsonResponse:
    """Keep what somebody is typing. Nothing counts how often, as that has a time."""
    typed = TypedForm.typed(request.POST)
    if typed is None or is_sent:
        return refused(_("This draft can’t be saved here. Copy your words into a new one."), 404)
    if any(len(text) > LONGEST_DRAFT for text in fields.values()):
        return JsonResponse({}, status=413)
    assert isinstance(request.user, User)
    try:
        is_next, revision = keep_draft(owner=request.user, about=about, fields=fields, typed=typed)
    except CannotOpen:
        return refused(_("This draft can’t be saved. Copy your words."))
    if not is_next:
        return both_kept(address)
    return saved(revision, timezone.now(), address)
