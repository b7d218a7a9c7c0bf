"""How to go on after the meeting. Nothing here tells the other side anything."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations import policy
from consultations.models.bookings import Fit
from consultations.models.profiles import are_reachable
from meetings.going_on import others_like, specialist_of
from meetings.policy import may_write_step
from meetings.views.bookings import own


@require_safe
def going_on(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """After a yes, how to go on with this specialist; after another answer, two others or nothing."""
    found, now = own(request, pk), timezone.now()
    if not found.client_fit or not policy.may_answer_fit(found, now):
        return redirect("booking", pk)
    is_fit = found.client_fit == Fit.YES
    specialist = specialist_of(found, request.user) if is_fit else None
    context = {
        "booking": found,
        "is_fit": is_fit,
        "specialist": specialist,
        "may_write": specialist is not None and are_reachable(specialist, specialist.user),
        "may_step": may_write_step(found, now),
        "others": [] if is_fit else others_like(found, request.user, now),
    }
    return render(request, "meetings/going_on.html", context)
