"""Reading entries: the list with its calendar, then and now, and search."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.held import HELD, held, hold
from accounts.http import AuthenticatedHttpRequest
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from journal import reading
from journal.models import Entry
from journal.months import MOST_DOTS, Month, day_of, month_of
from journal.prompts import offered_to
from journal.search_forms import STILL_SEARCHING, SearchForm
from lib.figures import lasting, spelled
from lib.methods import HttpResponseSeeOther, require_safe_or_post

SEARCH = "journal_search"  # the place for which a search is held


@require_safe
def journal(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Entries by month, newest first, beside the calendar: all of them, or those of one `month` or `day`."""
    day, month, behind = _chosen(request)
    today = timezone.localdate()
    first, last = (day, day) if day else (month.first, month.last) if month else (None, None)
    rows = reading.entries(request.user, first=first, last=last)
    if behind:
        rows = reading.after(rows, request.user, behind)
    if not (day or month):
        rows = reading.without_at_hand(rows, request.user)
    everything = not (day or month or behind)
    listed = reading.list_entries(request.user, rows, at_hand=everything)
    if behind and not listed.months and not Entry.objects.of(request.user).find(behind):
        raise Http404
    shown = month or Month.of(day or (listed.newest if behind else None) or today)
    context: dict[str, Any] = {
        "listed": listed,
        "calendar": reading.month_calendar(request.user, shown, today),
        "most_dots": spelled(MOST_DOTS),
        "day": day,
        "month": month,
        "behind": behind,
        "everything": everything,
    }
    return render(request, "journal/list.html", context)


@require_safe
def then_and_now(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """An entry beside the previous one to the same question, or the last one before the entry `before`."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
        content = entry.content(request.user)
    except ValueError:
        raise Http404 from None
    except CannotOpen:
        return render(request, "journal/closed.html", {"entry": entry})
    if content.is_free:
        return redirect("entry", pk=pk)
    context: dict[str, Any] = {"entry": entry, "content": content, "before": before}
    try:
        context["earlier"] = reading.then_and_now(request.user, entry, content, before=before)
    except reading.StillSearching:
        context["still_searching"] = True
    return render(request, "journal/then_and_now.html", context)


@sensitive_post_parameters()
@require_safe_or_post
def journal_search(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask for entries by words, tag, question, theme and days. The search is held, so that no address says it."""
    form = SearchForm(offered_to(request.user), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "journal/search.html", {"form": form, "kept": lasting(HELD, "minutes")})
    now = timezone.now()
    if not within_limit(request.user, "search", now=now):
        form.add_error(None, str(TOO_OFTEN))
        context = {"form": form, "kept": lasting(HELD, "minutes")}
        return render(request, "journal/search.html", context, status=429)
    pk = hold(owner=request.user, place=SEARCH, document=form.as_posted(), now=now)
    return HttpResponseSeeOther(reverse("journal_found", args=[pk]))


@require_safe
def journal_found(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """What a search finds, in the order asked for; `after` is the last one seen."""
    asked = held(owner=request.user, pk=str(pk), place=SEARCH, now=timezone.now())
    if asked is None:
        messages.info(request, _("This search has expired. You can search again here."))
        return redirect("journal_search")
    form = SearchForm(offered_to(request.user), asked)
    if not form.is_valid():  # a theme or question is no longer offered
        return redirect("journal_search")
    try:
        behind = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
    try:
        found = reading.find_entries(request.user, form.wanted, behind=behind)
    except reading.StillSearching:
        form.add_error(None, STILL_SEARCHING)
        found = None
    return render(request, "journal/search.html", {"form": form, "found": found, "kept": lasting(HELD, "minutes")})


def _chosen(request: AuthenticatedHttpRequest) -> tuple[date | None, Month | None, UUID | None]:
    """The day, month and last entry seen, from the query string. Raises Http404 if one is malformed."""
    day, month, behind = (request.GET.get(name, "") for name in ("day", "month", "after"))
    try:
        return (
            day_of(day) if day else None,
            month_of(month) if month and not day else None,
            UUID(behind) if behind else None,
        )
    except ValueError:
        raise Http404 from None
