"""The mails that a specialist may want besides those about changes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Specialist
from consultations.services import agendas
from lib.methods import require_safe_or_post
from practice.access import for_specialists
from practice.forms.mails import MailsForm


@require_safe_or_post
@for_specialists
def mails(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The daily agenda, and the specialist's own reminder."""
    form = MailsForm(request.POST if request.method == "POST" else None, kept=specialist)
    if form.is_valid():
        agendas.set_mails(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("practice:mails")
    return render(request, "practice/mails.html", {"form": form}, status=400 if form.errors else 200)
