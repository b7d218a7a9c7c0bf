"""What of the service itself waits for staff (`lib/waiting.py`)."""

from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.waiting import MOST, For, Kind, Tally, register
from reflect.helplines import STALE_AFTER, shipped, shown
from reflect.models import CheckRun, FailedJob
from reflect.promises import State, standing
from reflect.publishing import recorded


def failed_jobs(_now: datetime) -> Tally:
    first = FailedJob.objects.with_times().order_by("pk")[: MOST + 1]
    return Tally(**first.aggregate(count=Count("pk"), oldest=Min("at")))


def helplines_due(now: datetime) -> Tally:
    due = [line for line in shown(shipped(), recorded()) if line.is_stale(now.date())]
    return Tally(len(due), min((line.verified_on + STALE_AFTER for line in due if line.verified_on), default=None))


def promises_broken(now: datetime) -> Tally:
    runs = {run.name: run for run in CheckRun.objects.order_by("pk")}
    red = [check for check, state in standing(runs.values(), now).items() if state is not State.HOLDS]
    return Tally(len(red), min((runs[check].at for check in red if check in runs), default=None))


def register_waiting() -> None:
    """Called once, from `AppConfig.ready`."""
    register(
        Kind(
            label=_("Failed jobs"),
            about=_("Something that the service does by itself did not work. The list says what."),
            right="reflect.change_failedjob",
            page=lambda: reverse("admin:reflect_failedjob_changelist"),
            tally=failed_jobs,
            whom=For.SERVICE,
        ),
        Kind(
            label=_("Helplines to check again"),
            about=_("Their numbers and hours have not been checked for half a year."),
            right="reflect.change_helplinerecord",
            page=lambda: reverse("admin:reflect_helplinerecord_changelist"),
            tally=helplines_due,
            whom=For.SERVICE,
            is_mailed=False,  # on most days some are, and nobody waits
        ),
        Kind(
            label=_("Promises not shown to hold"),
            about=_("A check of what the privacy page says has failed, or has not run for too long."),
            right="reflect.view_checkrun",
            page=lambda: reverse("admin_status"),
            tally=promises_broken,
            whom=For.SERVICE,
            is_mailed=False,  # helplines are among them
        ),
    )
