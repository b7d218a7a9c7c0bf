"""Jobs that failed for good, in words, in the admin, where they can be retried."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lib.admin import Change, ChangesAdmin, LongTableAdmin
from reflect.models import FailedJob


def try_again(job: FailedJob, request: HttpRequest, values: Mapping[str, Any]) -> None:
    app.job_manager.retry_job_by_id(job.pk, timezone.now())


import_module("procrastinate.contrib.django.admin")  # imported first: autodiscovery would register it again later
admin.site.unregister(ProcrastinateJob)


@admin.register(FailedJob)
class FailedJobAdmin(ChangesAdmin, LongTableAdmin):
    """Jobs whose retries are used up, the newest first. Their arguments are only ids."""

    list_display = ("what", "failed_at", "attempts")
    fields = ("what", "failed_at", "attempts", "id", "task_name", "queue_name", "details")
    readonly_fields = ("what", "failed_at", "details")
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
    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedJob]:
        return FailedJob.objects.with_times()

    @admin.display(description=_("what failed"))
    def what(self, job: FailedJob) -> object:
        return job.not_done

    @admin.display(description=_("details"))
    def details(self, job: FailedJob) -> object:
        return job.args

    @admin.display(description=_("failed"))
    def failed_at(self, job: FailedJob) -> object:
        return getattr(job, "at", None)
