"""Jobs that failed for good, in the admin, where they can be retried."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, override

from django.contrib import admin
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lib.admin import Change, ChangesAdmin, LongTableAdmin


def try_again(job: ProcrastinateJob, request: HttpRequest, values: Mapping[str, Any]) -> None:
    app.job_manager.retry_job_by_id(job.pk, timezone.now())


import_module("procrastinate.contrib.django.admin")  # imported first: autodiscovery would register it again later
admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class FailedJobAdmin(ChangesAdmin, LongTableAdmin):
    """Jobs whose retries are used up. Their arguments are only ids."""

    list_display = ("task_name", "details", "attempts", "failed_at")
    list_filter = ("task_name",)
    fields = ("id", "task_name", "queue_name", "details", "status", "attempts", "scheduled_at", "failed_at")
    readonly_fields = ("details", "failed_at")
    ordering = ("-pk",)
    changes = {
        "again": Change(
            label=_("Try again"),
            explanation=_("The job is put into the queue again. What was sent already is not sent again."),
            said=_("Put into the queue again."),
            to=Q(status="failed"),
            act=try_again,
            leaves=True,
        )
    }

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        jobs: QuerySet[ProcrastinateJob] = super().get_queryset(request)
        return jobs.filter(status="failed").annotate(last_event_at=Max("procrastinateevent__at"))

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Failed background jobs"), **(extra_context or {})})

    @admin.display(description=_("details"))
    def details(self, job: ProcrastinateJob) -> object:
        return job.args

    @admin.display(description=_("failed"))
    def failed_at(self, job: ProcrastinateJob) -> object:
        return getattr(job, "last_event_at", None)
