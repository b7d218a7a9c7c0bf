"""All meetings of a specialist, those to come and those that are past; and what is said of several at once."""

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Booking, Specialist
from consultations.models.bookings import BookingQuerySet, Status
from consultations.services import marking
from consultations.times import DURATION
from consultations.views.steps import pressed, say_out_of_date
from lib.figures import spelled
from lib.methods import HttpResponseSeeOther, require_safe_or_post
from meetings.declarations import PRIVATE_NOTES
from meetings.models import PrivateNote
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
    context = {
        "days": reading.by_day(shown),
        "further": further,
        "is_first_page": after is None,
        "prints": "print" in request.GET,
    }
    return render(request, "practice/meetings.html", context)


@require_safe
@for_specialists
def past_bookings(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """What is over or cancelled, latest first; paged by key (`after`, a booking's id)."""
    now = timezone.now()
    past = Booking.objects.of_specialist(request.user).past(now - DURATION)  # what goes on is among those ahead
    if after := key_in(request):
        past = past.behind(after)
    shown, older = cut(past, PAST_PAGE)
    ids = [one.booking.pk for one in shown]
    context = {
        "meetings": shown,
        "ticked": chosen_in(request.GET.getlist("meetings")),
        "after": after,
        "older": older,
        "months": PRIVATE_NOTES.months,
        "to_mark": {one.booking.pk for one in shown if one.booking.status == Status.BOOKED and one.ends_at <= now},
        "noted": set(
            PrivateNote.objects.visible_to(request.user).filter(booking__in=ids).values_list("booking", flat=True)
        ),
    }
    return render(request, "practice/past_bookings.html", context)


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


@require_POST
@for_specialists
def mark(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Mark the chosen meetings as held, or lead to the page that asks before they are marked as missed."""
    chosen = chosen_in(request.POST.getlist("meetings"))
    if not chosen:
        messages.error(request, _("Choose the meetings first."))
        return redirect(list_of(request))
    match pressed(request):
        case "held":
            count = marking.mark_as_held(specialist=request.user, chosen=chosen, now=timezone.now())
            words = ngettext("Saved: one meeting took place.", "Saved: %(count)s meetings took place.", count)
            say(request, words, count)
            say_left_out(request, len(chosen) - count if count else 0)
        case "missed":
            query = urlencode({"meetings": chosen} | page_of(request), doseq=True)
            return HttpResponseSeeOther(f"{reverse('practice:missed')}?{query}")
        case _unknown:
            say_out_of_date(request)
            return redirect(list_of(request, chosen))
    return redirect(list_of(request))


@require_safe_or_post
@for_specialists
def missed(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Ask before the chosen meetings are marked as missed by their clients."""
    now = timezone.now()
    if request.method == "POST":
        chosen = chosen_in(request.POST.getlist("meetings"))
        count = marking.mark_as_missed(specialist=request.user, chosen=chosen, now=now)
        words = ngettext(
            "Saved: one client did not come. They can see this and object.",
            "Saved: %(count)s clients did not come. Each can see this and object.",
            count,
        )
        say(request, words, count)
        say_left_out(request, len(chosen) - count if count else 0)
        return redirect(list_of(request))
    chosen = chosen_in(request.GET.getlist("meetings"))
    found = reading.meetings(marking.to_mark(request.user, chosen, now))
    if not found:
        say(request, "", 0)
        return redirect(list_of(request))
    say_left_out(request, len(chosen) - len(found))
    context = {"meetings": found, "list": list_of(request, [one.booking.pk for one in found])}
    return render(request, "practice/missed.html", context)


def page_of(request: AuthenticatedHttpRequest) -> dict[str, str]:
    """Which page the meetings were chosen on, as the forms and the page that asks say it; none is the week."""
    said = {name: request.POST.get(name) or request.GET.get(name, "") for name in ("from", "after")}
    return {name: value for name, value in said.items() if value and said["from"] == "past"}


def list_of(request: AuthenticatedHttpRequest, ticked: Sequence[UUID] = ()) -> str:
    """The address of the page on which the meetings were chosen, with these ticked."""
    page = page_of(request)
    address = reverse("practice:past_bookings" if page else "practice:overview")
    query = urlencode({name: page[name] for name in page if name == "after"} | {"meetings": ticked}, doseq=True)
    return f"{address}?{query}" if query else address


def say(request: AuthenticatedHttpRequest, words: str, count: int) -> None:
    if count:
        messages.success(request, words % {"count": spelled(count)})
    else:
        messages.info(request, _("Nothing was changed: these meetings are marked already."))


def say_left_out(request: AuthenticatedHttpRequest, count: int) -> None:
    """That some of the meetings that were chosen are not among those that are or will be marked."""
    words = ngettext(
        "One of the meetings you chose has changed in the meantime, and is left out.",
        "%(count)s of the meetings you chose have changed in the meantime, and are left out.",
        count,
    )
    if count:
        messages.info(request, words % {"count": spelled(count).capitalize()})


def chosen_in(posted: list[str]) -> list[UUID]:
    """The ids among these."""
    found = []
    for one in posted[: marking.MOST_AT_ONCE]:
        with suppress(ValueError):
            found.append(UUID(one))
    return found
