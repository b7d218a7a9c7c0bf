"""Conversations that were reported, for the staff who settle them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, override
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.admin.watched import WatchedAdmin, noting, with_names
from exchange.declarations import REPORTS
from exchange.forms.contact import Words
from exchange.models import Report
from exchange.services import reports as services
from exchange.waiting_for_staff import OWNERS_RIGHT
from lib.admin import Change
from lib.figures import with_figures
from lib.forms import Form

State = Report.State
OPEN_FIRST = ("state", "day", "id")  # "new" stands before "passed", and that before "settled"


def note(report: Report, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.note(report_id=report.pk, staff=request.user, now=timezone.now(), **values)


def pass_on(report: Report, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.pass_on(report_id=report.pk, staff=request.user, now=timezone.now(), **values)


def take_back(report: Report, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.take_back(report_id=report.pk, staff=request.user)


def settle(report: Report, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.settle(report_id=report.pk, now=timezone.now())


def settle_passed(report: Report, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.settle(report_id=report.pk, state=State.PASSED_ON, now=timezone.now())


class PassOnForm(Form):
    reason = Words(
        label=gettext_lazy("Reason"),
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=gettext_lazy(
            "What you found, and what should be done. Only the people who settle reports read this."
        ),
    )


def by_whom(report: Report) -> UUID | None:
    """The account of who passed it on; None if that is not known."""
    try:
        passed_on = report.told().passed_on
    except CannotOpen:
        return None
    return UUID(passed_on.by) if passed_on and passed_on.by else None


SETTLE = Change(
    label=gettext_lazy("Mark as settled"),
    explanation=with_figures(
        gettext_lazy("Nothing more is to be done. The report is deleted %(time)s later."),
        lambda: {"time": REPORTS.words},
    ),
    said=gettext_lazy("Settled."),
    to=Q(state=State.NEW),
    act=settle,
)


@admin.register(Report)
class ReportAdmin(WatchedAdmin):
    list_display = ("day", "state", "settled_on")
    list_filter = ("state",)
    ordering = OPEN_FIRST
    fields = ("day", "state", "settled_on", "account", "words")
    readonly_fields = ("account", "words")
    changes = {
        "note": noting(
            note,
            gettext_lazy("Neither of the two sees it."),
            gettext_lazy("Only the people who settle reports read this."),
            services.LONGEST,
        ),
        "pass-on": Change(
            label=gettext_lazy("Pass on to owners"),
            explanation=gettext_lazy(
                "The report then waits for the owners, who see the account behind it. "
                "They alone settle it from then on."
            ),
            said=gettext_lazy("Passed on to owners."),
            to=Q(state=State.NEW),
            act=pass_on,
            form=PassOnForm,
            refusals=(CannotOpen, services.DecidedMeanwhile),
            keeps_words=True,
        ),
        "take-back": Change(
            label=gettext_lazy("Take back from the owners"),
            explanation=gettext_lazy(
                "The report is again for everybody who reads reports. The reason that you gave stays, as a note."
            ),
            said=gettext_lazy("Taken back from the owners."),
            to=Q(state=State.PASSED_ON),
            act=take_back,
            refusals=(CannotOpen, services.DecidedMeanwhile),
        ),
        "settle": SETTLE,
        "settle-passed": replace(SETTLE, to=Q(state=State.PASSED_ON), act=settle_passed, needs=OWNERS_RIGHT),
    }

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Leave out the conversations of whoever looks."""
        own = Q(side__thread__member=request.user.pk) | Q(side__thread__specialist=request.user.pk)
        rows: QuerySet[Report] = super().get_queryset(request).exclude(own)
        return rows

    @override
    def may_make(self, request: HttpRequest, change: Change, row: Report) -> bool:
        """Only whoever passed a report on takes it back."""
        if change is self.changes["take-back"] and row.state == State.PASSED_ON and by_whom(row) != request.user.pk:
            return False
        return super().may_make(request, change, row)

    @override
    def get_fields(self, request: HttpRequest, obj: Report | None = None) -> list[Any]:
        """The way to the account is for staff who may see accounts."""
        user: Any = request.user
        return [one for one in self.fields if one != "account" or user.has_perm("accounts.view_user")]

    @admin.display(description=gettext_lazy("account that was reported"))
    def account(self, report: Report) -> SafeString | str:
        try:
            pk = report.told().reported.account
        except CannotOpen:
            return "–"
        if not (pk and User.objects.filter(pk=pk).exists()):
            return _("It has been deleted.")
        page = reverse("admin:accounts_user_change", args=[pk])
        return format_html('<a href="{}">{}</a>', page, _("See the account"))

    @override
    @admin.display(description=gettext_lazy("what was reported"))
    def words(self, report: Report) -> SafeString:
        try:
            told = report.told()
        except CannotOpen:
            told = None
        why = [told.passed_on] if told and told.passed_on else []
        notes, passed_on = with_names(told.notes if told else [], why)
        context = {"told": told, "report": report, "notes": notes, "passed_on": passed_on}
        return SafeString(render_to_string("admin/exchange/report.html", context))
