"""Versions of the questionnaire and group figures in the admin. Answers and results have no page here."""

from typing import Any, override

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from assessments import group_words, services
from assessments.disclosure import APART, CHANGES, STEP
from assessments.models import Form, GroupFigures, InstrumentVersion, published_instrument
from lib.admin import ReadOnlyAdmin
from lib.methods import require_safe_or_post


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(ReadOnlyAdmin):
    """Read, publish and retire versions. How often one was answered stands on its page."""

    list_display = ("__str__", "title", "spoken", "published_at", "retired_at")
    fields = ("title", "spoken", "algorithm", "published_at", "retired_at", "counts", "sha256", "source")
    readonly_fields = ("spoken", "counts")
    change_form_template = "admin/assessments/version.html"

    @admin.display(description=gettext_lazy("language"))
    def spoken(self, version: InstrumentVersion) -> str:
        """By its own name, as on the site."""
        return str(get_language_info(version.language)["name_local"])

    @admin.display(description=gettext_lazy("answered"))
    def counts(self, version: InstrumentVersion) -> str:
        return render_to_string("admin/assessments/counts.html", {"rows": counts(version)})

    @override
    def get_urls(self) -> list[URLPattern]:
        confirm = require_safe_or_post(self.admin_site.admin_view(self.confirm))
        return [
            path("<int:pk>/confirm/<str:change>/", confirm, name="assessments_version_confirm"),
            *super().get_urls(),
        ]

    def confirm(self, request: HttpRequest, pk: int, change: str) -> HttpResponse:
        """Ask before publishing or retiring a version, then do it."""
        if not request.user.has_perm("assessments.change_instrumentversion"):
            raise PermissionDenied
        versions = InstrumentVersion.objects.all()
        is_offered = Q(published_at__isnull=False, retired_at=None)
        changeable = {"publish": versions.exclude(is_offered), "retire": versions.filter(is_offered)}
        version = get_object_or_404(changeable.get(change, versions.none()), pk=pk)
        if request.method == "POST":
            if change == "publish":
                services.publish_version(version=version, now=timezone.now())
                said = _("%(version)s is published.") % {"version": version}
            else:
                try:
                    services.retire_version(version=version, now=timezone.now())
                except services.OnlyVersion:
                    messages.error(request, _("This is the only questionnaire on offer. Publish another one first."))
                    return redirect(reverse("admin:assessments_instrumentversion_change", args=[pk]))
                said = _("%(version)s is retired.") % {"version": version}
            self.log_change(request, version, said)
            messages.success(request, said)
            return redirect(reverse("admin:assessments_instrumentversion_change", args=[pk]))
        if change == "publish":
            title = _("Publish")
            explanation = _(
                "%(version)s will be offered to everyone who starts. "
                "After that its words and rules can never be changed."
            )
        else:
            title = _("Retire")
            explanation = _(
                "%(version)s will no longer be offered. While it is retired, questionnaires that people have started "
                "with it cannot be completed. Existing results stay as they are. You can publish it again."
            )
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "version": version,
            "explanation": explanation % {"version": version},
        }
        return render(request, "admin/assessments/confirm.html", context)


def counts(version: InstrumentVersion) -> list[dict[str, Any]]:
    """How often a version was started and completed, by form. One query, which reads all its responses."""
    rows = version.responses.order_by().values("form")
    by_form = {row["form"]: row for row in rows.annotate(started=Count("pk"), completed=Count("submitted_at"))}
    none = {"started": 0, "completed": 0}
    return [{**by_form.get(form, none), "form": form.label} for form in Form]


RULES = {"step": STEP, "changes": CHANGES, "days": APART.days}


@admin.register(GroupFigures)
class GroupFiguresAdmin(ReadOnlyAdmin):
    """The published figures; where there is too little data, the page says so."""

    list_display = ("version", "form", "people", "published_at")
    list_select_related = ("version",)
    fields = ("version", "form", "people", "published_at", "table")
    readonly_fields = ("people", "table")

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **RULES})

    @admin.display(description=gettext_lazy("people, at least"))
    def people(self, row: GroupFigures) -> str:
        return str(row.figures["balance"]["n"] or _("Not shown"))

    @admin.display(description=gettext_lazy("figures"))
    def table(self, row: GroupFigures) -> str:
        instrument, figures = published_instrument(row.version_id), row.figures
        context = {
            **RULES,
            "sample": group_words.sample(instrument, row.form, figures),
            "balance": figures["balance"],
            "positions": group_words.positions(instrument, figures),
            "percentiles": group_words.percentiles(figures),
            "parts": group_words.parts(instrument, figures),
        }
        return render_to_string("admin/assessments/figures.html", context)
