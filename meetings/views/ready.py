"""A member gets ready for a meeting: notes of their own, and what to share. Saving them shares nothing."""

from collections.abc import Sized
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import draft_answers
from accounts.access import gives_back
from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from accounts.self_document import gentle_prompts
from consultations.models import Booking
from consultations.models.bookings import CANCELLED
from consultations.policy import is_ahead, notes_are_kept
from consultations.views.steps import pressed
from journal.reading import after, entries, list_entries
from lib.direction import isolated
from lib.ids import uuid_of
from lib.methods import HttpResponseSeeOther, require_safe_or_post, sent
from lib.waits import BUSY
from meetings import policy, reading
from meetings.forms.preparation import EntriesForm, ReadyForm
from meetings.models import Preparation
from meetings.models.preparation import Plan
from meetings.services import preparing
from meetings.views.bookings import own
from meetings.views.talk import TALKED_OVER

Plans = list[tuple[Preparation, Plan | None]]


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The texts as they were posted, where nothing can be stored."""
    context = {"form": ReadyForm.posted(request.POST), "status": status, "busy": status in BUSY}
    return render(request, "meetings/ready_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def ready(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The notes for a meeting, what is shared, and who has looked."""
    booking, now = own(request, pk), timezone.now()
    if not notes_are_kept(booking, now):
        return words_again(request, 409) if request.method == "POST" else redirect("booking", pk)
    if request.method != "POST":
        return page(request, booking, now)
    form = posted(request.user, booking, request.POST, now)
    if not form.is_valid():
        return page(request, booking, now, form, 400)
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        return refused(request, booking, now, form, TOO_OFTEN, 429)
    try:
        row = preparing.save_plan(owner=request.user, booking_id=pk, write=form.write, now=now)
    except Full:
        return refused(request, booking, now, form, NO_ROOM, 400)
    except (Preparation.DoesNotExist, preparing.Over):
        return words_again(request, 409)
    if row.pk != form.write.id:
        messages.info(request, _("This was also changed somewhere else. Both versions are kept."))
        return redirect("ready", pk)
    match pressed(request):
        case "preview":
            return redirect("ready_preview", pk)
        case "entries":
            return redirect("ready_entries", pk)
    messages.success(request, saved(request.user, booking, now))
    return redirect("ready", pk)


def saved(user: User, booking: Booking, now: datetime) -> str:
    """What is said of notes that are saved: what is shared is a copy of how they were before."""
    if not sees_copy(reading.shared(user, booking), booking, now):
        return _("Saved. Only you can read it.")
    words = _("Saved for yourself. %(name)s still sees the copy that you shared.")
    if offers_sharing(user, booking, now):
        words = _(
            "Saved for yourself. %(name)s still sees the copy that you shared. To share it as it is now, choose “See "
            "what %(name)s will see”."
        )
    return words % {"name": isolated(str(booking.specialist))}


def sees_copy(shared: Sized, booking: Booking, now: datetime) -> bool:
    """Whether the specialist can look at something that was shared for this meeting."""
    return bool(shared) and policy.may_see(booking, now)


def refused(
    request: AuthenticatedHttpRequest,
    booking: Booking,
    now: datetime,
    form: ReadyForm,
    words: str | Promise,
    status: int,
) -> HttpResponse:
    form.add_error(None, str(words))
    return page(request, booking, now, form, status)


def posted(user: User, booking: Booking, data: QueryDict, now: datetime) -> ReadyForm:
    """The form as it was posted; what it names is offered if it is still there."""
    plan = Plan(result=id_in(data.get("result", "")), entries=tuple(filter(None, map(id_in, data.getlist("entries")))))
    return ReadyForm(data, **offered(user, booking, plan, now))


def id_in(text: str) -> str:
    """As plans have it: "" for none."""
    return str(uuid_of(text) or "")


def offers_sharing(user: User, booking: Booking, now: datetime) -> bool:
    """Whether a page offers to share: never with gentle prompts on."""
    return policy.may_share(booking, now) and not gentle_prompts(user)


def offered(user: User, booking: Booking, plan: Plan, now: datetime) -> dict[str, Any]:
    """What the form asks beside the texts: nothing where no sharing is offered."""
    if booking.specialist is None or not offers_sharing(user, booking, now):
        return {}
    return {
        "name": booking.specialist.name,
        "results": reading.results_at_hand(user, plan.result),
        "entries": reading.entries_at_hand(user, plan.entries),
    }


def current(plans: Plans) -> tuple[Preparation | None, Plan]:
    """The latest version of the notes that can be opened; empty ones where there is none."""
    return next(((row, plan) for row, plan in plans if plan), (None, Plan()))


def page(
    request: AuthenticatedHttpRequest, booking: Booking, now: datetime, form: ReadyForm | None = None, status: int = 200
) -> HttpResponse:
    plans = reading.plans(request.user, booking)
    row, plan = current(plans)
    shared, may_share = reading.shared(request.user, booking), offers_sharing(request.user, booking, now)
    if form is None:
        if row is None:  # a result that somebody wants to talk over is offered; nothing is ticked
            plan = Plan(result=id_in(str(request.session.get(TALKED_OVER, ""))))
        form = ReadyForm.of(request.user, row, plan, **offered(request.user, booking, plan, now))
    context = {
        "booking": booking,
        "form": form,
        "is_prepared": row is not None and may_share,
        "others": [pair for pair in plans if row is None or pair[0].pk != row.pk],
        "until": policy.shared_until(booking),
        "is_ahead": is_ahead(booking, now),
        "may_share": may_share,
        "is_cancelled": booking.status in CANCELLED,
        "shared": shared,
        "sees_copy": sees_copy(shared, booking, now),
        "openings": reading.openings(request.user, booking),
        "draft_address": reverse("ready_draft", args=[booking.pk]),
    }
    return render(request, "meetings/ready.html", context, status=status)


@for_script
def ready_draft(request: AuthenticatedHttpRequest, pk: UUID) -> JsonResponse:
    """Save the notes for the script of the form."""
    user = request.user
    gone, now = _("These notes can’t be saved here. Copy your words, then open the page again."), timezone.now()
    booking = Booking.objects.of_client(user).select_related("specialist").filter(pk=pk).first()
    if booking is None:
        return draft_answers.refused(gone, 404)
    form = posted(user, booking, request.POST, now)
    if not form.is_valid():
        return draft_answers.wrong(form)
    if not within_limit(user, "writing", now=now, size=sent(request)):
        return draft_answers.too_often()
    try:
        row = preparing.save_plan(owner=user, booking_id=pk, write=form.write, now=now)
    except Full:
        return draft_answers.refused(NO_ROOM)
    except (Preparation.DoesNotExist, Booking.DoesNotExist, preparing.Over):
        return draft_answers.refused(gone, 404)
    address = reverse("ready", args=[pk])
    if row.pk != form.write.id:
        return draft_answers.both_kept(address)
    return draft_answers.saved(row.revision, row.changed_at, address)


@require_POST
def ready_version(request: AuthenticatedHttpRequest, pk: UUID, version: UUID) -> HttpResponse:
    """Go on with another version of the notes, or delete it."""
    booking = own(request, pk)
    found = get_object_or_404(Preparation.objects.visible_to(request.user).filter(booking=booking), pk=version)
    if pressed(request) == "delete":
        preparing.discard(owner=request.user, preparation_id=found.pk)
        messages.success(request, _("The version is deleted."))
    else:
        preparing.prefer(owner=request.user, preparation_id=found.pk, now=timezone.now())
    return redirect("ready", pk)


@require_safe_or_post
def ready_entries(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Choose entries from the whole journal, a page at a time; `after` is the last one seen."""
    booking, now = own(request, pk), timezone.now()
    row, plan = current(reading.plans(request.user, booking))
    if row is None or not offers_sharing(request.user, booking, now):
        return redirect("ready", pk)
    rows = entries(request.user)
    behind = uuid_of(request.GET.get("after", ""))
    listed = list_entries(request.user, after(rows, request.user, behind) if behind else rows)
    found = [entry for group in listed.months for entry in group.entries]
    here = {str(entry.row.pk) for entry in found}
    others = [chosen for chosen in plan.entries if chosen not in here]
    form = EntriesForm(
        request.POST if request.method == "POST" else None,
        entries=found,
        others=others,
        initial={"entries": plan.entries},
    )
    if form.is_valid():
        chosen = (*others, *form.cleaned_data["entries"])
        try:
            preparing.choose_entries(owner=request.user, preparation_id=row.pk, entries=chosen, now=now)
        except (Preparation.DoesNotExist, CannotOpen):
            messages.info(request, _("Nothing was changed, because this page was out of date. Please try again."))
        if pressed(request) == "more" and listed.older:
            return HttpResponseSeeOther(f"{reverse('ready_entries', args=[pk])}?after={listed.older}")
        return HttpResponseSeeOther(f"{reverse('ready', args=[pk])}#share")
    context = {"booking": booking, "form": form, "older": listed.older, "is_first": not behind}
    return render(request, "meetings/entries.html", context, status=400 if form.errors else 200)
