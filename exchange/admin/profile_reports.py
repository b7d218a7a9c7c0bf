"""Profiles that were reported, for the staff who settle it."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from consultations.admin.specialists import named
from consultations.services.changes import label_of
from exchange.admin.reports import OPEN_FIRST
from exchange.admin.watched import WatchedAdmin, noting, with_names
from exchange.declarations import REPORTS
from exchange.forms.contact import Words
from exchange.models import ProfileReport
from exchange.services import profile_reports as services
from exchange.services.reports import LONGEST, DecidedMeanwhile
from lib.admin import Change, linked, reader_of
from lib.figures import with_figures
from lib.forms import Form


class SettleForm(Form):
    reason = Words(
        label=gettext_lazy("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=gettext_lazy("What you found, and what was done. Only the people who settle reports read this."),
    )


def note(report: ProfileReport, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.note(report_id=report.pk, staff=request.user, now=timezone.now(), **values)


def settle(report: ProfileReport, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.settle(report_id=report.pk, staff=request.user, now=timezone.now(), **values)


@admin.register(ProfileReport)
class ProfileReportAdmin(WatchedAdmin):
    """It does not say who reported a profile."""

    list_display = ("day", "state", "settled_on")
    list_filter = ("state",)
    ordering = OPEN_FIRST
    fields = ("day", "state", "settled_on", "profile", "words")
    readonly_fields = ("profile", "words")
    changes = {
        "note": noting(
            note,
            gettext_lazy("Neither the reporter nor the specialist sees it."),
            gettext_lazy("Only the people who settle reports read this."),
            LONGEST,
        ),
        "settle": Change(
            label=gettext_lazy("Settle the report"),
            explanation=with_figures(
                gettext_lazy(
                    "Whoever reported the profile reads that the report is settled, and no more. It is deleted "
                    "%(time)s later. If the profile has to go, verifiers and owners suspend it or send it back: leave "
                    "the report open until then, with a note for them."
                ),
                lambda: {"time": REPORTS.words},
            ),
            said=gettext_lazy("Settled."),
            to=~Q(state=ProfileReport.State.SETTLED),
            act=settle,
            form=SettleForm,
            refusals=(CannotOpen, DecidedMeanwhile),
            keeps_words=True,
        ),
    }

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[ProfileReport]:
        """Leave out reports of the profile of whoever looks."""
        rows: QuerySet[ProfileReport] = super().get_queryset(request).exclude(specialist=request.user.pk)
        return rows

    @override
    def rows_named(self, term: str) -> QuerySet[ProfileReport]:
        return ProfileReport.objects.filter(named(term, "specialist__"))

    @admin.display(description=gettext_lazy("profile that was reported"))
    def profile(self, report: ProfileReport) -> SafeString | str:
        """By its name; the way to it is for staff who may see profiles."""
        if report.specialist is None:
            return _("It has been deleted.")
        return linked(report.specialist, reader_of(report))

    @override
    @admin.display(description=gettext_lazy("what was reported"))
    def words(self, report: ProfileReport) -> SafeString:
        try:
            told = report.told()
        except CannotOpen:
            return SafeString(render_to_string("admin/exchange/profile_report.html", {"told": None}))
        texts = [(label_of(name), text) for name, text in told.texts.items()]
        notes, settled = with_names(told.notes, [told.settled] if told.settled else [])
        context = {"told": told, "texts": texts, "notes": notes, "settled": settled}
        return SafeString(render_to_string("admin/exchange/profile_report.html", context))
