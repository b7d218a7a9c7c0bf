"""The page that both sides have during the half hour, as the member sees it; and the same to take along on paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from consultations import joining, policy
from consultations.models import Booking
from consultations.models.bookings import Side
from consultations.times import SESSION_LINK
from consultations.views.bookings import words_of
from lib.methods import require_safe_or_post
from meetings import reading
from meetings.agenda import agenda
from meetings.limits import STEP_WRITTEN_WITHIN
from meetings.views import next_steps
from meetings.views.bookings import own


def steps_of(found: Booking, side: Side, now: datetime) -> dict[str, Any]:
    """The steps of the half hour, for one side."""
    return {"booking": found, "now": now, "agenda": agenda(found.starts_at, side)}


def half_hour(found: Booking, side: Side, words: Mapping[str, str] | None, now: datetime) -> dict[str, Any]:
    """What both sides see on their pages: the steps, and the room."""
    is_specialist = side is Side.SPECIALIST
    return steps_of(found, side, now) | {
        "is_specialist": is_specialist,
        "opens": found.starts_at - SESSION_LINK,
        "closes": found.ends_at + SESSION_LINK,
        "room": joining.room_of(found, words, now, hosts=is_specialist),
        "cannot_open": found.sealed is not None and words is None,
        "may_report": policy.may_mark_no_show(found, now),
    }


@gives_back(next_steps.words_again)
@require_safe_or_post
def meeting(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The room, the steps of the half hour, and one next step to write: while the room is shown."""
    found, now, form = own(request, pk), timezone.now(), None
    if not policy.link_is_shown(found, now):
        return next_steps.step(request, pk) if request.method == "POST" else redirect("booking", pk)
    if request.method == "POST":
        form = next_steps.take(request, found)
        if form is None:
            return redirect("meeting", pk)
    words = words_of(found, request.user)
    context = half_hour(found, Side.CLIENT, words, now) | next_steps.step_of(request.user, found, form)
    context |= notes_of(request, found, now) | {
        "write_until": found.ends_at + STEP_WRITTEN_WITHIN,
        "is_over": found.ends_at <= now,
        "may_cancel": policy.may_cancel(found, now),
        "may_move": policy.may_move(found, now),
    }
    return render(request, "meetings/meeting.html", context, status=400 if form else 200)


@require_safe
def take_along(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The steps and the member's own notes, to print or to read beside the meeting, until it is over."""
    found, now = own(request, pk), timezone.now()
    if not policy.is_ahead(found, now):
        return redirect("booking", pk)
    context = steps_of(found, Side.CLIENT, now) | notes_of(request, found, now)
    return render(request, "meetings/take_along.html", context)


def notes_of(request: AuthenticatedHttpRequest, found: Booking, now: datetime) -> dict[str, Any]:
    """The member's own notes for this meeting as they were written last, and the copy that the specialist can see."""
    plans = reading.plans(request.user, found)
    notes = plans[0][1] if plans else None
    return {"notes": notes, "copied": reading.shared_notes(request.user, found, now) if notes else {}}
