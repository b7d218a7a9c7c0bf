"""A member's next step after a meeting: written, read, answered and taken away. Nobody else sees it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import draft_answers
from accounts.access import gives_back
from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.services.refusals import NotNow
from lib.figures import lasting
from lib.ids import uuid_of
from lib.methods import require_safe_or_post, sent
from lib.waits import BUSY
from meetings import policy, reading
from meetings.forms.next_steps import AnswerForm, NextStepForm
from meetings.limits import STEP_WRITTEN_WITHIN
from meetings.models import NextStep
from meetings.models.next_steps import Answer, Intent
from meetings.services import next_steps
from meetings.views.bookings import own

CANNOT_OPEN = gettext_lazy("Your next step can’t be opened. It has not been changed.")
TO_COPY = gettext_lazy("Your words are still here for you to copy.")


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form as it was posted, where nothing can be read or stored."""
    context = {"form": NextStepForm.posted(request.POST), "signed_out": status == 401, "busy": status in BUSY}
    return render(request, "meetings/next_step_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def step(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write the next step, change it or delete it; later only read or delete it."""
    found, now, form = own(request, pk), timezone.now(), None
    if request.method == "POST":
        form = take(request, found)
        if form is None:
            return redirect("booking" if "delete" in request.POST else "next_step", pk)
    context = {"booking": found, "until": found.ends_at + STEP_WRITTEN_WITHIN} | step_of(request.user, found, form)
    may_write = policy.may_write_step(found, now)
    if form is None and not (may_write or context["written"]):
        messages.info(request, too_late())
        return redirect("booking", pk)
    if form is None and not may_write:
        context["form"] = None
    return render(request, "meetings/next_step.html", context, status=400 if form else 200)


def step_of(owner: User, found: Booking, form: NextStepForm | None = None) -> dict[str, Any]:
    """What a page shows of the step: its form, or the one that was refused, and other versions.

    Without a form, it cannot be opened, and must not be saved over.
    """
    draft_address = reverse("next_step_draft", args=[found.pk])
    try:
        versions = reading.steps(owner, found)
    except CannotOpen:
        return {"form": form, "intent": None, "written": True, "others": [], "draft_address": draft_address}
    row, intent = versions[0] if versions else (None, Intent(""))
    return {
        "form": form or NextStepForm.of(owner, row, intent),
        "intent": intent,
        "written": bool(versions),
        "others": versions[1:],
        "draft_address": draft_address,
    }


def take(request: AuthenticatedHttpRequest, found: Booking) -> NextStepForm | None:
    """Do what a page with the step asks for: save it, delete it, or choose between its versions.

    Returns the form, with what is wrong, if nothing was saved.
    """
    user = request.user
    if "delete" in request.POST:
        next_steps.delete_step(owner=user, booking_id=found.pk)
        messages.success(request, _("Your next step is deleted."))
        return None
    if version := uuid_of(request.POST.get("prefer", "")):
        next_steps.prefer(owner=user, step_id=version, now=timezone.now())
        return None
    if version := uuid_of(request.POST.get("discard", "")):
        next_steps.discard(owner=user, step_id=version)
        messages.success(request, _("The version is deleted."))
        return None
    form = NextStepForm(request.POST)
    if form.is_valid() and (said := save(request, form, found.pk)):
        form.add_error(None, str(said))
    return form if form.errors else None


def save(request: AuthenticatedHttpRequest, form: NextStepForm, pk: UUID) -> str | Promise:
    """Store what was written. Returns why it was not stored."""
    now = timezone.now()
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        return TOO_OFTEN
    try:
        row = next_steps.save_step(owner=request.user, booking_id=pk, write=form.write, now=now)
    except Full:
        return NO_ROOM
    except CannotOpen:
        return f"{CANNOT_OPEN} {TO_COPY}"
    except (NotNow, NextStep.DoesNotExist):
        return f"{too_late()} {TO_COPY}"
    if row.pk == form.write.id:
        messages.success(request, _("Saved. Only you can see it."))
    else:
        messages.info(request, _("This was also changed somewhere else. Both versions are kept."))
    return ""


def too_late() -> str:
    words = _("A next step can be written until %(time)s after a meeting that took place.")
    return words % {"time": lasting(STEP_WRITTEN_WITHIN, "days", spell=True)}


@for_script
def step_draft(request: AuthenticatedHttpRequest, pk: UUID) -> JsonResponse:
    """Save the step for the script of its form, which stands on two pages: each is loaded again where it is (".")."""
    gone, now = _("Your next step can’t be saved here. Copy your words, then open the page again."), timezone.now()
    form = NextStepForm(request.POST, draft=True)
    if not form.is_valid():
        return draft_answers.wrong(form)
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        return draft_answers.too_often()
    try:
        row = next_steps.save_step(owner=request.user, booking_id=pk, write=form.write, now=now)
    except Full:
        return draft_answers.refused(NO_ROOM)
    except (Booking.DoesNotExist, NextStep.DoesNotExist, NotNow, CannotOpen):
        return draft_answers.refused(gone, 404)
    if row.pk != form.write.id:
        return draft_answers.both_kept(".")
    return draft_answers.saved(row.revision, row.changed_at, ".")


@require_POST
def answer(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Say how it is with the step, once. It then leaves Today, unless the answer is "Not yet"."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        get_object_or_404(NextStep.objects.visible_to(request.user).filter(booking=pk).latest_first()[:1])
        try:
            next_steps.answer_step(owner=request.user, booking_id=pk, answer=Answer(form.cleaned_data["answer"]))
        except CannotOpen:
            messages.error(request, str(CANNOT_OPEN))
        else:
            messages.success(request, _("Saved. You will not be asked about it again."))
    return redirect("today")
