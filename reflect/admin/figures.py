"""Figures over time, by week or month, as small charts with a table, and as CSV."""

from typing import Any, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.admin import ReadOnlyAdmin
from lib.drawing import HEIGHT, chart
from lib.figures import lasting
from lib.spreadsheets import as_csv
from reflect.daily_figures import FREE_WITHIN, PERIODS, SHOWN, Period, periods
from reflect.models import DailyFigure

Kind = DailyFigure.Kind
MONTH, WEEK = "month", "week"


@admin.register(DailyFigure)
class DailyFigureAdmin(ReadOnlyAdmin):
    """One page; the rows of single days are shown nowhere."""

    @override
    def get_urls(self) -> list[URLPattern]:
        download = require_safe(self.admin_site.admin_view(self.download))
        return [path("csv/", download, name="reflect_dailyfigure_csv"), *super().get_urls()]

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        found = self.asked(request)
        labels = [(kind, Kind(kind).label) for kind in SHOWN]
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": _("Figures over time"),
            "opts": self.opts,
            "by": by_of(request),
            "count": PERIODS,
            "ahead": lasting(FREE_WITHIN, "days"),
            "height": HEIGHT,
            "charts": [chart(str(label), [one.get(kind) or 0 for one in found]) for kind, label in labels],
            "labels": [label for _kind, label in labels],
            "rows": [(one, [one.get(kind) for kind in SHOWN]) for one in reversed(found)],
            "first": found[0].first,
        }
        return render(request, "admin/figures.html", context)

    @override
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    def download(self, request: HttpRequest) -> HttpResponse:
        """The same figures, a line for each week or month, the oldest first."""
        found = self.asked(request)
        head = [_("From"), *(Kind(kind).label for kind in SHOWN), Kind.DAYS_TO_ANSWER.label]
        days = [None if one.days_to_answer is None else round(one.days_to_answer, 1) for one in found]
        lines = [[one.first, *map(one.get, SHOWN), gap] for one, gap in zip(found, days, strict=True)]
        return as_csv(f"figures-by-{by_of(request)}", [head, *lines])

    def asked(self, request: HttpRequest) -> list[Period]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return periods(by_of(request), timezone.now().date())


def by_of(request: HttpRequest) -> str:
    return WEEK if request.GET.get("by") == WEEK else MONTH
