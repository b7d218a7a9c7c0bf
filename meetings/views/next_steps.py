"""A member's next step after a meeting: written, read, answered and taken away. Nobody else sees it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.services.refusals import NotNow
from lib.figures import lasting
from lib.methods import require_safe_or_post
from lib.waits import BUSY
from meetings import policy
from meetings.forms.next_steps import AnswerForm, NextStepForm
from meetings.limits import STEP_WRITTEN_WITHIN
from meetings.models import NextStep
from meetings.models.next_steps import Answer, Intent
from meetings.services import next_steps
from meetings.views.bookings import own

CANNOT_OPEN = gettext_lazy("Your next step can't be opened. It has not been changed.")
TO_COPY = gettext_lazy("Your words are still here for you to copy.")


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form as it was posted, where nothing can be read or stored."""
    context = {"form": NextStepForm.posted(request.POST), "signed_out": status == 401, "busy": status in BUSY}
    return render(request, "meetings/next_step_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def step(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write the next step, change it or delete it; later only read or delete it."""
    found, now = own(request, pk), timezone.now()
    if "delete" in request.POST:
        next_steps.delete_step(owner=request.user, booking_id=pk)
        messages.success(request, _("Your next step is deleted."))
        return redirect("booking", pk)
    written = NextStep.objects.visible_to(request.user).filter(booking=found).first()
    may_write = policy.may_write_step(found, now)
    if not (written or may_write) and request.method != "POST":
        messages.info(request, too_late())
        return redirect("booking", pk)
    form, intent = form_of(request.user, written)
    if request.method == "POST":
        form = NextStepForm(request.POST)
        if form.is_valid() and (said := save(request, form, pk)):
            form.add_error(None, said)
        if not form.errors:
            messages.success(request, _("Saved. Only you can see it."))
            return redirect("next_step", pk)
    context = {
        "booking": found,
        "form": form if form and (may_write or form.errors) else None,
        "intent": intent,
        "written": written,
        "until": found.ends_at + STEP_WRITTEN_WITHIN,
    }
    return render(request, "meetings/next_step.html", context, status=400 if form and form.errors else 200)


def save(request: AuthenticatedHttpRequest, form: NextStepForm, pk: UUID) -> str:
    """Store what was written. Returns why it was not stored."""
    words = {name: form.cleaned_data[name] for name in ("text", "asks")}
    try:
        next_steps.write_step(owner=request.user, booking_id=pk, **words, now=timezone.now())
    except CannotOpen:
        return f"{CANNOT_OPEN} {TO_COPY}"
    except NotNow:
        return f"{too_late()} {TO_COPY}"
    return ""


def too_late() -> str:
    words = _("A next step can be written until %(time)s after a meeting that took place.")
    return words % {"time": lasting(STEP_WRITTEN_WITHIN, "days", spell=True)}


def form_of(owner: User, written: NextStep | None) -> tuple[NextStepForm | None, Intent | None]:
    """The form with what was written. Without a form, it cannot be opened, and must not be saved over."""
    if written is None:
        return NextStepForm(initial={"writer": owner.pk}), None
    try:
        intent = written.intent(owner)
    except CannotOpen:
        return None, None
    return NextStepForm(initial={"writer": owner.pk, "text": intent.text, "asks": intent.asks}), intent


@require_POST
def answer(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Say how it is with the step, once. It then leaves Today, unless the answer is "Not yet"."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        get_object_or_404(NextStep.objects.visible_to(request.user), booking=pk)
        try:
            next_steps.answer_step(owner=request.user, booking_id=pk, answer=Answer(form.cleaned_data["answer"]))
        except CannotOpen:
            messages.error(request, str(CANNOT_OPEN))
        else:
            messages.success(request, _("Saved. You will not be asked about it again."))
    return redirect("today")
