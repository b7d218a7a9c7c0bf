"""Usage counts of the journal for the admin, which never shows entries, titles or tags."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.models import Entry

MONTHS = 24


def months() -> QuerySet[Entry, Any]:
    """Entries begun, and people who began them, in each of the last MONTHS months that have any."""
    rows = Entry.objects.values(month=TruncMonth("created_at")).annotate(
        entries=Count("pk"), people=Count("owner", distinct=True)
    )
    return rows.order_by("-month")[:MONTHS]


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The admin's only page about the journal, for owners."""
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    totals = Entry.objects.aggregate(entries=Count("pk"), people=Count("owner", distinct=True))
    context = {**admin.site.each_context(request), "title": _("Journal"), "totals": totals, "months": months()}
    return render(request, "admin/journal/counts.html", context)


journal_counts = admin.site.admin_view(counts)
