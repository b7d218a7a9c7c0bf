"""Choosing when to be reminded, and the link that stops the reminders."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.http import AuthenticatedHttpRequest
from journal.forms import ReminderForm
from journal.models import Reminder
from journal.reminders import owner_of, set_reminder, stop_reminder
from lib.bare import bare
from lib.methods import require_safe_or_post


@require_safe_or_post
def reminder(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Choose, change or stop the weekly reminder."""
    found = Reminder.objects.visible_to(request.user).first()
    if request.method == "POST" and "stop" in request.POST:
        stop_reminder(owner_id=request.user.pk)
        messages.success(request, _("The reminders have stopped."))
        return redirect("reminder")
    initial = {"weekday": found.weekday, "hour": found.hour} if found else None
    form = ReminderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_reminder(owner=request.user, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("reminder")
    return render(request, "journal/reminder.html", {"form": form, "reminder": found})


@csrf_exempt  # mail clients send this POST themselves (RFC 8058); the signed token says for whom
@require_safe_or_post
@never_cache
@bare
def reminder_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a person's reminders by the link in the mail. A GET changes nothing, as mail scanners follow links."""
    owner_id = owner_of(token)
    if owner_id is None:
        raise Http404
    if request.method == "POST":
        stop_reminder(owner_id=owner_id)
    return render(request, "journal/reminder_stop.html", {"stopped": request.method == "POST"})
