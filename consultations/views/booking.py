"""Booking a time: the form, and every way back from it with all that was typed."""

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from accounts.names import name_of
from accounts.sealing import CannotOpen
from consultations import listing
from consultations.forms.booking import LARGEST, BookingForm, booking_again
from consultations.models import Booking, Specialist
from consultations.models.profiles import Format
from consultations.picker import Time
from consultations.services import bookings, hints, refusals
from reflect.lib.methods import require_safe_or_post

TIME_IS_LOST = (refusals.Taken, refusals.Gone, refusals.TooSoon, refusals.TooFar, refusals.Occupied)


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The words that were posted, where nothing can be booked with them: to be copied, nothing kept."""
    form = booking_again(Format.values, request.POST)
    context = {"form": form, "status": status, "slug": request.resolver_match and request.resolver_match.kwargs["slug"]}
    return render(request, "consultations/book_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def book(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """A chosen time (`slot`) and what is asked with it; posted, it is booked."""
    now = timezone.now()
    specialist = Specialist.objects.listed().filter(slug=slug).first()
    if specialist is None:
        if request.method == "POST":
            return words_again(request, 409)
        raise Http404
    if request.method == "POST":
        return save(request, specialist, now)
    if not request.GET.get("slot"):
        messages.info(request, _("Choose a time."))
        return redirect("specialist", slug)
    mine = Booking.objects.of_client(request.user).upcoming(now).filter(specialist=specialist)
    if booked := mine.first():
        messages.info(request, _("You have a meeting with this specialist already."))
        return redirect("booking", booked.pk)
    time = chosen(request, specialist, request.GET["slot"], now)
    refused = hints.obstacle(request.user, specialist, time, now)
    if isinstance(refused, refusals.Occupied):
        time = None
    elif refused:
        return page(request, None, specialist, time, [], refused=refused, status=409)
    times = [] if time else other_times(request, specialist, now)
    filled_in = _filled_in(request, time)
    form = BookingForm(
        specialist.formats, initial=filled_in, times=times, starts_in=time.starts_at - now if time else None
    )
    return page(request, form, specialist, time, times, refused=refused, status=200 if time else 409)


def save(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> HttpResponse:
    """Book what was posted, or show the form with all that was typed and a sentence about what stands in the way."""
    form = BookingForm(specialist.formats, request.POST)
    if not form.is_valid():
        time = chosen(request, specialist, request.POST.get("slot", ""), now)
        times = [] if time else other_times(request, specialist, now)
        starts_in = time.starts_at - now if time else None
        form = BookingForm(specialist.formats, request.POST, times=times, starts_in=starts_in)
        return page(request, form, specialist, time, times, status=400)
    data = form.cleaned_data
    details = bookings.Details(**{field.name: data[field.name] for field in fields(bookings.Details)})
    try:
        made = bookings.book(
            client=request.user,
            specialist_id=specialist.pk,
            slot_id=data["slot"],
            details=details,
            token=data["token"],
            now=now,
        )
    except TIME_IS_LOST as refused:
        times = other_times(request, specialist, now)
        form = booking_again(specialist.formats, request.POST, times)
        return page(request, form, specialist, None, times, refused=refused, status=409)
    except refusals.Refused as refused:
        form.add_error("format" if isinstance(refused, refusals.NotOffered) else None, str(refused.words))
        time = chosen(request, specialist, str(data["slot"]), now)
        return page(request, form, specialist, time, [], refused=refused, status=409)
    messages.success(request, _("The time is booked."))
    return redirect("booking", made.pk)


def page(
    request: AuthenticatedHttpRequest,
    form: BookingForm | None,
    specialist: Specialist,
    time: Time | None,
    times: Sequence[Time],
    *,
    refused: refusals.Refused | None = None,
    status: int,
) -> HttpResponse:
    """The page of a form: with the time that was chosen, or with `times` to choose from instead. Without a form it says
    what keeps this person from booking at all.
    """
    if time is None and refused is None:
        asked = request.POST.get("slot") or request.GET.get("slot", "")
        refused = hints.why_lost(specialist, number(asked), timezone.now())
    context = {
        "form": form,
        "specialist": specialist,
        "time": time,
        "times": times,
        "words": refused and refused.words,
        "way_out": refused and way_out(refused),
    }
    return render(request, "consultations/book.html", context, status=status)


def way_out(refused: refusals.Refused) -> tuple[str, str] | None:
    """The page on which somebody can change what keeps them from booking, and its name."""
    match refused:
        case refusals.NotConfirmed():
            return reverse("account_email"), _("Confirm your e-mail address")
        case refusals.TooMany():
            return reverse("consultations"), _("Your meetings")
        case refusals.WithOneself():
            return reverse("practice"), _("Your practice")
    return None


def chosen(request: AuthenticatedHttpRequest, specialist: Specialist, text: str, now: datetime) -> Time | None:
    """The free time of this specialist that is named; none if it is free no longer, or is none."""
    slot = number(text)
    return next(iter(listing.free_times(request.user, specialist, now, slot=slot)), None) if slot else None


def number(text: str) -> int | None:
    """Of a slot, as it stands in an address; none for what can be none."""
    return int(text) if text.isdecimal() and len(text) < 20 and int(text) <= LARGEST else None


def other_times(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> list[Time]:
    """The next three times of the same specialist."""
    return listing.free_times(request.user, specialist, now, most=listing.NEXT_TIMES)


def _filled_in(request: AuthenticatedHttpRequest, time: Time | None) -> dict[str, object]:
    try:
        name = name_of(request.user)
    except CannotOpen:
        name = ""
    return {"slot": time and time.slot, "token": uuid.uuid4(), "writer": request.user.pk, "name": name}
