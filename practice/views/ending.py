"""Ending a practice, and taking that back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import asked_again
from accounts.held import held, hold, let_go
from accounts.http import AuthenticatedHttpRequest
from consultations.declarations import ENDED
from consultations.models import Booking, Specialist
from consultations.services import ending
from consultations.services.refusals import Refused
from consultations.times import TO_TAKE_BACK
from consultations.views.steps import pressed
from lib.figures import lasting, spelled
from lib.methods import require_safe_or_post
from practice import reading
from practice.access import for_specialists, keeps_words
from practice.forms.ending import EndForm

WORDS = "practice:end"  # the place for which the words are held while the page asks who it is


@keeps_words(EndForm, gettext_lazy("End your practice"))
@require_safe_or_post
@for_specialists
def end(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """What happens when a practice ends, and the words for those who are booked. Nothing is done here yet."""
    now = timezone.now()
    if pressed(request) == "take_back":
        take_back(request, now)
        return redirect("practice:overview")
    form = EndForm(request.POST if request.method == "POST" else None)
    if specialist.ended_at is None and form.is_valid():
        return redirect("practice:end_now", hold(owner=request.user, place=WORDS, document=form.cleaned_data, now=now))
    context = about(request, specialist, now) | {"form": form}
    return render(request, "practice/end.html", context, status=400 if form.errors else 200)


@require_safe_or_post
@for_specialists
@asked_again
def end_now(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Ask once more, whoever has just shown who they are; a POST ends the practice."""
    now = timezone.now()
    written = held(owner=request.user, pk=str(pk), place=WORDS, now=now)
    if written is None or specialist.ended_at:
        return redirect("practice:end")
    if request.method != "POST":
        return render(request, "practice/end_now.html", about(request, specialist, now) | written)
    try:
        count = ending.end_practice(user=request.user, words=written["words"], now=now)
    except Refused as refused:
        messages.error(request, str(refused.words))
        return redirect("practice:end_now", pk)
    let_go(owner=request.user, pk=str(pk))
    said = ngettext(
        "Your practice has ended. One meeting is cancelled.",
        "Your practice has ended. %(count)s meetings are cancelled.",
        count,
    )
    messages.success(request, said % {"count": spelled(count).capitalize()} if count else _("Your practice has ended."))
    return redirect("practice:end")


def about(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> dict[str, Any]:
    """What the pages say."""
    return {
        "specialist": specialist,
        "meetings": reading.meetings(Booking.objects.of_specialist(request.user).upcoming(now)),
        "to_take_back": lasting(TO_TAKE_BACK, "days"),
        "until": (specialist.ended_at or now) + TO_TAKE_BACK,
        "months": ENDED.months,
    }


def take_back(request: AuthenticatedHttpRequest, now: datetime) -> None:
    if ending.take_back(user=request.user, now=now):
        messages.success(
            request,
            _("Your practice goes on. You are not in the list yet: press “Take bookings again” when you like."),
        )
    else:
        messages.info(request, _("There is nothing to take back."))
