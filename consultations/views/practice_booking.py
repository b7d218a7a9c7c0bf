"""One meeting as its specialist sees it: what the client chose to say, and what may be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from consultations import policy
from consultations.forms.booking import FitForm
from consultations.forms.practice_booking import AddressForm
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import OCCUPYING, Fit, Side
from consultations.services import leaving, meetings, refusals
from consultations.views.practice import for_specialists
from reflect.lib.methods import require_safe_or_post

PAGE = "consultations/practice/booking.html"
LIST_PAGE = 20


def own(request: AuthenticatedHttpRequest, pk: UUID) -> Booking:
    """A meeting that was booked with this person. Raises Http404."""
    return get_object_or_404(Booking.objects.of_specialist(request.user).select_related("client"), pk=pk)


def meeting_context(request: AuthenticatedHttpRequest, found: Booking, now: datetime) -> dict[str, Any]:
    """All that a specialist may know of a meeting and its client: never an e-mail address, nor other bookings."""
    try:
        words = found.document(found.client) if found.sealed and found.client else None
    except CannotOpen:
        words = None
    earlier = Booking.objects.of_specialist(request.user).filter(
        client=found.client_id, starts_at__lt=found.starts_at, status__in=OCCUPYING
    )
    may_replace = words is not None and policy.may_replace_address(found, now)
    return {
        "booking": found,
        "room": words["address"] if words and not may_replace and policy.link_is_shown(found, now) else "",
        "words": words,
        "cannot_open": found.sealed is not None and words is None,
        "is_first": found.client_id is not None and not earlier.exists(),
        "is_over": found.ends_at <= now,
        "is_blocked": Block.objects.filter(owner=request.user, other=found.client_id).exists(),
        "may_cancel": policy.may_cancel(found, now),
        "may_complete": policy.may_mark_completed(found, now),
        "may_report": policy.may_mark_no_show(found, now),
        "may_object": policy.may_object(found, Side.SPECIALIST),
        "address": AddressForm(found.format, initial={"address": words["address"]}) if words and may_replace else None,
        "fit": FitForm(initial={"fit": found.specialist_fit}) if policy.may_answer_fit(found, now) else None,
    }


@require_safe_or_post
@for_specialists
def practice_booking(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """One meeting. The button (`done`) says what is posted; what cannot be undone asks first, on a page of its own."""
    found, now = own(request, pk), timezone.now()
    context = meeting_context(request, found, now)
    if request.method != "POST":
        return render(request, PAGE, context)
    form: AddressForm | FitForm | None = None
    match request.POST.get("done"):
        case "completed":
            act(request, _("Saved: it took place."), meetings.mark_completed, booking_id=pk, specialist=request.user)
        case "unblocked" if found.client_id:
            leaving.unblock(owner=request.user, other_id=found.client_id)
            messages.success(request, _("Saved. This person can book times with you again."))
        case "address":
            form = context["address"] = AddressForm(found.format, request.POST)
            if form.is_valid():
                said = _("Saved. The client sees it when it is time.")
                options = {"booking_id": pk, "specialist": request.user, "address": form.cleaned_data["address"]}
                act(request, said, meetings.replace_address, **options)
        case "fit":
            form = context["fit"] = FitForm(request.POST)
            if form.is_valid():
                said, fit = _("Saved. Only you can see your answer."), Fit(form.cleaned_data["fit"])
                act(request, said, meetings.answer_fit, booking_id=pk, by=request.user, fit=fit)
    if form and form.errors:
        return render(request, PAGE, context | {"form": form}, status=400)
    return redirect("practice_booking", pk)


@require_safe_or_post
@for_specialists
def practice_cancel(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Call a meeting off; the client is then offered three other times, and other specialists."""
    step = Step(
        title=_("Cancel the meeting"),
        lede=_(
            "The client is told, and offered three other times with you and other specialists. The time stays closed; "
            "you can open it again among your times."
        ),
        button=_("Cancel the meeting"),
        back=_("Keep the meeting"),
        said=_("The meeting is cancelled, and its time is closed. The client is offered other times."),
    )
    cancel = partial(meetings.cancel_by_specialist, booking_id=pk, specialist=request.user)
    return ask(request, own(request, pk), step, cancel, may=policy.may_cancel)


@require_safe_or_post
@for_specialists
def practice_no_show(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Say that the client did not come."""
    step = Step(
        title=_("The client did not come"),
        lede=_("The client sees it and can object. Then a person on our side looks at it."),
        button=_("Report it"),
        said=_("Saved. The client sees it and can object."),
    )
    report = partial(meetings.mark_no_show, booking_id=pk, by=request.user)
    return ask(request, own(request, pk), step, report, may=policy.may_mark_no_show)


@require_safe_or_post
@for_specialists
def practice_object(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Say that it was not so, when the client says that one did not come."""
    step = Step(
        title=_("Say that you were there"),
        lede=_(
            "The client says that you did not come. If you did, say so here, and a person on our side looks at it. "
            "What they find is shown on the page of this meeting."
        ),
        button=_("I was there"),
        said=_("Saved. A person on our side looks at it."),
    )
    complain = partial(meetings.object_to, booking_id=pk, by=request.user)
    return ask(request, own(request, pk), step, complain, may=lambda one, now: policy.may_object(one, Side.SPECIALIST))


@require_safe_or_post
@for_specialists
def practice_block(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Take no more bookings from this person."""
    step = Step(
        title=_("No more meetings with this person"),
        lede=_(
            "What you have booked together is cancelled. The person only sees that no time is free. You can take it "
            "back on the page of this meeting."
        ),
        button=_("Take no more bookings"),
        said=_("Saved. This person can book no more times with you."),
    )
    found = own(request, pk)
    if found.client_id is None:
        return redirect("practice_booking", pk)
    block = partial(leaving.block, owner=request.user, other_id=found.client_id)
    return ask(request, found, step, block, may=lambda one, now: True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The words of a step that asks first. `said` is said once it is done."""

    title: str
    lede: str
    button: str
    said: str
    back: str = ""


def ask(
    request: AuthenticatedHttpRequest,
    found: Booking,
    step: Step,
    change: Callable[..., object],
    *,
    may: Callable[[Booking, datetime], bool],
) -> HttpResponse:
    """Show the step; only its button takes it. Where it may not be taken any more, the meeting is shown instead."""
    if may(found, timezone.now()):
        if request.method != "POST":
            return render(request, "consultations/practice/ask.html", {"booking": found, "step": step})
        act(request, step.said, change)
    return redirect("practice_booking", found.pk)


@require_safe
@for_specialists
def practice_meetings(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Meetings that are over, the latest first; page by page by key (`after`, a meeting's id)."""
    past = Booking.objects.of_specialist(request.user).past(timezone.now())
    if "after" in request.GET:
        try:
            past = past.behind(UUID(request.GET["after"]))
        except ValueError:
            raise Http404 from None
    shown = list(past[: LIST_PAGE + 1])
    older = shown[LIST_PAGE - 1].pk if len(shown) > LIST_PAGE else None
    context = {"meetings": shown[:LIST_PAGE], "older": older}
    return render(request, "consultations/practice/meetings.html", context)


def act(request: AuthenticatedHttpRequest, said: str, change: Callable[..., object], **options: object) -> None:
    """Do something about a meeting, and say so; or say why it was not done."""
    try:
        change(**options, now=timezone.now())
    except refusals.Refused as refused:
        messages.error(request, str(refused.words))
    except CannotOpen:
        messages.error(request, _("What was agreed can't be opened. It has not been changed."))
    else:
        messages.success(request, said)
