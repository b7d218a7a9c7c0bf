"""Reporting a specialist's profile to the team."""

from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from consultations.models import Specialist
from exchange.declarations import REPORTS
from exchange.forms.reports import PROFILE_THERE_ALREADY, ProfileReportForm
from exchange.models import ProfileReport
from exchange.services import profile_reports as services
from exchange.views.reports import refused
from lib.methods import require_safe_or_post
from lib.waits import BUSY


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form with what was posted, where nothing else can be read or stored. Nothing is sent."""
    context = {
        "form": ProfileReportForm.posted(request.POST),
        "not_sent": status,
        "busy": status in BUSY,
        "is_profile": True,
    }
    return render(request, "exchange/report_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def profile_report(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Say what staff will read, and take the report. While one is open, say so instead."""
    specialist = get_object_or_404(to_be_reported(request), slug=slug)
    if request.method == "POST":
        return send(request, specialist)
    own = ProfileReport.objects.visible_to(request.user).filter(specialist=specialist)
    before = own.order_by("-day", "state").first()
    form = None if before and not before.is_settled else ProfileReportForm.empty(request.user)
    return page(request, specialist, form, before=before)


def to_be_reported(request: AuthenticatedHttpRequest) -> QuerySet[Specialist]:
    """Those whom the reader sees, and for what is sent from an open page, those whom they may just have seen."""
    others = Specialist.objects.exclude(pk=request.user.pk)
    reported = ProfileReport.objects.visible_to(request.user).values("specialist")
    seen = Q(pk__in=Specialist.objects.reachable().values("pk")) | Q(pk__in=reported)
    return others.filter(seen | Q(verified_at__isnull=False)) if request.method == "POST" else others.filter(seen)


def send(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Store the report, or show the form again with its words."""
    form = ProfileReportForm(request.POST)
    if status := refused(request, form, partial(services.report, specialist=specialist), PROFILE_THERE_ALREADY):
        return page(request, specialist, form, status)
    return redirect("profile_report", specialist.slug)


def page(
    request: AuthenticatedHttpRequest,
    specialist: Specialist,
    form: ProfileReportForm | None,
    status: int = 200,
    *,
    before: ProfileReport | None = None,
) -> HttpResponse:
    """The form, with the report that was made `before`, or that alone."""
    context = {"specialist": specialist, "form": form, "before": before, "kept": REPORTS.words}
    return render(request, "exchange/profile_report.html", context, status=status)
