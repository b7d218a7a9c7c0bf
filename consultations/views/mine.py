"""A member's own bookings and waiting entries."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations import listing
from consultations.forms.search import WaitingEntryForm
from consultations.models import Booking, Specialist, WaitingEntry
from consultations.services import waiting
from consultations.times import DURATION, SESSION_LINK
from lib.methods import require_safe_or_post

PAGE = 10


@require_safe
def consultations(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Upcoming bookings, and past ones, latest first; paged by key (`after`, a booking's id)."""
    now = timezone.now()
    mine = Booking.objects.of_client(request.user).select_related("specialist").with_last_change()
    since = now - DURATION - SESSION_LINK  # a meeting that can still be joined is not past
    past = mine.past(since)
    if "after" in request.GET:
        try:
            past = past.behind(UUID(request.GET["after"]))
        except ValueError:
            raise Http404 from None
    shown = list(past[: PAGE + 1])
    context = {
        "upcoming": [] if "after" in request.GET else mine.upcoming(since),
        "past": shown[:PAGE],
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "behind": "after" in request.GET,
        "now": now,
    }
    return render(request, "consultations/booking_list.html", context)


@require_safe
def waiting_entries(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The user's waiting entries, and the slots that have opened for them."""
    rows = WaitingEntry.objects.visible_to(request.user).select_related("specialist").order_by("made_at", "pk")
    context = {"waiting_entries": rows, "offered_slots": waiting.offered_slots(request.user, timezone.now())}
    return render(request, "consultations/waiting_entries.html", context)


@require_safe_or_post
def waiting_entry_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Add a waiting entry: for one specialist (`specialist`, a slug), or for a theme, a language or both."""
    slug = request.GET.get("specialist", "").replace("\0", "-")  # PostgreSQL rejects NUL
    somebody = get_object_or_404(Specialist.objects.reachable(), slug=slug) if slug else None
    initial = {name: request.GET.get(name, "") for name in ("theme", "language")}
    posted = request.POST if request.method == "POST" else None
    form = WaitingEntryForm(posted, initial=initial, with_somebody=somebody is not None)
    if request.method == "POST" and form.is_valid():
        try:
            waiting.add_waiting_entry(
                owner=request.user,
                specialist_id=somebody.pk if somebody else None,
                **form.cleaned_data,
                now=timezone.now(),
            )
        except waiting.CannotWait as refused:
            form.add_error(None, str(refused.words))
        else:
            messages.success(request, _("Saved. When a time opens, it is shown on Today."))
            return redirect("waiting_entries")
    is_full = somebody is not None and not listing.free_slots(request.user, somebody, timezone.now(), most=1)
    context = {"form": form, "specialist": somebody, "is_full": is_full}
    return render(request, "consultations/waiting_entry_new.html", context, status=400 if form.errors else 200)


@require_POST
def waiting_entry_stop(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Delete a waiting entry."""
    get_object_or_404(WaitingEntry.objects.visible_to(request.user), pk=pk)
    waiting.stop_waiting(owner=request.user, waiting_entry_id=pk)
    messages.success(request, _("You are no longer waiting for this."))
    return redirect("waiting_entries")
