"""Specialists as others see them: the list, a profile with its free slots, the photo, the calendar feed."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations import calendars, listing, picker
from consultations.forms.search import FilterForm
from consultations.models import Photo, Specialist
from consultations.models.hours import back_on
from consultations.services import own_calendars, profiles
from lib.bare import bare


@require_safe
def specialists(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The list, soonest free first, with the next slots in the reader's time zone; paged by key (`after`)."""
    form = FilterForm(request.GET)
    form.full_clean()
    now = timezone.now()
    listed = listing.list_specialists(request.user, form.wanted, now, after=behind(request))
    context = {"form": form, "listed": listed, "now": now, "is_first": "after" not in request.GET}
    return render(request, "consultations/specialist_list.html", context, status=400 if form.errors else 200)


@require_safe
def specialist(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """A profile with its free slots in the week containing the day `week`, by default the first week with any."""
    now = timezone.now()
    found = listing.profile(request.user, slug, now)
    if found is None:
        raise Http404
    own_calendars.note_look(specialist_id=found.pk, now=now)
    is_booked = found.booking_starts_at is not None and found.booking_starts_at > now
    context = {
        "specialist": found,
        "away_until": back_on(found, now),
        "week": week_of(request, found),
        "is_booked": is_booked,
        "is_own": found.pk == request.user.pk,
    }
    return render(request, "consultations/specialist_detail.html", context)


def week_of(request: AuthenticatedHttpRequest, found: Specialist) -> picker.Week:
    """A week of free slots in the reader's time zone, in one query. Raises Http404 if `week` is no valid day."""
    try:
        wanted = date.fromisoformat(request.GET["week"]) if "week" in request.GET else None
    except ValueError:
        raise Http404 from None
    slots = listing.free_slots(request.user, found, timezone.now())
    today = timezone.localdate()
    try:
        return picker.week(slots, timezone.get_current_timezone(), today=today, wanted=wanted)
    except OverflowError:
        raise Http404 from None


@require_safe
@login_not_required
def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A photo by its hash, for whoever may see the profile, or check it. Visitors are not told if there is another."""
    checks = request.user.has_perm("consultations.view_specialist")
    shown = Specialist.objects.all() if checks else Specialist.objects.visible_to(request.user)
    found = Photo.objects.filter(sha256=sha256, specialist__in=shown.values("pk")).first()  # two may share one
    if found is None:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())
    return HttpResponse(bytes(found.webp), content_type="image/webp")


@require_safe
@bare
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A specialist's bookings for a calendar program. It has no session: the secret in the URL is the only key."""
    specialist = profiles.owner_of_feed(secret)
    if specialist is None:
        raise Http404
    response = HttpResponse(calendars.feed(specialist, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def behind(request: AuthenticatedHttpRequest) -> listing.Key | None:
    try:
        return listing.Key.read(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
