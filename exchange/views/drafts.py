"""JSON endpoints for the script of the message form."""

from collections.abc import Callable
from uuid import UUID

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.draft_answers import both_kept, for_script, refused, saved, too_often, wrong
from accounts.http import AuthenticatedHttpRequest
from accounts.quota import NO_ROOM, Full
from accounts.rates import within_limit
from consultations.models import Specialist
from exchange.forms.messages import MessageForm
from exchange.models import Draft, Side
from exchange.services import drafts, messages
from lib.methods import sent

type Begin = Callable[[str], Side]


@for_script
def message_draft(request: AuthenticatedHttpRequest, pk: UUID) -> JsonResponse:
    """Save a draft in a thread that has begun."""
    user = request.user
    side = Side.objects.visible_to(user).select_related("thread").filter(pk=pk).first()

    def named(name: str) -> Side:
        assert side
        if name and not side.thread.last_number:
            messages.rename(owner=user, side=side, name=name)
        return side

    return save(request, named if side else None)


@for_script
def message_new_draft(request: AuthenticatedHttpRequest, slug: str) -> JsonResponse:
    """Save a draft to a specialist, and begin the thread for it, of which nobody else learns."""
    user = request.user
    specialist = Specialist.objects.reachable().exclude(pk=user.pk).filter(slug=slug).first()

    def begun(name: str) -> Side:
        assert specialist
        return messages.begin(owner=user, specialist=specialist, name=name, now=timezone.now())

    return save(request, begun if specialist else None)


def save(request: AuthenticatedHttpRequest, begin: Begin | None) -> JsonResponse:
    user = request.user
    gone = _("This draft can’t be saved here. Copy your words into a new message.")
    if begin is None:
        return refused(gone, 404)
    colleagues = Specialist.objects.none() if "refers_to" in request.POST else None  # checked when it is sent
    form = MessageForm(request.POST, asks_name="name" in request.POST, colleagues=colleagues, draft=True)
    if not form.is_valid():
        return wrong(form)
    now, write = timezone.now(), form.write
    if not within_limit(user, "writing", now=now, size=sent(request)):
        return too_often()
    try:
        side = begin(form.name_chosen)
        draft = drafts.save_draft(owner=user, side=side, write=write, now=now)
    except Full:
        return refused(NO_ROOM)
    except (messages.SentAlready, Draft.DoesNotExist, Side.DoesNotExist):
        return refused(gone, 404)
    address = reverse("message_thread", args=[side.pk])
    if draft.pk != write.id:
        return both_kept(address)
    return saved(draft.revision, draft.changed_at, address)
