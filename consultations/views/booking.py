"""Booking a time: the form, and what becomes of it."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.names import name_of
from accounts.sealing import CannotOpen
from consultations import listing
from consultations.forms.booking import BookingForm
from consultations.models import Slot, Specialist


@require_safe
def book(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """A chosen time (`slot`) and what is asked with it."""
    now = timezone.now()
    specialist = get_object_or_404(Specialist.objects.listed(), slug=slug)
    slot = chosen(request, specialist, request.GET.get("slot", ""), now)
    if slot is None and not request.GET.get("slot"):
        messages.info(request, _("Choose a time."))
        return redirect("specialist", slug)
    times = [] if slot else other_times(request, specialist, now)
    form = BookingForm(specialist.formats, initial=_filled_in(request, slot), times=times)
    context = {"form": form, "specialist": specialist, "slot": slot, "times": times}
    return render(request, "consultations/book.html", context, status=200 if slot else 409)


def chosen(request: AuthenticatedHttpRequest, specialist: Specialist, text: str, now: datetime) -> Slot | None:
    """The free time of this specialist that a form names; none if it is free no longer. Raises Http404."""
    if not text:
        return None
    try:
        return listing.times_of(request.user, specialist, now).filter(pk=int(text)).first()
    except ValueError:
        raise Http404 from None


def other_times(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> list[Slot]:
    """The next three times of the same specialist."""
    return list(listing.times_of(request.user, specialist, now)[: listing.NEXT_TIMES])


def _filled_in(request: AuthenticatedHttpRequest, slot: Slot | None) -> dict[str, object]:
    try:
        name = name_of(request.user)
    except CannotOpen:
        name = ""
    return {"slot": slot and slot.pk, "token": uuid.uuid4(), "writer": request.user.pk, "name": name}
