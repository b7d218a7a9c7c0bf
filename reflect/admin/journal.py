"""How much the journal is used, for owners: figures of each night, and never entries, titles or tags."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reflect.daily_figures import months_back
from reflect.models import DailyFigure

Kind = DailyFigure.Kind
MONTHS = 24


def months(today: date) -> QuerySet[DailyFigure, Any]:
    """Entries begun, and people who began them, in each of the last MONTHS months that have any."""
    rows = DailyFigure.objects.filter(day__gte=months_back(today, MONTHS - 1)).order_by()
    by_month = rows.values(month=TruncMonth("day")).annotate(
        entries=Sum("value", filter=Q(kind=Kind.ENTRIES)), people=Max("value", filter=Q(kind=Kind.WRITERS))
    )
    return by_month.filter(entries__gt=0).order_by("-month")


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The administration's only page about the journal."""
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": _("Journal"), "months": months(timezone.now().date())}
    return render(request, "admin/journal/counts.html", context)


journal_counts = admin.site.admin_view(counts)
