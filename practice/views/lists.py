"""All meetings of a specialist, those to come and those that are past."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Booking, Specialist
from consultations.models.bookings import BookingQuerySet
from consultations.times import DURATION
from practice import reading
from practice.access import for_specialists

AHEAD_PAGE, PAST_PAGE = 50, 20


@require_safe
@for_specialists
def meetings(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """What is booked and not over, by day; paged by key (`after`, a booking's id)."""
    ahead = Booking.objects.of_specialist(request.user).upcoming(timezone.now() - DURATION)
    if after := key_in(request):
        ahead = ahead.beyond(after)
    shown, further = cut(ahead, AHEAD_PAGE)
    context = {"days": reading.by_day(shown), "further": further, "is_first_page": after is None}
    return render(request, "practice/meetings.html", context)


@require_safe
@for_specialists
def past_bookings(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Past bookings, latest first; paged by key (`after`, a booking's id)."""
    past = Booking.objects.of_specialist(request.user).past(timezone.now())
    if after := key_in(request):
        past = past.behind(after)
    shown, older = cut(past, PAST_PAGE)
    return render(request, "practice/past_bookings.html", {"meetings": shown, "older": older})


def key_in(request: AuthenticatedHttpRequest) -> UUID | None:
    """The last booking of the page before. Raises Http404."""
    try:
        return UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None


def cut(rows: BookingQuerySet, most: int) -> tuple[list[reading.Meeting], UUID | None]:
    """One page of these, and the key of the next one, if there is one."""
    found = reading.meetings(rows[: most + 1])
    return found[:most], found[most - 1].booking.pk if len(found) > most else None
