"""Blocking the other one of a conversation, and the list of whom one has blocked."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Block
from consultations.services import leaving
from consultations.views.blocks import block_page, say_unblocked
from consultations.views.steps import pressed_in_row
from exchange import reading
from exchange.models import Side
from exchange.services.blocks import blocked_by
from lib.methods import require_safe_or_post


@require_safe_or_post
def message_block(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    side = get_object_or_404(Side.objects.visible_to(request.user).select_related("thread"), pk=pk)
    name = reading.conversation(request.user, side.pk, timezone.now()).other
    back_to = reverse("message_thread", args=[pk])
    return block_page(request, side.other_id, name=name, back_to=back_to, tab_title=_("Messages"))


@require_safe_or_post
def blocked(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Whom one has blocked, with a button to undo each."""
    if request.method != "POST":
        return render(request, "exchange/blocked.html", {"blocked": blocked_by(request.user)})
    action, row = pressed_in_row(request)
    if action != "unblock" or not (row.isascii() and row.isdecimal() and len(row) < 19):
        raise Http404
    found = Block.objects.visible_to(request.user).filter(pk=row).first()
    if found:  # nothing is left to do where it was undone in another tab
        leaving.unblock(owner=request.user, other_id=found.other_id)
    say_unblocked(request)
    return redirect("blocked")
