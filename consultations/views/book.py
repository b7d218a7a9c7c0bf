"""Booking a slot. Whatever stands in the way, the form comes back with all that was typed."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.preferences import save_settings
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from accounts.self_document import name_of
from consultations import listing
from consultations.forms.booking import LARGEST, BookingForm, booking_again, leave_out_late
from consultations.models import Booking, Specialist
from consultations.models.profiles import Format
from consultations.picker import FreeSlot
from consultations.services import bookings, hints, refusals
from consultations.views.steps import status_of
from lib.methods import require_safe_or_post
from lib.waits import BUSY

UNCHOSEN = "UTC"  # the time zone of a new account
SLOT_IS_LOST = (refusals.Taken, refusals.Gone, refusals.TooSoon, refusals.TooFar, refusals.Occupied)


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """Where nothing can be booked, give the posted words back to be copied. Nothing is stored."""
    form = booking_again(Format.values, request.POST)
    busy = status in BUSY
    context = {
        "form": form,
        "status": status,
        "busy": busy,
        "slug": request.resolver_match and request.resolver_match.kwargs["slug"],
    }
    return render(request, "consultations/book_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def book(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Show the form for the slot that the query names (`slot`); a POST books it."""
    now = timezone.now()
    specialist = Specialist.objects.reachable().filter(slug=slug).first()
    if request.method == "POST":
        return save(request, specialist, now) if specialist else words_again(request, 409)
    if specialist is None:
        raise Http404
    if not request.GET.get("slot"):
        messages.info(request, _("Choose a time."))
        return redirect("specialist", slug)
    mine = Booking.objects.of_client(request.user).upcoming(now).filter(specialist=specialist)
    if booked := mine.first():
        messages.info(request, _("You already have a meeting with this specialist."))
        return redirect("booking", booked.pk)
    slot = chosen(request, specialist, now)
    refused = hints.obstacle(request.user, specialist, slot, now)
    if isinstance(refused, SLOT_IS_LOST):
        slot = None
    elif refused:
        return page(request, specialist, None, slot, refused, now)
    form = BookingForm(specialist.formats, initial=_filled_in(request, slot), asks_zone=asks_zone(request.user))
    return page(request, specialist, form, slot, refused, now)


def save(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> HttpResponse:
    """Book the posted slot, or show the form again with what was typed and the reason of the refusal."""
    form = BookingForm(specialist.formats, request.POST, asks_zone="timezone" in request.POST)
    if takes_zone(request, form, now):
        return page(request, specialist, form, chosen(request, specialist, now), None, now)
    refused = None
    if form.is_valid():
        try:
            if not within_limit(request.user, "booking", now=now):
                raise refusals.TooOften
            made = bookings.book(
                client=request.user,
                specialist_id=specialist.pk,
                slot_id=form.cleaned_data["slot"],
                details=form.details,
                token=form.cleaned_data["token"],
                now=now,
            )
        except refusals.Refused as error:
            refused = error
        else:
            messages.success(request, _("Your meeting is booked."))
            return redirect("booking", made.pk)
    slot = None if isinstance(refused, SLOT_IS_LOST) else chosen(request, specialist, now)
    return page(request, specialist, form, slot, refused, now)


def asks_zone(user: User) -> bool:
    """Whether the time zone may never have been chosen: where there are no scripts, sign-up leaves it at UTC."""
    return user.timezone == UNCHOSEN and not Booking.objects.of_client(user).exists()


def takes_zone(request: AuthenticatedHttpRequest, form: BookingForm, now: datetime) -> bool:
    """Store another time zone that was chosen, and ask to look at the time before it is booked."""
    zone = form.data.get("timezone") or UNCHOSEN
    if zone == request.user.timezone or "timezone" not in form.fields or form.has_error("timezone"):
        return False
    request.user.timezone = zone
    save_settings(user=request.user, now=now, fields=["timezone"])
    timezone.activate(zone)
    del form.fields["timezone"]
    messages.info(request, _("Times are now in your time zone. Check the time, then press “Book this time”."))
    return True


def page(
    request: AuthenticatedHttpRequest,
    specialist: Specialist,
    form: BookingForm | None,
    slot: FreeSlot | None,
    refused: refusals.Refused | None,
    now: datetime,
) -> HttpResponse:
    """Render the form with its errors or the refusal, and with other slots if the wanted one is lost.

    Without a form the page only says why this person cannot book at all. Status 400 for errors, 409 for a refusal,
    429 for too many tries.
    """
    if slot is None and refused is None:
        refused = hints.why_lost(specialist, number(asked(request)), now)
    status = 400 if form and form.errors else status_of(refused) if refused else 200
    slots: list[FreeSlot] = []
    if form and isinstance(refused, SLOT_IS_LOST):
        slots = listing.free_slots(request.user, specialist, now, most=listing.NEXT_SLOTS)
        form.offer(slots)
    elif form and refused:
        form.add_error("format" if isinstance(refused, refusals.NotOffered) else None, str(refused.words))
    if form and slot:
        leave_out_late(form, slot.starts_at - now)
    context = {
        "form": form,
        "specialist": specialist,
        "slot": slot,
        "slots": slots,
        "words": refused and refused.words,
        "way_out": refused and way_out(refused),
    }
    return render(request, "consultations/book.html", context, status=status)


def way_out(refused: refusals.Refused) -> tuple[str, str] | None:
    """The URL and link text of the page where the client can remove the obstacle, if there is one."""
    match refused:
        case refusals.NotConfirmed():
            return reverse("account_email"), _("Confirm your e-mail address")
        case refusals.TooMany():
            return reverse("consultations"), _("Your meetings")
        case refusals.WithOneself():
            return reverse("practice:overview"), _("Your practice")
    return None


def asked(request: HttpRequest) -> str:
    """The slot's id as posted or in the query, unchecked."""
    return request.POST.get("slot") or request.GET.get("slot", "")


def chosen(request: AuthenticatedHttpRequest, specialist: Specialist, now: datetime) -> FreeSlot | None:
    """The free slot of this specialist that the request names; None if it is not free, or no longer."""
    pk = number(asked(request))
    return next(iter(listing.free_slots(request.user, specialist, now, slot_id=pk)), None) if pk else None


def number(text: str) -> int | None:
    """Parse a slot's id; None for text that cannot be one."""
    return int(text) if text.isdecimal() and len(text) < 20 and int(text) <= LARGEST else None


def _filled_in(request: AuthenticatedHttpRequest, slot: FreeSlot | None) -> dict[str, object]:
    try:
        name = name_of(request.user)
    except CannotOpen:
        name = ""
    return {"slot": slot and slot.pk, "token": uuid.uuid4(), "writer": request.user.pk, "name": name}
