"""What the site promises, what checks it, and the last run of each check; for all staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reflect.models import CheckRun
from reflect.promises import ABOUT, IN_CI, PROMISES, Check, Release, Run, State, state_in_ci, state_of
from reflect.version import revision, version


@dataclass(frozen=True, slots=True)
class Row:
    """A check as it stands. `said` is what its last run found, or for one of CI, what runs here."""

    check: Check
    about: Any
    state: State
    at: datetime | None
    said: str

    @property
    def is_red(self) -> bool:
        return self.state is not State.HOLDS


@dataclass(frozen=True, slots=True)
class Promise:
    sentence: str
    rows: Sequence[Row]

    @property
    def is_red(self) -> bool:
        return any(row.is_red for row in self.rows)


def row_of(check: Check, run: Run | None, release: Release, now: datetime) -> Row:
    if check in IN_CI:
        named = {"version": release.version, "commit": release.revision[:12]}
        return Row(
            check, ABOUT[check], state_in_ci(release), None, _("Version %(version)s, commit %(commit)s.") % named
        )
    return Row(check, ABOUT[check], state_of(check, run, now), run.at if run else None, run.said if run else "")


def in_words(sentence: str) -> str:
    """A sentence of the page as it reads there, without the marks of links and blanks. Of a part, what is left out."""
    days = str(settings.LEGAL["backup_retention_days"])
    words = sentence.replace("{{ backup_retention_days }}", days).replace("[Help now](/help-now/)", "Help now")
    before, after = "… " if words[0].islower() else "", "" if words.endswith(".") else " …"
    return f"{before}{words}{after}"


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """One query."""
    now, release = timezone.now(), Release(version(), revision())
    runs = {run.name: run for run in CheckRun.objects.all()}
    rows = {check: row_of(check, runs.get(check), release, now) for check in Check}
    promises = [Promise(in_words(sentence), [rows[check] for check in used]) for sentence, used in PROMISES.items()]
    context = {
        **admin.site.each_context(request),
        "title": _("What we promise"),
        "promises": promises,
        "rows": rows.values(),
        "red": sum(promise.is_red for promise in promises),
    }
    return render(request, "admin/status.html", context)


status = admin.site.admin_view(shown)
