"""Versions of the questionnaire, group figures and measured errors in the admin. Answers and results have no page."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments import error_words, group_words, measuring, services
from assessments.algorithm_2.estimate import ENOUGH
from assessments.algorithm_2.measured import WAYS, ways
from assessments.disclosure import APART, CHANGES, PAIRS, RELIABILITY, STEP
from assessments.models import (
    ErrorEstimate,
    GroupFigures,
    InstrumentVersion,
    PublishedConstants,
    Way,
    constants_in_use,
    constants_of_current,
    published_instrument,
)
from assessments.models import Form as Length
from lib.admin import Change, ChangesAdmin, ReadOnlyAdmin
from lib.forms import Form
from lib.methods import require_safe_or_post
from lib.spreadsheets import as_csv


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
        newer = InstrumentVersion.objects.current()
        if change == "publish" and newer and version.gives_way_to(newer):
            title = _("Publish")
            explanation = _(
                "Who starts is still offered %(newer)s, which is newer. %(version)s can then be completed by those who "
                "have begun with it, and is offered if %(newer)s is retired. After that its words and rules can never "
                "be changed."
            )
        elif change == "publish":
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
            "explanation": explanation % {"version": version, "newer": newer},
        }
        return render(request, "admin/assessments/confirm.html", context)


def counts(version: InstrumentVersion) -> list[dict[str, Any]]:
    """How often a version was started and completed, by form. One query, which reads all its responses."""
    rows = version.responses.order_by().values("form")
    by_form = {row["form"]: row for row in rows.annotate(started=Count("pk"), completed=Count("submitted_at"))}
    none = {"started": 0, "completed": 0}
    return [{**by_form.get(form, none), "form": form.label} for form in Length]


RULES = {"step": STEP, "changes": CHANGES, "days": APART.days}


@admin.register(GroupFigures)
class GroupFiguresAdmin(ReadOnlyAdmin):
    """The published figures; where there is too little data, the page says so."""

    list_display = ("__str__", "people", "published_at")
    list_select_related = ("version",)
    fields = ("version", "form", "people", "published_at", "table")
    readonly_fields = ("people", "table")

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **RULES})

    @override
    def get_urls(self) -> list[URLPattern]:
        pages = {"counts": self.counts_as_csv, "covariances": self.covariances_as_csv}
        return [
            path(
                f"<int:pk>/{name}.csv",
                require_safe(self.admin_site.admin_view(page)),
                name=f"assessments_groupfigures_{name}",
            )
            for name, page in pages.items()
        ] + super().get_urls()

    def counts_as_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How often each answer was given to each question, a line for each."""
        row = self._with_covariances(request, pk)
        instrument = published_instrument(row.version_id)
        return as_csv(f"counts-{row.form}-{instrument.version}", group_words.counts(row.figures))

    def covariances_as_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The covariance matrix of areas and parts, a line for each."""
        row = self._with_covariances(request, pk)
        instrument = published_instrument(row.version_id)
        return as_csv(f"covariances-{row.form}-{instrument.version}", group_words.covariances(row.figures))

    def _with_covariances(self, request: HttpRequest, pk: int) -> GroupFigures:
        """The figures, if they are of enough people. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(GroupFigures, pk=pk, figures__has_key="together")

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
            "row": row,
            "has_matrix": "together" in figures,
            "enough": RELIABILITY,
        }
        return render_to_string("admin/assessments/figures.html", context)


# --- Measured errors --------------------------------------------------------------------------------------------

ERROR_RULES = RULES | {"enough": ENOUGH, "changes": PAIRS}


class PublishForm(Form):
    """Which way of an estimate to publish, and where its figures come from. `initial` has the `ways` on offer."""

    way = forms.ChoiceField(
        label=gettext_lazy("How it was worked out"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two ways.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Whom was measured, how and when: everybody can read it."),
        error_messages={"required": gettext_lazy("Say whom these figures come from.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.initial.get("ways", ())
        self.fields["way"].choices = [one for one in Way.choices if one[0] in offered]  # type: ignore[attr-defined]


def publish(row: ErrorEstimate, request: HttpRequest, values: Mapping[str, Any]) -> bool:
    found = measuring.publish(row=row, way=values["way"], source=values["source"], now=timezone.now())
    return found is not None


@admin.register(ErrorEstimate)
class ErrorEstimateAdmin(ChangesAdmin, ReadOnlyAdmin):
    """What pairs of a version show. Staff publish it as new constants; they see no pair."""

    list_display = ("version", "people", "worked_out_at")
    list_select_related = ("version",)
    fields = ("version", "people", "worked_out_at", "table")
    readonly_fields = ("people", "table")
    confirm_template = "admin/assessments/publish.html"
    changes = {
        "publish": Change(
            label=gettext_lazy("Publish as new constants"),
            explanation=gettext_lazy(
                "New results are then worked out with this error. Their range uses the error itself; what they say "
                "about answering again uses its upper end. Earlier results stay as they are. What is published can "
                "never be changed, only followed by newer constants."
            ),
            said=gettext_lazy("Published as new constants."),
            to=Q(figures__has_any_keys=WAYS),
            act=publish,
            form=PublishForm,
            shown=("worked_out_at",),
        )
    }

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[ErrorEstimate]:
        return super().get_queryset(request).filter(figures__isnull=False)

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        about = ERROR_RULES | {"used": constants_of_current()}
        return super().changelist_view(request, {**(extra_context or {}), **about})

    @override
    def offered(self, row: Any) -> dict[str, Change]:
        return super().offered(row) if ways(row.figures or {}) else {}

    @override
    def beside(self, change: Change, row: Any, request: HttpRequest) -> dict[str, Any]:
        return {"table": self.table(row)}

    @override
    def initial_of(self, change: Change, row: Any, request: HttpRequest) -> dict[str, Any]:
        source = _("People of this site who answered %(version)s twice within two or three weeks") % {"version": row}
        return {"ways": ways(row.figures or {}), "source": source}

    @admin.display(description=gettext_lazy("people, at least"))
    def people(self, row: ErrorEstimate) -> str:
        return str(row.figures["n"]) if row.figures else "–"

    @admin.display(description=gettext_lazy("figures"))
    def table(self, row: ErrorEstimate) -> str:
        used = constants_in_use(row.version_id)
        context = ERROR_RULES | {"used": used, "rows": error_words.rows(used, row.figures or {})}
        return render_to_string("admin/assessments/errors.html", context)


@admin.register(PublishedConstants)
class PublishedConstantsAdmin(ReadOnlyAdmin):
    """Constants that new results use, or used before the newest."""

    list_display = ("number", "questionnaire", "people", "way", "measured_at", "published_at")
    list_select_related = ("questionnaire",)
    fields = ("number", "questionnaire", "way", "people", "source", "measured_at", "published_at", "toml")
    readonly_fields = ("people",)

    @admin.display(description=gettext_lazy("people, at least"))
    def people(self, row: PublishedConstants) -> int:
        return row.n
