"""What a specialist sees of a meeting beside its booking: what the client shares for it, and the half hour itself."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from consultations import policy
from consultations.models import Booking, Specialist
from consultations.models.bookings import Side
from lib.methods import HttpResponseSeeOther, require_safe_or_post
from meetings import reading
from meetings.models import Share
from meetings.services import sharing
from meetings.views.meeting import half_hour
from practice.access import for_specialists
from practice.views.bookings import own, words_of


@require_safe_or_post
@for_specialists
def shared(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """What is shared for a meeting, closed at first. A POST opens one thing, and the client sees that."""
    rows = Booking.objects.of_specialist(request.user).select_related("client__data_key", "specialist")
    booking, now = get_object_or_404(rows, pk=pk), timezone.now()
    if request.method == "POST":
        with suppress(Share.DoesNotExist, CannotOpen, ValueError):  # taken back meanwhile: the page says no more
            share_id = UUID(request.POST.get("share", ""))
            sharing.open_shared(specialist=request.user, booking_id=pk, share_id=share_id, now=now)
        return HttpResponseSeeOther(reverse("practice:shared", args=[pk]))
    context = {
        "booking": booking,
        "items": reading.of_shares(booking, request.user, now),
        "client_name": reading.name_of(booking, booking.client) if booking.client else "",
    }
    return render(request, "practice/shared.html", context)


@require_safe
@for_specialists
def meeting(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """The room and the steps of the half hour, while the room is shown."""
    found, now = own(request, pk), timezone.now()
    if not policy.link_is_shown(found, now):
        return redirect("practice:booking", pk)
    words = words_of(found)
    context = half_hour(found, Side.SPECIALIST, words, now) | {"words": words}
    return render(request, "practice/meeting.html", context)
