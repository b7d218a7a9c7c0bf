"""JSON endpoints for the script of the message form; `journal/draft_views.py` says what each answer means to it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import by_somebody_else
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import within_limit
from consultations.models import Specialist
from exchange.forms.messages import MessageForm
from exchange.models import Draft, Side
from exchange.services import drafts, messages
from lib.methods import answers_in_place, sent

type Begin = Callable[[str], Side]


@answers_in_place
@sensitive_post_parameters()
@require_POST
@login_not_required
def message_draft(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Save a draft in a thread that has begun."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({}, status=401)
    side = Side.objects.visible_to(user).select_related("thread").filter(pk=pk).first()

    def named(name: str) -> Side:
        assert side
        if name and not side.thread.last_number:
            messages.rename(owner=user, side=side, name=name)
        return side

    return save(request, user, named if side else None)


@answers_in_place
@sensitive_post_parameters()
@require_POST
@login_not_required
def message_new_draft(request: HttpRequest, slug: str) -> JsonResponse:
    """Save a draft to a specialist, and begin the thread for it, of which nobody else learns."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({}, status=401)
    specialist = Specialist.objects.reachable().exclude(pk=user.pk).filter(slug=slug).first()

    def begun(name: str) -> Side:
        assert specialist
        return messages.begin(owner=user, specialist=specialist, name=name, now=timezone.now())

    return save(request, user, begun if specialist else None)


def save(request: HttpRequest, user: User, begin: Begin | None) -> JsonResponse:
    """200 with the revision, or 409 if another writer came first: both are kept. 400, 404 and 429 with an `error`."""
    if by_somebody_else(request):
        return JsonResponse({}, status=403)
    gone = _("This draft can't be saved here. Copy your words into a new message.")
    if begin is None:
        return JsonResponse({"error": gone}, status=404)
    colleagues = Specialist.objects.none() if "refers_to" in request.POST else None  # checked when it is sent
    form = MessageForm(request.POST, asks_name="name" in request.POST, colleagues=colleagues, draft=True)
    if not form.is_valid():
        problems = (str(problem) for problems in form.errors.values() for problem in problems)
        return JsonResponse({"error": " ".join(problems)}, status=400)
    now, write = timezone.now(), form.write
    if not within_limit(user, "writing", now=now, size=sent(request)):
        return JsonResponse({"error": _("Not saved yet. Keep this page open; it is tried again.")}, status=429)
    try:
        side = begin(form.name_chosen)
        draft = drafts.save_draft(owner=user, side=side, write=write, now=now)
    except Full:
        return JsonResponse({"error": str(NO_ROOM)}, status=400)
    except (messages.SentAlready, Draft.DoesNotExist, Side.DoesNotExist):
        return JsonResponse({"error": gone}, status=404)
    address = reverse("message_thread", args=[side.pk])
    if draft.pk != write.id:
        return JsonResponse({"decide": address, "left_out": ""}, status=409)
    saved_at = time_format(timezone.localtime(draft.changed_at), "H:i")
    return JsonResponse({"revision": draft.revision, "saved_at": saved_at, "left_out": "", "address": address})
