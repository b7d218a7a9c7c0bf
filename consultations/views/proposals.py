"""What a client answers when the specialist proposes other times for a meeting."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.http import AuthenticatedHttpRequest
from accounts.rates import within_limit
from consultations.services import bookings, proposals, refusals
from consultations.views.bookings import own
from consultations.views.steps import act, pressed_in_row, say_out_of_date
from lib.methods import require_safe_or_post


@require_safe_or_post
def booking_proposal(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take one of the times (`take:12`), or keep the meeting as it is. The page of the meeting has the buttons."""
    own(request, pk)
    match pressed_in_row(request):
        case "take", row if row.isdecimal() and len(row) < 19:
            done = _("The meeting has been moved. If it is in your calendar, add the new file there too.")
            act(request, done, partial(take, request, pk, int(row)))
        case "keep", _row:
            keeps = partial(proposals.keep, booking_id=pk, client=request.user)
            act(request, _("The meeting stays as it is. The specialist is told."), keeps)
        case _unknown if request.method == "POST":
            say_out_of_date(request)
    return redirect("booking", pk)


def take(request: AuthenticatedHttpRequest, pk: UUID, slot_id: int, *, now: datetime) -> None:
    if not within_limit(request.user, "booking", now=now):
        raise refusals.TooOften
    bookings.reschedule(booking_id=pk, client=request.user, slot_id=slot_id, is_proposed=True, now=now)
