"""Blocking somebody, and undoing it: one page for meetings and messages, at an address below each place of the two."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Block, Booking, Specialist
from consultations.services import leaving
from consultations.views.steps import act, pressed, say_out_of_date
from lib.methods import require_safe_or_post


def block_page(
    request: AuthenticatedHttpRequest, other_id: UUID | None, *, name: str, back_to: str, tab_title: str
) -> HttpResponse:
    """Say what a block changes and which meetings it cancels; a POST makes it, or undoes it.

    `name` is that by which one knows the other, "" if by none. `back_to` is the address of the page that leads here.
    """
    if other_id is None:
        return redirect(back_to)
    match pressed(request):
        case "block":
            done = _("Blocked. Nobody is told, and you can undo it on this page.")
            act(request, done, partial(leaving.block, owner=request.user, other_id=other_id))
        case "unblock":
            leaving.unblock(owner=request.user, other_id=other_id)
            say_unblocked(request)
        case _unknown if request.method == "POST":
            say_out_of_date(request)
    if request.method == "POST":
        return redirect(back_to)
    context = {
        "name": name,
        "is_blocked": has_blocked(request, other_id),
        "meetings": Booking.objects.between(request.user, other_id).upcoming(timezone.now()),
        "is_host": Specialist.objects.of(request.user).exists(),
        "back_to": back_to,
        "tab_title": tab_title,
    }
    return render(request, "consultations/block.html", context)


def say_unblocked(request: AuthenticatedHttpRequest) -> None:
    said = _("The block is undone. Meetings that it cancelled stay cancelled.")
    messages.success(request, said)


def has_blocked(request: AuthenticatedHttpRequest, other_id: UUID | None) -> bool:
    return Block.objects.visible_to(request.user).filter(other=other_id).exists()


@require_safe_or_post
def booking_block(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Block the specialist of one's own meeting."""
    found = get_object_or_404(Booking.objects.of_client(request.user).select_related("specialist"), pk=pk)
    name = found.specialist.name if found.specialist else ""
    back_to = reverse("booking", args=[pk])
    return block_page(request, found.specialist_id, name=name, back_to=back_to, tab_title=_("Appointment"))
