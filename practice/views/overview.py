"""The specialist's first page: their week, and the state of the practice; submitting the profile, and pausing."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.notices import unread
from consultations.models import Booking, BusyCalendar, Specialist
from consultations.models.bookings import Side, Status
from consultations.models.hours import back_on, with_absences
from consultations.models.profiles import HasTimes
from consultations.services import profiles, verification
from consultations.services.busy import overlapping
from consultations.times import CHECK_TAKES, LATELY, monday_of
from consultations.views.steps import pressed, say_out_of_date
from lib.figures import spelled
from practice import reading
from practice.access import for_specialists
from practice.views.hours import day_of
from practice.views.lists import chosen_in

MOST_SHOWN = 5  # of what others changed, and of objections
WHERE = {  # the page on which each required field is filled in
    **dict.fromkeys(profiles.CHECKED, "practice:register"),
    **dict.fromkeys(set(profiles.NEEDED) - set(profiles.CHECKED), "practice:profile"),
}


@require_safe
@for_specialists
def overview(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The week that holds the day `week`; for the current one also the state of the practice, and what waits.

    With `print`, the week alone.
    """
    now, monday = timezone.now(), monday_of(timezone.localdate())
    asked = monday_of(day_of(request.GET["week"])) if "week" in request.GET else monday
    week = reading.week(request.user, specialist, asked, now)
    prints = "print" in request.GET
    is_current = asked == monday and not prints
    calendars = list(BusyCalendar.objects.visible_to(request.user))
    ahead = [one.booking for one in week.meetings if one.ends_at > now]
    context = {
        "specialist": specialist,
        "now": now,
        "today": timezone.localdate(),
        "week": week,
        "is_current": is_current,
        "ticked": chosen_in(request.GET.getlist("meetings")),
        "prints": prints,
        "overlapping": overlapping(ahead, calendars, request.user, now),
        **(standing(request, specialist, now) if is_current else {}),
        "calendar_fails": is_current and any(one.is_failing(now) for one in calendars),
    }
    return render(request, "practice/overview.html", context)


def standing(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> dict[str, Any]:
    """The state of the profile, the next step, and what others changed lately."""
    may_submit = specialist.status in profiles.MAY_BE_SUBMITTED
    missing = profiles.missing_in(specialist) if may_submit else []
    listing = with_absences(Specialist.objects.of(request.user)).annotate(has_times=HasTimes("", now)).get()
    away_until = back_on(listing, now)
    has_hours = (
        (listing.has_times and not away_until)
        or specialist.hours.exists()
        or specialist.slots.filter(starts_at__gt=now).exists()
    )
    is_suspended = specialist.status == Specialist.Status.SUSPENDED
    is_away = specialist.paused or not specialist.offers_free
    bookings = Booking.objects.of_specialist(request.user)
    unsettled = bookings.filter(objected_at__isnull=False, settled_at=None).order_by("-starts_at")
    lately = bookings.filter(changed_at__gt=now - LATELY).with_last_change()
    lately = lately.filter(~Q(status=Status.BOOKED, moved_from=None), Q(last_by__in=[Side.CLIENT, Side.STAFF]))
    return {
        "missing": [(profiles.NEEDED[name], reverse(WHERE[name])) for name in missing],
        "may_submit": may_submit,
        "why": verification.why(specialist),
        "has_hours": has_hours,
        "has_times": listing.has_times,
        "away_until": away_until,
        "has_next_step": not (is_suspended or specialist.ended_at)
        and (may_submit or not has_hours or is_away or not listing.has_times),
        "lately": reading.meetings(lately.order_by("-changed_at", "pk")[:MOST_SHOWN]),
        "objections": reading.meetings(unsettled[:MOST_SHOWN]),
        "new_messages": unread(request.user).messages,
        "contact": settings.LEGAL["privacy_contact"],
    }


@require_POST
@for_specialists
def submit(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Submit the profile for verification."""
    try:
        profiles.submit(user=request.user, now=timezone.now())
    except profiles.NotComplete:
        messages.error(request, _("Something is still missing. It is listed below."))
    except profiles.NotAllowed:
        messages.info(request, _("There is nothing to submit at the moment."))
    else:
        words = _(
            "Submitted. We check your entry in the register, usually within %(count)s working days, and write to you."
        )
        messages.success(request, words % {"count": spelled(CHECK_TAKES.days)})
    return redirect("practice:overview")


@require_POST
@for_specialists
def pause(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Stop taking bookings for a while, or resume."""
    match pressed(request):
        case "pause":
            profiles.set_paused(user=request.user, paused=True, now=timezone.now())
            messages.success(request, _("Paused. You are not in the list; booked meetings stay."))
        case "resume":
            resume(request)
        case _unknown:
            say_out_of_date(request)
    return redirect("practice:overview")


def resume(request: AuthenticatedHttpRequest) -> None:
    try:
        profiles.set_paused(user=request.user, paused=False, now=timezone.now())
    except profiles.NotAllowed:
        messages.info(request, _("Your practice has ended. To go on with it, take that back first."))
    else:
        messages.success(request, _("You are in the list again."))
