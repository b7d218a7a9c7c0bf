"""One booking as its specialist sees it: what the client chose to say, and what may be done about it."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from consultations import joining, policy
from consultations.forms.booking import FitForm
from consultations.listing import NEXT_SLOTS
from consultations.models import Booking, Specialist
from consultations.models.bookings import OCCUPYING, Fit, Side, Status
from consultations.services import booking_changes, proposals
from consultations.views.blocks import block_page, has_blocked
from consultations.views.steps import Step, act, act_with_words, ask_first, pressed, say_out_of_date
from exchange.reading import known_as
from lib.figures import spelled
from lib.methods import require_safe_or_post
from meetings.declarations import PRIVATE_NOTES
from meetings.policy import may_see
from practice.access import for_specialists, keeps_words
from practice.forms.bookings import AddressForm
from practice.forms.words import WordsForm

PAGE = "practice/booking.html"


def own(request: AuthenticatedHttpRequest, pk: UUID) -> Booking:
    """A booking with this specialist. Raises Http404."""
    rows = Booking.objects.of_specialist(request.user).select_related("client", "specialist")
    return get_object_or_404(rows.with_last_change(), pk=pk)


def words_of(found: Booking) -> dict[str, Any] | None:
    """The booking's sealed document; None if it was erased or cannot be opened."""
    try:
        return found.document(found.client) if found.sealed and found.client else None
    except CannotOpen:
        return None


def booking_context(request: AuthenticatedHttpRequest, found: Booking, now: datetime) -> dict[str, Any]:
    """All that a specialist may see of a booking and its client: never the e-mail address or other bookings."""
    words = words_of(found)
    earlier = Booking.objects.of_specialist(request.user).filter(
        client=found.client_id, starts_at__lt=found.starts_at, status__in=OCCUPYING
    )
    proposal = policy.proposal_in(found, words, now)
    proposed = proposals.with_slots(found, proposal, now) if proposal and proposal.is_open else []
    may_replace = words is not None and policy.may_replace_address(found, now)
    return {
        "booking": found,
        "room": None if may_replace else joining.room_of(found, words, now, hosts=True),
        "words": words,
        "months": PRIVATE_NOTES.months,
        "cannot_open": found.sealed is not None and words is None,
        "is_first": found.client_id is not None and not earlier.exists(),
        "conversation": known_as(request.user, found.client_id, words["name"]) if words and found.client_id else None,
        "is_over": found.ends_at <= now,
        "is_blocked": has_blocked(request, found.client_id),
        "may_see_shared": may_see(found, now),
        "may_propose": words is not None and policy.may_propose(found, now),
        "proposal": proposal,
        "proposed": proposed,
        "none_is_free": not any(slot for _start, slot in proposed),
        "may_cancel": policy.may_cancel(found, now),
        "may_complete": policy.may_mark_completed(found, now),
        "may_report": policy.may_mark_no_show(found, now),
        "may_object": policy.may_object(found, Side.SPECIALIST),
        "address": AddressForm(found.format, initial={"address": words["address"]}) if words and may_replace else None,
        "fit": FitForm(initial={"fit": found.specialist_fit}) if policy.may_answer_fit(found, now) else None,
    }


@require_safe_or_post
@for_specialists
def booking(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """The specialist's page of a booking. What cannot be undone has a confirmation page of its own."""
    found, now = own(request, pk), timezone.now()
    match pressed(request):
        case "completed":
            complete = partial(booking_changes.mark_completed, booking_id=pk, specialist=request.user)
            act(request, _("Saved: the meeting took place."), complete)
        case "address":
            address = AddressForm(found.format, request.POST)
            if not address.is_valid():
                return page(request, found, now, address=address, form=address)
            replace = partial(
                booking_changes.replace_address, booking_id=pk, specialist=request.user, **address.cleaned_data
            )
            act(request, _("Saved. The client sees it shortly before the meeting."), replace)
        case "fit":
            fit = FitForm(request.POST)
            if not fit.is_valid():
                return page(request, found, now, fit=fit, form=fit)
            chosen = Fit(fit.cleaned_data["fit"])
            answer = partial(booking_changes.answer_fit, booking_id=pk, by=request.user, fit=chosen)
            act(request, _("Saved. Only you can see your answer."), answer)
        case _unknown if request.method == "POST":
            say_out_of_date(request)
    return redirect("practice:booking", pk) if request.method == "POST" else page(request, found, now)


def page(request: AuthenticatedHttpRequest, found: Booking, now: datetime, **invalid: Form) -> HttpResponse:
    """Render the booking's page. Forms in `invalid` replace those of the context, with status 400."""
    context = booking_context(request, found, now) | invalid
    return render(request, PAGE, context, status=400 if invalid else 200)


@keeps_words(WordsForm, gettext_lazy("Cancel the meeting"))
@require_safe_or_post
@for_specialists
def booking_cancel(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Cancel the booking, with words. The client is offered other slots and other specialists.

    Words for a meeting that began meanwhile, or that the client cancelled, come back with what happened.
    """
    found = own(request, pk)
    is_late = not policy.may_cancel(found, timezone.now())
    if is_late and (request.method != "POST" or found.status == Status.CANCELLED_BY_SPECIALIST):
        return redirect("practice:booking", pk)
    form = WordsForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_valid():
        cancel = partial(booking_changes.cancel_by_specialist, booking_id=pk, specialist=request.user, words=form.said)
        done = _("The meeting is cancelled, and its time is closed. The client is offered other times.")
        if act_with_words(request, done, cancel, form):
            return redirect("practice:booking", pk)
    context = {"booking": found, "form": form, "times": spelled(NEXT_SLOTS)}
    return render(request, "practice/cancel.html", context, status=400 if form.errors else 200)


@require_safe_or_post
@for_specialists
def booking_no_show(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Report that the client did not come."""
    found = own(request, pk)
    step = Step(
        title=_("The client did not come"),
        lede=_("The client can see this and object. Then someone on our team will look at it."),
        button=_("Report it"),
        done=_("Saved. The client can see this and object."),
    )
    report = partial(booking_changes.mark_no_show, booking_id=pk, by=request.user)
    allowed = policy.may_mark_no_show(found, timezone.now())
    return ask_first(request, found, step, report, allowed=allowed, back_to="practice:booking")


@require_safe_or_post
@for_specialists
def booking_block(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Block this client."""
    found, back_to = own(request, pk), reverse("practice:booking", args=[pk])
    name = (words_of(found) or {}).get("name", "")
    return block_page(request, found.client_id, name=name, back_to=back_to, tab_title=_("Appointment"))
