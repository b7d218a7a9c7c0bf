"""Reporting a conversation to the team."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from accounts.rates import within_limit
from exchange import reading
from exchange.declarations import REPORTS
from exchange.forms.reports import THERE_ALREADY, TOO_OFTEN, ReportForm
from exchange.models import Report, Side
from exchange.services import reports as services
from exchange.services.reports import DELIVERED, ReportedAlready
from lib.methods import require_safe_or_post
from lib.waits import BUSY


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form with what was posted, where nothing else can be read or stored. Nothing is sent."""
    context = {"form": ReportForm.posted(request.POST), "not_sent": status, "busy": status in BUSY}
    return render(request, "exchange/report_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def message_report(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Say what staff will read, and take the report. While one is open, say so instead."""
    side = get_object_or_404(Side.objects.visible_to(request.user).select_related("thread"), pk=pk)
    if request.method == "POST":
        return send(request, side)
    before = Report.objects.visible_to(request.user).filter(side=side).order_by("-day", "state").first()
    form = None if before and not before.is_settled else ReportForm.empty(request.user)
    return page(request, side, form, before=before)


def send(request: AuthenticatedHttpRequest, side: Side) -> HttpResponse:
    """Store the report, or show the form again with its words."""
    form = ReportForm(request.POST)
    if status := refused(request, form, partial(services.report, side=side), THERE_ALREADY):
        return page(request, side, form, status)
    return redirect("message_report", side.pk)


def refused(
    request: AuthenticatedHttpRequest, form: ReportForm, store: Callable[..., None], there_already: Promise
) -> int | None:
    """Store what a form reports. If that is refused, the form says why; returns the status of its page."""
    now = timezone.now()
    if not form.is_valid():
        return 400
    if not within_limit(request.user, "report", now=now):
        form.add_error(None, TOO_OFTEN)
        return 429
    sent = form.cleaned_data
    try:
        store(report_id=sent["report"], owner=request.user, reason=sent["reason"], now=now)
    except ReportedAlready as before:
        if not before.same:
            form.add_error(None, str(there_already))
            return 409
    messages.success(request, _("Your report has been sent."))
    return None


def page(
    request: AuthenticatedHttpRequest,
    side: Side,
    form: ReportForm | None,
    status: int = 200,
    *,
    before: Report | None = None,
) -> HttpResponse:
    """The form, with the report that was made `before`, or that alone."""
    context = {
        "side": side,
        "other": reading.conversation(request.user, side.pk, timezone.now()).other,
        "form": form,
        "before": before,
        "most": DELIVERED,
        "kept": REPORTS.words,
    }
    return render(request, "exchange/report.html", context, status=status)
