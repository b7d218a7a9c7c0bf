"""One booking as its client sees it, and what the client may do about it."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from accounts.self_document import gentle_prompts
from consultations import calendars, joining, listing, policy
from consultations.forms.booking import CalendarForm, FitForm, MoveForm, RemindersForm
from consultations.models import Booking, Specialist
from consultations.models.bookings import CANCELLED, Fit, Side, Status
from consultations.services import booking_changes, bookings, proposals, refusals
from consultations.times import SESSION_LINK
from consultations.views.blocks import has_blocked
from consultations.views.specialists import week_of
from consultations.views.steps import Step, act, ask_first, pressed, say_out_of_date, status_of
from lib.methods import require_safe_or_post

PAGE = "consultations/booking_detail.html"


def own(request: AuthenticatedHttpRequest, pk: UUID) -> Booking:
    """A booking made by this user. Raises Http404."""
    rows = Booking.objects.of_client(request.user).select_related("specialist")
    return get_object_or_404(rows.with_last_change(), pk=pk)


@require_safe_or_post
def booking(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The client's page of a booking, and its buttons that need no confirmation."""
    found, now = own(request, pk), timezone.now()
    match pressed(request):
        case "came":
            came = partial(booking_changes.take_back_no_show, booking_id=pk, client=request.user)
            act(request, _("Saved: the specialist came."), came)
        case "mails":
            form = RemindersForm(request.POST, starts_in=found.starts_at - now)
            if not form.is_valid():
                return page(request, found, now, mails=form, form=form)
            mails = partial(booking_changes.set_reminders, booking_id=pk, client=request.user, **form.cleaned_data)
            act(request, _("Saved."), mails)
        case _unknown if request.method == "POST":
            say_out_of_date(request)
    return redirect("booking", pk) if request.method == "POST" else page(request, found, now)


def page(request: AuthenticatedHttpRequest, found: Booking, now: datetime, **invalid: Form) -> HttpResponse:
    """Render the booking's page. Forms in `invalid` replace those of the context, with status 400."""
    context = booking_context(request, found, now) | invalid
    return render(request, PAGE, context, status=400 if invalid else 200)


def booking_context(request: AuthenticatedHttpRequest, found: Booking, now: datetime) -> dict[str, Any]:
    """The context of the booking's page: what the client may see and do at `now`."""
    words = words_of(found, request.user)
    mail = {True: "yes", False: "no", None: None}[found.mail]
    chosen = {"mail": mail, "remind_day": found.remind_day, "remind_hour": found.remind_hour}
    context: dict[str, Any] = {
        "booking": found,
        "words": words,
        "cannot_open": found.sealed is not None and words is None,
        "room": joining.room_of(found, words, now),
        "link_from": found.starts_at - SESSION_LINK,
        "link_until": found.ends_at + SESSION_LINK,
        "is_over": found.ends_at <= now,
        "is_gentle": gentle_prompts(request.user),
        "is_ahead": policy.is_ahead(found, now),
        "notes_kept": policy.notes_are_kept(found, now),
        "is_cancelled": found.status in CANCELLED,
        "is_blocked": has_blocked(request, found.specialist_id),
        "may_move": policy.may_move(found, now),
        "may_cancel": policy.may_cancel(found, now),
        "may_report": policy.may_mark_no_show(found, now),
        "may_take_back": policy.may_take_back(found, Side.CLIENT),
        "may_object": policy.may_object(found, Side.CLIENT),
        "mails": RemindersForm(initial=chosen, starts_in=found.starts_at - now),
        "calendar": CalendarForm(initial={"summary": (words or {}).get("summary") or _("Appointment")}),
    }
    proposal = policy.proposal_in(found, words, now)
    if proposal and not proposal.kept:
        proposed = proposals.with_slots(found, proposal, now)
        none_is_free = not any(slot for _start, slot in proposed)
        context |= {"proposal": proposal, "proposed": proposed, "none_is_free": none_is_free}
    if policy.may_answer_fit(found, now):
        context["fit"] = FitForm(initial={"fit": found.client_fit})
    context["has_stopped"] = found.specialist is None or found.specialist.ended_at is not None
    if found.status == Status.CANCELLED_BY_SPECIALIST and not context["has_stopped"] and found.specialist:
        is_reachable = Specialist.objects.reachable().filter(pk=found.specialist.pk).exists()
        slots = listing.free_slots(request.user, found.specialist, now, most=listing.NEXT_SLOTS)
        context["slots"] = slots if is_reachable else []
    return context


def words_of(found: Booking, client: User) -> dict[str, Any] | None:
    """The booking's sealed document; None if it was erased or cannot be opened."""
    try:
        return found.document(client) if found.sealed else None
    except CannotOpen:
        return None


@require_safe_or_post
def booking_file(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The calendar file. Its summary is posted, to keep it out of URLs, and saved for the next download."""
    found, now = own(request, pk), timezone.now()
    words = words_of(found, request.user)
    summary = words["summary"] if words else ""
    if request.method == "POST":
        form = CalendarForm(request.POST)
        if not form.is_valid():
            return page(request, found, now, calendar=form, form=form)
        summary = form.cleaned_data["summary"]
        if words:
            booking_changes.set_summary(booking_id=pk, client=request.user, summary=summary)
    file = HttpResponse(calendars.booking_file(found, summary, now=now), content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return file


@require_safe_or_post
def booking_move(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Move the booking to another slot of the same specialist. It stays as it is if that slot cannot be had."""
    found, now = own(request, pk), timezone.now()
    if not found.specialist or not policy.may_move(found, now):
        return redirect("booking", pk)
    if not Specialist.objects.reachable().filter(pk=found.specialist.pk).exists():
        messages.info(request, str(refusals.NobodyThere.words))
        return redirect("booking", pk)
    form = MoveForm(request.POST if request.method == "POST" else None)
    status = 409 if form.errors else 200
    if form.is_valid():
        if form.cleaned_data["slot"] == found.slot_id:
            messages.info(request, _("The meeting is already at this time."))
            return redirect("booking", pk)
        try:
            if not within_limit(request.user, "booking", now=now):
                raise refusals.TooOften
            bookings.reschedule(booking_id=pk, client=request.user, slot_id=form.cleaned_data["slot"], now=now)
        except refusals.Refused as refused:
            form.add_error("slot", str(refused.words))
            status = status_of(refused)
        else:
            done = _("The meeting has been moved. If it is in your calendar, add the new file there too.")
            messages.success(request, done)
            return redirect("booking", pk)
    context = {"booking": found, "form": form, "week": week_of(request, found.specialist)}
    return render(request, "consultations/booking_move.html", context, status=status)


@require_safe_or_post
def booking_cancel(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Cancel the booking. No reason is asked for."""
    found, now = own(request, pk), timezone.now()
    lede = _("You do not have to give a reason.")
    if found.specialist and found.starts_at - now >= found.specialist.notice:
        lede += " " + _("The time then becomes free for someone else.")
    step = Step(
        title=_("Cancel the meeting"),
        lede=lede,
        button=_("Cancel the meeting"),
        back=_("Keep the meeting"),
        done=_("The meeting is cancelled."),
    )
    cancel = partial(booking_changes.cancel_by_client, booking_id=pk, client=request.user)
    allowed = policy.may_cancel(found, now)
    return ask_first(request, found, step, cancel, allowed=allowed, back_to="booking", leads_to="consultations")


@require_safe_or_post
def booking_no_show(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Report that the specialist did not come."""
    found = own(request, pk)
    step = Step(
        title=_("The specialist did not come"),
        lede=_(
            "The specialist can see this and object. Then someone on our team will look at it. Until then you can "
            "take it back."
        ),
        button=_("Report it"),
        done=_("Saved. The specialist can see this and object."),
    )
    report = partial(booking_changes.mark_no_show, booking_id=pk, by=request.user)
    allowed = policy.may_mark_no_show(found, timezone.now())
    return ask_first(request, found, step, report, allowed=allowed, back_to="booking")


@require_safe_or_post
def booking_fit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Save the client's private answer to "Was it a good fit?"."""
    found = own(request, pk)
    form = FitForm(request.POST if request.method == "POST" else None)
    if form.errors:
        return page(request, found, timezone.now(), fit=form, form=form)
    if form.is_valid():
        fit = Fit(form.cleaned_data["fit"])
        answer = partial(booking_changes.answer_fit, booking_id=pk, by=request.user, fit=fit)
        act(request, _("Saved. Only you can see your answer."), answer)
        return redirect("going_on", pk)
    return redirect("booking", pk)
