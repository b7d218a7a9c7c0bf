"""A specialist's own calendars: connected here, so that what is in them is not offered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from consultations.models import Booking, BusyCalendar, Specialist
from consultations.models.calendars import Words
from consultations.services import own_calendars
from consultations.services.busy import overlapping
from lib.figures import spelled, with_figures
from lib.methods import require_safe_or_post
from practice.access import for_specialists, keeps_words, leads_back
from practice.forms.calendars import ChangeForm, ConnectForm

FULL = with_figures(
    ngettext_lazy(
        "You have connected %(calendars)s calendar already. Remove one to make room for this one.",
        "You have connected %(calendars)s calendars already. Remove one to make room for this one.",
        "count",
    ),
    lambda: {"count": own_calendars.MOST_CALENDARS, "calendars": spelled(own_calendars.MOST_CALENDARS)},
)
lead_back = leads_back("practice:calendars")


@keeps_words(lambda: ConnectForm(None), gettext_lazy("Your own calendars"))
@require_safe_or_post
@for_specialists
def calendars(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The calendars that are connected, with how their reading went; a POST connects another."""
    now = timezone.now()
    form = ConnectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not within_limit(request.user, "calendar", now=now):
            form.add_error(None, TOO_OFTEN)
        else:
            chosen = {"words": form.words, "all_day": form.cleaned_data["all_day"]}
            try:
                own_calendars.connect(owner=request.user, now=now, **chosen)
            except own_calendars.TooManyCalendars:
                form.add_error(None, str(FULL))
            else:
                messages.success(request, _("Saved. The calendar is being read now; load this page again in a minute."))
                return redirect("practice:calendars")
    connected = own_calendars.calendars_of(request.user)
    upcoming = list(Booking.objects.of_specialist(request.user).upcoming(now)) if connected else []
    taken = overlapping(upcoming, [row for row, _words in connected], request.user, now)
    context = {
        "form": form,
        "calendars": connected,
        "overlapping": [booking for booking in upcoming if booking.pk in taken],
        "is_full": len(connected) >= own_calendars.MOST_CALENDARS,
        "most": spelled(own_calendars.MOST_CALENDARS),
    }
    return render(request, "practice/calendars.html", context, status=400 if form.errors else 200)


@require_POST
@for_specialists
def read_calendars(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Have all of them read at once."""
    if within_limit(request.user, "calendar", now=timezone.now()):
        own_calendars.read_now(owner=request.user)
        messages.success(request, _("Your calendars are being read now; load this page again in a minute."))
    else:
        messages.info(request, _("They were read several times in a short while. Try again a little later."))
    return redirect("practice:calendars")


@lead_back
@keeps_words(lambda: ChangeForm(None), gettext_lazy("Your own calendars"))
@require_safe_or_post
@for_specialists
def calendar(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Rename a calendar, or choose whether its all-day events count."""
    row, words = own_calendar(request, pk)
    if words is None:
        return redirect("practice:calendar_remove", pk)
    posted = request.POST if request.method == "POST" else None
    form = ChangeForm(posted, name=words.name, all_day=row.all_day)
    if form.is_valid():
        own_calendars.change(owner=request.user, calendar_id=pk, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("practice:calendars")
    context = {"form": form, "words": words}
    return render(request, "practice/calendar.html", context, status=400 if form.errors else 200)


@lead_back
@require_safe_or_post
@for_specialists
def remove_calendar(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Ask first; a POST forgets the calendar."""
    if request.method == "POST":
        own_calendars.remove(owner=request.user, calendar_id=pk, now=timezone.now())
        messages.success(request, _("The calendar is removed, and its address is forgotten."))
        return redirect("practice:calendars")
    _row, words = own_calendar(request, pk)
    return render(request, "practice/calendar_remove.html", {"words": words})


def own_calendar(request: AuthenticatedHttpRequest, pk: UUID) -> tuple[BusyCalendar, Words | None]:
    """The calendar with its words; None if they cannot be opened."""
    row = get_object_or_404(BusyCalendar.objects.visible_to(request.user), pk=pk)
    try:
        return row, row.words(request.user)
    except CannotOpen:
        return row, None
